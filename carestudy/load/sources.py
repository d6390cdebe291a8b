"""Where raw tables come from: a folder of files, or frames in memory; databases are in ``databases.py``."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from carestudy import files
from carestudy.contract import TABLES, CareError, listed
from carestudy.engine import Table, literal, null, union
from carestudy.files.row_table import Rows
from carestudy.load import frames, parquet, parse
from carestudy.load.engine import Engine
from carestudy.load.folders import files_in, files_of, kind_of
from carestudy.load.joined_files import Join, Side, joined
from carestudy.load.mapping import FILE, known
from carestudy.load.plain_names import BROKEN, LINE, PART, numbered, plain, repeated, told_apart
from carestudy.load.raw import Mapped, Raw, hash_of, stamp_of, together
from carestudy.load.source import Source

IN_PLACE = 1_000_000  # rows, above which Parquet is not copied into the engine if there is nothing to mend in it
Refused = Callable[[CareError], None]  # is told of a table that cannot be used


def raised(error: CareError) -> None:
    """Refuse the whole for the sake of one table."""
    raise error


@dataclass(frozen=True)
class _Reading:
    """Files that are being read: into which engine under which name, for which table, and what care.toml says of them.

    ``where`` is the section of care.toml that names them, for messages.
    """

    engine: Engine
    name: str
    table: str
    said: Source
    where: str


@dataclass
class _Parts:
    """The parts of a table as they are gathered, the last first: where two say different things, it counts."""

    tables: list[Any] = field(default_factory=list)
    places: list[tuple[int, str]] = field(default_factory=list)
    hashes: list[str] = field(default_factory=list)
    titles: list[int] = field(default_factory=list)
    repeated: dict[str, int] = field(default_factory=dict)
    split: dict[str, tuple[int, ...]] = field(default_factory=dict)
    rows: int = 0

    def add(self, name: str, table: Table, lines: int) -> None:
        """One more part, whose rows are numbered behind those of the others."""
        self.tables.append(table.mutate(**{LINE: table[LINE] + self.rows, PART: literal(len(self.tables))}))
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
    engine, raw_tables, none = engine or Engine(), {}, True
    folder_files = files_in(folder)
    for name in TABLES:
        try:
            raws = list(_each(_Folder(folder, folder_files, engine), name, sources.get(name, Source())))
            none = none and not raws
            if raws:
                raw_tables[name] = together(raws)
        except CareError as error:
            none = False
            refused(error)
    if none:
        wanted = ", ".join(f"{name}.csv" for name in list(TABLES)[:4])
        raise CareError(
            f"data folder '{folder.name}' holds no table: put {wanted} there, or name your files in {FILE}; "
            "carestudy init writes one"
        )
    return engine, raw_tables


@dataclass(frozen=True)
class _Folder:
    """A folder with its files, and the engine that they are read into."""

    path: Path
    there: Mapping[str, Path]
    engine: Engine

    def files(self, table: str, names: Sequence[str]) -> list[Path]:
        """The files of a table."""
        return files_of(self.there, self.path, table, names)


def left_out(folder: Path, sources: Mapping[str, Source]) -> list[str]:
    """The files of a folder that could be read, and that no table comes from."""
    folder_files = files_in(folder)
    all_sources = [(name, single) for name in TABLES for single in sources.get(name, Source()).each]
    patterns = [
        (name, pattern)
        for name, single in all_sources
        for pattern in (single.source, *(join.source for join in single.join))
    ]
    used = {path for name, pattern in patterns for path in files_of(folder_files, folder, name, pattern)}
    return [name for name, path in folder_files.items() if kind_of(path) and path not in used]


def _each(folder: _Folder, table: str, source: Source) -> Iterator[Raw]:
    """The sources of a table, in the order in which care.toml has them."""
    where = f"{FILE} [{table}]"
    for number, single in enumerate(source.each, start=1):
        paths = folder.files(table, single.source)
        if not paths and source.sources:
            raise CareError(f"{where} sources: number {number} says no source, and there is no {table}.csv")
        if paths:
            name = f"raw_{table}_of_{number}" if source.sources else f"raw_{table}"
            raw = _read(_Reading(folder.engine, name, table, single, where), paths)
            for join_number, join in enumerate(single.join, start=1):
                raw = _with(
                    folder, raw, join, _Reading(folder.engine, f"{name}_with_{join_number}", table, single, where)
                )
            yield raw


def _with(folder: _Folder, raw: Raw, join: Join, reading: _Reading) -> Raw:
    """A table with the columns of another file beside its own."""
    paths = folder.files(reading.table, join.source)
    joined_raw = _read(
        replace(reading, said=Source(sheet=join.sheet, encoding=join.encoding), where=f"{reading.where} join"), paths
    )
    sides = (
        Side(raw.table, raw.source),
        Side(joined_raw.table, joined_raw.source, plain(paths[0].name.partition(".")[0])),
    )
    table, counted = joined(folder.engine, reading.name, sides, join, reading.where)
    return replace(
        raw,
        tables=(Mapped(table, reading.said),),
        hash=hash_of([raw.hash, joined_raw.hash]),
        files=(*raw.files, *joined_raw.files),
        joined=(*raw.joined, counted),
        may_stay=False,
    )


def from_frames(frames_given: Mapping[str, Any], engine: Engine | None = None) -> tuple[Engine, dict[str, Raw]]:
    """Tables from pandas, polars or Arrow frames."""
    engine, raw_tables = engine or Engine(), {}
    for name, frame in frames_given.items():
        table = frames.arrow(name, frame)
        table = table.rename_columns(told_apart(table.column_names, f"table '{name}'"))
        kind = type(frame).__module__.split(".")[0]
        rows = _numbered(engine, f"raw_{name}", table, np.arange(1, len(table) + 1))
        raw_tables[name] = Raw((Mapped(rows, Source()),), kind, frames.fingerprint(table))
    return engine, raw_tables


def named_by_environment(text: str) -> str:
    """The folder or URL itself; "$NAME" stands for what that environment variable holds."""
    return looked_up(text[1:]) if text.startswith("$") else text


def looked_up(name: str) -> str:
    """What an environment variable holds; that it is not set is an error."""
    if not os.environ.get(name):
        raise CareError(f"environment variable {name} is not set: it should hold the data folder or database URL")
    return os.environ[name]


def _read(reading: _Reading, paths: Sequence[Path]) -> Raw:
    read_files, stamps = _Parts(), []
    for path in reversed(paths):
        stamps.append((path, stamp_of(path)))
        try:
            read_files.hashes.append(_fingerprint(path))
            _add(reading, path, read_files)
        except OSError as problem:
            raise CareError(f"{path.name} cannot be opened: {problem.strerror}") from None
    engine, name = reading.engine, reading.name
    source = paths[0].name if len(paths) == 1 else f"{paths[0].name} … {paths[-1].name} ({len(paths)} files)"
    table = read_files.tables[0].drop(PART)
    if several := len(read_files.tables) > 1:
        before = [rows for rows, _ in read_files.places]
        table = parquet.together(engine, name, paths[::-1], read_files.tables, before)
        table = union(*alike(read_files.tables)) if table is None else table
    stays = not engine.copies and read_files.rows > IN_PLACE and all(map(parquet.stays, paths))
    return Raw(
        (Mapped(table, reading.said),),
        source,
        hash_of(read_files.hashes),
        tuple(stamps),
        tuple(read_files.places) if several else (),
        tuple(read_files.titles),
        read_files.repeated,
        read_files.split,
        may_stay=stays,
        last=read_files.rows,
    )


def _add(reading: _Reading, path: Path, read_files: _Parts) -> None:
    """The parts of one file: itself, or the sheets of a workbook."""
    name = f"{reading.name}_{len(read_files.tables)}"
    if kind_of(path) == parquet.KIND:
        rows = parquet.one(reading.engine, name, path)
        read_files.add(path.name, rows, int(rows.count().to_pyarrow().as_py()))
        return
    sheets = files.read(path, reading.said.encoding)
    for sheet in reversed(_wanted(sheets, reading, path)):
        rows = sheets[sheet]
        where = f"{path.name}, sheet {sheet}" if sheet else path.name
        read_files.titles.extend(int(line) + read_files.rows for line in rows.above)
        read_files.repeated.update(dict.fromkeys(repeated(rows.columns), rows.head + read_files.rows))
        column, lines = rows.split
        if lines:
            read_files.split[column] = (*read_files.split.get(column, ()), *(line + read_files.rows for line in lines))
        last = max([0, *rows.lines[-1:], *rows.broken])
        read_files.add(
            where, _in_engine(reading.engine, f"{reading.name}_{len(read_files.tables)}", rows, where), int(last)
        )


def _wanted(sheets: Mapping[str, Rows], reading: _Reading, path: Path) -> list[str]:
    """The sheets of a table: those care.toml names, the one that is called like the table, or the only one.

    A hidden sheet is read only where care.toml names it, or where no other holds rows.
    """
    if not sheets:
        raise CareError(f"{path.name} is empty")
    source = reading.said
    for sheet in source.sheet:
        known(sheet, list(sheets), f"{reading.where} sheet")
    sheets = {sheet: rows for sheet, rows in sheets.items() if not rows.hidden} or sheets
    called = [sheet for sheet in sheets if sheet.lower() == reading.table]
    if not source.sheet and len(sheets) > 1 and not called:
        sheet_names = listed(f'"{sheet}"' for sheet in sheets)
        first = next(iter(sheets))
        raise CareError(f'{path.name} has sheets {sheet_names}: say which in {reading.where} sheet = "{first}"')
    return list(source.sheet) or called or list(sheets)


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
        table.select(**{column: _as_all(table, column, types) for column, types in kinds.items()}) for table in tables
    ]


def _as_all(table: Any, column: str, kinds: set[Any]) -> Any:
    if len(kinds) == 1:
        return table[column] if column in table.columns else null(next(iter(kinds)))
    if column not in table.columns:
        return null("string")
    return parse.as_exact_text(table[column])


def _fingerprint(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:16]
