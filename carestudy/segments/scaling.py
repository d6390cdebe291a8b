"""Features on one scale: logarithms, less their median, over their interquartile range."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from carestudy.segments.clusters import rounded

BINS = 10


@dataclass(frozen=True)
class Scale:
    """How a feature becomes comparable: (log(1 + x) - middle) / spread; of negative x the log of -x, negative.

    ``spread`` is the interquartile range of the logs; where more than half of the customers are alike, so that it is
    zero, their standard deviation, and ``by`` says so. A feature in which all are alike is 0 for everybody. ``edges``
    cut the scaled feature into tenths of the customers at the fit, of which ``shares`` are what fell into each:
    against them it is seen later whether customers have become other ones.
    """

    feature: str
    middle: float
    spread: float
    by: Literal["iqr", "sd", "constant"]
    edges: tuple[float, ...] = ()
    shares: tuple[float, ...] = ()

    @staticmethod
    def of(feature: str, values: Any) -> Scale:
        """The scale of a feature that has these values."""
        logs = logged(np.asarray(values, float))
        low, middle, high = np.quantile(logs, [0.25, 0.5, 0.75])
        spread, by = float(high - low), "iqr"
        if spread <= 0:
            spread, by = float(logs.std()), "sd"
        # Of equal numbers the standard deviation may differ from 0 by rounding.
        if not (logs != logs[0]).any():
            return Scale(feature, float(logs[0]), 1.0, "constant", (), (1.0,))
        middle, spread = (float(number) for number in rounded([middle, spread]))
        scaled = (logs - middle) / spread
        edges = np.unique(rounded(np.quantile(scaled, np.arange(1, BINS) / BINS)))
        places = np.searchsorted(edges, rounded(scaled), side="left")
        shares = np.bincount(places, minlength=len(edges) + 1) / len(scaled)
        quantiles: tuple[tuple[float, ...], ...] = tuple(tuple(map(float, number)) for number in (edges, shares))
        return Scale(feature, middle, spread, by, *quantiles)  # type: ignore[arg-type]

    def scaled(self, values: Any) -> Any:
        """Values on the scale."""
        return (logged(np.asarray(values, float)) - self.middle) / self.spread

    def expression(self, column: Any) -> Any:
        """The same of a column in the engine."""
        number = column.cast("float64")
        log = (number < 0).ifelse(-(1.0 - number).ln(), (1.0 + number.abs()).ln())
        return (log - self.middle) / self.spread


def logged(values: Any) -> Any:
    """log(1 + x), and of negative x the negative of that of -x."""
    return np.sign(values) * np.log(1 + np.abs(values))
