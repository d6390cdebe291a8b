"""Figures of any kind in one shape.

A frame has the dimensions asked for, then ``period``, ``kpi``, ``value``, ``low``, ``high``, ``n``, ``numerator``
and ``denominator``. Shares are 0..1, scores -100..100, money is in the currency's main unit; numerators and
denominators are the integers summed (money in the smallest unit). A group without a name is a group; a group or
period without rows has n = 0 and no value. Where a premise of a figure does not hold, its value is missing, and a
column ``note`` says why (``carestudy.measure.premises``).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
from babel.numbers import get_currency_precision

from carestudy.care import Care
from carestudy.contract import CareError
from carestudy.measure import limits, lookback, premises, ratio, stock
from carestudy.measure.kpi import Kpi
from carestudy.measure.lasted import lasting_values
from carestudy.measure.premises import NOTE
from carestudy.measure.quantile import quantile_values
from carestudy.measure.rows import BUCKET
from carestudy.periods import Period

COLUMNS = ("period", "kpi", "value", "low", "high", "n", "numerator", "denominator")
SUMS = (*ratio.SUMS, "value", "low", "high")
SCALES = {"points": 100.0, "score": 1 / 1000, "hours": 1 / 3600}  # of scores thousandths are summed, of hours seconds


def figures(
    care: Care, kpis: Sequence[Kpi], *, by: Sequence[str], periods: Sequence[Period], level: float = 0.95
) -> pd.DataFrame:
    """The values of several KPIs with their intervals, a row for each group, period and KPI."""
    raw = sums(care, kpis, by=by, periods=periods, level=level)
    return raw[[*by, *COLUMNS, *([NOTE] if NOTE in raw else [])]]


def sums(
    care: Care, kpis: Sequence[Kpi], *, by: Sequence[str], periods: Sequence[Period], level: float = 0.95
) -> pd.DataFrame:
    """The figures with the sums behind them; figures that read the same tables come from one query."""
    for name in by:
        if name in (*COLUMNS, *SUMS, NOTE):
            raise CareError(f"by='{name}' would stand beside the figures' own column '{name}': give it another name")
    if problem := next((one for kpi in kpis if (one := premises.refused(care, kpi))), None):
        raise problem
    found = _remembered(care, kpis, by, periods, level)
    whole = _complete(pd.concat([found[kpi] for kpi in kpis], ignore_index=True), kpis, by, periods)
    return premises.held(care, kpis, periods, whole)


def _remembered(
    care: Care, kpis: Sequence[Kpi], by: Sequence[str], periods: Sequence[Period], level: float
) -> dict[Kpi, pd.DataFrame]:
    """The rows of each KPI; of data that remember, those that were found before are not asked for again."""
    if care.found is None:
        return _asked(care, kpis, by, periods, level)
    names = {period.text for period in periods} or {"all"}
    keys = {kpi: (kpi.id, kpi.define, kpi.kind, kpi.unit, kpi.months, kpi.reads, *by, level) for kpi in kpis}
    new = [kpi for kpi in kpis if not names <= care.found.get(keys[kpi], (set(),))[0]]
    care.found.update({keys[kpi]: (names, rows) for kpi, rows in _asked(care, new, by, periods, level).items()})
    rows = {kpi: care.found[keys[kpi]] for kpi in kpis}
    return {kpi: one if of == names else one[one["period"].isin(names)] for kpi, (of, one) in rows.items()}


def _asked(
    care: Care, kpis: Sequence[Kpi], by: Sequence[str], periods: Sequence[Period], level: float
) -> dict[Kpi, pd.DataFrame]:
    found = _stock_pieces(care, [k for k in kpis if k.kind == "stock"], by, periods, level)
    parts = {kpi: ratio.fractions(care, kpi) for kpi in kpis if kpi.kind in ("ratio", "total")}
    for tables in dict.fromkeys(tuple(part) for part in parts.values()):
        mine = {kpi: part for kpi, part in parts.items() if tuple(part) == tables}
        counted = _named(ratio.sums(care, mine, by, periods), periods)
        found |= {kpi: _valued(care, kpi, counted[counted["kpi"] == kpi.id], level, mine[kpi]) for kpi in mine}
    mixes = [kpi for kpi in kpis if kpi.kind == "mix"]
    found |= {kpi: _valued(care, kpi, stock.mix_sums(care, kpi, by, periods), level, None) for kpi in mixes}
    found |= {kpi: _lookback_piece(care, kpi, by, periods, level) for kpi in kpis if kpi.kind == "lookback"}
    found |= {kpi: _quantile_piece(care, kpi, by, periods, level) for kpi in kpis if kpi.kind == "quantile"}
    return found | {kpi: _survival_piece(care, kpi, by, periods, level) for kpi in kpis if kpi.kind == "survival"}


def family(kpi: Kpi, part: dict[str, ratio.Fraction] | None = None) -> limits.Family:
    """The family of intervals that a KPI belongs to."""
    if kpi.kind == "total":
        return limits.COUNTED if kpi.timeless else limits.TOTALS
    own = next((fraction.interval for fraction in (part or {}).values() if fraction.interval), None)
    return own or limits.OF_UNIT[kpi.unit]


def scale(care: Care, kpi: Kpi) -> float:
    """What a plain fraction is multiplied by to be in the KPI's unit."""
    if kpi.unit in SCALES:
        return SCALES[kpi.unit]
    return 10.0 ** -get_currency_precision(care.settings.currency) if kpi.unit == "money" else 1.0


def _stock_pieces(
    care: Care, kpis: list[Kpi], by: Sequence[str], periods: Sequence[Period], level: float
) -> dict[Kpi, pd.DataFrame]:
    if not kpis:
        return {}
    counted = stock.stock_sums(care, kpis, by, periods)
    return {kpi: _valued(care, kpi, counted[counted["kpi"] == kpi.id], level, None) for kpi in kpis}


def _valued(
    care: Care, kpi: Kpi, counted: pd.DataFrame, level: float, part: dict[str, ratio.Fraction] | None
) -> pd.DataFrame:
    unit = scale(care, kpi)
    low, high = family(kpi, part).limits(counted, level)
    value = counted["numerator"].to_numpy(float) if kpi.is_sum else limits.plain(counted)
    return counted.assign(value=value * unit, low=low * unit, high=high * unit)


def _lookback_piece(care: Care, kpi: Kpi, by: Sequence[str], periods: Sequence[Period], level: float) -> pd.DataFrame:
    counted = _named(lookback.sums(care, kpi, by, periods), periods).assign(kpi=kpi.id)
    found = _valued(care, kpi, counted, level, {kpi.tables[0]: lookback.fraction(care, kpi)})
    late = found["period"].isin(lookback.begins_later(care, kpi, periods))
    if not late.any():
        return found
    blank = {name: found[name].mask(late) for name in ("value", "low", "high")}
    return found.assign(**blank, **{NOTE: late.map({True: lookback.BEGINS_LATER, False: None})})


def _quantile_piece(care: Care, kpi: Kpi, by: Sequence[str], periods: Sequence[Period], level: float) -> pd.DataFrame:
    found = _named(quantile_values(care, kpi, by, periods, level), periods)
    unit = scale(care, kpi)
    scaled = {name: found[name].astype(float) * unit for name in ("value", "low", "high")}
    return found.assign(**scaled, kpi=kpi.id, **dict.fromkeys(("numerator", "denominator"), found["n"]))


def _survival_piece(care: Care, kpi: Kpi, by: Sequence[str], periods: Sequence[Period], level: float) -> pd.DataFrame:
    return _named(lasting_values(care, kpi, by, periods, level), periods).assign(kpi=kpi.id)


def _named(frame: pd.DataFrame, periods: Sequence[Period]) -> pd.DataFrame:
    names: dict[Any, str] = {period.start: period.text for period in periods}
    texts = pd.Series([names.get(start, "all") for start in frame[BUCKET]], index=frame.index, dtype="str")
    return frame.assign(period=texts).drop(columns=BUCKET)


def _complete(frame: pd.DataFrame, kpis: Sequence[Kpi], by: Sequence[str], periods: Sequence[Period]) -> pd.DataFrame:
    """Every group in every period for every KPI, groups in order with the nameless one last."""
    texts = [period.text for period in periods] or ["all"]
    grid = pd.DataFrame(product(texts, [kpi.id for kpi in kpis]), columns=["period", "kpi"])
    if by:
        seen = frame[list(by)].drop_duplicates().sort_values(list(by), na_position="last")
        grid = seen.merge(grid, how="cross")
    full = grid.merge(frame, on=[*by, "period", "kpi"], how="left")
    empty = (full["denominator"].fillna(0) == 0).to_numpy()
    made = {name: _whole(full[name]) for name in ratio.SUMS if name in full}
    made |= {name: np.where(empty, np.nan, full[name].to_numpy(float)) for name in ("value", "low", "high")}
    for name in (*by, NOTE):
        if name in full:
            made[name] = full[name].astype(object).where(full[name].notna(), None)
    return full.assign(**made)


def _whole(counted: pd.Series) -> Any:
    """The integers, 0 where nothing was counted; of any size."""
    found = [0 if isinstance(one, float) and np.isnan(one) else int(one) for one in counted.tolist()]
    return np.array(found, "int64" if max(map(abs, found), default=0) < 2**63 else object)
