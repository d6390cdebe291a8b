"""What is typical of amounts, from numbers and from a company's rows."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from companies import demo

import carestudy as cs
from carestudy import kpi, typical
from carestudy.measure.kinds.quantile import worth_ranks


def test_a_companys_figures_are_those_of_its_amounts() -> None:
    rows = demo().table("transactions").to_pyarrow().to_pandas()
    amounts = rows[(rows["amount"] >= 0) & (rows["channel"] == "Website") & rows["occurred_at"].ge("2026-10-01")]
    found = typical.transaction(demo(), by="channel", period="2026-10").set_index("channel").loc["Website"]
    values = amounts["amount"].to_numpy(float)
    assert found["n"] == len(values)
    assert found["customers"] == amounts["customer_id"].nunique()
    assert found[["p10", "median", "p90"]].tolist() == pytest.approx(np.quantile(values, [0.1, 0.5, 0.9]))
    assert found["trimmed_mean"] == pytest.approx(typical.trimmed_mean(values))
    assert found["geometric_mean"] == pytest.approx(typical.geometric_mean(values[values > 0]))
    mean, limits = typical.mean(values, customers=amounts["customer_id"])
    assert found["mean"] == pytest.approx(mean)
    assert (found["mean_low"], found["mean_high"]) == pytest.approx(limits, rel=1e-9)


def test_the_mean_takes_customers_and_not_their_purchases_as_independent() -> None:
    of_customers = np.random.default_rng(3).exponential(100, 20)
    amounts, who = np.repeat(of_customers, 10), np.repeat(np.arange(20), 10)
    narrow, wide = typical.mean(amounts, customers=range(200))[1], typical.mean(amounts, customers=who)[1]
    assert wide[0] < narrow[0] < narrow[1] < wide[1]
    assert wide == pytest.approx(typical.mean(of_customers, customers=range(20))[1], rel=1e-9)
    with pytest.raises(cs.CareError, match="200 amounts have 20"):
        typical.mean(amounts, customers=range(20))


@pytest.mark.parametrize("customers", [3, 40, 400, 6_000])
@pytest.mark.parametrize("level", [0.8, 0.95])
def test_one_mean_has_one_interval(customers: int, level: float) -> None:
    rng = np.random.default_rng(customers)
    who = rng.integers(0, customers, customers * 3)
    rows = pd.DataFrame({"customer_id": who.astype(str), "amount": np.ceil(np.exp(rng.normal(12, 1, len(who))))})
    rows = rows.assign(occurred_at="2026-10-05", amount=rows["amount"].astype("int64"))
    care = cs.load({"transactions": rows}, as_of="2026-10-31")
    figure = kpi.mean_transaction(care, period="2026-10", level=level).iloc[0][["value", "low", "high"]].tolist()
    whole = typical.transaction(care, period="2026-10", level=level).iloc[0][["mean", "mean_low", "mean_high"]].tolist()
    mean, limits = typical.mean(rows["amount"], customers=rows["customer_id"], level=level)
    assert whole == pytest.approx(figure, rel=1e-9)
    assert [mean, *limits] == pytest.approx(figure, rel=1e-9)


def test_the_interval_of_a_mean_is_the_same_each_time() -> None:
    assert typical.mean([1, 5, 9, 40]) == typical.mean([1, 5, 9, 40])


def test_of_many_customers_students_interval_and_the_bootstrap_agree() -> None:
    amounts = np.random.default_rng(1).exponential(100, 5_001)
    few, many = typical.mean(amounts[:-1])[1], typical.mean(amounts)[1]
    assert many == pytest.approx(few, rel=0.01)


def test_one_customer_has_no_interval_and_equal_ones_a_point() -> None:
    assert np.isnan(typical.mean([3, 4], customers=["A", "A"])[1]).all()
    assert typical.mean([3, 3, 3]) == (3.0, (3.0, 3.0))


@pytest.mark.parametrize("amounts", [[], [1, np.nan]])
def test_amounts_that_are_none_are_refused(amounts: list[float]) -> None:
    with pytest.raises(cs.CareError, match="amounts are numbers"):
        typical.mean(amounts)


def test_a_geometric_mean_of_nothing_above_zero_is_refused() -> None:
    with pytest.raises(cs.CareError, match="above zero"):
        typical.geometric_mean([0, 5])
    with pytest.raises(cs.CareError, match="leaves nothing"):
        typical.trimmed_mean([1, 2], cut=0.5)


def test_purchases_of_one_customer_widen_the_interval_of_the_median() -> None:
    amounts = np.repeat(np.random.default_rng(5).integers(1, 10_000, 60), 6)
    alone = pd.DataFrame({"amount": amounts})
    same = alone.assign(customer_id=[f"K{k // 6}" for k in range(360)])
    each = pd.DataFrame({"amount": amounts[::6]})
    wide, narrow, true = (kpi.typical_transaction(one).iloc[0] for one in (same, alone, each))
    assert wide["low"] <= true["low"] <= narrow["low"] < narrow["high"] <= true["high"] <= wide["high"]


def test_independent_rows_keep_their_ranks() -> None:
    sizes = np.arange(6, 400)
    for found, told in zip(worth_ranks(sizes, 1.0), cs.intervals.order_ranks(sizes), strict=True):
        assert found.tolist() == told.tolist()


def test_ranks_widen_with_the_design_effect_and_then_fail() -> None:
    low, high = worth_ranks(100, np.array([1.0, 2.0, 5.0, 50.0]))
    assert (np.diff(low[:3]) < 0).all()
    assert (np.diff(high[:3]) > 0).all()
    assert np.isnan([low[-1], high[-1]]).all()
