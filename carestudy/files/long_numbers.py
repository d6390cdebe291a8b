"""Whole numbers of more digits than a floating point number tells apart, as a sheet of an .xlsx writes them.

A reader of workbooks gives numbers as floating point numbers: ids of 17 digits and more that differ in their last ones
become one. A spreadsheet has lost them as well; other programs write all of them, and they are read here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from carestudy.files.workbook_archive import sheet_cells

LONG = 16  # digits
EXACT = 1 << 53  # whole numbers beyond are not all told apart
Digits = Mapping[tuple[int, int], str]


class _Numbers:
    """The number cells of a sheet that are written as so many digits, by row and column counted from 1."""

    def __init__(self) -> None:
        self.found: dict[tuple[int, int], str] = {}
        self.text: list[str] | None = None

    def begin(self, name: str, kind: str) -> None:
        self.text = [] if name == "v" and kind in ("", "n") else None

    def data(self, text: str) -> None:
        if self.text is not None:
            self.text.append(text)

    def end(self, name: str, at: tuple[int, int]) -> None:
        written = "".join(self.text or ()).strip()
        if name == "v" and written.isascii() and written.isdigit() and len(written) >= LONG:
            self.found[at] = written
        self.text = None


def digits(data: bytes, sheet: str) -> Digits:
    """The long whole numbers of a sheet as they are written, by row and column counted from 1."""
    numbers = _Numbers()
    sheet_cells(data, sheet, numbers)
    return numbers.found


def in_full(values: list[Any], written: list[str | None]) -> list[Any]:
    """The cells of a column with their digits where the file has all of them, else as they are.

    Where each is what a floating point number holds, or ends in a zero, a program had rounded them before.
    """
    long = [text for value, text in zip(values, written, strict=True) if text and _long(value)]
    is_exact = any(int(text) != int(float(text)) for text in long) and not all(text.endswith("0") for text in long)
    if not is_exact:
        return values
    return [text if text and _long(value) else value for value, text in zip(values, written, strict=True)]


def has_long(values: list[Any]) -> bool:
    """Whether a column holds numbers that are not all told apart."""
    return any(map(_long, values))


def _long(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) >= EXACT
