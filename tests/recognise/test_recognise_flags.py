"""Answered, resolved and handling times of contacts are recognised by their words; a doubtful unit is a question."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from export_folders import moment, pick, save, table

from carestudy.recognise import propose


def proposed(folder: Path, **columns: Any) -> tuple[Mapping[str, Any], str]:
    """The care.toml of a call log with further columns, and its text."""
    rows = table({"Mã cuộc gọi": lambda n: f"P{n}", "Thời gian gọi": moment, "Mã KH": lambda n: f"K{n % 9}", **columns})
    text = propose(save(folder, {"cuoc_goi.csv": rows})).toml()
    return tomllib.loads(text)["contacts"], text


@pytest.mark.parametrize(
    ("header", "yes", "no"),
    [
        ("Trạng thái", "Thành công", ("Gọi nhỡ", "Không nghe máy", "Máy bận")),
        ("Status", "Answered", ("Missed", "No answer", "Busy")),
        ("Kết quả cuộc gọi", "Nghe máy", ("Nhỡ", "Không trả lời")),
        ("Answered (Y/N)", "Y", ("N",)),
    ],
)
def test_a_missed_call_is_not_answered(tmp_path: Path, header: str, yes: str, no: tuple[str, ...]) -> None:
    contacts, _ = proposed(tmp_path, **{header: lambda n: pick(n, yes, *no)})
    assert contacts["columns"]["answered"] == header
    assert "resolved" not in contacts["columns"]
    if yes != "Y":
        assert contacts["values"]["answered"] == {yes: "true", **dict.fromkeys(no, "false")}


@pytest.mark.parametrize(
    ("header", "yes", "no"),
    [
        ("Trạng thái", "Đã xử lý", ("Chưa xử lý", "Đang xử lý")),
        ("Status", "Solved", ("Open", "Pending")),
        ("Tình trạng xử lý", "Đã đóng", ("Mới",)),
        ("Ticket status", "Closed", ("In progress",)),
        ("Resolved", "Y", ("N",)),
    ],
)
def test_an_open_ticket_is_not_resolved(tmp_path: Path, header: str, yes: str, no: tuple[str, ...]) -> None:
    contacts, _ = proposed(tmp_path, **{header: lambda n: pick(n, yes, *no)})
    assert contacts["columns"]["resolved"] == header
    assert "answered" not in contacts["columns"]
    if yes != "Y":
        assert contacts["values"]["resolved"] == {yes: "true", **dict.fromkeys(no, "false")}


def test_a_status_with_a_word_that_nobody_knows_is_no_flag(tmp_path: Path) -> None:
    contacts, _ = proposed(tmp_path, **{"Trạng thái": lambda n: pick(n, "Đã xử lý", "Chuyển cấp 3")})
    assert not {"answered", "resolved"} & set(contacts["columns"])


def test_a_handling_time_in_minutes_is_not_read_as_seconds(tmp_path: Path) -> None:
    contacts, _ = proposed(tmp_path, **{"Thời gian đàm thoại (phút)": lambda n: n % 9})
    assert contacts["columns"].get("handling_seconds") in (None, "`Thời gian đàm thoại (phút)` * 60")


def test_days_of_a_solution_are_no_flag(tmp_path: Path) -> None:
    contacts, _ = proposed(tmp_path, Resolved=moment)
    assert contacts["columns"]["resolved_at"] == "Resolved"


@pytest.mark.parametrize(
    ("header", "cell"), [("AvgTalkDuration", "00:02:23"), ("Thời lượng xử lý (giây)", 143), ("AHT (s)", 143)]
)
def test_a_handling_time_in_seconds_or_by_the_clock_is_sure(tmp_path: Path, header: str, cell: Any) -> None:
    contacts, _ = proposed(tmp_path, **{header: lambda _: cell})
    assert contacts["columns"]["handling_seconds"] == header


def test_a_handling_time_without_a_unit_is_a_question(tmp_path: Path) -> None:
    contacts, text = proposed(tmp_path, **{"Talk time": lambda _: 143})
    assert "handling_seconds" not in contacts["columns"]
    assert '# ? handling_seconds = "Talk time"  # guess: in seconds?' in text
