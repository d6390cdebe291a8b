"""The lines on which the rows of a text start, counted without a parser: quotation marks alone say where a row ends."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO

import numpy as np

from carestudy.contract import CareError
from carestudy.files.encoding import Text

BLOCK = 1 << 22
QUOTE, NUL, CR, LF = b'"\0\r\n'


@dataclass
class _Scan:
    """How far a file is counted: lines and quotation marks behind, and where its rows start."""

    lines: int = 0
    quotes: int = 0
    row: int = 1  # the line on which the row at hand starts
    filled: bool = False  # whether the row at hand holds anything yet
    starts: list[Any] = field(default_factory=list)


def starts(text: Text) -> tuple[Any, int]:
    """The line on which each row starts, blank lines being no rows; and the byte that ends a line."""
    scan = _Scan()
    with text.open() as file:
        end = LF if any(bytes([LF]) in block for block in _blocks(file)) else CR
    with text.open() as file:
        for block in _blocks(file):
            _count(text.name, scan, np.frombuffer(block, np.uint8), end)
    _refuse_other_letters(text)
    if scan.quotes % 2:
        raise CareError(f"{text.name}: a quotation mark is opened and never closed, perhaps in line {scan.row:,}")
    if scan.filled:
        scan.starts.append(np.array([scan.row]))
    return np.concatenate(scan.starts) if scan.starts else np.array([], dtype=np.int64), end


def _refuse_other_letters(text: Text) -> None:
    """Before the parser meets them: it cannot tell us of a row whose letters it cannot read."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with text.open() as file:
            for block in _blocks(file):
                decoder.decode(block)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        raise text.refused() from None


def _count(name: str, scan: _Scan, block: Any, end: int) -> None:
    """Count one block of a file on."""
    ends, quotes = np.flatnonzero(block == end), np.flatnonzero(block == QUOTE)
    if not block.all():
        line = scan.lines + np.searchsorted(ends, np.flatnonzero(block == NUL)[0]) + 1
        raise CareError(f"{name} holds bytes that are no text in line {line:,}")
    closing = (scan.quotes + np.searchsorted(quotes, ends)) % 2 == 0
    stops = ends[closing]
    text = np.flatnonzero((block != LF) & (block != CR))
    # A row is blank if no letter stands between its end and the end before.
    behind = np.searchsorted(text, np.concatenate([[0], stops]))
    filled = np.diff(behind) > 0
    after = scan.lines + np.flatnonzero(closing) + 2
    begins = np.concatenate([[scan.row], after])
    if len(stops):
        filled[0] |= scan.filled
        scan.starts.append(begins[:-1][filled])
        scan.filled = False
    scan.filled |= len(text) > behind[-1]
    scan.row = int(begins[-1])
    scan.lines, scan.quotes = scan.lines + len(ends), scan.quotes + len(quotes)


def _blocks(file: BinaryIO) -> Iterator[bytes]:
    while block := file.read(BLOCK):
        yield block
