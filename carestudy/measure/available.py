"""Which figures the data allow, told from the columns alone."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from carestudy.care import Care
from carestudy.contract import TABLES, Missing
from carestudy.measure import ratio, stock
from carestudy.measure.kpi import Kpi
from carestudy.measure.rows import Rows, with_dimensions


def missing(care: Care, kpis: Sequence[Kpi] | None = None) -> pd.DataFrame:
    """The KPIs that the data do not allow, each with the table and column that it lacks."""
    rows = []
    for kpi in _known(kpis):
        problem = _lack(care, kpi, ())
        if problem:
            rows.append({"kpi": kpi.id, "table": problem.table, "column": problem.column, "message": str(problem)})
    return pd.DataFrame(rows, columns=["kpi", "table", "column", "message"])


def available(care: Care, kpis: Sequence[Kpi] | None, by: Sequence[str]) -> list[Kpi]:
    """The KPIs whose tables, columns and dimensions the data have."""
    asked = _known(kpis)
    problems = {kpi: _lack(care, kpi, by) for kpi in asked}
    fine = [kpi for kpi, problem in problems.items() if problem is None]
    if not fine:
        raise next(iter(problem for problem in problems.values() if problem))
    return fine


def _known(kpis: Sequence[Kpi] | None) -> Sequence[Kpi]:
    if kpis is not None:
        return kpis
    from carestudy.kpi import ALL  # the list stands above the engines; it is the default only

    return list(ALL.values())


def _lack(care: Care, kpi: Kpi, by: Sequence[str]) -> Missing | None:
    """What is missing to compute a KPI, found without running a query."""
    try:
        _build(care, kpi, by)
    except Missing as problem:
        return problem.for_figure(kpi.name)
    return None


def _build(care: Care, kpi: Kpi, by: Sequence[str]) -> None:
    """Write the figure's expressions without asking the engine; ``Missing`` tells what the data lack."""
    if kpi.kind == "stock":
        stock.spells(care, by)
        return
    if kpi.kind == "quantile":
        kpi.define(*(Rows(care, name) for name in kpi.tables), **kpi.options)
        names: Sequence[str] = kpi.tables[:1]
    else:
        names = list(ratio.fractions(care, kpi))
    for name in names:
        time = TABLES[name].time
        care.table(name, *([time] if time else []))
        with_dimensions(care, name, by)
