"""Figures of any kind in one shape.

A frame has the requested dimensions, then ``period``, ``kpi``, ``value``, ``low``, ``high``, ``n``, ``numerator``
and ``denominator``. Shares are 0..1, scores -100..100, money is in the currency's main unit; numerators and
denominators are the integers summed (money in the smallest unit). A group without a name is a group; a group or
period without rows has n = 0 and no value. Where a premise of a figure does not hold, its value is missing, and a
column ``note`` says why (``carestudy.measure.premises``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from carestudy.care import Care
from carestudy.contract import CareError
from carestudy.measure import fractions, limits, premises
from carestudy.measure.fractions import Fraction
from carestudy.measure.kind import Kind
from carestudy.measure.premises import NOTE
from carestudy.measure.rows import BUCKET
from carestudy.periods import Period

COLUMNS = ("period", "kpi", "value", "low", "high", "n", "numerator", "denominator")
SUMS = (*fractions.SUMS, "value", "low", "high")
Known = tuple[set[str], pd.DataFrame]  # the periods that were computed, and their rows


def figures(
    care: Care, kpis: Sequence[Kind], *, by: Sequence[str], periods: Sequence[Period], level: float = 0.95
) -> pd.DataFrame:
    """The values of several KPIs with their intervals, a row for each group, period and KPI."""
    raw = sums(care, kpis, by=by, periods=periods, level=level)
    return raw[[*by, *COLUMNS, *([NOTE] if NOTE in raw else [])]]


def sums(
    care: Care, kpis: Sequence[Kind], *, by: Sequence[str], periods: Sequence[Period], level: float = 0.95
) -> pd.DataFrame:
    """The figures with the sums behind them; figures that read the same tables come from one query."""
    for name in by:
        if name in (*COLUMNS, *SUMS, NOTE):
            raise CareError(f"by='{name}' would stand beside the figures' own column '{name}': give it another name")
    if problem := next((reason for kpi in kpis if (reason := premises.refused(care, kpi))), None):
        raise problem
    rows = _cached(care, kpis, by, periods, level)
    complete = _complete(pd.concat([rows[kpi] for kpi in kpis], ignore_index=True), kpis, by, periods)
    return premises.held(care, kpis, periods, complete)


def _cached(
    care: Care, kpis: Sequence[Kind], by: Sequence[str], periods: Sequence[Period], level: float
) -> dict[Kind, pd.DataFrame]:
    """The rows of each KPI; where the data have a cache, rows computed before are taken from it."""
    if care.cache is None:
        return _computed(care, kpis, by, periods, level)
    names = {period.text for period in periods} or {"all"}
    keys = {kpi: (kpi.id, kpi.define, type(kpi), kpi.unit, kpi.months, kpi.reads, *by, level) for kpi in kpis}
    earlier = {kpi: cast("Known | None", care.cache.get(keys[kpi])) for kpi in kpis}
    known = {kpi: computed for kpi, computed in earlier.items() if computed and names <= computed[0]}
    lacking = [kpi for kpi in kpis if kpi not in known]
    for kpi, rows in _computed(care, lacking, by, periods, level).items():
        known[kpi] = (names, rows)
        care.cache.keep(keys[kpi], known[kpi])
    return {
        kpi: rows if known_names == names else rows[rows["period"].isin(names)]
        for kpi, (known_names, rows) in known.items()
    }


def _computed(
    care: Care, kpis: Sequence[Kind], by: Sequence[str], periods: Sequence[Period], level: float
) -> dict[Kind, pd.DataFrame]:
    """The rows of each figure; figures of kinds that share ``computed`` are computed together."""
    alike: dict[Any, list[Kind]] = {}
    for kpi in kpis:
        alike.setdefault(type(kpi).computed, []).append(kpi)
    rows: dict[Kind, pd.DataFrame] = {}
    for computed, group in alike.items():
        rows |= computed(care, group, by, periods, level)
    return rows


def valued(
    care: Care, kpi: Kind, sums: pd.DataFrame, level: float, fractions: Mapping[str, Fraction] | None = None
) -> pd.DataFrame:
    """Sums with the value that follows from them and its interval, in the unit of the figure."""
    scale = kpi.scale(care)
    low, high = kpi.family(fractions or {}).limits(sums, level)
    value = sums["numerator"].to_numpy(float) if kpi.is_sum else limits.plain(sums)
    return sums.assign(value=value * scale, low=low * scale, high=high * scale)


def bucketed(frame: pd.DataFrame, periods: Sequence[Period]) -> pd.DataFrame:
    """Rows with the name of their period in place of its first day."""
    names: dict[Any, str] = {period.start: period.text for period in periods}
    texts = pd.Series([names.get(start, "all") for start in frame[BUCKET]], index=frame.index, dtype="str")
    return frame.assign(period=texts).drop(columns=BUCKET)


def _complete(frame: pd.DataFrame, kpis: Sequence[Kind], by: Sequence[str], periods: Sequence[Period]) -> pd.DataFrame:
    """Every group in every period for every KPI, groups in order with the nameless one last."""
    texts = [period.text for period in periods] or ["all"]
    grid = pd.DataFrame(product(texts, [kpi.id for kpi in kpis]), columns=["period", "kpi"])
    if by:
        seen = frame[list(by)].drop_duplicates().sort_values(list(by), na_position="last")
        grid = seen.merge(grid, how="cross")
    full = grid.merge(frame, on=[*by, "period", "kpi"], how="left")
    empty = (full["denominator"].fillna(0) == 0).to_numpy()
    columns: dict[str, Any] = {name: _integers(full[name]) for name in fractions.SUMS if name in full}
    columns |= {name: np.where(empty, np.nan, full[name].to_numpy(float)) for name in ("value", "low", "high")}
    for name in (*by, NOTE):
        if name in full:
            columns[name] = full[name].astype(object).where(full[name].notna(), None)
    return full.assign(**columns)


def _integers(counted: pd.Series) -> NDArray[Any]:
    """The integers, 0 where nothing was counted; of any size."""
    integers = [0 if isinstance(value, float) and np.isnan(value) else int(value) for value in counted.tolist()]
    return np.array(integers, "int64" if max(map(abs, integers), default=0) < 2**63 else object)
