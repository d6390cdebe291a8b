"""What lies in a workbook's file, looked through before it is opened: what could do harm, and cells without a value.

An .xlsx is a zip archive of XML. It is read here block by block, and nothing in it is followed or expanded.
"""

from __future__ import annotations

import io
import posixpath
import re
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator
from copy import copy
from functools import cache
from typing import Any
from xml.parsers import expat

from carestudy.contract import CareError
from carestudy.files.row_table import ERROR_CELL, NOT_COMPUTED

BLOCK = 1 << 20
# What a workbook may unpack to: no more than this, nor more than so many times its size once it is large.
LARGEST, LARGE, TIMES = 4 << 30, 64 << 20, 200
# Every cell between the first and the last is laid out: one that lies far away makes a sheet of billions.
MOST_CELLS = 20_000_000
BOOK, LINKS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"

# Quick to find, and only ever there where a sheet holds an error or a formula, but for a few that do not.
UNREADABLE = (b'"e"', b"'e'", b"<f", b":f", b"\0")
COLUMN, ROW = re.compile(rb"""r\s*=\s*["']([A-Za-z]+)\d"""), re.compile(rb"""row\s[^>]*?\br\s*=\s*["'](\d+)""")
LONGEST = 200  # bytes from the beginning of an element to the end of what is looked for

Unread = dict[tuple[int, int], str]


class _Refused(Exception):
    """Something that no workbook has; the text says what."""


def looked_through(file: str, data: bytes) -> dict[str, Unread]:
    """The cells of each sheet that hold an error or no result, by row and column counted from 1, and the reason.

    An archive that is damaged, or made to do harm, is an error.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = _members(archive, len(data))
            for name, member in members.items():
                if name.lower().endswith((".xml", ".rels")):
                    _parse(archive, member)
            sheets = {name: _seen(archive, members[member]) for name, member in _sheets(archive, members).items()}
    except _Refused as problem:
        raise CareError(f"{file} {problem}: if you trust it, open it and save it anew") from None
    except (zipfile.BadZipFile, zlib.error, expat.ExpatError, EOFError, LookupError, ValueError, RuntimeError):
        raise CareError(f"{file} is no workbook that can be opened: it is cut short or damaged") from None
    for name, cells in sheets.items():
        if cells.scattered:
            raise CareError(f"{file}: sheet '{name}' has a cell far away from all others: delete it there")
    return {name: cells.unread for name, cells in sheets.items()}


class _Cells:
    """What is seen of the cells of a sheet: how far they reach, and which of them cannot be read."""

    def __init__(self) -> None:
        self.unread: Unread = {}
        self.found = 0
        self.reach = [sys.maxsize, sys.maxsize, 0, 0]
        self.at, self.kind = (0, 0), ""
        self.parser: Any = None

    def watch(self, parser: Any) -> None:
        self.parser = parser
        parser.StartElementHandler = self.begin

    @property
    def scattered(self) -> bool:
        top, left, bottom, right = self.reach
        area = (bottom - top + 1) * (right - left + 1) if self.found else 0
        return area > max(MOST_CELLS, 4 * self.found)

    def begin(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if name == "c":
            self._cell(attributes)
        elif name in ("v", "is"):
            self._value()
        elif name == "f" and self.kind != "e":
            self.unread[self.at] = NOT_COMPUTED
        elif name == "row":
            self.at = (int(attributes.get("r", self.at[0] + 1)), 0)

    def _cell(self, attributes: dict[str, str]) -> None:
        self.at = _place(attributes["r"]) if "r" in attributes else (self.at[0], self.at[1] + 1)
        self.kind = attributes.get("t", "")
        self.parser.CharacterDataHandler = None
        if self.kind == "e":
            self.unread[self.at] = ERROR_CELL

    def _value(self) -> None:
        (row, column), (top, left, bottom, right) = self.at, self.reach
        self.reach = [min(top, row), min(left, column), max(bottom, row), max(right, column)]
        self.found += 1
        if self.kind == "str":  # the result of a formula may be an empty text
            self.computed("text")
        elif self.at in self.unread:
            self.parser.CharacterDataHandler = self.computed

    def computed(self, text: str) -> None:
        if text.strip() and self.unread.get(self.at) == NOT_COMPUTED:
            del self.unread[self.at]


@cache
def _number(letters: str) -> int:
    """The number of a column: A is 1, AA is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _place(written: str) -> tuple[int, int]:
    letters = written.rstrip("0123456789")
    return int(written[len(letters) :]), _number(letters.upper())


def sheet_cells(data: bytes, sheet: str, watcher: Any) -> None:
    """Tell a watcher of each element of a sheet where it begins, what it holds, and where it ends."""
    at, kind = [0, 0], [""]

    def begin(tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if name == "row":
            at[:] = [int(attributes.get("r", at[0] + 1)), 0]
        elif name == "c":
            at[:] = _place(attributes["r"]) if "r" in attributes else (at[0], at[1] + 1)
            kind[0] = attributes.get("t", "")
        watcher.begin(name, kind[0])

    def watch(parser: Any) -> None:
        parser.StartElementHandler, parser.CharacterDataHandler = begin, watcher.data
        parser.EndElementHandler = lambda tag: watcher.end(tag.rpartition(":")[2], (at[0], at[1]))

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = _members(archive, len(data))
        _parse(archive, members[_sheets(archive, members)[sheet]], watch)


def _members(archive: zipfile.ZipFile, size: int) -> dict[str, zipfile.ZipInfo]:
    """What the archive says it holds, by name."""
    listed = archive.infolist()
    if len({member.filename.lower() for member in listed}) < len(listed):
        raise _Refused("holds two parts of one name")
    unpacked_size = sum(member.file_size for member in listed)
    if unpacked_size > min(LARGEST, max(LARGE, TIMES * size)):
        raise _Refused(f"unpacks to {unpacked_size >> 20:,} MB, which no workbook of its size does")
    return {member.filename: member for member in listed}


def _sheets(archive: zipfile.ZipFile, members: dict[str, zipfile.ZipInfo]) -> dict[str, str]:
    """The names of the sheets and of the parts that hold them."""
    elements: dict[str, list[dict[str, str]]] = {"sheet": [], "Relationship": []}

    def begin(tag: str, attributes: dict[str, str]) -> None:
        elements.get(tag.rpartition(":")[2], []).append(attributes)

    for name in (BOOK, LINKS):
        _parse(archive, members[name], lambda parser: setattr(parser, "StartElementHandler", begin))
    links = {link["Id"]: posixpath.normpath(posixpath.join("/xl", link["Target"])) for link in elements["Relationship"]}
    listed = [
        (element["name"], next((element[key] for key in element if key.endswith(":id")), ""))
        for element in elements["sheet"]
    ]
    return {name: links[link].lstrip("/") for name, link in listed}


def _parse(archive: zipfile.ZipFile, member: zipfile.ZipInfo, watch: Callable[[Any], None] | None = None) -> None:
    """Parse a part, watched or only for being sound; one that declares types of its own is refused."""
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse_types
    if watch:
        watch(parser)
    for block in _blocks(archive, member):
        parser.Parse(block)
    parser.Parse(b"", True)  # noqa: FBT003  the parser's own way to say that this is the end


def _blocks(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """A part block by block to its real end, which may lie behind the one it declares."""
    further, length = copy(member), 0
    further.file_size += 1
    with archive.open(further) as file:
        while block := file.read(BLOCK):
            length += len(block)
            yield block
    if length > member.file_size:
        raise _Refused("holds more than it declares")


def _seen(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> _Cells:
    cells = _Cells()
    if _worth_a_look(archive, member):
        _parse(archive, member, cells.watch)
    return cells


def _worth_a_look(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bool:
    """Whether a sheet may hold errors, formulas or cells far away: most do not, and a look at each cell takes long."""
    columns, rows, behind = set(), [0], b""
    for block in _blocks(archive, member):
        text = behind + block
        if any(sign in text for sign in UNREADABLE):
            return True
        columns.update(COLUMN.findall(text))
        rows += [int(number) for number in ROW.findall(text)[-1:]]
        behind = text[-LONGEST:]
    return max(rows) * max((_number(column.decode().upper()) for column in columns), default=0) > MOST_CELLS


def _refuse_types(*_: object) -> None:
    raise _Refused("declares types and entities of its own, as no spreadsheet does")
