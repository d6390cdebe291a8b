"""The facts told of the real data sets come out of the public functions."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from companies import DATA, by_group

import carestudy as cs
from carestudy import kpi


@pytest.fixture(scope="module")
def journey() -> Any:
    return cs.load(DATA / "journey", as_of="2018-01-01")


def _customers(care: Any) -> pd.DataFrame:
    return cs.purchases(care)


def _gone_silent(care: Any, period: str) -> int:
    """Everybody who had bought by the end of a period, less those who still count as customers."""
    (row,) = cs.bridge(care, period=period).to_dict("records")
    return int(len(_customers(care)) - row["end"])


def test_every_basket_of_the_journey_is_used(journey: Any) -> None:
    counted = {count.table: (count.read, count.used) for count in journey.counts}
    assert counted == {"transactions": (155_848, 155_848), "customers": (801, 801)}


def test_the_journey_sold_as_much_as_told(journey: Any) -> None:
    assert kpi.invoiced(journey)["value"].item() == 4_596_039.58
    assert round(kpi.mean_transaction(journey)["value"].item(), 2) == 29.49
    assert kpi.typical_transaction(journey)["value"].item() == 17.50


def test_the_journey_has_457_stores_and_their_sales_add_up(journey: Any) -> None:
    stores = kpi.invoiced(journey, by="store_id")
    assert len(stores) == 457
    assert stores["numerator"].sum() == 459_603_958


def test_a_fifth_of_the_households_bring_more_than_half_of_the_sales(journey: Any) -> None:
    pareto = cs.pareto(journey).iloc[0]
    assert (pareto["customers"], pareto["best"]) == (2_469, 493)
    assert round(pareto["value"], 4) == 0.5451


def test_households_come_as_often_as_told(journey: Any) -> None:
    baskets = _customers(journey)["transactions"]
    assert round(baskets.mean(), 2) == 63.12
    assert (baskets.median(), (baskets > 1).sum()) == (43, 2_438)


def test_142_households_were_silent_for_the_last_90_days_of_2017(journey: Any) -> None:
    last = pd.to_datetime(_customers(journey)["last"])
    assert (last < pd.Timestamp("2017-10-02")).sum() == 142


def test_silent_households_are_no_customers_at_the_end_of_the_year() -> None:
    care = cs.load(DATA / "journey", as_of="2017-12-31", inactive_after=90)
    # One of them comes back on New Year's Day, which the data know and the end of 2017 did not.
    assert _gone_silent(care, "2017") == 142 + 1


def test_active_households_by_quarter_are_as_told(journey: Any) -> None:
    active = kpi.active_customers(journey, period="2017", every="quarter")
    told = {"2017-Q1": 2_280, "2017-Q2": 2_301, "2017-Q3": 2_320, "2017-Q4": 2_327}
    assert by_group(active, "period") == told


def test_the_ages_of_the_801_known_households_are_as_told(journey: Any) -> None:
    told = {"45-54": 288, "35-44": 194, "25-34": 142, "65+": 72, "55-64": 59, "19-24": 46}
    assert by_group(kpi.customers_on_file(journey, by="age"), "age") == told
