"""Pages about moments that are days: whole days, no minutes, and the premise where the hour is needed."""

from __future__ import annotations

from typing import Any

import pytest
from companies import table

import carestudy as cs
from carestudy.show import Output, Show
from carestudy.show.numbers import Form
from carestudy.show.words import Reader


def plain(output: Output) -> str:
    return output.text.replace("\xa0", " ")


def desk(lang: str, clock: str = "", waits: tuple[int, ...] = (0, 0, 0, 1, 2)) -> Show:
    """Sixty cases, opened on a day (or at a clock on it) and replied to so many days later."""
    rows = [
        (f"2026-10-{day:02}{clock}", f"2026-10-{day + wait:02}", f"2026-10-{day + wait:02}", "phone")
        for day in range(1, 13) for wait in waits
    ]  # fmt: skip
    asked = table("opened_at first_reply_at resolved_at channel", *rows)
    hours = {"mon-fri": ["08:00-17:30"]}
    return cs.Show(cs.load({"contacts": asked}, as_of="2026-10-31", hours=hours), period="2026-10", lang=lang)


@pytest.mark.parametrize("clock", ["", " 09:15"])
def test_a_reply_on_the_same_day_is_no_reply_within_minutes(clock: str) -> None:
    text = plain(desk("en", clock).service.speed())
    assert text.startswith("Half of the customers get a first reply within the same day, nine of ten within 2 days")
    assert "first reply, calendar time\t0 days 0 to" in text
    assert "minutes" not in text
    assert "business hours\t" not in text
    assert "nobody has said when the company is open" not in text
    assert "their times are in whole days of the calendar, not in business hours" in text


def test_the_same_in_vietnamese() -> None:
    text = plain(desk("vi").service.speed())
    assert text.startswith("Một nửa khách hàng được phản hồi trong cùng ngày, chín trên mười người trong 2 ngày")
    assert "phút" not in text
    assert "opened_at, first_reply_at, resolved_at chỉ có ngày, không có giờ" in text


@pytest.mark.parametrize(("lang", "premise"), [
    ("en", "opened_at has days without hours: it cannot be told to the hour."),
    ("vi", "opened_at chỉ có ngày, không có giờ: không thể tính đến từng giờ."),
])  # fmt: skip
def test_pages_that_need_the_hour_say_why_they_are_empty(lang: str, premise: str) -> None:
    show = desk(lang)
    pages = [show.service.load(), show.service.staffing(handling_minutes=5)]
    pages.append(show.trend(cs.kpi.service_level.of(within=4)))
    for page in pages:
        assert premise in plain(page)
        assert page.looks == ("gap",)
        assert "0:00" not in page.text


def test_a_curve_and_a_trend_are_in_days() -> None:
    show = desk("en", waits=(1, 2, 2, 3, 5))
    curve = plain(show.survival(cs.kpi.resolution_time))
    assert "Half of the cases take 2 days or less" in curve
    assert "Takes at least\tShare" in curve
    assert "hours" not in curve
    assert "2 days (95% interval" in plain(show.trend(cs.kpi.resolution_time))


def test_the_scorecard_has_days_for_times() -> None:
    care: Any = desk("en", waits=(1, 2, 2, 3, 5)).care
    show = cs.Show(care, period="2026-10", lang="en")
    card = cs.scorecard(care, period="2026-10", kpis=[cs.kpi.resolution_time])
    assert "Time to resolve (median, calendar time): 2 days" in plain(show.board(card))


def test_days_have_a_singular_and_no_decimals_they_do_not_have() -> None:
    form = Form(Reader("en"), "whole_days")
    assert [form.value(hours) for hours in (0, 24, 36, 240)] == ["0\xa0days", "1\xa0day", "1.5\xa0days", "10\xa0days"]
    assert Form(Reader("en"), "hours").value(240) == "10.0\xa0days"
