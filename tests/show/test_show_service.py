"""The pages of the service desk: how quick it is by each clock, what its hours rest on, and whom they count."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from companies import demo, table

import carestudy as cs
from carestudy.show import Output, Show

HOURS = {"mon-fri": ["08:00-17:30"], "sat": ["08:00-12:00"]}


def plain(output: Output) -> str:
    return output.text.replace("\xa0", " ")


def desk(*rows: tuple[str, str | None, str | None], lang: str = "en", **more: Any) -> Show:
    """A desk with cases as (opened_at, first_reply_at, resolved_at), known up to the end of October."""
    asked = table("opened_at first_reply_at resolved_at", *rows).assign(channel="Hotline")
    return cs.Show(cs.load({"contacts": asked}, as_of="2026-10-31", **more), period="2026-10", lang=lang)


# Monday the 5th at 17:00: replied to after an hour and a half, of which half an hour is open; solved next day at 9.
MONDAY = ("2026-10-05 17:00", "2026-10-05 18:30", "2026-10-06 09:00")
OPEN = ("2026-10-30 10:00", None, None)


def test_waiting_is_told_by_the_calendar_and_in_business_hours() -> None:
    text = plain(desk(*[MONDAY] * 20, OPEN, hours=HOURS).service.speed())
    assert text.startswith("Half of the customers get a first reply within 90 minutes, nine of ten within 90 minutes")
    assert "first reply, business hours\t30 minutes" in text
    assert "solution, calendar time\t16.0 hours" in text
    # Half an hour in the evening and one in the morning.
    assert "solution, business hours\t90 minutes" in text
    assert "\t21\t1" in text


def test_without_hours_the_page_says_what_is_missing() -> None:
    text = plain(desk(*[MONDAY] * 20).service.speed())
    assert "business hours\t" not in text
    assert "Times in business hours are missing: the opening hours are not known." in text


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", "Opening hours are assumed, as care.toml does not state them: Mon–Fri 08:00-17:30; Sat 08:00-12:00."),
        ("vi", "Giờ làm việc là giả định vì care.toml chưa khai: Thứ 2–Thứ 6 08:00-17:30; Thứ 7 08:00-12:00."),
    ],
)
def test_assumed_hours_are_named_as_such(lang: str, words: str) -> None:
    service = desk(*[MONDAY] * 20, lang=lang).service.assuming(HOURS)
    output = service.load()
    assert words in output.text
    assert words in str(output.html)
    assert words not in service.speed().text  # which counts by the calendar then


def test_the_companys_own_hours_are_never_replaced() -> None:
    service = desk(*[MONDAY] * 20, hours={"mon-fri": ["17:00-17:15"]}).service.assuming(HOURS)
    text = plain(service.speed())
    assert "first reply, business hours\t15 minutes" in text
    assert "assumed" not in text


def test_hours_that_name_no_day_are_refused() -> None:
    with pytest.raises(cs.CareError, match="hours name no day"):
        desk(MONDAY).service.assuming({})
    with pytest.raises(cs.CareError, match="'monday' is no weekday"):
        desk(MONDAY).service.assuming({"monday": ["08:00-12:00"]})


def test_a_slower_month_is_said_to_be_worse() -> None:
    quick = [(f"2026-09-{day:02} 10:00", f"2026-09-{day:02} 10:{day + 9}", None) for day in range(1, 29)]
    slow = [(f"2026-10-{day:02} 10:00", f"2026-10-{day:02} 12:{day + 9}", None) for day in range(1, 29)]
    text = plain(desk(*quick, *slow).service.speed())
    assert "Clear changes against the month before: time to first reply" in text
    assert "▲ worse" in text


def test_what_the_data_lack_is_named() -> None:
    rows = table("opened_at resolved_at", *[(MONDAY[0], MONDAY[2])] * 20)
    text = plain(cs.Show(cs.load({"contacts": rows}, as_of="2026-10-31"), period="2026-10", lang="en").service.speed())
    assert text.startswith("Half of the cases are solved within 16.0 hours")
    assert "Missing: contacts.first_reply_at." in text
    nothing = cs.Show(cs.load({"responses": pd.DataFrame({"score": [5.0], "question": ["csat"],
                      "answered_at": ["2026-10-05"]})}), period="2026-10", lang="en").service  # fmt: skip
    for output in (nothing.speed(), nothing.load(), nothing.staffing(handling_minutes=5), nothing.caseloads()):
        assert "contacts" in output.text or "customers" in output.text
    assert nothing.speed().text.startswith("Time to first reply and to a solution cannot be computed")


def test_the_busiest_hour_in_which_nobody_is_there_is_told() -> None:
    evening = [(f"2026-10-{day:02} 20:10", None, None) for day in (5, 12, 19, 26)]
    text = plain(desk(*[MONDAY] * 9, *evening).service.assuming(HOURS).load())
    assert "Outside staffed hours, most contacts come on Monday from 20:00 to 21:00: 1.0 a week." in text
    assert "Dots: not staffed" in text
    assert "Dots" not in plain(desk(*[MONDAY] * 9, *evening).service.load())


def test_staffing_names_the_channels_it_counts_and_what_the_data_do_not_tell() -> None:
    service = desk(*[MONDAY] * 20).service
    text = plain(service.staffing(handling_minutes=6, channel=["Hotline", "phone"]))
    assert "Only contacts by Hotline count. Handling time and target are assumptions of this report" in text
    assert "Agents needed: no data" in plain(service.staffing(handling_minutes=6, channel="phone"))
    assert "Counted are" not in plain(service.staffing(handling_minutes=6))


def test_a_figure_with_options_of_its_own_is_called_by_its_name() -> None:
    text = plain(desk(*[MONDAY] * 20, hours=HOURS).trend(cs.kpi.first_response_time.of(clock="business")))
    assert "Time to first reply (median, business time)" in text


def test_caseloads_name_nobody() -> None:
    text = cs.Show(demo(), period="2026-10", lang="en").service.caseloads().text
    assert text.startswith("Load per person")
    assert "NV0" not in text
