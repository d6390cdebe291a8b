"""Moments as exports tell them: a day and a clock, lengths of time, tenures, days from that of the export."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import carestudy as cs
from carestudy import kpi
from carestudy.contract import TABLES


def load(folder: Path, text: str, said: str, table: str = "contacts") -> Any:
    """A table of one file with these lines of care.toml about it."""
    (folder / "file.csv").write_text(text, "utf-8")
    (folder / "care.toml").write_text(f'[{table}]\nsource = "file.csv"\n{said}', "utf-8")
    return cs.load(folder)


def moments(care: Any, column: str, table: str = "contacts") -> list[str]:
    """The cells of a column in the order of the keys, empty where there is none."""
    rows = care.tables[table].order_by(TABLES[table].key).to_pyarrow()[column].to_pylist()
    return ["" if cell is None else str(cell) for cell in rows]


@pytest.mark.parametrize(("day", "clock", "forms"), [
    ("2026-08-05", "08:03", ""), ("2026-08-05", "8:03", ""), ("05/08/2026", "08:03:00", '"%d/%m/%Y"'),
    ("05/08/2026", "8:03 AM", '"%d/%m/%Y"'), ("05/08/2026", "8h03", '"%d/%m/%Y"'),
    ("5.8.2026", "8 giờ 03", '"%d.%m.%Y"'),
    ("2026-08-05 00:00:00", "08:03:00", ""), ("05/08/2026", "08:03", '"%d/%m/%Y %H:%M"'),
])  # fmt: skip
def test_a_day_and_a_clock_are_a_moment(tmp_path: Path, day: str, clock: str, forms: str) -> None:
    said = 'columns = { contact_id = "ID", opened_at = ["Ngày", "Giờ"] }\n'
    said += f"dates = {{ opened_at = {forms} }}\n" if forms else ""
    care = load(tmp_path, f"ID,Ngày,Giờ\n1,{day},{clock}\n", said)
    assert moments(care, "opened_at") == ["2026-08-05 08:03:00"]
    assert care.days_only == frozenset()


def test_a_clock_that_is_missing_leaves_the_day_and_a_missing_day_leaves_nothing(tmp_path: Path) -> None:
    said = 'columns = { contact_id = "ID", opened_at = "Mở", resolved_at = ["Date closed", "Time closed"] }\n'
    text = "ID,Mở,Date closed,Time closed\n1,2026-08-05 07:00,2026-08-06,\n2,2026-08-05 07:00,,08:03\n"
    text += "3,2026-08-05 07:00,2026-08-05,09:30\n"
    care = load(tmp_path, text, said)
    assert moments(care, "resolved_at") == ["2026-08-06 00:00:00", "", "2026-08-05 09:30:00"]


def test_a_workbook_with_typed_days_and_clocks(tmp_path: Path) -> None:
    from datetime import date, time

    from openpyxl import Workbook

    book = Workbook()
    for row in (
        ["Mã", "Ngày", "Giờ"],
        ["P1", date(2026, 8, 5), time(8, 3)],
        ["P2", date(2026, 8, 6), time(17, 45, 30)],
    ):
        book.active.append(row)
    book.save(tmp_path / "phieu.xlsx")
    said = '[contacts]\nsource = "phieu.xlsx"\ncolumns = { contact_id = "Mã", opened_at = ["Ngày", "Giờ"] }\n'
    (tmp_path / "care.toml").write_text(said, "utf-8")
    assert moments(cs.load(tmp_path), "opened_at") == ["2026-08-05 08:03:00", "2026-08-06 17:45:30"]


def test_a_name_in_two_columns_is_one_text(tmp_path: Path) -> None:
    said = 'columns = { customer_id = "id", owner = ["First", "Last"] }\n'
    care = load(tmp_path, "id,First,Last\nA,Lan,Trần\nB,,Hùng\n", said, "customers")
    assert moments(care, "owner", "customers") == ["Lan Trần", "Hùng"]


@pytest.mark.parametrize(("cell", "minutes"), [
    ("1h 23m", 83), ("00:02:00", 2), ("01:30:00", 90), ("1 phút 30 giây", 1.5), ("2 giờ 5 phút", 125), ("2 giờ", 120),
    ("1.5 hours", 90), ("PT1H2M", 62), ("P1DT2H", 1560), ("2 days, 3:00:00", 3060), ("1 ngày 2 giờ", 1560),
    ("45 mins", 45), ("1 tuần", 10080), ("1 hour and 5 minutes", 65), ("3 tiếng", 180), ("1m30s", 1.5),
    ("90 secs", 1.5),
])  # fmt: skip
def test_a_length_that_says_its_unit_makes_a_moment(tmp_path: Path, cell: str, minutes: float) -> None:
    said = 'columns = { opened_at = "Mở", first_reply_at = { after = "opened_at", column = "Phản hồi đầu" } }\n'
    care = load(tmp_path, f'Mở,Phản hồi đầu\n2026-08-05 08:00,"{cell}"\n2026-09-30 08:00,\n', said)
    assert kpi.first_response_time(care, period="2026-08")["value"].item() == pytest.approx(minutes / 60)


@pytest.mark.parametrize(("unit", "hours"), [("seconds", 1.5), ("minutes", 90), ("hours", 5400), ("days", 129600)])
def test_bare_numbers_have_the_unit_that_is_said(tmp_path: Path, unit: str, hours: float) -> None:
    entry = f'{{ after = "opened_at", column = "Time to close", unit = "{unit}" }}'
    care = load(tmp_path, "opened_at,Time to close\n2026-08-05 08:00,5400\n2026-08-06 08:00,\n",
                f"columns = {{ resolved_at = {entry} }}\n")  # fmt: skip
    cells = moments(care, "resolved_at")
    assert (pd.Timestamp(cells[0]) - pd.Timestamp("2026-08-05 08:00")).total_seconds() == hours * 3600
    assert cells[1] == ""


def test_two_numbers_with_a_colon_need_a_unit(tmp_path: Path) -> None:
    text = "opened_at,Chờ\n2026-08-05 08:00,12:30\n2026-08-05 08:00,5:00\n"
    entry = '{ after = "opened_at", column = "Chờ", unit = "minutes" }'
    care = load(tmp_path, text, f"columns = {{ first_reply_at = {entry} }}\n")
    assert moments(care, "first_reply_at") == ["2026-08-05 08:12:30", "2026-08-05 08:05:00"]
    with pytest.raises(cs.CareError, match="first_reply_at is no time"):
        load(tmp_path, text, 'columns = { first_reply_at = { after = "opened_at", column = "Chờ" } }\n')


def test_a_length_over_a_change_of_the_clock_is_as_long_as_it_says(tmp_path: Path) -> None:
    text = "opened_at,Wait\n2026-10-24T23:40:00Z,01:30:00\n2026-10-25T00:10:00Z,00:20:00\n"
    (tmp_path / "file.csv").write_text(text, "utf-8")
    entry = 'columns = { resolved_at = { after = "opened_at", column = "Wait" } }\n'
    said = f'timezone = "Europe/London"\n[contacts]\nsource = "file.csv"\n{entry}'
    (tmp_path / "care.toml").write_text(said, "utf-8")
    care = cs.load(tmp_path)
    assert moments(care, "resolved_at") == ["2026-10-25 01:10:00", "2026-10-25 01:30:00"]
    assert kpi.resolution_time(care, at=0.99)["value"].item() == 1.5


@pytest.mark.parametrize(("said", "message"), [
    ('{ after = "opened", column = "Wait", unit = "minutes" }', "no column 'opened' of the contract"),
    ('{ after = "opened_at", column = "Wait", unit = "minute" }', "did you mean 'minutes'"),
    ('{ after = "opened_at", column = "Weit", unit = "minutes" }', "did you mean 'wait'|did you mean 'Wait'"),
    ('{ before = "soon", column = "Wait" }', "before is a day such as 2026-10-31"),
    ('["Wait"]', "two headers or more"),
])  # fmt: skip
def test_slips_are_refused_with_what_was_meant(tmp_path: Path, said: str, message: str) -> None:
    with pytest.raises(cs.CareError, match=message):
        load(tmp_path, "opened_at,Wait\n2026-08-05 08:00,5\n", f"columns = {{ first_reply_at = {said} }}\n")


@pytest.mark.parametrize(("cell", "day"), [
    ("12", "2025-09-30"), ("1", "2026-08-30"), ("0", "2026-09-30"), ("2.5", "2026-07-15"), ("", ""),
])  # fmt: skip
def test_a_tenure_in_months_tells_the_first_day(tmp_path: Path, cell: str, day: str) -> None:
    entry = '{ before = "2026-09-30", column = "Tenure in Months", unit = "months" }'
    text = f"customer_id,Tenure in Months\nA,{cell}\nB,5\n"
    care = load(tmp_path, text, f"columns = {{ joined_on = {entry} }}\n", "customers")
    assert moments(care, "joined_on", "customers")[0][:10] == day


def test_a_tenure_may_say_its_units(tmp_path: Path) -> None:
    entry = '{ before = 2026-09-30, column = "Thâm niên" }'
    text = "customer_id,Thâm niên\nA,1 năm 2 tháng\nB,12 tháng\nC,2 years 3 months\nD,3 weeks\n"
    care = load(tmp_path, text, f"columns = {{ joined_on = {entry} }}\n", "customers")
    days = [cell[:10] for cell in moments(care, "joined_on", "customers")]
    assert days == ["2025-07-30", "2025-09-30", "2024-06-30", "2026-09-09"]


@pytest.mark.parametrize(("cell", "day"), [
    ("2 tuần trước", "2026-10-17"), ("3 tháng trước", "2026-07-31"), ("hôm qua", "2026-10-30"),
    ("5 giờ trước", "2026-10-31"),
    ("3 months ago", "2026-07-31"), ("a week ago", "2026-10-24"), ("an hour ago", "2026-10-31"),
    ("Yesterday", "2026-10-30"),
    ("hôm nay", "2026-10-31"), ("một tháng trước", "2026-09-30"), ("a year ago", "2025-10-31"),
    ("2 ngày trước", "2026-10-29"),
    ("last week", "2026-10-24"), ("30 giây trước", "2026-10-31"), ("Edited 2 weeks ago", "2026-10-17"),
    ("2026-10-02", "2026-10-02"),
])  # fmt: skip
def test_days_told_from_the_day_of_the_export(tmp_path: Path, cell: str, day: str) -> None:
    entry = '{ relative_to = "2026-10-31", column = "Thời gian" }'
    text = f"score,Thời gian\n5,{cell}\n"
    care = load(tmp_path, text, f"columns = {{ answered_at = {entry} }}\n", "responses")
    assert moments(care, "answered_at", "responses")[0][:10] == day
    assert care.days_only == {("responses", "answered_at")}
