"""Answered in time, and resolved at the first contact."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from companies import by_group, demo, fraction, table

import carestudy as cs
from carestudy.kpi import recontact_rate
from carestudy.kpi.desk import first_contact_resolution, service_level

ASKED = "customer_id opened_at first_reply_at resolved_at reopened topic direction"


def contacts(*rows: dict[str, Any], as_of: str = "2026-10-31") -> Any:
    """Contacts that differ from one of A about a bill at noon on 1 October, answered and resolved at one o'clock."""
    usual = {
        "customer_id": "A", "opened_at": "2026-10-01 12:00", "first_reply_at": "2026-10-01 13:00",
        "resolved_at": "2026-10-01 13:00", "reopened": False, "topic": "bill", "direction": "inbound",
    }  # fmt: skip
    names = ASKED.split()
    frame = table(ASKED, *[[{**usual, **row}[name] for name in names] for row in rows], reopened="object")
    return cs.load({"contacts": frame}, as_of=as_of)


def served(**row: Any) -> tuple[int, int]:
    return fraction(service_level(contacts(row, as_of=row.pop("as_of", "2026-10-31")), within=4))


@pytest.mark.parametrize(
    ("reply", "expected"),
    [("2026-10-01 16:00:00", (1, 1)), ("2026-10-01 16:00:01", (0, 1)), (None, (0, 1))],
)
def test_a_contact_is_answered_in_time_up_to_the_last_second(reply: str | None, expected: tuple[int, int]) -> None:
    assert served(first_reply_at=reply) == expected


def test_an_open_contact_is_missed_once_it_is_overdue() -> None:
    assert served(first_reply_at=None, resolved_at=None, as_of="2026-10-01T16:00") == (0, 1)
    assert served(first_reply_at=None, resolved_at=None, as_of="2026-10-01T15:59") == (0, 0)


def test_a_quick_answer_waits_for_its_time_like_any_other() -> None:
    assert served(as_of="2026-10-01T15:59") == (0, 0)
    assert served(as_of="2026-10-01T16:00") == (1, 1)


def test_what_the_company_begins_waits_for_no_answer() -> None:
    assert served(direction="outbound") == (0, 0)
    assert served(direction=None) == (1, 1)


def test_service_level_needs_to_be_told_its_promise() -> None:
    with pytest.raises(cs.CareError, match="needs to be told within"):
        service_level(demo())
    with pytest.raises(cs.CareError, match="within=0 is no promise"):
        service_level(demo(), within=0)
    assert service_level.of(within=4).title == "Answered within 4 hours"


def test_a_promise_may_be_a_part_of_an_hour() -> None:
    assert fraction(service_level(contacts({"first_reply_at": "2026-10-01 12:15:01"}), within=0.25)) == (0, 1)
    assert fraction(service_level(contacts({"first_reply_at": "2026-10-01 12:15:00"}), within=0.25)) == (1, 1)


def test_direction_is_not_needed_to_tell_the_service_level() -> None:
    asked = pd.DataFrame({"opened_at": ["2026-10-01 08:00"], "first_reply_at": ["2026-10-01 09:00"]})
    assert fraction(service_level(cs.load({"contacts": asked}, as_of="2026-10-31"), within=1)) == (1, 1)
    with pytest.raises(cs.CareError, match="needs column 'first_reply_at'"):
        service_level(asked[["opened_at"]], within=1)


def test_a_longer_promise_is_kept_at_least_as_often() -> None:
    kept = [service_level(demo(), within=hours, period="2026-09")["value"].item() for hours in (0.1, 1, 24, 200)]
    assert kept == sorted(kept)


def test_once_is_enough_when_nothing_follows() -> None:
    assert fraction(first_contact_resolution(contacts({}))) == (1, 1)
    assert fraction(first_contact_resolution(contacts({"reopened": True}))) == (0, 1)
    assert fraction(first_contact_resolution(contacts({"reopened": None}))) == (1, 1)


@pytest.mark.parametrize(("again", "expected"), [("2026-10-08 13:00:00", 0), ("2026-10-08 13:00:01", 1)])
def test_another_contact_within_seven_days_means_once_was_not_enough(again: str, expected: int) -> None:
    care = contacts({}, {"opened_at": again, "first_reply_at": None, "resolved_at": None}, as_of="2026-10-12")
    assert fraction(first_contact_resolution(care)) == (expected, 1)


def test_what_follows_is_told_by_time_and_not_by_the_order_of_rows() -> None:
    days = [{"opened_at": day, "first_reply_at": day, "resolved_at": day} for day in ("2026-10-20", "2026-10-02")]
    for rows in ([*days, {}], [{}, *days], [days[1], days[0], {}]):
        assert fraction(first_contact_resolution(contacts(*rows))) == (2, 3)
        assert fraction(recontact_rate(contacts(*rows))) == (1, 3)


def test_another_topic_or_customer_is_another_matter() -> None:
    later = {"opened_at": "2026-10-02", "first_reply_at": "2026-10-02", "resolved_at": "2026-10-02"}
    care = contacts({}, later | {"topic": "speed"}, later | {"customer_id": "B"})
    assert fraction(first_contact_resolution(care)) == (3, 3)


def test_a_call_back_leaves_the_first_contact_what_it_was() -> None:
    back = {"opened_at": "2026-10-02", "first_reply_at": "2026-10-02", "resolved_at": "2026-10-02"}
    assert fraction(first_contact_resolution(contacts({}, back | {"direction": "outbound"}))) == (1, 1)


def test_an_old_open_contact_is_not_resolved_and_a_young_one_not_counted() -> None:
    open_ = {"resolved_at": None, "first_reply_at": None}
    assert fraction(first_contact_resolution(contacts(open_, as_of="2026-10-08T12:00"))) == (0, 1)
    assert fraction(first_contact_resolution(contacts(open_, as_of="2026-10-08T11:59"))) == (0, 0)


def test_the_days_after_closing_must_be_over() -> None:
    assert fraction(first_contact_resolution(contacts({}, as_of="2026-10-08T13:00"))) == (1, 1)
    assert fraction(first_contact_resolution(contacts({}, as_of="2026-10-08T12:59"))) == (0, 0)


@pytest.mark.parametrize("figure", [first_contact_resolution, recontact_rate])
def test_what_has_no_topic_can_be_followed_by_nothing(figure: Any) -> None:
    # Two matters without a topic are not the same matter.
    later = {"opened_at": "2026-10-02", "first_reply_at": "2026-10-02", "resolved_at": "2026-10-02"}
    care = contacts({"topic": None}, later | {"topic": None})
    assert fraction(figure(care)) == (0, 0)
    nameless = contacts({"customer_id": None}, later | {"customer_id": None})
    assert fraction(figure(nameless)) == (0, 0)


def test_the_demo_resolves_at_once_what_was_planted() -> None:
    # Neither reopened (0.06), nor never solved (0.02), nor asked again (0.18).
    found = first_contact_resolution(demo(), period="2026-09").iloc[0]
    assert found["low"] < 0.94 * 0.98 * 0.82 < found["high"]


@pytest.mark.parametrize("by", ["channel", "team", "region"])
def test_groups_add_up_to_the_whole(by: str) -> None:
    for figure in (service_level.of(within=4), first_contact_resolution):
        parts, whole = figure(demo(), period="2026-10", by=by), figure(demo(), period="2026-10")
        assert parts[["numerator", "denominator"]].sum().tolist() == list(fraction(whole))
        assert min(by_group(parts, by, "n").values()) > 0


@pytest.mark.parametrize("within", ["60s", "4", True, None, -1, float("nan"), [4]])
def test_a_promise_is_a_number_of_hours(within: Any) -> None:
    with pytest.raises(cs.CareError, match="within is a number of hours, such as 4 or 1/60, not ") as problem:
        service_level(contacts({}), within=within)
    assert repr(within) in str(problem.value)


@pytest.mark.parametrize(
    ("figure", "option", "value"),
    [
        ("tenure", "years", "2"), ("csat", "positive", "4"), ("csat", "positive", 4.5), ("ces", "easy", True),
        ("response_rate", "wait", "7 days"), ("typical_transaction", "at", "half"), ("recontact_rate", "within", 0.5),
        ("first_response_time", "at", False), ("repeat_complainers", "times", "two"), ("return_rate", "within", None),
    ],
)  # fmt: skip
def test_options_that_count_are_numbers(figure: str, option: str, value: Any) -> None:
    with pytest.raises(cs.CareError, match=f"^{figure}: {option} is a .*, not {value!r}$"):
        getattr(cs.kpi, figure).of(**{option: value})


def test_whole_numbers_may_be_written_as_fractions() -> None:
    assert recontact_rate.of(within=7.0).options == {"within": 7}
    assert cs.kpi.ces.of(easy=None).options == {"easy": None}
    assert cs.kpi.first_response_time.of(at="p90").options == {"at": "p90"}


@pytest.mark.parametrize(("name", "value"), [("level", 95), ("level", "0.95"), ("level", True), ("last", "3")])
def test_a_level_is_a_share_and_periods_are_counted(name: str, value: Any) -> None:
    with pytest.raises(cs.CareError, match=f"service_level: {name} is a .*, not {value!r}"):
        service_level(contacts({}), within=4, every="month", **{name: value})
