"""Units of figures: what a number of each means to whoever computes, judges or writes it."""

from __future__ import annotations

from dataclasses import dataclass

from babel.numbers import get_currency_precision

HOUR, DAY = 60.0, 24 * 60.0  # in minutes


@dataclass(frozen=True)
class Unit:
    """One unit.

    ``factor`` takes a fraction of whole numbers to the unit, ``decimals`` are written. A ``part`` is a share of a
    whole, 0 to 1; ``percent`` is written in percent; ``count`` is a number of things, known without an interval;
    ``money`` is in the currency's main unit; ``points`` are those of answers for and against. ``minutes`` is the
    length of a duration, ``days`` says that it is written in days however short, ``open_hours`` that it never is.
    """

    name: str
    factor: float = 1.0
    decimals: int = 1
    part: bool = False
    percent: bool = False
    count: bool = False
    money: bool = False
    points: bool = False
    minutes: float | None = None
    days: bool = False
    open_hours: bool = False

    def scale(self, currency: str) -> float:
        """What a fraction of whole numbers is multiplied by; of money, the smallest unit is summed."""
        return 10.0 ** -get_currency_precision(currency) if self.money else self.factor


UNITS = {
    unit.name: unit
    for unit in (
        Unit("share", part=True, percent=True),
        Unit("net", percent=True),
        Unit("points", factor=100.0, points=True),
        Unit("score", factor=1 / 1000, decimals=2),  # thousandths are summed
        Unit("times", decimals=2),
        Unit("count", decimals=0, count=True),
        Unit("money", money=True),
        Unit("minutes", minutes=1.0),
        Unit("hours", factor=1 / 3600, minutes=HOUR),  # seconds are summed
        Unit("business_hours", minutes=HOUR, open_hours=True),
        Unit("whole_days", minutes=HOUR, days=True),  # hours of which the data know the days only
        Unit("days", minutes=DAY, days=True),
    )
}


def of(name: str) -> Unit:
    """The unit of this name; one that is not known is a plain number."""
    return UNITS.get(name) or Unit(name)
