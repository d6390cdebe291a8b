"""How the trend of a figure is fitted and charted: a share as a share, any other figure by its values."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import pandas as pd

from carestudy.measure import units
from carestudy.measure.control import individuals_limits, laney_limits
from carestudy.measure.kpi import Kpi
from carestudy.measure.trend import LogisticTrend, quasi_binomial_trend
from carestudy.measure.value_trend import ValueTrend, value_trend

Effect = Literal["odds", "ratio", "difference"]
Fit = LogisticTrend | ValueTrend


def fitted(kpi: Kpi, frame: pd.DataFrame, learnt: Any, season: float | None) -> tuple[Fit, pd.DataFrame]:
    """The trend with its control chart: of a share logistic with Laney's limits, of other figures straight with XmR."""
    used = frame["used"].to_numpy()
    if kpi.is_series:
        chart = laney_limits(frame["numerator"], frame["denominator"], baseline=learnt)
        counts = (np.where(used, frame[name].to_numpy(float), 0.0) for name in ("numerator", "denominator"))
        return quasi_binomial_trend(*counts, season=season), chart
    value = np.where(used, frame["value"].to_numpy(float), np.nan)
    unit = units.of(kpi.unit)
    grows = (unit.money or unit.count or unit.minutes is not None) and bool((value[used] > 0).all())
    fit = value_trend(value, weights=worth(kpi, frame), season=season, multiplied=grows)
    return fit, individuals_limits(frame["value"].to_numpy(float), baseline=learnt)


def worth(kpi: Kpi, frame: pd.DataFrame) -> Any:
    """How much the figure of each period is worth: its cases; the periods of a sum are alike."""
    if kpi.is_sum:
        return np.ones(len(frame))
    return frame["denominator" if kpi.is_series else "n"].to_numpy(float)


def effect(kpi: Kpi, fit: Fit) -> Effect:
    """What the effect of a year is: by how much the odds or the figure are multiplied, or what is added to it."""
    if kpi.is_series:
        return "odds"
    return "ratio" if isinstance(fit, ValueTrend) and fit.multiplied else "difference"
