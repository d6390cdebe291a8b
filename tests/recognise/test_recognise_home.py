"""Where nothing in the files says which currency it is or where the company is, that is marked and asked."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from export_folders import day, save, table

from carestudy.recognise import Proposal, propose


def orders(folder: Path, amount: Callable[[int], Any], **more: Any) -> Proposal:
    """Orders with English headers, with amounts of some kind."""
    sold = table({
        "Order ID": lambda n: f"O{n}", "Customer ID": lambda n: f"C{n % 9}",
        "Order Date": lambda n: day(n, "%Y-%m-%d"), **more, "Total": amount,
    })  # fmt: skip
    return propose(save(folder, {"orders.csv": sold}))


def test_whole_amounts_of_a_foreign_file_are_asked(tmp_path: Path) -> None:
    proposal = orders(tmp_path, lambda n: 120 + 7 * n)
    assert [one for one in proposal.questions() if one.startswith("currency: is it VND?")]
    assert "# ? currency: is it VND?" in proposal.toml()
    assert "timezone: Asia/Ho_Chi_Minh (guess: nothing in the files says" in "\n".join(proposal.lines())


@pytest.mark.parametrize(
    ("amount", "more"),
    [
        (lambda n: 120_000 + 7000 * n, {}),  # whole thousands
        (lambda n: 120 + 7 * n, {"Tỉnh": "Huế"}),  # a header in Vietnamese
        (lambda n: 120 + 7 * n, {"City": "Hà Nội"}),  # cells in Vietnamese
        (lambda n: 120 + 7 * n, {"ten_khach": "An", "so_luong": 1}),  # headers without marks
    ],
)
def test_files_of_vietnam_are_in_dong_unasked(
    tmp_path: Path, amount: Callable[[int], Any], more: dict[str, Any]
) -> None:
    proposal = orders(tmp_path, amount, **more)
    assert (proposal.currency.code, proposal.questions()) == ("VND", [])


def test_what_the_user_says_is_neither_marked_nor_asked(tmp_path: Path) -> None:
    orders(tmp_path, lambda n: 120 + 7 * n)
    proposal = propose(tmp_path, currency="SGD", timezone="Asia/Singapore")
    assert proposal.questions() == []
    assert "guess" not in "\n".join(line for line in proposal.toml().splitlines() if line.startswith(("cur", "time")))
    assert tomllib.loads(proposal.toml())["timezone"] == "Asia/Singapore"


@pytest.mark.parametrize("header", ["Thành tiền", "Tổng cộng", "Số tiền"])
def test_cents_beside_vietnamese_headers_are_a_question_that_begins_with_dong(tmp_path: Path, header: str) -> None:
    cells = {"Mã đơn": lambda n: f"D{n}", "Mã khách hàng": lambda n: f"KH{n % 9}", "Ngày mua": day,
             header: lambda n: f"{n + 5}.{n % 90 + 10}"}  # fmt: skip
    proposal = propose(save(tmp_path, {"don_hang.csv": table(cells)}))
    assert (proposal.currency.code, proposal.currency.asks) == ("VND", True)
    assert any("thousands, or other money?" in one for one in proposal.questions())


def test_cents_in_english_files_are_asked_to_be_dollars(tmp_path: Path) -> None:
    proposal = orders(tmp_path, lambda n: f"{n + 5}.{n % 90 + 10}")
    assert (proposal.currency.code, proposal.currency.asks) == ("USD", True)


@pytest.mark.parametrize(
    ("header", "zone"),
    [
        ("Created (GMT+7)", "Asia/Ho_Chi_Minh"),
        ("Created GMT+08:00", "+08:00"),
        ("Created (Asia/Singapore)", "Asia/Singapore"),
    ],
)
def test_a_header_that_names_a_zone_says_where_the_company_is(tmp_path: Path, header: str, zone: str) -> None:
    cells = {"Ticket ID": lambda n: f"T{n}", "Requester code": lambda n: f"C{n % 9}",
             header: lambda n: f"{day(n, '%Y-%m-%d')} 10:00", "Category": lambda n: "abc"[n % 3]}  # fmt: skip
    proposal = propose(save(tmp_path, {"tickets.csv": table(cells)}))
    assert proposal.timezone == zone
    assert not any("nothing in the files says where" in one for one in (*proposal.lines(), proposal.toml()))
    assert f"the header '{header}' says so" in proposal.toml()


def test_a_header_in_utc_does_not_say_where_the_company_is(tmp_path: Path) -> None:
    cells = {"Ticket ID": lambda n: f"T{n}", "Requester code": lambda n: f"C{n % 9}",
             "Created (UTC)": lambda n: f"{day(n, '%Y-%m-%d')} 10:00", "Category": lambda n: "abc"[n % 3]}  # fmt: skip
    proposal = propose(save(tmp_path, {"tickets.csv": table(cells)}))
    assert any("nothing in the files says where" in one for one in proposal.lines())
