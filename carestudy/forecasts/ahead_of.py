"""What is to come of a figure that counts: its days or weeks, each with an interval that earlier forecasts kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, Literal, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from carestudy.care import Care
from carestudy.contract import CareError, Missing
from carestudy.forecasts.calendar_model import calendar_forecast, mean, naive
from carestudy.forecasts.calendar_terms import LENGTHS, calendar_terms, tet_window
from carestudy.forecasts.rolling_origins import CALENDAR, NAIVE, Origins, bounds, chosen, coverage, rolling_origins
from carestudy.measure.front import reads
from carestudy.measure.kpi import Kpi
from carestudy.measure.options import Count, Level
from carestudy.periods import Period
from carestudy.rendering import Rendered

HORIZON = {"day": 28, "week": 8}
FEWEST = 24  # periods of history
REACH = 3  # a horizon is no more than the history over this
FEWEST_TET = 3  # of which an interval is made; below it the last one is the range
MOST_ZEROS = 0.5
ONE_TET = 60  # days within which windows belong to the same Tết
CONFORMAL, LAST_TET, NO_TET = "earlier forecasts", "last Tết", "no Tết seen"


@dataclass(frozen=True, eq=False)
class Forecast(Rendered):
    """The expected counts of the next days or weeks, with intervals, and how such forecasts did before.

    ``frame`` has a row for each group and period to come: ``date`` it begins on, ``value``, ``low``, ``high`` and
    ``basis``, what the interval rests on. ``accuracy`` has a row for each group: the ``method`` and ``why`` it was
    taken, ``mase`` of the calendar model and ``mase_naive`` of the best simple one, Diebold-Mariano's ``p``, the number
    of ``origins``, and the ``coverage`` of the intervals on those origins with its limits. ``past`` is the last
    forecast that can be checked, beside what ``came``; ``history`` the counts that it rests on.
    """

    kpi: str
    every: str
    by: str | None
    level: float
    as_of: date
    n: int
    refused: tuple[str, ...]
    frame: pd.DataFrame
    accuracy: pd.DataFrame
    past: pd.DataFrame
    history: pd.DataFrame = field(repr=False)
    errors: pd.DataFrame = field(repr=False)

    def __repr__(self) -> str:
        lines = [f"{self.kpi}, {len(self.frame)} {self.every}s to come, from {self.n} up to {self.as_of}"]
        lines += [
            f"  {row['method']} ({row['why']}): MASE {row['mase']:.2f}, simple {row['mase_naive']:.2f}; "
            f"intervals of {self.level:.0%} held {row['coverage']:.0%} "
            f"({row['coverage_low']:.0%} to {row['coverage_high']:.0%})"
            for row in self.accuracy.to_dict("records")
        ]
        return "\n".join([*lines, *(f"  {one}" for one in self.refused), self.frame.to_string(index=False)])


@reads()
def forecast(
    care: Care,
    kpi: Kpi,
    *,
    every: Literal["day", "week"] = "day",
    horizon: Count | None = None,
    by: str | None = None,
    level: Level = 0.95,
) -> Forecast:
    """What is to come of a figure that counts, for so many days or weeks after the last whole one.

    For totals such as ``kpi.contact_count`` or ``kpi.complaint_count``; ``by`` foretells each channel, topic ... by
    itself. The calendar model is a quasi-Poisson regression on trend, weekday, season of the year (from two full years
    on), windows around Tết, public holidays and make-up days; it is kept only where its earlier forecasts were better
    than the seasonal naive one and the mean (MASE below 1, Diebold-Mariano p < 0.1), and otherwise the better of those
    is the forecast. Intervals are split-conformal by distance, from the errors of at most 60 earlier forecasts; around
    Tết, with fewer than three in the data, the interval is what the last one had. ``horizon`` is 28 days or 8 weeks
    unless given. CareError for figures that do not count, a horizon of more than a third of the history, series that
    are mostly zeros, and a level that so few earlier forecasts cannot tell. Sources: Hyndman & Athanasopoulos 2018;
    Lei et al. 2018, JASA 113:1094-1111.
    """
    asked = kpi.of()
    steps = horizon or HORIZON[every]
    if not (asked.is_whole and asked.is_sum) or asked.timeless:
        raise CareError(f"{asked.name} does not count by the day, so it is not foretold: try contact_count")
    counted = _counted(care, asked, every, by)
    days = sorted(set(counted["date"]))
    ahead = [days[-1] + timedelta(days=LENGTHS[every] * (step + 1)) for step in range(steps)]
    terms = calendar_terms(care, [*days, *ahead], every)
    told, refused = [], []
    for name, rows in counted.groupby(by, dropna=False, sort=False) if by else [(None, counted)]:
        group: dict[str, Any] = {} if by is None else {by: None if pd.isna(cast("Any", name)) else name}
        try:
            told.append(_told(rows.reset_index(drop=True), terms, ahead, group, every, level))
        except CareError as problem:
            if by is None:
                raise
            refused.append(f"{group[by]!s}: {problem}")
    if not told:
        raise CareError(f"no group of {by} can be foretold: {refused[0]}")
    frames = [pd.concat(one, ignore_index=True) for one in zip(*told, strict=True)]
    frame, accuracy, past, errors = frames
    return Forecast(
        kpi=asked.id, every=every, by=by, level=level, as_of=care.as_of.astimezone(care.zone).date(),
        n=counted["date"].nunique(), refused=tuple(refused), frame=frame, accuracy=accuracy, past=past,
        history=counted, errors=errors,
    )  # fmt: skip


def _counted(care: Care, kpi: Kpi, every: str, by: str | None) -> pd.DataFrame:
    """The count of each whole day or week of each group, 0 where there was none."""
    try:
        frame = kpi(care, every=every, by=by)
    except Missing as problem:
        raise problem.for_figure("forecast") from None
    starts = {text: _start(text, every) for text in frame["period"].unique()}
    days = frame["period"].map(starts)
    first = care.spans[kpi.tables[0]][0] if kpi.tables[0] in care.spans else min(starts.values())
    counted = frame.assign(date=days, value=frame["value"].fillna(0.0))[[*([by] if by else []), "date", "value"]]
    return counted[counted["date"] >= first].sort_values([*([by] if by else []), "date"], ignore_index=True)


def _start(text: str, every: str) -> date:
    return date.fromisoformat(text) if every == "day" else Period.parse(text).start


def _told(
    rows: pd.DataFrame, terms: pd.DataFrame, ahead: list[date], group: dict[str, Any], every: str, level: float
) -> tuple[pd.DataFrame, ...]:
    """The forecast of one series, its accuracy, the last one that can be checked, and the errors of all."""
    counts, steps = rows["value"].to_numpy(float), len(ahead)
    _refuse(counts, every, steps)
    origins = rolling_origins(counts, terms, every, steps)
    choice = chosen(counts, origins, every)
    errors = origins.errors(choice.way)
    value = _value(choice.way, counts, terms, every, steps)
    low, high = bounds(value, errors, level)
    frame = pd.DataFrame({**group, "date": ahead, "value": value, "low": low, "high": high, "basis": CONFORMAL})
    share, share_low, share_high, judged = coverage(origins, choice.way, level)
    accuracy = {
        **group, "method": choice.way, "why": choice.why, "mase": choice.mase, "mase_naive": choice.mase_naive,
        "p": choice.p, "n": len(counts), "origins": len(origins.starts), "judged": judged,
        "coverage": share, "coverage_low": share_low, "coverage_high": share_high,
    }  # fmt: skip
    step, origin = np.meshgrid(np.arange(1, steps + 1), np.arange(len(errors)))
    spread = pd.DataFrame({**group, "origin": origin.ravel(), "step": step.ravel(), "error": errors.ravel()})
    past = _past(rows, origins, choice.way, level, group)
    return _around_tet(frame, rows, every), pd.DataFrame([accuracy]), past, spread


def _refuse(counts: NDArray[Any], every: str, steps: int) -> None:
    if len(counts) < FEWEST:
        raise CareError(f"{len(counts)} whole {every}s are too few for a forecast: {FEWEST} are needed")
    if steps * REACH > len(counts):
        raise CareError(
            f"horizon={steps} {every}s is more than a third of the history of {len(counts)}: ask for "
            f"{len(counts) // REACH} or fewer"
        )
    if (zeros := float((counts == 0).mean())) > MOST_ZEROS:
        raise CareError(
            f"{zeros:.0%} of the {every}s have none: give a rate over longer periods in place of a forecast"
        )


def _value(way: str, counts: NDArray[Any], terms: pd.DataFrame, every: str, steps: int) -> NDArray[Any]:
    if way == CALENDAR:
        return calendar_forecast(counts, terms, every)
    return naive(counts, every, steps) if way == NAIVE else mean(counts, steps)


def _past(rows: pd.DataFrame, origins: Origins, way: str, level: float, group: dict[str, Any]) -> pd.DataFrame:
    """The last forecast that can be checked, with the interval that the ones before it give."""
    value = origins.foretold[way][-1]
    try:
        low, high = bounds(value, origins.errors(way)[:-1], level)
    except CareError:  # one origin fewer may be one too few for the level
        low = high = np.full(len(value), np.nan)
    days = rows["date"].iloc[origins.starts[-1] :].to_numpy()
    return pd.DataFrame({**group, "date": days, "came": origins.came[-1], "value": value, "low": low, "high": high})


def _around_tet(frame: pd.DataFrame, rows: pd.DataFrame, every: str) -> pd.DataFrame:
    """The frame with the range of the last Tết in place of an interval, where the history has fewer than three."""
    middle = timedelta(days=LENGTHS[every] // 2)
    past = pd.Series([tet_window(day + middle) for day in rows["date"]], dtype=object)
    days_seen = [day for day, window in zip(rows["date"], past, strict=True) if window == "during"]
    apart = [(later - day).days > ONE_TET for day, later in pairwise(days_seen)]
    if bool(days_seen) + sum(apart) >= FEWEST_TET:
        return frame
    frame = frame.copy()
    for index, day in enumerate(frame["date"]):
        if window := tet_window(day + middle):
            seen = rows[(past == window).to_numpy()]
            last = seen[[(seen["date"].iloc[-1] - one).days <= ONE_TET for one in seen["date"]]] if len(seen) else seen
            frame.loc[index, ["low", "high"]] = [last["value"].min(), last["value"].max()]
            frame.loc[index, "basis"] = LAST_TET if len(last) else NO_TET
    return frame
