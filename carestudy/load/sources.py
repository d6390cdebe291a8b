"""Where raw tables come from: a folder of files, frames in memory, or a database."""

from __future__ import annotations

import hashlib
import os
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from unicodedata import normalize

import ibis
import numpy as np
import pyarrow as pa

from carestudy.contract import TABLES, CareError
from carestudy.load import csv_file, frames
from carestudy.load.engine import Database, Engine, asked
from carestudy.load.names import BROKEN, LINE, plain, told_apart
from carestudy.load.settings import FILE, Source, known

KINDS = (".parquet", ".csv")


@dataclass(frozen=True)
class Raw:
    """A table as it was found: its rows with their numbers, where they come from, and their fingerprint."""

    table: Any
    source: str
    hash: str
    file: Path | None = None
    stamp: tuple[int, ...] = ()

    def refuse_if_changed(self) -> None:
        """A file that was written to while it was read belongs to no moment."""
        if self.file and _stamp(self.file) != self.stamp:
            raise CareError(f"{self.source} was changed while it was read: load it again when it is whole")


def from_folder(folder: Path, sources: Mapping[str, Source]) -> tuple[Engine, dict[str, Raw]]:
    """The tables that lie in a folder as files named after them, or as care.toml names them."""
    if not folder.is_dir():
        is_file = " but a file: give the folder it is in" if folder.is_file() else ""
        raise CareError(f"data folder '{folder.name}' is no folder{is_file or ' that exists'}")
    engine, found = Engine(), {}
    there = {normalize("NFC", path.name): path for path in sorted(folder.iterdir()) if path.is_file()}
    for name in TABLES:
        path = _file(there, folder, name, sources.get(name, Source()).source)
        if path is not None:
            found[name] = _read(engine, name, path)
    if not found:
        wanted = ", ".join(f"{name}.csv" for name in list(TABLES)[:4])
        raise CareError(f"data folder '{folder.name}' holds no table: put {wanted} there, or name them in {FILE}")
    return engine, found


def from_frames(given: Mapping[str, Any]) -> tuple[Engine, dict[str, Raw]]:
    """Tables from pandas, polars or Arrow frames."""
    engine, found = Engine(), {}
    for name, frame in given.items():
        table = frames.arrow(name, frame)
        table = table.rename_columns(told_apart(table.column_names, f"table '{name}'"))
        kind = type(frame).__module__.split(".")[0]
        found[name] = Raw(_numbered(engine, name, table, np.arange(1, len(table) + 1)), kind, frames.fingerprint(table))
    return engine, found


def from_tables(given: Mapping[str, Any]) -> tuple[Database | Engine, dict[str, Raw]]:
    """Ibis tables, as they stand in somebody's database; its rows are numbered in the order of what they hold.

    Only DuckDB parses by the rules of the contract: the tables of another database are read into our own engine.
    """
    kinds = {name: asked(f"table '{name}'", table.get_backend).name for name, table in given.items()}
    if set(kinds.values()) != {"duckdb"}:
        rows = {n: asked(f"{kinds[n]}/{n}", t.order_by(_sortable(t, n)).to_pyarrow) for n, t in given.items()}
        engine, read = from_frames(rows)
        return engine, {name: replace(raw, source=f"{kinds[name]}/{name}") for name, raw in read.items()}
    found = {}
    for name, table in given.items():
        in_order = ibis.row_number().over(order_by=[table[column] for column in _sortable(table, name)])
        found[name] = Raw(table.mutate(**{LINE: in_order + 1}), f"duckdb/{name}", "")
    return Database(), found


def from_connection(connection: Any) -> tuple[Database | Engine, dict[str, Raw]]:
    """Tables of a database that are named as in the contract."""
    with warnings.catch_warnings():
        # Ibis calls what DuckDB is about to rename; that is theirs to mend.
        warnings.simplefilter("ignore", DeprecationWarning)
        there = {table.lower(): table for table in asked("the database", connection.list_tables)}
    tables = {name: connection.table(there[name]) for name in TABLES if name in there}
    if not tables:
        raise CareError(f"the database holds no table of the contract: {', '.join(TABLES)}")
    return from_tables(tables)


def from_url(url: str) -> tuple[Database | Engine, dict[str, Raw]]:
    """Tables of the database at an address; the address, which may hold a password, is never repeated."""
    kind, _, place = url.partition("://")
    # A file that is not there would be made, and one that is there is only read.
    if kind == "duckdb" and place and not Path(place.partition("?")[0]).is_file():
        raise CareError("the database (duckdb) cannot be opened: there is no such file")
    options = {"read_only": True} if kind == "duckdb" and place else {}
    try:
        connection = ibis.connect(url, **options)
    except Exception as problem:  # noqa: BLE001  the driver's own words may hold the password
        raise CareError(f"the database ({kind}) cannot be opened: {type(problem).__name__}") from None
    return from_connection(connection)


def named_by_environment(text: str) -> str:
    """The folder or URL itself; "$NAME" stands for what that environment variable holds."""
    if not text.startswith("$"):
        return text
    if not os.environ.get(text[1:]):
        raise CareError(f"environment variable {text[1:]} is not set: it should hold the data folder or database URL")
    return os.environ[text[1:]]


def _file(there: Mapping[str, Path], folder: Path, name: str, source: str | None) -> Path | None:
    if source is None:
        found = [path for file, path in there.items() if file.lower() in [name + kind for kind in KINDS]]
        if len(found) > 1:
            both = " and ".join(path.name for path in found)
            raise CareError(f"both {both} are there: name one in {FILE}: [{name}] source")
        return found[0] if found else None
    path = there.get(normalize("NFC", source), folder / source)
    if not path.is_file():
        known(normalize("NFC", source), list(there), f"{FILE} [{name}] source")
    if path.suffix.lower() not in KINDS:
        raise CareError(f"{FILE} [{name}]: source '{source}' is of no kind that can be read: {', '.join(KINDS)}")
    return path


def _read(engine: Engine, name: str, path: Path) -> Raw:
    stamp = _stamp(path)
    try:
        with path.open("rb") as file:
            fingerprint = hashlib.file_digest(file, "sha256").hexdigest()[:16]
        if path.suffix.lower() == ".csv":
            return Raw(_csv(engine, name, path), path.name, fingerprint, path, stamp)
    except OSError as problem:
        raise CareError(f"{path.name} cannot be opened: {problem.strerror}") from None
    try:
        table = engine.parquet(f"raw_{name}", str(path))
    except Exception:  # noqa: BLE001  the reader's own words may quote the data
        raise CareError(f"{path.name} is no Parquet that can be read: it is cut short, damaged or empty") from None
    numbered = table.mutate(**{LINE: table.file_row_number + 1}).drop("file_row_number")
    return Raw(numbered, path.name, fingerprint, path, stamp)


def _stamp(path: Path) -> tuple[int, ...]:
    try:
        found = path.stat()
    except OSError:
        return ()
    return found.st_ino, found.st_size, found.st_mtime_ns


def _csv(engine: Engine, name: str, path: Path) -> Any:
    rows = csv_file.read(path)
    table = rows.cells.rename_columns(told_apart(rows.columns, path.name))
    if not len(rows.broken):
        return _numbered(engine, name, table, rows.lines)
    table = table.append_column(BROKEN, pa.array(np.zeros(len(rows.lines), dtype=bool)))
    broken = pa.table({BROKEN: np.ones(len(rows.broken), dtype=bool)})
    both = pa.concat_tables([table, broken], promote_options="default")
    return _numbered(engine, name, both, np.concatenate([rows.lines, rows.broken]))


def _numbered(engine: Engine, name: str, table: Any, lines: Any) -> Any:
    return engine.arrow(f"raw_{name}", table.append_column(LINE, pa.array(lines, pa.int64())))


def _sortable(table: Any, name: str) -> list[str]:
    """Columns whose values have an order, the key first."""
    nested = [column for column, kind in table.schema().items() if kind.is_nested() or kind.is_json()]
    first = [column for column in table.columns if plain(column) == TABLES[name].key]
    return first + [column for column in table.columns if column not in nested and column not in first]
