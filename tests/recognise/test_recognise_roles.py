"""Columns and files that look like something else: what they are not, they are never taken for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from export_folders import Rows, day, mapping, moment, person, phone, pick, save, table

from carestudy.recognise import Proposal, propose


def asked(folder: Path, **files: Rows) -> Proposal:
    """What is proposed for some files."""
    return propose(save(folder, {f"{name}.csv": rows for name, rows in files.items()}))


def unasked(proposal: Proposal, table_: str) -> dict[str, str]:
    """The columns that are proposed without a question."""
    found = proposal.matches[table_].columns
    return {name: one.column.name for name, one in found.items() if one.sure != "guess"}


SALES: dict[str, Any] = {"Mã đơn hàng": lambda n: f"D{n}", "Ngày đặt hàng": day, "Tổng tiền": 5000}
TICKETS: dict[str, Any] = {"Ticket ID": lambda n: f"T{n}", "Created at": moment}


@pytest.mark.parametrize(
    "header", ["Người nhận", "Tên Người nhận", "Người nhận hàng", "Recipient name", "Ship name", "Receiver"]
)
def test_who_receives_a_parcel_is_no_agent(header: str, tmp_path: Path) -> None:
    proposal = asked(tmp_path, don_hang=table({**SALES, "Mã khách hàng": lambda n: f"C{n % 9}", header: person}))
    assert "agent" not in mapping(proposal)["transactions"]
    assert any("personal" in line and header in line for line in proposal.lines())


def test_who_receives_a_ticket_is_its_agent(tmp_path: Path) -> None:
    rows = table({"Mã phiếu": lambda n: n, "Ngày tiếp nhận": moment, "Người nhận": lambda n: pick(n, "Lan", "Hùng")})
    assert mapping(asked(tmp_path, phieu=rows))["contacts"]["agent"] == "Người nhận"


@pytest.mark.parametrize(
    ("header", "cell"),
    [
        ("Customer Age", lambda n: 20 + n % 50), ("Customer City", lambda n: pick(n, "Hue", "Vinh")),
        ("Customer Gender", "Nam"), ("Tuổi khách hàng", lambda n: 20 + n % 50), ("Customer Type", "New"),
        ("Customer Rating", lambda n: n % 5 + 1), ("Customer since", day), ("customer_state", "SP"),
    ],
)  # fmt: skip
def test_what_is_said_of_a_customer_is_no_id(header: str, cell: Any, tmp_path: Path) -> None:
    proposal = asked(tmp_path, tickets=table({**TICKETS, header: cell}))
    assert mapping(proposal)["contacts"].get("customer_id") != header


def test_an_address_tells_customers_apart_where_nothing_else_does(tmp_path: Path) -> None:
    rows = table({**TICKETS, "Customer Age": 30, "Customer Email": lambda n: f"a{n % 40}@b.vn"})
    found = asked(tmp_path, tickets=rows).matches["contacts"].columns["customer_id"]
    assert (found.column.name, found.sure) == ("Customer Email", "guess")


@pytest.mark.parametrize(
    ("column", "header", "cell"),
    [
        ("first_reply_at", "Survey response date", moment), ("first_reply_at", "Ngày phản hồi khảo sát", moment),
        ("direction", "Channel name", lambda n: pick(n, "Hotline", "Zalo")),
        ("direction", "Chiều", lambda n: pick(n, "Bắc", "Nam")),
        ("kind", "Type", lambda n: pick(n, "Gold", "Tiền gửi")),
        ("stage", "Deal stage", lambda n: pick(n, "Won", "Lost")), ("resolved_at", "Due date", moment),
        ("resolved_at", "Hạn xử lý", moment), ("team", "Đơn Vị Vận Chuyển", "GHN"), ("agent", "Seller SKU", "A"),
    ],
)  # fmt: skip
def test_a_role_is_never_given_to_a_column_of_another(column: str, header: str, cell: Any, tmp_path: Path) -> None:
    rows = table({**TICKETS, "Customer ID": lambda n: f"C{n % 9}", header: cell})
    assert column not in mapping(asked(tmp_path, tickets=rows))["contacts"]


def test_how_many_work_for_a_customer_is_no_owner_and_its_founding_no_birth(tmp_path: Path) -> None:
    rows = table({
        "account": lambda n: f"Kim Long {n}", "sector": "retail", "year_established": lambda n: 1980 + n % 30,
        "employees": lambda n: 100 + 7 * n,
    })  # fmt: skip
    assert mapping(asked(tmp_path, accounts=rows))["customers"] == {"customer_id": "account"}


def test_a_complaint_named_by_some_calls_is_no_id_of_calls(tmp_path: Path) -> None:
    rows = table({"Complaint ID": lambda n: "" if n % 3 else f"KN{n}", "Call start": moment, "Customer ID": "C1"})
    assert "contact_id" not in unasked(asked(tmp_path, calls=rows), "contacts")


@pytest.mark.parametrize(
    ("team", "channel"),
    [("Ticket group", "Ticket channel"), ("Agency", "Method received"), ("Nhóm hỗ trợ", "Kênh"), ("Team", "Channel")],
)
def test_team_and_channel_of_a_plain_file_of_tickets(team: str, channel: str, tmp_path: Path) -> None:
    rows = table({
        **TICKETS, "Customer ID": lambda n: f"C{n % 9}", team: lambda n: pick(n, "A1", "B2"),
        channel: lambda n: pick(n, "Email", "Phone"),
    })  # fmt: skip
    found = mapping(asked(tmp_path, tickets=rows))["contacts"]
    assert (found["team"], found["channel"]) == (team, channel)


def test_types_that_are_no_kinds_are_topics(tmp_path: Path) -> None:
    rows = table({**TICKETS, "Ticket Type": lambda n: pick(n, "Refund request", "Billing inquiry", "Technical issue")})
    assert mapping(asked(tmp_path, tickets=rows))["contacts"]["topic"] == "Ticket Type"


SUBSCRIPTIONS = table({
    "id": lambda n: f"sub_{n:05d}", "Customer ID": lambda n: f"cus_{n:05d}", "Plan": "gold", "Quantity": 1,
    "Amount": 199_000, "Status": lambda n: pick(n, "active", "canceled"), "Created (UTC)": lambda n: day(n, "%Y-%m-%d"),
    "Canceled At (UTC)": lambda n: day(n, "%Y-%m-%d").replace("2026", "2027") if n % 2 else "",
    "Cancellation Reason": lambda n: "too expensive" if n % 2 else "",
})  # fmt: skip


def test_subscriptions_are_customers(tmp_path: Path) -> None:
    found = mapping(asked(tmp_path, subscriptions=SUBSCRIPTIONS))
    assert found["customers"].items() >= {
        "customer_id": "Customer ID", "joined_on": "Created (UTC)", "left_on": "Canceled At (UTC)",
        "leave_reason": "Cancellation Reason",
    }.items()  # fmt: skip
    assert "transactions" not in found


@pytest.mark.parametrize("name", ["customers", "khach_hang"])
def test_customers_with_totals_are_no_sales(name: str, tmp_path: Path) -> None:
    rows = table({
        "id": lambda n: f"cus_{n:05d}", "Email": lambda n: f"k{n}@x.vn", "Created (UTC)": lambda n: day(n, "%Y-%m-%d"),
        "Currency": "vnd", "Total Spend": lambda n: f"{n * 1000}.00", "Payment Count": 2,
    })  # fmt: skip
    assert set(mapping(asked(tmp_path, **{name: rows}))) == {"customers"}


def test_payments_happen_when_they_are_created(tmp_path: Path) -> None:
    rows = table({
        "id": lambda n: f"ch_{n}", "Amount": lambda n: f"{n}.50", "Created (UTC)": lambda n: day(n, "%Y-%m-%d"),
        "Available On (UTC)": lambda n: day(n + 3, "%Y-%m-%d"), "Customer ID": "cus_1",
    })  # fmt: skip
    assert mapping(asked(tmp_path, payments=rows))["transactions"]["occurred_at"] == "Created (UTC)"


def test_names_and_streets_are_named_as_personal(tmp_path: Path) -> None:
    rows = table({"ma_kh": lambda n: f"K{n}", "ho_ten": person, "sdt": phone, "dia_chi": "x", "ngay_sinh": day,
                  "ngay_dang_ky": day})  # fmt: skip
    (line,) = [line for line in asked(tmp_path, khach_hang=rows).lines() if "personal" in line]
    assert [header for header in ("ho_ten", "sdt", "dia_chi", "ngay_sinh") if header not in line] == []


def test_a_file_that_is_no_table_is_left_with_its_columns_and_the_nearest_table(tmp_path: Path) -> None:
    rows = table({"productID": lambda n: n, "productName": "Chai", "unitsInStock": lambda n: n * 3})
    proposal = asked(tmp_path, products=rows, don_hang=table({**SALES, "Mã khách hàng": "C1"}))
    (question,) = [one for one in proposal.questions() if one.startswith("products.csv")]
    assert "'productID', 'productName', 'unitsInStock'" in question


def test_customers_by_several_ids_are_asked_for(tmp_path: Path) -> None:
    people = table({"customer_id": lambda n: f"o{n:05d}", "customer_unique_id": lambda n: f"p{n % 40:05d}",
                    "customer_city": "Hue"})  # fmt: skip
    sold = table({"order_id": lambda n: f"X{n:05d}", "customer_id": lambda n: f"o{n:05d}", "order_date": day,
                  "order_value": lambda n: n + 100})  # fmt: skip
    proposal = asked(tmp_path, customers=people, orders=sold)
    for name in ("customers", "transactions"):
        found = proposal.matches[name].columns["customer_id"]
        assert (found.column.name, found.sure) == ("customer_unique_id", "guess")
    assert any("comes back: is that the customer?" in question for question in proposal.questions())
