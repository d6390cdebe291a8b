"""Tables as they were found, before anything is read into them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from carestudy.care import Joined
from carestudy.contract import CareError
from carestudy.engine import literal
from carestudy.load.plain_names import LINE, PART, SOURCE
from carestudy.load.source import Source


@dataclass(frozen=True)
class Mapped:
    """Rows of a file under the names they have there, and what care.toml says of them."""

    table: Any
    source: Source
    file: str = ""  # where a table has several


@dataclass(frozen=True)
class Raw:
    """A table as it was found: its rows with their numbers, where they come from, and their fingerprint.

    Rows are numbered from 1. Where a table has several parts, each is numbered from its own start in ``places``.
    ``tables`` are more than one where care.toml names several sources, each with columns of its own. ``typed`` tables
    stay in their database, and nothing in them is text that must be read as something else. Tables that may ``stay``
    are Parquet, which can be asked again and again where it is. ``last`` is the number of the last row.
    """

    tables: tuple[Mapped, ...]
    source: str
    hash: str
    files: tuple[tuple[Path, tuple[int, ...]], ...] = ()
    places: tuple[tuple[int, str], ...] = ()
    titles: tuple[int, ...] = ()
    repeated: Mapping[str, int] = field(default_factory=dict)  # names of several columns, and the header's line
    split: Mapping[str, tuple[int, ...]] = field(default_factory=dict)  # columns of cells put together, and their rows
    typed: bool = False
    may_stay: bool = False
    last: int = 0
    joined: tuple[Joined, ...] = ()

    @property
    def table(self) -> Any:
        """The rows of the first source."""
        return self.tables[0].table

    def refuse_if_changed(self) -> None:
        """A file that was written to while it was read belongs to no moment."""
        for path, stamp in self.files:
            if stamp_of(path) != stamp:
                raise CareError(f"{path.name} was changed while it was read: load it again when it is whole")


def stamp_of(path: Path) -> tuple[int, ...]:
    """What tells whether a file was written to."""
    try:
        stat = path.stat()
    except OSError:
        return ()
    return stat.st_ino, stat.st_size, stat.st_mtime_ns


def together(raws: Sequence[Raw]) -> Raw:
    """Several sources as one table, numbered one behind the other, the last first: what both have counts as it says."""
    if len(raws) == 1:
        return raws[0]
    tables: list[Mapped] = []
    starts: list[tuple[int, str]] = []
    titles: list[int] = []
    repeated: dict[str, int] = {}
    split: dict[str, tuple[int, ...]] = {}
    rows = n_files = 0
    for number, raw in enumerate(reversed(raws)):
        for mapped in raw.tables:
            file_index = mapped.table[PART].cast("int64") if PART in mapped.table.columns else literal(0, "int64")
            ours = {LINE: mapped.table[LINE] + rows, PART: file_index + n_files, SOURCE: literal(number)}
            tables.append(replace(mapped, table=mapped.table.mutate(**ours), file=mapped.file or raw.source))
        starts += [(start + rows, name) for start, name in raw.places or ((0, raw.source),)]
        titles += [line + rows for line in raw.titles]
        split |= {column: tuple(line + rows for line in lines) for column, lines in raw.split.items()}
        repeated |= {column: line + rows for column, line in raw.repeated.items()}
        rows, n_files = rows + raw.last, n_files + max(1, len(raw.places))
    return Raw(
        tuple(tables),
        " + ".join(raw.source for raw in raws),
        hash_of([raw.hash for raw in raws]),
        tuple(file for raw in raws for file in raw.files),
        tuple(starts),
        tuple(titles),
        repeated,
        split,
        last=rows,
        joined=tuple(mapped for raw in raws for mapped in raw.joined),
    )


def hash_of(hashes: Sequence[str]) -> str:
    """The fingerprint of several files by theirs."""
    return hashes[0] if len(hashes) == 1 else hashlib.sha256(" ".join(hashes).encode()).hexdigest()[:16]
