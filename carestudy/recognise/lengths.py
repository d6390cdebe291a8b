"""Lengths of time in a column: the unit of which its header speaks, and cells that say their units themselves."""

from __future__ import annotations

import re

import numpy as np
import pyarrow.compute as pc

from carestudy.recognise.column import Column

UNITS = {
    "seconds": r"giây|giay|\bsecs?\b|seconds?|[\(_ ]s\)?$",
    "minutes": r"phút|phut|\bmins?\b|minutes?|[\(_ ]m\)?$",
    "hours": r"giờ\)|\bgio\)|\(giờ|\bhrs?\b|hours?|[\(_ ]h\)?$|tiếng",
    "days": r"ngày\)|\(ngày|\bdays?\b",
}
SPOKEN = (
    r"(?i)^(\d+:\d{2}(:\d{2})?|(\d+([.,]\d+)?\s*(d|h|m|s|days?|hours?|hrs?|minutes?|mins?|seconds?|secs?|ngày|giờ|tiếng|"
    r"phút|giây)[\s,]*)+)$"
)
MOST = 0.9


def unit_of(header: str) -> str | None:
    """The unit of time in which a header counts.

    >>> unit_of("First reply time (min)"), unit_of("Full resolution time (hrs)"), unit_of("Thời gian phản hồi")
    ('minutes', 'hours', None)
    """
    units = [unit for unit, pattern in UNITS.items() if re.search(pattern, header.lower())]
    return units[0] if len(units) == 1 else None


def is_spoken(column: Column) -> bool:
    """Whether cells are durations with units: 1h 23m, 00:02:23, 1 phút 23 giây."""
    fits = np.asarray(pc.match_substring_regex(column.values, SPOKEN))
    return bool(column.filled) and bool(column.counts[fits].sum() > MOST * column.filled)
