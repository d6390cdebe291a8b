"""How many agents each hour of the week needs, for a promise about waiting."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from carestudy import engine
from carestudy.care import Care
from carestudy.contract import CareError
from carestudy.desk.erlang import Needed, agents_needed
from carestudy.desk.load import By, Counted, by_day, from_customers
from carestudy.hours import WEEKDAYS
from carestudy.measure.front import reads
from carestudy.measure.intervals import order_ranks
from carestudy.measure.options import Inside
from carestudy.measure.rows import groups

STAFFING = (
    "period", "weekday", "hour", "value", "low", "high", "n", "agents", "with_shrinkage", "service_level", "occupancy",
    "promise", "within_seconds", "handling_minutes", "weeks",
)  # fmt: skip


@reads("contacts")
def staffing(
    care: Care,
    *,
    handling_minutes: float,
    weeks: Inside = 0.8,
    period: str | None = None,
    by: By = None,
    channel: str | Sequence[str] | None = None,
    promise: float = 0.8,
    within_seconds: float = 20,
    patience_minutes: float | None = None,
    shrinkage: float = 0.3,
) -> pd.DataFrame:
    """Agents needed by weekday and hour, so that a promise about waiting is kept in most weeks.

    ``handling_minutes`` is how long one contact takes an agent, which the data do not tell. ``weeks`` is the share of
    weeks to be ready for: ``value`` contacts in an hour were not exceeded in that share of ``n`` weeks (``low`` and
    ``high`` from their order). Each hour is taken by itself, as if its rate were steady. ``promise``,
    ``within_seconds``, ``patience_minutes`` and ``shrinkage`` are those of ``agents_needed``. Erlang is about customers
    who wait in line: name the ``channel`` or channels where they do. Gives a row for each group, weekday that the
    period has, and hour: also ``agents``, ``with_shrinkage``, the ``service_level`` and ``occupancy`` they would have,
    and the promise.
    """
    counted = by_day(care, of_channels(care, channel), period, groups(by))

    @cache
    def needed(calls: int) -> Needed:
        waiting = (calls, handling_minutes, promise, within_seconds)
        return agents_needed(*waiting, patience_minutes=patience_minutes, shrinkage=shrinkage)

    weekdays = [day for day in range(len(WEEKDAYS)) if counted.weeks(day).shape[1]]
    if not weekdays:
        raise CareError(f"there are no whole days with contacts in {counted.period.text}")
    frames = [_weekday(counted, day, weeks) for day in weekdays]
    frame = pd.concat(frames).sort_values(["group", "day", "hour"], ignore_index=True)
    results = [needed(int(calls)) for calls in frame["value"]]
    columns = frame.assign(
        period=counted.period.text,
        weekday=frame["day"].map(dict(enumerate(WEEKDAYS))),
        agents=[result.agents for result in results],
        with_shrinkage=[result.with_shrinkage for result in results],
        service_level=[result.queue.service_level for result in results],
        occupancy=[result.queue.occupancy for result in results],
        promise=needed(0).promise,
        within_seconds=float(needed(0).queue.within_seconds),
        handling_minutes=float(handling_minutes),
        weeks=weeks,
    )
    group_names = counted.groups.loc[frame["group"]].reset_index(drop=True)
    return pd.concat([group_names, columns[[*STAFFING]]], axis=1)


def channels_there(care: Care, channel: str | Sequence[str]) -> list[str]:
    """The named channels that have contacts, in alphabetical order."""
    channels = of_channels(care, channel).select("channel").distinct().order_by("channel")
    return [str(name) for name in engine.fetch(channels)["channel"]]


def _weekday(counted: Counted, weekday: int, share: float) -> pd.DataFrame:
    """The contacts of one weekday that so large a share of its weeks did not exceed, for each group and hour."""
    weeks = np.sort(counted.weeks(weekday), axis=1)
    some, n, hours = weeks.shape
    group, hour = np.divmod(np.arange(some * hours), hours)
    ranks = (np.ceil(share * n - 1e-9), *order_ranks(n, share))
    value, low, high = (_at(weeks, float(rank)) for rank in ranks)
    cells = {"group": group, "day": weekday, "hour": hour, "value": value, "low": low, "high": high}
    return pd.DataFrame({**cells, "n": n})


def _at(weeks: NDArray[Any], rank: float) -> NDArray[Any]:
    """The value of each group and hour at a rank of the sorted weeks, from 1."""
    if np.isnan(rank):
        return np.full(weeks[:, 0, :].size, np.nan)
    return weeks[:, int(rank) - 1, :].ravel().astype(float)


def of_channels(care: Care, channel: str | Sequence[str] | None) -> engine.Table:
    """The contacts that customers made, on all channels or on those named."""
    table = from_customers(care)
    if channel is None:
        return table
    care.table("contacts", "channel")
    return table.filter(table.channel.isin([channel] if isinstance(channel, str) else list(channel)))
