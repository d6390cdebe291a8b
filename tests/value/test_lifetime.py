"""Lifetime value: with contracts or without, beside what was brought, and only as far as a hold-out bears it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from companies import DATA, demo

import carestudy as cs
from carestudy import value
from carestudy.contract import CareError, Missing
from carestudy.value.discount import rate_of
from carestudy.value.forecast_check import against

TRUTH = (0.9, 7.0, 0.8, 4.0)


def shop(customers: int = 1500, *, days: int = 540, slower: float = 1.0) -> pd.DataFrame:
    """Receipts of customers who buy by BG/NBD at amounts by Gamma-Gamma; from day 360 on, ``slower`` as often."""
    random = np.random.default_rng(11)
    r, alpha, a, b = TRUTH
    rows = []
    for number in range(customers):
        pace, leave = random.gamma(r, 1 / alpha) / 7, random.beta(a, b)
        nu, day = random.gamma(4.0, 1 / 60.0), float(random.integers(0, 240))
        while day < days:
            rows.append((f"C{number}", int(day), round(random.gamma(5.0, 1 / nu), 2)))
            if len(rows) > 1 and rows[-2][0] == rows[-1][0] and random.random() < leave:
                break
            day += 1 + random.exponential(1 / pace) / (slower if day > 360 else 1)
    frame = pd.DataFrame(rows, columns=["customer_id", "day", "amount"])
    return frame.assign(occurred_at=(pd.Timestamp("2025-01-01") + pd.to_timedelta(frame.pop("day"), unit="D")))


def contracts(customers: int = 1200, *, leaving: float = 0.03, later: float | None = None) -> dict[str, pd.DataFrame]:
    """Customers who leave with a chance each month, ``later`` another one in 2026, and pay 100 on every 30th day."""
    random = np.random.default_rng(13)
    people, sales = [], []
    for number in range(customers):
        joined = pd.Timestamp("2024-01-01") + pd.Timedelta(days=int(random.integers(0, 900)))
        left, day = None, joined
        while day < pd.Timestamp("2026-12-31"):
            sales.append((f"C{number}", day, 100.0 if number % 2 else 300.0))
            day += pd.Timedelta(days=30)
            chance = later if later is not None and day.year == 2026 else leaving
            if random.random() < chance:
                left = day
                break
        people.append((f"C{number}", joined, left, "small" if number % 2 else "large"))
    return {
        "customers": pd.DataFrame(people, columns=["customer_id", "joined_on", "left_on", "segment"]),
        "transactions": pd.DataFrame(sales, columns=["customer_id", "occurred_at", "amount"]),
    }


@pytest.fixture(scope="module")
def receipts() -> Any:
    return cs.load({"transactions": shop()}, as_of="2026-06-24", currency="USD")


@pytest.fixture(scope="module")
def bought(receipts: Any) -> Any:
    return cs.lifetime_value(receipts)


@pytest.fixture(scope="module")
def signed() -> Any:
    return cs.load(contracts(), as_of="2026-12-31", currency="USD")


@pytest.fixture(scope="module")
def stayed(signed: Any) -> Any:
    return cs.lifetime_value(signed, by="segment")


def test_without_contracts_it_is_purchases_times_amounts(receipts: Any, bought: Any) -> None:
    assert bought.method == "BG/NBD, Gamma-Gamma"
    row = bought.whole.iloc[0]
    model = value.BgNbd.at(TRUTH)
    history = cs.purchase_history(receipts)
    ahead = model.discounted(history, rate=rate_of(0.10, 7), time=365.25 / 7)
    spent = value.GammaGamma.at((5.0, 4.0, 60.0)).expected(history)
    assert row["low"] < (ahead * spent).mean() < row["high"]
    assert (row["high"] - row["low"]) / row["value"] < 0.4
    assert row["customers"] == 1500
    assert row["brought"] == pytest.approx(history["brought"].mean())


def test_customers_who_buy_as_before_bear_the_forecast(bought: Any) -> None:
    assert bought.check.events == "purchases"
    assert bought.trusted == "yes"
    assert bought.check.counted.low < 1.1
    assert bought.check.counted.high > 0.9
    tracking = bought.check.tracking
    assert (tracking["actual"].diff().dropna() >= 0).all()
    assert tracking["held_out"].tolist() == sorted(tracking["held_out"])
    assert tracking["expected"].iloc[-1] == pytest.approx(tracking["actual"].iloc[-1], rel=0.1)


def test_customers_who_buy_less_than_before_do_not() -> None:
    fewer = cs.load({"transactions": shop(600, slower=0.15)}, as_of="2026-06-24", currency="USD")
    found = cs.lifetime_value(fewer)
    assert found.trusted == "no"
    assert found.check is not None
    assert found.check.counted.high < 0.8


def test_who_bought_once_is_never_said_to_be_alive(receipts: Any, bought: Any) -> None:
    customers = cs.customer_values(receipts)
    history = cs.purchase_history(receipts)
    once = history["x"] == 0
    assert customers["p_alive"].isna().tolist() == once.tolist()
    assert bought.once == once.sum()
    assert bought.alive["customers"].sum() == (~once).sum()
    assert bought.alive["alive"].sum() == pytest.approx(customers["p_alive"].sum())
    assert cs.customer_values(receipts, model="mbg_nbd")["p_alive"].notna().all()


def test_the_customers_of_a_list_add_up_to_the_value_of_all(receipts: Any, bought: Any) -> None:
    customers = cs.customer_values(receipts)
    assert customers["customer_id"].is_unique
    assert customers["value"].mean() == pytest.approx(bought.whole["value"].item())
    assert customers["expected"].gt(0).all()


def test_with_contracts_it_is_months_times_what_a_month_brings(stayed: Any) -> None:
    assert stayed.contracts
    # Three of a hundred leave every 30 days, so that twelve months bring twelve payments, fewer and discounted.
    months = np.arange(1, 13)
    stay = 0.97 ** (months * 30.4375 / 30 - 0.5)
    ahead = float((stay * 1.1 ** -((months - 0.5) / 12)).sum()) * 30.4375 / 30
    rows = stayed.frame.set_index("segment")
    for name, pays in (("large", 300), ("small", 100)):
        assert rows.loc[name, "low"] * 0.97 < pays * ahead < rows.loc[name, "high"] * 1.03
    assert rows["customers"].sum() == stayed.whole["customers"].item()


def test_only_customers_who_are_here_are_forecast_with_contracts(signed: Any, stayed: Any) -> None:
    people = contracts()["customers"]
    here = people["left_on"].isna() | (people["left_on"] > "2026-12-31")
    assert stayed.whole["customers"].item() == here.sum()
    customers = cs.customer_values(signed)
    assert set(customers["customer_id"]) == set(people.loc[here, "customer_id"])
    assert (customers["p_alive"] == 1).all()


def test_customers_who_stay_as_before_bear_the_forecast_and_others_do_not(stayed: Any) -> None:
    assert stayed.check.events == "losses"
    assert stayed.trusted in {"yes", "cannot tell"}
    worse = cs.lifetime_value(cs.load(contracts(later=0.08), as_of="2026-12-31", currency="USD"))
    assert worse.trusted == "no"
    assert worse.check is not None
    assert worse.check.counted.low > 1.25


def test_the_observed_and_the_projected_stay_lie_close(stayed: Any) -> None:
    known = stayed.curve.dropna()
    assert np.abs(known["observed"] - known["projected"]).max() < 0.05
    assert stayed.curve["projected"].is_monotonic_decreasing
    assert len(stayed.curve) == known["months"].max() + 12 + 1


def test_margin_is_no_revenue(receipts: Any, bought: Any, tmp_path: Path) -> None:
    third = cs.lifetime_value(receipts, margin=0.3)
    assert (third.margin, bought.margin) == (0.3, None)
    for name in ("value", "brought", "low"):
        assert third.whole[name].item() == pytest.approx(0.3 * bought.whole[name].item())
    assert "margin of 30% of revenue" in repr(third)
    assert "revenue" in repr(bought)


def test_care_toml_states_the_margin(tmp_path: Path) -> None:
    (tmp_path / "care.toml").write_text('currency = "USD"\nas_of = "2026-06-24"\n[value]\nmargin = 0.25\n', "utf-8")
    shop(60).to_csv(tmp_path / "transactions.csv", index=False)
    assert cs.load(tmp_path).settings.margin == 0.25
    (tmp_path / "care.toml").write_text("[value]\nmargin = 25\n", "utf-8")
    with pytest.raises(CareError, match="margin is the share of revenue that remains"):
        cs.load(tmp_path)


def test_a_longer_horizon_brings_more_and_a_discount_less(receipts: Any, bought: Any) -> None:
    longer = cs.lifetime_value(receipts, horizon="3Y").whole["value"].item()
    whole = cs.lifetime_value(receipts, discount=0.0).whole["value"].item()
    value_of_a_year = bought.whole["value"].item()
    assert value_of_a_year < longer < 3 * value_of_a_year
    assert value_of_a_year < whole < value_of_a_year * 1.1


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"horizon": "12"}, '"12M" or "3Y"'), ({"horizon": "0M"}, '"12M" or "3Y"'), ({"discount": 10}, "share a year"),
        ({"margin": 30}, "share of revenue"), ({"model": "rfm"}, "choose one of bg_nbd, mbg_nbd, pareto_nbd"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_with_how_to_write_it(receipts: Any, asked: Any, message: str) -> None:
    with pytest.raises(CareError, match=message):
        cs.lifetime_value(receipts, **asked)


def test_without_repeat_buyers_there_is_only_what_was_brought() -> None:
    once = shop(50).drop_duplicates("customer_id")
    found = cs.lifetime_value(cs.load({"transactions": once}, as_of="2026-06-24", currency="USD"))
    assert (found.method, found.trusted) == ("", "cannot tell")
    assert "nobody bought twice" in found.reason
    assert found.whole["value"].isna().item()
    assert found.whole["brought"].item() == pytest.approx(once["amount"].mean())
    assert "no forecast" in repr(found)


def test_amounts_are_asked_for_by_name() -> None:
    care = cs.load({"transactions": shop(20).drop(columns="amount")}, as_of="2026-06-24")
    with pytest.raises(Missing, match="amount"):
        cs.lifetime_value(care)


def test_the_order_of_rows_changes_nothing(bought: Any) -> None:
    mixed = shop().sample(frac=1, random_state=1)
    again = cs.lifetime_value(cs.load({"transactions": mixed}, as_of="2026-06-24", currency="USD"))
    pd.testing.assert_frame_equal(again.whole, bought.whole, rtol=1e-9)


def test_the_demo_company_lost_more_than_its_past_foretold() -> None:
    found = cs.lifetime_value(demo())
    assert found.contracts
    assert found.trusted == "no"  # losses doubled in March 2026: planted
    assert found.check is not None
    assert found.check.counted.actual == 653
    assert DATA.exists()


def test_a_ratio_far_from_one_is_no_forecast_to_trust() -> None:
    random = np.random.default_rng(1)
    expected = np.full(2000, 0.5)
    assert against(expected, random.poisson(0.5, 2000)).verdict == "yes"
    assert against(expected, random.poisson(0.8, 2000)).verdict == "no"
    assert against(expected[:20], random.poisson(0.5, 20)).verdict == "cannot tell"
    assert against([0.0], [1.0]).verdict == "cannot tell"
