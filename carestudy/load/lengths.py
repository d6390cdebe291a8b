"""Lengths of time as exports write them: 90, "1h 23m", "00:02:23", "2 days, 3:04:05", "1 phút 23 giây", "PT1H2M"."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from carestudy import engine
from carestudy.load import digits, parse
from carestudy.load.digits import only_if
from carestudy.load.parse import Forms

MINUTE, HOUR, DAY, WEEK = 60.0, 3_600.0, 86_400.0, 604_800.0  # in seconds
IN_SECONDS = ("handling_seconds",)  # columns of the contract that are lengths; a bare number is seconds
UNITS: Mapping[str, float] = {"seconds": 1.0, "minutes": MINUTE, "hours": HOUR, "days": DAY}
NUMBER = r"(\d+(?:[.,]\d+)?)"
# What follows a number, from the longest unit to the shortest, in small letters.
WORDS: tuple[tuple[str, float], ...] = (
    (r"(?:weeks?|wks?|w|tuần)", WEEK),
    (r"(?:days?|d|ngày)", DAY),
    (r"(?:hours?|hrs?|h|giờ|tiếng)", HOUR),
    (r"(?:minutes?|mins?|m|phút|ph)", MINUTE),
    (r"(?:seconds?|secs?|s|giây)", 1.0),
)
BETWEEN = r"[\s,]*(?:và|and)?\s*"
SPOKEN = "^" + BETWEEN.join(rf"(?:{NUMBER}\s*{word}\.?)?" for word, _ in WORDS) + "$"
CLOCK = r"^(?:(\d+)\s*(?:days?|d|ngày)?[\s,.]\s*)?(\d+):([0-5]?\d)(?::([0-5]?\d(?:[.,]\d+)?))?$"
ISO = rf"^p(?:{NUMBER}w)?(?:{NUMBER}d)?(?:t(?:{NUMBER}h)?(?:{NUMBER}m)?(?:{NUMBER}s)?)?$"
MINUS = "^[-\N{MINUS SIGN}]\\s*"


def seconds(column: engine.Value, unit: str | None, forms: Forms) -> Any:
    """Lengths of time in seconds, null where a cell says none; ``unit`` is that of bare numbers."""
    if column.type().is_time() or column.type().is_interval():
        column = column.cast("string")
    if not column.type().is_string():
        bare = digits.number(column, forms.numbers)
        return bare * UNITS[unit] if unit else engine.null("float64")
    text = parse.clean(column).lower()
    size = text.re_replace(MINUS, "")
    readings = [_in_words(size, SPOKEN, [scale for _, scale in WORDS]), _by_clock(size, unit)]
    readings.append(_in_words(size, ISO, [scale for _, scale in WORDS]))
    if unit:
        readings.append(digits.number(size, forms.numbers) * UNITS[unit])
    length = engine.coalesce(*readings)
    return text.re_search(MINUS).ifelse(-length, length)


def _in_words(text: engine.Value, form: str, scales: list[float]) -> Any:
    """The sum of what stands before each unit, where the whole text is made of such."""
    fits = text.re_search(form) & text.re_search(r"\d")
    total = engine.literal(0.0)
    for group, scale in enumerate(scales, start=1):
        total = total + _number(text.re_extract(form, group)) * scale
    return only_if(fits, total)


def _by_clock(text: engine.Value, unit: str | None) -> Any:
    """Hours, minutes and seconds with colons; of two numbers only where ``unit`` tells what they are."""
    days, first, second, third = (text.re_extract(CLOCK, group) for group in (1, 2, 3, 4))
    three = _number(first) * HOUR + _number(second) * MINUTE + _number(third)
    scale = {"hours": HOUR, "minutes": MINUTE, "days": HOUR}.get(unit or "")
    two = _number(first) * scale + _number(second) * scale / 60 if scale else engine.null("float64")
    return only_if(text.re_search(CLOCK), _number(days) * DAY + (third == "").ifelse(two, three))


def _number(text: Any) -> engine.Value:
    """Digits as a number; none are 0."""
    return text.replace(",", ".").try_cast("float64").fill_null(0.0)
