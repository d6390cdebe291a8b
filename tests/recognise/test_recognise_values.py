"""Words, currencies, empty cells and ids are recognised by what stands in the cells."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from export_folders import Rows, day, mapping, moment, person, phone, pick, save, table

from carestudy.recognise import propose


def customers(**more: Any) -> Rows:
    """Thirty customers C00000 to C00029."""
    return table({"Mã KH": lambda n: f"C{n:05d}", "Họ tên": person, "Ngày đăng ký": day, **more}, 30)


def tickets(**more: Any) -> Rows:
    """Tickets, some of one customer."""
    return table(
        {"Mã phiếu": lambda n: f"P{n}", "Ngày tạo": moment, "Kênh": lambda n: pick(n, "Email", "Zalo"), **more}
    )


def sales(amount: Any, header: str = "Tổng tiền", **more: Any) -> Rows:
    """Sales with amounts of a kind."""
    return table(
        {"Mã HĐ": lambda n: f"HD{n}", "Ngày bán": day, "Mã KH": lambda n: f"C{n % 30:05d}", header: amount, **more}
    )


def written(folder: Path, **files: Rows) -> Mapping[str, Any]:
    """The care.toml that is proposed for some files."""
    return tomllib.loads(propose(save(folder, {f"{name}.csv": rows for name, rows in files.items()})).toml())


def test_kinds_directions_and_stages_are_translated_where_their_words_occur(tmp_path: Path) -> None:
    contacts = tickets(**{
        "Loại yêu cầu": lambda n: pick(n, "Khiếu nại", "Thắc mắc", "Bảo hành"),
        "Chiều": lambda n: pick(n, "Gọi vào", "Gọi ra"),
        "Giai đoạn": lambda n: pick(n, "Trước bán", "Sau bán"),
    })  # fmt: skip
    assert written(tmp_path, phieu=contacts)["contacts"]["values"] == {
        "kind": {"Khiếu nại": "complaint", "Thắc mắc": "question"},
        "direction": {"Gọi vào": "inbound", "Gọi ra": "outbound"},
        "stage": {"Trước bán": "before", "Sau bán": "after"},
    }


def test_kinds_without_a_word_for_complaints_are_a_question(tmp_path: Path) -> None:
    save(tmp_path, {"phieu.csv": tickets(**{"Loại phiếu": lambda n: pick(n, "Hỏi đáp", "Lắp đặt")})})
    assert any("mean a complaint" in question for question in propose(tmp_path).questions())


def test_words_tell_a_channel_from_a_kind_whatever_the_header_says(tmp_path: Path) -> None:
    rows = table({
        "Ticket ID": lambda n: n, "Created at": moment, "Type": lambda n: pick(n, "Phone", "Email", "Chat"),
        "Channel": lambda n: pick(n, "Complaint", "Question"),
    })  # fmt: skip
    found = mapping(propose(save(tmp_path, {"tickets.csv": rows})))["contacts"]
    assert (found["channel"], found["kind"]) == ("Type", "Channel")


def test_a_count_of_reopenings_says_whether_there_was_one(tmp_path: Path) -> None:
    found = written(tmp_path, phieu=tickets(**{"Số lần mở lại": lambda n: n % 3}))["contacts"]
    assert found["columns"]["reopened"] == "Số lần mở lại"
    assert found["values"]["reopened"] == {"0": "false", "1": "true", "2": "true"}


def test_a_status_of_orders_says_what_was_returned_if_all_its_words_are_known(tmp_path: Path) -> None:
    known = sales(50_000, **{"Trạng thái": lambda n: pick(n, "Hoàn thành", "Đã hủy", "Hoàn trả")})
    found = written(tmp_path, hoa_don=known)["transactions"]
    assert found["values"]["returned"] == {"Hoàn thành": "false", "Đã hủy": "true", "Hoàn trả": "true"}
    unknown = sales(50_000, **{"Trạng thái": lambda n: pick(n, "Hoàn thành", "Lạ lùng")})
    assert "returned" not in written(tmp_path, hoa_don=unknown)["transactions"]["columns"]


def test_consent_in_words_is_translated(tmp_path: Path) -> None:
    found = written(tmp_path, khach_hang=customers(**{"Nhận tin": lambda n: pick(n, "Đồng ý", "Từ chối")}))
    assert found["customers"]["values"]["consent"] == {"Đồng ý": "true", "Từ chối": "false"}


def test_satisfaction_in_words_and_stars_becomes_scores(tmp_path: Path) -> None:
    rows = table({
        "Mã khảo sát": lambda n: n, "Ngày trả lời": moment,
        "Mức độ hài lòng": lambda n: pick(n, "Rất hài lòng", "Bình thường"),
        "Bạn đánh giá nhân viên thế nào?": lambda n: pick(n, "5 sao", "4 sao"),
    })  # fmt: skip
    found = written(tmp_path, khao_sat=rows)["responses"]
    assert found["questions"]["csat"] == "Mức độ hài lòng"
    assert found["values"]["score"] == {"Rất hài lòng": "5", "Bình thường": "3", "5 sao": "5", "4 sao": "4"}


def test_words_at_the_ends_of_a_scale_are_scores(tmp_path: Path) -> None:
    ends = {0: "0 - Hoàn toàn không", 10: "10 - Rất sẵn lòng"}
    rows = table({"Mã khảo sát": lambda n: n, "Ngày trả lời": moment,
                  "Bạn có giới thiệu chúng tôi không? (0-10)": lambda n: ends.get(n % 11, n % 11)})  # fmt: skip
    assert written(tmp_path, khao_sat=rows)["responses"]["values"]["score"] == {ends[0]: "0", ends[10]: "10"}


@pytest.mark.parametrize(("top", "question"), [(10, "nps"), (5, "csat")])
def test_a_lone_score_is_guessed_by_its_scale(top: int, question: str, tmp_path: Path) -> None:
    rows = table({"Mã trả lời": lambda n: n, "Ngày": moment, "Điểm": lambda n: n % top + 1})
    proposal = propose(save(tmp_path, {"tra loi.csv": rows}))
    assert [(one.name, one.sure) for one in proposal.matches["responses"].questions] == [(question, "guess")]


def test_a_question_is_not_nps_on_a_scale_of_five(tmp_path: Path) -> None:
    rows = table({"Mã trả lời": lambda n: n, "Ngày": moment,
                  "Bạn có giới thiệu chúng tôi không? (1-5)": lambda n: n % 5 + 1,
                  "Mức độ hài lòng (1-10)": lambda n: n % 10 + 1})  # fmt: skip
    names = {one.name for one in propose(save(tmp_path, {"khao sat.csv": rows})).matches["responses"].questions}
    assert names.isdisjoint({"nps", "csat"})
    assert len(names) == 2


def test_signs_and_words_for_nothing_are_listed_where_they_cannot_be_values(tmp_path: Path) -> None:
    rows = tickets(
        **{"Ngày xử lý xong": lambda n: moment(n + 1) if n % 3 else "Chưa có", "Nhóm": lambda n: pick(n, "A", "?")}
    )
    assert written(tmp_path, phieu=rows)["contacts"]["empty"] == ["?", "Chưa có"]


def test_a_word_for_no_is_not_emptied(tmp_path: Path) -> None:
    more = {"Ngày ngừng": lambda n: day(n) if n % 3 else "Không", "Đồng ý nhận tin": lambda n: pick(n, "Có", "Không")}
    assert "empty" not in written(tmp_path, khach_hang=customers(**more))["customers"]


@pytest.mark.parametrize(
    ("amount", "header", "currency", "sure"),  # amounts without cents leave no question, but a note
    [
        ("1.000.000 đ", "Tổng tiền", "VND", "sure"), ("$12.50", "Total", "USD", "sure"),
        (50_000, "Doanh thu (VNĐ)", "VND", "sure"),
        (12.5, "Amount (USD)", "USD", "sure"), (12.5, "Total", "VND", "guess"), (50_000, "Tổng tiền", "VND", "guess"),
    ],
)  # fmt: skip
def test_the_currency_is_told_by_marks_headers_or_cents(
    amount: Any, header: str, currency: str, sure: str, tmp_path: Path
) -> None:
    proposal = propose(save(tmp_path, {"hoa don.csv": sales(amount, header)}))
    assert (proposal.currency.code, proposal.currency.sure) == (currency, sure)
    assert any("currency" in one for one in proposal.questions()) == (sure == "guess" and amount == 12.5)
    assert any(line.startswith("note: currency") for line in proposal.lines()) == (sure == "guess")


def test_ids_that_differ_but_in_their_digits_are_matched_by_them(tmp_path: Path) -> None:
    rows = tickets(**{"Mã KH": lambda n: n % 30})
    assert written(tmp_path, khach_hang=customers(), phieu=rows)["match_ids"] == "digits"


def test_ids_that_are_written_alike_are_not_matched_by_digits(tmp_path: Path) -> None:
    rows = tickets(**{"Mã KH": lambda n: f"C{n % 30:05d}"})
    assert "match_ids" not in written(tmp_path, khach_hang=customers(), phieu=rows)


def test_ids_of_which_two_would_become_one_are_not_matched_by_digits(tmp_path: Path) -> None:
    twins = [*customers(), ["D00001", "Lê A", "05/01/2026"]]
    rows = tickets(**{"Mã KH": lambda n: n % 30})
    proposal = propose(save(tmp_path, {"khach hang.csv": twins, "phieu.csv": rows}))
    assert "match_ids" not in tomllib.loads(proposal.toml())


def test_customers_are_found_by_their_ids_under_a_header_that_says_nothing(tmp_path: Path) -> None:
    save(tmp_path, {"khach hang.csv": customers(), "phieu.csv": tickets(**{"Cột 7": lambda n: f"C{n % 30:05d}"})})
    mapped = propose(tmp_path).matches["contacts"].columns["customer_id"]
    assert (mapped.column.name, mapped.sure) == ("Cột 7", "likely")


def test_a_column_of_strangers_is_a_question(tmp_path: Path) -> None:
    save(tmp_path, {"khach hang.csv": customers(), "phieu.csv": tickets(**{"Mã khách": lambda n: f"X{n + 900}"})})
    assert any("hardly any" in question for question in propose(tmp_path).questions())


def test_phone_numbers_are_ids_only_where_there_are_no_others(tmp_path: Path) -> None:
    alone = propose(save(tmp_path / "a", {"phieu.csv": tickets(SĐT=phone)}))
    assert mapping(alone)["contacts"]["customer_id"] == "SĐT"
    assert any("phone numbers" in question for question in alone.questions())
    known = propose(save(tmp_path / "b", {"phieu.csv": tickets(**{"SĐT": phone, "Mã KH": lambda n: f"C{n % 30}"})}))
    assert mapping(known)["contacts"]["customer_id"] == "Mã KH"
    assert any("personal, and not needed: SĐT" in line for line in known.lines())


def test_a_column_that_decides_nothing_is_read_like_one_of_the_same_file_that_does(tmp_path: Path) -> None:
    rows = tickets(**{"Ngày đóng": lambda n: f"{n % 9 + 1:02d}/12/2027 08:00"})
    found = written(tmp_path, phieu=rows)["contacts"]
    assert found["dates"] == {"opened_at": "%d/%m/%Y %H:%M", "resolved_at": "%d/%m/%Y %H:%M"}


def test_times_that_say_they_are_utc_are_placed_there(tmp_path: Path) -> None:
    rows = table({"Ticket ID": lambda n: n, "Created at (UTC)": lambda n: moment(n, "%Y-%m-%d %H:%M")})
    assert written(tmp_path, tickets=rows)["contacts"]["timezone"] == "UTC"


def test_lines_of_orders_are_told(tmp_path: Path) -> None:
    rows = table({"Mã HĐ": lambda n: f"HD{n // 3}", "Ngày bán": day, "Tên hàng": "Áo", "Thành tiền": 50_000})
    assert any("repeats" in question for question in propose(save(tmp_path, {"chi tiet.csv": rows})).questions())


def test_lines_of_orders_without_a_total_have_quantity_times_price(tmp_path: Path) -> None:
    rows = table({
        "InvoiceNo": lambda n: 536_365 + n // 3, "StockCode": lambda n: f"A{n}", "Quantity": 6, "InvoiceDate": day,
        "UnitPrice": lambda n: n + 0.55, "CustomerID": lambda n: n % 9, "Country": "UK",
    })  # fmt: skip
    proposal = propose(save(tmp_path, {"online retail.csv": rows}))
    assert mapping(proposal)["transactions"] == {
        "transaction_id": "InvoiceNo", "customer_id": "CustomerID", "occurred_at": "InvoiceDate", "country": "Country",
        "amount": "UnitPrice",
    }  # fmt: skip
    assert proposal.matches["transactions"].columns["amount"].entry == "Quantity * UnitPrice"
    assert proposal.matches["transactions"].sum_by is None  # a document of several customers is a question
    assert "with several customers" in " ".join(proposal.questions())
