"""Numbers as the reader writes them: 83,3% and 1,23 tỷ ₫ in Vietnamese, 83.3% and ₫1.23bn in English.

A duration is in seconds below two minutes, in minutes below two hours, in days from two days on, and in hours between:
a figure, its limits and its changes all in the unit of the figure. Business hours never add up to days, as nobody
agrees on how long these are.
Where the data have days without hours, a duration is in whole days, however short.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from babel.core import Locale
from babel.numbers import format_currency, format_decimal

from carestudy.measure import units
from carestudy.measure.units import DAY, HOUR
from carestudy.show.words import Reader, t

MISSING = "–"
MINUS = "\N{MINUS SIGN}"
MILLION, BILLION = 1e6, 1e9
FULL_UP_TO = 10 * MILLION  # below it a sum is short enough to be read whole
SPANS = {"seconds": 1 / 60, "minutes": 1.0, "hours": HOUR, "days": DAY}
LONG_SECONDS, LONG_MINUTES, LONG_HOURS = 2.0, 2 * HOUR, 2 * DAY  # in minutes, from which on the next unit reads better
SEVERAL = {
    "seconds": t("{number}\xa0seconds"),
    "minutes": t("{number}\xa0minutes"),
    "hours": t("{number}\xa0hours"),
    "days": t("{number}\xa0days"),
}
SINGLE = {
    "seconds": t("{number}\xa0second"),
    "minutes": t("{number}\xa0minute"),
    "hours": t("{number}\xa0hour"),
    "days": t("{number}\xa0day"),
}
SHORT = {
    "seconds": t("{number}\xa0s"),
    "minutes": t("{number}\xa0min"),
    "hours": t("{number}\xa0h"),
    "days": t("{number}\xa0d"),
}


def number(reader: Reader, amount: float | None, digits: int = 0) -> str:
    """A number with so many decimals; a missing one is a dash, and zero has no sign.

    >>> number(Reader("vi"), -1234.56, 1)
    '−1.234,6'
    """
    if amount is None or is_missing(amount):
        return MISSING
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    return _signed_well(format_decimal(amount, pattern, locale=reader.locale))


def span(reader: Reader, hours: float) -> str:
    """A promised length of time in the unit in which people promise it.

    >>> [span(Reader("en"), hours).replace("\xa0", " ") for hours in (20 / 3600, 0.5, 1, 24, 1.5)]
    ['20 seconds', '30 minutes', '1 hour', '24 hours', '90 minutes']
    """
    form = Form(reader, "hours")
    return form.measured(number(reader, hours), "hours") if float(hours).is_integer() else form.value(hours)


def cases(reader: Reader, n: float | None) -> str:
    """How many cases stand behind a figure, kept on one line; of a figure that is withheld, why."""
    if n is None or is_missing(n):
        return reader.t("few customers")
    return f"n\xa0=\xa0{number(reader, n)}"


def is_missing(amount: object) -> bool:
    """Whether there is no number: None, NaN, NA or infinite."""
    try:
        return amount is None or not math.isfinite(amount)  # type: ignore[arg-type]
    except TypeError:  # pandas' NA is neither finite nor infinite
        return True


@dataclass(frozen=True)
class Form:
    """How the figures of one unit are written; ``like`` is the figure that sets the scale of money and durations."""

    reader: Reader
    unit: str
    like: float = 0.0

    def value(self, amount: float | None) -> str:
        """A figure with its unit.

        >>> Form(Reader("en"), "share").value(0.8333), Form(Reader("vi", "VND"), "money", 2.5e9).value(2.5e9)
        ('83.3%', '2,50\\xa0tỷ\\xa0₫')
        """
        if amount is None or is_missing(amount):
            return MISSING
        unit = units.of(self.unit)
        if unit.percent:
            return number(self.reader, 100 * amount, unit.decimals) + "%"
        if unit.money:
            return self._money(amount)
        if unit.minutes:
            return self.measured(self._bare(amount, self._span(amount)), self._span(amount))
        return self.measured(number(self.reader, amount, unit.decimals), self.unit)

    @property
    def is_duration(self) -> bool:
        """Whether the unit of its figures changes with their length."""
        return units.of(self.unit).minutes is not None

    def at(self, amount: float | None) -> Form:
        """The form of one figure with its limits and changes: a duration is in its own unit, whatever its neighbours'.

        >>> Form(Reader("en"), "hours", like=90).at(0.5).interval(0.4, 2.5)
        '24 to 150\xa0minutes'
        """
        known = self.is_duration and amount is not None and not is_missing(amount)
        return replace(self, like=abs(amount)) if known and amount else self

    @property
    def axis_unit(self) -> float:
        """By what a figure is multiplied to be in the unit that an axis is written in."""
        minutes = units.of(self.unit).minutes
        return minutes / SPANS[self._span(self.like)] if minutes else 1.0

    def interval(self, low: float | None, high: float | None) -> str:
        """Two limits, joined by a word because a dash between negative numbers cannot be read."""
        if low is None or high is None or is_missing(low) or is_missing(high):
            return MISSING
        if self.is_duration:
            span = self._span(max(abs(low), abs(high)))
            ends = {"low": self._bare(low, span), "high": self._bare(high, span)}
            return self.measured(self.reader.t("{low} to {high}", **ends), span)
        return self.reader.t("{low} to {high}", low=self.value(low), high=self.value(high))

    def change(self, amount: float | None) -> str:
        """A difference of two figures: signed, and of shares in percentage points.

        >>> Form(Reader("en"), "share").change(-0.031), Form(Reader("vi"), "points").change(3.04)
        ('−3.1\\xa0pp', '+3,0\\xa0điểm')
        """
        if amount is None or is_missing(amount):
            return MISSING
        return self._of_change(self._signed(amount))

    def changes(self, low: float | None, high: float | None) -> str:
        """The two limits of a change, with their unit once."""
        if low is None or high is None or is_missing(low) or is_missing(high):
            return MISSING
        if self.is_duration:
            span = self._span(max(abs(low), abs(high)))
            ends = {"low": _plus(self._bare(low, span)), "high": _plus(self._bare(high, span))}
            return self.measured(self.reader.t("{low} to {high}", **ends), span)
        return self._of_change(self.reader.t("{low} to {high}", low=self._signed(low), high=self._signed(high)))

    def tick(self, amount: float) -> str:
        """A figure at an axis: as few digits as its neighbours allow."""
        unit = units.of(self.unit)
        if unit.percent:
            return number(self.reader, 100 * amount, _digits(100 * amount)) + "%"
        if unit.money:
            return self._money(amount, short=True)
        if unit.minutes:
            return self._tick(amount * self.axis_unit)
        return number(self.reader, amount, _digits(amount))

    def _span(self, amount: float) -> str:
        """The unit in which a duration is written: that of the figure which sets the scale, or its own."""
        unit = units.of(self.unit)
        if unit.days:
            return "days"
        minutes = abs(self.like or amount) * (unit.minutes or 1.0)
        if 0 < minutes < LONG_SECONDS:  # of nothing at all the data may not know the seconds
            return "seconds"
        if minutes < LONG_MINUTES:
            return "minutes"
        return "days" if minutes >= LONG_HOURS and not unit.open_hours else "hours"

    def _bare(self, amount: float, span: str) -> str:
        """A duration in a unit, without its name; half a minute matters only to a few of them."""
        unit = units.of(self.unit)
        shown = amount * (unit.minutes or 1.0) / SPANS[span]
        even = math.isclose(shown, round(shown), abs_tol=1e-9)
        no_decimals = even if unit.days else span in ("seconds", "minutes") and (abs(shown) >= 10 or even)
        return number(self.reader, shown, 0 if no_decimals else 1)

    def _tick(self, amount: float) -> str:
        written = number(self.reader, amount, _digits(amount))
        return self.reader.t(SHORT[self._span(self.like)], number=written) if amount else written

    def _signed(self, amount: float) -> str:
        return _plus(number(self.reader, 100 * amount, 1) if units.of(self.unit).percent else self.value(amount))

    def _of_change(self, written: str) -> str:
        unit = units.of(self.unit)
        if unit.percent:
            return self.reader.t("{change}\xa0pp", change=written)
        return self.reader.t("{change}\xa0points", change=written) if unit.points else written

    def _money(self, amount: float, *, short: bool = False) -> str:
        t, reader = self.reader.t, self.reader
        like = max(abs(self.like), 0 if self.like else abs(amount))
        if like < FULL_UP_TO:
            no_decimals = short and math.isclose(amount, round(amount))
            pattern = Locale.parse(reader.locale).currency_formats["standard"].pattern
            pattern = pattern.replace("0.00", "0") if no_decimals else None
            written = format_currency(
                amount, reader.currency, pattern, locale=reader.locale, currency_digits=not no_decimals
            )
            return _signed_well(written)
        scale, pattern = (BILLION, t("¤#,##0.00'bn'")) if like >= BILLION else (MILLION, t("¤#,##0.0'm'"))
        pattern = pattern.replace("0.00", "0.##").replace("0.0", "0.#") if short else pattern
        written = format_currency(amount / scale, reader.currency, pattern, locale=reader.locale, currency_digits=False)
        return _signed_well(written)

    def measured(self, written: str, unit: str) -> str:
        """A number with the name of its unit."""
        single = SINGLE if written.lstrip(f"+{MINUS}") == "1" else SEVERAL
        return self.reader.t(single[unit], number=written) if unit in single else written


def _digits(amount: float) -> int:
    for digits in (0, 1):
        if math.isclose(amount, round(amount, digits), abs_tol=1e-9):
            return digits
    return 2


def _plus(written: str) -> str:
    has_sign = written.startswith(MINUS) or not any(digit in written for digit in "123456789")
    return written if has_sign else "+" + written


def _signed_well(written: str) -> str:
    if not any(digit in written for digit in "123456789"):
        return written.replace("-", "")
    return written.replace("-", MINUS)
