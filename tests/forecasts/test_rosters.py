"""Rosters: as many agents as the whole forecast needs, half hour by half hour, and refusals that say what lacks."""

from __future__ import annotations

from datetime import date, time, timedelta
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest

import carestudy as cs
from carestudy.contract import CareError
from carestudy.desk import agents_for_rates, agents_needed, erlang_a, erlang_c

FIRST = date(2025, 5, 5)  # a Monday
DAYS = 140
MEAN = (120, 120, 120, 120, 120, 40, 0)  # contacts of a weekday; nobody calls on Sundays
TIMES = ("09:00", "09:10", "09:20", "14:30")  # three of four in the first half hour


@cache
def company(timed: int = 0) -> Any:
    """Contacts whose number varies by a fifth from day to day, at four times; the last ``timed`` have a length."""
    dice, rows = np.random.default_rng(4), []
    for k in range(DAYS):
        day = FIRST + timedelta(days=k)
        rows += [f"{day} {TIMES[n % 4]}" for n in range(round(MEAN[day.weekday()] * dice.lognormal(0, 0.2)))]
    table = pd.DataFrame({"opened_at": rows, "channel": "phone"})
    if timed:
        table["handling_seconds"] = pd.Series(360.0, index=table.index[-timed:])
    return cs.load(
        {"contacts": table.assign(contact_id=range(len(table)))}, as_of=str(FIRST + timedelta(days=DAYS - 1))
    )


def test_a_rate_that_is_not_known_needs_more_agents_than_its_mean() -> None:
    for spread, agents in ((0.0, 21), (0.1, 22), (0.2, 24)):
        rates = 200 * (1 + spread * np.array([-1.5, -1.0, -0.5, 0.0, 0.5, 1.0, 1.5]))
        needed, reached = agents_for_rates(rates.tolist(), 5)
        shares = [erlang_c(float(rate), 5, needed).service_level for rate in rates]
        assert reached == pytest.approx(float(np.average(shares, weights=rates)))
        fewer = [erlang_c(float(rate), 5, needed - 1).service_level for rate in rates]
        assert np.average(fewer, weights=rates) < 0.8 <= reached
        assert needed == agents
    assert agents_for_rates([200], 5)[0] == agents_needed(200, 5).agents
    assert agents_for_rates([0, 0], 5) == (0, 1.0)


def test_callers_who_hang_up_are_counted_as_such() -> None:
    needed, reached = agents_for_rates([150, 250], 5, patience_minutes=2)
    shares = [erlang_a(rate, 5, needed, patience_minutes=2).service_level for rate in (150, 250)]
    assert reached == pytest.approx(float(np.average(shares, weights=[150, 250])))
    assert needed < agents_for_rates([150, 250], 5)[0]


@cache
def planned() -> pd.DataFrame:
    return cs.roster(company(timed=10**6), horizon=7, channel="phone")


def test_each_half_hour_has_the_agents_that_its_share_of_the_day_needs() -> None:
    frame = planned()
    assert frame["date"].unique().tolist() == [FIRST + timedelta(days=DAYS + k) for k in range(6)]  # no Sunday
    assert frame.groupby("date")["start"].apply(list).tolist() == [[time(9), time(14, 30)]] * 6
    monday, saturday = (frame[frame["weekday"] == day].set_index("start") for day in ("mon", "sat"))
    assert monday["value"][time(9)] == pytest.approx(3 * monday["value"][time(14, 30)], rel=0.05)
    assert 70 < monday["value"][time(9)] < 110
    assert saturday["agents"][time(9)] < monday["agents"][time(9)]
    assert (frame["agents"] >= frame["agents_for_mean"]).all()
    assert (frame["agents"] > frame["agents_for_mean"]).any()
    assert (frame["service_level"] >= 0.8).all()
    assert (frame["with_shrinkage"] == np.ceil(frame["agents"] / 0.7 - 1e-9)).all()
    assert frame["handling_minutes"].unique().tolist() == [6.0]


def test_the_promise_is_kept_on_days_that_vary_as_they_did() -> None:
    monday = planned().iloc[0]
    dice = np.random.default_rng(9).lognormal(0, 0.2, 2000)
    rates = 2 * 90 * dice  # contacts an hour in the first half hour of a Monday
    kept = {agents: _share(rates, int(monday[agents])) for agents in ("agents", "agents_for_mean")}
    assert kept["agents"] > 0.78
    assert kept["agents_for_mean"] < kept["agents"]


def _share(rates: np.ndarray[Any, Any], agents: int) -> float:
    shares = [erlang_c(float(rate), 6, agents).service_level for rate in rates]
    return float(np.average(shares, weights=rates))


@pytest.mark.parametrize(
    ("timed", "call", "message"),
    [
        (0, {}, "how long a contact takes stands nowhere: give handling_minutes, or map handling_seconds"),
        (10, {}, "10 contacts of the last 12 weeks say how long they took, and 30 are needed"),
        (0, {"handling_minutes": 5, "promise": 1.2}, "promise is a share above 0 and below 1"),
        (0, {"handling_minutes": 5, "shrinkage": 1.0}, "shrinkage is a share of 0 or more and below 1"),
        (0, {"channel": ["phone", "fax"]}, "no contact came by fax; channels are phone"),
        (0, {"handling_minutes": 5, "horizon": 90}, "more than a third of the history"),
    ],
)
def test_what_a_roster_lacks_is_said(timed: int, call: dict[str, Any], message: str) -> None:
    with pytest.raises(CareError, match=message):
        cs.roster(company(timed), **{"horizon": 7, "channel": "phone", **call})
