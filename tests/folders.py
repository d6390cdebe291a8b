"""Folders of files as people have them, and what the door makes of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from carestudy.care import Care
from carestudy.load import load


def folder(path: Path, **files: str | bytes) -> Path:
    """A folder of CSV files named after the tables, with care.toml where ``care`` is given."""
    path.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        file = path / ("care.toml" if name == "care" else f"{name}.csv")
        file.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def rows(care: Care, table: str, *columns: str) -> list[Any]:
    """The used rows of a table, in their order: values of one column, or tuples of several."""
    found = [tuple(row.values()) for row in care.table(table, *columns).select(*columns).to_pyarrow().to_pylist()]
    return [row[0] for row in found] if len(columns) == 1 else found


def counts(care: Care, table: str) -> tuple[int, int, int]:
    """Rows read, used and set aside."""
    (one,) = [count for count in care.counts if count.table == table]
    assert one.read == one.used + one.set_aside
    return one.read, one.used, one.set_aside


def faults(care: Care) -> list[tuple[str, str, int, tuple[int, ...], bool]]:
    """Column, reason, number of rows, examples, and whether the rows were set aside."""
    columns = ["column", "reason", "rows", "examples", "set_aside"]
    return list(care.faults[columns].itertuples(index=False, name=None))


UNREAD = "not read"


def read(
    table: str, column: str, cells: Sequence[Any], *, toml: str = "", at: Path | None = None, **given: Any
) -> list[Any]:
    """What the cells of one column are read as; rows that were set aside are ``UNREAD``."""
    key = {"customers": "customer_id", "transactions": "transaction_id", "contacts": "contact_id"}.get(
        table, "response_id"
    )
    frame = pd.DataFrame(
        {key: [str(number) for number in range(len(cells))], column: pd.Series(list(cells), dtype=object)}
    )
    if at is None:
        care = load({table: frame}, **given)
    else:
        folder(at, care=f"[{table}]\n{toml}", **{table: frame.to_csv(index=False, na_rep="")})
        care = load(at, **given)
    found = dict(rows(care, table, key, column))
    return [found.get(str(number), UNREAD) for number in range(len(cells))]
