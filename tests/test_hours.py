"""Business hours against a slow clock that looks at every minute."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carestudy import engine
from carestudy.contract import CareError
from carestudy.hours import WEEKDAYS, Hours
from carestudy.measure.clock import business_days, with_minutes

OFFICE = {"mon-fri": ["08:00-12:00", "13:00-17:30"], "sat": ["08:00-12:00"]}
TET = "2026-02-16..2026-02-22"
FIRST, DAYS = datetime.fromisoformat("2026-02-09"), 21
MINUTE = timedelta(minutes=1)


def minutes(hours: Hours, *spans: tuple[datetime, datetime]) -> list[int]:
    """Business minutes between moments, as a figure computes them."""
    table = engine.small_table(pd.DataFrame(spans, columns=["opened", "closed"]).assign(place=range(len(spans))))
    first, last = (pick(one.date() for span in spans for one in span) for pick in (min, max))
    found = with_minutes(table, "lasted", "opened", "closed", business_days(hours, first, last))
    return found.order_by("place")["lasted"].to_pyarrow().to_pylist()


def at(moment: str) -> datetime:
    """A month, day and time of 2026 on the company's clock."""
    return datetime.fromisoformat(f"2026-{moment}")


def slow_minutes(hours: Hours, start: datetime, end: datetime) -> int:
    """The same by looking at every minute, and for each at every shift that may hold it."""
    counted, moment = 0, start
    while moment < end:
        counted += any(_works(hours, moment, moment.date() - timedelta(days=back)) for back in (0, 1))
        moment += MINUTE
    return counted


def _works(hours: Hours, moment: datetime, begun: date) -> bool:
    """Whether a shift that began on a day holds a moment."""
    if begun in hours.extra:
        shifts = next(shifts for shifts in hours.week if shifts)
    else:
        shifts = () if begun in hours.closed else hours.week[begun.weekday()]
    midnight = datetime.combine(begun, datetime.min.time())
    return any(midnight + start * MINUTE <= moment < midnight + end * MINUTE for start, end in shifts)


def clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


spans_of_a_day = st.tuples(st.integers(0, 1439), st.integers(0, 1439)).filter(lambda span: span[0] != span[1])
weeks = st.dictionaries(
    st.sampled_from(WEEKDAYS),
    st.lists(spans_of_a_day.map(lambda span: f"{clock(span[0])}-{clock(span[1])}"), min_size=1, max_size=3),
    min_size=1,
)
days = st.lists(st.integers(0, DAYS - 1).map(lambda day: str((FIRST + timedelta(days=day)).date())), max_size=4)
moments = st.integers(0, DAYS * 24 * 60 - 1).map(lambda minute: FIRST + minute * MINUTE)


@settings(max_examples=40)
@given(weeks, days, days, st.tuples(moments, moments).map(sorted))
def test_business_minutes_are_those_that_a_slow_clock_counts(week, closed, extra, span) -> None:  # type: ignore[no-untyped-def]
    hours = Hours.of(week, closed, extra)
    assert minutes(hours, tuple(span)) == [slow_minutes(hours, *span)]


@given(weeks, days, days, st.lists(moments, min_size=3, max_size=3).map(sorted))
@settings(max_examples=20)
def test_business_minutes_add_up(week, closed, extra, three) -> None:  # type: ignore[no-untyped-def]
    first, middle, last = three
    whole, *parts = minutes(Hours.of(week, closed, extra), (first, last), (first, middle), (middle, last))
    assert whole == sum(parts)


def test_nights_lunch_weekends_and_tet_do_not_count() -> None:
    hours = Hours.of(OFFICE, [TET])
    spans = {
        (at("02-10 11:30"), at("02-10 13:30")): 60,
        (at("02-10 17:00"), at("02-11 08:15")): 45,
        (at("02-13 17:00"), at("02-23 09:00")): 30 + 240 + 60,
        (at("02-17 09:00"), at("02-17 10:00")): 0,
    }
    assert minutes(hours, *spans) == list(spans.values())


def test_a_night_shift_belongs_to_the_evening_on_which_it_begins() -> None:
    night = Hours.of({"fri": ["22:00-06:00"]}, ["2026-02-14"])
    assert night.open_on(date(2026, 2, 13)) == ((22 * 60, 24 * 60),)
    assert night.open_on(date(2026, 2, 14)) == ((0, 6 * 60),)
    assert Hours.of({"fri": ["22:00-06:00"]}, ["2026-02-13"]).open_on(date(2026, 2, 14)) == ()


def test_a_make_up_day_is_worked_like_a_weekday_even_if_it_is_a_holiday() -> None:
    saturday = date(2026, 2, 28)
    for closed in ([], [str(saturday)]):
        assert Hours.of(OFFICE, closed, [saturday]).open_on(saturday) == ((480, 720), (780, 1050))


def test_round_the_clock_is_the_calendar() -> None:
    always = Hours.of({"mon-sun": ["00:00-24:00"]})
    assert minutes(always, (at("02-09 03:00"), at("02-12 04:05"))) == [3 * 1440 + 65]


def test_weekdays_may_run_over_the_weekend() -> None:
    hours = Hours.of({"sat-mon": ["08:00-09:00"]})
    assert [bool(shifts) for shifts in hours.week] == [True, False, False, False, False, True, True]


def test_vietnamese_holidays_come_from_their_package() -> None:
    hours = Hours.of(OFFICE, ["VN"])
    assert hours.open_on(date(2026, 2, 17)) == ()  # the first day of the year of the horse
    assert hours.open_on(date(2026, 9, 2)) == ()
    assert hours.open_on(date(2026, 9, 10)) != ()


@pytest.mark.parametrize(
    ("hours", "closed", "told"),
    [
        ({}, [], "hours name no time"),
        ({"someday": ["08:00-12:00"]}, [], "'someday' is no weekday"),
        ({"mon": "08:00-12:00"}, [], "hours of mon are a list of texts"),
        ({"mon": ["8-12"]}, [], "'8-12' is no span of a day"),
        ({"mon": ["08:00-25:00"]}, [], "'08:00-25:00' is no span of a day"),
        ({"mon": ["08:60-12:00"]}, [], "'08:60-12:00' is no span of a day"),
        ({"mon": ["08:00-08:00"]}, [], "'08:00-08:00' is no span of a day"),
        (OFFICE, ["17/02/2026"], "holidays: '17/02/2026' is no day and no span"),
        (OFFICE, ["2026-02-22..2026-02-16"], "is no day and no span"),
    ],
)
def test_hours_that_cannot_be_read_are_refused_with_an_example(hours, closed, told) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(CareError, match=told):
        Hours.of(hours, closed)
