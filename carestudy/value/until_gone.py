"""How much is bought until a customer is gone, where each purchase may be the last with a chance spread as a beta."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import special

from carestudy.value.model_limits import ALIKE

NEAR = 1e-4


def bought(size: Any, pace: Any, a: float, b: Any) -> Any:
    """The mean over p, spread as Beta(a, b), of (1 - (1 + p pace)**-size) / p: purchases of who is here now.

    By the hypergeometric function of Fader, Hardie & Lee 2005, after Euler's transformation, in which nothing grows
    large; split in two betas that are one larger, so that no parameter is below zero.

    >>> round(float(bought(1.0, 1.0, 1.0, 1.0)), 6)  # the logarithm of 2
    0.693147
    """
    if np.min(b) >= ALIKE:  # all leave with one chance: no spread is left to take a mean over
        return _with_chance(size, pace, a / (a + b))
    if abs(a - 1) < NEAR:  # the formula divides by a - 1: its limit is the middle of both sides
        return (bought(size, pace, 1 - 1.01 * NEAR, b) + bought(size, pace, 1 + 1.01 * NEAR, b)) / 2
    with np.errstate(over="ignore", invalid="ignore"):
        mean_bought = (a * _larger(size, pace, a + 1, b) + b * _larger(size, pace, a, b + 1)) / (a + b)
    if np.isfinite(mean_bought).all():
        return mean_bought
    # Where the function passes what a number holds, a is so large that the mean of two points is as good.
    middle, spread = a / (a + b), np.sqrt(a * b / (a + b + 1)) / (a + b)
    two_points = [_with_chance(size, pace, middle + side * spread) for side in (-1, 1)]
    return np.where(np.isfinite(mean_bought), mean_bought, (two_points[0] + two_points[1]) / 2)


def _with_chance(size: Any, pace: Any, chance: Any) -> Any:
    """Purchases where each may be the last with a chance that is known."""
    return -np.expm1(-size * np.log1p(chance * pace)) / chance


def _larger(size: Any, pace: Any, a: float, b: Any) -> Any:
    """The same by the formula itself."""
    c = a + b - 1
    if np.min(size) >= ALIKE:  # all buy at one rate: purchases come as Poisson has them
        return c / (a - 1) * (1 - special.hyp1f1(a - 1, c, -size * pace))
    series = special.hyp2f1(a - 1, c - size, c, pace / (1 + pace))
    return c / (a - 1) * (1 - (1 + pace) ** (1 - a) * series)
