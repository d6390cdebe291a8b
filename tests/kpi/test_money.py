"""What customers buy."""

from __future__ import annotations

import itertools

import pandas as pd
from companies import by_group, fraction, table

import carestudy as cs
from carestudy import kpi


def sales(*amounts: float | None, **columns: list[str | None]) -> pd.DataFrame:
    return pd.DataFrame({"amount": pd.Series(amounts, dtype="float64"), **columns})


def test_typical_transaction_is_the_median() -> None:
    groups = {"one": [5], "two": [30, 10], "three": [90, 10, 20], "four": [1, 2, 4, 100], "ties": [0, 0, 9]}
    rows = sales(*itertools.chain(*groups.values()), team=[team for team, of in groups.items() for _ in of])
    told = {"one": 5.0, "two": 20.0, "three": 20.0, "four": 3.0, "ties": 0.0}
    assert by_group(kpi.typical_transaction(rows, by="team"), "team") == told


def test_money_paid_back_is_no_typical_transaction() -> None:
    assert kpi.typical_transaction(sales(-50, 10, 0, None, 20))[["value", "n"]].iloc[0].tolist() == [10.0, 3]
    assert fraction(kpi.mean_transaction(sales(-50, 10, 0, None, 20))) == (30, 3)


def test_invoiced_takes_off_what_is_paid_back() -> None:
    assert kpi.invoiced(sales(-50, 10, None, 100))["value"].item() == 60.0


def test_sales_of_no_team_are_a_group_so_that_parts_equal_the_whole() -> None:
    found = kpi.invoiced(sales(10, 20, 40, team=["Bắc", None, "Bắc"]), by="team")
    assert by_group(found, "team") == {"Bắc": 50.0, None: 20.0}


def test_typical_transactions_of_nameless_groups_keep_their_own_values() -> None:
    rows = sales(1, 2, 3, 10, 20, 60, team=[None, None, None, "Bắc", "Bắc", None], channel=["web"] * 3 + [None] * 3)
    found = kpi.typical_transaction(rows, by=["team", "channel"])
    keys = list(found[["team", "channel"]].itertuples(index=False, name=None))
    assert dict(zip(keys, found["value"], strict=True)) == {("Bắc", None): 15, (None, "web"): 2, (None, None): 60}


def test_amounts_are_exact_in_the_smallest_unit_of_the_currency() -> None:
    cents = cs.load({"transactions": sales(*[0.1] * 3)}, currency="USD")
    assert (fraction(kpi.invoiced(cents)), kpi.invoiced(cents)["value"].item()) == ((30, 3), 0.3)
    assert kpi.typical_transaction(cents)["value"].item() == 0.1
    dong = cs.load({"transactions": sales(*[2e12] * 3)}, currency="VND")
    assert kpi.invoiced(dong)["value"].item() == 6e12


def test_amounts_of_a_country_do_not_overflow() -> None:
    dong = cs.load({"transactions": sales(*[9e15] * 100, customer_id=["A"] * 100)})
    found = kpi.mean_transaction(dong).iloc[0]
    assert (found["value"], found["numerator"]) == (9e15, 9 * 10**17)


def test_active_customers_count_once_and_nobody_is_none() -> None:
    rows = table(
        "customer_id occurred_at channel",
        ("A", "2026-10-01", "web"), ("A", "2026-10-31 23:59", "shop"), ("B", "2026-10-05", "shop"),
        ("C", "2026-11-01", "shop"), (None, "2026-10-05", "shop"),
    )  # fmt: skip
    assert kpi.active_customers(rows, period="2026-10")["value"].item() == 2
    assert by_group(kpi.active_customers(rows, period="2026-10", by="channel"), "channel") == {"shop": 2, "web": 1}


def test_without_sales_there_is_no_figure() -> None:
    for figure in (kpi.typical_transaction, kpi.mean_transaction, kpi.invoiced):
        assert figure(sales())[["value", "low", "high"]].isna().all(axis=None)
        assert figure(sales(team=[]), by="team").empty
