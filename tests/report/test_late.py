"""A report waits for its data, and a run makes up for the periods that were missed."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest

import carestudy as cs
from carestudy.contract import CareError
from carestudy.periods import Period
from carestudy.report.command import together
from carestudy.report.late import NoEvents, TooEarly, late, owed, refuse_if_late, refuse_if_nothing, requested_period
from carestudy.report.publish import NotSent

SEPTEMBER = Period.parse("2026-09")


def _care(*, contacts: str, answers: str, as_of: str = "2026-09-30") -> cs.Care:
    """A company with a contact and an answer on every day from 2026-07-01 up to these."""
    tables = {}
    for name, time, key, last in (
        ("contacts", "opened_at", "contact_id", contacts),
        ("responses", "answered_at", "response_id", answers),
    ):
        days = (date.fromisoformat(last) - date(2026, 7, 1)).days + 1
        whens = [f"{date(2026, 7, 1) + timedelta(days=day)}T09:00:00" for day in range(days)]
        tables[name] = pd.DataFrame({key: [str(day) for day in range(days)], time: whens, "customer_id": "A"})
    tables["responses"]["question"], tables["responses"]["score"] = "nps", 9.0
    return cs.load(tables, as_of=as_of)


def test_data_up_to_the_last_day_are_complete() -> None:
    assert late(_care(contacts="2026-09-30", answers="2026-09-30"), SEPTEMBER) == []


def test_data_known_up_to_an_earlier_day_are_late() -> None:
    care = _care(contacts="2026-09-29", answers="2026-09-29", as_of="2026-09-29")
    assert late(care, SEPTEMBER) == ["the data are known up to 2026-09-30 00:00"]
    with pytest.raises(TooEarly, match=r"2026-09 is not complete: .*--unfinished") as told:
        refuse_if_late(care, SEPTEMBER)
    assert told.value.code == 4


def test_one_table_that_stops_for_longer_than_it_usually_does_is_late() -> None:
    assert late(_care(contacts="2026-09-30", answers="2026-09-27"), SEPTEMBER) == []
    assert late(_care(contacts="2026-09-30", answers="2026-09-26"), SEPTEMBER) == ["responses end on 2026-09-26"]


def test_a_period_that_is_over_long_ago_is_complete() -> None:
    assert late(_care(contacts="2026-09-30", answers="2026-09-26"), Period.parse("2026-08")) == []


def test_a_period_without_data_or_in_the_future_is_refused() -> None:
    care = _care(contacts="2026-09-30", answers="2026-09-30")
    refuse_if_nothing(care, SEPTEMBER)
    with pytest.raises(TooEarly, match="the data do not reach 2026-10"):
        refuse_if_nothing(care, Period.parse("2026-10"))
    with pytest.raises(NoEvents, match="the data have no row in 2025-01") as told:
        refuse_if_nothing(care, Period.parse("2025-01"))
    assert told.value.code == 6


def test_a_month_in_the_middle_without_any_row_is_refused() -> None:
    days = ["2026-07-01T09:00:00", "2026-07-02T09:00:00", "2026-09-30T09:00:00"]
    contacts = pd.DataFrame({"contact_id": list("abc"), "customer_id": "A", "opened_at": days})
    care = cs.load({"contacts": contacts})
    with pytest.raises(NoEvents, match="no row in 2026-08: contacts from 2026-07-01 to 2026-09-30"):
        refuse_if_nothing(care, Period.parse("2026-08"))
    refuse_if_nothing(care, SEPTEMBER)


def test_last_month_is_that_of_the_run_and_not_of_the_data() -> None:
    care = _care(contacts="2026-09-30", answers="2026-09-30")
    for today, text, expected in (
        (date(2026, 10, 2), "last-month", "2026-09"),
        (date(2026, 11, 1), "last-month", "2026-10"),
        (date(2026, 10, 31), "last-month", "2026-09"),
        (date(2027, 1, 2), "Last-Year", "2026"),
        (date(2026, 10, 5), "last-week", "2026-W40"),
        (date(2026, 10, 5), "2026-08", "2026-08"),
    ):
        assert requested_period(text, care, None, lambda _, day=today: day).text == expected
    # The export of October has not come: September is not published again in its place.
    october = requested_period("last-month", care, None, lambda _: date(2026, 11, 2))
    with pytest.raises(TooEarly, match="do not reach 2026-10"):
        refuse_if_nothing(care, october)
    assert requested_period("last-month", care, "2026-09-30", lambda _: date(2030, 1, 1)) == SEPTEMBER


def test_the_day_of_the_run_is_that_of_the_company_s_zone() -> None:
    care = _care(contacts="2026-09-30", answers="2026-09-30")
    zones = []
    requested_period("last-month", care, None, lambda zone: (zones.append(zone.key), date(2026, 10, 1))[1])
    assert zones == ["Asia/Ho_Chi_Minh"]


def test_missed_periods_are_owed_the_oldest_first(tmp_path: Path) -> None:
    for period in ("2026-06", "2026-05", "2026-Q2", "notes"):
        (tmp_path / period).mkdir()
        (tmp_path / period / "care.figures.json").touch()
    assert [one.text for one in owed(tmp_path, "care.figures.json", SEPTEMBER)] == ["2026-07", "2026-08", "2026-09"]
    assert owed(tmp_path, "other.figures.json", SEPTEMBER) == [SEPTEMBER]
    (tmp_path / "2026-09").mkdir()
    (tmp_path / "2026-09" / "care.figures.json").touch()
    assert owed(tmp_path, "care.figures.json", Period.parse("2026-07"))[0].text == "2026-07"


def test_late_data_do_not_hide_what_else_failed() -> None:
    late_data, not_sent, no_events = TooEarly("late"), NotSent("not sent"), NoEvents("none")
    assert getattr(together([late_data, late_data]), "code", 0) == 4
    assert getattr(together([late_data, not_sent]), "code", 0) == 5
    assert getattr(together([no_events, late_data]), "code", 0) == 6
    assert getattr(together([not_sent, CareError("failed"), late_data]), "code", 0) == 1
