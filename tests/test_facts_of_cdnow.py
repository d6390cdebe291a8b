"""The facts told of the purchases of a CD shop come out of the public functions."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from large_data import shared_folder
from test_facts import _customers, _gone_silent

import carestudy as cs
from carestudy import kpi

SHARED = shared_folder()
CDNOW = {"date": "occurred_at", "dollar_value": "amount"}


@pytest.fixture(scope="module")
def cdnow() -> Any:
    rows = pd.read_csv(SHARED / "data" / "cdnow" / "cdnow_master.csv.gz", dtype={"customer_id": "str", "date": "str"})
    return cs.load({"transactions": rows.rename(columns=CDNOW)}, currency="USD", timezone="UTC")


def test_every_purchase_of_cdnow_is_kept(cdnow: Any) -> None:
    (count,) = cdnow.counts
    assert (count.read, count.used) == (69_659, 69_659)
    assert kpi.invoiced(cdnow)[["value", "n"]].iloc[0].tolist() == [2_500_315.63, 69_659]


def test_purchases_of_cdnow_are_as_large_as_told(cdnow: Any) -> None:
    assert round(kpi.mean_transaction(cdnow)["value"].item(), 4) == 35.8936
    assert kpi.typical_transaction(cdnow)["value"].item() == 25.98
    assert kpi.typical_transaction(cdnow, at=1.0)["value"].item() == 1_286.01
    free = kpi.invoiced(cdnow, by="amount").set_index("amount")
    assert free.loc["0", "n"] == 80


def test_equal_purchases_on_one_day_stay_purchases(cdnow: Any) -> None:
    # 255 rows repeat another in every column, 2,068 in customer and day: people buy twice.
    customers = _customers(cdnow)
    assert len(customers) == 23_570
    assert customers["transactions"].sum() - customers["days"].sum() == 2_068
    assert (customers["transactions"] > 1).sum() == 11_662
    assert (customers["days"] > 1).sum() == 11_516


def test_a_fifth_of_the_customers_of_cdnow_bring_two_thirds(cdnow: Any) -> None:
    pareto = cs.pareto(cdnow).iloc[0]
    assert (pareto["customers"], round(pareto["value"], 4)) == (23_570, 0.6778)


def test_18196_customers_of_cdnow_bought_nothing_in_1998(cdnow: Any) -> None:
    last = pd.to_datetime(_customers(cdnow)["last"])
    assert (last < pd.Timestamp("1998-01-01")).sum() == 18_196
    # The 180 days before 1998-06-30, the last day there is, begin with 1998-01-01.
    waited = cs.load({"transactions": _raw(cdnow)}, currency="USD", timezone="UTC", inactive_after=180)
    assert _gone_silent(waited, "1998") == 18_196


def _raw(care: Any) -> pd.DataFrame:
    table = care.table("transactions")
    return table.select("customer_id", "occurred_at", amount=table.amount.cast("float64")).to_pyarrow().to_pandas()
