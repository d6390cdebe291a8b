"""Whether the reports of all groups add up to that of the whole."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from carestudy.care import Care
from carestudy.contract import CareError
from carestudy.kpi import ALL
from carestudy.load.only import divided
from carestudy.measure.kpi import Kpi
from carestudy.targets import figure as named

Figures = Mapping[str, Any]


def unequal(whole: Figures, parts: Sequence[Figures], care: Care, dimension: str) -> list[str]:
    """What is counted otherwise in the parts than in the whole: rows of tables, and figures that count rows."""
    shared = [
        name for name in care.tables if name not in ("staff", "goals") and divided(care, name, dimension) is not None
    ]
    found = []
    rows = {one["table"]: one.get("used") for one in whole.get("tables", ())}
    for name in shared:
        total = sum(one["used"] for part in parts for one in part.get("tables", ()) if one["table"] == name)
        if name in rows and total != rows[name]:
            found.append(f"{name} has {rows[name]} rows, its parts {total}")
    counts = [_named(part) for part in parts]
    held = [{one["table"] for one in part.get("tables", ())} for part in parts]
    for key, (kpi, sums) in _named(whole).items():
        figure = ALL.get(kpi) or named(kpi)
        if figure is None or not _checkable(figure, [key in part for part in counts], held):
            continue
        for side in _adding(figure, care, dimension, shared):
            total = sum(part[key][1][side] or 0 for part in counts if key in part)
            if sums[side] is not None and abs(total - sums[side]) > 1e-9 * max(1.0, abs(total)):
                found.append(f"{kpi} of {json.loads(key)[1]}: {side} {sums[side]:,.0f}, its parts {total:,.0f}")
    return found


def _named(report: Figures) -> dict[str, tuple[str, Mapping[str, Any]]]:
    """The figures of a report that are not split any further, by KPI and period."""
    own = [one for one in report["figures"] if not one.get("by") and one.get("kpi")]
    return {json.dumps([one["kpi"], one["period"]]): (str(one["kpi"]), one) for one in own}


def _checkable(kpi: Kpi, there: Sequence[bool], held: Sequence[set[str]]) -> bool:
    """Whether each part either has a figure or has no rows that it could count.

    A part that has rows of some of the tables may refuse the figure for a reason of its own.
    """
    return all(has or tables.isdisjoint(kpi.tables) for has, tables in zip(there, held, strict=True))


def _adding(kpi: Kpi, care: Care, dimension: str, shared: Sequence[str]) -> Sequence[str]:
    try:
        return kpi.adding(care, dimension, shared)
    except CareError:  # what the data do not allow has no sums
        return ()
