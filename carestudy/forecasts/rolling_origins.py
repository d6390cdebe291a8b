"""How well each way of foretelling did: forecasts from earlier days, with what was known then, against what came."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from carestudy.contract import CareError
from carestudy.forecasts.calendar_model import FULL_YEARS, SEASONS, calendar_forecast, mean, naive, season_of
from carestudy.forecasts.calendar_terms import LENGTHS, YEAR
from carestudy.measure.intervals import wilson
from carestudy.stats.forecast_accuracy import conformal_half_width, diebold_mariano, forecast_accuracy

MOST = 60  # origins
FEWEST_APART = 8  # origins whose spans do not overlap, below which two ways are not compared
CHANCE = 0.1
HALF = 0.5  # added to both counts before their ratio, so that a day without any has one
CALENDAR, NAIVE, MEAN = "calendar", "seasonal naive", "mean"


@dataclass(frozen=True)
class Origins:
    """What came in the spans after each origin, and what each way foretold of it: origin x step."""

    starts: tuple[int, ...]
    came: NDArray[Any]
    foretold: dict[str, NDArray[Any]]

    def errors(self, way: str) -> NDArray[Any]:
        """The logarithms of what came over what was foretold."""
        return np.asarray(np.log((self.came + HALF) / (self.foretold[way] + HALF)))


@dataclass(frozen=True)
class Choice:
    """The way that is kept, why, and its errors beside those of the naive one."""

    way: str
    why: str
    mase: float
    mase_naive: float
    p: float


def rolling_origins(counts: NDArray[Any], terms: pd.DataFrame, every: str, horizon: int) -> Origins:
    """Forecasts from at most 60 earlier ends of the history, the last one as far back as the horizon reaches.

    Each is made from the past of its origin alone, of which there is half the history at least.
    """
    last = len(counts) - horizon
    years = int(np.ceil(FULL_YEARS * YEAR / LENGTHS[every]))
    earliest = max(len(counts) // 2, years if last - years >= FEWEST_APART * horizon else 0)
    step = max(1, (last - earliest) // (MOST - 1))
    step -= int(every == "day" and step % SEASONS["day"] == 0)  # else all origins are of one weekday
    starts = tuple(range(last, earliest - 1, -step))[:MOST][::-1]
    foretold: dict[str, list[NDArray[Any]]] = {CALENDAR: [], NAIVE: [], MEAN: []}
    for start in starts:
        past = counts[:start]
        foretold[CALENDAR].append(calendar_forecast(past, terms.iloc[: start + horizon], every))
        foretold[NAIVE].append(naive(past, every, horizon))
        foretold[MEAN].append(mean(past, horizon))
    came = np.array([counts[start : start + horizon] for start in starts])
    return Origins(starts, came, {way: np.array(rows) for way, rows in foretold.items()})


def chosen(counts: NDArray[Any], origins: Origins, every: str) -> Choice:
    """The calendar where it is better than the naive ways, by MASE below 1 and Diebold-Mariano; else the better one.

    The scale of MASE is the seasonal naive error of the days that are judged, not of years with fewer contacts.
    """
    off = {way: np.abs(origins.came - rows) for way, rows in origins.foretold.items()}
    simple = min((NAIVE, MEAN), key=lambda way: (float(off[way].mean()), way))
    season = season_of(every, origins.starts[0])
    training = counts[origins.starts[0] - season :]
    try:
        mase, mase_simple = (
            forecast_accuracy(origins.came.ravel(), origins.foretold[way].ravel(), training, season=season).mase
            for way in (CALENDAR, simple)
        )
        p, better = _compared(origins, off[CALENDAR].mean(axis=1), off[simple].mean(axis=1))
    except CareError as problem:
        return Choice(simple, str(problem), np.nan, np.nan, np.nan)
    if not mase < 1:
        return Choice(simple, "the calendar errs no less than the seasonal naive forecast", mase, mase_simple, p)
    if not (better and p < CHANCE):
        return Choice(simple, f"the calendar is not shown to be better than the {simple}", mase, mase_simple, p)
    return Choice(CALENDAR, f"better than the {simple}", mase, mase_simple, p)


def _compared(origins: Origins, calendar: NDArray[Any], simple: NDArray[Any]) -> tuple[float, bool]:
    """Diebold-Mariano on the mean errors of spans that do not overlap, and whether the calendar has the smaller."""
    horizon, apart = origins.came.shape[1], [len(origins.starts) - 1]
    for place in range(len(origins.starts) - 2, -1, -1):
        if origins.starts[apart[-1]] - origins.starts[place] >= horizon:
            apart.append(place)
    if len(apart) < FEWEST_APART:
        raise CareError(f"{len(apart)} spans that do not overlap are too few to compare two forecasts: 8 are needed")
    found = diebold_mariano(calendar[apart], simple[apart], power=1)
    return found.p, found.statistic < 0


def bounds(value: NDArray[Any], errors: NDArray[Any], level: float) -> tuple[NDArray[Any], NDArray[Any]]:
    """The split-conformal interval of each step, from the errors of earlier forecasts at the same distance."""
    far = np.array([conformal_half_width(column, level=level) for column in errors.T])
    low, high = ((value + HALF) * np.exp(sign * far) - HALF for sign in (-1, 1))
    return np.maximum(low, 0.0), high


def coverage(origins: Origins, way: str, level: float) -> tuple[float, float, float, int]:
    """Share of what came that lay within the interval told before, its Wilson limits, and of how many origins.

    The interval of an origin is made from forecasts whose days had come by then. The days after one origin are alike,
    so that the limits are those of as many cases as there are origins.
    """
    errors = np.abs(origins.errors(way))
    starts, horizon = np.array(origins.starts), errors.shape[1]
    hits = []
    for index, start in enumerate(starts):
        held = []
        for step in range(horizon):
            earlier = errors[: int(np.searchsorted(starts, start - step - 1, side="right")), step]
            if int(np.ceil((len(earlier) + 1) * level - 1e-9)) <= len(earlier):
                held.append(errors[index, step] <= conformal_half_width(earlier, level=level))
        hits += [float(np.mean(held))] if held else []
    if not hits:
        return np.nan, np.nan, np.nan, 0
    share = float(np.mean(hits))
    low, high = wilson(share * len(hits), len(hits), level=0.95)
    return share, float(low), float(high), len(hits)
