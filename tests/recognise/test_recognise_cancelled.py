"""Deals that were not won are no sales; whether cancelled orders are some is a question."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from export_folders import day, pick, save, table
from test_recognise_right_values import loaded, money, rows

from carestudy import kpi
from carestudy.recognise import propose

VOID = ("Đã hủy", "Cancelled", "Giao thất bại", "Failed", "Payment failed", "Draft", "Báo giá", "Expired")


def orders(folder: Path, *words: str, header: str = "Trạng thái đơn hàng", name: str = "don_hang.csv") -> Path:
    """Orders whose status is each of some words in turn."""
    sold = table({
        "Mã đơn hàng": lambda n: f"DH{n}", "Ngày đặt": day, "Mã KH": lambda n: f"KH{n % 20}",
        header: lambda n: pick(n, *words), "Tổng tiền": lambda n: (n + 1) * 10_000,
    })  # fmt: skip
    return save(folder, {name: sold})


def comes_to(*left_out: int, of: int) -> int:
    """The sum of the orders but those at some places of each round of statuses."""
    return sum((n + 1) * 10_000 for n in range(60) if n % of not in left_out)


@pytest.mark.parametrize("word", VOID)
@pytest.mark.parametrize("header", ["Trạng thái đơn hàng", "Order Status", "Status"])
def test_orders_that_came_to_nothing_are_left_out_once_that_is_answered(tmp_path: Path, word: str, header: str) -> None:
    folder = orders(tmp_path, "Hoàn thành", "Completed", word, header=header)
    (question,) = propose(folder).questions()
    assert f"are 20 rows that '{header}' calls {word} no sales?" in question
    care = loaded(folder, "where")
    assert (len(rows(care, "transactions")), money(care)) == (40, comes_to(2, of=3))


def test_returned_orders_stay_and_count_as_returned(tmp_path: Path) -> None:
    care = loaded(orders(tmp_path, "Hoàn thành", "Đã hủy", "Trả hàng", "Hoàn thành"), "where")
    assert money(care) == comes_to(1, of=4)
    assert kpi.return_rate(care, within=0)["value"].tolist() == pytest.approx([1 / 3])


@pytest.mark.parametrize("words", [("Hoàn thành", "Trả hàng"), ("Completed", "Refunded"), ("Đang giao", "Đã giao")])
def test_orders_of_which_none_was_cancelled_are_no_question(tmp_path: Path, words: tuple[str, ...]) -> None:
    proposal = propose(orders(tmp_path, *words))
    assert (proposal.questions(), proposal.matches["transactions"].where) == ([], None)


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("Lý do hủy", ("", "Khách hủy", "")),
        ("Order Status", ("Completed", "Cancelled", "")),
        ("Ghi chú", ("Hủy", "Gấp")),
    ],
)
def test_a_column_that_does_not_say_how_every_order_stands_leaves_none_out(
    tmp_path: Path, header: str, words: tuple[str, ...]
) -> None:
    assert propose(orders(tmp_path, *words, header=header)).matches["transactions"].where is None


def test_words_that_may_tell_of_a_person_are_not_repeated(tmp_path: Path) -> None:
    words = ("Hoàn thành", "Đã hủy", "Gọi lại cho số 0912345678 của chị Lan")
    proposal = propose(orders(tmp_path, *words))
    assert "0912345678" not in proposal.toml() + "".join(proposal.lines())


PIPELINES: dict[str, tuple[dict[str, Any], int]] = {
    "deals.csv": ({"Deal ID": lambda n: f"D{n}", "Stage": lambda n: pick(n, "Won", "Lost", "Proposal"),
                   "Close Date": day, "Client Code": lambda n: f"C{n % 9}", "Amount": lambda n: n * 5000 + 500}, 3),
    "co_hoi.csv": ({"Mã cơ hội": lambda n: f"CH{n}", "Giai đoạn": lambda n: pick(n, "Thắng", "Đang đàm phán"),
                    "Ngày đóng": day, "Mã KH": lambda n: f"K{n % 9}", "Giá trị": lambda n: n * 5000 + 500}, 2),
    "opportunities.csv": ({"Opportunity ID": lambda n: f"O{n}", "Stage": lambda n: pick(n, "Closed Won", "Closed Lost"),
                           "Close Date": day, "Account ID": lambda n: f"A{n % 9}",
                           "Amount": lambda n: n * 5000 + 500}, 2),
}  # fmt: skip


@pytest.mark.parametrize("name", PIPELINES)
def test_only_deals_that_were_won_are_read_and_no_row_is_excluded(tmp_path: Path, name: str) -> None:
    columns, stages = PIPELINES[name]
    care = loaded(save(tmp_path, {name: table(columns)}))
    won = [n * 5000 + 500 for n in range(60) if n % stages == 0]
    assert (len(rows(care, "transactions")), money(care)) == (len(won), sum(won))
    assert [count.set_aside for count in care.counts] == [0]
