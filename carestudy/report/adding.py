"""Checks that the reports of all groups add up to the report of the whole company."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from carestudy.care import Care
from carestudy.contract import CareError
from carestudy.kpi import ALL
from carestudy.load.only import divided
from carestudy.measure.kpi import Kpi
from carestudy.targets import figure as figure_of_target

Figures = Mapping[str, Any]


def unequal(company: Figures, groups: Sequence[Figures], care: Care, dimension: str) -> list[str]:
    """List the counts whose sum over the groups differs from the company's: rows of tables, and sums of figures."""
    shared = [
        name for name in care.tables if name not in ("staff", "goals") and divided(care, name, dimension) is not None
    ]
    differences = []
    rows = {count["table"]: count.get("used") for count in company.get("tables", ())}
    for name in shared:
        total = sum(count["used"] for report in groups for count in report.get("tables", ()) if count["table"] == name)
        if name in rows and total != rows[name]:
            differences.append(f"{name} has {rows[name]} rows, its parts {total}")
    counts = [_ungrouped_figures(report) for report in groups]
    held = [{count["table"] for count in report.get("tables", ())} for report in groups]
    for key, (kpi, sums) in _ungrouped_figures(company).items():
        figure = ALL.get(kpi) or figure_of_target(kpi)
        if figure is None or not _checkable(figure, [key in report for report in counts], held):
            continue
        for side in _additive_sides(figure, care, dimension, shared):
            total = sum(report[key][1][side] or 0 for report in counts if key in report)
            if sums[side] is not None and abs(total - sums[side]) > 1e-9 * max(1.0, abs(total)):
                differences.append(f"{kpi} of {json.loads(key)[1]}: {side} {sums[side]:,.0f}, its parts {total:,.0f}")
    return differences


def _ungrouped_figures(report: Figures) -> dict[str, tuple[str, Mapping[str, Any]]]:
    """The figures of a report that are not split by a dimension, by KPI and period."""
    totals = [figure for figure in report["figures"] if not figure.get("by") and figure.get("kpi")]
    return {json.dumps([figure["kpi"], figure["period"]]): (str(figure["kpi"]), figure) for figure in totals}


def _checkable(kpi: Kpi, present: Sequence[bool], tables_by_group: Sequence[set[str]]) -> bool:
    """Whether each group either has the figure or has no rows that the figure could count.

    A group that has rows in some of the tables may refuse the figure for a reason of its own.
    """
    return all(
        has_figure or tables.isdisjoint(kpi.tables) for has_figure, tables in zip(present, tables_by_group, strict=True)
    )


def _additive_sides(kpi: Kpi, care: Care, dimension: str, additive_tables: Sequence[str]) -> Sequence[str]:
    try:
        return kpi.adding(care, dimension, additive_tables)
    except CareError:  # what the data do not allow has no sums
        return ()
