"""What a forecast of either kind consists of: its models, a row a customer, and how to draw it anew."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from carestudy.contract import CareError
from carestudy.measure.intervals import z_value
from carestudy.value.resample import Fit, spread

VALUES = ("value", "low", "high", "customers", "brought")
FEWEST = 10  # customers; of fewer there is no value


@dataclass(frozen=True)
class Asked:
    """How far ahead, at which discount a year, what share of revenue remains, and by which model of purchases."""

    months: int
    discount: float
    margin: float
    model: str = "bg_nbd"

    def __post_init__(self) -> None:
        if not 0 <= self.discount < 1:
            raise CareError(f"discount={self.discount} is a share a year from 0 on, such as 0.10")
        if not 0 < self.margin <= 1:
            raise CareError(f"margin={self.margin} is a share of revenue above 0 and up to 1, such as 0.3")


@dataclass(frozen=True)
class Forecast:
    """A method by its name, its models, and a frame with a row a customer.

    ``rows`` has customer_id, the dimensions, here (1 for those who are forecast, else 0), ahead (purchases' worth or
    months expected), paid and active (amount and months of which the rate of a group is the ratio; 1 and 1 where ahead
    is an amount), brought, p_alive, expected and worth (the value of that customer alone). ``curve`` has the shares
    still here after each month, observed and projected. ``doubt`` is by how much less may come, in logarithms, for a
    reason that no drawing anew of these customers shows.
    """

    method: str
    models: tuple[Any, ...]
    rows: pd.DataFrame = field(compare=False)
    fits: tuple[Fit, ...] = field(compare=False, default=())
    curve: pd.DataFrame = field(compare=False, default_factory=pd.DataFrame)
    doubt: float = 0.0

    def values(self, by: list[str], level: float = 0.95) -> tuple[pd.DataFrame, pd.DataFrame]:
        """The mean value ahead and brought so far, with the interval: of each group, and of all customers."""
        groups = self.rows.groupby(by, dropna=False, sort=True) if by else None
        keys = np.zeros(len(self.rows), int) if groups is None else groups.ngroup().to_numpy()
        n = _sums(keys, self.rows["here"].to_numpy(float))
        value = self._mean(keys, np.ones(len(keys)), np.ones(len(keys)))
        reach = z_value(level) * spread(self.fits, len(keys), lambda *drawn: self._mean(keys, *drawn))
        with np.errstate(divide="ignore", invalid="ignore"):
            brought = _sums(keys, (self.rows["here"] * self.rows["brought"]).to_numpy(float)) / n
            limits = value * np.exp(-np.hypot(reach, self.doubt)), value * np.exp(reach)
        known = n >= FEWEST
        judged = [np.where(known, estimate, np.nan) for estimate in (value, *limits)]
        frame = pd.DataFrame(dict(zip(VALUES, (*judged, n.astype(int), brought), strict=True)))
        total = frame.tail(1).reset_index(drop=True)
        if groups is None:
            return total, total
        names = groups.size().reset_index()[by]
        return pd.concat([names, frame.iloc[:-1]], axis=1), total

    def _mean(self, keys: Any, counts: Any, factor: Any) -> Any:
        """The value ahead of each group and of all: what is ahead of a customer times the rate of the group."""
        is_here, ahead, paid, active = (self.rows[name].to_numpy(float) for name in ("here", "ahead", "paid", "active"))
        with np.errstate(divide="ignore", invalid="ignore"):
            rate = _sums(keys, counts * paid) / _sums(keys, counts * active)
            return rate * _sums(keys, counts * is_here * ahead * factor) / _sums(keys, counts * is_here)


def _sums(keys: Any, amounts: Any) -> Any:
    """The sum of each group, and last that of all."""
    return np.append(np.bincount(keys, amounts), amounts.sum())
