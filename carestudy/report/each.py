"""One report for each group of a company, from data that are loaded once, and one page that lists them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from carestudy.care import Care
from carestudy.contract import CareError
from carestudy.load.only import groups
from carestudy.load.watched import Watched
from carestudy.report import archive
from carestudy.report.adding import unequal
from carestudy.report.figures import text
from carestudy.report.forks import POSSIBLE, Forks
from carestudy.report.kernel import Kernels, environment
from carestudy.report.locks import LOCK
from carestudy.report.order import Order, Outcome, Source, slug
from carestudy.report.parameters import declared
from carestudy.report.publish import claimed, publish, sweep
from carestudy.report.run import Runner, Tell, read, refuse_if_failed
from carestudy.show import dates, labels
from carestudy.show.archive import Listed
from carestudy.show.archive import each as listed
from carestudy.show.cover import small
from carestudy.show.withheld import sizes, told_apart
from carestudy.show.words import Reader

PERSONAL = ("owner", "agent")  # dimensions whose values are people: no file is named after them
MOST = 500
WHOLE = "all"


@dataclass(frozen=True)
class Part:
    """One group, or several that are too small to be told apart, with the names of its files."""

    file: str
    values: tuple[str | None, ...]
    customers: int

    @property
    def only(self) -> list[str | None]:
        """The values as a notebook is given them."""
        return list(self.values)


def parts(care: Care, dimension: str) -> list[Part]:
    """The groups of a dimension that may have a report of their own, and one part of all that are too small.

    Groups of fewer than ``min_group`` customers, in any table or on file, are told together; so that none can be had
    by subtracting the others from the whole, the smallest of the others joins them where one alone would be left,
    or where all of them together are still too small.
    """
    found = groups(care, dimension)
    if len(found) > MOST:
        raise CareError(f"'{dimension}' has {len(found)} groups, more than {MOST}: choose a coarser one")
    least = care.settings.min_group
    few, rest = told_apart(sizes(found), least)
    if not rest:
        raise CareError(f"no two groups of '{dimension}' have {least} customers: there is nothing to tell apart")
    known = {value: int(customers) for (value, _), customers in zip(sizes(found), found["customers"], strict=True)}
    ordered = sorted((value for value, _ in rest), key=_by_name)
    several = len(ordered)
    made = [Part(_file(at, dimension, value, several), (value,), known[value]) for at, value in enumerate(ordered, 1)]
    if few:
        names = tuple(sorted((value for value, _ in few), key=_by_name))
        made.append(Part("others", names, sum(known[value] for value in names)))
    return made


def publish_each(order: Order, dimension: str, care: Care, tell: Tell = str) -> list[Path]:
    """Publish the report of the whole and of each group; groups that fail do not keep the others from theirs.

    Nothing is published where the parts do not add up to the whole.
    """
    whole, sources, made = _orders(order, dimension, care)
    sweep(order.out)
    with claimed(whole.folder, order.wait) as work:
        outcomes = _run(work, whole, sources, tell, shared=not _elsewhere(care))
        checked = _checked(whole, outcomes, care, dimension)
        files = {name: content for found in outcomes.values() for name, content in found.files.items()}
        files |= _index(whole, outcomes, made, dimension, checked=checked)
        there = {path.name for path in whole.folder.iterdir() if path.is_file() and path.name != LOCK}
        publish(work, files, obsolete=there - set(files) - _last_good(outcomes))
    try:
        archive.rebuild(order.out)
    finally:
        refuse_if_failed(outcomes)
    return [whole.folder / name for name in files if name.endswith(".html")]


def _orders(order: Order, dimension: str, care: Care) -> tuple[Order, dict[Order, Source], dict[Order, Part]]:
    folder = f"{order.notebook.stem}{archive.EACH}{slug(dimension)}"
    whole = replace(order, part=WHOLE, within=folder)
    source = read(whole)
    if "only" not in declared(source.notebook):
        raise CareError(
            f"{order.notebook.name} cannot be limited to a group: give its parameters cell the line only = None, "
            "and load with cs.load(data, as_of=as_of, only=only)"
        )
    made = {_of_part(whole, dimension, part): part for part in parts(care, dimension)}
    return whole, dict.fromkeys((whole, *made), source), made


def _of_part(whole: Order, dimension: str, part: Part) -> Order:
    reader = Reader("en")
    several = len(part.values) > 1
    called = small(reader, len(part.values)) if several else labels.group(reader, dimension, part.values[0])
    return replace(whole, part=part.file, only={dimension: part.only}, called=f"{dimension}: {called}", set_aside=b"")


def _elsewhere(care: Care) -> bool:
    """Whether the data are in a database: copies of a process would read one connection's answers to each other."""
    return any(isinstance(one, Watched) for one in care.watched)


def _run(
    work: Path, whole: Order, sources: Mapping[Order, Source], tell: Tell, *, shared: bool
) -> dict[Order, Outcome]:
    if not (POSSIBLE and shared):
        return Runner(Kernels(work, whole.address), tell).all(sources)
    home = work / "loaded"
    home.mkdir(mode=0o700)
    started = Forks(environment(home, whole.address), whole.as_of, whole.cell_timeout)
    try:
        return Runner(Kernels(work, whole.address, started), tell).all(sources)
    finally:
        started.end()


def _checked(whole: Order, outcomes: Mapping[Order, Outcome], care: Care, dimension: str) -> bool:
    """Whether the parts could be checked against the whole; an error where they do not add up to it."""
    if any(found.trouble for found in outcomes.values()):
        return False
    rest = [found.figures for order, found in outcomes.items() if order is not whole]
    if found := unequal(outcomes[whole].figures, rest, care, dimension):
        more = f" and {len(found) - 3} more" if len(found) > 3 else ""
        raise CareError(f"the parts by {dimension} do not add up to the whole: {'; '.join(found[:3])}{more}")
    return True


def _index(
    whole: Order, outcomes: Mapping[Order, Outcome], made: Mapping[Order, Part], dimension: str, *, checked: bool
) -> dict[str, bytes]:
    rows = [_listed(order, outcomes[order], made.get(order)) for order in outcomes]
    files = {}
    for lang in whole.languages:
        reader = Reader(lang)
        t = reader.t
        name = labels.column(reader, dimension)
        when = dates.period(reader, whole.period)
        title = t("Reports by {dimension}, {period}", dimension=labels.lowered(name), period=when)
        said = t("The counts of the groups were checked: they add up to those of the whole company.")
        if not checked:
            said = t("Some runs failed, so the groups could not be checked against the whole company.")
        html = listed(reader, title, rows, dimension=dimension, checked=said)
        links = {href for row in rows for href in row.pages.values()}
        files[f"index.{lang}.html"] = archive.fit(html, lang, links, secrets=whole.secrets).encode()
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    told = {"by": dimension, "checked": checked, "period": whole.period, "pages": hashes, "reports": _facts(rows)}
    return files | {"index.json": text(told).encode()}


def _listed(order: Order, found: Outcome, part: Part | None) -> Listed:
    pages = {} if found.trouble else {lang: order.name(lang, "html") for lang in order.languages}
    if part is None:
        return Listed(None, pages, whole=True)
    merged = len(part.values) if len(part.values) > 1 else 0
    return Listed(part.values[0], pages, part.customers, merged)


def _facts(rows: Sequence[Listed]) -> list[dict[str, Any]]:
    return [
        {"whole": row.whole, "group": None if row.merged else row.group, "merged": row.merged, "pages": dict(row.pages)}
        for row in rows
    ]


def _last_good(outcomes: Mapping[Order, Outcome]) -> set[str]:
    """The files of good reports of those whose run failed now."""
    failed = [order for order, found in outcomes.items() if found.trouble]
    ends = [("figures", "json"), ("restated", "json"), ("set_aside", "csv")]
    pages = {order.name(lang, "html") for order in failed for lang in order.languages}
    return pages | {order.name(*end) for order in failed for end in ends}


def _by_name(value: str | None) -> tuple[bool, str]:
    """Groups in the order of their names, the nameless one last."""
    return value is None, value or ""


def _file(number: int, dimension: str, value: str | None, of: int) -> str:
    place = f"{number:0{max(2, len(str(of)))}}"
    words = "" if dimension in PERSONAL else slug(value or "")
    return f"{place}-{words}" if words else place
