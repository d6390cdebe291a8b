"""Funnel plots: how far a figure may lie from the usual one by chance alone, the further the fewer cases there are.

Source: Spiegelhalter 2005, Statistics in Medicine 24:1185-1202.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from carestudy.contract import CareError
from carestudy.measure.front import validated
from carestudy.rendering import Rendered

LIMITS = (0.001, 0.025, 0.975, 0.999)  # of which the inner two hold 95 %, the outer two 99.8 %
WINSORISED = 0.1


@dataclass(frozen=True)
class Overdispersion(Rendered):
    """How much more units differ from the usual figure than chance explains.

    ``phi`` is the mean squared z score, 1 where chance explains everything; ``tau2`` the variance between units that
    it leaves, as an addition to that of chance; ``units`` is how many they were.
    """

    phi: float
    tau2: float
    units: int

    @property
    def clear(self) -> bool:
        """Whether ``phi`` is larger than chance would make it: more than two standard errors above 1."""
        return self.phi > 1 + 2 * float(np.sqrt(2 / self.units))


@validated
def funnel_limits(target: float, n: ArrayLike, p: ArrayLike = LIMITS, *, phi: float = 1.0) -> NDArray[Any]:
    """The shares that a unit of ``n`` cases stays below with each probability, if its true share is ``target``.

    Exact binomial limits, interpolated between counts, a row for each n and a column for each p. ``phi`` widens
    them about the target for units that differ more than by chance. A fractional ``n`` is an effective number of
    cases and taken as whole. Shares are 0..1 and so are the limits. Source: Spiegelhalter 2005, appendix A.1.1.

    >>> funnel_limits(0.2, [20, 100], [0.025, 0.975]).round(3).tolist()
    [[0.012, 0.366], [0.12, 0.276]]
    """
    if not 0 <= target <= 1:
        raise CareError(f"the target of a funnel of shares lies between 0 and 1, and {target:g} does not")
    size = np.maximum(np.round(np.asarray(n, float)), 1)[:, None]
    tail = np.asarray(p, float)[None, :]
    count = _binomial_quantile(tail, size, target)
    reached, before = _below(count, size, target), _below(count - 1, size, target)
    weight = np.divide(reached - tail, reached - before, out=np.zeros_like(reached), where=reached > before)
    exact = np.clip((count - weight) / size, 0, 1)
    result: NDArray[Any] = np.clip(target + (exact - target) * np.sqrt(phi), 0, 1)
    return result


@validated
def normal_limits(target: float, error: ArrayLike, p: ArrayLike = LIMITS, *, phi: float = 1.0) -> NDArray[Any]:
    """The values that a unit stays below with each probability, if its true value is ``target``, for any mean.

    ``error`` is each unit's standard error under chance alone; ``phi`` widens the limits for units that differ more.

    >>> normal_limits(30, [4, 8], [0.025, 0.975]).round(1).tolist()
    [[22.2, 37.8], [14.3, 45.7]]
    """
    result: NDArray[Any] = (
        target + special.ndtri(np.asarray(p, float))[None, :] * np.sqrt(phi) * np.asarray(error, float)[:, None]
    )
    return result


@validated
def winsorised(z: ArrayLike, share: float = WINSORISED) -> NDArray[Any]:
    """The z scores with the largest and smallest share of them pulled in to the next ones.

    >>> winsorised([-9, -1, 0, 1, 9], 0.25).tolist()
    [-1.0, -1.0, 0.0, 1.0, 1.0]
    """
    scores = np.asarray(z, float)
    return np.clip(scores, *np.quantile(scores, [share, 1 - share])) if len(scores) else scores


@validated
def overdispersion(
    value: ArrayLike, error: ArrayLike, target: float, *, winsorise: float = WINSORISED
) -> Overdispersion:
    """How much more units differ from the target than the chance errors of their values explain.

    The mean of the squared z scores, 10 % of them winsorised at each end so that the units one looks for do not hide
    themselves; and by DerSimonian and Laird's moments the variance between units that follows from it.
    Sources: Spiegelhalter 2005, as above; Spiegelhalter 2005, Quality and Safety in Health Care 14:347-351.

    >>> overdispersion([1, 2, 3], [0.5, 0.5, 0.5], 2, winsorise=0).tau2
    0.75
    """
    errors = np.asarray(error, float)
    if not len(errors) or not (errors > 0).all():
        raise CareError("overdispersion needs at least one unit, and errors above zero")
    scores = winsorised((np.asarray(value, float) - target) / errors, winsorise)
    units, weight = len(scores), errors**-2
    phi = float(np.mean(scores**2))
    left = weight.sum() - (weight**2).sum() / weight.sum()
    tau2 = max(units * phi - (units - 1), 0.0) / left if left > 0 else 0.0
    return Overdispersion(phi, float(tau2), units)


@validated
def two_sided(count: ArrayLike, n: ArrayLike, target: float, *, phi: float = 1.0) -> NDArray[Any]:
    """The probability of a share as far from the target as this one, chance and the usual spread being all there is.

    Exact binomial with half the probability of the count itself (mid-p), so that it is neither cautious nor bold;
    where ``phi`` is above 1, the z score that belongs to it is divided by its root. Counts may be fractional.

    >>> round(float(two_sided(10, 100, 0.2)), 4)
    0.008
    """
    above, size = np.asarray(count, float), np.asarray(n, float)
    lower = (_below(above, size, target) + _below(above - 1, size, target)) / 2
    upper = (_above(above, size, target) + _above(above + 1, size, target)) / 2
    tail = np.clip(np.minimum(lower, upper), 0, 0.5)
    result: NDArray[Any] = 2 * special.ndtr(special.ndtri(tail) / np.sqrt(phi))
    return result


def _below(count: NDArray[Any], n: NDArray[Any], target: float) -> NDArray[Any]:
    """The probability of at most so many, also between whole counts."""
    inside = special.betainc(np.maximum(n - count, 1e-12), np.maximum(count + 1, 1e-12), 1 - target)
    return np.where(count <= -1, 0.0, np.where(count >= n, 1.0, inside))


def _above(count: NDArray[Any], n: NDArray[Any], target: float) -> NDArray[Any]:
    """The probability of at least so many, without the loss of 1 - tiny."""
    return _below(n - count, n, 1 - target)


def _binomial_quantile(tail: NDArray[Any], n: NDArray[Any], target: float) -> NDArray[Any]:
    """The smallest count that is not exceeded with a probability above the tail.

    A search by halves: the count at which the distribution function passes the tail, whatever the size.
    """
    low, high = np.broadcast_arrays(np.full_like(tail * n, -1.0), np.floor(tail * 0 + n))
    low, high = low.copy(), high.copy()
    while ((high - low) > 1).any():
        middle = np.floor((low + high) / 2)
        passed = _below(middle, n, target) > tail
        high, low = np.where(passed, middle, high), np.where(passed, low, middle)
    return high
