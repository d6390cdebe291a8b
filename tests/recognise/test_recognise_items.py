"""Files whose rows are items: what an item comes to, whether items are added up, and what is never an amount."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from export_folders import Rows, day, mapping, pick, save, table

from carestudy.recognise import Proposal, propose
from carestudy.recognise.mapped import Mapped


def sales(folder: Path, rows: Rows, name: str = "sales.csv") -> Proposal:
    """What is proposed for one file of sales."""
    return propose(save(folder, {name: rows}))


def amount(proposal: Proposal) -> Mapped | None:
    """The amount that is proposed."""
    return proposal.matches["transactions"].columns.get("amount")


def items(key: str, when: str, customer: str, **more: Any) -> Rows:
    """Three items of each document."""
    columns = {key: lambda n: 536_365 + n // 3, when: lambda n: day(n // 3), customer: lambda n: f"C{n // 3 % 9}"}
    return table({**columns, **more})


VARIANTS = {
    "english": (
        items("Invoice", "InvoiceDate", "Customer ID", Quantity=lambda n: n % 5 + 1, Price=lambda n: n + 0.55),
        "Quantity * Price",
    ),
    "vietnamese": (
        items("Số hóa đơn", "Ngày bán", "Mã KH", **{"Số lượng": 2, "Đơn giá": lambda n: 5000 * (n + 1)}),
        "`Số lượng` * `Đơn giá`",
    ),
    "a share is taken off": (
        items("orderID", "orderDate", "customerID", quantity=lambda n: n % 5 + 1, unitPrice=lambda n: n + 0.5,
              discount=lambda n: n % 3 / 10),
        "quantity * unitPrice * (1 - discount)",
    ),
    "a percentage is taken off": (
        items("Số HĐ", "Ngày", "Mã KH", SL=lambda n: n % 4 + 1, **{"Giá bán": lambda n: 9000 + n, "CK (%)": 10}),
        "SL * `Giá bán` * (1 - `CK (%)` / 100)",
    ),
    "money is taken off": (
        items("Mã đơn", "Ngày đặt", "Mã KH", SL=lambda n: n % 4 + 1,
              **{"Đơn giá": lambda n: 90_000 + n, "Giảm giá": lambda n: n % 2 * 5000}),
        "SL * `Đơn giá` - `Giảm giá`",
    ),
}  # fmt: skip


@pytest.mark.parametrize("variant", VARIANTS)
def test_items_are_quantity_times_price_added_up_by_document(variant: str, tmp_path: Path) -> None:
    rows, expression = VARIANTS[variant]
    proposal = sales(tmp_path, rows)
    found = amount(proposal)
    assert found is not None
    assert found.entry == expression
    assert found.sure == "likely"
    assert proposal.matches["transactions"].sum_by == "transaction_id"
    assert 'sum_by = "transaction_id"' in proposal.toml()


def test_one_row_a_sale_is_quantity_times_price_and_nothing_is_added_up(tmp_path: Path) -> None:
    rows = table({"Mã đơn": lambda n: f"D{n}", "Ngày": day, "Mã KH": lambda n: f"C{n % 9}", "SL": 2, "Đơn giá": 7000})
    proposal = sales(tmp_path, rows)
    found = amount(proposal)
    assert found is not None
    assert found.entry == "SL * `Đơn giá`"
    assert proposal.matches["transactions"].sum_by is None


def test_a_discount_that_some_rows_leave_empty_is_asked_for(tmp_path: Path) -> None:
    rows = items("Mã đơn", "Ngày", "Mã KH", SL=2, **{"Đơn giá": 9000, "Giảm giá": lambda n: "" if n % 2 else 500})
    found = amount(sales(tmp_path, rows))
    assert found is not None
    assert found.sure == "guess"
    assert "write 0 there" in found.why


def test_amounts_of_items_are_added_up(tmp_path: Path) -> None:
    rows = items("orderNumber", "createTime", "customerId", paidPrice=lambda n: f"{100 + n}.00", unitPrice=500)
    proposal = sales(tmp_path, rows, "order_items.csv")
    assert mapping(proposal)["transactions"]["amount"] == "paidPrice"
    assert proposal.matches["transactions"].sum_by == "transaction_id"
    assert not any("repeats" in question for question in proposal.questions())


def test_a_total_in_the_first_row_of_a_document_is_added_up_too(tmp_path: Path) -> None:
    rows = items(
        "Order number",
        "Created at",
        "Customer ID",
        Total=lambda n: "" if n % 3 else f"{n}.50",
        **{"Lineitem quantity": 1},
    )
    proposal = sales(tmp_path, rows, "orders_export.csv")
    assert proposal.matches["transactions"].sum_by == "transaction_id"


@pytest.mark.parametrize("header", ["Khách cần trả", "Tổng tiền", "Order Total"])
def test_a_total_that_stands_in_every_row_is_counted_once(header: str, tmp_path: Path) -> None:
    rows = items("Mã hóa đơn", "Thời gian", "Mã khách hàng", SL=1, **{header: lambda n: 50_000 + n // 3 * 1000})
    proposal = sales(tmp_path, rows)
    assert mapping(proposal)["transactions"]["amount"] == header
    assert proposal.matches["transactions"].sum_by is None
    assert any("is counted once" in line for line in proposal.lines())
    assert not any("repeats" in question for question in proposal.questions())


def test_a_total_that_its_items_add_up_to_is_counted_once(tmp_path: Path) -> None:
    prices = [3 + n % 7 for n in range(60)]
    whole = [sum(prices[n // 3 * 3 : n // 3 * 3 + 3]) for n in range(60)]
    rows = items("Số CT", "Ngày", "Mã KH", SL=1, **{"Đơn giá": lambda n: prices[n], "Tổng tiền": lambda n: whole[n]})
    proposal = sales(tmp_path, rows)
    assert mapping(proposal)["transactions"]["amount"] == "Tổng tiền"
    assert proposal.matches["transactions"].sum_by is None


def test_equal_amounts_of_repeating_documents_are_a_question(tmp_path: Path) -> None:
    proposal = sales(tmp_path, items("Mã HĐ", "Ngày bán", "Mã KH", **{"Tên hàng": "Áo", "Thành tiền": 50_000}))
    assert any('so, write sum_by = "transaction_id"' in question for question in proposal.questions())
    assert proposal.matches["transactions"].sum_by is None


def test_a_repeating_number_of_several_customers_is_no_document_unasked(tmp_path: Path) -> None:
    rows = table({
        "Mã đơn": lambda n: n // 3, "Ngày": day, "Mã KH": lambda n: f"C{n}", "Thành tiền": lambda n: 1000 + n,
    })  # fmt: skip
    proposal = sales(tmp_path, rows)
    assert proposal.matches["transactions"].sum_by is None
    assert "transaction_id" not in _unasked(proposal)
    assert any("with several customers" in question for question in proposal.questions())


def _unasked(proposal: Proposal) -> set[str]:
    return {name for name, one in proposal.matches["transactions"].columns.items() if one.sure != "guess"}


@pytest.mark.parametrize(
    ("header", "cell"),
    [
        ("Invoice", lambda n: 536_365 + n), ("Hóa đơn", lambda n: 10_000 + n), ("Đơn", lambda n: n),
        ("Freight", lambda n: f"{n}.5"), ("Phí ship", lambda n: 15_000 + n), ("Số lượng", lambda n: n),
        ("StoreID", lambda n: f"{n % 7}.0"), ("Reading", lambda n: f"{n}.25"), ("Tổng số lượng", lambda n: n + 3),
    ],
)  # fmt: skip
def test_what_has_no_word_for_money_is_no_amount(header: str, cell: Any, tmp_path: Path) -> None:
    rows = table({"Order ID": lambda n: f"A{n}", "Order date": day, "Customer ID": lambda n: f"C{n % 9}", header: cell})
    assert amount(sales(tmp_path, rows, "orders.csv")) is None


def test_a_mark_of_a_currency_is_a_sign_of_money_and_asked_for(tmp_path: Path) -> None:
    rows = table({"Order ID": lambda n: f"A{n}", "Order date": day, "Customer ID": "C1", "X": lambda n: f"{n}.000đ"})
    found = amount(sales(tmp_path, rows, "orders.csv"))
    assert found is not None
    assert found.sure == "guess"


@pytest.mark.parametrize("header", ["CustomerID", "Mã KH", "cust_no"])
def test_ids_that_a_program_wrote_with_point_zero_are_ids(header: str, tmp_path: Path) -> None:
    rows = table({
        "InvoiceNo": lambda n: 536_000 + n, "InvoiceDate": day, "Quantity": 2, "UnitPrice": lambda n: n + 0.25,
        header: lambda n: "" if n % 4 == 0 else f"{12_000 + n % 9}.0",
    })  # fmt: skip
    found = mapping(sales(tmp_path, rows))["transactions"]
    assert found["customer_id"] == header
    assert found["amount"] == "UnitPrice"


def test_whole_amounts_that_end_in_point_zero_are_no_cents(tmp_path: Path) -> None:
    rows = table({"Mã đơn": lambda n: n, "Ngày": day, "Mã KH": "C1", "Thành tiền": lambda n: f"{(n + 1) * 1000}.00"})
    proposal = sales(tmp_path, rows)
    assert (proposal.currency.code, proposal.questions()) == ("VND", [])


def test_a_pipeline_has_sales_where_deals_were_won(tmp_path: Path) -> None:
    rows = table({
        "opportunity_id": lambda n: f"O{n}X", "sales_agent": lambda n: pick(n, "Lan", "Hùng"), "account": "Kim Long",
        "deal_stage": lambda n: pick(n, "Won", "Lost", "Engaging"), "engage_date": lambda n: day(n, "%Y-%m-%d"),
        "close_date": lambda n: "" if n % 3 == 2 else day(n + 9, "%Y-%m-%d"), "close_value": lambda n: n % 3 and 900,
    })  # fmt: skip
    match = sales(tmp_path, rows, "sales_pipeline.csv").matches["transactions"]
    found, where = match.columns, match.where
    assert (found["occurred_at"].entry, where and where.entry) == (None, {"deal_stage": ["Won"]})
    assert (found["amount"].column.name, found["agent"].column.name) == ("close_value", "sales_agent")
    assert "returned" not in found


def test_a_pipeline_in_vietnamese_too(tmp_path: Path) -> None:
    rows = table({
        "Mã cơ hội": lambda n: f"CH{n}", "Mã khách hàng": lambda n: f"KH{n % 20}", "Ngày đóng": day,
        "Giai đoạn": lambda n: pick(n, "Thắng", "Thua"), "Giá trị cơ hội": lambda n: 1_000_000 + n,
    })  # fmt: skip
    where = sales(tmp_path, rows, "co_hoi.csv").matches["transactions"].where
    assert where is not None
    assert where.entry == {"Giai đoạn": ["Thắng"]}
