"""Time zones that headers name: "(GMT+7)", "(UTC+07:00)", "GMT+7", "(America/New_York)"."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

OFFSET = re.compile(r"(?<![^\W_])(?:utc|gmt)(?:\s*([+\-−–])\s*(\d{1,2})(?::?(\d{2}))?)?(?!\w)", re.IGNORECASE)
NAMED = re.compile(r"(?<![\w/])[A-Z][A-Za-z]+/[A-Z][A-Za-z_]+(?:/[A-Z][A-Za-z_]+)?(?![\w/])")
LARGEST = 14  # hours that a clock may be ahead of UTC


def of_header(header: str) -> str | None:
    """The zone that a header names, as care.toml writes it.

    >>> of_header("Ngày tạo GMT+7"), of_header("Created (UTC)"), of_header("Start (Asia/Saigon)"), of_header("Utc_no")
    ('+07:00', 'UTC', 'Asia/Saigon', None)
    """
    for name in NAMED.findall(header):
        if name in available_timezones():
            return str(name)
    match = OFFSET.search(header)
    if match is None or re.search(r"[^\W_]_|_[^\W_]", header[max(match.start() - 1, 0) : match.end() + 2]):
        return None
    sign, hours, minutes = match.groups()
    if sign is None or int(hours) == int(minutes or 0) == 0:
        return "UTC"
    if int(hours) > LARGEST or int(minutes or 0) > 59:
        return None
    return f"{'+' if sign == '+' else '-'}{int(hours):02d}:{minutes or '00'}"


def without(header: str) -> str:
    """A header without the offset that stands in it.

    >>> without("Ngày tạo GMT+7")
    'Ngày tạo '
    """
    return OFFSET.sub("", header) if OFFSET.search(header) and re.search(r"\d", header) else header


def alike(zone: str, other_zone: str, days: Iterable[date]) -> bool:
    """Whether the clocks of two zones show the same on some days."""
    return all(_offset(zone, day) == _offset(other_zone, day) for day in days)


def _offset(name: str, day: date) -> timedelta | None:
    if name[0] in "+-":
        hours, minutes = int(name[1:3]), int(name[4:])
        return timedelta(hours=hours, minutes=minutes) * (1 if name[0] == "+" else -1)
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    return noon.astimezone(ZoneInfo(name)).utcoffset()
