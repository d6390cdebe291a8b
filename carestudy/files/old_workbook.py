"""The cells of an .xls that hold an error, which its reader takes for empty ones.

An .xls is a small file system of sectors; one of its files is a list of records, those of each sheet in a row.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

import numpy as np

from carestudy.files.row_table import ERROR_CELL
from carestudy.files.workbook_archive import Unread

BOOKS = ("Workbook", "Book")
SMALL = 4096  # files below this size share the sectors of one
BEGIN, END, SHEET, ERROR, FORMULA = 0x0809, 0x000A, 0x0085, 0x0205, 0x0006


def looked_through(data: bytes) -> list[Unread]:
    """The cells with errors of each sheet, by row and column counted from 1; none where the file is damaged."""
    try:
        book = _book(data)
        starts = [_int(book, at) for kind, at in _records(book, 0) if kind == SHEET and book[at + 5] == 0]
        return [_errors(book, start) for start in starts]
    except (struct.error, IndexError, ValueError, OverflowError, StopIteration):
        return []


def _int(data: bytes, at: int, form: str = "<i") -> int:
    value: int = struct.unpack_from(form, data, at)[0]
    return value


def _book(data: bytes) -> bytes:
    """The file of records, put together from its sectors."""
    size = 1 << _int(data, 30, "<H")
    tables = [*struct.unpack_from("<109i", data, 76)]
    next_sector = _int(data, 68)
    while next_sector >= 0 and len(tables) * size < len(data):
        *sectors, next_sector = struct.unpack_from(f"<{size // 4}i", data, (next_sector + 1) * size)
        tables += sectors
    follows = _numbers(b"".join(data[(table + 1) * size : (table + 2) * size] for table in tables if table >= 0))
    listed = _chain(data[size:], follows, _int(data, 48), size)
    entries = [listed[at : at + 128] for at in range(0, len(listed), 128)]
    names = [entry[: max(_int(entry, 64, "<H") - 2, 0)].decode("utf-16-le", "replace") for entry in entries]
    entry = entries[next(names.index(name) for name in BOOKS if name in names)]
    if _int(entry, 120) >= SMALL:
        return _chain(data[size:], follows, _int(entry, 116), size)
    shared = _chain(data[size:], follows, _int(entries[0], 116), size)
    small = 1 << _int(data, 32, "<H")
    return _chain(shared, _numbers(_chain(data[size:], follows, _int(data, 60), size)), _int(entry, 116), small)


def _numbers(table: bytes) -> list[int]:
    numbers: list[int] = np.frombuffer(table, "<i4").tolist()
    return numbers


def _chain(data: bytes, follows: list[int], sector: int, size: int) -> bytes:
    """The sectors of a file, each of which says which one follows."""
    blocks: list[bytes] = []
    while sector >= 0 and len(blocks) < len(follows):
        blocks.append(data[sector * size : (sector + 1) * size])
        sector = follows[sector]
    return b"".join(blocks)


def _records(book: bytes, at: int) -> Iterator[tuple[int, int]]:
    """The kind and place of each record up to the end of its part; charts in a sheet are parts of their own."""
    depth = 0
    while at + 4 <= len(book):
        kind, length = struct.unpack_from("<HH", book, at)
        depth += (kind == BEGIN) - (kind == END)
        yield kind, at + 4
        if depth <= 0:
            return
        at += 4 + length


def _errors(book: bytes, start: int) -> Unread:
    unread: Unread = {}
    for kind, at in _records(book, start):
        single = kind == ERROR and book[at + 7] == 1
        computed = kind == FORMULA and book[at + 12 : at + 14] == b"\xff\xff" and book[at + 6] == 2
        if single or computed:
            row, column = struct.unpack_from("<HH", book, at)
            unread[row + 1, column + 1] = ERROR_CELL
    return unread
