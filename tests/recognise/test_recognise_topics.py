"""What contacts are about is the column that groups them, not the one in which each is told in its own words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from export_folders import moment, pick, save, table

from carestudy.recognise import Proposal, propose

STORIES = ("giao trễ và không ai gọi lại", "hàng vỡ khi nhận", "màu khác ảnh", "thu thừa tiền", "không lắp đặt")


def tickets(folder: Path, columns: dict[str, Any], name: str = "khieu_nai.csv") -> Proposal:
    """What is proposed for sixty tickets."""
    cells = {"Mã phiếu": lambda n: f"P{n:03d}", "Mã khách hàng": lambda n: f"KH{n % 25:03d}", "Thời gian tạo": moment}
    return propose(save(folder, {name: table({**cells, **columns})}))


def told(number: int) -> str:
    """A complaint in its own words, of which some come again."""
    return f"{STORIES[number % 5]}, lần {number % 4}"


@pytest.mark.parametrize("header", ["Nội dung khiếu nại", "Nội dung phản ánh", "Nội dung yêu cầu"])
@pytest.mark.parametrize("groups", ["Phân loại", "Nhóm vấn đề", "Category", "Loại khiếu nại"])
def test_a_column_of_few_words_is_the_topic_beside_one_of_contents(tmp_path: Path, header: str, groups: str) -> None:
    proposal = tickets(tmp_path, {header: told, groups: lambda n: pick(n, "Giao hàng", "Chất lượng", "Thái độ")})
    topic = proposal.matches["contacts"].columns["topic"]
    assert (topic.column.name, topic.ask) == (groups, False)


@pytest.mark.parametrize(("header", "groups"), [("Nội dung khiếu nại", "Phân loại"), ("Problem summary", "Category")])
def test_two_columns_of_few_words_are_a_question(tmp_path: Path, header: str, groups: str) -> None:
    columns = {header: lambda n: pick(n, "Giao trễ", "Hàng vỡ"), groups: lambda n: pick(n, "Nhẹ", "Vừa", "Nặng")}
    proposal = tickets(tmp_path, columns)
    topic = proposal.matches["contacts"].columns["topic"]
    assert topic.sure == "guess" or topic.column.name == groups
    assert any(f"'{groups}' topic?" in one for one in proposal.questions()) or not topic.ask


@pytest.mark.parametrize("header", ["Nội dung khiếu nại", "Problem", "Issue"])
def test_a_topic_of_its_own_words_in_every_row_is_a_question(tmp_path: Path, header: str) -> None:
    proposal = tickets(tmp_path, {header: lambda n: f"{told(n)}, đơn số {n * 7}"})
    mapped = proposal.matches["contacts"].columns.get("topic")
    assert mapped is None or mapped.sure == "guess"


@pytest.mark.parametrize("header", ["Chủ đề", "Topic", "Category", "Problem", "Issue"])
def test_a_topic_of_few_words_is_no_question(tmp_path: Path, header: str) -> None:
    proposal = tickets(tmp_path, {header: lambda n: pick(n, "Giao hàng", "Hóa đơn", "Đổi trả")}, "tickets.csv")
    topic = proposal.matches["contacts"].columns["topic"]
    assert (topic.column.name, topic.ask) == (header, False)


@pytest.mark.parametrize("header", ["Problem", "Problem type", "Sự cố"])
def test_a_header_of_problems_says_nothing_of_the_kind(tmp_path: Path, header: str) -> None:
    proposal = tickets(
        tmp_path, {header: lambda n: pick(n, "Slow page", "Invoice wrong", "Lost parcel")}, "tickets.csv"
    )
    kind = proposal.matches["contacts"].columns.get("kind")
    assert kind is None or kind.sure == "guess"


@pytest.mark.parametrize("header", ["Nhãn", "Tag", "Label"])
def test_a_column_that_speaks_of_complaints_is_asked_to_be_the_kind(tmp_path: Path, header: str) -> None:
    words = ("Đặt lịch", "Hỏi giá", "Khiếu nại", "Kết quả xét nghiệm")
    proposal = tickets(tmp_path, {header: lambda n: pick(n, *words)}, "hoi_thoai.csv")
    kind = proposal.matches["contacts"].columns["kind"]
    assert kind.column.name == header
    assert kind.sure == "guess"


def test_a_column_of_other_words_is_not_asked_to_be_the_kind(tmp_path: Path) -> None:
    proposal = tickets(tmp_path, {"Nhãn": lambda n: pick(n, "Đỏ", "Xanh", "Vàng")}, "hoi_thoai.csv")
    assert "kind" not in proposal.matches["contacts"].columns
