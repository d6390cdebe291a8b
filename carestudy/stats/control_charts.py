"""Charts of small shifts, of means within groups, and of rare events; every chart is a frame with a row for each point.

The charts of shares and of single values stand in ``carestudy.measure.control``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy import optimize, special

from carestudy.arguments import Inside, Rate, validated
from carestudy.contract import CareError
from carestudy.rendering import Rendered

SIGMAS = 3.0
TAIL = 0.00135  # what a normal variable leaves beyond three standard deviations on each side
D2 = 1.128
MOST_SIZE = 15.0  # in logarithms: a negative binomial of more is a Poisson
POWER = 3.6  # of which the root makes times between events nearly normal


@dataclass(frozen=True)
class Cusum(Rendered):
    """A tabular cumulative sum: ``points`` with c_plus, c_minus and the counts n_plus and n_minus since each left zero.

    ``signal`` is the first point (from 1) beyond the limit, ``change`` the point after which the shift began by the
    counts, ``level`` the estimate of the mean since; None where nothing signals.
    """

    points: pd.DataFrame = field(compare=False)
    signal: int | None
    change: int | None
    level: float | None


@dataclass(frozen=True)
class Overdispersed(Rendered):
    """Limits of counts by a negative binomial; its ``size`` is infinite where they vary no more than Poisson's.

    ``p`` is of the test that they vary as Poisson counts do.
    """

    mean: float
    size: float
    low: float
    high: float
    statistic: float
    df: int
    p: float


@validated
def ewma(values: ArrayLike, *, centre: float, sigma: Rate, weight: Inside = 0.2, width: Rate = SIGMAS) -> pd.DataFrame:
    """Chart of an exponentially weighted mean, which sees small shifts that last; its limits widen with time.

    ``weight`` is that of the newest value, ``width`` the limits in standard deviations of the weighted mean. Columns
    value (the weighted mean), centre, low, high, outside. Source: Roberts 1959, Technometrics 1:239-250; Montgomery
    2009, section 9.2.

    >>> ewma([52, 47, 53], centre=50, sigma=2.0539, weight=0.3)["value"].round(2).tolist()
    [50.6, 49.52, 50.56]
    """
    numbers, mean, means = np.asarray(values, float), centre, []
    for number in numbers:
        mean = weight * number + (1 - weight) * mean
        means.append(mean)
    steps = np.arange(1, len(numbers) + 1)
    half = width * sigma * np.sqrt(weight / (2 - weight) * (1 - (1 - weight) ** (2 * steps)))
    return _chart(np.array(means), centre, centre - half, centre + half)


@validated
def cusum(values: ArrayLike, *, centre: float, sigma: Rate = 1.0, slack: Rate = 0.5, limit: Rate = 5.0) -> Cusum:
    """Cumulative sums of what lies more than ``slack`` standard deviations above and below the centre.

    A sum beyond ``limit`` standard deviations signals a shift; it began not at the signal but where the sum last left
    zero. Source: Page 1954, Biometrika 41:100-115; Montgomery 2009, section 9.1.

    >>> found = cusum([0.1, -0.2, 1.5, 2.1, 1.9, 2.4], centre=0, slack=0.5, limit=4)
    >>> found.signal, found.change, round(found.level, 2)
    (6, 2, 1.98)
    """
    numbers = np.asarray(values, float)
    sums, counts = {1: 0.0, -1: 0.0}, {1: 0, -1: 0}
    rows: list[dict[str, float]] = []
    for number in numbers:
        for side in sums:
            sums[side] = max(0.0, side * (number - centre) - slack * sigma + sums[side])
            counts[side] = counts[side] + 1 if sums[side] > 0 else 0
        rows.append({"c_plus": sums[1], "c_minus": sums[-1], "n_plus": counts[1], "n_minus": counts[-1]})
    points = pd.DataFrame(rows, columns=["c_plus", "c_minus", "n_plus", "n_minus"])
    beyond = np.flatnonzero(points[["c_plus", "c_minus"]].max(axis=1) > limit * sigma)
    if not len(beyond):
        return Cusum(points, None, None, None)
    row = points.iloc[beyond[0]]
    side, name = (1, "plus") if row["c_plus"] > limit * sigma else (-1, "minus")
    run = int(row[f"n_{name}"])
    level = centre + side * (slack * sigma + float(row[f"c_{name}"]) / run)
    return Cusum(points, int(beyond[0]) + 1, int(beyond[0]) + 1 - run, level)


@validated
def xbar_s(values: ArrayLike, groups: ArrayLike) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Charts of the mean and of the standard deviation of groups, such as handling times of a day, by spread within.

    A frame for the means and one for the standard deviations, a row for each group in its first order: value, centre,
    low, high, outside, n. With unequal groups each has its own limits. Of very large groups the spread between periods
    exceeds that within: take a chart of single values there. CareError where no group has two values. Source:
    Montgomery 2009, section 6.3.

    >>> means, spreads = xbar_s([1, 3, 2, 4, 3, 5], ["a", "a", "b", "b", "c", "c"])
    >>> means[["low", "high"]].iloc[0].round(2).tolist(), spreads["centre"].iloc[0].round(3).item()
    ([-0.76, 6.76], 1.414)
    """
    frame = pd.DataFrame({"value": np.asarray(values, float), "group": np.asarray(groups)})
    by_group = frame.groupby("group", sort=False)["value"].agg(["mean", "std", "count"])
    mean, spread, n = (by_group[name].to_numpy(float) for name in ("mean", "std", "count"))
    several = n > 1
    if not several.any():
        raise CareError("a chart of means needs groups of two values or more")
    unbias = _c4(np.maximum(n, 2))
    sigma = float((spread[several] / unbias[several]).mean())
    centre, half = float(n @ mean / n.sum()), SIGMAS * sigma / np.sqrt(n)
    means = _chart(mean, centre, centre - half, centre + half).assign(n=n.astype(int))
    width = SIGMAS * sigma * np.sqrt(1 - unbias**2)
    spreads = _chart(spread, unbias * sigma, np.maximum(unbias * sigma - width, 0), unbias * sigma + width)
    return means, spreads.assign(n=n.astype(int))


@validated
def t_chart(times: Any) -> pd.DataFrame:
    """Chart of the times between rare events: an individuals chart of their 3.6th root, limits carried back.

    A high point is a long time without an event. Where the lower limit is 0 no worsening can be seen on it: take a
    ``cusum``. CareError for a time of 0 (two events at once), for which counts are to be charted. Source: Nelson 1994,
    Journal of Quality Technology 26:239-246.

    >>> t_chart([286, 948, 536, 124, 816])[["centre", "high"]].iloc[0].round(0).tolist()
    [463.0, 4643.0]
    """
    times = np.asarray(times, float)
    if len(times) < 2 or not (times > 0).all():
        raise CareError("a chart of times between events needs two times or more, all above zero")
    roots = times ** (1 / POWER)
    centre = float(roots.mean())
    half = SIGMAS * float(np.abs(np.diff(roots)).mean()) / D2
    low, high = max(centre - half, 0.0) ** POWER, (centre + half) ** POWER
    return _chart(times, centre**POWER, np.full(len(times), low), np.full(len(times), high))


@validated
def g_chart(between: ArrayLike, *, method: Literal["exact", "three-sigma"] = "exact") -> pd.DataFrame:
    """Chart of how many cases went well between two that did not, by quantiles of the geometric distribution.

    "exact" leaves 0.135 % beyond each limit; "three-sigma" is the usual chart, whose upper limit alarms on 1.8 % of
    points. Where the lower limit is 0 no worsening can be seen. Source: Benneyan 2001, Health Care Management Science
    4:305-318.

    >>> g_chart([12, 30, 7, 55, 20])[["centre", "high"]].iloc[0].round(1).tolist()
    [24.8, 167.0]
    """
    counts = np.asarray(between, float)
    if not len(counts) or not (counts >= 0).all() or not counts.sum() > 0:
        raise CareError("a g chart needs numbers of cases between events, some of them above zero")
    mean = float(counts.mean())
    if method == "three-sigma":
        half = SIGMAS * np.sqrt(mean * (mean + 1))
        low, high = max(mean - half, 0.0), mean + half
    else:
        survive = np.log1p(-1 / (mean + 1))
        low = float(max(np.ceil(np.log1p(-TAIL) / survive) - 1, 0))
        high = float(np.ceil(np.log(TAIL) / survive) - 1)
    return _chart(counts, mean, np.full(len(counts), low), np.full(len(counts), high))


@validated
def negative_binomial(counts: ArrayLike, *, tail: Inside = TAIL) -> Overdispersed:
    """Limits of counts that vary more than chance: quantiles of a negative binomial fitted by maximum likelihood.

    ``size`` is k, the variance being mean + mean² / k. Counts that vary no more than Poisson's have its limits.
    The test is of the index of dispersion, sum (x - mean)² / mean, on n - 1 degrees of freedom. CareError for fewer
    than two counts, or none above zero. Sources: Fisher 1950, Biometrics 6:17-24; Anscombe 1950, Biometrika 37:358-382.

    >>> found = negative_binomial([12, 30, 7, 55, 20, 18, 40, 9])
    >>> round(found.mean, 2), round(found.size, 2), found.high, found.p < 0.001
    (23.88, 2.68, 95.0, True)
    """
    x = np.asarray(counts, float)
    if len(x) < 2 or not (x >= 0).all() or not x.sum() > 0:
        raise CareError("limits of counts need two counts or more, some of them above zero")
    mean = float(x.mean())
    statistic = float(((x - mean) ** 2).sum() / mean)
    size = _size(x, mean)
    from scipy import stats  # a second to import

    law = stats.nbinom(size, size / (size + mean)) if np.isfinite(size) else stats.poisson(mean)
    df = len(x) - 1
    low, high = float(law.ppf(tail)), float(law.isf(tail))
    return Overdispersed(mean, size, low, high, statistic, df, float(special.chdtrc(df, statistic)))


def _size(x: NDArray[Any], mean: float) -> float:
    """The most likely k of a negative binomial; infinite where counts vary no more than Poisson's."""
    if x.var() <= mean:
        return float("inf")

    def slope(log_size: float) -> float:
        k = np.exp(log_size)
        return float((special.digamma(x + k) - special.digamma(k)).sum() + len(x) * np.log(k / (k + mean)))

    top = 0.0
    while slope(top) > 0 and top < MOST_SIZE:
        top += 1
    return float(np.exp(optimize.brentq(slope, -MOST_SIZE, top))) if slope(top) < 0 else float("inf")


def _c4(n: NDArray[Any]) -> NDArray[Any]:
    return np.sqrt(2 / (n - 1)) * np.exp(special.gammaln(n / 2) - special.gammaln((n - 1) / 2))


def _chart(value: Any, centre: Any, low: Any, high: Any) -> pd.DataFrame:
    outside = (value < low) | (value > high)
    return pd.DataFrame({"value": value, "centre": centre, "low": low, "high": high, "outside": outside})
