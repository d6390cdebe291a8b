"""The check as plain text for a terminal or a log."""

from __future__ import annotations

import textwrap
from unicodedata import category, normalize

from carestudy.check.check_sections import Found, Section, known, sections, verdict
from carestudy.show.words import Reader

WIDTH, NARROWEST = 100, 40
# What has no plainer form of its own when its marks are taken off.
PLAINER = str.maketrans({"đ": "d", "Đ": "D", "…": "...", "–": "-", "−": "-", "₫": "VND", "\xa0": " ", "·": "-"})


def lines(reader: Reader, report: Found) -> list[str]:
    """Every section under its title, its table in columns, and the verdict last."""
    about = known(reader, report.care)
    result = [about, ""] if about else []
    for section in sections(reader, report):
        rows = f" ({len(section.rows):,})" if len(section.heads) == 1 else ""
        result += [section.title + rows, *_wrapped(section.text), *_table(section), ""]
    return [*result, verdict(reader, report)]


def fitted(line: str, encoding: str | None) -> str:
    """A line that a terminal of this encoding can show: where it cannot, letters lose their marks.

    >>> fitted("Mã khách hàng Đỗ…", "ascii"), fitted("Mã", "utf-8")
    ('Ma khach hang Do...', 'Mã')
    """
    wanted = encoding or "ascii"
    try:
        line.encode(wanted)
    except (UnicodeEncodeError, LookupError):
        bare = "".join(letter for letter in normalize("NFD", line.translate(PLAINER)) if category(letter) != "Mn")
        return bare.encode("ascii", "replace").decode("ascii")
    return line


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent="  ", subsequent_indent="  ")


def _table(section: Section) -> list[str]:
    if len(section.heads) == 1:
        return [f"  - {row[0]}" for row in section.rows]
    if not section.rows:
        return []
    everything = [section.heads, *section.rows]
    widths = [max(len(row[index]) for row in everything) for index in range(len(section.heads) - 1)]
    return [line for row in everything for line in _row(row, widths, section.numeric)]


def _row(row: tuple[str, ...], widths: list[int], numeric: frozenset[int]) -> list[str]:
    """A row whose last cell goes on in further lines."""
    cells = [
        cell.rjust(width) if index in numeric else cell.ljust(width)
        for index, (cell, width) in enumerate(zip(row, widths, strict=False))
    ]
    start = "  ".join(["", *cells, ""])
    room = max(WIDTH - len(start), NARROWEST)
    return textwrap.wrap(row[-1], room + len(start), initial_indent=start, subsequent_indent=" " * len(start)) or [
        start.rstrip()
    ]
