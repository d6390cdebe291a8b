"""Which figures the data allow, told from their columns and the premises of the figures."""

from __future__ import annotations

from collections.abc import Sequence

from carestudy.care import Care
from carestudy.contract import TABLES, CareError, Missing
from carestudy.measure.kpi import Kpi
from carestudy.measure.premises import refused
from carestudy.measure.rows import with_dimensions


def available(care: Care, kpis: Sequence[Kpi], by: Sequence[str]) -> list[Kpi]:
    """The KPIs that can be compared between periods and whose tables, columns and dimensions the data have."""
    compared = [kpi for kpi in kpis if kpi.comparable]
    if not compared:
        names = ", ".join(kpi.id for kpi in kpis) or "none was named"
        raise CareError(f"there is no figure here to compare between periods ({names}): ask for each by itself")
    problems = {kpi: lack(care, kpi, by) for kpi in compared}
    computable = [kpi for kpi, problem in problems.items() if problem is None]
    if not computable:
        raise next(problem for problem in problems.values() if problem)
    return computable


def lack(care: Care, kpi: Kpi, by: Sequence[str] = ()) -> Missing | None:
    """What is missing to compute a KPI, told from the columns alone, or the premise of it that does not hold."""
    try:
        _build(care, kpi, by)
    except Missing as problem:
        return problem.for_figure(kpi.name)
    return refused(care, kpi)


def _build(care: Care, kpi: Kpi, by: Sequence[str]) -> None:
    """Write the figure's expressions without asking the engine; ``Missing`` tells what the data lack."""
    for name in kpi.needs(care, by).tables:
        time = TABLES[name].time
        care.table(name, *([time] if time else []))
        with_dimensions(care, name, by)
