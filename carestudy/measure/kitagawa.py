"""Why a figure changed: the part that a changed mix of segments explains, and the part that their own figures do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from carestudy.contract import CareError
from carestudy.measure.front import validated

__all__ = ["effects_of_sums", "errors", "kitagawa", "simpson"]

TINY = 1e-30  # of a complex step: its square is lost, so the derivative is exact
SAME = 1e-12  # two figures closer than this are equal: they differ by rounding alone


@validated
def kitagawa(size_before: Any, rate_before: Any, size_now: Any, rate_now: Any, *, around: float = 0.0) -> pd.DataFrame:
    """The change of a whole split into mix and rate effects of its segments, half of the interaction to each side.

    A segment's ``rate`` effect is its mean share times the change of its rate; its ``mix`` effect the change of its
    share times its mean rate, measured from ``around``. Whatever ``around`` is, the effects of all segments add up to
    the change of the whole; at 0 those of each segment add up to the change of its contribution, share times rate.
    Sizes are counts, weights or shares. A rate that is missing because a segment was empty is taken from the other
    side, so all that the segment does is mix. For two factors this equals Shapley's split. Source: Kitagawa 1955, JASA
    50:1168-1194; Das Gupta 1993, US Census Bureau P23-186.

    >>> split = kitagawa([50, 50], [0.9, 0.5], [70, 30], [0.9, 0.5])
    >>> split[["mix", "rate"]].sum().round(6).tolist()
    [0.08, 0.0]
    """
    size0, rate0, size1, rate1 = (np.asarray(one, float) for one in (size_before, rate_before, size_now, rate_now))
    if len({one.shape for one in (size0, rate0, size1, rate1)}) != 1 or size0.ndim != 1:
        raise CareError("mix and rate effects need a size and a rate of every segment on both sides")
    if not ((size0 >= 0).all() and (size1 >= 0).all() and size0.sum() > 0 and size1.sum() > 0):
        raise CareError("mix and rate effects need sizes of segments that are not negative and not all zero")
    rate0, rate1 = np.where(size0 > 0, rate0, np.nan), np.where(size1 > 0, rate1, np.nan)
    rate0, rate1 = np.where(np.isnan(rate0), rate1, rate0), np.where(np.isnan(rate1), rate0, rate1)
    rate0, rate1 = (np.where((size0 + size1) > 0, rate, 0.0) for rate in (rate0, rate1))
    mix, rate = _effects(size0 / size0.sum(), rate0, size1 / size1.sum(), rate1, around)
    shares = {"share_before": size0 / size0.sum(), "share_now": size1 / size1.sum()}
    return pd.DataFrame({**shares, "rate_before": rate0, "rate_now": rate1, "mix": mix, "rate": rate})


@validated
def simpson(rate_before: Any, rate_now: Any, change: float) -> bool:
    """Whether Simpson's paradox holds: no segment moved the way the whole did, and there are two or more.

    ``change`` is that of the whole. Segments that stood still while the whole moved count, as the mix alone moved it.
    Source: Simpson 1951, JRSS B 13:238-241.

    >>> simpson([0.90, 0.50], [0.92, 0.52], -0.05), simpson([0.90, 0.50], [0.92, 0.40], -0.05)
    (True, False)
    """
    steps = np.asarray(rate_now, float) - np.asarray(rate_before, float)
    steps = steps[np.isfinite(steps)]
    size = SAME * max(np.abs(steps).max(initial=0.0), abs(change), 1.0)
    if len(steps) < 2 or not abs(change) > size:
        return False
    return bool((steps * np.sign(change) <= size).all())


def effects_of_sums(above: Any, below: Any) -> Any:
    """The change, its mix and rate effects, and those of each segment, from sums above and below the line.

    ``above`` and ``below`` have a row for before and one for now, a column for each segment. Gives the change, the
    total mix and rate effect, then the mix effects measured from the mean of the two wholes, then the rate effects.
    """
    whole = above.sum(axis=1) / below.sum(axis=1)
    share = below / below.sum(axis=1, keepdims=True)
    empty = below.real == 0
    rate = above / np.where(empty, 1.0, below)
    rate = np.where(empty, rate[::-1], rate)
    mix, rates = _effects(share[0], rate[0], share[1], rate[1], whole.sum() / 2)
    return np.concatenate([[whole[1] - whole[0], mix.sum(), rates.sum()], mix, rates])


def errors(function: Callable[[Any, Any], Any], above: Any, below: Any, products: Any) -> Any:
    """Standard errors of what a function makes of sums over independent customers, by linearisation.

    ``products`` are the sums over customers of the products of every two of their parts of the sums: those above the
    line first, then those below, each before and now. The derivatives are taken by a complex step and so are exact.
    """
    point = np.concatenate([above.ravel(), below.ravel()])
    cut = above.size
    slopes = []
    for place in range(len(point)):
        moved = point.astype(complex)
        moved[place] += TINY * 1j
        value = function(moved[:cut].reshape(above.shape), moved[cut:].reshape(below.shape))
        slopes.append(value.imag / TINY)
    jacobian = np.array(slopes)
    # An absent segment is no estimate: its derivative has nothing to be multiplied with.
    jacobian = np.where(np.diag(products)[:, None] > 0, jacobian, 0.0)
    variance = np.einsum("ik,ij,jk->k", jacobian, products, jacobian)
    return np.sqrt(np.maximum(variance, 0.0))


def _effects(share0: Any, rate0: Any, share1: Any, rate1: Any, around: Any) -> tuple[Any, Any]:
    return ((rate0 + rate1) / 2 - around) * (share1 - share0), (share0 + share1) / 2 * (rate1 - rate0)


def __dir__() -> list[str]:
    return __all__
