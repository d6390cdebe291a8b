"""What goes with leaving: only facts from before, the planted one found, no other invented, nothing called a cause."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from companies import demo, people, table

import carestudy as cs
from carestudy.churn import Drivers, window
from carestudy.contract import CareError, Missing


def test_the_demo_loses_twice_as_many_without_an_owner_and_nothing_else_makes_a_difference(found: Drivers) -> None:
    sure = found.found
    assert sure[["fact", "level", "verdict"]].to_numpy().tolist() == [["owner", "none", "more leave"]]
    row = sure.iloc[0]
    # Planted: 1.5 % a month and 3 % since March, twice as many without an owner.
    assert row["hazard_low"] < 2 < row["hazard_high"]
    assert row["low"] < 0.025 < row["high"]
    assert row["share"] == pytest.approx(2 * row["share_against"], rel=0.25)


def test_the_hold_out_says_that_owners_alone_foretell_little(found: Drivers) -> None:
    quality = {one.model: one for one in found.quality}
    assert quality["trees"].low < 0.5 + 0.05
    assert quality["single facts"].auc < 0.6
    assert quality["single facts"].ranks
    assert found.importance["fact"].iloc[0] == "owner"


def test_customers_and_leavers_are_those_of_the_monthly_churn(found: Drivers) -> None:
    from carestudy import kpi

    months = kpi.gross_churn_rate(demo(), period="2026-10", every="month", last=12)
    assert (found.n, found.left) == (months["denominator"].sum(), months["numerator"].sum())


def test_it_prints_whole_and_claims_no_cause(found: Drivers) -> None:
    text = repr(found)
    assert "What goes with leaving (all), 2025-11-01..2026-10-31, 12 windows" in text
    assert "cause" not in text


def _company(**settings: Any) -> Any:
    """Four customers at the start of October 2026, with events on both sides of it."""
    customers = people(
        ("A", "2026-01-01", None, None), ("B", "2025-06-01", "2026-10-10", "price"),
        ("C", "2026-10-01", None, None), ("D", "2024-01-01", "2026-09-30", "price"), ("E", "2026-09-30", None, None),
        columns="leave_reason",
    )  # fmt: skip
    contacts = table(
        "contact_id customer_id opened_at resolved_at kind",
        ("1", "A", "2026-09-30T10:00", "2026-10-02T10:00", "complaint"),
        ("2", "A", "2026-10-01T10:00", None, "complaint"),
        ("3", "B", "2026-07-03T10:00", "2026-07-04T10:00", "question"),
        ("4", "B", "2026-07-02T10:00", "2026-07-04T10:00", "complaint"),
        ("5", "E", "2020-01-01T10:00", None, "question"),
    )
    scores = pd.DataFrame({
        "response_id": ["1", "2", "3", "4"], "customer_id": ["A", "A", "A", "B"],
        "question": ["csat", "csat", "csat", "nps"],
        "answered_at": ["2026-09-01T10:00", "2026-09-02T10:00", "2026-10-01T10:00", "2025-09-30T10:00"],
        "score": [5.0, 2.0, 5.0, 0.0],
    })  # fmt: skip
    data = {"customers": customers, "contacts": contacts, "responses": scores}
    return cs.load(data, as_of="2026-10-31", **settings)


def test_facts_stand_as_on_the_day_before_the_window() -> None:
    care = _company()
    spans = window.windows(care, "2026-10", 1)
    rows = window.at_risk(care, spans, *window.usable(care, None), most=1000).set_index("customer_id")
    # Not yet here, and gone already, are at risk of nothing.
    assert rows.index.tolist() == ["A", "B", "E"]
    assert rows["left"].to_dict() == {"A": 0, "B": 1, "E": 0}
    assert rows["followed"].to_dict() == {"A": 31, "B": 9, "E": 31}
    assert rows.loc["A", ["contacts", "complaints", "unresolved"]].tolist() == [1, 1, 1]
    # The ninetieth day before counts, the one before it does not; what is unresolved counts however old.
    assert rows.loc["B", ["contacts", "complaints", "unresolved"]].tolist() == [1, 0, 0]
    assert rows.loc["E", ["contacts", "unresolved"]].tolist() == [0, 1]
    assert rows.loc["A", "csat"] == 2
    assert np.isnan(rows.loc["B", "nps"])


def test_of_too_many_rows_every_so_many_customers_are_taken() -> None:
    spans = window.windows(demo(), "2026-10", 2)
    rows = window.at_risk(demo(), spans, [], [], most=2_000)
    assert 500 < rows["customer_id"].nunique() <= 1000
    assert rows.groupby("window")["customer_id"].nunique().min() > 300


def test_few_leavers_are_counted_and_nothing_is_fitted() -> None:
    found = cs.churn.drivers(_company(), period="2026-10", last=3)
    assert found.left == 2
    assert found.quality == ()
    assert found.effects["value"].isna().all()


def test_silence_makes_no_fact_of_the_purchases_it_is_made_of() -> None:
    bought = table("transaction_id customer_id occurred_at", ("1", "A", "2026-01-05T10:00"))
    care = cs.load({"transactions": bought}, as_of="2026-10-31", inactive_after=90)
    assert window.usable(care, None) == ([], [])


def test_involuntary_leavers_have_not_left_of_their_own_will() -> None:
    assert cs.churn.drivers(_company(involuntary=["Price"]), period="2026-10", last=3).left == 0


def test_a_period_that_is_not_over_and_a_column_that_is_not_there_are_refused() -> None:
    with pytest.raises(CareError, match="not over yet"):
        cs.churn.drivers(
            cs.load({"customers": people(("A", "2026-01-01", None))}, as_of="2026-10-15"), period="2026-10", last=1
        )
    with pytest.raises(Missing, match="branch"):
        cs.churn.drivers(demo(), period="2026-10", columns=["branch"])


def test_the_risk_of_customers_is_right_on_the_whole_and_says_why() -> None:
    found = cs.churn.at_risk(demo())
    assert found.columns.tolist() == ["customer_id", "risk", "reasons"]
    assert len(found) == 3537
    # About three in a hundred left in each of the last months, and twice as many of those without an owner.
    by_reason = found.groupby("reasons")["risk"].mean()
    assert found["risk"].mean() == pytest.approx(0.0305, abs=0.002)
    assert by_reason.index.tolist() == ["", "owner=none"]
    assert by_reason["owner=none"] > 1.5 * by_reason[""]
    assert found["risk"].is_monotonic_decreasing


def test_where_hardly_anybody_left_all_have_the_same_risk() -> None:
    found = cs.churn.at_risk(_company())
    assert found["customer_id"].tolist() == ["A", "C", "E"]
    assert len(set(found["risk"])) == 1
    assert set(found["reasons"]) == {""}
