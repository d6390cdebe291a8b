"""What is bought later counts less."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np

from carestudy.contract import CareError

NODES = 12
YEAR = 365.25  # days
FAR = 21.0  # e**-21 of a purchase is less than a billionth


def rate_of(yearly: float, days: float) -> float:
    """The continuous rate per unit of so many days that equals a yearly discount.

    >>> round(rate_of(0.15, 7), 4)
    0.0027
    """
    return float(np.log1p(yearly) * days / YEAR)


def discounted(bought: Callable[[float], Any], rate: float, time: float | None) -> Any:
    """What is bought up to a time, each purchase discounted; ``bought`` tells how much by then without discount.

    By parts: all that is bought, discounted from the end, and what sooner purchases gain. For ever is as long as it
    takes for a purchase to count less than a billionth; periods double, so that the first weeks are not passed over.
    """
    if time is None:
        if rate <= 0:
            raise CareError("purchases for ever need a discount rate above zero")
        time = FAR / rate
        edges = [0.0, *(time * 2.0**-power for power in range(9, -1, -1))]
    else:
        edges = [0.0, time]
    integral = np.exp(-rate * time) * bought(time)
    nodes = _legendre()
    for start, end in pairwise(edges):
        half = (end - start) / 2
        for node, weight in nodes:
            at = start + half * (1 + node)
            integral = integral + rate * half * weight * np.exp(-rate * at) * bought(at)
    return integral


@cache
def _legendre() -> Any:
    return list(zip(*np.polynomial.legendre.leggauss(NODES), strict=True))
