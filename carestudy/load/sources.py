"""Where raw tables come from: a folder of files, or frames in memory; databases are in ``databases.py``."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any
from unicodedata import normalize

import ibis
import numpy as np
import pyarrow as pa

from carestudy import files
from carestudy.contract import TABLES, CareError
from carestudy.files.rows import Rows
from carestudy.load import frames, parquet, parse
from carestudy.load.engine import Engine
from carestudy.load.mapping import FILE, known
from carestudy.load.names import BROKEN, LINE, PART, numbered, repeated, told_apart
from carestudy.load.source import Source

KINDS = (parquet.KIND, *files.KINDS)
PATTERN = re.compile(r"[*?]")
IN_PLACE = 1_000_000  # rows, above which Parquet is not copied into the engine if there is nothing to mend in it
Refused = Callable[[CareError], None]  # is told of a table that cannot be used


def raised(error: CareError) -> None:
    """Refuse the whole for the sake of one table."""
    raise error


@dataclass(frozen=True)
class Raw:
    """A table as it was found: its rows with their numbers, where they come from, and their fingerprint.

    Rows are numbered from 1. Where a table has several parts, each is numbered from its own start in ``places``.
    ``typed`` tables stay in their database, and nothing in them is text that must be read as something else. Tables
    that may ``stay`` are Parquet, which can be asked again and again where it is.
    """

    table: Any
    source: str
    hash: str
    files: tuple[tuple[Path, tuple[int, ...]], ...] = ()
    places: tuple[tuple[int, str], ...] = ()
    titles: tuple[int, ...] = ()
    repeated: Mapping[str, int] = field(default_factory=dict)  # names of several columns, and the header's line
    typed: bool = False
    may_stay: bool = False

    def refuse_if_changed(self) -> None:
        """A file that was written to while it was read belongs to no moment."""
        for path, stamp in self.files:
            if _stamp(path) != stamp:
                raise CareError(f"{path.name} was changed while it was read: load it again when it is whole")


@dataclass
class _Parts:
    """The parts of a table as they are gathered, the last first: where two say different things, it counts."""

    tables: list[Any] = field(default_factory=list)
    places: list[tuple[int, str]] = field(default_factory=list)
    hashes: list[str] = field(default_factory=list)
    titles: list[int] = field(default_factory=list)
    repeated: dict[str, int] = field(default_factory=dict)
    rows: int = 0

    def add(self, name: str, table: Any, lines: int) -> None:
        """One more part, whose rows are numbered behind those of the others."""
        self.tables.append(table.mutate(**{LINE: table[LINE] + self.rows, PART: ibis.literal(len(self.tables))}))
        self.places.append((self.rows, name))
        self.rows += lines


def from_folder(
    folder: Path, sources: Mapping[str, Source], refused: Refused = raised, engine: Engine | None = None
) -> tuple[Engine, dict[str, Raw]]:
    """The tables that lie in a folder as files named after them, or as care.toml names them.

    A table that cannot be read is told to ``refused``, which raises the error or keeps it.
    """
    if not folder.is_dir():
        is_file = " but a file: give the folder it is in" if folder.is_file() else ""
        raise CareError(f"data folder '{folder.name}' is no folder{is_file or ' that exists'}")
    engine, found, none = engine or Engine(), {}, True
    there = _there(folder)
    for name in TABLES:
        said = sources.get(name, Source())
        try:
            paths = _files(there, folder, name, said)
            none = none and not paths
            if paths:
                found[name] = _read(engine, name, paths, said)
        except CareError as error:
            none = False
            refused(error)
    if none:
        wanted = ", ".join(f"{name}.csv" for name in list(TABLES)[:4])
        raise CareError(
            f"data folder '{folder.name}' holds no table: put {wanted} there, or name your files in {FILE}; "
            "carestudy init writes one"
        )
    return engine, found


def left_out(folder: Path, sources: Mapping[str, Source]) -> list[str]:
    """The files of a folder that could be read, and that no table comes from."""
    there = _there(folder)
    used = {path for name in TABLES for path in _files(there, folder, name, sources.get(name, Source()))}
    return [name for name, path in there.items() if kind_of(path) and path not in used]


def _there(folder: Path) -> dict[str, Path]:
    """The files of a folder by their names in one normal form."""
    there: dict[str, Path] = {}
    for path in sorted(folder.iterdir()):
        name = normalize("NFC", path.name)
        if name in there:
            raise CareError(f"two files are called '{name}', in letters that only look alike: give one another name")
        if path.is_file():
            there[name] = path
    return there


def from_frames(given: Mapping[str, Any], engine: Engine | None = None) -> tuple[Engine, dict[str, Raw]]:
    """Tables from pandas, polars or Arrow frames."""
    engine, found = engine or Engine(), {}
    for name, frame in given.items():
        table = frames.arrow(name, frame)
        table = table.rename_columns(told_apart(table.column_names, f"table '{name}'"))
        kind = type(frame).__module__.split(".")[0]
        rows = _numbered(engine, f"raw_{name}", table, np.arange(1, len(table) + 1))
        found[name] = Raw(rows, kind, frames.fingerprint(table))
    return engine, found


def named_by_environment(text: str) -> str:
    """The folder or URL itself; "$NAME" stands for what that environment variable holds."""
    return looked_up(text[1:]) if text.startswith("$") else text


def looked_up(name: str) -> str:
    """What an environment variable holds; that it is not set is an error."""
    if not os.environ.get(name):
        raise CareError(f"environment variable {name} is not set: it should hold the data folder or database URL")
    return os.environ[name]


def kind_of(path: Path) -> str | None:
    """The ending that says how a file is read, if it is one we can read."""
    return next((kind for kind in KINDS if path.name.lower().endswith(kind)), None)


def _files(there: Mapping[str, Path], folder: Path, name: str, said: Source) -> list[Path]:
    """The files of a table, in the order in which care.toml lists them, or a pattern finds them."""
    if not said.source:
        found = [path for file, path in there.items() if file.lower() in [name + kind for kind in KINDS]]
        if len(found) > 1:
            both = " and ".join(path.name for path in found)
            raise CareError(f"both {both} are there: name one in {FILE}: [{name}] source")
        return found
    paths = [path for one in said.source for path in _named(there, folder, name, one)]
    for path in paths:
        if kind_of(path) is None:
            kinds = ", ".join(KINDS)
            raise CareError(f"{FILE} [{name}]: source '{path.name}' is of no kind that can be read: {kinds}")
    return list(dict.fromkeys(paths))


def _named(there: Mapping[str, Path], folder: Path, name: str, source: str) -> list[Path]:
    """The file that is called so; else, with a star or question mark, all that fit, 2 before 10."""
    if source in there:
        return [there[source]]
    fitting = [file for file in there if PATTERN.search(source) and fnmatchcase(file, source) and kind_of(there[file])]
    if fitting:
        return [there[file] for file in sorted(fitting, key=_natural)]
    path = folder / source
    if not path.is_file():
        known(source, list(there), f"{FILE} [{name}] source")
    return [path]


def _natural(name: str) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"(\d+)", name)]


def _read(engine: Engine, name: str, paths: Sequence[Path], said: Source) -> Raw:
    parts, stamps = _Parts(), []
    for path in reversed(paths):
        stamps.append((path, _stamp(path)))
        try:
            parts.hashes.append(_fingerprint(path))
            _add(engine, name, path, said, parts)
        except OSError as problem:
            raise CareError(f"{path.name} cannot be opened: {problem.strerror}") from None
    hash_ = parts.hashes[0] if len(paths) == 1 else hashlib.sha256(" ".join(parts.hashes).encode()).hexdigest()[:16]
    source = paths[0].name if len(paths) == 1 else f"{paths[0].name} … {paths[-1].name} ({len(paths)} files)"
    table = parts.tables[0].drop(PART)
    if several := len(parts.tables) > 1:
        before = [rows for rows, _ in parts.places]
        table = parquet.together(engine, f"raw_{name}", paths[::-1], parts.tables, before)
        table = ibis.union(*alike(parts.tables)) if table is None else table
    stays = not engine.copies and parts.rows > IN_PLACE and all(map(parquet.stays, paths))
    places = tuple(parts.places) if several else ()
    return Raw(table, source, hash_, tuple(stamps), places, tuple(parts.titles), parts.repeated, may_stay=stays)


def _add(engine: Engine, name: str, path: Path, said: Source, parts: _Parts) -> None:
    """The parts of one file: itself, or the sheets of a workbook."""
    if kind_of(path) == parquet.KIND:
        rows = parquet.one(engine, f"raw_{name}_{len(parts.tables)}", path)
        parts.add(path.name, rows, int(rows.count().to_pyarrow().as_py()))
        return
    sheets = files.read(path, said.encoding)
    for sheet in reversed(_wanted(sheets, said, name, path)):
        rows = sheets[sheet]
        where = f"{path.name}, sheet {sheet}" if sheet else path.name
        parts.titles.extend(int(line) + parts.rows for line in rows.above)
        parts.repeated.update(dict.fromkeys(repeated(rows.columns), rows.head + parts.rows))
        last = max([0, *rows.lines[-1:], *rows.broken])
        parts.add(where, _in_engine(engine, f"raw_{name}_{len(parts.tables)}", rows, where), int(last))


def _wanted(sheets: Mapping[str, Rows], said: Source, name: str, path: Path) -> list[str]:
    """The sheets of a table: those care.toml names, the one that is called like the table, or the only one.

    A hidden sheet is read only where care.toml names it, or where no other holds rows.
    """
    if not sheets:
        raise CareError(f"{path.name} is empty")
    for sheet in said.sheet:
        known(sheet, list(sheets), f"{FILE} [{name}] sheet")
    sheets = {sheet: rows for sheet, rows in sheets.items() if not rows.hidden} or sheets
    called = [sheet for sheet in sheets if sheet.lower() == name]
    if not said.sheet and len(sheets) > 1 and not called:
        there = ", ".join(f'"{sheet}"' for sheet in sheets)
        first = next(iter(sheets))
        raise CareError(f'{path.name} has sheets {there}: say which in {FILE}: [{name}] sheet = "{first}"')
    return list(said.sheet) or called or list(sheets)


def _in_engine(engine: Engine, name: str, rows: Rows, where: str) -> Any:
    table = rows.cells.rename_columns(told_apart(numbered(rows.columns), where))
    if not len(rows.broken):
        return _numbered(engine, name, table, rows.lines)
    table = table.append_column(BROKEN, pa.nulls(len(rows.lines), pa.string()))
    broken = pa.table({BROKEN: pa.array(rows.reasons, pa.string())})
    both = pa.concat_tables([table, broken], promote_options="default")
    return _numbered(engine, name, both, np.concatenate([rows.lines, rows.broken]))


def _numbered(engine: Engine, name: str, table: Any, lines: Any) -> Any:
    return engine.arrow(name, table.append_column(LINE, pa.array(lines, pa.int64())))


def alike(tables: Sequence[Any]) -> list[Any]:
    """Tables with the columns of all: where one has none it is empty, and where types differ it is text."""
    kinds: dict[str, set[Any]] = {}
    for table in tables:
        for column, kind in table.schema().items():
            kinds.setdefault(column, set()).add(kind)
    return [
        table.select(**{column: _as_all(table, column, found) for column, found in kinds.items()}) for table in tables
    ]


def _as_all(table: Any, column: str, kinds: set[Any]) -> Any:
    if len(kinds) == 1:
        return table[column] if column in table.columns else ibis.null(next(iter(kinds)))
    if column not in table.columns:
        return ibis.null("string")
    return parse.as_exact_text(table[column])


def _fingerprint(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:16]


def _stamp(path: Path) -> tuple[int, ...]:
    try:
        found = path.stat()
    except OSError:
        return ()
    return found.st_ino, found.st_size, found.st_mtime_ns
