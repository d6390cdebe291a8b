"""Folders of exports as the programs of Vietnamese and other companies write them, made up row by row."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from carestudy.recognise import Proposal

PEOPLE = ("Nguyễn Văn An", "Trần Thị Bình", "Lê Hoàng Cường", "Phạm Thu Hà", "Võ Minh Đức")
ROWS = 60

Rows = Sequence[Sequence[Any]]


def day(number: int, form: str = "%d/%m/%Y") -> str:
    """A day of 2026, spread over some months."""
    return (date(2026, 1, 1) + timedelta(days=number * 3 % 200)).strftime(form)


def moment(number: int, form: str = "%d/%m/%Y %H:%M") -> str:
    """A moment of 2026, later for greater numbers."""
    return (datetime(2026, 1, 1, 8, tzinfo=UTC) + timedelta(hours=number * 31)).strftime(form)


def phone(number: int) -> str:
    """A phone number."""
    return f"09{12_345_678 + number * 37:08d}"


def pick(number: int, *choices: str) -> str:
    """One of some words in turn."""
    return choices[number % len(choices)]


def person(number: int) -> str:
    """A name, which several people have."""
    return pick(number, *PEOPLE)


def table(columns: Mapping[str, Any], rows: int = ROWS) -> list[list[Any]]:
    """A header and rows from columns: a function of the row's number, or the same in each."""
    body = [[cell(n) if callable(cell) else cell for cell in columns.values()] for n in range(rows)]
    return [list(columns), *body]


def text(rows: Rows, separator: str = ",") -> str:
    """Rows as a text file."""
    out = io.StringIO()
    csv.writer(out, delimiter=separator, lineterminator="\n").writerows(rows)
    return out.getvalue()


def save(folder: Path, files: Mapping[str, Rows | str | bytes]) -> Path:
    """A folder with these files; rows become CSV in UTF-8."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        content = content if isinstance(content, str | bytes) else text(content)
        (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def mapping(proposal: Proposal) -> dict[str, dict[str, str]]:
    """What was recognised: by table, the headers of the contract's columns and of the questions."""
    return {
        name: {column: one.column.name for column, one in match.columns.items()}
        | {f"? {one.name}": one.column.name for one in match.questions}
        for name, match in proposal.matches.items()
    }


def right(found: Mapping[str, Mapping[str, str]], expected: Mapping[str, Mapping[str, str]], columns: int) -> float:
    """Which share of all columns of a folder is mapped, or left, as expected."""
    pairs = {(table, name, header) for table, one in found.items() for name, header in one.items()}
    wanted = {(table, name, header) for table, one in expected.items() for name, header in one.items()}
    wrong = {(table, header) for table, _, header in pairs ^ wanted}
    return 1 - len(wrong) / columns


def column_count(proposal: Proposal) -> int:
    """How many columns all exports of a folder have."""
    return sum(len(export.columns) for export in proposal.found.exports)


KIOTVIET: dict[str, Rows] = {
    "DanhSachChiTietHoaDon.csv": table({
        "Chi nhánh": "Hà Nội", "Mã hóa đơn": lambda n: f"HD{n:06d}", "Mã vận đơn": "", "Thời gian": moment,
        "Thời gian tạo": moment, "Ngày cập nhật": moment, "Mã khách hàng": lambda n: f"KH{n % 20:06d}",
        "Tên khách hàng": person, "Điện thoại": phone, "Địa chỉ": "12 Lê Lợi", "Ngày sinh": "",
        "Người bán": lambda n: pick(n, "Lan", "Hùng"), "Kênh bán": lambda n: pick(n, "Bán trực tiếp", "Shopee"),
        "Người tạo": "admin", "Ghi chú": "", "Tổng tiền hàng": lambda n: (n + 1) * 50_000, "Giảm giá hóa đơn": 0,
        "Khách cần trả": lambda n: (n + 1) * 50_000, "Khách đã trả": lambda n: (n + 1) * 50_000, "Còn cần thu": 0,
        "Tiền mặt": 0, "Trạng thái": lambda n: pick(n, "Hoàn thành", "Hoàn thành", "Đã hủy"),
    }),
    "DanhSachKhachHang.csv": table({
        "Loại khách": lambda n: pick(n, "Cá nhân", "Công ty"), "Mã khách hàng": lambda n: f"KH{n:06d}",
        "Tên khách hàng": person, "Điện thoại": phone, "Mã số thuế": "", "Số CMND/CCCD": "", "Ngày sinh": day,
        "Giới tính": lambda n: pick(n, "Nam", "Nữ"), "Email": "", "Nhóm khách hàng": lambda n: pick(n, "VIP", "Thường"),
        "Người tạo": "admin", "Ngày tạo": moment, "Ngày giao dịch cuối": moment, "Nợ cần thu hiện tại": 0,
        "Tổng bán": lambda n: 1_000_000 + n,
    }, 20),
}  # fmt: skip
MISA: dict[str, Rows] = {
    "Khach_hang.csv": table({
        "Mã khách hàng": lambda n: f"KH{n:05d}", "Tên khách hàng": person, "Điện thoại": phone,
        "Loại khách hàng": lambda n: pick(n, "Cá nhân", "Tổ chức"), "Nguồn gốc": "Website", "Ngành nghề": "Bán lẻ",
        "Tỉnh/Thành phố": lambda n: pick(n, "Hà Nội", "Đà Nẵng"), "Quốc gia": "Việt Nam",
        "Chủ sở hữu": lambda n: pick(n, "Lan", "Hùng"), "Ngày trở thành khách hàng": day,
        "Ngày ngừng theo dõi": lambda n: "" if n % 4 else day(n), "Lý do ngừng": lambda n: "" if n % 4 else "Giá cao",
    }),
    "So_ban_hang.csv": table({
        "Ngày hạch toán": day, "Ngày chứng từ": day, "Số chứng từ": lambda n: f"BH{n:05d}",
        "Mã khách hàng": lambda n: f"KH{n % 30:05d}", "Tên khách hàng": person, "Diễn giải": "Bán hàng",
        "Doanh số bán": lambda n: f"{n % 9 + 1}00.000", "Chiết khấu": "0", "Thuế GTGT": "0",
        "Nhân viên bán hàng": "Lan", "Đơn vị": lambda n: pick(n, "Phòng KD1", "Phòng KD2"),
    }),
}  # fmt: skip
CARESOFT: dict[str, Rows] = {
    "phieu_ghi.csv": table({
        "Mã phiếu": lambda n: 1000 + n, "Tiêu đề": "Hỏi về hóa đơn tháng này", "Độ ưu tiên": "Cao",
        "Loại phiếu": lambda n: pick(n, "Khiếu nại", "Hỏi đáp/Thắc mắc", "Yêu cầu"), "Trạng thái": "Đã đóng",
        "Nguồn": lambda n: pick(n, "Email", "Zalo", "Điện thoại"), "Mã KH": lambda n: f"KH{n % 20:04d}", "SĐT": phone,
        "Chuyên viên xử lý": lambda n: pick(n, "Lan", "Hùng"), "Bộ phận xử lý": lambda n: pick(n, "CSKH", "Kỹ thuật"),
        "T/g tạo": moment, "T/g phản hồi đầu tiên": moment,
        "T/g xử lý xong": lambda n: moment(n + 2) if n % 5 else "-", "Số lần mở lại": lambda n: pick(n, "0", "1", "2"),
        "Danh mục": lambda n: pick(n, "Cước", "Thiết bị"),
    }),
    "lich_su_cuoc_goi.csv": table({
        "Mã cuộc gọi": lambda n: f"CALL-{n}", "Loại cuộc gọi": lambda n: pick(n, "Gọi vào", "Gọi ra"),
        "Số điện thoại": phone, "Tổng đài viên": "Lan", "Thời gian bắt đầu": moment, "Thời gian chờ": "00:00:12",
    }),
}  # fmt: skip
FORM: dict[str, Rows] = {
    "Khảo sát khách hàng (Câu trả lời).csv": table({
        "Dấu thời gian": lambda n: moment(n, "%d/%m/%Y %H:%M:%S"), "Mã khách hàng": lambda n: f"KH{n % 20:04d}",
        "Bạn có sẵn sàng giới thiệu công ty cho bạn bè không? (0-10)": lambda n: n % 11,
        "Mức độ hài lòng chung của bạn (1-5)": lambda n: n % 5 + 1,
        "Thái độ phục vụ của nhân viên": lambda n: pick(n, "Rất hài lòng", "Hài lòng", "Bình thường", "Không hài lòng"),
        "Bạn có góp ý gì thêm không?": lambda n: pick(n, "", "Nhân viên rất nhiệt tình, cảm ơn"),
        "Giới tính": lambda n: pick(n, "Nam", "Nữ"), "Số điện thoại": phone,
    }),
}  # fmt: skip
ZENDESK: dict[str, Rows] = {
    "tickets.csv": table({
        "Id": lambda n: n + 1, "Subject": "Where is my order", "Status": "Closed", "Priority": "Normal",
        "Type": lambda n: pick(n, "Question", "Complaint", "Task"), "Requester": person,
        "Requester id": lambda n: 9000 + n % 9, "Requester email": lambda n: f"a{n % 9}@b.vn", "Assignee": "Lan",
        "Group": lambda n: pick(n, "Support", "Billing"), "Via": lambda n: pick(n, "Web", "Email", "Chat"),
        "Created at": lambda n: moment(n, "%Y-%m-%d %H:%M"), "Updated at": lambda n: moment(n, "%Y-%m-%d %H:%M"),
        "Solved at": lambda n: moment(n + 5, "%Y-%m-%d %H:%M") if n % 4 else "",
        "First reply time in minutes": lambda n: n * 3, "Reopens": lambda n: n % 2, "Tags": "a b",
    }),
}  # fmt: skip
TELECOM: dict[str, Rows] = {
    "thue_bao.csv": table({
        "STT": lambda n: n + 1, "Mã thuê bao": lambda n: f"TB{n:06d}", "Ngày kích hoạt": day,
        "Ngày hủy": lambda n: day(n + 9) if n % 3 == 0 else "", "Lý do hủy": lambda n: "Giá" if n % 3 == 0 else "",
        "Năm sinh": lambda n: 1970 + n % 30, "Giới tính": lambda n: pick(n, "Nam", "Nữ"), "Tỉnh/TP": "Hà Nội",
        "Gói cước": "F1", "Trình độ": "Đại học", "Thu nhập": "10-20tr", "Sở thích": "Phim",
        "Đồng ý nhận tin": lambda n: pick(n, "Đồng ý", "Từ chối"), "NV quản lý": "NV01",
    }),
    "nhan_vien.csv": table({
        "Mã NV": lambda n: f"NV{n:02d}", "Họ tên": person, "Nhóm": "Đội Bắc", "Phòng ban": "CSKH",
        "Ngày vào làm": day, "Ngày nghỉ việc": "",
    }, 12),
    "muc_tieu.csv": [
        ["Chỉ tiêu", "Phạm vi", "Kỳ", "Mục tiêu", "Trọng số"], ["nps", "company", "2026-10", "50", "2"],
        ["csat", "company", "2026-10", "0.8", "1"],
    ],
}  # fmt: skip
DAILY: dict[str, Rows] = {
    **{
        f"gd_2026-0{month}.csv": table({
            "Ma GD": lambda n, month=month: f"GD{month}{n:04d}", "Ma KH": lambda n: f"C{n % 30:05d}",
            "Ngay GD": lambda n, month=month: f"{n % 28 + 1:02d}/{month:02d}/2026",
            "So tien": lambda n: f"{n % 90 + 10}.000",
            "Kenh": lambda n: pick(n, "App", "Quầy"),
        }) for month in (1, 2, 3)
    },
    "kh.csv": table({
        "Ma KH": lambda n: n, "Ho ten": person, "SDT": phone, "Ngay DK": day, "Gioi tinh": "Nam", "Tinh": "HN",
    }, 30),
}  # fmt: skip
SURVEYMONKEY: dict[str, Rows] = {
    "Survey results.csv": table({
        "Respondent ID": lambda n: 118_000_000 + n, "Collector ID": 4000, "IP Address": "10.0.0.1",
        "Start Date": lambda n: moment(n, "%m/%d/%Y %I:%M:%S %p"),
        "End Date": lambda n: moment(n, "%m/%d/%Y %I:%M:%S %p"),
        "How likely is it that you would recommend us to a friend?": lambda n: n % 11,
        "Overall, how satisfied are you with our service?":
            lambda n: pick(n, "Very satisfied", "Satisfied", "Neither satisfied nor dissatisfied", "Dissatisfied"),
        "How easy was it to get your issue resolved?": lambda n: n % 7 + 1,
        "Do you have any other comments?": lambda n: pick(n, "", "Great job, thanks a lot"),
    }),
}  # fmt: skip
