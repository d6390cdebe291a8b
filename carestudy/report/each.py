"""One report for each group of a company, from data that are loaded once, and one page that lists them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from carestudy.care import Care
from carestudy.contract import CareError, columns_that
from carestudy.load.only import groups
from carestudy.load.watched import Watched
from carestudy.report import report_list
from carestudy.report.adding import unequal
from carestudy.report.collected import text
from carestudy.report.locks import LOCK
from carestudy.report.order import Order, Outcome, Source, slug
from carestudy.report.parameters import declared
from carestudy.report.publish import claimed, publish, sweep
from carestudy.report.run import Runner, Tell, kernels, read, refuse_if_failed
from carestudy.show import dates, labels
from carestudy.show.archive import Listed
from carestudy.show.archive import each as listed
from carestudy.show.cover import small
from carestudy.show.withheld import sizes, told_apart
from carestudy.show.words import Reader

# No file is named after people.
PERSONAL = columns_that(lambda column: column.personal)
MOST = 500
WHOLE = "all"


@dataclass(frozen=True)
class Group:
    """One group of customers, or several that are too small for reports of their own, with the name of its files."""

    file: str
    values: tuple[str | None, ...]
    customers: int

    @property
    def only(self) -> list[str | None]:
        """The values of the dimension, as a parameter of the notebook."""
        return list(self.values)


def report_groups(care: Care, dimension: str) -> list[Group]:
    """The groups of a dimension that may have a report of their own, and one group that joins all that are too small.

    Groups of fewer than ``min_group`` customers, in any table or on file, are joined. Nobody must be able to compute
    a suppressed group by subtracting the reported groups from the company: where only one group would be joined, or
    where the joined groups are still too small together, the smallest of the reported groups joins them too.
    """
    group_rows = groups(care, dimension)
    if len(group_rows) > MOST:
        raise CareError(f"'{dimension}' has {len(group_rows)} groups, more than {MOST}: choose a coarser one")
    least = care.settings.min_group
    small, large = told_apart(sizes(group_rows), least)
    if not large:
        raise CareError(f"no two groups of '{dimension}' have {least} customers: there is nothing to tell apart")
    known = {
        value: int(customers) for (value, _), customers in zip(sizes(group_rows), group_rows["customers"], strict=True)
    }
    ordered = sorted((value for value, _ in large), key=_by_name)
    several = len(ordered)
    result = [
        Group(_file(number, dimension, value, several), (value,), known[value])
        for number, value in enumerate(ordered, 1)
    ]
    if small:
        names = tuple(sorted((value for value, _ in small), key=_by_name))
        result.append(Group("others", names, sum(known[value] for value in names)))
    return result


def publish_each(order: Order, dimension: str, care: Care, tell: Tell = str) -> list[Path]:
    """Publish the report of the company and of each group; a group that fails does not keep the others from theirs.

    Nothing is published where the groups do not add up to the company.
    """
    company, sources, groups = _orders(order, dimension, care)
    sweep(order.out)
    with claimed(company.folder, order.wait) as work:
        with kernels(work, company, copies=not _in_a_database(care)) as run_kernels:
            outcomes = Runner(run_kernels, tell).all(sources)
        checked = _checked(company, outcomes, care, dimension)
        files = {name: content for result in outcomes.values() for name, content in result.files.items()}
        files |= _index(company, outcomes, groups, dimension, checked=checked)
        present = {path.name for path in company.folder.iterdir() if path.is_file() and path.name != LOCK}
        publish(work, files, obsolete=present - set(files) - _last_good(outcomes))
    try:
        report_list.rebuild(order.out)
    finally:
        refuse_if_failed(outcomes)
    return [company.folder / name for name in files if name.endswith(".html")]


def _orders(order: Order, dimension: str, care: Care) -> tuple[Order, dict[Order, Source], dict[Order, Group]]:
    folder = f"{order.notebook.stem}{report_list.EACH}{slug(dimension)}"
    company = replace(order, group_file=WHOLE, within=folder)
    source = read(company)
    if "only" not in declared(source.notebook):
        raise CareError(
            f"{order.notebook.name} cannot be limited to a group: give its parameters cell the line only = None, "
            "and load with cs.load(data, as_of=as_of, only=only)"
        )
    groups = {_order_of_group(company, dimension, group): group for group in report_groups(care, dimension)}
    return company, dict.fromkeys((company, *groups), source), groups


def _order_of_group(company: Order, dimension: str, group: Group) -> Order:
    reader = Reader("en")
    several = len(group.values) > 1
    label = small(reader, len(group.values)) if several else labels.group(reader, dimension, group.values[0])
    return replace(
        company, group_file=group.file, only={dimension: group.only}, called=f"{dimension}: {label}", set_aside=b""
    )


def _in_a_database(care: Care) -> bool:
    """Whether the data are in a database: copied processes would share a connection and read each other's results."""
    return any(isinstance(watched, Watched) for watched in care.watched)


def _checked(company: Order, outcomes: Mapping[Order, Outcome], care: Care, dimension: str) -> bool:
    """Whether the groups could be checked against the company; raises ``CareError`` where they do not add up to it."""
    if any(result.trouble for result in outcomes.values()):
        return False
    group_figures = [result.figures for order, result in outcomes.items() if order is not company]
    if result := unequal(outcomes[company].figures, group_figures, care, dimension):
        remainder = f" and {len(result) - 3} more" if len(result) > 3 else ""
        raise CareError(f"the parts by {dimension} do not add up to the whole: {'; '.join(result[:3])}{remainder}")
    return True


def _index(
    company: Order,
    outcomes: Mapping[Order, Outcome],
    groups: Mapping[Order, Group],
    dimension: str,
    *,
    checked: bool,
) -> dict[str, bytes]:
    rows = [_listed(order, outcomes[order], groups.get(order)) for order in outcomes]
    files = {}
    for lang in company.languages:
        reader = Reader(lang)
        t = reader.t
        name = labels.column(reader, dimension)
        when = dates.period(reader, company.period)
        title = t("Reports by {dimension}, {period}", dimension=labels.lowered(name), period=when)
        sentence = t("The counts of the groups were checked: they add up to those of the whole company.")
        if not checked:
            sentence = t("Some runs failed, so the groups could not be checked against the whole company.")
        html = listed(reader, title, rows, dimension=dimension, checked=sentence)
        links = {href for row in rows for href in row.pages.values()}
        files[f"index.{lang}.html"] = report_list.checked_html(html, lang, links, secrets=company.secrets).encode()
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    facts = {
        "by": dimension,
        "checked": checked,
        "period": company.period,
        "pages": hashes,
        "reports": _listed_facts(rows),
    }
    return files | {"index.json": text(facts).encode()}


def _listed(order: Order, result: Outcome, group: Group | None) -> Listed:
    pages = {} if result.trouble else {lang: order.name(lang, "html") for lang in order.languages}
    if group is None:
        return Listed(None, pages, whole=True)
    merged = len(group.values) if len(group.values) > 1 else 0
    return Listed(group.values[0], pages, group.customers, merged)


def _listed_facts(rows: Sequence[Listed]) -> list[dict[str, Any]]:
    return [
        {"whole": row.whole, "group": None if row.merged else row.group, "merged": row.merged, "pages": dict(row.pages)}
        for row in rows
    ]


def _last_good(outcomes: Mapping[Order, Outcome]) -> set[str]:
    """The files of earlier good reports whose run failed now: they stay published."""
    failed = [order for order, result in outcomes.items() if result.trouble]
    ends = [("figures", "json"), ("restated", "json"), ("followed", "json"), ("set_aside", "csv")]
    pages = {order.name(lang, "html") for order in failed for lang in order.languages}
    return pages | {order.name(*end) for order in failed for end in ends}


def _by_name(value: str | None) -> tuple[bool, str]:
    """A sort key that puts groups in the order of their names, the group without a name last."""
    return value is None, value or ""


def _file(number: int, dimension: str, value: str | None, count: int) -> str:
    position = f"{number:0{max(2, len(str(count)))}}"
    words = "" if dimension in PERSONAL else slug(value or "")
    return f"{position}-{words}" if words else position
