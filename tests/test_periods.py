"""Periods are named by text, half-open, and never guessed."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carestudy.contract import CareError
from carestudy.periods import UNITS, Period, months_later

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
days = st.dates(date(1950, 1, 1), date(2150, 12, 31))
units = st.sampled_from(UNITS)


@pytest.mark.parametrize(
    ("text", "start", "end", "unit"),
    [
        ("2026-10", date(2026, 10, 1), date(2026, 11, 1), "month"),
        ("2026-12", date(2026, 12, 1), date(2027, 1, 1), "month"),
        ("2026-Q1", date(2026, 1, 1), date(2026, 4, 1), "quarter"),
        ("2026-Q4", date(2026, 10, 1), date(2027, 1, 1), "quarter"),
        ("2026-W41", date(2026, 10, 5), date(2026, 10, 12), "week"),
        ("2026-W01", date(2025, 12, 29), date(2026, 1, 5), "week"),
        ("2026-W53", date(2026, 12, 28), date(2027, 1, 4), "week"),
        ("2026", date(2026, 1, 1), date(2027, 1, 1), "year"),
        ("2025-11..2026-10", date(2025, 11, 1), date(2026, 11, 1), None),
    ],
)
def test_a_period_is_half_open(text: str, start: date, end: date, unit: str | None) -> None:
    period = Period.parse(text)
    assert (period.text, period.start, period.end, period.unit) == (text, start, end, unit)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("2026-q3", "2026-Q3"),
        ("2026-w41", "2026-W41"),
        (" 2026-10\n", "2026-10"),
        ("2026-q1..2026-q2", "2026-Q1..2026-Q2"),
    ],
)
def test_small_letters_and_spaces_around_do_not_matter(text: str, named: str) -> None:
    assert Period.parse(text).text == named


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "10-2026", "2026-1", "2026-13", "2026-00", "2026-Q0", "2026-Q5", "2026-W00", "2026-W54", "2025-W53",
        "2026-10-31", "26-10", "2026 - 10", "２０２６-10", "0000", "0001-01", "9999", "9999-12", "9999-W52", "last",
        "last-", "last-day", "next-month", "2026-10..", "..2026-10", "..", "2026-10..2026-09", "2026-10..2026-Q4",
        "2026-01..2026-02..2026-03", "..".join(["2026"] * 5000),
    ],
)  # fmt: skip
def test_what_is_no_period_is_refused_with_a_hint(text: str) -> None:
    with pytest.raises(CareError, match=r"is no period|is no span|lies outside the years"):
        Period.parse(text, as_of=date(2026, 10, 31))


@pytest.mark.parametrize("number", [2026 - 10, 2026, 202610, 2026.1, True, None, date(2026, 10, 1), ["2026-10"]])
def test_what_is_no_text_is_refused_with_a_hint(number: object) -> None:
    with pytest.raises(CareError, match='write it as text: "2026-10"'):
        Period.parse(number)


@pytest.mark.parametrize(
    ("as_of", "week", "month", "quarter", "year"),
    [
        # A day means its end, so its month may be over.
        (date(2026, 10, 31), "2026-W43", "2026-10", "2026-Q3", "2025"),
        (date(2026, 10, 30), "2026-W43", "2026-09", "2026-Q3", "2025"),
        (date(2026, 12, 31), "2026-W52", "2026-12", "2026-Q4", "2026"),
        # A moment means itself: midnight ends the day before.
        (datetime(2026, 11, 1, tzinfo=HANOI), "2026-W43", "2026-10", "2026-Q3", "2025"),
        (datetime(2026, 10, 31, 23, 59, tzinfo=HANOI), "2026-W43", "2026-09", "2026-Q3", "2025"),
        (datetime(2026, 11, 2, tzinfo=HANOI), "2026-W44", "2026-10", "2026-Q3", "2025"),
        (datetime(2027, 1, 1, tzinfo=HANOI), "2026-W52", "2026-12", "2026-Q4", "2026"),
        (datetime(2024, 3, 1), "2024-W08", "2024-02", "2023-Q4", "2023"),  # noqa: DTZ001
    ],
)
def test_the_last_period_is_the_last_whole_one(
    as_of: date | datetime, week: str, month: str, quarter: str, year: str
) -> None:
    found = [Period.parse(f"last-{unit}", as_of=as_of).text for unit in UNITS]
    assert found == [week, month, quarter, year]


def test_the_last_period_needs_to_know_when() -> None:
    with pytest.raises(CareError, match="give as_of"):
        Period.parse("last-month")


@pytest.mark.parametrize(
    ("end", "months", "start"),
    [
        (date(2026, 11, 1), 12, date(2025, 11, 1)),
        (date(2024, 2, 29), 12, date(2023, 2, 28)),
        (date(2025, 2, 28), 12, date(2024, 2, 28)),
        (date(2024, 3, 1), 12, date(2023, 3, 1)),
        (date(2026, 3, 31), 1, date(2026, 2, 28)),
        (date(2024, 3, 31), 1, date(2024, 2, 29)),
        (date(2026, 1, 31), 3, date(2025, 10, 31)),
        (datetime(2026, 11, 1, 18, tzinfo=HANOI), 12, date(2025, 11, 1)),
    ],
)
def test_the_months_before_a_day_end_with_it(end: date, months: int, start: date) -> None:
    period = Period.until(end, months)
    last = period.end - timedelta(days=1)
    assert (period.start, period.text) == (start, f"{start}..{last}")


def test_a_span_has_no_period_before_it() -> None:
    with pytest.raises(CareError, match="no period before it"):
        Period.until(date(2026, 11, 1)).before()


def test_the_year_of_a_period_ends_with_it() -> None:
    assert Period.parse("2026-10").year().text == "2025-11..2026-10"
    assert Period.parse("2026-Q3").year().text == "2025-10..2026-09"


def test_a_year_ago_is_the_same_month_or_52_weeks_earlier() -> None:
    assert Period.parse("2026-02").year_ago().text == "2025-02"
    assert Period.parse("2026-Q3").year_ago().text == "2025-Q3"
    assert Period.parse("2026").year_ago().text == "2025"
    assert Period.parse("2026-W41").year_ago().text == "2025-W41"
    assert Period.parse("2026-W53").year_ago().text == "2026-W01"  # 2025 has no week 53


def test_a_run_ends_with_its_period() -> None:
    assert [one.text for one in Period.parse("2026-02").run(4)] == ["2025-11", "2025-12", "2026-01", "2026-02"]


@pytest.mark.parametrize("last", [0, -1])
def test_a_run_of_nothing_is_refused(last: int) -> None:
    with pytest.raises(CareError, match="one period or more"):
        Period.parse("2026-02").run(last)


def test_a_month_splits_into_the_weeks_that_start_in_it() -> None:
    assert [one.text for one in Period.parse("2026-10").split("week")] == [
        "2026-W41",
        "2026-W42",
        "2026-W43",
        "2026-W44",
    ]


def test_a_short_span_may_hold_no_start_of_a_month() -> None:
    span = Period("2026-10-06..2026-10-10", date(2026, 10, 6), date(2026, 10, 11))
    assert span.split("month") == []


def test_only_days_weeks_months_quarters_and_years_are_known() -> None:
    with pytest.raises(CareError, match="choose one of day, week, month, quarter, year"):
        Period.parse("2026").split("hour")


def test_a_week_has_seven_days_each_named_by_its_date() -> None:
    named = [day.text for day in Period.parse("2026-W01").split("day")]
    assert named == [f"2025-12-{day}" for day in (29, 30, 31)] + [f"2026-01-0{day}" for day in range(1, 5)]


@given(days, units)
def test_the_period_that_holds_a_day_holds_it(day: date, unit: str) -> None:
    period = Period.holding(day, unit)
    assert period.start <= day < period.end
    assert Period.parse(period.text) == period


@given(days, units)
def test_before_and_after_undo_each_other(day: date, unit: str) -> None:
    period = Period.holding(day, unit)
    assert period.before().after() == period == period.after().before()
    assert period.before().end == period.start
    assert period.after().start == period.end


@given(days, st.sampled_from([("year", "quarter"), ("year", "month"), ("quarter", "month")]))
def test_a_split_covers_its_period_without_gap(day: date, pair: tuple[str, str]) -> None:
    whole, parts = Period.holding(day, pair[0]), Period.holding(day, pair[0]).split(pair[1])
    assert (parts[0].start, parts[-1].end) == (whole.start, whole.end)
    assert all(one.end == following.start for one, following in pairwise(parts))


@given(days, units, st.integers(1, 40))
def test_a_run_has_no_gap(day: date, unit: str, last: int) -> None:
    run = Period.holding(day, unit).run(last)
    assert len(run) == last
    assert all(one.end == following.start for one, following in pairwise(run))


@given(days, units)
def test_weeks_and_months_of_a_longer_time_fall_into_one_part_each(day: date, unit: str) -> None:
    year = Period.holding(day, "year")
    assert all(year.start <= one.start < year.end for one in year.split(unit))


@given(st.dates(date(1950, 1, 1), date(2150, 12, 31)), st.integers(1, 60))
def test_months_before_a_day_are_as_many_as_asked(end: date, months: int) -> None:
    period = Period.until(end, months)
    assert months_later(period.start, months) == end.replace(day=1)
    assert period.start.day <= end.day


@given(st.text(max_size=12) | st.from_regex(r"[0-9]{4}-?[QWqw]?[0-9]{0,2}", fullmatch=True))
def test_any_text_is_a_period_or_one_clear_error(text: str) -> None:
    try:
        period = Period.parse(text, as_of=date(2026, 10, 31))
    except CareError as problem:
        assert "\n" not in str(problem)  # noqa: PT017
    else:
        assert period.start < period.end
