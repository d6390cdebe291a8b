"""Columns of one table in several files: joined by a key that chance does not explain, or read one after the other."""

from __future__ import annotations

from pathlib import Path

import pytest
from export_folders import Rows, day, mapping, moment, phone, pick, save, table

from carestudy.recognise import Proposal, propose
from carestudy.recognise.ids import by_phone
from carestudy.recognise.joins import lookups_of


def asked(folder: Path, **files: Rows) -> Proposal:
    """What is proposed for some files."""
    return propose(save(folder, {f"{name}.csv": rows for name, rows in files.items()}))


def joined(proposal: Proposal, name: str) -> list[tuple[str, object]]:
    """The files that are joined to a table, with their keys."""
    return [(one.export.files[0], one.on) for one in lookups_of(proposal.matches[name].export)]


def iso(number: int) -> str:
    """A day."""
    return day(number, "%Y-%m-%d")


ORDERS = table({
    "order_id": lambda n: f"ORD{n:05d}", "customer_id": lambda n: f"CU{n % 20:04d}", "order_date": iso,
    "status": lambda n: pick(n, "delivered", "canceled"),
})  # fmt: skip


def test_orders_have_their_amounts_from_their_lines(tmp_path: Path) -> None:
    lines = table({
        "order_id": lambda n: f"ORD{n // 3:05d}", "product": "A", "unit_price": lambda n: n + 0.5,
        "quantity": lambda n: n % 4 + 1,
    }, 180)  # fmt: skip
    proposal = asked(tmp_path, orders=ORDERS, order_details=lines)
    match = proposal.matches["transactions"]
    assert match.export.files == ["order_details.csv"]
    assert joined(proposal, "transactions") == [("orders.csv", "order_id")]
    assert match.columns["amount"].entry == "quantity * unit_price"
    assert (match.columns["occurred_at"].column.name, match.sum_by) == ("order_date", "transaction_id")
    assert 'join = [{ source = "orders.csv", on = "order_id" }]' in proposal.toml()
    assert not any("orders.csv" in question for question in proposal.questions())


def test_lines_and_orders_whose_keys_are_called_otherwise(tmp_path: Path) -> None:
    orders = table({"ma_don_hang": lambda n: f"HD{n}", "ngay_dat": day, "ma_kh": lambda n: f"KH{n % 9}"})
    lines = table({"ma_dh": lambda n: f"HD{n // 2}", "so_luong": lambda n: n % 5 + 1, "don_gia": 9000}, 120)
    proposal = asked(tmp_path, don_hang=orders, chi_tiet=lines)
    assert joined(proposal, "transactions") == [("don_hang.csv", {"ma_dh": "ma_don_hang"})]


def test_payments_of_orders_are_added_up_with_the_days_of_the_orders(tmp_path: Path) -> None:
    payments = table({
        "order_id": lambda n: f"ORD{n % 60:05d}", "payment_sequential": lambda n: n // 60 + 1,
        "payment_value": lambda n: f"{n + 10}.25",
    }, 90)  # fmt: skip
    proposal = asked(tmp_path, orders=ORDERS, order_payments=payments)
    match = proposal.matches["transactions"]
    assert match.export.files == ["order_payments.csv"]
    assert match.columns["amount"].column.name == "payment_value"
    assert match.sum_by == "transaction_id"


def test_invoices_with_a_total_leave_their_lines_alone(tmp_path: Path) -> None:
    invoices = table({"InvoiceId": lambda n: n + 1, "CustomerId": lambda n: n % 9 + 1, "InvoiceDate": iso,
                      "Total": lambda n: f"{(n % 7 + 1) * 2}.97"})  # fmt: skip
    lines = table({"InvoiceLineId": lambda n: n + 1, "InvoiceId": lambda n: n // 2 + 1, "TrackId": lambda n: n,
                   "UnitPrice": "0.99", "Quantity": 1}, 120)  # fmt: skip
    proposal = asked(tmp_path, Invoice=invoices, InvoiceLine=lines)
    assert mapping(proposal)["transactions"]["amount"] == "Total"
    assert proposal.matches["transactions"].export.files == ["Invoice.csv"]
    assert joined(proposal, "transactions") == []
    assert "transactions 2" not in proposal.matches


def test_files_that_say_more_of_each_customer_are_joined_to_the_customers(tmp_path: Path) -> None:
    key = {"Customer ID": lambda n: f"{1000 + n * 7}-XQ"}
    proposal = asked(
        tmp_path,
        demographics=table({**key, "Gender": lambda n: pick(n, "Male", "Female"), "Age": lambda n: 20 + n % 50}),
        location=table({**key, "City": lambda n: pick(n, "Hue", "Da Nang")}),
        services=table({**key, "Quarter": "Q3", "Device Protection Plan": "No", "Total Revenue": lambda n: n + 0.5}),
    )
    assert {file for file, _ in joined(proposal, "customers")} < {"demographics.csv", "location.csv", "services.csv"}
    assert len(joined(proposal, "customers")) == 2
    assert mapping(proposal)["customers"].items() >= {"gender": "Gender", "region": "City"}.items()
    assert set(proposal.matches) == {"customers"}


def test_a_file_with_several_rows_of_a_customer_is_left_and_says_why(tmp_path: Path) -> None:
    people = table({"Customer ID": lambda n: f"{1000 + n * 7}-XQ", "Gender": "Male", "Signup date": iso})
    usage = table({"Customer ID": lambda n: f"{1000 + n % 60 * 7}-XQ", "Quarter": lambda n: f"Q{n // 60}"}, 180)
    proposal = asked(tmp_path, customers=people, usage=usage)
    assert joined(proposal, "customers") == []
    (question,) = [one for one in proposal.questions() if "usage.csv" in one]
    assert "180 rows of 60" in question
    assert "multiply" in question


def test_accounts_belong_to_clients_as_a_third_file_says(tmp_path: Path) -> None:
    clients = table({"client_id": lambda n: f"C{n + 1:08d}", "sex": "F", "city": "Hue"})
    holders = table({"client_id": lambda n: f"C{n * 7 % 60 + 1:08d}", "account_id": lambda n: f"A{n + 1:08d}"})
    orders = table({"order_id": lambda n: n + 9000, "account_id": lambda n: f"A{n % 60 + 1:08d}",
                    "amount": lambda n: n + 100, "order_date": iso}, 90)  # fmt: skip
    proposal = asked(tmp_path, clients=clients, disposition=holders, orders=orders)
    assert proposal.digits == ()
    assert joined(proposal, "transactions") == [("disposition.csv", "account_id")]
    assert mapping(proposal)["transactions"]["customer_id"] == "client_id"


@pytest.mark.parametrize(("ours", "theirs"), [("C{:05d}", "A{:05d}"), ("KH-{}", "HD-{}"), ("kh{:03d}", "TK{:03d}")])
def test_ids_of_other_letters_are_others_whatever_their_digits(ours: str, theirs: str, tmp_path: Path) -> None:
    people = table({"Mã KH": lambda n: ours.format(n), "Ngày đăng ký": day, "Giới tính": "Nam"})
    sold = table({"Mã đơn": lambda n: n, "Ngày": day, "Mã khách": lambda n: theirs.format(n), "Tổng tiền": 5000})
    proposal = asked(tmp_path, khach_hang=people, don_hang=sold)
    assert proposal.digits == ()
    assert any("hardly any customer_id" in question for question in proposal.questions())


@pytest.mark.parametrize(("ours", "theirs"), [("C{:05d}", "{}"), ("KH{:04d}", "kh{}"), ("{:06d}", "{}")])
def test_ids_without_letters_or_of_equal_letters_match_by_digits(ours: str, theirs: str, tmp_path: Path) -> None:
    people = table({"Mã KH": lambda n: ours.format(n), "Ngày đăng ký": day, "Giới tính": "Nam"})
    sold = table({"Mã đơn": lambda n: n, "Ngày": day, "Mã KH": lambda n: theirs.format(n), "Tổng tiền": 5000})
    assert asked(tmp_path, khach_hang=people, don_hang=sold).digits == ("transactions",)


def written(number: int) -> str:
    """A phone number in one of several ways of writing it."""
    bare = phone(number // 2)[1:]
    return [f"0{bare}", f"+84{bare}", f"84 {bare}", f"0{bare[:3]}.{bare[3:6]}.{bare[6:]}", bare][number % 5]


def test_phone_numbers_in_several_forms_are_one_customer(tmp_path: Path) -> None:
    sold = table({"Mã đơn": lambda n: n, "Ngày": day, "SĐT": written, "Tổng tiền": 5000})
    people = table({"Số điện thoại": phone, "Ngày đăng ký": day}, 30)
    proposal = asked(tmp_path, don_hang=sold, khach_hang=people)
    assert mapping(proposal)["transactions"]["customer_id"] == "SĐT"
    assert by_phone(proposal.matches) == ["customers", "transactions"]


COMPLAINTS = table({
    "Complaint ID": lambda n: f"KN{n:05d}", "Client ID": lambda n: f"C{n % 20:04d}", "Date received": iso,
    "Issue": lambda n: pick(n, "Fee", "Card"), "Agent": lambda n: pick(n, "Lan", "Hùng"),
})  # fmt: skip
CALLS = table({
    "call_id": lambda n: f"CALL{n:06d}", "customer_id": lambda n: f"C{n % 20:04d}", "call_start": moment,
    "direction": lambda n: pick(n, "inbound", "outbound"),
})  # fmt: skip


def test_calls_and_complaints_are_two_sources_of_contacts(tmp_path: Path) -> None:
    proposal = asked(tmp_path, calls=CALLS, complaints=COMPLAINTS)
    names = {match.export.files[0]: match for match in proposal.matches.values()}
    assert {match.table for match in names.values()} == {"contacts"}
    assert names["complaints.csv"].columns["kind"].entry == {"value": "complaint"}
    assert "kind" not in names["calls.csv"].columns
    assert proposal.toml().count("[[contacts.sources]]") == 2
    assert 'kind = { value = "complaint" }' in proposal.toml()


def test_a_file_of_khieu_nai_is_of_complaints_too(tmp_path: Path) -> None:
    complaints = table({"Mã phiếu": lambda n: f"KN{n}", "Mã KH": lambda n: f"K{n % 9}", "Ngày tiếp nhận": day})
    calls = table({"Mã cuộc gọi": lambda n: f"G{n}", "Mã KH": lambda n: f"K{n % 9}", "Thời gian gọi": moment,
                   "Chiều": lambda n: pick(n, "Gọi vào", "Gọi ra")})  # fmt: skip
    proposal = asked(tmp_path, khieu_nai=complaints, cuoc_goi=calls)
    assert 'kind = { value = "complaint" }' in proposal.toml()


def test_two_records_of_maybe_the_same_contacts_wait_for_an_answer(tmp_path: Path) -> None:
    calls = [[*row, ticket] for row, ticket in zip(CALLS, ["Ticket ID", *(f"T{n}" for n in range(60))], strict=True)]
    tickets = table({"Ticket ID": lambda n: f"T{n}", "Created at": moment, "Customer ID": lambda n: f"C{n % 20:04d}",
                     "Type": lambda n: pick(n, "Complaint", "Question"), "Priority": "High"})  # fmt: skip
    proposal = asked(tmp_path, tickets=tickets, calls=calls)
    assert any("no second record of them" in question for question in proposal.questions())
    assert proposal.toml().count("\n[[contacts.sources]]") == 1
    assert proposal.toml().replace("# ? ", "").count("\n[[contacts.sources]]") == 2
