"""Reads the files of a folder as exports: files and sheets with the same header form one export."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from functools import cached_property
from pathlib import Path
from typing import Any
from unicodedata import normalize

import pyarrow as pa
import pyarrow.parquet as pq

from carestudy import files
from carestudy.contract import CareError
from carestudy.files import encoding
from carestudy.files.row_table import OTHER_WIDTH, Rows
from carestudy.load.mapping import FILE
from carestudy.load.plain_names import numbered, repeated, told_apart
from carestudy.recognise.column import Column

PARQUET = ".parquet"
KINDS = (PARQUET, *files.KINDS)
HEAD = 1 << 20
OPEN_IN_EXCEL = "~$"
PICTURES = "thumbs.db"  # what Windows keeps beside pictures, and no database of anybody


@dataclass(frozen=True)
class Sheet:
    """A file, or a sheet of a workbook, as it was read."""

    file: str
    sheet: str
    alone: bool  # whether the file has no other sheet with rows
    encoding: str | None
    names: tuple[str, ...]
    cells: Any = field(repr=False)
    repeated: tuple[str, ...] = ()  # plain names that several of its columns have
    hidden: bool = False
    split: tuple[str, tuple[int, ...]] = ("", ())  # a column of cells that were cut in two, and where
    cut: tuple[int, ...] = ()  # the lines of rows that cannot be read: they have another number of cells


@dataclass(frozen=True)
class Export:
    """Files and sheets with the same columns: one table in pieces."""

    sheets: tuple[Sheet, ...]

    @cached_property
    def columns(self) -> list[Column]:
        """Its columns, each over all pieces."""
        names: dict[str, str] = {}
        pieces: dict[str, list[Any]] = {}
        for sheet in self.sheets:
            for index, (plain, name) in enumerate(zip(_plain(sheet), sheet.names, strict=True)):
                names.setdefault(plain, name if name.strip() else plain)
                pieces.setdefault(plain, []).append(sheet.cells.column(index))
        return [Column.of(name, pieces[plain]) for plain, name in names.items()]

    @cached_property
    def repeated(self) -> frozenset[str]:
        """The plain names that several columns of one file or sheet have."""
        return frozenset(name for sheet in self.sheets for name in sheet.repeated)

    @property
    def rows(self) -> int:
        """How many rows all its pieces have."""
        return sum(sheet.cells.num_rows for sheet in self.sheets)

    @property
    def files(self) -> list[str]:
        """The names of its files, each once."""
        return list(dict.fromkeys(sheet.file for sheet in self.sheets))

    @property
    def sheet_names(self) -> list[str]:
        """The sheets to be named in care.toml: none where the files hold no others."""
        return [] if all(sheet.alone for sheet in self.sheets) else list(dict.fromkeys(s.sheet for s in self.sheets))

    def joined(self, second: Export) -> Export:
        """Join two exports into one table, in order of the file names; a column that one lacks is empty there."""
        return Export(tuple(sorted((*self.sheets, *second.sheets), key=lambda sheet: sheet.file)))

    def joins(self, second: Export) -> bool:
        """Whether the pieces of both can be read as care.toml reads one table."""
        alike = {sheet.encoding for sheet in (*self.sheets, *second.sheets)}
        return len(alike) == 1 and (self.files == second.files or not (self.sheet_names or second.sheet_names))

    def __str__(self) -> str:
        names = self.files
        text = names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1} more"
        return text + (f", sheet {', '.join(self.sheet_names)}" if self.sheet_names else "")


@dataclass(frozen=True)
class Found:
    """The content of a folder: exports, files that were not read with the reason, and questions about files."""

    exports: tuple[Export, ...]
    left: tuple[tuple[str, str], ...]
    names: tuple[str, ...]
    asked: tuple[str, ...] = ()

    @property
    def missed(self) -> list[str]:
        """The files that were left although they are of a kind that can be read."""
        return [name for name, _ in self.left if _readable(name)]


def look(folder: Path) -> Found:
    """Every export of a folder, or of one file; a file that cannot be read is reported and stops no other."""
    if not folder.exists():
        raise CareError(f"data folder '{folder.name}' is no folder that exists")
    sheets: list[Sheet] = []
    left: list[tuple[str, str]] = []
    entries = sorted(folder.iterdir()) if folder.is_dir() else [folder]
    paths = [path for path in entries if not path.name.startswith((".", FILE))]
    called = Counter(normalize("NFC", path.name) for path in paths)
    for path in paths:
        name = normalize("NFC", path.name.encode(errors="replace").decode())
        try:
            _refuse_name(path, called)
            sheets += _sheets(path)
        except CareError as error:
            left.append((name, str(error).removeprefix(name).lstrip(" :,")))
        except OSError as problem:
            left.append((name, f"cannot be opened: {problem.strerror}"))
    if not sheets:
        reasons = "; ".join(f"{name}: {why}" for name, why in left[:5]) or "it is empty"
        kind = "data folder" if folder.is_dir() else "file"
        raise CareError(f"{kind} '{folder.name}' holds nothing that can be read: {reasons}")
    names = tuple(normalize("NFC", path.name) for path in paths if path.is_file())  # also of those that were left
    shown, questions = _shown(sheets)
    return Found(_grouped(shown), tuple(left), names, questions)


def pattern(export: Export, names: Sequence[str]) -> str | None:
    """A pattern that fits just these files of a folder, and the like that may come: gd_*.csv."""
    files_ = export.files
    if len(files_) < 2 or any(sign in name for name in files_ for sign in "*?["):
        return None
    start, end = _start(files_), _start([name[::-1] for name in files_])[::-1]
    # Days and months that happen to be common are left out: those to come will have others.
    wider = re.sub(r"\d[\d\W_]*$", "", start) + "*" + re.sub(r"^[\d\W_]*\d", "", end)
    for guess in (wider, f"{start}*{end}"):
        if sorted(name for name in names if fnmatchcase(name, guess)) == sorted(files_):
            return guess
    return None


def _refuse_name(path: Path, called: Mapping[str, int]) -> None:
    """A file whose name cannot stand in care.toml, or would stand there for two."""
    try:
        path.name.encode()
    except UnicodeEncodeError:
        raise CareError("its name is no UTF-8 and cannot be written in care.toml: rename it") from None
    if called[normalize("NFC", path.name)] > 1:
        raise CareError("two files are called so, with the same letters written in two ways: rename one, or remove it")


def _readable(name: str) -> bool:
    return name.lower().endswith(KINDS) and not name.startswith(OPEN_IN_EXCEL) and name.lower() != PICTURES


def _start(names: Sequence[str]) -> str:
    """The common beginning of all names."""
    first, last = min(names), max(names)
    matches = [letter == other_letter for letter, other_letter in zip(first, last, strict=False)]
    return first[: matches.index(False) if False in matches else len(matches)]


def _sheets(path: Path) -> list[Sheet]:
    if path.is_dir():
        raise CareError("a folder within the folder; put its files beside the others")
    if path.name.startswith(OPEN_IN_EXCEL):
        raise CareError("a file that Excel keeps while a workbook is open")
    if path.name.lower() == PICTURES:
        raise CareError("small pictures that Windows keeps")
    if not _readable(path.name):
        raise CareError(f"of no kind that can be read: {', '.join(KINDS)}")
    name = normalize("NFC", path.name)
    if path.name.lower().endswith(PARQUET):
        names, cells = _parquet(path)
        told_apart(names, name)
        return [Sheet(name, "", alone=True, encoding=None, names=tuple(names), cells=cells)]
    written, sheets = _read(path)
    if not sheets:
        raise CareError("holds no rows")
    alone = len([rows for rows in sheets.values() if not rows.hidden] or sheets) == 1
    return [
        _headed(_sheet(Sheet(name, sheet, alone, written, tuple(rows.columns), rows.cells), rows))
        for sheet, rows in sheets.items()
    ]


def _shown(sheets: Sequence[Sheet]) -> tuple[list[Sheet], tuple[str, ...]]:
    """The sheets that count, and the questions about hidden ones: those count only in a file that shows no others."""
    shown = {sheet.file for sheet in sheets if not sheet.hidden}
    questions = [
        f"{sheet.file}: sheet '{sheet.sheet}' is hidden, and its {sheet.cells.num_rows:,} rows are "
        + ("left out: do they count? Then name it in sheet" if sheet.file in shown else "read: do they count?")
        for sheet in sheets
        if sheet.hidden
    ]
    return [sheet for sheet in sheets if not sheet.hidden or sheet.file not in shown], tuple(questions)


def _headed(sheet: Sheet) -> Sheet:
    """A sheet whose first line is no data: no header is an address, phone number or day above more of its kind."""
    for index, name in enumerate(sheet.names):
        kind = Column.of("", [pa.array([name])]).datum
        if kind and kind == Column.of("", [sheet.cells.column(index)]).datum:
            raise CareError("line 1 seems to be data and not the names of columns: write a line with their names above")
    return sheet


def _sheet(sheet: Sheet, rows: Rows) -> Sheet:
    """A sheet of which no two columns have the same name, as the door reads it."""
    pairs = zip(rows.broken.tolist(), rows.reasons, strict=True)
    cut = tuple(line for line, reason in pairs if reason == OTHER_WIDTH)
    sheet = replace(sheet, hidden=rows.hidden, split=rows.split, cut=cut)
    names = numbered(sheet.names)
    told_apart(names, f"{sheet.file}, sheet {sheet.sheet}" if sheet.sheet else sheet.file)
    return replace(sheet, names=tuple(names), repeated=tuple(repeated(sheet.names)))


def _read(path: Path) -> tuple[str | None, dict[str, Any]]:
    """The sheets of a file, and its encoding where that must be stated."""
    try:
        return None, files.read(path)
    except CareError:
        with path.open("rb") as file:
            head = file.read(HEAD)
        guess = encoding.guess(encoding.unpacked(path)[:HEAD] if head.startswith(encoding.GZIP) else head)
        if guess is None:
            raise
        return guess, files.read(path, guess)


def _parquet(path: Path) -> tuple[list[str], Any]:
    try:
        table = pq.read_table(path)
    except (pa.ArrowException, OSError):
        raise CareError("no Parquet that can be read: it is cut short, damaged or empty") from None
    return table.column_names, table.rename_columns([str(number) for number in range(table.num_columns)])


def _plain(sheet: Sheet) -> list[str]:
    return told_apart(sheet.names, sheet.file)


def _grouped(sheets: Sequence[Sheet]) -> tuple[Export, ...]:
    groups: dict[Any, list[Sheet]] = {}
    for sheet in sheets:
        groups.setdefault((frozenset(_plain(sheet)), sheet.encoding), []).append(sheet)
    return tuple(Export(tuple(group)) for group in groups.values())
