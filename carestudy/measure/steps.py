"""Where the level of a series changed: least squares segments, found exactly and not by a grid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from carestudy.contract import CareError
from carestudy.measure.front import validated
from carestudy.measure.options import Count
from carestudy.rendering import Rendered

FEWEST = 2  # values in a segment
PRICE = 3.0  # of one more change, in log n times the noise: the modified BIC


@dataclass(frozen=True)
class ChangePoint(Rendered):
    """The split of a series in two that leaves the least squares.

    ``before`` values come first, with their mean and that of the rest. ``gain`` is what the split takes off the sum of
    squares; it is ``clear`` where that is more than ``penalty``, which noise alone seldom reaches.
    """

    before: int
    mean_before: float
    mean_after: float
    gain: float
    penalty: float

    @property
    def clear(self) -> bool:
        """Whether the split explains more than noise would."""
        return self.gain > self.penalty


@validated
def change_point(values: Any, *, weights: Any = None, fewest: Count = FEWEST) -> ChangePoint:
    """The one place at which a series is best split in two levels, by least squares.

    ``weights`` are how much each value is worth, such as its n; at least ``fewest`` values stand on either side.
    Source: Hinkley 1970, Biometrika 57:1-17; the penalty as in ``change_points``.

    >>> change_point([5, 6, 5, 6, 5, 9, 10, 9, 10, 9]).before
    5
    """
    sums = _Sums.of(values, weights)
    if sums.size < 2 * fewest:
        raise CareError(f"a change point needs at least {2 * fewest} values, and got {sums.size}")
    splits = range(fewest, sums.size - fewest + 1)
    costs = [sums.cost(0, split) + sums.cost(split, sums.size) for split in splits]
    best = splits[int(np.argmin(costs))]
    gain = sums.cost(0, sums.size) - min(costs)
    return ChangePoint(best, sums.mean(0, best), sums.mean(best, sums.size), max(gain, 0.0), _penalty(sums))


@validated
def change_points(values: Any, *, weights: Any = None, penalty: float | None = None, fewest: Count = 2) -> pd.DataFrame:
    """The levels of a series: a row for each segment with its first place, its size and its mean.

    One row means that no change was found. The segments have the least squares plus a ``penalty`` for each change; by
    default 3 log(n) times the noise, which is told from the differences of neighbours because a shift does not touch
    them. Source: Jackson et al. 2005, IEEE Signal Processing Letters 12:105-108 (optimal partitioning, the answer PELT
    gives); Zhang & Siegmund 2007, Biometrics 63:22-32 (the penalty).

    >>> change_points([5, 6, 5, 6, 5, 9, 10, 9, 10, 9])[["first", "size"]].to_numpy().tolist()
    [[0, 5], [5, 5]]
    """
    sums = _Sums.of(values, weights)
    ends = _ends(sums, _penalty(sums) if penalty is None else penalty, fewest)
    rows = [(start, end - start, sums.mean(start, end)) for start, end in zip([0, *ends], ends, strict=False)]
    return pd.DataFrame(rows, columns=["first", "size", "mean"])


def gradual(values: Any, levels: pd.DataFrame, *, time: Any = None, weights: Any = None) -> bool:
    """Whether a straight line describes a series better than the ``levels`` found in it do.

    A line costs one number, a change two and the search for its place: the lower sum of squares and price wins.

    >>> ramp = [1.0, 2.1, 2.9, 4.0, 5.1, 5.9]
    >>> gradual(ramp, change_points(ramp))
    True
    """
    value, sums = np.asarray(values, float), _Sums.of(values, weights)
    root = np.sqrt(np.diff(sums.running[0]))
    time = np.arange(len(value)) if time is None else np.asarray(time, float)
    design = np.column_stack([root, root * time])
    residuals = root * value - design @ np.linalg.lstsq(design, root * value, rcond=None)[0]
    ends = levels["first"] + levels["size"]
    steps = sum(sums.cost(first, end) for first, end in zip(levels["first"], ends, strict=True))
    return bool(residuals @ residuals + _penalty(sums) / PRICE < steps + _penalty(sums) * (len(levels) - 1))


def _ends(sums: _Sums, price: float, fewest: int) -> list[int]:
    """Where the segments of the cheapest segmentation end: that of every beginning of the series, one after another."""
    size = sums.size
    if not size:
        return []
    best, cut = {0: -price}, {}
    for end in range(min(fewest, size), size + 1):
        costs = {start: cost + sums.cost(start, end) + price for start, cost in best.items() if end - start >= fewest}
        costs = costs or {0: sums.cost(0, end)}  # a series too short to be cut
        cut[end] = min(costs, key=lambda start: (costs[start], start))
        best[end] = costs[cut[end]]
    ends = [size]
    while cut[ends[0]]:
        ends.insert(0, cut[ends[0]])
    return ends


@dataclass(frozen=True)
class _Sums:
    """Running sums, so that the squares about the mean of any stretch are three subtractions.

    ``noise`` is the variance of one value of weight 1 about its level: half the variance of the differences of
    neighbours. Values are held about their mean, which keeps the squares small beside what is told from them.
    """

    size: int
    noise: float
    middle: float
    running: Any

    @staticmethod
    def of(values: Any, weights: Any) -> _Sums:
        """The running sums of values and their weights."""
        value = np.asarray(values, float)
        weight = np.ones(len(value)) if weights is None else np.asarray(weights, float)
        if not (np.isfinite(value).all() and (weight > 0).all()):
            raise CareError("a change point needs numbers throughout, each of a weight above zero")
        steps = np.diff(value) / np.sqrt(1 / weight[1:] + 1 / weight[:-1])
        noise = float(np.var(steps, ddof=1)) if len(steps) > 1 else 0.0
        middle = float(value.mean()) if len(value) else 0.0
        terms = np.stack([weight, weight * (value - middle), weight * (value - middle) ** 2])
        return _Sums(len(value), noise, middle, np.pad(np.cumsum(terms, axis=1), ((0, 0), (1, 0))))

    def cost(self, start: int, end: int) -> float:
        """The sum of squares of a stretch about its mean."""
        weight, value, square = self.running[:, end] - self.running[:, start]
        return float(max(square - value**2 / weight, 0.0))

    def mean(self, start: int, end: int) -> float:
        """The mean of a stretch."""
        weight, value, _ = self.running[:, end] - self.running[:, start]
        return float(self.middle + value / weight)


def _penalty(sums: _Sums) -> float:
    return PRICE * float(np.log(max(sums.size, 1))) * sums.noise
