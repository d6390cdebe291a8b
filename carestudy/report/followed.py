"""Follows findings from report to report: since how many they stand, and what became of what was to be done.

``actions.csv`` beside the reports has a row for each finding and report; the company fills in its last column, and what
it wrote there stays and is told in the next report.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from carestudy.contract import CareError
from carestudy.periods import Period
from carestudy.report.archived import published
from carestudy.report.order import Order

ACTIONS = "actions.csv"
COLUMNS = ("period", "report", "finding", "action", "in_charge", "due", "key", "done")
MOST = 24  # reports back

Record = Mapping[str, Any]


def followed(order: Order, findings: Sequence[Record]) -> list[dict[str, Any]]:
    """The findings of the last report: whether each still stands, in how many reports by now, and what was done.

    Where there is no earlier report, what this one stated when it was last run.
    """
    earlier = list(_earlier(order))
    if not earlier:
        return _stated_before(order)
    now = {str(finding.get("key")) for finding in findings}
    (period, last), done = earlier[0], _done(order.out / ACTIONS)
    rows = []
    for one in last:
        key = str(one.get("key"))
        if one.get("better") or not isinstance(one.get("headline"), Mapping):
            continue
        rows.append(
            {
                **{name: one.get(name) for name in ("headline", "play", "owner", "due")},
                "key": key,
                "period": period,
                "stands": key in now,
                "reports": 1 + _in_a_row(key, [found for _, found in earlier]),
                "done": done.get((period, key), ""),
            }
        )
    return rows


def with_months(findings: Sequence[Record], rows: Sequence[Record]) -> list[dict[str, Any]]:
    """The findings of a report with the number of reports in a row in which each has stood, from its followed rows."""
    months = {row.get("key"): row.get("reports") for row in rows if row.get("stands")}
    return [{**finding, "months": months.get(finding.get("key")) or 1} for finding in findings]


def _earlier(order: Order) -> Iterator[tuple[str, list[Record]]]:
    """The findings of earlier reports of the same notebook and length, the latest first, without a gap."""
    try:
        one = Period.parse(order.period)
        for _ in range(MOST):
            one = one.before()
            folder = order.out / one.text / order.within if order.within else order.out / one.text
            report = published(folder / order.name("figures", "json"))
            if report["parameters"].get("only") != (order.called or None):
                return
            listed = report.get("findings")
            yield one.text, [each for each in listed if isinstance(each, Mapping)] if isinstance(listed, list) else []
    except CareError:
        return


def _in_a_row(key: str, reports: Sequence[Sequence[Record]]) -> int:
    """In how many reports in a row a finding stood, up to the last."""
    count = 0
    for report in reports:
        if key not in {str(one.get("key")) for one in report}:
            break
        count += 1
    return count


def _stated_before(order: Order) -> list[dict[str, Any]]:
    with suppress(OSError, ValueError, RecursionError):
        rows = json.loads((order.folder / order.name("followed", "json")).read_text("utf-8"))
        return [row for row in rows if isinstance(row, dict) and isinstance(row.get("headline"), Mapping)]
    return []


def _done(file: Path) -> dict[tuple[str, str], str]:
    """What the company wrote into the last column, by period and finding."""
    return {(row["period"], row["key"]): row["done"].strip() for row in _rows(file)}


def _rows(file: Path) -> list[dict[str, str]]:
    with suppress(OSError, UnicodeDecodeError, csv.Error):
        text = file.read_text("utf-8-sig")
        kind = csv.Sniffer().sniff(text.partition("\n")[0], ",;\t")
        rows = list(csv.DictReader(io.StringIO(text), dialect=kind))
        return [{name: row.get(name) or "" for name in COLUMNS} for row in rows]
    return []


def actions(out: Path, reports: Sequence[Path], lang: str) -> bytes | None:
    """The rows of ``actions.csv`` for published reports, with what the company has written; None without findings.

    A finding that several reports of a period state has one row, for the first of them.
    """
    written, rows = _done(out / ACTIONS), dict[tuple[str, str], tuple[str, ...]]()
    for period, stem, finding in _published_findings(reports):
        key, play = str(finding.get("key")), finding.get("play")
        action = str(play.get(lang, "")) if isinstance(play, Mapping) else ""
        cells = (finding["headline"].get(lang, ""), action, finding.get("owner") or "", finding.get("due") or "")
        rows.setdefault((period, key), (period, stem, *cells, key, written.get((period, key), "")))
    if not rows:
        return None
    buffer = io.StringIO()
    sheet = csv.writer(buffer, lineterminator="\n")
    sheet.writerow(COLUMNS)
    sheet.writerows([[_safe(str(cell)) for cell in row] for row in rows.values()])
    return buffer.getvalue().encode("utf-8-sig")


def _published_findings(reports: Sequence[Path]) -> Iterator[tuple[str, str, Record]]:
    """The findings for the worse of published reports, each with its period and the name of its report."""
    for file in reports:
        with suppress(CareError):
            report = published(file)
            stem, period = file.name.removesuffix(".figures.json"), str(report["parameters"]["period"])
            for finding in report.get("findings") or ():
                is_record = isinstance(finding, Mapping) and isinstance(finding.get("headline"), Mapping)
                if is_record and not finding.get("better"):
                    yield period, stem, finding


def _safe(cell: str) -> str:
    """A cell that a spreadsheet takes for text, whatever it begins with."""
    return f"'{cell}" if cell.startswith(tuple("=+-@\t\r")) else cell
