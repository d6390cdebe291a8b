"""Ratios of two totals, such as the cost of a resolution, with intervals that know both totals vary."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from carestudy.arguments import Level, validated
from carestudy.contract import CareError
from carestudy.rendering import Rendered


@dataclass(frozen=True)
class RatioOfTotals(Rendered):
    """A ratio of totals with its error by the delta method and its interval by Fieller's."""

    value: float
    error: float
    low: float
    high: float
    n: int


@validated
def ratio_of_totals(numerator: ArrayLike, denominator: ArrayLike, *, level: Level = 0.95) -> RatioOfTotals:
    """Total of one measure over that of another, both of the same units (days, teams, customers).

    Not the mean of the units' own ratios, in which a unit of 2 weighs as much as one of 200. Fieller's interval by
    Student's t. CareError where the denominator is not clearly above zero, so that the interval has no end. Source:
    Fieller 1954, JRSS B 16:175-185; Davison & Hinkley 1997, example 2.2.

    >>> found = ratio_of_totals([143, 104, 69, 260, 75], [138, 93, 61, 179, 48])
    >>> round(found.value, 3), round(found.low, 3), round(found.high, 3)
    (1.254, 0.765, 1.585)
    """
    a, b = np.asarray(numerator, float), np.asarray(denominator, float)
    if len(a) != len(b) or len(a) < 2 or not b.sum():
        raise CareError("a ratio of totals needs two units or more, each with both measures")
    n = len(a)
    value = float(a.sum() / b.sum())
    error = float(np.sqrt(n / (n - 1) * ((a - value * b) ** 2).sum()) / abs(b.sum()))
    saa, sab, sbb = (float(moment) for moment in np.cov(a, b)[np.triu_indices(2)] / n)
    square = float(special.stdtrit(n - 1, (1 + level) / 2)) ** 2
    lead = b.mean() ** 2 - square * sbb
    middle = a.mean() * b.mean() - square * sab
    root = middle**2 - lead * (a.mean() ** 2 - square * saa)
    if not (lead > 0 and root >= 0):
        raise CareError("the denominator is not clearly above zero: its ratio has no interval")
    low, high = ((middle + side * np.sqrt(root)) / lead for side in (-1, 1))
    return RatioOfTotals(value, error, float(low), float(high), n)
