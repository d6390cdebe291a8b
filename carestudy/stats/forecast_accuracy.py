"""How good forecasts are: errors beside naive ones, intervals that keep their promise, and tests of both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy import special

from carestudy.arguments import Count, Inside, Level, validated
from carestudy.contract import CareError
from carestudy.rendering import Rendered

SURE = 0.95


@dataclass(frozen=True)
class Accuracy(Rendered):
    """Errors of a forecast: root mean square, mean absolute, mean absolute in percent, and scaled (MASE).

    ``mase`` is the mean absolute error over that of the seasonal naive forecast in the training data: above 1 the
    forecast is not worth showing. ``mape`` is missing where a value is 0.
    """

    rmse: float
    mae: float
    mape: float
    mase: float


@dataclass(frozen=True)
class Coverage(Rendered):
    """How often intervals missed, and whether that is what they promise (Kupiec's likelihood ratio and its p)."""

    misses: int
    n: int
    promised: float
    statistic: float
    p: float


@dataclass(frozen=True)
class DieboldMariano(Rendered):
    """Whether one forecast is better than another: below zero the first has the smaller loss; p is two-sided."""

    statistic: float
    df: int
    p: float


@validated
def forecast_accuracy(actual: ArrayLike, forecast: ArrayLike, training: ArrayLike, *, season: Count = 1) -> Accuracy:
    """Errors of a forecast over a test span, scaled by the seasonal naive forecast of the training span.

    CareError where the training data are no longer than a season, or repeat it exactly. Source: Hyndman & Koehler 2006,
    International Journal of Forecasting 22:679-688.

    >>> found = forecast_accuracy([12, 15], [11, 13], [10, 12, 11, 13, 12, 14], season=2)
    >>> round(found.rmse, 3), found.mae, found.mase
    (1.581, 1.5, 1.5)
    """
    seen, forecasts, past = (np.asarray(values, float) for values in (actual, forecast, training))
    if len(seen) != len(forecasts) or not len(seen):
        raise CareError("a forecast is compared with as many values as it foretells, at least one")
    scale = float(np.abs(past[season:] - past[:-season]).mean()) if len(past) > season else 0.0
    if not scale > 0:
        raise CareError("the training data must be longer than a season and not repeat it exactly")
    error = seen - forecasts
    mape = float(100 * np.abs(error / seen).mean()) if (seen != 0).all() else float("nan")
    mae = float(np.abs(error).mean())
    return Accuracy(float(np.sqrt((error**2).mean())), mae, mape, mae / scale)


@validated
def seasonal_naive(training: ArrayLike, *, season: Count, steps: Count, level: Level = 0.95) -> pd.DataFrame:
    """The value of the same place in the last season, for so many steps ahead, with its interval.

    The interval is as wide through a season and widens with the next: sigma times the root of the seasons ahead.
    Columns step, value, low, high. Source: Hyndman & Athanasopoulos 2018, sections 3.1 and 3.5.

    >>> seasonal_naive([10, 12, 11, 13, 12, 14], season=2, steps=3)["value"].tolist()
    [12.0, 14.0, 12.0]
    """
    past = np.asarray(training, float)
    if len(past) <= season:
        raise CareError("a seasonal naive forecast needs more than one season of data")
    sigma = float(np.sqrt(((past[season:] - past[:-season]) ** 2).mean()))
    ahead = np.arange(steps)
    value = past[len(past) - season + ahead % season]
    half = float(special.ndtri((1 + level) / 2)) * sigma * np.sqrt(ahead // season + 1)
    return pd.DataFrame({"step": ahead + 1, "value": value, "low": value - half, "high": value + half})


@validated
def conformal_half_width(residuals: ArrayLike, *, level: Level = 0.95) -> float:
    """How far a forecast may lie off, from the absolute errors of earlier ones at the same distance ahead.

    The ceil((n + 1) level)-th smallest: so many future errors in a hundred are no larger, whatever their distribution.
    An ordinary quantile of few errors is too narrow. CareError where so few errors cannot keep the level. Source: Vovk,
    Gammerman & Shafer 2005; Lei et al. 2018, JASA 113:1094-1111.

    >>> conformal_half_width(range(1, 20), level=0.9)
    18.0
    """
    errors = np.sort(np.abs(np.asarray(residuals, float)))
    rank = int(np.ceil((len(errors) + 1) * level - 1e-9))
    if rank > len(errors):
        needed = int(np.ceil(level / (1 - level) - 1e-9))
        raise CareError(f"{len(errors)} errors cannot tell an interval of {level:.0%}: at least {needed} are needed")
    return float(errors[rank - 1])


@validated
def interval_scores(actual: ArrayLike, low: Any, high: Any, *, level: Level = 0.8) -> NDArray[Any]:
    """Score of each interval, the lower the better: its width, and 2 / (1 - level) times what it misses by.

    Coverage alone rewards wide intervals. Source: Gneiting & Raftery 2007, JASA 102:359-378, equation 43.

    >>> interval_scores([100, 85], [90, 90], [110, 110]).round(6).tolist()
    [20.0, 70.0]
    """
    seen, below, above = (np.asarray(values, float) for values in (actual, low, high))
    miss = np.maximum(below - seen, 0) + np.maximum(seen - above, 0)
    return np.asarray(above - below + 2 / (1 - level) * miss)


@validated
def kupiec(misses: Count | int, n: Count, promised: Inside) -> Coverage:
    """Whether intervals miss as often as they promise to: ``misses`` of ``n`` against the share ``promised``.

    A year of weeks can tell little: intervals of 80 % that hold 90 times in 100 pass four times in ten. Source: Kupiec
    1995, Journal of Derivatives 3(2):73-84.

    >>> found = kupiec(20, 252, 0.05)
    >>> round(found.statistic, 2), round(found.p, 3)
    (3.91, 0.048)
    """
    if not 0 <= misses <= n:
        raise CareError(f"misses={misses} is no number from 0 to {n}")
    share = misses / n
    seen = special.xlogy(misses, share) + special.xlogy(n - misses, 1 - share)
    promised_likelihood = special.xlogy(misses, promised) + special.xlogy(n - misses, 1 - promised)
    statistic = float(2 * (seen - promised_likelihood))
    return Coverage(int(misses), int(n), float(promised), statistic, float(special.chdtrc(1, max(statistic, 0.0))))


@validated
def accepted_misses(n: Count, promised: Inside, *, level: Inside = 0.05) -> tuple[int, int]:
    """The fewest and the most misses of n intervals with which Kupiec's test does not reject.

    >>> accepted_misses(255, 0.05)
    (7, 20)
    """
    passed = [misses for misses in range(n + 1) if kupiec(misses, n, promised).p > level]
    if not passed:
        raise CareError(f"no number of misses of {n} is as promised")
    return passed[0], passed[-1]


@validated
def diebold_mariano(errors: ArrayLike, other: ArrayLike, *, steps: Count = 1, power: Count = 2) -> DieboldMariano:
    """Test whether two forecasts of the same values are equally good, from their errors so many steps ahead.

    Loss is the ``power`` of the absolute error; with the correction for short series, Student's t on n - 1. CareError
    where the losses differ by a constant. Sources: Diebold & Mariano 1995, Journal of Business & Economic Statistics
    13:253-263; Harvey, Leybourne & Newbold 1997, International Journal of Forecasting 13:281-291.

    >>> found = diebold_mariano([1, -1, 2, 1, -2, 1], [3, -2, 3, 2, -4, 2])
    >>> round(found.statistic, 2), round(found.p, 3)
    (-3.78, 0.013)
    """
    one, two = np.asarray(errors, float), np.asarray(other, float)
    if len(one) != len(two) or len(one) <= steps:
        raise CareError("two forecasts are compared by as many errors each, and more of them than steps ahead")
    loss = np.abs(one) ** power - np.abs(two) ** power
    n, apart = len(loss), loss - loss.mean()
    waves = [float(apart[lag:] @ apart[: n - lag]) / n for lag in range(steps)]
    variance = (waves[0] + 2 * sum(waves[1:])) / n
    if not variance > 0:
        raise CareError("the losses of the two forecasts differ by a constant, or too few are compared")
    correction = np.sqrt((n + 1 - 2 * steps + steps * (steps - 1) / n) / n)
    statistic = float(loss.mean() / np.sqrt(variance) * correction)
    return DieboldMariano(statistic, n - 1, float(2 * special.stdtr(n - 1, -abs(statistic))))
