"""Columns whose cells are lists of several values: which of these counts, nobody says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from carestudy import engine
from carestudy.contract import CareError, Contract

BEGINNINGS = ('["', "['", '{"', "{'")  # of lists and objects as programs write them in text
FREE = ("comment",)  # people write what they like
SAID = "said_of_"
MOST = 0.5  # of the cells of a column


def refuse_lists(table: engine.Table, contract: Contract) -> None:
    """Refuse a column of the contract whose cells are lists."""
    for column, kind in table.schema().items():
        if column in contract.columns and (kind.is_array() or kind.is_map()):
            raise CareError(_sentence(contract.name, column))


def written(marked: engine.Table, contract: Contract) -> dict[str, Any]:
    """How many cells of each column of text look like lists, to be counted with other things."""
    kinds = marked.schema()
    text = [c for c, kind in contract.columns.items() if kind == "text" and c in kinds and kinds[c].is_string()]
    counts: dict[str, Any] = {}
    for column in (name for name in text if name not in FREE):
        begins = [marked[column].startswith(sign) for sign in BEGINNINGS]
        counts[f"lists_{column}"] = marked.count(where=begins[0] | begins[1] | begins[2] | begins[3])
        counts[SAID + column] = marked[column].count()
    return counts


def refuse_written(source: str, counts: Mapping[str, Any]) -> None:
    """Refuse a column of text most of whose cells are lists."""
    for name, rows in counts.items():
        column = name.removeprefix("lists_")
        if column != name and rows > MOST * counts[SAID + column]:
            raise CareError(_sentence(source, column, f" in {rows:,} of {counts[SAID + column]:,} rows"))


def _sentence(source: str, column: str, rows: str = "") -> str:
    return (
        f"{source}: {column} holds lists, several values in a cell{rows}: export one value in each, or name another "
        "column for it in care.toml"
    )
