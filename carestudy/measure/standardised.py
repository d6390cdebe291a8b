"""Rates as if all had been given the same: observed over expected, and a rate on the mix of a standard."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import special

from carestudy.contract import CareError
from carestudy.measure.front import validated
from carestudy.measure.options import Level
from carestudy.rendering import Rendered

METHODS = ("exact", "byar", "mid-p")
STEPS = 200  # of bisection, which is more than the digits of a number


@dataclass(frozen=True)
class Ratio(Rendered):
    """Observed over expected, with its limits."""

    observed: float
    expected: float
    value: float
    low: float
    high: float


@validated
def observed_expected(observed: float, expected: float, *, method: str = "exact", level: Level = 0.95) -> Ratio:
    """The number observed over the number expected, as a standardised ratio with its interval.

    "exact" is Garwood's of a Poisson count, "byar" Byar's approximation (Breslow & Day 1987, II, 2.3; the count itself
    below, one more above), "mid-p" the exact one with half the probability of the count itself. The expected number is
    taken as known. CareError where nothing is expected.

    >>> ratio = observed_expected(4, 3.3)
    >>> round(ratio.value, 3), round(ratio.low, 3), round(ratio.high, 3)
    (1.212, 0.33, 3.104)
    """
    if method not in METHODS:
        raise CareError(f"method='{method}' is not known: choose one of {', '.join(METHODS)}")
    if not (observed >= 0 and expected > 0):
        raise CareError("a standardised ratio needs a number observed of 0 or more and one expected above 0")
    limits = dict(zip(METHODS, (_garwood, _byar, _mid_p), strict=True))[method]
    low, high = limits(observed, (1 - level) / 2)
    return Ratio(observed, expected, observed / expected, low / expected, high / expected)


def _garwood(count: float, tail: float) -> tuple[float, float]:
    low = special.gammaincinv(count, tail) if count > 0 else 0.0
    return float(low), float(special.gammainccinv(count + 1, tail))


def _byar(count: float, tail: float) -> tuple[float, float]:
    z = special.ndtri(1 - tail)
    ends = (count, -z, 0.0), (count + 1, z, np.inf)
    low, high = (n * (1 - 1 / (9 * n) + s / (3 * np.sqrt(n))) ** 3 if n > 0 else none for n, s, none in ends)
    return max(float(low), 0.0), float(high)


def _mid_p(count: float, tail: float) -> tuple[float, float]:
    def below(mean: float) -> float:
        alone = np.exp(special.xlogy(count, mean) - mean - special.gammaln(count + 1))
        return float(special.pdtr(count, mean) - alone / 2)

    top = _garwood(count, tail)[1] + 1
    low = 0.0 if count == 0 else _root(lambda mean: 1 - below(mean) - tail, 0.0, top)
    return low, _root(lambda mean: tail - below(mean), 0.0, top)


def _root(rising: Any, low: float, high: float) -> float:
    """Where a rising function is zero, by bisection."""
    for _ in range(STEPS):
        middle = (low + high) / 2
        low, high = (low, middle) if rising(middle) > 0 else (middle, high)
    return (low + high) / 2


@validated
def directly(
    counts: Any, sizes: Any, standard: Any, *, method: str = "gamma", level: Level = 0.95
) -> tuple[float, ...]:
    """The rate a unit would have with the mix of a standard, and its limits.

    ``counts`` of events among ``sizes`` in each stratum, ``standard`` the sizes of the strata of the standard. "gamma"
    is Fay & Feuer's interval (1997, Statistics in Medicine 16:791-801), "dobson" that of Dobson et al. 1991 with Byar's
    limits of the total count. CareError below 10 events, or where a stratum without cases makes more than 5 % of the
    standard.

    >>> [round(1000 * x, 1) for x in directly([40, 60], [2000, 1000], [500, 500])]
    [40.0, 32.2, 49.2]
    """
    count, size, weight = (np.asarray(one, float) for one in (counts, sizes, standard))
    share = weight / weight.sum()
    if count.sum() < 10 or (share[size == 0] > 0.05).any():
        raise CareError("a directly standardised rate needs 10 events, and cases in every stratum of weight")
    part = np.divide(share, size, out=np.zeros_like(share), where=size > 0)
    rate, variance, tail = float(part @ count), float(part**2 @ count), (1 - level) / 2
    if method == "dobson":
        total = float(count.sum())
        ends = (rate + np.sqrt(variance / total) * (end - total) for end in _byar(total, tail))
        return rate, *map(float, ends)
    most = float(part.max())
    low = variance / rate * special.gammaincinv(rate**2 / variance, tail)
    shape = (rate + most) ** 2 / (variance + most**2)
    return rate, float(low), float((variance + most**2) / (rate + most) * special.gammaincinv(shape, 1 - tail))


def __dir__() -> list[str]:
    return ["Ratio", "directly", "observed_expected"]
