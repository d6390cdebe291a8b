"""The form of days is decided by the whole column, or it is a question."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pyarrow as pa
import pytest

from carestudy.recognise.column import Column


def column(*cells: object) -> Column:
    return Column.of("Ngày", [pa.array(cells)])


@pytest.mark.parametrize(
    ("cells", "forms"),
    [
        (["31/10/2026", "1/2/2026"], ["%d/%m/%Y"]),
        (["10/31/2026", "1/2/2026"], ["%m/%d/%Y"]),
        (["29/2/2016 01:16", "3/3/2016 12:00"], ["%d/%m/%Y %H:%M"]),
        (["31/10/2026 18:05", "1/10/2026"], ["%d/%m/%Y %H:%M", "%d/%m/%Y"]),
        (["31-10-2026 18:05:09"], ["%d-%m-%Y %H:%M:%S"]),
        (["31/10/2026, 18:05:09"], ["%d/%m/%Y, %H:%M:%S"]),
        (["18:05 31/10/2026"], ["%H:%M %d/%m/%Y"]),
        (["31/10/2026 6:05 CH", "1/10/2026 6:05 SA"], ["%d/%m/%Y %I:%M %p"]),
        (["10/31/2026 6:05:09 PM"], ["%m/%d/%Y %I:%M:%S %p"]),
        (["31/10/26", "01/11/26"], ["%d/%m/%y"]),
        (["31.10.2026"], ["%d.%m.%Y"]),
        (["2026/10/31 18:05"], ["%Y/%m/%d %H:%M"]),
        (["2026-1-5"], ["%Y-%m-%d"]),
        (["05-Oct-2026", "31-Dec-2026"], ["%d-%b-%Y"]),
        (["October 5, 2026 6:05 am"], ["%B %d, %Y %I:%M %p"]),
        (["ngày 5 tháng 3 năm 2026"], ["ngày %d tháng %m năm %Y"]),
        (["2026-10-31 18:05:09 UTC"], ["%Y-%m-%d %H:%M:%S UTC"]),
        (["2026-10-31", "2026-10-31 18:05", "2026-10-31T18:05:09Z"], []),
    ],
)
def test_a_form_is_decided_by_the_column(cells: list[str], forms: list[str]) -> None:
    dates = column(*cells).dates
    assert (dates.share, list(dates.forms), dates.choices) == (1.0, forms, ())


@pytest.mark.parametrize(
    ("cells", "choices"),
    [
        (["01/02/2026", "12/12/2026"], [("%d/%m/%Y",), ("%m/%d/%Y",)]),
        (["01/02/2026 18:05"], [("%d/%m/%Y %H:%M",), ("%m/%d/%Y %H:%M",)]),
        (["13/02/2026", "02/13/2026"], [("%d/%m/%Y",), ("%m/%d/%Y",)]),
        (["24/03/25", "24/04/26"], [("%d/%m/%y",), ("%y/%m/%d",)]),
    ],
)
def test_what_could_be_read_in_two_ways_is_a_question(cells: list[str], choices: list[tuple[str]]) -> None:
    dates = column(*cells).dates
    assert (dates.share, dates.forms, list(dates.choices)) == (1.0, (), choices)


def test_one_day_above_twelve_among_thousands_decides() -> None:
    cells = [f"{n % 12 + 1:02d}/{n % 11 + 1:02d}/2026" for n in range(5000)]
    assert not column(*cells).dates.decided
    assert column(*cells, "13/01/2026").dates.forms == ("%d/%m/%Y",)


def test_a_day_of_no_calendar_decides_nothing() -> None:
    assert column("31/15/2026", "31/10/2026").dates.forms == ("%d/%m/%Y",)
    assert column("31/15/2026", "31/10/2026").dates.share == 0.5
    assert column("45/45/2026").dates.share == 0


@pytest.mark.parametrize(
    "cell", ["1.234.567", "0912.345.678", "12:30", "45-54", "Phòng 5/3/2026", "KH-1-2", "1/2", "3.14"]
)
def test_what_is_no_day_is_not_taken_for_one(cell: str) -> None:
    assert column(cell).dates.share == 0


@pytest.mark.parametrize(
    ("cells", "form"),
    [
        (["45231", "45299"], "excel"), (["45231.5"], "excel"), ([45231, 45299], "excel"), (["1767225600"], "epoch"),
        ([1767225600000], "epoch-ms"), (["20261031"], "%Y%m%d"), (["20261031180509"], "%Y%m%d%H%M%S"),
    ],
)  # fmt: skip
def test_counted_days_have_a_form_once_a_header_tells_that_they_are_days(cells: list[object], form: str) -> None:
    assert column(*cells).counted_dates.forms == (form,)
    assert column(*cells).dates.share == 0


def test_the_last_day_is_found_in_the_form_that_was_decided() -> None:
    assert column("02/12/2026", "31/10/2026").dates.last == date(2026, 12, 2)
    assert column("12/02/2026", "10/31/2026").dates.last == date(2026, 12, 2)
    assert column("5-Jan-26", "4-Feb-26").dates.last == date(2026, 2, 4)
    assert column(datetime(2026, 10, 31, 18, 5, tzinfo=UTC), None).dates.last == date(2026, 10, 31)
    assert column("01/02/2026").dates.last is None


def test_what_stands_for_nothing_is_no_fault_of_the_days() -> None:
    found = column("31/10/2026", "?", "Không có", "", None, "(trống)")
    assert found.dates.share == 1
    assert found.nothing == ("(trống)", "?", "Không có")


def test_an_empty_column_has_no_days() -> None:
    for cells in ((), ("", None), (None,)):
        assert column(*cells).dates.share == 0
        assert column(*cells).counted_dates.share == 0
