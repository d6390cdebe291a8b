"""Days told from another day: so many months before it, "2 tuần trước", "3 months ago", "hôm qua", "last week"."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from carestudy import engine
from carestudy.load.digits import only_if
from carestudy.load.lengths import NUMBER

MONTH = 365.2425 / 12  # days, of which a part of a month is made
UNITS: Mapping[str, float] = {"days": 1.0, "weeks": 7.0, "months": MONTH, "years": 12 * MONTH}
# What follows a number, in small letters; seconds, minutes and hours ago are the day itself.
WORDS: Mapping[str, str] = {
    "years": r"(?:years?|yrs?|yr|y|năm)",
    "months": r"(?:months?|mos?|mo|tháng)",
    "weeks": r"(?:weeks?|wks?|wk|w|tuần)",
    "days": r"(?:days?|d|ngày|hôm)",
}
TODAY = r"(?:seconds?|secs?|s|giây|minutes?|mins?|m|phút|hours?|hrs?|h|giờ|tiếng)"
ONE = r"(?:a|an|one|một)"
BEFORE = r"(?:edited|đã chỉnh sửa|about|around|khoảng|cách đây|over|hơn|almost|gần)?\s*"
BEHIND = r"\s*(?:ago|trước|trước đây|vừa qua)?"
PAST: Mapping[str, tuple[str, float]] = {
    "^(?:today|just now|now|hôm nay|vừa xong|bây giờ|mới đây)$": ("days", 0.0),
    "^(?:yesterday|hôm qua)$": ("days", 1.0),
    "^(?:the day before yesterday|hôm kia)$": ("days", 2.0),
    "^(?:last week|tuần trước|tuần rồi)$": ("weeks", 1.0),
    "^(?:last month|tháng trước|tháng rồi)$": ("months", 1.0),
    "^(?:last year|năm ngoái|năm trước)$": ("years", 1.0),
}
SPOKEN = "^" + r"[\s,]*(?:và|and)?\s*".join(rf"(?:{NUMBER}\s*{word}\.?)?" for word in WORDS.values()) + "$"


def earlier(day: Any, count: Any, unit: str) -> Any:
    """The day so many units before another; whole months keep the day of the month, parts of one are days."""
    count = only_if((count >= 0) & (count < 10_000), count)
    if unit in ("days", "weeks"):
        return day - (count * UNITS[unit]).round(0).cast("int64").as_interval("D")
    months = count * 12 if unit == "years" else count
    whole_months = (months + 1e-9).floor()
    days = ((months - whole_months).clip(lower=0) * MONTH).round(0).cast("int64")
    return day - whole_months.cast("int64").as_interval("M") - days.as_interval("D")


def spoken(day: Any, text: engine.Value) -> Any:
    """The day that "2 years 3 months" or "12 tháng" before another is."""
    text = text.lower()
    result = day
    for group, unit in enumerate(WORDS, start=1):
        length = text.re_extract(SPOKEN, group).replace(",", ".").try_cast("float64").fill_null(0.0)
        result = earlier(result, length, unit)
    return only_if(text.re_search(SPOKEN) & text.re_search(r"\d"), result)


def spoken_day(day: Any, text: Any) -> engine.Value:
    """The day that words of the day of the export mean, null where they mean none."""
    lowered = text.lower()
    readings = [
        only_if(lowered.re_search(form), earlier(day, engine.literal(count), unit))
        for form, (unit, count) in PAST.items()
    ]
    readings.append(only_if(lowered.re_search(f"^{BEFORE}(?:{NUMBER}|{ONE})\\s*{TODAY}{BEHIND}$"), day))
    for unit, word in WORDS.items():
        form = f"^{BEFORE}(?:{NUMBER}|{ONE})\\s*{word}{BEHIND}$"
        count = lowered.re_extract(form, 1).replace(",", ".").try_cast("float64").fill_null(1.0)
        readings.append(only_if(lowered.re_search(form), earlier(day, count, unit)))
    return engine.coalesce(*readings)
