"""Restated figures: what a run reports differently from an earlier report, and what changed in between."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from carestudy.contract import CareError
from carestudy.periods import Period
from carestudy.report.archived import VALUES, changes_in, published
from carestudy.report.collected import is_suppressed
from carestudy.report.order import Order

SAME = 1e-9  # of figures written with twelve digits
Figures = Mapping[str, Any]


@dataclass(frozen=True)
class Restated:
    """What changed in figures that earlier reports gave, and the periods of reports that could not be compared."""

    changes: list[dict[str, Any]]
    not_compared: list[str]


def restated(order: Order, new: Figures) -> Restated:
    """Compare a run with earlier reports of the same notebook, for periods that were over then; the newest last.

    The earlier reports are the one of the same period that is about to be replaced, and the latest one of an earlier
    period. Changes listed before stay listed, so that the same run gives the same page again. A report whose file has
    another shape than ours, or cannot be read, does not stop the run: the page states that it was not compared.
    """
    changes_found, unread = _listed_before(order)
    for period, old in earlier_reports(order):
        if old is None:
            unread.append(period)
            continue
        changes = [change for change in differences(old, new) if _was_over(change["period"], old.get("as_of"))]
        why = reasons(old, new)
        changes_found += [{**change, "report": old["parameters"]["period"], "why": why} for change in changes]
    # A figure that is suppressed now must not be revealed by its old value.
    withheld = {_key(figure) for figure in new["figures"] if is_suppressed(figure)}
    changes_found = [
        change for change in changes_found if _key(change) not in withheld and not is_suppressed(change["old"])
    ]
    unique = {json.dumps(change, sort_keys=True): change for change in changes_found}
    return Restated(list(unique.values()), sorted(set(unread)))


def differences(old: Figures, new: Figures) -> list[dict[str, Any]]:
    """The figures that both reports have and that differ, in the order of their names, with old and new values."""
    before, after = _by_name(old), _by_name(new)
    changed = [key for key in sorted(before.keys() & after.keys()) if not _same(before[key], after[key])]
    return [
        {
            **{name: after[key].get(name) for name in ("kpi", "by", "period", "unit")},
            "old": {name: before[key].get(name) for name in VALUES},
            "new": {name: after[key].get(name) for name in VALUES},
        }
        for key in changed
    ]


def reasons(old: Figures, new: Figures) -> list[str]:
    """What changed between two reports that may have changed their figures; nothing is claimed to be the cause."""
    before, after = ({entry["table"]: entry.get("hash") for entry in report.get("tables", ())} for report in (old, new))
    reasons_found = [f"data:{table}" for table in sorted(before | after) if before.get(table) != after.get(table)]
    names = {"notebook_hash": "notebook", "as_of": "as_of", "versions": "versions", "carestudy": "versions"}
    names |= {"computation": "computation"}
    return reasons_found + list(dict.fromkeys(word for name, word in names.items() if old.get(name) != new.get(name)))


def _by_name(report: Figures) -> dict[str, Mapping[str, Any]]:
    """The figures by KPI, group and period; a key that two different figures share is left out."""
    figures: dict[str, Mapping[str, Any]] = {}
    twice = set()
    for figure in report["figures"]:
        key = _key(figure)
        if key in figures and not _same(figures[key], figure):
            twice.add(key)
        figures[key] = figure
    return {key: figure for key, figure in figures.items() if key not in twice}


def _key(figure: Mapping[str, Any]) -> str:
    return json.dumps([figure.get("kpi"), figure.get("by"), figure.get("period")], sort_keys=True, ensure_ascii=False)


def _same(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    return all(_close(old.get(name), new.get(name)) for name in VALUES)


def _close(old: Any, new: Any) -> bool:
    if isinstance(old, int | float) and isinstance(new, int | float):
        return abs(old - new) <= SAME * max(1.0, abs(old), abs(new))
    return bool(old == new)


def _was_over(period: Any, as_of: Any) -> bool:
    """Whether a figure's period was over when it was first reported."""
    try:
        return Period.parse(period).end <= datetime.fromisoformat(as_of).date()
    except (CareError, TypeError, ValueError):
        return False


def _listed_before(order: Order) -> tuple[list[dict[str, Any]], list[str]]:
    """The changes that the last run of the same report listed, and its period if they cannot be read."""
    try:
        only, changes, unread = changes_in(order.folder / order.name("restated", "json"))
    except CareError:
        return [], [order.period]
    return (changes, unread) if only == (order.called or None) else ([], [])


def earlier_reports(order: Order) -> Iterator[tuple[str, dict[str, Any] | None]]:
    """Yield the report that is about to be replaced, and the latest one of an earlier period of the same length.

    Each comes with its period; its figures are None where they cannot be read.
    """
    now = Period.parse(order.period)
    before = {}
    for file in order.out.glob(f"*/{order.within}/{order.name('figures', 'json')}".replace("//", "/")):
        try:
            period = Period.parse(file.relative_to(order.out).parts[0])
        except CareError:
            continue
        if period.unit == now.unit and period.end <= now.start:
            before[period.start] = (period.text, file)
    files = [before[max(before)]] if before else []
    for period_text, file in [*files, (order.period, order.folder / order.name("figures", "json"))]:
        if not file.exists():
            continue
        try:
            old = published(file)
        except CareError:
            yield period_text, None
            continue
        # A group may have had another number in its file name.
        if old["parameters"].get("only") == (order.called or None):
            yield period_text, old
