"""Whether a forecast can be trusted: made at an earlier day, and held against what has come since."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

import numpy as np
import pandas as pd

from carestudy.measure.intervals import z_value
from carestudy.rendering import Rendered

Verdict = Literal["yes", "no", "cannot tell"]
NEAR = 1.25  # times as much, or as little, as expected
FEWEST = 30  # events expected; of fewer nothing can be told


@dataclass(frozen=True)
class Against:
    """What came of what was expected: the ratio of the two with its interval over customers."""

    expected: float
    actual: float
    ratio: float
    low: float
    high: float

    @property
    def verdict(self) -> Verdict:
        """Whether the ratio lies, with its interval, within a quarter of what was expected; or beyond it."""
        if not np.isfinite(self.ratio):
            return "cannot tell"
        if self.low >= 1 / NEAR and self.high <= NEAR:
            return "yes"
        return "no" if self.high < 1 / NEAR or self.low > NEAR else "cannot tell"


@dataclass(frozen=True)
class HoldOut(Rendered):
    """A forecast made with the data known on ``since``, against what came until ``until``; prints whole.

    ``events`` are "purchases" or "losses", ``models`` those of then. ``tracking`` has day, actual, expected (both
    cumulative) and held_out. ``verdict`` tells whether the forecast can be trusted: "yes" where events and amounts
    both came within a quarter of what was expected, intervals included, "no" where one of them clearly did not, else
    "cannot tell".
    """

    since: date
    until: date
    customers: int
    events: str
    counted: Against
    amount: Against
    tracking: pd.DataFrame = field(compare=False)
    models: tuple[Any, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """Whether the forecast can be trusted."""
        verdicts = {self.counted.verdict, self.amount.verdict}
        if "no" in verdicts:
            return "no"
        few = self.counted.expected < FEWEST
        return "cannot tell" if few or "cannot tell" in verdicts else "yes"


def against(expected: Any, actual: Any, level: float = 0.95) -> Against:
    """What came of what was expected of each customer; the interval by how far they differ, customer by customer.

    >>> against([1.0, 1.0, 2.0], [1, 1, 2]).ratio
    1.0
    """
    forecast, came = np.asarray(expected, float), np.asarray(actual, float)
    total = float(forecast.sum())
    if not total > 0:
        return Against(total, float(came.sum()), *[float("nan")] * 3)
    ratio = float(came.sum()) / total
    reach = z_value(level) * float(np.sqrt(((came - forecast) ** 2).sum())) / total
    return Against(total, float(came.sum()), ratio, ratio - reach, ratio + reach)
