"""Where raw tables come from: a folder of files, frames in memory, or a database."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa

from carestudy.contract import TABLES, CareError
from carestudy.load.settings import Source

KINDS = (".parquet", ".csv")
FIRST_LINE = 2  # of a file: the header is line 1


@dataclass(frozen=True)
class Raw:
    """A table as it was found: its rows with their numbers, where they come from, and their fingerprint."""

    table: Any
    source: str
    hash: str


LINE = "carestudy_line"


def engine() -> Any:
    """An embedded engine that reaches no network and asks for no extensions."""
    connection = ibis.duckdb.connect()
    connection.raw_sql("SET autoinstall_known_extensions = false")
    connection.raw_sql("SET TimeZone = 'UTC'")
    return connection


def from_folder(folder: Path, sources: Mapping[str, Source]) -> tuple[Any, dict[str, Raw]]:
    """The tables that lie in a folder as files named after them, or as care.toml names them."""
    if not folder.is_dir():
        raise CareError(f"data folder '{folder.name}' does not exist or is no folder")
    connection = engine()
    found = {}
    for name in TABLES:
        path = _file(folder, name, sources.get(name, Source()).source)
        if path is not None:
            found[name] = Raw(_opened(connection, name, path), path.name, _fingerprint(path))
    if not found:
        wanted = ", ".join(f"{name}.csv" for name in list(TABLES)[:4])
        raise CareError(f"data folder '{folder.name}' holds no table: put {wanted} there, or name them in care.toml")
    return connection, found


def from_frames(frames: Mapping[str, Any]) -> tuple[Any, dict[str, Raw]]:
    """Tables from pandas, polars or Arrow frames."""
    connection = engine()
    found = {}
    for name, frame in frames.items():
        if name not in TABLES:
            raise CareError(f"'{name}' is no table of the contract: {', '.join(TABLES)}")
        arrow = _arrow(name, frame)
        numbered = arrow.append_column(LINE, pa.array(range(1, arrow.num_rows + 1), pa.int64()))
        table = connection.create_table(f"raw_{name}", numbered, temp=True)
        found[name] = Raw(table, type(frame).__module__.split(".")[0], _fingerprint_of(arrow))
    return connection, found


def from_connection(connection: Any, sources: Mapping[str, Source]) -> dict[str, Raw]:
    """Tables of a database, named as in the contract or as care.toml says."""
    there = set(connection.list_tables())
    found = {}
    for name in TABLES:
        source = sources.get(name, Source()).source
        if source is not None and source not in there:
            raise CareError(f"care.toml [{name}]: the database has no table '{source}'")
        if (source or name) in there:
            table = connection.table(source or name)
            found[name] = Raw(table.mutate(**{LINE: ibis.row_number()}), source or name, "")
    if not found:
        raise CareError(f"the database holds no table of the contract: {', '.join(TABLES)}")
    return found


def _file(folder: Path, name: str, source: str | None) -> Path | None:
    if source is None:
        there = [path for kind in KINDS if (path := folder / f"{name}{kind}").is_file()]
        if len(there) > 1:
            raise CareError(
                f"both {' and '.join(p.name for p in there)} are there: name one in care.toml [{name}] source"
            )
        return there[0] if there else None
    path = folder / source
    if not path.is_file():
        raise CareError(f"care.toml [{name}]: source '{source}' is not in the data folder")
    if path.suffix.lower() not in KINDS:
        raise CareError(f"care.toml [{name}]: source '{source}' is of no kind that can be read: {', '.join(KINDS)}")
    return path


def _opened(connection: Any, name: str, path: Path) -> Any:
    # A name with brackets or stars would be read as a pattern of many files: it goes in as one literal file.
    literal = "".join(f"[{letter}]" if letter in "[*?" else letter for letter in str(path))
    try:
        if path.suffix.lower() == ".parquet":
            table = connection.read_parquet(literal, table_name=f"raw_{name}", file_row_number=True)
            return table.rename({LINE: "file_row_number"})
        connection.raw_sql("SET preserve_insertion_order = true")
        table = connection.read_csv(
            literal, table_name=f"file_{name}", all_varchar=True, header=True, null_padding=False, parallel=False
        )
        numbered = table.mutate(**{LINE: ibis.row_number() + FIRST_LINE})
        return connection.create_table(f"raw_{name}", numbered, temp=True)
    except Exception as problem:  # noqa: BLE001  the reader's own words may quote the data
        raise CareError(f"{path.name} cannot be read as {path.suffix[1:].upper()}: {type(problem).__name__}") from None


def _arrow(name: str, frame: Any) -> Any:
    if isinstance(frame, pa.Table):
        return frame
    if hasattr(frame, "to_arrow"):
        return frame.to_arrow()
    try:
        return pa.Table.from_pandas(frame, preserve_index=False)
    except (pa.ArrowException, TypeError, AttributeError):
        mixed = [column for column in getattr(frame, "columns", []) if frame[column].dtype == object]
        if not mixed:
            raise CareError(
                f"table '{name}' is a {type(frame).__name__}: give a pandas, polars or Arrow frame"
            ) from None
        texts = {c: frame[c].map(lambda value: None if value is None else str(value)) for c in mixed}
        return pa.Table.from_pandas(frame.assign(**texts), preserve_index=False)


def _fingerprint(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:16]


def _fingerprint_of(arrow: Any) -> str:
    digest = hashlib.sha256()
    with pa.ipc.new_stream(_Sink(digest), arrow.schema.remove_metadata()) as stream:
        stream.write_table(arrow.replace_schema_metadata(None).combine_chunks())
    return digest.hexdigest()[:16]


class _Sink:
    """A file that only remembers the hash of what is written."""

    def __init__(self, digest: Any) -> None:
        self._digest, self.closed = digest, False

    def write(self, data: Any) -> int:
        """Take some bytes."""
        self._digest.update(data)
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def writable(self) -> bool:
        """Bytes are welcome."""
        return True

    def close(self) -> None:
        """No more bytes."""
        self.closed = True


def named_by_environment(text: str) -> str:
    """The folder or URL itself; "$NAME" stands for what that environment variable holds."""
    if not text.startswith("$"):
        return text
    if not os.environ.get(text[1:]):
        raise CareError(f"environment variable {text[1:]} is not set: it should hold the data folder or database URL")
    return os.environ[text[1:]]
