"""How much is bought until a customer is gone, where each purchase may be the last with a chance spread as a beta."""

from __future__ import annotations

from typing import Any

from scipy import special

NEAR = 1e-4


def bought(size: Any, pace: Any, a: float, b: Any) -> Any:
    """The mean over p, spread as Beta(a, b), of (1 - (1 + p pace)**-size) / p: purchases of who is here now.

    By the hypergeometric function of Fader, Hardie & Lee 2005, after Euler's transformation, in which nothing grows
    large; split in two betas that are one larger, so that no parameter is below zero.

    >>> round(float(bought(1.0, 1.0, 1.0, 1.0)), 6)  # the logarithm of 2
    0.693147
    """
    if abs(a - 1) < NEAR:  # the formula divides by a - 1: its limit is the middle of both sides
        return (bought(size, pace, 1 - 1.01 * NEAR, b) + bought(size, pace, 1 + 1.01 * NEAR, b)) / 2
    return (a * _larger(size, pace, a + 1, b) + b * _larger(size, pace, a, b + 1)) / (a + b)


def _larger(size: Any, pace: Any, a: float, b: Any) -> Any:
    """The same by the formula itself."""
    c = a + b - 1
    series = special.hyp2f1(a - 1, c - size, c, pace / (1 + pace))
    return c / (a - 1) * (1 - (1 + pace) ** (1 - a) * series)
