"""Columns whose cells are lists: refused where figures would read them, kept as they are elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from carestudy.contract import CareError
from carestudy.load import load

CALLS = {"contact_id": ["K1", "K2"], "opened_at": ["2026-09-01 08:00", "2026-09-02 09:00"]}


@pytest.mark.parametrize(
    ("column", "cells"),
    [
        ("channel", [["phone"], ["phone", "email"]]),
        ("customer_id", [["C1", "C2"], ["C3"]]),
        ("kind", [["complaint"], []]),
        ("resolved_at", [["2026-09-01 09:00"], None]),
        ("topic", [[("giá", 1)], [("giao hàng", 2)]]),
    ],
)
def test_a_column_of_the_contract_that_holds_lists_is_refused_by_name(
    column: str, cells: list[Any], tmp_path: Path
) -> None:
    kind = pa.map_(pa.string(), pa.int64()) if column == "topic" else pa.list_(pa.string())
    table = pa.table({**CALLS, column: pa.array(cells, kind)})
    parquet.write_table(table, tmp_path / "contacts.parquet")
    with pytest.raises(CareError, match=f"contacts: {column} holds lists, several values in a cell"):
        load(tmp_path)


def test_another_column_that_holds_lists_stays_out_of_the_way(tmp_path: Path) -> None:
    tags = pa.array([["a", "b"], ["c"]], pa.list_(pa.string()))
    parquet.write_table(pa.table({**CALLS, "tags": tags}), tmp_path / "contacts.parquet")
    assert load(tmp_path).counts[0].used == 2


def test_a_mapped_column_that_holds_lists_is_refused_and_another_can_take_its_place(tmp_path: Path) -> None:
    cells = {"Kênh": pa.array([["phone"], ["email"]], pa.list_(pa.string())), "Kênh 1": ["phone", "email"]}
    parquet.write_table(pa.table({**CALLS, **cells}), tmp_path / "contacts.parquet")
    care = tmp_path / "care.toml"
    care.write_text('[contacts]\ncolumns = { channel = "Kênh" }\n', "utf-8")
    with pytest.raises(CareError, match="contacts: channel holds lists"):
        load(tmp_path)
    care.write_text('[contacts]\ncolumns = { channel = "Kênh 1" }\n', "utf-8")
    assert load(tmp_path).table("contacts").channel.nunique().to_pyarrow().as_py() == 2
