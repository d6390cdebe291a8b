"""Customers without contracts: someone is lost after so many days without a purchase."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from companies import fraction, table

import carestudy as cs
from carestudy import kpi

PARTS = ["start", "lost", "new", "returned", "end"]
OCTOBER = {  # days of purchases, and what October 2026 counts when a customer is lost after 30 days
    "31 days before the last of September": (["2026-08-30"], (0, 0, 0, 0, 0)),
    "30 days before the last of September": (["2026-08-31"], (1, 1, 0, 0, 0)),
    "31 days before the last of October": (["2026-09-30"], (1, 1, 0, 0, 0)),
    "30 days before the last of October": (["2026-10-01"], (0, 0, 1, 0, 1)),
    "every 30 days": (["2026-08-31", "2026-09-30", "2026-10-30"], (1, 0, 0, 0, 1)),
    "back after 40 days": (["2026-01-05", "2026-08-30", "2026-10-09"], (0, 0, 0, 1, 1)),
    "silent within the month": (["2026-09-01", "2026-10-20"], (1, 0, 0, 0, 1)),
    "back and silent again": (["2026-01-05", "2026-03-05", "2026-05-05"], (0, 0, 0, 0, 0)),
    "twice on one day": (["2026-10-31", "2026-10-31"], (0, 0, 1, 0, 1)),
    "only after": (["2026-11-01"], (0, 0, 0, 0, 0)),
}


def shop(bought: dict[str, list[str]], as_of: str = "2026-12-31", **settings: Any) -> Any:
    rows = [(name, day) for name, days in bought.items() for day in days]
    cases = [(name, name) for name in bought]
    tables = {
        "transactions": table("customer_id occurred_at", *rows),
        "customers": table("customer_id case", *cases),
    }
    return cs.load(tables, as_of=as_of, **settings)


def test_each_day_of_silence_counts_on_its_own_side() -> None:
    care = shop({name: days for name, (days, _) in OCTOBER.items()}, inactive_after=30)
    found = cs.bridge(care, period="2026-10", by="case").set_index("case")[PARTS]
    assert {name: tuple(row) for name, row in found.iterrows()} == {name: told for name, (_, told) in OCTOBER.items()}


def test_retention_counts_who_is_not_silent() -> None:
    care = shop({name: days for name, (days, _) in OCTOBER.items()}, inactive_after=30)
    assert fraction(kpi.retention_rate(care, period="2026-10")) == (2, 4)


@pytest.mark.parametrize(("wait", "end", "undecided"), [(30, 0, 0), (31, 1, 0), (32, 1, 1)])
def test_who_may_yet_come_back_is_undecided(wait: int, end: int, undecided: int) -> None:
    care = shop({"A": ["2026-09-30"]}, as_of="2026-10-31", inactive_after=wait)
    assert cs.bridge(care, period="2026-10")[["end", "undecided"]].iloc[0].tolist() == [end, undecided]


def test_who_bought_in_the_period_is_decided_for_it() -> None:
    care = shop({"A": ["2026-09-30", "2026-10-01"]}, as_of="2026-10-31", inactive_after=60)
    assert cs.bridge(care, period="2026-10")["undecided"].item() == 0


def test_later_data_decide_the_undecided() -> None:
    care = shop({"A": ["2026-09-30"]}, as_of="2026-12-31", inactive_after=32)
    found = cs.bridge(care, period="2026-11", every="month", last=2)
    assert found[["end", "lost", "undecided"]].to_numpy().tolist() == [[1, 0, 0], [0, 1, 0]]


def test_purchases_of_nobody_make_no_customer() -> None:
    rows = table("customer_id occurred_at", (None, "2026-09-30"), ("A", "2026-09-30"))
    care = cs.load({"transactions": rows}, as_of="2026-10-31", inactive_after=60)
    assert cs.bridge(care, period="2026-10")["end"].item() == 1


@pytest.mark.parametrize(("rare", "wait"), [(1, 1), (2, 50)])
def test_the_days_to_wait_are_read_from_the_gaps_between_purchases(rare: int, wait: int) -> None:
    gaps = [1] * (100 - rare) + [50] * rare
    days = np.cumsum([0, *gaps]).astype("timedelta64[D]") + np.datetime64("2026-01-01")
    care = shop({"A": [str(day) for day in days]}, as_of="2026-12-31")
    assert care.inactive_after == wait
    assert f"lost after {wait} days without a purchase" in repr(care)


def test_without_a_second_purchase_customers_are_waited_for_a_year() -> None:
    assert shop({"A": ["2026-01-05"], "B": ["2026-01-05", "2026-01-05"]}).inactive_after == 365


def test_contracts_go_before_purchases() -> None:
    tables = {
        "customers": table("customer_id joined_on left_on", ("A", "2026-01-05", None)),
        "transactions": table("customer_id occurred_at", ("A", "2026-01-05"), ("B", "2026-10-05")),
    }
    care = cs.load(tables, as_of="2026-12-31", inactive_after=30)
    assert cs.bridge(care, period="2026-10")[PARTS].iloc[0].tolist() == [1, 0, 0, 0, 1]
