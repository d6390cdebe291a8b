"""The survival engine: how long cases last and customers stay, counted in the engine and estimated here.

What leaves the engine is a row for each duration at which something happened, with how many times: tickets to the
minute, customers to the day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import log
from typing import Any

import ibis
import pandas as pd

from carestudy.care import Care
from carestudy.contract import CareError
from carestudy.measure import clock, engine, stock
from carestudy.measure.clusters import cluster
from carestudy.measure.kpi import Kpi
from carestudy.measure.rows import BUCKET, CLUSTER, OURS, Rows, in_periods, with_dimensions
from carestudy.periods import Period

STILL, ENDED, ENTERED = 0, 1, 2  # what happened at a duration: last seen open, ended, came under observation
QUANTILES = {"median": 0.5, "p90": 0.9}
SURE = 7  # minus the logarithm of one chance in a thousand
EVER = -(10**6)  # days from 1970, long before any customer


@dataclass(frozen=True)
class Duration:
    """From one moment of a row to another, null while it is open: the figure is a quantile of it, in hours.

    ``at`` is "median", "p90", or a share; ``clock`` is "calendar" or "business".
    """

    start: Any
    end: Any
    at: float | str = "median"
    clock: str = "calendar"


@dataclass(frozen=True)
class Stay:
    """From the day a customer joined to the day they left: the figure is the share that stays so many years.

    ``since`` is the first day of which the data know who left; ``plain`` counts today's customers alone.
    """

    joined_on: Any
    left_on: Any
    years: float
    since: str | None = None
    plain: bool = False


def asked(care: Care, kpi: Kpi, by: Sequence[str] = ()) -> Duration | Stay:
    """What the author of a figure wants to know of each row; ``Missing`` tells what the data lack for it."""
    found: Duration | Stay = kpi.define(_rows(care, kpi, by), **kpi.options)
    if isinstance(found, Duration):
        clock.open_hours(care, found.clock)
        share_of(found.at)
    return found


def share_of(at: float | str) -> float:
    """The share that a quantile is of, by its name or itself."""
    share = QUANTILES.get(at) if isinstance(at, str) else at
    if share is None or not 0 < share < 1:
        raise CareError(f"at={at!r} is no quantile: choose {', '.join(QUANTILES)}, or a share between 0 and 1")
    return share


def tally(care: Care, kpi: Kpi, by: Sequence[str], periods: Sequence[Period]) -> pd.DataFrame:
    """How many ended, were last seen and entered at each duration, in minutes or days: one query, a row for each."""
    wanted = asked(care, kpi, by)
    if isinstance(wanted, Duration):
        rows = durations(care, kpi.tables[0], wanted, by, periods)
        entered = None
    else:
        rows = _stays(care, wanted, by, periods)
        entered = rows.filter(rows.entry > 0)
    counted = _counted(rows, [*by, BUCKET], "duration", rows.ended)
    if entered is not None:
        late = _counted(entered, [*by, BUCKET], "entry", ibis.literal(ENTERED, "int64"))
        counted = ibis.union(counted, late)
    return engine.fetch(counted.order_by([*by, BUCKET, "duration", "what"]), ("duration", "what", "cases"))


def durations(care: Care, name: str, wanted: Duration, by: Sequence[str], periods: Sequence[Period]) -> Any:
    """Rows as (groups, period, customer, minutes lasted, ended): what is open has lasted up to ``as_of``."""
    table, until = care.table(name), ibis.literal(care.known_until)
    ended = engine.true(wanted.end <= until)
    table = table.mutate(
        **{f"{OURS}start": wanted.start, f"{OURS}ended": ended.ifelse(ENDED, STILL).cast("int64")},
        **{f"{OURS}end": ended.ifelse(wanted.end, until), CLUSTER: cluster(table, name)},
    )
    start, end = table[f"{OURS}start"], table[f"{OURS}end"]
    table = table.filter(engine.true(start <= end))
    table = clock.with_minutes(table, "duration", start.get_name(), end.get_name(), _calendar(care, table, wanted))
    table = in_periods(with_dimensions(care.with_table(name, table), name, by), name, periods)
    groups = [table[d].cast("string").name(d) for d in by]
    return table.select(*groups, BUCKET, CLUSTER, "duration", ended=table[f"{OURS}ended"])


def _rows(care: Care, kpi: Kpi, by: Sequence[str]) -> Rows:
    name = kpi.tables[0]
    return Rows(care, name, stock.spells(care, by)) if name == "customers" else Rows(care, name)


def _calendar(care: Care, table: Any, wanted: Duration) -> Any:
    """The company's business days from the first start on; nothing where the calendar counts."""
    hours = clock.open_hours(care, wanted.clock)
    if hours is None:
        return None
    last = care.known_until.date()
    first = table[f"{OURS}start"].min().cast("date").to_pyarrow().as_py() or last
    return clock.business_days(hours, first, last)


def _stays(care: Care, wanted: Stay, by: Sequence[str], periods: Sequence[Period]) -> Any:
    """Stays as (groups, period, days lasted, days at entry, ended), as they were known at the end of each period."""
    known = care.known_until.date()
    ends: list[Any] = [(one.start, min(one.end, known)) for one in periods] or [(None, known)]
    bounds = pd.DataFrame(ends, columns=[BUCKET, f"{OURS}bound"]).astype(object)
    stays = stock.spells(care, by).mutate(carestudy_joined=wanted.joined_on, carestudy_left=wanted.left_on)
    since = _observed(stays, known) if wanted.since is None else _number(_day(wanted.since))
    stays = stays.cross_join(_bounds(bounds))
    joined, left, bound = (clock.day_number(stays[f"{OURS}{name}"]) for name in ("joined", "left", "bound"))
    gone = engine.true(stays.carestudy_left < stays.carestudy_bound)
    entry = ibis.greatest(ibis.literal(since, "int64") - joined, ibis.literal(0, "int64"))
    stays = stays.mutate(duration=gone.ifelse(left, bound) - joined, entry=entry, ended=gone.ifelse(ENDED, STILL))
    seen = (stays.carestudy_joined < stays.carestudy_bound) & ((stays.entry == 0) | (stays.entry < stays.duration))
    stays = stays.filter(engine.true(seen) & (stays.duration >= 0))
    return stays.select(*by, BUCKET, "duration", "entry", ended=stays.ended.cast("int64"))


def _bounds(bounds: pd.DataFrame) -> Any:
    table = engine.small_table(bounds)
    return table.mutate(**{BUCKET: table[BUCKET].cast("date")})


def _observed(stays: Any, known: date) -> int:
    """The day from whose end on it is known who leaves, counted from 1970.

    If customers left at one rate all along, the chance that none of them did so before the first known leaving is the
    later part of all their days to the power of the leavings. Below one in a thousand, leavings from before are
    lacking: the data begin on the day before the first, and tell only of those still here. Else they hold everybody.
    """
    joined, left = clock.day_number(stays.carestudy_joined), clock.day_number(stays.carestudy_left)
    first = engine.fetch(stays.aggregate(first=left.min()))["first"].iloc[0]
    if first is None:
        return EVER
    lasted = engine.total(ibis.coalesce(left, ibis.literal(_number(known), "int64")) - joined)
    early = engine.total(ibis.greatest(ibis.literal(int(first), "int64") - joined, ibis.literal(0, "int64")))
    sums = engine.fetch(stays.aggregate(lasted=lasted, early=early, gone=left.count()), ("lasted", "early", "gone"))
    days, before, gone = (int(sums[name].iloc[0]) for name in ("lasted", "early", "gone"))
    lacking = gone * log(days / max(days - before, 1)) >= SURE if days > 0 else False
    return int(first) - 1 if lacking else EVER


def _number(day: date) -> int:
    return (day - date(1970, 1, 1)).days


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except (TypeError, ValueError):
        raise CareError(f"since={text!r} is no day: write it as text, such as 2024-01-01") from None


def _counted(rows: Any, keys: list[str], duration: str, what: Any) -> Any:
    rows = rows.mutate(what=what)
    counted = rows.group_by([*keys, duration, "what"]).aggregate(cases=rows.count())
    named = counted if duration == "duration" else counted.rename(duration=duration)
    return named.select(*keys, "duration", "what", "cases")
