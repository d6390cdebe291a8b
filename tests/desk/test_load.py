"""Contacts by weekday and hour: which weeks count, what lies within staffed hours, and what it takes to answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest
from companies import demo, table
from hypothesis import given, settings
from hypothesis import strategies as st

import carestudy as cs
from carestudy import desk
from carestudy.contract import Missing
from carestudy.desk.staffed_hours import staffed_hours, staffed_share
from carestudy.hours import WEEKDAYS

OFFICE = {"mon-fri": ["08:00-12:00", "13:00-17:30"]}


def asked(*rows: Sequence[Any], columns: str = "", as_of: str = "2026-10-31", **tables: pd.DataFrame) -> Any:
    """A company with contacts as (opened_at, further columns ...)."""
    return cs.load({"contacts": table(f"opened_at {columns}", *rows), **tables}, as_of=as_of)


def cell(frame: pd.DataFrame, weekday: str, hour: int) -> Any:
    (found,) = frame[(frame["weekday"] == weekday) & (frame["hour"] == hour)].to_dict("records")
    return found


def test_every_hour_of_the_week_is_there_and_parts_make_the_whole() -> None:
    care = asked(("2026-10-05 09:10",), ("2026-10-05 09:59",), ("2026-10-12 09:00",), ("2026-10-13 10:00",))
    frame = desk.load(care, period="2026-10")
    assert len(frame) == 7 * 24
    assert frame["contacts"].sum() == 4
    assert frame["share"].sum() == pytest.approx(1)
    assert cell(frame, "mon", 9)["contacts"] == 3


def test_the_mean_is_over_the_weeks_that_the_data_cover() -> None:
    # Contacts begin on Monday 5 October; the Mondays up to the end of the month are 5, 12, 19 and 26.
    care = asked(("2026-10-05 09:10",), ("2026-10-05 09:59",), ("2026-10-12 09:00",))
    monday, thursday = (cell(desk.load(care, period="2026-10"), day, 9) for day in ("mon", "thu"))
    assert (monday["n"], monday["value"]) == (4, 0.75)
    assert (thursday["n"], thursday["value"]) == (4, 0)


def test_a_month_that_is_not_over_counts_the_days_it_has() -> None:
    care = asked(("2026-10-01 09:00",), ("2026-10-08 09:00",), as_of="2026-10-08T12:00")
    assert cell(desk.load(care, period="2026-10"), "thu", 9)["n"] == 1  # the 8th is not over
    assert cell(desk.load(care, period="2026-10"), "fri", 9)["n"] == 1


def test_without_a_period_the_last_twelve_months_count() -> None:
    care = asked(("2025-10-20 09:00",), ("2026-10-19 09:00",))
    frame = desk.load(care)
    assert frame["period"].unique().tolist() == ["2025-11-01..2026-10-31"]
    assert frame["contacts"].sum() == 1
    assert cell(frame, "mon", 9)["n"] == 52


def test_a_holiday_is_left_alone() -> None:
    days = [f"2026-02-{day:02} 09:00" for day in (3, 10, 24)]  # no contact on the 17th, the first of Tết
    care = asked(*[(day,) for day in days], as_of="2026-02-28")
    assert (cell(desk.load(care, period="2026-02"), "tue", 9)["n"]) == 4


def test_what_the_company_begins_is_no_load() -> None:
    rows = [("2026-10-05 09:00", "inbound"), ("2026-10-05 09:00", "outbound"), ("2026-10-05 09:00", None)]
    assert desk.load(asked(*rows, columns="direction"), period="2026-10")["contacts"].sum() == 2


def test_one_week_has_no_interval_and_more_weeks_a_narrower_one() -> None:
    rows = [
        (f"2026-{month:02}-{day:02} 09:{minute:02}",)
        for month in (8, 9, 10)
        for day in range(1, 29)
        for minute in range(3)
    ]
    care = asked(*rows)
    one = cell(desk.load(care, period="2026-W40"), "thu", 9)
    month, quarter = (cell(desk.load(care, period=period), "thu", 9) for period in ("2026-10", "2026-Q3"))
    assert one["n"] == 1
    assert pd.isna(one["low"])
    assert pd.isna(one["high"])
    for found in (month, quarter):
        assert found["low"] < found["value"] < found["high"]
    assert quarter["high"] - quarter["low"] < month["high"] - month["low"]


def test_weeks_that_differ_more_than_chance_widen_the_interval() -> None:
    def company(counts: list[int]) -> Any:
        days = ("2026-10-01", "2026-10-08", "2026-10-15", "2026-10-22", "2026-10-29")
        rows = [(f"{day} 09:{k:02}",) for day, many in zip(days, counts, strict=True) for k in range(many)]
        return cell(desk.load(asked(*rows), period="2026-10"), "thu", 9)

    calm, wild = company([6, 6, 6, 6, 6]), company([2, 2, 20, 3, 3])
    assert calm["value"] == wild["value"] == 6
    # Garwood's interval of a Poisson count of 30: 20.24 to 42.83.
    assert (calm["low"] * 5, calm["high"] * 5) == pytest.approx((20.24, 42.83), abs=0.005)
    assert wild["high"] > calm["high"]
    assert wild["low"] == 0


def test_groups_each_have_a_whole_week_and_the_nameless_are_one() -> None:
    rows = [("2026-10-05 09:00", "phone"), ("2026-10-06 10:00", None), ("2026-10-05 09:00", "chat")]
    frame = desk.load(asked(*rows, columns="channel"), period="2026-10", by="channel")
    assert frame.groupby("channel", dropna=False).size().tolist() == [168, 168, 168]
    assert frame.groupby("channel", dropna=False)["share"].sum().tolist() == [1, 1, 1]


def test_staffed_hours_are_known_to_the_minute() -> None:
    care = asked(
        ("2026-10-05 07:59",), ("2026-10-05 08:00",), ("2026-10-05 12:00",), ("2026-10-05 17:29",),
        ("2026-10-05 17:30",), ("2026-10-10 09:00",),
    )  # fmt: skip
    found = desk.coverage(care, hours=OFFICE, period="2026-10").iloc[0]
    assert (found["numerator"], found["denominator"]) == (2, 6)
    frame = desk.load(care, hours=OFFICE, period="2026-10")
    assert cell(frame, "mon", 17)["staffed"] == 0.5
    assert cell(frame, "mon", 12)["staffed"] == 0
    assert cell(frame, "sat", 9)["staffed"] == 0


def test_without_hours_nothing_is_said_of_them() -> None:
    care = asked(("2026-10-05 09:00",))
    assert desk.load(care, period="2026-10")["staffed"].isna().all()
    with pytest.raises(Missing, match="coverage needs to know when the company is open"):
        desk.coverage(care)


def test_hours_given_take_the_place_of_those_of_care_toml() -> None:
    care = cs.load({"contacts": pd.DataFrame({"opened_at": ["2026-10-05T09:00"]})}, hours=OFFICE)
    assert staffed_hours(care, {"mon": ["10:00-11:00"]}) == {
        day: [(600, 660)] if day == "mon" else [] for day in WEEKDAYS
    }


def test_a_night_shift_runs_into_the_next_day() -> None:
    care = asked(("2026-10-04 23:00",), ("2026-10-05 05:59",), ("2026-10-05 06:00",), ("2026-10-05 23:00",))
    found = desk.coverage(care, hours={"sun": ["22:00-06:00"]}, period="2026-10").iloc[0]
    assert (found["numerator"], found["denominator"]) == (2, 4)


def test_shifts_that_overlap_staff_an_hour_once() -> None:
    there = staffed_hours(demo(), {"mon": ["08:00-12:00", "11:00-12:30"]})
    assert there is not None
    assert [staffed_share(there, "mon", hour) for hour in (7, 11, 12, 13)] == [0, 1, 0.5, 0]


@pytest.mark.parametrize(
    "hours",
    [{"monday": ["08:00-17:00"]}, {"mon": ["8h-17h"]}, {"mon": "08:00-17:00"}, {"mon": ["08:00-25:00"]},
     {"mon": [("08:00", "17:00")]}],
)  # fmt: skip
def test_hours_that_cannot_be_read_are_refused_as_those_of_care_toml(hours: Any) -> None:
    with pytest.raises(cs.CareError, match=r"such as hours = \{ mon-fri"):
        desk.coverage(demo(), hours=hours)


def test_inside_and_outside_make_the_load() -> None:
    frame, found = desk.load(demo(), period="2026-10"), desk.coverage(demo(), hours=OFFICE, period="2026-10").iloc[0]
    assert frame["contacts"].sum() == found["denominator"]
    assert 0.5 < found["low"] < found["value"] < found["high"] < 0.9


def test_staffing_is_ready_for_most_weeks_and_not_for_all() -> None:
    days = ("2026-10-01", "2026-10-08", "2026-10-15", "2026-10-22", "2026-10-29")
    rows = [(f"{day} 09:{k:02}",) for day, many in zip(days, (1, 2, 3, 4, 40), strict=True) for k in range(many)]
    care = asked(*rows)
    most, median = (
        cell(desk.staffing(care, handling_minutes=6, weeks=share, period="2026-10"), "thu", 9) for share in (0.8, 0.5)
    )
    assert (most["value"], median["value"], most["n"]) == (4, 3, 5)
    needed = desk.agents_needed(4, 6)
    assert (most["agents"], most["with_shrinkage"]) == (needed.agents, needed.with_shrinkage)
    assert most["service_level"] == needed.queue.service_level >= 0.8


def test_staffing_keeps_to_the_promise_it_is_given() -> None:
    frames = [
        desk.staffing(demo(), handling_minutes=20, period="2026-10", **promise)
        for promise in ({}, {"promise": 0.95}, {"patience_minutes": 2}, {"shrinkage": 0.5})
    ]
    usual, strict, leaving, shrunk = (frame["agents"].sum() for frame in frames)
    assert leaving < usual < strict
    assert shrunk == usual
    assert frames[3]["with_shrinkage"].sum() > frames[0]["with_shrinkage"].sum()
    assert all((frame["service_level"] >= frame["promise"]).all() for frame in frames)


def test_staffing_by_group_is_that_of_each_group_alone() -> None:
    both = desk.staffing(demo(), handling_minutes=6, period="2026-10", by="channel")
    alone = desk.staffing(demo(), handling_minutes=6, period="2026-10", channel="Chat")
    mine = both[both["channel"] == "Chat"].drop(columns="channel").reset_index(drop=True)
    pd.testing.assert_frame_equal(mine, alone)


def test_staffing_refuses_what_makes_no_sense() -> None:
    with pytest.raises(cs.CareError, match="weeks is a share"):
        desk.staffing(demo(), handling_minutes=6, weeks=80)
    with pytest.raises(cs.CareError, match="promise is a share"):
        desk.staffing(demo(), handling_minutes=6, promise=80)
    with pytest.raises(cs.CareError, match="handling_minutes"):
        desk.staffing(demo(), handling_minutes=0)


def test_a_period_without_any_week_has_no_cells_to_staff() -> None:
    care = asked(("2026-10-05 09:00",), as_of="2026-10-05T12:00")
    assert desk.load(care, period="2026-10")["n"].eq(0).all()
    with pytest.raises(cs.CareError, match="no whole days"):
        desk.staffing(care, handling_minutes=6, period="2026-10")


def test_the_missing_table_is_named() -> None:
    bare = replace(demo(), tables={"goals": demo().table("goals")})
    with pytest.raises(cs.CareError, match="needs table 'contacts'"):
        desk.load(bare)


@settings(max_examples=20)
@given(st.lists(st.tuples(st.integers(1, 28), st.integers(0, 23), st.integers(0, 59)), min_size=1, max_size=40))
def test_no_contact_is_lost_whenever_it_comes(moments: list[tuple[int, int, int]]) -> None:
    rows = [(f"2026-10-{day:02} {hour:02}:{minute:02}",) for day, hour, minute in moments]
    frame = desk.load(asked(*rows), period="2026-10")
    assert frame["contacts"].sum() == len(rows)
    known = frame[frame["low"].notna()]
    assert ((known["low"] <= known["value"]) & (known["value"] <= known["high"])).all()


def test_the_hours_of_care_toml_hold_where_none_are_given() -> None:
    written = {"mon-fri": ["08:00-12:00", "13:00-17:30"], "sat": ["22:00-06:00"]}
    contacts = pd.DataFrame({"contact_id": ["1"], "opened_at": ["2026-10-05T09:00"]})
    found = staffed_hours(cs.load({"contacts": contacts}, hours=written), None)
    assert found is not None
    assert found["fri"] == [(480, 720), (780, 1050)]
    assert (found["sat"], found["sun"]) == ([(1320, 1440)], [(0, 360)])
