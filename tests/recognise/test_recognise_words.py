"""Headers are understood in both languages, whichever words, marks, capitals and order they use."""

from __future__ import annotations

import pytest

from carestudy.contract import TABLES
from carestudy.recognise import words

HEADERS = {
    ("customers", "customer_id"): (
        "Mã KH|MaKH|makh|MSKH|CustomerID|cust_id|household_id|Member ID|"
        "Khách hàng / Mã|MÃ SỐ KHÁCH HÀNG"
    ),
    ("customers", "joined_on"): (
        "Ngày tham gia|Ngày ĐK|Signup date|Registered at|Customer since|"
        "Ngày ký hợp đồng|Activation Date"
    ),
    ("customers", "left_on"): (
        "Ngày rời mạng|Churn date|Cancel date|Ngày chấm dứt HĐ|"
        "Ngày hủy dịch vụ|End of contract"
    ),
    ("customers", "leave_reason"): "Lý do rời mạng|Cancellation reason|Nguyên nhân rời bỏ|Reason for leaving",
    ("customers", "birth_year"): "Năm sinh|NĂM SINH KH|Year of birth|yob",
    ("customers", "region"): "Khu vực|Tỉnh/thành|City|Province|Vùng miền",
    ("customers", "segment"): "Hạng|Hạng thẻ|Customer Segment|Membership tier|Nhóm KH|Customer type",
    ("customers", "owner"): "NV phụ trách|Account Manager|Nhân viên CSKH|Sales rep",
    ("transactions", "transaction_id"): "Số HĐ|invoice no|Order ID|Mã giao dịch|basket_id|Receipt No|Số CT",
    ("transactions", "occurred_at"): "Ngày GD|Ngày PS|NgayGD|order date|InvoiceDate|Ngày chứng từ|Ngày mua hàng|Date",
    ("transactions", "amount"): (
        "Doanh thu (VNĐ)|Thành tiền|Total|Net Amount|Giá trị đơn hàng|"
        "Khách cần trả|tongtien|sales_value"
    ),
    ("contacts", "contact_id"): "Ticket #|case number|Mã phiếu|Mã cuộc gọi|number|Incident Number",
    ("contacts", "opened_at"): (
        "T/g tạo|opened_at|Ngày tiếp nhận|Date/Time Opened|Created time|"
        "CallStart|Thời gian gọi đến"
    ),
    ("contacts", "first_reply_at"): "Thời gian phản hồi lần đầu|First Response|First Reply Time",
    ("contacts", "resolved_at"): "resolved_at|Ngày hoàn thành|Closed Date|Solved at|T/g xử lý xong",
    ("contacts", "channel"): "Kênh|contact_type|Nguồn tiếp nhận|Case Origin|Via",
    ("contacts", "kind"): "Loại yêu cầu|Ticket type|Case Type|Loại phiếu",
    ("contacts", "topic"): "Chủ đề|category|Nhóm vấn đề|Nội dung khiếu nại|Call reason",
    ("contacts", "agent"): "Tổng đài viên|resolved_by|Assignee|Người xử lý|Mã NV",
    ("contacts", "team"): "assignment_group|Queue name|Bộ phận xử lý|Group",
    ("contacts", "handling_seconds"): (
        "AvgTalkDuration|Talk time|Thời lượng xử lý|Thời gian đàm thoại|AHT|Average handle time (s)|"
        "Talk time (s)|Call handling time"
    ),
    ("contacts", "direction"): "Hướng cuộc gọi|Call direction|Chiều gọi",
    ("responses", "answered_at"): "Dấu thời gian|Timestamp|Survey date|Ngày khảo sát|Submitted at",
    ("responses", "score"): "Điểm|NPS Score|CSAT|Số sao|Mức độ hài lòng|Rating",
    ("responses", "comment"): "Góp ý|Ý kiến khách hàng|Feedback|Review text|Nhận xét",
}  # fmt: skip
OWN = (
    "Tên KH|tenkhachhang|SĐT|sodienthoai|Địa chỉ|Ngày sinh|DOB|Số lượng|Chiết khấu|Thuế VAT|Ưu tiên|Thời gian chờ|"
    "Updated At|Ngày cập nhật|Last Order Date|Mã sản phẩm|Mã kho|Phương thức thanh toán|Mã giảm giá|"
    "Email|STT|closed_code"
)


@pytest.mark.parametrize(
    ("table", "column", "header"), [(*where, header) for where, said in HEADERS.items() for header in said.split("|")]
)
def test_a_header_fits_its_column_best(table: str, column: str, header: str) -> None:
    mine = {name: strength for (where, name), strength in words.fits(header).items() if where == table}
    own = max((strength for (where, _), strength in words.fits(header).items() if where == words.OWN), default=0)
    assert max(mine, key=lambda name: mine[name]) == column
    assert mine[column] >= max(0.6, own)


@pytest.mark.parametrize("header", OWN.split("|"))
def test_what_the_contract_does_not_have_fits_no_column_of_it(header: str) -> None:
    found = words.fits(header)
    own = max(strength for (where, _), strength in found.items() if where == words.OWN)
    assert own >= 0.6
    assert [where for where, strength in found.items() if where[0] != words.OWN and strength >= own] == []


@pytest.mark.parametrize("header", ["Màu yêu thích", "n_events", "u_symptom", "xyz", "Ghế số", "!!!", ""])
def test_a_header_that_says_nothing_known_fits_nothing_well(header: str) -> None:
    assert max(words.fits(header).values(), default=0) < 0.7


def test_marks_tell_words_apart_where_they_are_written() -> None:
    assert words.meaning("Hạng").things == {"segment"}
    assert words.meaning("Hàng").things == {"goods"}


def test_every_header_is_made_of_known_words() -> None:
    columns = [column.headers for table in TABLES.values() for column in table.registry.values()]
    headers = [header for phrases in (*columns, *words.dictionary()[words.OWN].values()) for header in phrases]
    unknown = [header for header in headers if words.meaning(header).unknown or not words.meaning(header).things]
    assert unknown == []


def test_the_dictionary_speaks_of_every_table_of_the_contract() -> None:
    assert set(words.dictionary()["files"]) == set(TABLES)
