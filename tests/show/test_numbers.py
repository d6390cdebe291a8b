"""Numbers, dates and names as readers of two languages write them."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from carestudy import kpi
from carestudy.show import dates, labels
from carestudy.show.numbers import Form, cases, is_missing, number
from carestudy.show.words import Reader

VI, EN = Reader("vi", "VND"), Reader("en", "VND")
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


def _plain(text: str) -> str:
    return text.replace("\xa0", " ")


@pytest.mark.parametrize(
    ("unit", "value", "vi", "en"),
    [
        ("share", 0.8333, "83,3%", "83.3%"),
        ("share", 1.0, "100,0%", "100.0%"),
        ("net", -0.0246, "−2,5%", "−2.5%"),
        ("points", -12.34, "−12,3", "−12.3"),
        ("count", 78502, "78.502", "78,502"),
        ("money", 325000, "325.000 ₫", "₫325,000"),
        ("money", 9_999_999, "9.999.999 ₫", "₫9,999,999"),
        ("money", 10_000_000, "10,0 triệu ₫", "₫10.0m"),
        ("money", 2_439_472_000, "2,44 tỷ ₫", "₫2.44bn"),
        ("money", -325000, "−325.000 ₫", "−₫325,000"),
        ("hours", 4.25, "4,2 giờ", "4.2 hours"),
        ("hours", 119.4 / 60, "119 phút", "119 minutes"),
        ("hours", 2.0, "2,0 giờ", "2.0 hours"),
        ("hours", 47.9, "47,9 giờ", "47.9 hours"),
        ("hours", 48.0, "2,0 ngày", "2.0 days"),
        ("hours", 3.5 / 60, "3,5 phút", "3.5 minutes"),
        ("hours", 0.0, "0 phút", "0 minutes"),
        ("hours", 25 / 3600, "25 giây", "25 seconds"),
        ("hours", 1 / 3600, "1 giây", "1 second"),
        ("minutes", 1.99, "119 giây", "119 seconds"),
        ("minutes", 2, "2 phút", "2 minutes"),
        ("hours", -12.0, "−12,0 giờ", "−12.0 hours"),
        ("business_hours", 60.0, "60,0 giờ", "60.0 hours"),
        ("business_hours", 0.5, "30 phút", "30 minutes"),
        ("minutes", 5, "5 phút", "5 minutes"),
        ("minutes", 300, "5,0 giờ", "5.0 hours"),
        ("number", 3.14159, "3,1", "3.1"),
    ],
)
def test_a_figure_has_its_unit_in_the_readers_format(unit: str, value: float, vi: str, en: str) -> None:
    assert (_plain(Form(VI, unit).value(value)), _plain(Form(EN, unit).value(value))) == (vi, en)


@pytest.mark.parametrize(
    ("unit", "change", "vi", "en"),
    [
        ("share", 0.031, "+3,1 điểm %", "+3.1 pp"),
        ("share", -0.00004, "0,0 điểm %", "0.0 pp"),
        ("points", -7.3, "−7,3 điểm", "−7.3 points"),
        ("count", 82, "+82", "+82"),
        ("money", -17000, "−17.000 ₫", "−₫17,000"),
    ],
)
def test_a_change_is_signed_and_in_points_of_its_unit(unit: str, change: float, vi: str, en: str) -> None:
    assert (_plain(Form(VI, unit).change(change)), _plain(Form(EN, unit).change(change))) == (vi, en)


def test_the_limits_of_a_change_name_their_unit_once() -> None:
    assert _plain(Form(VI, "share").changes(-0.022, 0.006)) == "−2,2 đến +0,6 điểm %"


@pytest.mark.parametrize("value", [0.004, 0.4, 1.99, 2.01, 40.0, 60.0, 300.0])
@pytest.mark.parametrize("reader", [VI, EN])
def test_a_duration_its_limits_and_its_changes_are_in_one_unit(value: float, reader: Reader) -> None:
    form = Form(reader, "hours", like=1000).at(value)
    said = [form.value(value), form.interval(value / 3, value * 3), form.changes(-value / 9, value * 2)]
    said.append(form.change(value / 7))
    assert len({_plain(one).split(" ")[-1] for one in said}) == 1


def test_limits_of_durations_name_their_unit_once() -> None:
    assert _plain(Form(EN, "hours").at(1.0).interval(0.75, 2.5)) == "45 to 150 minutes"
    assert _plain(Form(VI, "hours").interval(20, 60)) == "0,8 đến 2,5 ngày"
    assert _plain(Form(EN, "hours").at(1.0).changes(-0.05, 0.5)) == "−3 to +30 minutes"


@pytest.mark.parametrize(("unit", "one"), [("days", "1 day"), ("whole_days", "1 day")])
def test_one_of_a_unit_is_no_plural(unit: str, one: str) -> None:
    form = Form(EN, unit).at(24)
    assert _plain(form.value(24 if unit == "whole_days" else 1)) == one
    assert _plain(Form(EN, "hours").at(0.2).change(1 / 60)) == "+1 minute"
    assert _plain(Form(EN, "hours").at(0.01).change(-1 / 3600)) == "−1 second"


@pytest.mark.parametrize(
    ("within", "vi", "en"),
    [
        (20 / 3600, "Tỷ lệ trả lời trong 20 giây", "Answered within 20 seconds"),
        (0.5, "Tỷ lệ trả lời trong 30 phút", "Answered within 30 minutes"),
        (1, "Tỷ lệ trả lời trong 1 giờ", "Answered within 1 hour"),
        (24, "Tỷ lệ trả lời trong 24 giờ", "Answered within 24 hours"),
    ],
)
def test_a_promise_is_named_in_the_unit_that_fits(within: float, vi: str, en: str) -> None:
    card = labels.card(kpi.service_level.of(within=within))
    assert (labels.label(VI, card), labels.label(EN, card)) == (vi, en)


def test_an_axis_of_durations_has_one_unit_with_round_places() -> None:
    form = Form(EN, "hours", like=0.7)
    assert [_plain(form.tick(place / form.axis_unit)) for place in (0, 10, 20)] == ["0", "10 min", "20 min"]
    days = Form(VI, "hours", like=90)
    assert [_plain(days.tick(place / days.axis_unit)) for place in (1, 2.5)] == ["1 ngày", "2,5 ngày"]
    assert Form(EN, "share").axis_unit == 1


@pytest.mark.parametrize("nothing", [None, np.nan, pd.NA, pd.NaT, np.inf])
@pytest.mark.parametrize("unit", ["share", "points", "money", "count", "days", "hours"])
def test_what_is_missing_is_a_dash(nothing: float, unit: str) -> None:
    form = Form(VI, unit)
    said = {form.value(nothing), form.change(nothing), form.interval(nothing, 1), form.changes(0, nothing)}
    assert said == {"–"}


def test_sums_of_one_picture_are_on_the_scale_of_the_largest() -> None:
    form = Form(VI, "money", like=2.4e9)
    assert _plain(form.interval(8e8, 2.5e9)) == "0,80 tỷ ₫ đến 2,50 tỷ ₫"
    assert _plain(form.tick(5e8)) == "0,5 tỷ ₫"


@pytest.mark.parametrize(("amount", "written"), [(300_000, "300.000 ₫"), (1_000_000, "1.000.000 ₫"), (0, "0 ₫")])
def test_money_at_an_axis_keeps_its_thousands(amount: float, written: str) -> None:
    assert _plain(Form(VI, "money", like=800_000).tick(amount)) == written


def test_a_currency_with_cents_shows_them_only_where_they_are() -> None:
    form = Form(Reader("en", "EUR"), "money", like=100)
    assert (form.value(12.5), form.tick(20), form.tick(12.5)) == ("€12.50", "€20", "€12.50")


@given(st.floats(-1e15, 1e15))
def test_a_number_reads_back_within_its_rounding(amount: float) -> None:
    written = number(VI, amount, 1).replace(".", "").replace(",", ".").replace("−", "-")
    assert float(written) == pytest.approx(amount, abs=0.0501, rel=1e-12)


@given(st.floats(-1e-3, 1e-3))
def test_zero_has_no_sign(amount: float) -> None:
    assert number(EN, amount, 1) == "0.0"


def test_cases_stay_on_one_line() -> None:
    assert cases(VI, 3452) == "n\xa0=\xa03.452"


def test_text_is_no_number() -> None:
    assert is_missing("12")


@pytest.mark.parametrize(
    ("period", "vi", "en"),
    [
        ("2026-10", "tháng 10/2026", "October 2026"),
        ("2026-Q3", "quý 3/2026", "Q3 2026"),
        ("2026-W01", "tuần 1/2026", "week 1, 2026"),
        ("2026", "năm 2026", "year 2026"),
        ("2025-11-01..2026-10-31", "01/11/2025 đến 31/10/2026", "1 November 2025 to 31 October 2026"),
        ("all", "toàn bộ dữ liệu", "all data"),
    ],
)
def test_a_period_has_a_name(period: str, vi: str, en: str) -> None:
    assert (dates.period(VI, period), dates.period(EN, period)) == (vi, en)


def test_midnight_is_the_end_of_the_day_before() -> None:
    assert dates.known_up_to(VI, datetime(2026, 11, 1, tzinfo=ZONE)) == "số liệu tính đến hết ngày 31/10/2026"
    assert dates.known_up_to(EN, datetime(2026, 10, 31, 15, 30, tzinfo=ZONE)) == "known up to 15:30 on 31 October 2026"


@pytest.mark.parametrize(("day", "over"), [(1, True), (2, True)])
def test_a_period_is_over_when_the_data_reach_its_end(day: int, over: bool) -> None:  # noqa: FBT001
    assert dates.unfinished("2026-10", datetime(2026, 11, day, tzinfo=ZONE)) is not over
    assert dates.unfinished("2026-10", datetime(2026, 10, 31, 23, 59, tzinfo=ZONE))


def test_the_year_stands_under_the_first_tick_and_where_it_begins() -> None:
    assert dates.ticks(VI, ["2025-12", "2026-01", "2026-02"]) == ["T12\n2025", "T1\n2026", "T2"]
    assert dates.ticks(EN, ["2025-Q4", "2026-Q1"]) == ["Q4\n2025", "Q1\n2026"]
    assert dates.ticks(VI, ["2025", "2026"]) == ["2025", "2026"]


def test_a_day_is_written_as_each_language_does() -> None:
    assert (dates.day(VI, date(2026, 3, 4)), dates.day(EN, date(2026, 3, 4))) == ("04/03/2026", "4 March 2026")


@pytest.mark.parametrize("nameless", [None, np.nan, pd.NA, "", "  ", "\u200b"])
def test_rows_without_a_name_are_a_group_of_their_own(nameless: object) -> None:
    assert (labels.group(VI, "team", nameless), labels.group(EN, "team", nameless)) == ("(không rõ)", "(not stated)")


def test_groups_stand_in_the_alphabet_with_d_before_dd_and_the_nameless_last() -> None:
    teams = ["Đội Nam", None, "Dịch vụ", "Ánh", "Bán lẻ", "Em"]
    assert sorted(teams, key=lambda team: labels.order("team", team)) == [
        "Ánh", "Bán lẻ", "Dịch vụ", "Đội Nam", "Em", None,
    ]  # fmt: skip


def test_stages_stand_in_the_order_of_the_contract() -> None:
    assert sorted(["after", "before", "during"], key=lambda stage: labels.order("stage", stage)) == [
        "before", "during", "after",
    ]  # fmt: skip


def test_direction_marks_and_line_breaks_are_taken_out_of_names() -> None:
    assert labels.group(VI, "team", "Đội\u202e\nA\x1b[31m") == "Đội A[31m"
