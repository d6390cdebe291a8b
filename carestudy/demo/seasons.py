"""The company's calendar: months by number, and how busy each day and hour is, Tết included."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime, time, timedelta

from duckdb import DuckDBPyConnection

from carestudy.demo import dice, world

KNOWN_UNTIL = datetime.combine(world.LAST + timedelta(days=1), time())  # what happens from here on is not known yet
_WEEK_SHOP = (0.95, 0.9, 0.95, 1.0, 1.15, 1.25, 0.8)
_WEEK_CARE = (1.3, 1.15, 1.1, 1.1, 1.1, 0.75, 0.3)

_SLOTS = """
SELECT row_number() OVER () - 1 AS slot, day
FROM (SELECT unnest(getvariable('dealt')) AS day)
"""

_MACROS = """
CREATE MACRO month_of(day) AS (year(day) - 2023) * 12 + month(day) - 7;
CREATE MACRO first_of(m) AS label('months', m);
CREATE MACRO days_in(m) AS day(last_day(first_of(m)));
CREATE MACRO later(moment, minutes) AS
    make_timestamp(epoch_us(moment) + round(least(30000, minutes))::BIGINT * 60000000);
CREATE MACRO clock(name, day, turn) AS
    make_timestamp(epoch_us(day) + (label(name, turn // 60) * 60 + turn % 60) * 60000000);
"""


def prepare(engine: DuckDBPyConnection) -> None:
    """Give the engine the months, and days and hours to draw from: tables shop_days and care_days, lists of hours."""
    dice.keep(
        engine,
        months=firsts(),
        season=[sum(map(shop_day, _days(first))) / len(_days(first)) for first in firsts()],
        shop_hours=dice.deal(dict(enumerate(world.ORDER_HOURS))),
        care_hours=dice.deal(dict(enumerate(world.CONTACT_HOURS))),
    )
    for name, busy in (("shop_days", shop_day), ("care_days", care_day)):
        dealt = [dice.deal({day: busy(day) for day in _days(first)}) for first in firsts()]
        dice.keep(engine, dealt=[day for days in dealt for day in days])
        engine.execute(f"CREATE TABLE {name} AS {_SLOTS}")
    engine.execute(_MACROS)


def firsts() -> list[date]:
    """The first day of every month."""
    return [date(2023 + (k + 6) // 12, (k + 6) % 12 + 1, 1) for k in range(world.MONTHS)]


def month(year: int, number: int) -> int:
    """The number of a month, 0 for the first.

    >>> month(2023, 7), month(2026, 10)
    (0, 39)
    """
    return (year - world.FIRST.year) * 12 + number - world.FIRST.month


def shop_day(day: date) -> float:
    """How busy the shop is on a day, 1 being usual: a rush before Tết, quiet in it."""
    return _WEEK_SHOP[day.weekday()] * _around_tet(day, rush=2.2, quiet=0.12)


def care_day(day: date) -> float:
    """How many contacts a day brings, 1 being usual."""
    return _WEEK_CARE[day.weekday()] * _around_tet(day, rush=1.3, quiet=0.25)


def _around_tet(day: date, rush: float, quiet: float) -> float:
    away = min(((day - tet).days for tet in world.TET), key=abs)
    if -20 <= away < -1:
        return rush
    if -1 <= away <= 6:
        return quiet
    return 0.75 if 6 < away <= 15 else 1.0


def _days(first: date) -> list[date]:
    return [first + timedelta(days=k) for k in range(monthrange(first.year, first.month)[1])]
