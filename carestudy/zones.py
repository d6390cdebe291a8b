"""Time zones: by name or offset, whether their clocks change, and the columns that hold moments in UTC beside clocks.

Tables hold what the company's clocks showed, so that days and hours are those of its people. Where these clocks
change, two of them differ by more or less than the time between them: there a column of moments has a twin in UTC.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

IN_UTC = "carestudy_utc_"  # before the name of a column of moments: its twin
OFFSET = re.compile(r"(?:GMT|UTC)? ?([+\-\N{MINUS SIGN}])(\d{1,2})(?::?([0-5]\d))?", re.IGNORECASE)
# Zones of no other name for offsets that are no whole hours; their clocks do not change.
PARTS = {
    (3, 30): "Asia/Tehran", (4, 30): "Asia/Kabul", (5, 30): "Asia/Kolkata", (5, 45): "Asia/Kathmandu",
    (6, 30): "Asia/Yangon", (8, 45): "Australia/Eucla", (9, 30): "Australia/Darwin", (-9, 30): "Pacific/Marquesas",
}  # fmt: skip
EAST, WEST = 14, 12  # hours from Greenwich beyond which there is no zone
DAY, STEP = timedelta(days=1), timedelta(days=7)


def named(zone_text: str) -> str | None:
    """The name under which every engine knows a zone, given as a name or an offset; None for an unknown zone.

    >>> named("Asia/Ho_Chi_Minh"), named("+07:00"), named("GMT+7"), named("+05:30"), named("Asia/Saigon Time")
    ('Asia/Ho_Chi_Minh', 'Etc/GMT-7', 'Etc/GMT-7', 'Asia/Kolkata', None)
    """
    match = OFFSET.fullmatch(zone_text.strip())
    if not match:
        return zone_text if _known(zone_text) else None
    sign, hours, minutes = (-1 if match[1] != "+" else 1), int(match[2]), int(match[3] or 0)
    if minutes:
        return PARTS.get((sign * hours, minutes))
    if not hours:
        return "UTC"
    if hours > (EAST if sign > 0 else WEST):
        return None
    return f"Etc/GMT{'-' if sign > 0 else '+'}{hours}"  # these names count westwards


def shown(name: str) -> str:
    """Format a zone as people write it.

    >>> shown("Etc/GMT-7"), shown("Etc/GMT+3"), shown("Asia/Ho_Chi_Minh")
    ('UTC+07:00', 'UTC-03:00', 'Asia/Ho_Chi_Minh')
    """
    match = re.fullmatch(r"Etc/GMT([+-])(\d+)", name)
    return f"UTC{'-' if match[1] == '+' else '+'}{int(match[2]):02}:00" if match else name


def changes(name: str, first: date = date(1980, 1, 1), last: date = date(2040, 1, 1)) -> bool:
    """Whether the clocks of a zone change between two days; by default, whether they ever did or are going to.

    >>> changes("Asia/Ho_Chi_Minh"), changes("Europe/London", date(2026, 4, 1), date(2026, 10, 1))
    (False, False)
    >>> changes("Europe/London", date(2026, 10, 1), date(2026, 11, 1))
    True
    """
    zone = ZoneInfo(name)
    days = [first + STEP * k for k in range(max(0, (last - first).days) // STEP.days + 1)]
    moments = (datetime.combine(day, time(), UTC) for day in (first - DAY, *days, last + DAY))
    return len({moment.astimezone(zone).utcoffset() for moment in moments}) > 1


def _known(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
