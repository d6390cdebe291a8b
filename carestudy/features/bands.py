"""Bands written as text, such as ages and incomes, read as numbers and put in order."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

NUMBER = re.compile(r"(\d{1,3}(?:[.,]\d{3})+(?!\d)|\d+(?:[.,]\d+)?)\s*(nghìn|ngàn|k|triệu|tr|m|million|tỷ|tỉ|bn)?\b")
UNITS = {
    "nghìn": 1e3, "ngàn": 1e3, "k": 1e3, "triệu": 1e6, "tr": 1e6, "m": 1e6, "million": 1e6,
    "tỷ": 1e9, "tỉ": 1e9, "bn": 1e9,
}  # fmt: skip
BELOW = re.compile(r"dưới|under|below|less|up to|<|≤")
LEVELS = {
    "rất thấp": 0, "very low": 0, "thấp": 1, "low": 1, "trung bình": 2, "medium": 2, "middle": 2, "average": 2,
    "khá": 3, "cao": 4, "high": 4, "rất cao": 5, "very high": 5,
}  # fmt: skip


def bounds(text: str) -> tuple[float | None, float | None]:
    """The two ends of a band; an open end is None, and a text without a number has none.

    >>> bounds("10–20 triệu"), bounds("Dưới 10 triệu"), bounds("65+"), bounds("34")
    ((10000000.0, 20000000.0), (None, 10000000.0), (65.0, None), (34.0, 34.0))
    """
    plain = unicodedata.normalize("NFC", text).casefold()
    numbers = NUMBER.findall(plain)
    if not numbers:
        return None, None
    last = numbers[-1][1]  # "10-20 million": the unit stands once
    ends = [_number(digits) * UNITS.get(unit or last, 1.0) for digits, unit in numbers[:2]]
    if len(ends) == 2:
        return min(ends), max(ends)
    if BELOW.search(plain):
        return None, ends[0]
    is_number = NUMBER.fullmatch(plain.strip())
    return ends[0], (ends[0] if is_number else None)


def middle(text: str) -> int | None:
    """The middle of a band in whole units, and of an open one its one end.

    >>> middle("45-54"), middle("65+"), middle("unknown")
    (49, 65, None)
    """
    ends = [end for end in bounds(text) if end is not None]
    return int(sum(ends) / len(ends)) if ends else None


def in_order(bands: Iterable[str]) -> list[str]:
    """The bands that can be put in order, lowest first: by their ends, or by words such as low, medium, high.

    >>> in_order(["Trên 40 triệu", "10–20 triệu", "Dưới 10 triệu", "(khác)"])
    ['Dưới 10 triệu', '10–20 triệu', 'Trên 40 triệu']
    """
    positions = {band: _position(band) for band in bands}
    return sorted((band for band in positions if positions[band] is not None), key=lambda band: (positions[band], band))


def _position(band: str) -> tuple[float, float] | None:
    low, high = bounds(band)
    if low is None and high is None:
        level = LEVELS.get(unicodedata.normalize("NFC", band).casefold().strip())
        return None if level is None else (level, level)
    if low is None:
        return float("-inf"), high or 0.0
    return low, float("inf") if high is None else high


def _number(digits: str) -> float:
    grouped = re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", digits)
    return float(re.sub(r"[.,]", "", digits) if grouped else digits.replace(",", "."))
