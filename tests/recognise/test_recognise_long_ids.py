"""Ids whose last digits a spreadsheet has lost are never sure, and no rows are added up by them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from export_folders import day, save, table

from carestudy.recognise import Proposal, propose

IDS: dict[str, Callable[[int], Any]] = {
    "shown as a fraction": lambda n: f"{1.23457 + n % 3 / 1e5:.5f}E+15",
    "shown as a fraction with a comma": lambda n: f"5,7646{n % 9}E+17",
    "some shown as a fraction": lambda n: f"5.7646{n % 9}E+17" if n % 4 else f"HD{n}",
    "zeros at the end": lambda n: f"57646{n % 30:010d}000",
    "a fraction of pandas": lambda n: f"{24680135791357900 + n * 8}.0",
}
HEADERS = {"customer_id": ("Customer ID", "Mã khách hàng"), "transaction_id": ("Order ID", "Mã đơn hàng")}


def orders(folder: Path, name: str, header: str, cells: Callable[[int], Any]) -> Proposal:
    """Orders of which one column of ids is written in some way."""
    columns: dict[str, Any] = {one[0]: lambda n: f"X{n}" for one in HEADERS.values() if header not in one}
    sold = table({**columns, header: cells, "Ngày đặt": day, "Tổng tiền": lambda n: 50_000 + n * 1000})
    return propose(save(folder, {"orders.csv": sold}))


@pytest.mark.parametrize("ids", IDS)
@pytest.mark.parametrize(("name", "header"), [(name, one) for name, several in HEADERS.items() for one in several])
def test_ids_that_a_spreadsheet_rounded_are_asked(tmp_path: Path, name: str, header: str, ids: str) -> None:
    proposal = orders(tmp_path, name, header, IDS[ids])
    match = proposal.matches["transactions"]
    assert (match.columns[name].sure, match.sum_by) == ("guess", None)
    (question,) = [one for one in proposal.questions() if "rounded its long ids" in one]
    assert f"'{header}'" in question
    assert "export it again with this column as text" in question


WHOLE: dict[str, Callable[[int], Any]] = {
    "sixteen digits": lambda n: 5_764_601_234_567_801 + n * 7,
    "eighteen digits of a marketplace": lambda n: f"57646012345678{9000 + n * 13}",
    "fifteen digits that end in zeros": lambda n: 576_460_000_000_000 + n * 1000,
    "letters": lambda n: f"E{n}",
}


@pytest.mark.parametrize("ids", WHOLE)
def test_whole_ids_are_as_sure_as_before(tmp_path: Path, ids: str) -> None:
    proposal = orders(tmp_path, "transaction_id", "Order ID", WHOLE[ids])
    assert (proposal.matches["transactions"].columns["transaction_id"].sure, proposal.questions()) == ("sure", [])
