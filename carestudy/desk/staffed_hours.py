"""Staffed hours: when somebody is there to answer, by weekday and to the minute."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from carestudy import engine
from carestudy.care import Care
from carestudy.hours import WEEKDAYS, Hours

HOUR, DAY = 60, 24 * 60

Written = Mapping[str, Sequence[str]]
Spans = list[tuple[int, int]]  # minutes of a day, half-open


def staffed_hours(care: Care, hours: Written | None) -> dict[str, Spans] | None:
    """The staffed minutes of each weekday, from ``hours`` or else from care.toml; None where neither states any.

    ``hours`` are written as in care.toml: ``{"mon-fri": ["08:00-12:00", "13:00-17:30"], "sat": ["22:00-06:00"]}``.
    """
    open_ = Hours.of(hours) if hours else care.settings.business
    return None if open_ is None else _of_the_week(open_.week)


def staffed_share(staffed: Mapping[str, Spans], day: str, hour: int) -> float:
    """The share of an hour of a weekday in which somebody is there."""
    start, end = hour * HOUR, (hour + 1) * HOUR
    return sum(max(0, min(end, until) - max(start, since)) for since, until in staffed[day]) / HOUR


def inside(moment: engine.Value, staffed: Mapping[str, Spans]) -> engine.Value:
    """Whether a moment of a row lies within the staffed minutes of its weekday."""
    day, minute = moment.day_of_week.index(), moment.hour() * HOUR + moment.minute()
    within = engine.literal(value=False)
    for spans in {tuple(spans) for spans in staffed.values() if spans}:
        days = [number for number, name in enumerate(WEEKDAYS) if tuple(staffed[name]) == spans]
        for since, until in spans:
            within = within | (day.isin(days) & (minute >= since) & (minute < until))
    return within


def _of_the_week(week: Sequence[Sequence[tuple[int, int]]]) -> dict[str, Spans]:
    """The staffed minutes of each day; minutes after midnight belong to the next day."""
    spans: dict[str, Spans] = {day: [] for day in WEEKDAYS}
    for number, shifts in enumerate(week):
        for since, until in shifts:
            spans[WEEKDAYS[number]].append((since, min(until, DAY)))
            if until > DAY:
                spans[WEEKDAYS[(number + 1) % 7]].append((0, until - DAY))
    return {day: _merged(day_spans) for day, day_spans in spans.items()}


def _merged(spans: Spans) -> Spans:
    """Merge overlapping spans; the result is in order."""
    joined: Spans = []
    for since, until in sorted(spans):
        if joined and since <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(until, joined[-1][1]))
        else:
            joined.append((since, until))
    return joined
