"""Columns of moments that hold days without hours: how they are recognised, and which figures they still allow."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from companies import table

import carestudy as cs
from carestudy import desk, kpi
from carestudy.contract import CareError, Missing, Premise

OFFICE = {"mon-fri": ["08:00-17:30"]}


def contacts(opened: list[Any], replied: list[Any]) -> Any:
    """A company with these contacts, known up to the end of October 2026."""
    return cs.load(
        {"contacts": table("opened_at first_reply_at", *zip(opened, replied, strict=True))}, as_of="2026-10-31"
    )


def days(care: Any) -> set[str]:
    return {column for name, column in care.days_only if name == "contacts"}


@pytest.mark.parametrize(("opened", "expected"), [
    (["2026-10-05", "2026-10-06", "2026-10-07"], {"opened_at"}),
    (["2026-10-05"], {"opened_at"}),
    (["2026-10-05 00:00", "2026-10-06 00:00:00", "2026-10-07T00:00"], {"opened_at"}),
    (["2026-10-05 00:00"], set()),
    (["2026-10-05 08:00", "2026-10-06", "2026-10-07"], set()),
    (["2026-10-05 08:00", "2026-10-06 09:30", "2026-10-07 00:00"], set()),
])  # fmt: skip
def test_texts_without_a_clock_are_days(opened: list[str], expected: set[str]) -> None:
    assert days(contacts(opened, [None] * len(opened))) == expected


def test_a_column_in_which_many_cells_have_no_hour_is_one_of_days() -> None:
    clocks = [f"2026-10-05 {hour:02}:17" for hour in range(24)]
    assert days(contacts([*clocks, *["2026-10-06"] * 6], [None] * 30)) == {"opened_at"}
    assert days(contacts([*clocks, *["2026-10-06"] * 5], [None] * 29)) == set()
    assert days(contacts([*clocks, *clocks, *["2026-10-06"] * 11], [None] * 59)) == set()


def test_stated_forms_of_days_are_days(tmp_path: Path) -> None:
    (tmp_path / "phieu.csv").write_text("Mã,Ngày mở\nP1,05/10/2026\nP2,31/10/2026\n", "utf-8")
    said = '[contacts]\nsource = "phieu.csv"\ncolumns = { contact_id = "Mã", opened_at = "Ngày mở" }\n'
    (tmp_path / "care.toml").write_text(said + 'dates = "%d/%m/%Y"\n', "utf-8")
    assert days(cs.load(tmp_path)) == {"opened_at"}


def test_typed_days_are_days_and_few_typed_moments_are_not() -> None:
    typed = pd.to_datetime(["2026-10-05", "2026-10-06"])
    assert days(cs.load({"contacts": pd.DataFrame({"opened_at": typed.date})})) == {"opened_at"}
    assert days(cs.load({"contacts": pd.DataFrame({"opened_at": typed})})) == set()
    many = pd.date_range("2026-10-05", periods=5)
    assert days(cs.load({"contacts": pd.DataFrame({"opened_at": many})})) == {"opened_at"}


def test_large_parquet_that_stays_in_its_files_is_looked_at_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_module("carestudy.load.sources"), "IN_PLACE", 2)
    opened = pa.array(pd.date_range("2026-10-05 09:30", periods=4))
    replied = pa.array(pd.date_range("2026-10-05", periods=4).date)
    pq.write_table(pa.table({"opened_at": opened, "first_reply_at": replied}), tmp_path / "contacts.parquet")
    care = cs.load(tmp_path)
    assert days(care) == {"first_reply_at"}
    assert care.counts[0].used == 4
    assert kpi.first_response_time(care)["value"].item() == 0


def test_times_between_days_are_whole_days() -> None:
    opened = ["2026-10-05"] * 5
    care = contacts(opened, ["2026-10-05", "2026-10-06", "2026-10-07", "2026-10-09", "2026-10-12"])
    found = kpi.first_response_time(care).iloc[0]
    assert (found["value"], found["n"]) == (2 * 24, 5)
    assert found["note"] == "in whole days: the data tell no hours"


def test_a_reply_on_the_day_of_the_question_took_no_days() -> None:
    care = contacts([f"2026-10-{day:02}" for day in range(1, 20)], [f"2026-10-{day:02}" for day in range(1, 20)])
    assert kpi.first_response_time(care)["value"].item() == 0


def test_a_day_beside_moments_counts_as_days_and_does_not_lie_before_them() -> None:
    opened = ["2026-10-05 09:30", "2026-10-05 16:00", "2026-10-06 23:59"]
    care = contacts(opened, ["2026-10-05", "2026-10-06", "2026-10-08"])
    assert care.counts[0].set_aside == 0
    found = kpi.first_response_time(care).iloc[0]
    assert (found["value"], found["numerator"]) == (24, 3)


def test_a_day_before_that_of_the_opening_is_left_empty() -> None:
    opened = ["2026-10-05 09:30", "2026-10-06 16:00", "2026-10-06 23:59"]
    care = contacts(opened, ["2026-10-05", "2026-10-05", "2026-10-08"])
    assert care.faults["rows"].tolist() == [1]
    assert care.faults["reason"].tolist() == ["lies before opened_at: left empty"]
    assert kpi.first_response_time(care)["n"].item() == 2


def test_open_cases_have_lasted_up_to_the_last_known_day() -> None:
    care = contacts(["2026-10-29", "2026-10-30", "2026-10-31"], [None] * 3)
    from carestudy.measure.lasting import tally

    assert tally(care, kpi.first_response_time, [], [])["duration"].tolist() == [0, 1440, 2880]


@pytest.mark.parametrize("ask", [
    lambda care: kpi.service_level(care, within=4),
    lambda care: kpi.first_response_time(care, clock="business"),
    lambda care: desk.load(care),
    lambda care: desk.coverage(care, hours=OFFICE),
    lambda care: desk.staffing(care, handling_minutes=5),
])  # fmt: skip
def test_what_needs_the_hour_is_refused_with_its_premise(ask: Any) -> None:
    care = contacts([f"2026-10-{day:02}" for day in range(1, 9)], [f"2026-10-{day:02}" for day in range(1, 9)])
    with pytest.raises(Premise, match="has days without hours: it cannot be told to the hour") as refused:
        ask(care)
    assert isinstance(refused.value, Missing)
    assert str(refused.value).startswith(refused.value.asked_by)


def test_hours_are_refused_only_where_they_are_needed() -> None:
    opened = [f"2026-10-{day:02} 09:30" for day in range(1, 9)]
    care = contacts(opened, [f"2026-10-{day:02}" for day in range(1, 9)])
    assert desk.load(care, period="2026-10")["contacts"].sum() == 8
    with pytest.raises(CareError, match="first_reply_at has days"):
        kpi.service_level(care, within=4)


def test_the_whole_day_holds_for_a_group_of_the_company() -> None:
    rows = table(
        "opened_at first_reply_at team", *[(f"2026-10-{day:02}", f"2026-10-{day:02}", "A") for day in range(1, 9)]
    )
    assert days(cs.load({"contacts": rows}, only="team=A")) == {"opened_at", "first_reply_at"}
