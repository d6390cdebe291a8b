"""Forecasts of counts: the calendar where it is better, simple ones elsewhere, and intervals that hold."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest
from planted import company, contacts

import carestudy as cs
from carestudy import kpi
from carestudy.forecasts.calendar_model import calendar_forecast, naive
from carestudy.forecasts.calendar_terms import calendar_terms
from carestudy.forecasts.rolling_origins import Origins, bounds, chosen, coverage
from carestudy.stats.calendars import tet

FIRST = date(2025, 4, 7)  # a Monday, with one Tết after it
WEEK = (40, 30, 30, 30, 30, 12, 6)


def weekly(day: date) -> float:
    return WEEK[day.weekday()] * (0.3 if 0 <= (day - tet(day.year)).days <= 6 else 1.0)


@cache
def planted() -> Any:
    return company(weekly, FIRST, 560)


@cache
def foretold() -> Any:
    return cs.forecast(planted(), kpi.contact_count, horizon=21, level=0.8)


def test_a_figure_is_asked_for_by_the_day() -> None:
    care = cs.load({"contacts": contacts([2, 0, 3], date(2026, 1, 5))}, as_of="2026-01-07")
    frame = kpi.contact_count(care, every="day")
    assert frame["period"].tolist() == ["2026-01-05", "2026-01-06", "2026-01-07"]
    assert frame["n"].tolist() == [2, 0, 3]


def test_the_calendar_is_found_and_its_week_foretold() -> None:
    found = foretold()
    (accuracy,) = found.accuracy.to_dict("records")
    assert accuracy["method"] == "calendar"
    assert accuracy["mase"] < 1
    assert accuracy["p"] < 0.1
    assert found.frame["date"].tolist() == [FIRST + timedelta(days=560 + k) for k in range(21)]
    truth = np.array([weekly(day) for day in found.frame["date"]])
    assert np.abs(found.frame["value"] / truth - 1).max() < 0.25
    assert ((found.frame["low"] <= found.frame["value"]) & (found.frame["value"] <= found.frame["high"])).all()


def test_intervals_held_about_as_often_as_they_promise() -> None:
    (accuracy,) = foretold().accuracy.to_dict("records")
    assert accuracy["coverage_low"] <= 0.8 <= accuracy["coverage_high"]
    assert accuracy["judged"] > 30


def test_the_last_forecast_stands_beside_what_came() -> None:
    past = foretold().past
    assert past["date"].iloc[-1] == FIRST + timedelta(days=559)
    assert past["came"].tolist() == foretold().history["value"].tolist()[-21:]


@pytest.mark.parametrize(
    ("better", "way", "why"),
    [
        ((3, 1, 3, 1, 3, 1, 3, 1, 3, 1), "mean", "the calendar is not shown to be better than the mean"),
        ((1, 1, 1, 1, 1, 1, 1, 1, 1, 1.5), "calendar", "better than the mean"),
        ((9, 9, 9, 9, 9, 9, 9, 9, 9, 9), "mean", "the losses of the two forecasts differ by a constant"),
        ((1, 1, 1), "mean", "3 spans that do not overlap are too few to compare two forecasts: 8 are needed"),
    ],
)
def test_the_calendar_is_kept_only_where_it_is_shown_to_be_better(better: Any, way: str, why: str) -> None:
    n = len(better)
    came = np.full((n, 1), 10.0)
    foretold = {"calendar": came + np.array(better)[:, None], "mean": came + 2, "seasonal naive": came + 5}
    counts = np.array([8.0, 12.0, 10.0] * 10)
    found = chosen(counts, Origins(tuple(range(15, 15 + n)), came, foretold), "day")
    assert found.way == way
    assert found.why.startswith(why)


def test_the_unfinished_day_and_week_are_cut() -> None:
    dice = np.random.default_rng(1).poisson(20, 230).tolist()
    care = cs.load({"contacts": contacts(dice, FIRST)}, as_of="2025-11-20 12:00")
    daily = cs.forecast(care, kpi.contact_count, horizon=7, level=0.8)
    assert daily.history["date"].iloc[-1] == date(2025, 11, 19)
    assert cs.forecast(care, kpi.contact_count, every="week", horizon=2, level=0.6).history["date"].iloc[-1] == date(
        2025, 11, 10
    )


def test_around_tet_the_interval_is_what_the_last_one_had() -> None:
    care = company(weekly, FIRST, 660)  # up to 26 January 2027, eleven days before Tết
    found = cs.forecast(care, kpi.contact_count, horizon=21, level=0.8)
    during = found.frame[[0 <= (day - tet(2027)).days <= 6 for day in found.frame["date"]]]
    last = found.history[[0 <= (day - tet(2026)).days <= 6 for day in found.history["date"]]]["value"]
    assert during["basis"].unique().tolist() == ["last Tết"]
    assert during["low"].unique().tolist() == [last.min()]
    assert during["high"].unique().tolist() == [last.max()]


def test_each_channel_is_foretold_by_itself() -> None:
    dice = np.random.default_rng(2)
    calls, chats = (contacts(dice.poisson(mean, 200).tolist(), FIRST, channel=name) for mean, name in
                    ((40, "phone"), (9, "chat")))  # fmt: skip
    rare = contacts([0] * 150 + [1] + [0] * 49, FIRST, channel="mail")
    table = pd.concat([calls, chats, rare], ignore_index=True)
    care = cs.load({"contacts": table.assign(contact_id=range(len(table)))}, as_of="2025-10-23")
    found = cs.forecast(care, kpi.contact_count, horizon=7, level=0.8, by="channel")
    values = found.frame.groupby("channel")["value"].mean()
    assert set(values.index) == {"phone", "chat"}
    assert 35 < values["phone"] < 45
    assert 7 < values["chat"] < 11
    assert len(found.refused) == 1
    assert found.refused[0].startswith("mail: 100% of the days have none")


@pytest.mark.parametrize(
    ("counts", "asked", "refused"),
    [
        ([20] * 60, {"horizon": 21}, "horizon=21 days is more than a third of the history of 60: ask for 20 or fewer"),
        ([20] * 20, {"horizon": 2}, "20 whole days are too few for a forecast: 24 are needed"),
        ([1, 0, 0, 0, 0] * 20, {"horizon": 7}, "80% of the days have none: give a rate"),
        ([3, 5, 4, 6] * 8, {"horizon": 7, "level": 0.95}, "cannot tell an interval of 95%: at least 19 are needed"),
        ([20] * 60, {"horizon": 0}, "horizon is a whole number of 1 or more"),
        ([20] * 60, {"every": "month"}, "every is 'day' or 'week', not 'month'"),
    ],
)  # fmt: skip
def test_what_cannot_be_foretold_is_refused(counts: list[int], asked: dict[str, Any], refused: str) -> None:
    care = cs.load({"contacts": contacts(counts, FIRST)}, as_of=str(FIRST + timedelta(days=len(counts) - 1)))
    with pytest.raises(cs.CareError, match=refused):
        cs.forecast(care, kpi.contact_count, **asked)


def test_a_share_is_not_foretold() -> None:
    with pytest.raises(cs.CareError, match="nps does not count by the day"):
        cs.forecast(planted(), kpi.nps)


def test_the_terms_of_a_week_are_the_means_of_its_days() -> None:
    days = calendar_terms(planted(), [date(2026, 2, 16) + timedelta(days=k) for k in range(7)], "day")
    (week,) = calendar_terms(planted(), [date(2026, 2, 16)], "week").to_dict("records")
    assert days["tet_before"].tolist() == [1, 0, 0, 0, 0, 0, 0]
    assert week["tet_before"] == pytest.approx(1 / 7)
    assert week["tet_during"] == pytest.approx(6 / 7)


def test_the_calendar_model_gives_the_means_of_the_weekdays() -> None:
    counts = np.array([7.0, 5, 5, 5, 5, 2, 1] * 10)
    days = [date(2026, 6, 1) + timedelta(days=k) for k in range(77)]
    assert np.allclose(calendar_forecast(counts, calendar_terms(planted(), days, "day"), "day"), counts[:7])
    assert naive(counts, "day", 9).tolist() == [7, 5, 5, 5, 5, 2, 1, 7, 5]


def test_intervals_take_the_rank_that_few_errors_need() -> None:
    errors = np.log(np.arange(1, 5, dtype=float))[:, None]  # log of 1 ... 4: at 80 % the fourth of four
    low, high = bounds(np.array([9.5]), errors, 0.8)
    assert (low[0], high[0]) == (pytest.approx(10 / 4 - 0.5), pytest.approx(39.5))


def test_coverage_knows_only_what_had_come() -> None:
    came = np.array([[10.0], [10.0], [10.0], [10.0], [10.0], [30.0]])
    origins = Origins((1, 2, 3, 4, 5, 6), came, {"mean": np.full((6, 1), 10.0)})
    assert coverage(origins, "mean", 0.8)[::3] == (0.5, 2)  # the fifth lay within, the sixth did not
