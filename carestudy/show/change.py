"""Whether a figure has changed: the difference with its interval, and a verdict that admits when it cannot tell."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from statistics import NormalDist
from typing import Any

import pandas as pd

from carestudy.measure import units
from carestudy.measure.exposure import PerTime, at_days, times_longer
from carestudy.measure.intervals import mover
from carestudy.overview import scorecard
from carestudy.periods import Period
from carestudy.show import dates
from carestudy.show.numbers import is_missing
from carestudy.show.words import Reader

FEW = 10  # below it counts only
COMPARED_FROM = 30  # groups below it are not compared
BETTER, WORSE, CANNOT_TELL = "better", "worse", "cannot tell"


@dataclass(frozen=True)
class Change:
    """The difference between two figures, its limits, and the verdict; a KPI without a direction has none but doubt."""

    amount: float
    low: float
    high: float
    verdict: str | None


def too_few(n: Any, unit: str) -> bool:
    """Whether so few cases stand behind a figure that only counts are shown; a count needs no cases."""
    return not units.of(unit).count and not is_missing(n) and n < FEW


def between(now: Any, before: Any, better: str | None, *, comparisons: int = 1) -> Change | None:
    """The change from one row of a figures frame to another; None where one of them says nothing.

    Several comparisons at once widen the limits (Bonferroni), so that chance alone seldom finds a change among them.
    """
    sides = [float(side[name]) for side in (now, before) for name in ("value", "low", "high")]
    if any(is_missing(side) for side in sides):
        return None
    value, low, high, value_before, low_before, high_before = sides
    down, up = mover(value, (low, high), value_before, (low_before, high_before))
    amount, wider = value - value_before, widening(comparisons)
    limits = amount - wider * (amount - float(down)), amount + wider * (float(up) - amount)
    return Change(amount, *limits, judged(*limits, better))


def of_sums(now: Any, before: Any, better: str | None, *, comparisons: int = 1) -> Change | None:
    """The change of a sum, as between periods of equal days and as it stands: a verdict is one that holds for both."""
    longer = days(str(now["period"])) / days(str(before["period"]))
    taken = {name: before[name] * longer for name in ("value", "low", "high")}
    plain = between(now, before, better, comparisons=comparisons)
    even = between(now, taken, better, comparisons=comparisons)
    if plain is None or even is None:
        return None
    low, high = min(plain.low, even.low), max(plain.high, even.high)
    return replace(plain, low=low, high=high, verdict=judged(low, high, better))


def over_equal_days(now: Any, before: Any, per_time: PerTime) -> dict[str, Any]:
    """A row of a share that a period keeps or loses, with value and limits taken to the days of another row."""
    longer = times_longer(Period.parse(str(now["period"])), Period.parse(str(before["period"])))
    return {name: float(at_days(before[name], per_time, longer)) for name in ("value", "low", "high")}


def taken(reader: Reader, name: str, now: Any, before: Any, per_time: PerTime | None) -> str:
    """What a row is called beside another: with the days to which it is taken, if these are not its own."""
    length = days(str(now["period"]))
    if per_time is None or length == days(str(before["period"])):
        return name
    return reader.t("{period}, taken to {n} days", period=name, n=length)


def days(period: str) -> int:
    """How many days a period has."""
    named = Period.parse(period)
    return (named.end - named.start).days


def side(reader: Reader, name: str, row: Any, prefix: str = "") -> tuple[str, Any]:
    """What another period of a scorecard is called, and its figure, taken to the days of this one if compared so."""
    past, change = row["year_ago" if prefix else "before"], row[f"{prefix}change"]
    now = Period.parse(str(row["period"]))
    other = now.year_ago() if prefix else now.before()
    if is_missing(change) or is_missing(past) or other.end - other.start == now.end - now.start:
        return name, past
    even = float(row["value"]) - float(change)
    if math.isclose(even, past, rel_tol=1e-9, abs_tol=1e-9 * abs(float(row["value"]))):
        return name, past
    return reader.t("{period}, taken to {n} days", period=name, n=days(str(row["period"]))), even


def told_of(row: Any, prefix: str) -> Change:
    """The change that a row of a scorecard tells of: "" against the period before, "year_" against a year ago."""
    amount, low, high = (float(row[f"{prefix}change{part}"]) for part in ("", "_low", "_high"))
    return Change(amount, low, high, row[f"{prefix}verdict"])


def judged(low: float, high: float, better: str | None) -> str | None:
    """The verdict on a change that lies between two limits."""
    if low <= 0 <= high:
        return CANNOT_TELL
    if better is None:
        return None
    return BETTER if (low > 0) == (better == "higher") else WORSE


def widening(comparisons: int, level: float = 0.95) -> float:
    """By how much wider an interval is when so many of them are to hold together."""
    tail, normal = (1 - level) / 2, NormalDist()
    return normal.inv_cdf(1 - tail / max(comparisons, 1)) / normal.inv_cdf(1 - tail)


def changes(show: Any, what: Any, every: str) -> dict[str, Change]:
    """The changes of a figure that the board shows, by what they are against: board and trend never disagree."""
    now = Period.parse(show.period)
    if isinstance(what, pd.DataFrame) or now.unit != every:
        return {}
    row = scorecard(show.care, period=show.period, kpis=[what]).iloc[0]
    sides = ((now.before(), "", "before_n"), (now.year_ago(), "year_", "year_n"))
    return {
        side(show.reader, dates.period(show.reader, past.text), row, prefix)[0]: told_of(row, prefix)
        for past, prefix, n in sides
        if not is_missing(row[f"{prefix}change"]) and min(row["n"], row[n]) >= FEW
    }
