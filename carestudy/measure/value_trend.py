"""Whether a figure that is no share follows a trend: means, points, amounts, durations and counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import special

from carestudy.contract import CareError
from carestudy.measure.front import validated
from carestudy.measure.trend import lag_one_correlation, slope_limits, trend_design
from carestudy.rendering import Rendered


@dataclass(frozen=True)
class ValueTrend(Rendered):
    """A trend of values per step of time; NaN throughout where none can be fitted.

    ``multiplied`` says that it is fitted on the log scale, where it multiplies the figure. ``dispersion`` is the
    variance of a value of weight 1 about the trend; ``fitted`` are the values that the trend expects, ``level`` the
    same without the seasons, ``residuals`` in standard deviations.
    """

    slope: float
    error: float
    dispersion: float
    t: float
    df: int
    p: float
    multiplied: bool
    fitted: tuple[float, ...]
    level: tuple[float, ...]
    residuals: tuple[float, ...]

    def effect(self, steps: float = 1, level: float = 0.95) -> tuple[float, float, float]:
        """By how much the figure is multiplied in so many steps, or what is added, with Student's limits."""
        ends = slope_limits(self.slope, self.error, self.df, steps, level)
        value, low, high = np.exp(ends) if self.multiplied else ends
        return float(value), float(low), float(high)

    @property
    def autocorrelation(self) -> float:
        """How alike neighbouring periods are once the trend is taken out: the lag-1 correlation of the residuals."""
        return lag_one_correlation(self.residuals)


@validated
def value_trend(
    values: Any, *, weights: Any = None, season: float | None = None, multiplied: bool = False
) -> ValueTrend:
    """A straight trend of values over time by weighted least squares, with a yearly season where asked for.

    ``weights`` are how much each value is worth, such as its n; missing values are left out. With ``multiplied`` the
    logarithms are fitted, which needs values above zero. The p value is Student's on the residual degrees of freedom.

    >>> trend = value_trend([40, 41, 39, 38, 37, 38, 35, 36])
    >>> round(trend.slope, 3), trend.df, round(trend.p, 4)
    (-0.738, 6, 0.0021)
    """
    value = np.asarray(values, float)
    weight = np.ones(len(value)) if weights is None else np.asarray(weights, float)
    used = np.isfinite(value) & (weight > 0)
    if value.ndim != 1 or weight.shape != value.shape or (multiplied and (value[used] <= 0).any()):
        raise CareError("a trend needs as many weights as values, and values above zero where it multiplies")
    y, design = (
        np.log(value, where=used, out=np.zeros(len(value))) if multiplied else value,
        trend_design(np.arange(len(value), dtype=float), season),
    )
    df = int(used.sum()) - design.shape[1]
    if df < 1:
        nothing = (np.nan,) * len(value)
        return ValueTrend(*(np.nan,) * 4, 0, np.nan, multiplied, nothing, nothing, nothing)
    root = np.sqrt(weight[used])[:, None]
    coefficients = np.linalg.lstsq(design[used] * root, y[used] * root[:, 0], rcond=None)[0]
    fitted, level = design @ coefficients, design[:, :2] @ coefficients[:2]
    dispersion = float(weight[used] @ (y[used] - fitted[used]) ** 2) / df
    spread = np.linalg.inv((design[used] * root).T @ (design[used] * root))[1, 1]
    error, slope = float(np.sqrt(spread * dispersion)), float(coefficients[1])
    with np.errstate(invalid="ignore", divide="ignore"):
        residuals = np.where(used, (y - fitted) * np.sqrt(weight / dispersion), np.nan)
        t = float(np.divide(slope, error))
    back = np.exp if multiplied else np.asarray
    columns = (tuple(map(float, column)) for column in (back(fitted), back(level), residuals))
    return ValueTrend(slope, error, dispersion, t, df, float(2 * special.stdtr(df, -abs(t))), multiplied, *columns)


def __dir__() -> list[str]:
    return ["ValueTrend", "value_trend"]
