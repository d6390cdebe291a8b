"""Rates of groups as if all had the same mix of cases, and observed against expected numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from scipy import optimize, special

from carestudy.arguments import Level, validated
from carestudy.contract import CareError
from carestudy.rendering import Rendered

FEWEST = 10  # cases, below which a normal or Byar interval of a standardised rate does not hold
FEWEST_EXPECTED = 1.0


@dataclass(frozen=True)
class Standardised(Rendered):
    """A rate as if a group had the mix of the standard, beside the crude one."""

    value: float
    low: float
    high: float
    crude: float
    cases: float


@dataclass(frozen=True)
class ObservedExpected(Rendered):
    """How many cases a group has over how many it would have at the rates of all, with the exact two-sided p value.

    ``rate`` is the ratio times the crude rate of the standard, where that is known.
    """

    ratio: float
    low: float
    high: float
    p: float
    observed: float
    expected: float
    rate: float | None = None


@validated
def direct_rate(
    count: Any, population: Any, standard: Any, *, method: Literal["gamma", "dobson"] = "gamma", per: float = 1,
    level: Level = 0.95,
) -> Standardised:  # fmt: skip
    """Directly standardised rate: the rates of the strata of a group, weighted by a standard population.

    ``count`` of ``population`` in each stratum, ``standard`` the sizes of the strata in the standard. "gamma" is the
    interval of Fay & Feuer, which holds where a heavy stratum has no case; "dobson" is Dobson's with Byar's limits and
    refuses fewer than 10 cases. CareError for an empty stratum that counts in the standard. Sources: Fay & Feuer 1997,
    Statistics in Medicine 16:791-801; Dobson et al. 1991, 10:457-462.

    >>> found = direct_rate([2, 8], [100, 200], [500, 500], per=100)
    >>> round(found.value, 2), round(found.crude, 2)
    (3.0, 3.33)
    """
    count, population, standard = (np.asarray(numbers, float) for numbers in (count, population, standard))
    if not (count.shape == population.shape == standard.shape) or not standard.sum() > 0:
        raise CareError("a standardised rate needs a count, a population and a standard of every stratum")
    used = standard > 0
    if not (population[used] > 0).all():
        raise CareError("a stratum that counts in the standard has nobody in the group: its rate is not known")
    weight = standard[used] / standard.sum() / population[used]
    cases = float(count.sum())
    value, variance = float(weight @ count[used]), float(weight**2 @ count[used])
    if method == "dobson":
        if cases < FEWEST:
            raise CareError(f"{cases:g} cases are too few for a standardised rate: at least {FEWEST} are needed")
        low, high = (value + np.sqrt(variance / cases) * (limit - cases) for limit in _byar(cases, level))
    else:
        low, high = _gamma(value, variance, float(weight.max()), level)
    return Standardised(value * per, float(low) * per, float(high) * per, cases / float(population.sum()) * per, cases)


@validated
def direct_share(count: Any, n: Any, standard: Any, *, level: Level = 0.95) -> Standardised:
    """Directly standardised share: the shares of the strata of a group, weighted by a standard mix.

    For what many have, so that it is no rare event. The interval is recovered from Wilson's of the strata (MOVER).
    CareError for an empty stratum that counts in the standard. Source: Zou & Donner 2008, Statistics in Medicine
    27:1693-1702.

    >>> found = direct_share([45, 10], [50, 20], [100, 100])
    >>> round(found.value, 2), round(found.low, 2), round(found.high, 2)
    (0.7, 0.58, 0.8)
    """
    count, n, standard = (np.asarray(numbers, float) for numbers in (count, n, standard))
    used = standard > 0
    if not used.any() or not (n[used] > 0).all():
        raise CareError("a stratum that counts in the standard has nobody in the group: its share is not known")
    weight, share = standard[used] / standard.sum(), count[used] / n[used]
    square = float(special.ndtri((1 + level) / 2)) ** 2
    centre = (count[used] + square / 2) / (n[used] + square)
    half = np.sqrt(square * share * (1 - share) / n[used] + (square / n[used] / 2) ** 2) / (1 + square / n[used])
    value = float(weight @ share)
    low = value - np.sqrt(weight**2 @ (share - centre + half) ** 2)
    high = value + np.sqrt(weight**2 @ (centre + half - share) ** 2)
    return Standardised(value, float(low), float(high), float(count.sum() / n.sum()), float(count.sum()))


@validated
def observed_expected(
    observed: float, expected: float, *, method: Literal["exact", "byar", "mid-p", "log-normal"] = "exact",
    level: Level = 0.95,
) -> ObservedExpected:  # fmt: skip
    """Observed over expected cases (SMR) with the interval of a Poisson count; the p value is the exact two-sided one.

    "byar" takes x cases below and x + 1 above, unlike R epitools, whose interval of that name is Rothman's. "mid-p"
    counts half of the observed number itself, its p value too. CareError where less than one case is expected. Sources:
    Breslow & Day 1987, IARC volume II; Vandenbroucke 1982, American Journal of Epidemiology 115:303-304.

    >>> found = observed_expected(4, 3.3)
    >>> round(found.ratio, 4), round(found.low, 3), round(found.high, 3)
    (1.2121, 0.33, 3.104)
    """
    if not expected >= FEWEST_EXPECTED or observed < 0:
        raise CareError(f"{expected:g} expected cases are too few for a ratio: at least 1 is needed")
    tail = (1 - level) / 2
    low: Any
    high: Any
    if method == "exact":
        low, high = special.gammaincinv(observed, tail) if observed else 0.0, special.gammainccinv(observed + 1, tail)
    elif method == "byar":
        low, high = _byar(observed, level)
    elif method == "mid-p":
        low, high = _mid_limits(observed, tail)
    else:
        half = np.exp(float(special.ndtri(1 - tail)) / np.sqrt(observed)) if observed else np.nan
        low, high = observed / half, observed * half
    half_weight = 0.5 if method == "mid-p" else 0.0
    p = min(1.0, 2 * min(_upper(observed, expected, half_weight), _lower(observed, expected, half_weight)))
    return ObservedExpected(observed / expected, float(low / expected), float(high / expected), p, observed, expected)


@validated
def indirect_rate(
    count: float, population: Any, standard_count: Any, standard_population: Any, *,
    method: Literal["exact", "byar", "mid-p", "log-normal"] = "exact", per: float = 1, level: Level = 0.95,
) -> ObservedExpected:  # fmt: skip
    """Indirectly standardised rate: the cases of a group over those it would have at the rates of the standard.

    For a small group, of which only the total is needed. ``count`` is the total of the group, ``population`` its
    strata; the ratios of two groups with different mixes are not comparable with each other. A big group should be
    left out of its own standard, else its ratio is drawn to 1. Source: Breslow & Day 1987, IARC volume II.

    >>> found = indirect_rate(12, [100, 200], [50, 40], [1000, 1000], per=100)
    >>> round(found.expected, 1), round(found.ratio, 3), round(found.rate, 2)
    (13.0, 0.923, 4.15)
    """
    population, cases, size = (
        np.asarray(numbers, float) for numbers in (population, standard_count, standard_population)
    )
    if not (size[population > 0] > 0).all():
        raise CareError("a stratum of the group has nobody in the standard: its expected number is not known")
    rates = np.divide(cases, size, out=np.zeros(len(size)), where=size > 0)
    ratio = observed_expected(count, float(rates @ population), method=method, level=level)
    rate = ratio.ratio * float(cases.sum() / size.sum()) * per
    return ObservedExpected(ratio.ratio, ratio.low, ratio.high, ratio.p, ratio.observed, ratio.expected, rate)


@validated
def ratio_of_ratios(observed: int, expected: float, observed_other: int, expected_other: float, *,
                    level: Level = 0.95) -> ObservedExpected:  # fmt: skip
    """Ratio of two groups' observed over expected cases, with the exact interval given the sum of their cases.

    It holds only where the two have the same pattern of rates over the strata. The p value is of the exact binomial
    test. Source: Breslow & Day 1987, IARC volume II, section 3.4; as R's poisson.test of two counts.

    >>> found = ratio_of_ratios(11, 800, 21, 3011)
    >>> round(found.ratio, 3), round(found.low, 3), round(found.high, 3), round(found.p, 4)
    (1.971, 0.858, 4.277, 0.0797)
    """
    from scipy import stats  # a second to import

    total = observed + observed_other
    if not (total > 0 and expected > 0 and expected_other > 0):
        raise CareError("a ratio of two ratios needs cases, and expected numbers above zero")
    share, tail = expected / (expected + expected_other), (1 - level) / 2
    low = float(special.betaincinv(observed, total - observed + 1, tail)) if observed else 0.0
    high = float(special.betaincinv(observed + 1, total - observed, 1 - tail)) if observed < total else 1.0
    odds = [one / (1 - one) if one < 1 else np.inf for one in (observed / total, low, high)]
    value, low, high = (float(odd) * expected_other / expected for odd in odds)
    p = float(stats.binomtest(observed, total, share).pvalue)
    return ObservedExpected(value, low, high, p, observed, expected)


def _byar(cases: float, level: float) -> tuple[float, float]:
    z = float(special.ndtri((1 + level) / 2))
    low = cases * (1 - 1 / (9 * cases) - z / (3 * np.sqrt(cases))) ** 3 if cases else 0.0
    next_case = cases + 1
    return float(low), float(next_case * (1 - 1 / (9 * next_case) + z / (3 * np.sqrt(next_case))) ** 3)


def _gamma(value: float, variance: float, heaviest: float, level: float) -> tuple[float, float]:
    """Fay & Feuer's limits: the upper one allows for one more case in the heaviest stratum."""
    tail = (1 - level) / 2
    low = float(special.gammaincinv(value**2 / variance, tail)) * variance / value if value > 0 else 0.0
    upper, wide = value + heaviest, variance + heaviest**2
    return low, float(special.gammainccinv(upper**2 / wide, tail)) * wide / upper


def _upper(observed: float, mean: float, half: float) -> float:
    """The chance of as many cases or more, the observed number itself counting in part."""
    at_least = float(special.gammainc(observed, mean)) if observed > 0 else 1.0
    return at_least - half * _exactly(observed, mean)


def _lower(observed: float, mean: float, half: float) -> float:
    return float(special.gammaincc(observed + 1, mean)) - half * _exactly(observed, mean)


def _exactly(observed: float, mean: float) -> float:
    return float(np.exp(observed * np.log(mean) - mean - special.gammaln(observed + 1)))


def _mid_limits(observed: float, tail: float) -> tuple[float, float]:
    top = observed + 10 * np.sqrt(observed + 1) + 20
    high = optimize.brentq(lambda mean: _lower(observed, mean, 0.5) - tail, max(observed, 1e-9), top)
    if not observed:
        return 0.0, float(high)
    return float(optimize.brentq(lambda mean: _upper(observed, mean, 0.5) - tail, 1e-9, observed)), float(high)
