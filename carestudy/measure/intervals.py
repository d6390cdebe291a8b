"""Intervals of shares, scores, means and sums, and of their changes.

Every function takes numbers or arrays and gives a pair (low, high).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import special

from carestudy.contract import CareError
from carestudy.measure.front import validated
from carestudy.measure.options import Level

__all__ = [
    "goodman",
    "mover",
    "newcombe",
    "nps_change",
    "nps_variance",
    "nps_wald",
    "order_ranks",
    "sison_glaz",
    "wilson",
    "z_value",
]

Limits = tuple[Any, Any]
FEWEST_OF_A_PART = 5  # below it the multinomial is too far from normal


@validated
def z_value(level: Level = 0.95) -> float:
    """The half-width in standard errors that covers a normal variable with this probability."""
    return float(special.ndtri((1 + level) / 2))


@validated
def wilson(count: Any, n: Any, level: Level = 0.95) -> Limits:
    """Wilson score interval of a share.

    Source: Newcombe 1998, Statistics in Medicine 17:857-872, method 3.

    >>> low, high = wilson(81, 263)
    >>> round(float(low), 4), round(float(high), 4)
    (0.2553, 0.3662)
    """
    count, n = np.asarray(count, float), np.asarray(n, float)
    square = z_value(level) ** 2
    with np.errstate(invalid="ignore", divide="ignore"):
        share = count / n
        centre = (count + square / 2) / (n + square)
        half = np.sqrt(square * share * (1 - share) / n + (square / n / 2) ** 2) / (1 + square / n)
        low = np.where(count == 0, 0.0, centre - half)
        high = np.where(count == n, 1.0, centre + half)
    return np.where(n > 0, low, np.nan), np.where(n > 0, high, np.nan)


@validated
def goodman(counts: Any, level: Level = 0.95) -> Limits:
    """Simultaneous intervals of the shares that make up a whole: all of them hold together with this probability.

    ``counts`` are of all the parts, those of 0 included; an empty whole has no intervals. Wilson's intervals, wide
    enough for as many of them. Source: Goodman 1965, Technometrics 7:247-254.

    >>> low, high = goodman([56, 72, 73, 59, 62, 87, 58])
    >>> low.round(3).tolist()[0], high.round(3).tolist()[0]
    (0.085, 0.166)
    """
    counts = np.asarray(counts, float)
    return wilson(counts, np.full(counts.shape, counts.sum()), 1 - (1 - level) / max(counts.size, 1))


@validated
def sison_glaz(counts: Any, level: Level = 0.95) -> Limits:
    """Simultaneous intervals of the shares that make up a whole, narrower than Goodman's where all counts are large.

    Refused with a count below 5, where they do not hold. Source: Sison & Glaz 1995, JASA 90:366-369.

    >>> low, high = sison_glaz([56, 72, 73, 59, 62, 87, 58])
    >>> low.round(3).tolist()[0], high.round(3).tolist()[0]
    (0.079, 0.164)
    """
    from statsmodels.stats.proportion import multinomial_proportions_confint  # a second to import

    counts = np.asarray(counts, float)
    if counts.size == 0 or counts.min() < FEWEST_OF_A_PART:
        raise CareError(f"Sison-Glaz intervals need every count to be {FEWEST_OF_A_PART} or more: use goodman")
    limits = np.asarray(multinomial_proportions_confint(counts, 1 - level, method="sison-glaz"))
    return limits[:, 0], limits[:, 1]


@validated
def newcombe(count: Any, n: Any, count_before: Any, n_before: Any, level: Level = 0.95) -> Limits:
    """Hybrid score interval of the difference of two independent shares.

    Source: Newcombe 1998, Statistics in Medicine 17:873-890, method 10.

    >>> low, high = newcombe(56, 70, 48, 80)
    >>> round(float(low), 4), round(float(high), 4)
    (0.0524, 0.3339)
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        now, before = np.divide(count, n), np.divide(count_before, n_before)
    return mover(now, wilson(count, n, level), before, wilson(count_before, n_before, level))


@validated
def mover(now: Any, now_limits: Limits, before: Any, before_limits: Limits, *, correlation: Any = 0.0) -> Limits:
    """Interval of a difference recovered from the intervals of its two sides, and how far these move together.

    Source: Zou & Donner 2008, Statistics in Medicine 27:1693-1702; with Wilson limits it is Newcombe's method 10, and
    with a ``correlation`` that of Newcombe 1998, 17:2635-2650, for paired shares.

    >>> low, high = mover(0.5, (0.4, 0.6), 0.4, (0.3, 0.5), correlation=0.5)
    >>> round(float(low), 4), round(float(high), 4)
    (0.0, 0.2)
    """
    change = np.asarray(now) - np.asarray(before)
    sides = ((now - now_limits[0], before_limits[1] - before), (now_limits[1] - now, before - before_limits[0]))
    low, high = (np.sqrt(np.maximum(a**2 + b**2 - 2 * correlation * a * b, 0.0)) for a, b in sides)
    return change - low, change + high


@validated
def nps_wald(promoters: Any, passives: Any, detractors: Any, level: Level = 0.95, *, adjusted: bool = True) -> Limits:
    """Interval of the net promoter score as a share, -1 to 1.

    Adjusted by 3/4 promoter, 3/4 detractor and 3 answers in all, which keeps its coverage for few answers and for
    scores near the ends. Source: Rocks 2016, The American Statistician 70:365-372.

    >>> low, high = nps_wald(53, 32, 15, adjusted=False)
    >>> round(float(low), 4), round(float(high), 4)
    (0.2366, 0.5234)
    """
    extra = 0.75 if adjusted else 0.0
    counts = (np.add(promoters, extra), np.add(passives, 2 * extra), np.add(detractors, extra))
    score, error = _score(*counts), np.sqrt(nps_variance(*counts))
    half = z_value(level) * error
    return np.maximum(score - half, -1), np.minimum(score + half, 1)


def nps_variance(promoters: Any, passives: Any, detractors: Any) -> Any:
    """Variance of the net promoter score as a share: that of one answer, divided by the number of answers."""
    with np.errstate(invalid="ignore", divide="ignore"):
        n = np.asarray(promoters, float) + passives + detractors
        return ((np.asarray(promoters) + detractors) / n - _score(promoters, passives, detractors) ** 2) / n


@validated
def nps_change(now: tuple[Any, Any, Any], before: tuple[Any, Any, Any], level: Level = 0.95) -> tuple[Any, Limits, Any]:
    """Change of the net promoter score between two samples of (promoters, passives, detractors).

    Gives the difference as a share, its Wald interval and the two-sided p value.

    >>> change, limits, p = nps_change((53, 32, 15), (34, 33, 23))
    >>> round(float(change), 4), round(float(p), 4)
    (0.2578, 0.0197)
    """
    change = _score(*now) - _score(*before)
    error = np.sqrt(nps_variance(*now) + nps_variance(*before))
    half = z_value(level) * error
    with np.errstate(invalid="ignore", divide="ignore"):
        p = 2 * special.ndtr(-np.abs(change) / error)
    return change, (change - half, change + half), p


@validated
def order_ranks(n: Any, quantile: float = 0.5, level: Level = 0.95) -> Limits:
    """Ranks (from 1) of the order statistics that hold a quantile between them with at least this probability.

    NaN where so few values have no such pair. Source: Conover 1999, Practical Nonparametric Statistics, section 3.2.

    >>> [int(rank) for rank in order_ranks(15)]
    [4, 12]
    """
    tail = (1 - level) / 2
    from scipy import stats  # a second to import, and only medians need it

    low = stats.binom.ppf(tail, n, quantile)
    low = np.where(stats.binom.cdf(low, n, quantile) > tail, low, low + 1)
    high = stats.binom.ppf(1 - tail, n, quantile) + 1
    return np.where(low >= 1, low, np.nan), np.where(high <= n, high, np.nan)


def _score(promoters: Any, passives: Any, detractors: Any) -> Any:
    with np.errstate(invalid="ignore", divide="ignore"):
        return (np.asarray(promoters, float) - detractors) / (np.asarray(promoters, float) + passives + detractors)


def __dir__() -> list[str]:
    return __all__
