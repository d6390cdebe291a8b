"""Days and times that could be another day: read by the form that is stated, else refused; never guessed."""

from __future__ import annotations

from pathlib import Path

import pytest
from exports import counts, faults, refused, taken, used

HEAD = "customer_id,joined_on\n"


def _days(folder: Path, cells: list[str], dates: str = "") -> dict[str, str]:
    """What the cells of joined_on are read as; those that are not there were set aside."""
    rows = "".join(f'{n},"{cell}"\n' for n, cell in enumerate(cells))
    files = {"customers": HEAD + rows} | ({"care": f"[customers]\ndates = {dates}\n"} if dates else {})
    care = taken(folder, files)
    return {cells[int(one)]: str(day) for one, day in used(care, "customers", "customer_id", "joined_on")}


@pytest.mark.parametrize(
    "cell", ["31/10/2026", "03/04/2026", "10-31-2026", "31.10.26", "46326", "1793404800", "Oct 31, 2026"]
)
def test_a_column_in_another_form_is_a_question(tmp_path: Path, cell: str) -> None:
    said = refused(tmp_path / "data", {"customers": HEAD + "".join(f'A{n},"{cell}"\n' for n in range(3))})
    assert said.startswith("customers.csv: joined_on")
    assert "care.toml: dates" in said


def test_of_a_column_in_two_orders_only_what_the_stated_form_says_is_read(tmp_path: Path) -> None:
    cells = ["31/10/2026", "10/31/2026", "03/04/2026", "2026-10-31", "2026-10-31 18:05", "31-10-2026"]
    assert _days(tmp_path / "vn", cells, '"%d/%m/%Y"') == {
        "31/10/2026": "2026-10-31", "03/04/2026": "2026-04-03", "2026-10-31": "2026-10-31",
        "2026-10-31 18:05": "2026-10-31",
    }  # fmt: skip
    assert _days(tmp_path / "us", cells, '"%m/%d/%Y"')["03/04/2026"] == "2026-03-04"


@pytest.mark.parametrize(
    ("form", "cell", "day"),
    [
        ("excel", "46326", "2026-10-31"),
        ("excel", "46326.75", "2026-10-31"),
        ("excel-1904", "44864", "2026-10-31"),
        ("epoch", "1793404800", "2026-10-31"),
        ("epoch-ms", "1793404800000", "2026-10-31"),
        ("%d/%m/%y", "31/10/26", "2026-10-31"),
        ("%d %b %Y", "31 Oct 2026", "2026-10-31"),
    ],
)
def test_a_day_may_be_counted_or_short_where_that_is_stated(tmp_path: Path, form: str, cell: str, day: str) -> None:
    assert _days(tmp_path / "data", [cell, "2026-01-05"], f'"{form}"') == {cell: day, "2026-01-05": "2026-01-05"}


def test_a_year_of_two_digits_is_not_the_year_26(tmp_path: Path) -> None:
    assert _days(tmp_path / "data", ["31/10/26", "31/10/2026"], '"%d/%m/%Y"') == {"31/10/2026": "2026-10-31"}


def test_days_that_no_calendar_has_are_set_aside(tmp_path: Path) -> None:
    none = [
        "2026-02-30",
        "2026-13-01",
        "2025-02-29",
        "0000-00-00",
        "2026-00-10",
        "1900-01-01",
        "1899-12-30",
        "9999-12-31",
        "0001-01-01",
    ]
    assert _days(tmp_path / "data", [*none, "2024-02-29"]) == {"2024-02-29": "2024-02-29"}


@pytest.mark.parametrize("form", ["", '"%d/%m/%Y"'])
def test_a_customer_who_leaves_at_the_end_of_time_has_not_left(tmp_path: Path, form: str) -> None:
    never = "31/12/9999" if form else "9999-12-31"
    text = f"customer_id,joined_on,left_on\nA1,2026-01-05,{never}\nA2,2026-01-05,2026-02-01\n"
    care = taken(tmp_path / "data", {"customers": text, **({"care": f"[customers]\ndates = {form}\n"} if form else {})})
    assert counts(care) == (2, 2, 0)
    assert [one[1] is None for one in used(care, "customers", "customer_id", "left_on")] == [True, False]
    assert faults(care, aside=False) == [("left_on", "lies after the year 2199: read as not over yet", (2,))]


def test_what_happens_after_the_data_end_is_set_aside(tmp_path: Path) -> None:
    text = "transaction_id,occurred_at\nT1,2026-10-31 23:59:59\nT2,2026-11-01\nT3,2062-10-31\n"
    care = taken(tmp_path / "data", {"transactions": text}, as_of="2026-10-31")
    assert counts(care, "transactions") == (3, 1, 2)
    assert faults(care) == [("occurred_at", "lies after as_of", (3, 4))]


def test_what_ends_before_it_began_loses_its_end_and_only_a_persons_row_is_excluded(tmp_path: Path) -> None:
    files = {
        "customers": "customer_id,joined_on,left_on\nA1,2026-02-05,2026-01-05\nA2,2026-02-05,2026-02-05\n",
        "contacts": "contact_id,opened_at,first_reply_at,resolved_at\n"
        "C1,2026-02-05 09:00,2026-02-05 08:59,\nC2,2026-02-05 09:00,,2026-02-04\n"
        "C3,2026-02-05 09:00,2026-02-05 09:00,2026-02-05 09:00\n",
        "staff": "agent,from,until\nLan,2026-02-05,2026-01-01\nMinh,2026-01-01,2026-02-05\n",
    }
    care = taken(tmp_path / "data", files)
    assert [counts(care, name)[2] for name in ("customers", "contacts", "staff")] == [0, 0, 1]
    assert {reason for _, reason, _ in faults(care)} == {"lies before from"}
    assert sorted((column, lines) for column, _, lines in faults(care, aside=False)) == [
        ("first_reply_at", (2,)), ("left_on", (2,)), ("resolved_at", (3,)),
    ]  # fmt: skip


def test_moments_with_and_without_a_zone_stand_by_one_clock(tmp_path: Path) -> None:
    text = (
        "transaction_id,occurred_at\nT1,2026-01-31T18:30:00Z\nT2,2026-02-01 01:30\nT3,2026-01-31T20:30:00+02:00\n"
        "T4,2026-01-31 12:30:00-06:00\n"
    )
    care = taken(tmp_path / "data", {"transactions": text})
    assert {str(one) for _, one in used(care, "transactions", "transaction_id", "occurred_at")} == {
        "2026-02-01 01:30:00"
    }


def test_a_table_of_another_zone_is_moved_where_that_is_stated(tmp_path: Path) -> None:
    text = "transaction_id,occurred_at\nT1,2026-01-31 18:30\n"
    care = taken(tmp_path / "data", {"transactions": text, "care": '[transactions]\ntimezone = "UTC"\n'})
    assert str(used(care, "transactions", "occurred_at")[0]) == "2026-02-01 01:30:00"


@pytest.mark.parametrize("words", ["SA CH", "AM PM", "sa ch"])
def test_the_half_of_the_day_is_read_in_both_languages(tmp_path: Path, words: str) -> None:
    morning, evening = words.split()
    times = [f"2:30 {evening}", f"02:30 {morning}", f"12:00 {morning}", f"13:00 {evening}"]
    rows = "".join(f"T{n},31/10/2026 {time}\n" for n, time in enumerate(times))
    care = taken(
        tmp_path / "data",
        {
            "transactions": f"transaction_id,occurred_at\n{rows}",
            "care": '[transactions]\ndates = "%d/%m/%Y %I:%M %p"\n',
        },
    )
    assert [str(one)[11:16] for _, one in used(care, "transactions", "transaction_id", "occurred_at")] == [
        "14:30",
        "02:30",
        "00:00",
    ]
    assert counts(care, "transactions") == (4, 3, 1)


def test_each_column_may_be_written_in_a_form_of_its_own(tmp_path: Path) -> None:
    care = taken(
        tmp_path / "data",
        {
            "customers": "customer_id,joined_on,left_on\nA1,03/04/2026,46326\nA2,13/04/2026,31/10/2026\n",
            "care": '[customers]\ndates = { joined_on = "%d/%m/%Y", left_on = ["%d/%m/%Y", "excel"] }\n',
        },
    )
    assert [(str(a), str(b)) for a, b in used(care, "customers", "joined_on", "left_on")] == [
        ("2026-04-03", "2026-10-31"), ("2026-04-13", "2026-10-31"),
    ]  # fmt: skip


def test_a_form_that_says_no_day_is_refused(tmp_path: Path) -> None:
    for form in ("%H:%M", "dd/mm/yyyy", "%d/%m", ""):
        said = refused(
            tmp_path / form.replace("/", "_"),
            {"customers": f"{HEAD}A1,x\n", "care": f'[customers]\ndates = "{form}"\n'},
        )
        assert said.startswith("care.toml [customers]: dates")
