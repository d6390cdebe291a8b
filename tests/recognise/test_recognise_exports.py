"""Exports of the programs that companies use are mapped as a careful analyst would."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any
from unicodedata import normalize

import export_folders as folders
import pytest
from export_folders import Rows, mapping, save

import carestudy as cs
from carestudy.contract import TABLES
from carestudy.load import settings
from carestudy.recognise import propose

# Names and phone numbers stay as they are; net amounts come before gross ones; resolved comes before closed.
CASES: dict[str, tuple[dict[str, Rows], dict[str, dict[str, str]]]] = {
    "kiotviet": (folders.KIOTVIET, {
        "customers": {
            "customer_id": "Mã khách hàng", "joined_on": "Ngày tạo", "gender": "Giới tính",
            "segment": "Nhóm khách hàng",
        },
        "transactions": {
            "transaction_id": "Mã hóa đơn", "customer_id": "Mã khách hàng", "occurred_at": "Thời gian",
            "amount": "Khách cần trả", "returned": "Trạng thái", "channel": "Kênh bán", "agent": "Người bán",
        },
    }),
    "misa": (folders.MISA, {
        "customers": {
            "customer_id": "Mã khách hàng", "joined_on": "Ngày trở thành khách hàng", "left_on": "Ngày ngừng theo dõi",
            "leave_reason": "Lý do ngừng", "region": "Tỉnh/Thành phố", "country": "Quốc gia", "owner": "Chủ sở hữu",
            "segment": "Loại khách hàng",
        },
        "transactions": {
            "transaction_id": "Số chứng từ", "customer_id": "Mã khách hàng", "occurred_at": "Ngày hạch toán",
            "amount": "Doanh số bán", "agent": "Nhân viên bán hàng", "team": "Đơn vị",
        },
    }),
    "caresoft": (folders.CARESOFT, {
        "contacts": {
            "contact_id": "Mã phiếu", "customer_id": "Mã KH", "opened_at": "T/g tạo", "topic": "Danh mục",
            "first_reply_at": "T/g phản hồi đầu tiên", "resolved_at": "T/g xử lý xong", "reopened": "Số lần mở lại",
            "channel": "Nguồn", "kind": "Loại phiếu", "agent": "Chuyên viên xử lý", "team": "Bộ phận xử lý",
            "resolved": "Trạng thái",
        },
        "contacts 2": {
            "contact_id": "Mã cuộc gọi", "customer_id": "Số điện thoại", "opened_at": "Thời gian bắt đầu",
            "first_reply_at": "Thời gian chờ", "agent": "Tổng đài viên", "direction": "Loại cuộc gọi",
        },
    }),
    "google form": (folders.FORM, {
        "responses": {
            "customer_id": "Mã khách hàng", "answered_at": "Dấu thời gian", "comment": "Bạn có góp ý gì thêm không?",
            "? nps": "Bạn có sẵn sàng giới thiệu công ty cho bạn bè không? (0-10)",
            "? csat": "Mức độ hài lòng chung của bạn (1-5)",
            "? thai_do_phuc_vu_cua_nhan_vien": "Thái độ phục vụ của nhân viên",
        },
    }),
    "zendesk": (folders.ZENDESK, {
        "contacts": {
            "contact_id": "Id", "customer_id": "Requester id", "opened_at": "Created at", "resolved_at": "Solved at",
            "first_reply_at": "First reply time in minutes",
            "reopened": "Reopens", "channel": "Via", "kind": "Type", "agent": "Assignee", "team": "Group",
            "resolved": "Status",
        },
    }),
    "telecom": (folders.TELECOM, {
        "customers": {
            "customer_id": "Mã thuê bao", "joined_on": "Ngày kích hoạt", "left_on": "Ngày hủy",
            "leave_reason": "Lý do hủy", "birth_year": "Năm sinh", "gender": "Giới tính", "region": "Tỉnh/TP",
            "education": "Trình độ", "income_band": "Thu nhập", "interests": "Sở thích", "consent": "Đồng ý nhận tin",
            "owner": "NV quản lý",
        },
        "staff": {
            "agent": "Mã NV", "team": "Nhóm", "department": "Phòng ban", "from": "Ngày vào làm",
            "until": "Ngày nghỉ việc",
        },
        "goals": {"kpi": "Chỉ tiêu", "scope": "Phạm vi", "period": "Kỳ", "target": "Mục tiêu", "weight": "Trọng số"},
    }),
    "daily files without marks": (folders.DAILY, {
        "customers": {"customer_id": "Ma KH", "joined_on": "Ngay DK", "gender": "Gioi tinh", "region": "Tinh"},
        "transactions": {
            "transaction_id": "Ma GD", "customer_id": "Ma KH", "occurred_at": "Ngay GD", "amount": "So tien",
            "channel": "Kenh",
        },
    }),
    "surveymonkey": (folders.SURVEYMONKEY, {
        "responses": {
            "response_id": "Respondent ID", "answered_at": "End Date", "comment": "Do you have any other comments?",
            "? nps": "How likely is it that you would recommend us to a friend?",
            "? csat": "Overall, how satisfied are you with our service?",
            "? ces": "How easy was it to get your issue resolved?",
        },
    }),
}  # fmt: skip

cases = pytest.mark.parametrize("case", CASES)


def _decomposed(files: dict[str, Rows]) -> dict[str, Rows]:
    """The same files with every letter and its marks apart, as some programs write them."""
    apart: Any = lambda cell: normalize("NFD", cell) if isinstance(cell, str) else cell  # noqa: E731
    return {apart(name): [[apart(cell) for cell in row] for row in rows] for name, rows in files.items()}


@cases
def test_an_export_is_mapped_as_an_analyst_would(case: str, tmp_path: Path) -> None:
    files, expected = CASES[case]
    assert mapping(propose(save(tmp_path, files))) == expected


@cases
def test_letters_and_their_marks_apart_change_nothing(case: str, tmp_path: Path) -> None:
    files, expected = CASES[case]
    found = mapping(propose(save(tmp_path, _decomposed(files))))
    assert {t: {c: normalize("NFC", h) for c, h in one.items()} for t, one in found.items()} == expected


@cases
def test_what_is_proposed_can_be_read_as_settings(case: str, tmp_path: Path) -> None:
    toml = propose(save(tmp_path, CASES[case][0])).toml()
    said = settings.interpret(tomllib.loads(toml))
    assert set(said.sources) == {name.split()[0] for name in CASES[case][1]}


@cases
def test_the_data_load_as_proposed_and_every_row_is_used(case: str, tmp_path: Path) -> None:
    proposal = propose(save(tmp_path, CASES[case][0]))
    (tmp_path / "care.toml").write_text(proposal.toml(), encoding="utf-8")
    care = cs.load(tmp_path)
    assert {count.table: count.set_aside for count in care.counts} == dict.fromkeys(
        [name for name in CASES[case][1] if name in TABLES], 0
    )


@cases
def test_what_is_told_names_every_column_and_no_value(case: str, tmp_path: Path) -> None:
    files, _ = CASES[case]
    told = "\n".join(propose(save(tmp_path, files)).lines())
    for rows in [rows for name, rows in files.items() if name != "lich_su_cuoc_goi.csv"]:
        assert [header for header in rows[0] if header not in told] == []
    assert not any(name in told for name in folders.PEOPLE)
    assert folders.phone(1) not in told


def test_of_two_exports_of_one_table_it_is_asked_whether_they_tell_of_the_same(tmp_path: Path) -> None:
    told = propose(save(tmp_path, folders.CARESOFT)).lines()
    (asked,) = [line for line in told if "lich_su_cuoc_goi.csv" in line and line.startswith("question: ")]
    assert "others than those of phieu_ghi.csv" in asked


def test_proposing_writes_nothing(tmp_path: Path) -> None:
    propose(save(tmp_path, folders.FORM)).toml()
    assert [path.name for path in tmp_path.iterdir()] == list(folders.FORM)


def test_what_is_known_of_the_company_is_taken_as_it_is(tmp_path: Path) -> None:
    proposal = propose(save(tmp_path, folders.KIOTVIET), company='Công ty "Mẫu"', currency="USD", timezone="UTC")
    written = tomllib.loads(proposal.toml())
    assert (written["company"], written["currency"], written["timezone"]) == ('Công ty "Mẫu"', "USD", "UTC")
