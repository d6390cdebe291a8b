"""How long customers stay and cases stay open, when not all of them have ended yet."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from carestudy.measure.intervals import z_value


def kaplan_meier(
    duration: Any, ended: Any, *, entry: Any = None, weight: Any = None, level: float = 0.95
) -> pd.DataFrame:
    """Share still here after each duration at which somebody left, counting those who have not left yet as at risk.

    ``entry`` is the duration at which somebody came under observation, ``weight`` how many are alike. Gives duration,
    at_risk, ended, value and its log-log interval. Source: Kaplan & Meier 1958, JASA 53:457-481; Greenwood 1926.

    >>> kaplan_meier([1, 2, 2, 3], [True, True, False, False])["value"].round(2).tolist()
    [0.75, 0.5]
    """
    length, ends = np.asarray(duration, float), np.asarray(ended, bool)
    since = np.full(len(length), -np.inf) if entry is None else np.asarray(entry, float)
    alike = np.ones(len(length)) if weight is None else np.asarray(weight, float)
    times = np.unique(length[ends])
    at_risk = _at_least(length, alike, times) - _at_least(since, alike, times)
    left = np.array([alike[ends & (length == time)].sum() for time in times])
    value = np.cumprod(1 - left / at_risk)
    with np.errstate(divide="ignore", invalid="ignore"):
        greenwood = np.sqrt(np.cumsum(left / (at_risk * (at_risk - left))))
        spread = np.exp(z_value(level) * greenwood / np.abs(np.log(value)))
        low, high = value**spread, value ** (1 / spread)
    return pd.DataFrame(
        {"duration": times, "at_risk": at_risk, "ended": left, "value": value, "low": low, "high": high}
    )


def _at_least(length: Any, alike: Any, times: Any) -> Any:
    """How many reach each of the times."""
    order = np.argsort(length)
    before = np.concatenate([[0.0], np.cumsum(alike[order])])
    return before[-1] - before[np.searchsorted(length[order], times)]
