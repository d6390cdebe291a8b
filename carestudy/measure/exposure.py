"""Shares of customers kept or lost over time, taken to another number of days: a longer month loses more of them."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np

from carestudy.periods import Period

PerTime = Literal["kept", "lost"]  # which share of the customers at its start a period keeps, or loses


def at_days(share: Any, per_time: PerTime, times: float) -> Any:
    """A share kept or lost over a period, as it would be over so many ``times`` its days at the same daily rate.

    Of a share r lost, 1 - (1 - r)^times; of a share r kept, r^times. Numbers or arrays, 0 to 1; a net loss may be
    negative, where the base grows. What is missing stays missing. Source: the constant hazard of survival analysis,
    S(t) = S(d)^(t / d).

    >>> february, march = 1 - 0.999**28, 1 - 0.999**31
    >>> round(float(at_days(february, "lost", 31 / 28)), 6) == round(march, 6)
    True
    """
    values = np.asarray(share, float)
    stays = np.clip(values if per_time == "kept" else 1 - values, 0, None) ** times
    return stays if per_time == "kept" else 1 - stays


def times_longer(now: Period, past: Period) -> float:
    """The days of one period over those of another."""
    return (now.end - now.start).days / (past.end - past.start).days
