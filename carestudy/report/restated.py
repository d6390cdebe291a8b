"""What a run says otherwise than an earlier report did: old value, new value, and what changed in between."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from carestudy.contract import CareError
from carestudy.periods import Period
from carestudy.report.archived import VALUES, changes_in, published
from carestudy.report.figures import is_suppressed
from carestudy.report.order import Order

SAME = 1e-9  # of figures written with twelve digits
Figures = Mapping[str, Any]


@dataclass(frozen=True)
class Restated:
    """What changed in figures that earlier reports gave, and the periods of reports that could not be compared."""

    changes: list[dict[str, Any]]
    not_compared: list[str]


def restated(order: Order, new: Figures) -> Restated:
    """What earlier reports of the same notebook said otherwise of periods that were over then, the newest last.

    The report of the same period that is about to be replaced, and the latest one of an earlier period. What was
    restated before stays listed, so that the same run gives the same page again. A report whose file has another shape
    than ours, or cannot be read, keeps nothing from being published: that it was not compared is stated.
    """
    found, unread = _kept(order)
    for period, old in _earlier(order):
        if old is None:
            unread.append(period)
            continue
        changes = [change for change in differences(old, new) if _was_over(change["period"], old.get("as_of"))]
        why = reasons(old, new)
        found += [{**change, "report": old["parameters"]["period"], "why": why} for change in changes]
    # What is withheld now, as few customers stand behind it, is not told by what it was.
    withheld = {_key(one) for one in new["figures"] if is_suppressed(one)}
    found = [change for change in found if _key(change) not in withheld and not is_suppressed(change["old"])]
    unique = {json.dumps(change, sort_keys=True): change for change in found}
    return Restated(list(unique.values()), sorted(set(unread)))


def differences(old: Figures, new: Figures) -> list[dict[str, Any]]:
    """The figures that both have and that differ, in the order of their names, with what they were and are."""
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
    before, after = ({one["table"]: one.get("hash") for one in report.get("tables", ())} for report in (old, new))
    found = [f"data:{table}" for table in sorted(before | after) if before.get(table) != after.get(table)]
    named = {"notebook_hash": "notebook", "as_of": "as_of", "versions": "versions", "carestudy": "versions"}
    named |= {"computation": "computation"}
    return found + list(dict.fromkeys(word for name, word in named.items() if old.get(name) != new.get(name)))


def _by_name(report: Figures) -> dict[str, Mapping[str, Any]]:
    """The figures by what they are of; a name that two figures share tells nothing and is left out."""
    found: dict[str, Mapping[str, Any]] = {}
    twice = set()
    for one in report["figures"]:
        key = _key(one)
        if key in found and not _same(found[key], one):
            twice.add(key)
        found[key] = one
    return {key: one for key, one in found.items() if key not in twice}


def _key(one: Mapping[str, Any]) -> str:
    return json.dumps([one.get("kpi"), one.get("by"), one.get("period")], sort_keys=True, ensure_ascii=False)


def _same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return all(_close(one.get(name), other.get(name)) for name in VALUES)


def _close(one: Any, other: Any) -> bool:
    if isinstance(one, int | float) and isinstance(other, int | float):
        return abs(one - other) <= SAME * max(1.0, abs(one), abs(other))
    return bool(one == other)


def _was_over(period: Any, as_of: Any) -> bool:
    """Whether a figure's period was over when it was first told."""
    try:
        return Period.parse(period).end <= datetime.fromisoformat(as_of).date()
    except (CareError, TypeError, ValueError):
        return False


def _kept(order: Order) -> tuple[list[dict[str, Any]], list[str]]:
    """What the last run of the same report listed, and that it cannot be read."""
    try:
        only, changes, unread = changes_in(order.folder / order.name("restated", "json"))
    except CareError:
        return [], [order.period]
    return (changes, unread) if only == (order.called or None) else ([], [])


def _earlier(order: Order) -> Iterator[tuple[str, dict[str, Any] | None]]:
    """The report that is about to be replaced, and the latest one of an earlier period of the same length.

    Each with its period; None for its figures where they cannot be read.
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
