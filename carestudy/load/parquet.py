"""Parquet, which is asked where it is: files of one table, all with the same columns, are read in one go."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from carestudy.contract import CareError
from carestudy.engine import Table, literal
from carestudy.load.engine import WILD, Engine
from carestudy.load.plain_names import LINE, PART

KIND = ".parquet"
ROW, FILE = "file_row_number", "file_index"  # as the engine calls them


def stays(path: Path) -> bool:
    """Whether a file can be asked where it is: a pattern, which its name might be, could be any file."""
    return path.name.lower().endswith(KIND) and not set(WILD) & set(str(path.absolute()))


def one(engine: Engine, name: str, path: Path) -> Table:
    """The rows of a file, numbered from 1."""
    try:
        table = engine.parquet(name, [str(path.absolute())])
    except Exception:  # noqa: BLE001  the reader's own words may quote the data
        raise CareError(f"{path.name} is no Parquet that can be read: it is cut short, damaged or empty") from None
    return table.mutate(**{LINE: table[ROW] + 1}).drop(ROW)


def together(engine: Engine, name: str, paths: Sequence[Path], tables: Sequence[Any], before: Sequence[int]) -> Any:
    """The rows of several files in one scan; None where their columns are not the same or not all are Parquet.

    As many scans put together would each bring groups of its own, which no limit of memory holds any more. ``before``
    is how many rows come before those of each file.
    """
    kinds = [dict(table.schema().items()) for table in tables]
    if len(kinds) != len(paths) or any(kind != kinds[0] for kind in kinds) or {ROW, FILE} & set(kinds[0]):
        return None
    if not all(path.name.lower().endswith(KIND) for path in paths):
        return None
    table = engine.parquet(name, [str(path.absolute()) for path in paths])
    file = table[FILE].cast("int64")
    line = table[ROW] + 1 + literal(list(before), "array<int64>")[file]
    return table.mutate(**{LINE: line, PART: file}).drop(ROW, FILE)
