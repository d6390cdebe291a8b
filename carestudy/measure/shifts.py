"""Whether the level of any series has shifted, since when, and how sure that is: one change, with its season."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import special

from carestudy.contract import CareError
from carestudy.measure.front import validated
from carestudy.measure.options import Count, Level
from carestudy.rendering import Rendered

FEWEST_BEFORE, FEWEST_AFTER = 3, 2  # periods at the old and at the new level


@dataclass(frozen=True)
class Shift(Rendered):
    """The one change that describes a series best: a new level, or a steady slope where that describes it better.

    ``first`` is the place of the first value of the new level, and ``earliest`` to ``latest`` its interval; of a
    ``gradual`` change they are missing. ``before`` and ``after`` are the levels without the season; of a gradual change
    those at the two ends. ``error`` is the standard error of their difference, and ``p`` allows for the search among
    all places and the slope.
    """

    gradual: bool
    first: int | None
    earliest: int | None
    latest: int | None
    before: float
    after: float
    error: float
    df: int
    p: float

    @property
    def change(self) -> float:
        """The level after less the level before."""
        return self.after - self.before

    def limits(self, level: float = 0.95) -> tuple[float, float]:
        """The limits of Student's interval of the change, as if its date had been known before."""
        half = float(special.stdtrit(self.df, (1 + level) / 2)) * self.error
        return self.change - half, self.change + half


@validated
def shift(
    values: Any,
    *,
    weights: Any = None,
    season: float | None = None,
    before: Count = FEWEST_BEFORE,
    after: Count = FEWEST_AFTER,
    level: Level = 0.95,
) -> Shift:
    """The one change of level or slope that describes a series best, with the p value of the whole search.

    Least squares with ``weights`` (how much each value is worth, such as its n); with ``season``, the steps in a year,
    a sine and a cosine of the year are fitted together with the change, so that neither takes what is the other's: a
    change exactly a year before the end is found as any other. At least ``before`` values stand at the old level and
    ``after`` at the new one. The p value is the smallest of all places and the slope, times their number (Bonferroni),
    on Student's t with the spread that the best change leaves. The interval of the place holds every place whose sum
    of squares is no further from the best than the likelihood ratio of a change point allows (Worsley 1986,
    Biometrika 73:91-104: 7.35 times the variance for 95 %).

    >>> found = shift([5, 6, 5, 6, 5, 9, 10, 9, 10, 9])
    >>> found.first, (found.earliest, found.latest), round(found.change, 2), found.p < 0.001
    (5, (5, 5), 4.0, True)
    """
    value = np.asarray(values, float)
    weight = np.ones(len(value)) if weights is None else np.asarray(weights, float)
    if value.ndim != 1 or weight.shape != value.shape or not np.isfinite(value).all() or not (weight > 0).all():
        raise CareError("a shift needs numbers throughout, each of a weight above zero")
    seasons = _seasons(len(value), season)
    if len(value) < before + after or len(value) < seasons.shape[1] + 3:
        raise CareError(
            f"a shift needs at least {max(before + after, seasons.shape[1] + 3)} values, and got {len(value)}"
        )
    places = range(before, len(value) - after + 1)
    fits = [_fit(value, weight, seasons, (np.arange(len(value)) >= position).astype(float)) for position in places]
    slope = _fit(value, weight, seasons, np.linspace(0, 1, len(value)))
    best = min([*fits, slope], key=lambda fit: fit.squares)
    p = min(1.0, (len(fits) + 1) * best.p)
    if best is slope:
        return Shift(
            slope is best, None, None, None, slope.before, slope.before + slope.change, slope.error, slope.df, p
        )
    first, last = _interval(fits, best, level)
    position = fits.index(best)
    ends = (best.before, best.before + best.change)
    return Shift(slope is best, places[position], places[first], places[last], *ends, best.error, best.df, p)


@dataclass(frozen=True)
class _Fit:
    """A regression on one change: the level before it, its size with its error, and the squares it leaves."""

    before: float
    change: float
    error: float
    squares: float
    df: int

    @property
    def p(self) -> float:
        """The p value of the change where it alone is looked at."""
        if not self.error > 0:
            return 0.0 if self.change else 1.0
        return float(2 * special.stdtr(self.df, -abs(self.change) / self.error))


def _seasons(size: int, season: float | None) -> Any:
    """A constant and, where asked for, the year as a sine and a cosine, each with the mean zero."""
    columns = [np.ones(size)]
    if season:
        angle = 2 * np.pi * np.arange(size) / season
        columns += [wave - wave.mean() for wave in (np.sin(angle), np.cos(angle))]
    return np.column_stack(columns)


def _fit(value: Any, weight: Any, seasons: Any, change: Any) -> _Fit:
    root = np.sqrt(weight)[:, None]
    design = np.column_stack([seasons, change])
    coefficients, _, rank, _ = np.linalg.lstsq(design * root, value * root[:, 0], rcond=None)
    left = value - design @ coefficients
    squares, df = float(weight @ left**2), len(value) - design.shape[1]
    if rank < design.shape[1]:
        return _Fit(float(value.mean()), 0.0, np.inf, float(weight @ (value - value.mean()) ** 2), df)
    # Rounding leaves squares where there are none.
    squares = squares if squares > 1e-18 * float(weight @ value**2) else 0.0
    spread = np.linalg.inv(((design * root).T) @ (design * root))[-1, -1]
    return _Fit(float(coefficients[0]), float(coefficients[-1]), float(np.sqrt(spread * squares / df)), squares, df)


def _interval(fits: list[_Fit], best: _Fit, level: float) -> tuple[int, int]:
    """The first and the last place that describe the series nearly as well as the best."""
    reach = -2 * np.log(1 - np.sqrt(level)) * best.squares / best.df
    near = [position for position, fit in enumerate(fits) if fit.squares - best.squares <= reach]
    return near[0], near[-1]


def __dir__() -> list[str]:
    return ["Shift", "shift"]
