"""Contacts of a company whose expected number on each day is known."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

import carestudy as cs


def contacts(counts: list[int], first: date, hour: int = 10, **columns: Any) -> pd.DataFrame:
    """So many contacts on each day from the first one on."""
    days = [first + timedelta(days=k) for k, count in enumerate(counts) for _ in range(count)]
    opened = [f"{day} {hour:02}:00" for day in days]
    return pd.DataFrame({"contact_id": [str(k) for k in range(len(days))], "opened_at": opened, **columns})


def company(expected: Callable[[date], float], first: date, days: int, seed: int = 1) -> Any:
    """A company with Poisson counts about what is expected of each day."""
    dice = np.random.default_rng(seed)
    counts = [int(dice.poisson(expected(first + timedelta(days=k)))) for k in range(days)]
    return cs.load({"contacts": contacts(counts, first)}, as_of=str(first + timedelta(days=days - 1)))
