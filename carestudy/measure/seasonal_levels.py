"""The levels of a series once its season is taken out, and the changes between them."""

from __future__ import annotations

from typing import Any

import numpy as np

from carestudy.measure.shifts import shift
from carestudy.measure.steps import change_points, gradual

SIDE = 3  # periods a level lasts at least, so that one odd month is no change of level
SURE = 0.01  # of a change that is fitted together with the season

Change = tuple[int, float, float]  # the place of the first value of a new level, the level before it, and after it


def seasonal_levels(value: Any, season: Any, weight: Any, time: Any, *, year: float | None) -> tuple[Any, list[Change]]:
    """The level of each value, and the places where it changes; none where a line says it better.

    ``season`` is what a trend and its harmonics take for the season, which is taken out. A trend and a season together
    can take nearly all of a change of level that lies half of the series back: where ``year`` (its steps) is given and
    nothing is found, the one change that is fitted together with the season is taken instead.
    """
    nothing: tuple[Any, list[Change]] = (np.full(len(value), np.nan), [])
    if len(value) < 2 * SIDE:
        return nothing
    weight = weight / weight.mean()
    free = value - season
    levels = change_points(free, weights=weight, fewest=SIDE)
    if len(levels) > 1 and not gradual(free, levels, time=time, weights=weight):
        means, starts = levels["mean"].to_numpy(float), levels["first"].to_numpy()[1:]
        pairs = zip(starts, means, means[1:], strict=False)
        return np.repeat(means, levels["size"]), [(int(at), float(before), float(after)) for at, before, after in pairs]
    if year is None:
        return nothing
    together = shift(value, weights=weight, season=year, before=SIDE, after=SIDE)
    if together.first is None or together.p > SURE:
        return nothing
    ends = together.before, together.after
    return np.repeat(ends, [together.first, len(value) - together.first]), [(together.first, *ends)]


def __dir__() -> list[str]:
    return ["seasonal_levels"]
