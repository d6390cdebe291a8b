"""From the files of real data sets alone, as proposed or answered, the sums come out right."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from large_data import shared_folder
from test_recognise_right_values import copied, loaded, money, rows

SHARED = shared_folder()
CASES: dict[str, tuple[int, float | None]] = {
    "26_line_items": (1504, 124_448.70), "19_items_of_orders": (30, 6_001_770), "27_ids_alike_in_digits": (60, 7830),
    "33_ids_with_point_zero": (200, None),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_shared_cases_of_items_and_ids(case: str, tmp_path: Path) -> None:
    care = loaded(copied(SHARED / "cases" / "exports" / case, tmp_path))
    found, (count, total) = rows(care, "transactions"), CASES[case]
    assert len(found) == count
    if total is not None:
        assert money(care) == pytest.approx(total)
    if case.startswith("27"):
        assert dict(zip(found["transaction_id"], found["customer_id"], strict=True))["9001"] == "C00000008"
    if case.startswith("33"):
        assert "12008" in set(found["customer_id"])


def test_music_shop(tmp_path: Path) -> None:
    source = SHARED / "data" / "chinook_sqlite" / "Chinook_Sqlite.sqlite"
    if not source.is_file():
        pytest.skip("the music shop is not beside this checkout")
    shutil.copyfile(source, tmp_path / source.name)
    care = loaded(tmp_path)
    assert (len(rows(care, "transactions")), money(care)) == (412, pytest.approx(2328.60))
    assert rows(care, "customers")["owner"].nunique() == 3


REAL: dict[str, tuple[str, int, Any]] = {
    "crm_opportunities": ("transactions", 4238, 10_005_534), "vn_farm_shop": ("transactions", 100, 5_065_600_000),
}  # fmt: skip


@pytest.mark.parametrize("name", REAL)
def test_real_sales(name: str, tmp_path: Path) -> None:
    care = loaded(copied(SHARED / "data" / name, tmp_path))
    table_, count, total = REAL[name]
    assert (len(rows(care, table_)), money(care)) == (count, total)


def test_city_requests(tmp_path: Path) -> None:
    found = rows(loaded(copied(SHARED / "data" / "city311_baltimore", tmp_path), "topic"), "contacts")
    hours = (found["resolved_at"] - found["opened_at"]).dt.total_seconds() / 3600
    assert (len(found), found["team"].nunique(), found["topic"].nunique()) == (10_000, 16, 231)
    assert (int(hours.notna().sum()), round(hours.mean(), 2), round(hours.median(), 2)) == (9792, 296.55, 32.40)


def test_orders_of_a_wholesaler_have_their_amounts_from_the_lines(tmp_path: Path) -> None:
    """Rows that a reader sets aside, as of addresses with a comma, are counted; the others come out right."""
    care = loaded(copied(SHARED / "data" / "northwind_csv", tmp_path))
    found = rows(care, "transactions")
    orders = {654: 1_046_245.16, 830: 1_265_793.04}  # without and with the rows that have one field too many
    assert money(care) == pytest.approx(orders[len(found)], abs=1)
