"""The survival engine: how long cases last and customers stay, counted in the engine and estimated here.

What leaves the engine is a row for each duration at which something happened, with how many times: tickets to the
second below an hour and else to the minute, customers to the day.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pandas as pd

from carestudy import engine
from carestudy.care import Care
from carestudy.contract import CareError
from carestudy.measure import clock, moment_precision, stock
from carestudy.measure.customer_clusters import cluster
from carestudy.measure.kind import Kind
from carestudy.measure.rows import BUCKET, CLUSTER, OURS, Rows, in_periods, with_dimensions
from carestudy.measure.stays import ENDED, STILL, known_since, observed, stays
from carestudy.periods import Period

__all__ = [
    "ENDED",
    "ENTERED",
    "STILL",
    "Duration",
    "Stay",
    "definition_of",
    "durations",
    "observed",
    "share_of",
    "tally",
]

ENTERED = 2  # what happened at a duration beside being last seen open and having ended: coming under observation
MOMENT = timedelta(microseconds=1)
QUANTILES = {"median": 0.5, "p90": 0.9}


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
    """From a customer's first day to the leaving no return followed: the figure is the share that stays so many years.

    ``since`` is the first day of which the data know who left; ``plain`` counts today's customers alone.
    """

    joined_on: Any
    left_on: Any
    years: float
    since: str | None = None
    plain: bool = False


def definition_of(care: Care, kpi: Kind, by: Sequence[str] = ()) -> Duration | Stay:
    """What the author of a figure wants to know of each row; ``Missing`` tells what the data lack for it."""
    definition = defined(care, kpi, by)
    if isinstance(definition, Duration):
        if definition.clock == "business":
            moment_precision.refuse_days(care, kpi.tables[0], *in_days(care, kpi.tables[0], definition))
        clock.open_hours(care, definition.clock)
        share_of(definition.at)
    return definition


def defined(care: Care, kpi: Kind, by: Sequence[str] = ()) -> Duration | Stay:
    """What the definition of a figure returns; whether its options and the data allow it is not checked."""
    rows: Duration | Stay = kpi.define(_rows(care, kpi, by), **kpi.options)
    return rows


def in_days(care: Care, name: str, wanted: Duration) -> tuple[str, ...]:
    """The columns without hours for which a duration is in whole days; none where it is to the minute."""
    return moment_precision.days_of(care, name, wanted.start, wanted.end)


def told_in_days(care: Care, kpis: Iterable[Kind]) -> frozenset[str]:
    """The names of the KPIs that are durations and can be told in whole days only."""
    return frozenset(kpi.name for kpi in kpis if kpi.in_days(care)) if care.days_only else frozenset()


def share_of(at: float | str) -> float:
    """The share that a quantile is of, by its name or itself."""
    share = QUANTILES.get(at) if isinstance(at, str) else at
    if share is None or not 0 < share < 1:
        raise CareError(f"at={at!r} is no quantile: choose {', '.join(QUANTILES)}, or a share between 0 and 1")
    return share


def tally(care: Care, kpi: Kind, by: Sequence[str], periods: Sequence[Period]) -> pd.DataFrame:
    """How many ended, were last seen and entered at each duration, in minutes or days: one query, a row for each."""
    wanted = definition_of(care, kpi, by)
    if isinstance(wanted, Duration):
        rows = durations(care, kpi.tables[0], wanted, by, periods)
        entered = None
    else:
        rows = stays_of(care, kpi, wanted, by, periods).drop("customer_id")
        entered = rows.filter(rows.entry > 0)
    counted = _counted(rows, [*by, BUCKET], "duration", rows.ended)
    if entered is not None:
        late = _counted(entered, [*by, BUCKET], "entry", engine.literal(ENTERED, "int64"))
        counted = engine.union(counted, late)
    rows_counted = engine.fetch(counted.order_by([*by, BUCKET, "duration", "what"]), ("what", "cases"))
    return rows_counted.assign(duration=rows_counted["duration"].map(float))


def stays_of(care: Care, kpi: Kind, wanted: Stay, by: Sequence[str], periods: Sequence[Period]) -> engine.Table:
    """One stay a customer, see ``stays``, from the day on which the data know who leaves."""
    company = care.whole or care  # when leaving began to be recorded is a fact of all the data, not of a group
    return stays(care, wanted, by, periods, known_since(company, definition_of(company, kpi)))


def durations(care: Care, name: str, wanted: Duration, by: Sequence[str], periods: Sequence[Period]) -> engine.Table:
    """Rows as (groups, period, customer, minutes lasted, ended): what is open has lasted up to ``as_of``.

    Where one of the moments is a day without an hour, it lasted whole days, up to the last day that the data know.
    """
    table = timed(care, name, wanted, by, periods)
    groups = [table[d].cast("string").name(d) for d in by]
    return table.select(*groups, BUCKET, CLUSTER, "duration", "ended")


def timed(care: Care, name: str, wanted: Duration, by: Sequence[str], periods: Sequence[Period]) -> engine.Table:
    """The rows of a table whose duration is known, with all their columns, ``duration`` and ``ended``."""
    table, (start, end, ended) = care.table(name), _ends(care, name, wanted)
    table = table.mutate(
        **{f"{OURS}start": start, f"{OURS}ended": ended.ifelse(ENDED, STILL).cast("int64")},
        **{f"{OURS}end": end, CLUSTER: cluster(table, name)},
    )
    start, end = table[f"{OURS}start"], table[f"{OURS}end"]
    unknown = moment_precision.untimed(table, *engine.columns_of(wanted.end))
    table = table.filter(engine.true(start <= end) & ~unknown)
    table = clock.with_minutes(table, "duration", start.get_name(), end.get_name(), _calendar(care, table, wanted))
    table = in_periods(with_dimensions(care.with_table(name, table), name, by), name, periods)
    return table.mutate(ended=table[f"{OURS}ended"])


def _ends(care: Care, name: str, wanted: Duration) -> tuple[Any, Any, Any]:
    """When a duration starts and ends, as far as it is known, and whether it has ended."""
    if wanted.clock == "calendar" and not in_days(care, name, wanted):
        start, end, until = (
            *map(moment_precision.exact, (wanted.start, wanted.end)),
            moment_precision.known_until(care, name),
        )
        ended = engine.true(end <= until)
        return start, ended.ifelse(end, engine.literal(until)), ended
    ended = engine.true(wanted.end <= care.known_until)
    if not in_days(care, name, wanted):
        return wanted.start, ended.ifelse(wanted.end, engine.literal(care.known_until)), ended
    end = ended.ifelse(wanted.end, engine.literal(care.known_until - MOMENT))
    return wanted.start.truncate("D"), end.truncate("D"), ended


def _rows(care: Care, kpi: Kind, by: Sequence[str]) -> Rows:
    name = kpi.tables[0]
    return Rows(care, name, stock.spells(care, by)) if name == "customers" else Rows(care, name)


def _calendar(care: Care, table: Any, wanted: Duration) -> Any:
    """The company's business days from the first start on; nothing where the calendar counts."""
    hours = clock.open_hours(care, wanted.clock)
    if hours is None:
        return None
    last = care.known_until.date()
    first = engine.answer(table[f"{OURS}start"].min().cast("date")).as_py() or last
    return clock.business_days(hours, first, last)


def _counted(rows: engine.Table, keys: list[str], duration: str, event: Any) -> engine.Table:
    rows = rows.mutate(what=event)
    counted = rows.group_by([*keys, duration, "what"]).aggregate(cases=rows.count())
    renamed = counted if duration == "duration" else counted.rename(duration=duration)
    return renamed.select(*keys, "duration", "what", "cases")
