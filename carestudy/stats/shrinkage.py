"""Many estimates at once, each drawn towards their mean by as much as it is uncertain."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from carestudy.arguments import validated
from carestudy.contract import CareError

FEWEST = 4  # estimates, one of which the mean costs


@validated
def james_stein(values: Any, errors: Any = 1.0, *, target: float | None = None) -> NDArray[Any]:
    """Estimates drawn towards their mean (or a ``target``), never beyond it: the positive-part James-Stein estimator.

    ``errors`` are their standard errors: one for all, or one each, which draws unsure estimates further. On the whole
    they lie nearer to the truth than the estimates themselves, though not each of them. CareError for fewer than four
    estimates (three with a target), or an error of zero. Sources: Efron & Morris 1975, JASA 70:311-319; with unequal
    errors Efron & Morris 1973, 68:117-130, by the moment estimate of the spread.

    >>> james_stein([4.0, 6.0, 5.0, 9.0], 1.0).round(3).tolist()
    [4.143, 6.0, 5.071, 8.786]
    """
    y, error = np.asarray(values, float), np.asarray(errors, float)
    least = FEWEST - (target is not None)
    if y.ndim != 1 or len(y) < least or not np.isfinite(y).all():
        raise CareError(f"estimates are drawn together from {least} of them on, none of them missing")
    if not (error > 0).all() or error.ndim > 1 or (error.ndim == 1 and len(error) != len(y)):
        raise CareError("estimates need standard errors above zero: one for all, or one each")
    if error.ndim == 0 or np.ptp(error) == 0:
        square = float(np.max(error)) ** 2
        middle = float(y.mean()) if target is None else target
        squares = float(((y - middle) ** 2).sum())
        free = len(y) - (3 if target is None else 2)
        return middle + (max(0.0, 1 - free * square / squares) if squares > 0 else 0.0) * (y - middle)
    return _unequal(y, error**2, target)


def _unequal(values: NDArray[Any], squares: NDArray[Any], target: float | None) -> NDArray[Any]:
    """The same by the spread of the truth that leaves as much variation as is seen."""
    low, high = 0.0, float(((values - (values.mean() if target is None else target)) ** 2).sum())
    free = len(values) - (3 if target is None else 2)

    def seen(spread: float) -> tuple[float, float]:
        weight = 1 / (squares + spread)
        middle = float(weight @ values / weight.sum()) if target is None else target
        return float(weight @ (values - middle) ** 2), middle

    if seen(0.0)[0] > free:
        for _ in range(200):
            spread = (low + high) / 2
            low, high = (spread, high) if seen(spread)[0] > free else (low, spread)
    else:
        low = high = 0.0
    spread = (low + high) / 2
    middle = seen(spread)[1]
    return middle + spread / (spread + squares) * (values - middle)
