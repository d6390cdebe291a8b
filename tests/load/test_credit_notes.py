"""Returns that are documents of their own: matched to what they return, or counted by themselves; never 0.0 %."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from folders import folder, rows

import carestudy as cs
from carestudy import kpi
from carestudy.contract import Missing

Sale = tuple[str, str | None, str, float]


def _care(*sales: Sale, as_of: str = "2026-12-31", **more: Any) -> Any:
    frame = pd.DataFrame(sales, columns=["transaction_id", "customer_id", "occurred_at", "amount"])
    return cs.load({"transactions": frame.assign(**more)}, as_of=as_of)


def _rate(care: Any, of: str = "orders", **given: Any) -> tuple[int, int]:
    (row,) = kpi.return_rate(care, of=of, **(given or {"period": "2026"})).to_dict("records")
    return row["numerator"], row["denominator"]


def _shop() -> list[Sale]:
    sold: list[Sale] = [(f"t{n}", f"k{n}", f"2026-{n % 6 + 1:02}-10", 100) for n in range(80)]
    return [*sold, *[(f"C{n}", f"k{n}", f"2026-{n % 6 + 1:02}-20", -100.0) for n in range(20)]]


@pytest.mark.parametrize("marked", [False, True])
def test_credit_notes_are_a_quarter_of_the_sales_in_orders_and_in_value(marked: bool) -> None:  # noqa: FBT001
    returned = {"returned": [sale[3] < 0 for sale in _shop()]} if marked else {}
    care = _care(*_shop(), **returned)
    assert _rate(care) == (20, 80)
    assert _rate(care, "value") == (2000, 8000)
    (row,) = kpi.return_rate(care, period="2026").to_dict("records")
    assert row["low"] < row["value"] == 0.25 < row["high"]
    assert kpi.invoiced(care, period="2026")["value"].item() == 6000


def test_a_return_belongs_to_the_month_of_its_purchase() -> None:
    care = _care(("a", "k", "2026-03-30", 100), ("b", "m", "2026-04-02", 100), ("r", "k", "2026-04-05", -100))
    assert _rate(care, period="2026-03") == (1, 1)
    assert _rate(care, period="2026-04") == (0, 1)


@pytest.mark.parametrize(
    ("sales", "refunded"),
    [
        # The latest earlier purchase of the same amount, each paid back once.
        ([("a", "k", "2026-01-01", 100), ("b", "k", "2026-01-05", 100), ("r", "k", "2026-01-09", -100)], {"b": 100}),
        ([("a", "k", "2026-01-01", 100), ("r", "k", "2026-01-03", -100), ("b", "k", "2026-01-05", 100)], {"a": 100}),
        (
            [("a", "k", "2026-01-01", 100), ("b", "k", "2026-01-05", 100), ("r", "k", "2026-01-09", -100),
             ("q", "k", "2026-01-09", -100)], {"a": 100, "b": 100},
        ),
        # A smaller amount is a part of a larger purchase, and several parts are together no more than it.
        ([("a", "k", "2026-01-01", 300), ("b", "k", "2026-01-02", 40), ("r", "k", "2026-01-03", -50)], {"a": 50}),
        (
            [("a", "k", "2026-01-01", 300), ("r", "k", "2026-01-03", -200), ("q", "k", "2026-01-04", -250)],
            {"a": 300},
        ),
        # What is larger than any purchase, earlier than it, of another customer or of nobody stands by itself.
        ([("a", "k", "2026-01-01", 100), ("r", "k", "2026-01-03", -150)], {"r": 150}),
        ([("r", "k", "2026-01-01", -100), ("a", "k", "2026-01-03", 100)], {"r": 100}),
        ([("a", "k", "2026-01-01", 100), ("r", "m", "2026-01-03", -100)], {"r": 100}),
        ([("a", None, "2026-01-01", 100), ("r", None, "2026-01-03", -100)], {"r": 100}),
        # On one day the purchase comes first.
        ([("r", "k", "2026-01-01", -100), ("a", "k", "2026-01-01", 100)], {"a": 100}),
    ],
)  # fmt: skip
def test_a_credit_note_pays_back_the_latest_purchase_that_it_can(sales: list[Sale], refunded: dict[str, float]) -> None:
    care = _care(*sales)
    found = dict(rows(care, "transactions", "transaction_id", "refunded"))
    assert {key: value for key, value in found.items() if value} == refunded
    assert set(found) == {sale[0] for sale in sales}
    assert _rate(care, "value")[0] == sum(refunded.values())


def test_credit_notes_of_nobody_count_by_document_and_by_value_and_never_as_nothing() -> None:
    frame = pd.DataFrame(_shop(), columns=["transaction_id", "customer_id", "occurred_at", "amount"])
    for anonymous in (frame.drop(columns="customer_id"), frame.assign(customer_id=None)):
        care = cs.load({"transactions": anonymous}, as_of="2026-12-31")
        assert _rate(care) == (20, 80)
        assert _rate(care, "value") == (2000, 8000)


def test_what_is_marked_and_paid_back_counts_once() -> None:
    sales = [("a", "k", "2026-01-01", 100), ("r", "k", "2026-01-03", -100), ("b", "m", "2026-01-04", 100)]
    care = _care(*sales, returned=[True, True, False])
    assert _rate(care) == (1, 2)
    assert _rate(care, "value") == (100, 200)


def test_sales_of_the_last_days_and_their_credit_notes_wait() -> None:
    care = _care(("a", "k", "2026-01-05", 100), ("r", "k", "2026-01-20", -100), ("q", "z", "2026-01-20", -5),
                 as_of="2026-01-25")  # fmt: skip
    assert _rate(care) == (0, 0)


def test_a_refunded_amount_beside_the_sale_counts_in_value_by_what_it_is(tmp_path: Path) -> None:
    text = (
        "Đơn,Khách,Ngày,Tổng,Refunded Amount,Trạng thái thanh toán\n"
        "a,k,2026-01-01,100,30,partially_refunded\nb,m,2026-01-02,100,100,refunded\nc,n,2026-01-03,100,0,paid\n"
        "d,n,2026-01-03,100,,paid\n"
    )
    care_toml = (
        '[transactions]\nsource = "don.csv"\n'
        'columns = { transaction_id = "Đơn", customer_id = "Khách", occurred_at = "Ngày", amount = "Tổng", '
        'refunded = "Refunded Amount" }\n'
    )
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "don.csv").write_text(text, "utf-8")
    care = cs.load(folder(tmp_path / "data", care=care_toml), as_of="2026-12-31")
    assert _rate(care) == (2, 4)
    assert _rate(care, "value") == (130, 400)
    status = care_toml.replace('refunded = "Refunded Amount"', 'returned = "Trạng thái thanh toán"')
    words = "[transactions.values.returned]\nrefunded = true\npartially_refunded = true\npaid = false\n"
    care = cs.load(folder(tmp_path / "data", care=status + words), as_of="2026-12-31")
    assert _rate(care) == (2, 4)


def test_without_negative_amounts_nothing_is_added_and_a_rate_needs_its_column() -> None:
    care = _care(("a", "k", "2026-01-01", 100), ("b", "k", "2026-01-02", 0))
    assert "refunded" not in care.tables["transactions"].columns
    with pytest.raises(Missing, match="returned"):
        kpi.return_rate(care)


def test_what_customers_brought_is_less_by_credit_notes_marked_as_returned() -> None:
    sales = [("a", "k", "2026-01-01", 100), ("b", "k", "2026-02-01", 100), ("r", "k", "2026-02-03", -100)]
    for more in ({}, {"returned": [False, False, True]}):
        history = cs.value.purchase_history(_care(*sales, **more)).to_dict("records")
        assert [(row["x"], row["brought"]) for row in history] == [(1, 100)]
