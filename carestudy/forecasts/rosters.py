"""How many agents each half hour of the next days needs for a promise about waiting, over the whole forecast."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time, timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from carestudy import engine, kpi
from carestudy.care import Care
from carestudy.contract import CareError, listed
from carestudy.desk.erlang import MINUTES, agents_for_rates
from carestudy.desk.roster_size import on_roster, refuse_shrinkage
from carestudy.desk.staffing import of_channels
from carestudy.forecasts.ahead_of import Forecast, forecast
from carestudy.forecasts.rolling_origins import HALF
from carestudy.hours import WEEKDAYS
from carestudy.measure.front import reads
from carestudy.measure.moment_precision import refuse_days
from carestudy.measure.options import Count

HALVES = 48  # half hours of a day
POINTS = 15  # equally likely numbers of contacts that stand for the distribution of a day
FEWEST = 30  # contacts whose times give the mean handling time


@reads("contacts")
def roster(
    care: Care,
    *,
    horizon: Count = 14,
    handling_minutes: float | None = None,
    channel: str | Sequence[str] | None = None,
    weeks: Count = 12,
    promise: float = 0.8,
    within_seconds: float = 20,
    patience_minutes: float | None = None,
    shrinkage: float = 0.3,
) -> pd.DataFrame:
    """Agents needed in each half hour of the next days, so that a promise about waiting is kept on average.

    The contacts of each day are those of ``cs.forecast`` with the errors that earlier forecasts made at the same
    distance; they come within the day as those of its weekday did in the last ``weeks``. Agents are the fewest that
    answer the share ``promise`` of all contacts ``within_seconds`` over that whole distribution, not for its mean
    alone. ``handling_minutes`` is the mean of ``handling_seconds`` of these weeks unless given. ``patience_minutes``
    and ``shrinkage`` are those of ``cs.desk.agents_needed``. Erlang is about customers who wait in line: name the
    ``channel`` or channels where they do.

    A row for each half hour in which contacts are expected: ``date``, ``weekday``, ``start``, ``value`` (expected
    contacts), ``agents``, ``agents_for_mean`` (that many seem enough for the mean), ``with_shrinkage``,
    ``service_level``, ``promise``, ``within_seconds``, ``handling_minutes`` and ``method`` of the forecast. CareError
    as of ``cs.forecast``, where times are only days, and where nobody says how long a contact takes.
    """
    refuse_days(care, "contacts", "opened_at", figure="roster")
    refuse_shrinkage(shrinkage)
    waiting = care.with_table("contacts", _of_known_channels(care, channel))
    ahead = forecast(waiting, kpi.contact_count, horizon=horizon, level=0.5)
    recent = _recent(waiting, ahead.frame["date"].iloc[0], weeks)
    minutes = handling_minutes or _handling_minutes(recent, weeks)
    within_day = _profile(recent)
    rows = []
    for step, day in enumerate(ahead.frame["date"], start=1):
        totals = _distribution(ahead, step)
        for half in np.flatnonzero(within_day[day.weekday()]):
            rates = 2 * totals * within_day[day.weekday(), half]
            needs = (minutes, promise, within_seconds)
            agents, reached = agents_for_rates(rates, *needs, patience_minutes=patience_minutes)
            for_mean, _ = agents_for_rates([float(rates.mean())], *needs, patience_minutes=patience_minutes)
            start = time(int(half) // 2, 30 * (int(half) % 2))
            rows.append((day, WEEKDAYS[day.weekday()], start, float(rates.mean()) / 2, agents, for_mean, reached))
    columns = ["date", "weekday", "start", "value", "agents", "agents_for_mean", "service_level"]
    frame = pd.DataFrame(rows, columns=columns)
    frame.insert(6, "with_shrinkage", [on_roster(agents, shrinkage) for agents in frame["agents"]])
    method = ahead.accuracy["method"].iloc[0]
    return frame.assign(promise=promise, within_seconds=within_seconds, handling_minutes=minutes, method=method)


def _of_known_channels(care: Care, channel: str | Sequence[str] | None) -> engine.Table:
    """The contacts that customers made on the named channels; ``CareError`` where a channel has none."""
    contacts = of_channels(care, channel)
    if channel is not None:
        all_contacts = care.table("contacts", "channel")
        present = sorted(engine.fetch(all_contacts.select("channel").distinct())["channel"].dropna())
        unknown = set([channel] if isinstance(channel, str) else channel) - set(present)
        if unknown:
            raise CareError(f"no contact came by {listed(sorted(unknown))}; channels are {listed(present)}")
    return contacts


def _distribution(ahead: Forecast, step: int) -> NDArray[np.float64]:
    """Equally likely numbers of contacts of a day: its forecast with errors that were made at the same distance."""
    value = float(ahead.frame["value"].iloc[step - 1])
    errors = ahead.errors.loc[ahead.errors["step"] == step, "error"].to_numpy(float)
    middles = np.quantile(errors, (np.arange(POINTS) + 0.5) / POINTS)
    totals: NDArray[np.float64] = np.maximum((value + HALF) * np.exp(middles) - HALF, 0.0)
    return totals


def _recent(care: Care, first: date, weeks: int) -> Care:
    """The data with the contacts of so many weeks before a day."""
    contacts = care.table("contacts", "opened_at")
    of_weeks = engine.within(contacts.opened_at, first - timedelta(weeks=weeks), first)
    return care.with_table("contacts", contacts.filter(of_weeks))


def _profile(care: Care) -> NDArray[np.float64]:
    """The share of a weekday's contacts in each half hour: weekday x half hour."""
    recent = care.table("contacts", "opened_at")
    opened = recent.opened_at
    half = 2 * opened.hour() + (opened.minute() >= MINUTES / 2).ifelse(1, 0)
    cells = recent.select(day=opened.date(), half=half)
    counts = engine.fetch(cells.group_by("day", "half").aggregate(contacts=cells.count()).order_by("day", "half"))
    profile = np.zeros((len(WEEKDAYS), HALVES))
    days = pd.to_datetime(counts["day"]).dt.day_of_week.to_numpy()
    np.add.at(profile, (days, counts["half"].to_numpy(int)), counts["contacts"].to_numpy(float))
    totals = profile.sum(axis=1, keepdims=True)
    shares: NDArray[np.float64] = np.divide(profile, totals, out=np.zeros_like(profile), where=totals > 0)
    return shares


def _handling_minutes(care: Care, weeks: int) -> float:
    """The mean handling time of recent contacts, in minutes."""
    if not care.has("contacts", "handling_seconds"):
        raise CareError("how long a contact takes stands nowhere: give handling_minutes, or map handling_seconds")
    (row,) = kpi.mean_handling_time(care).to_dict("records")
    if row["n"] < FEWEST:
        raise CareError(
            f"{row['n']:,} contacts of the last {weeks} weeks say how long they took, and {FEWEST} are needed: give "
            "handling_minutes"
        )
    return float(row["value"]) * MINUTES
