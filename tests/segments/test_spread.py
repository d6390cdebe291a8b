"""How revenue is spread: the best, the curve and the Gini coefficient, with refunds netted first."""

from __future__ import annotations

from typing import Any

import pytest
from companies import DATA, table
from hypothesis import given, settings
from hypothesis import strategies as st

import carestudy as cs
from carestudy.contract import CareError

amounts = st.lists(st.integers(0, 10**9), min_size=1, max_size=30).filter(any)


def _company(**totals: int) -> Any:
    rows = [(name, "2026-03-01", amount) for name, amount in totals.items()]
    return cs.load({"transactions": table("customer_id occurred_at amount", *rows, amount="int64")}, as_of="2026-10-31")


def test_gini_of_equals_is_none_and_of_one_who_has_all_is_nearly_one() -> None:
    assert cs.concentration.gini([5, 5, 5, 5]) == 0
    assert cs.concentration.gini([0, 0, 0, 8]) == 0.75
    assert cs.concentration.gini([0, 0, 0, 8], unbiased=True) == 1


def test_a_single_total_has_no_unbiased_gini() -> None:
    assert cs.concentration.gini([7], unbiased=True) != cs.concentration.gini([7], unbiased=True)  # NaN
    assert cs.concentration.gini([7]) == 0


@pytest.mark.parametrize(
    ("totals", "said"),
    [([3, -1, -2], "2 of 3 totals are negative"), ([0, 0], "all totals are zero"), ([1.0, float("nan")], "numbers")],
)
def test_totals_of_which_nothing_can_be_told_are_refused(totals: list[float], said: str) -> None:
    for asked in (cs.concentration.gini, cs.concentration.top_share):
        with pytest.raises(CareError, match=said):
            asked(totals)


@settings(max_examples=10)
@given(amounts)
def test_the_engine_agrees_with_the_definition_of_mean_differences(totals: list[int]) -> None:
    n, whole = len(totals), sum(totals)
    expected = sum(abs(a - b) for a in totals for b in totals) / (2 * n * whole)
    found = cs.pareto(_company(**{f"C{k:02}": total for k, total in enumerate(totals)})).iloc[0]
    assert found["gini"] == pytest.approx(expected, abs=1e-9)
    assert cs.concentration.gini(totals) == pytest.approx(expected, abs=1e-9)


@given(amounts, st.integers(1, 1000))
def test_neither_order_nor_currency_changes_the_gini(totals: list[int], rate: int) -> None:
    one = cs.concentration.gini(totals)
    assert cs.concentration.gini([rate * total for total in reversed(totals)]) == pytest.approx(one, abs=1e-9)


@settings(max_examples=10)
@given(amounts)
def test_the_curve_rises_lies_below_the_diagonal_and_ends_in_the_whole(totals: list[int]) -> None:
    curve = cs.lorenz(_company(**{f"C{k:02}": total for k, total in enumerate(totals)}))
    assert curve.iloc[0].tolist() == [0, 0]
    assert curve.iloc[-1].tolist() == [1, 1]
    assert curve["revenue_share"].is_monotonic_increasing
    assert (curve["revenue_share"] <= curve["customers_share"] + 1e-12).all()


def test_the_curve_has_a_point_at_each_customer() -> None:
    curve = cs.lorenz(_company(A=60, B=10, C=30))
    assert curve["customers_share"].tolist() == [0, 1 / 3, 2 / 3, 1]
    assert curve["revenue_share"].tolist() == [0, 0.1, 0.4, 1]


def test_the_curve_of_many_passes_through_the_share_of_the_best() -> None:
    care = cs.load(DATA / "journey")
    curve, best = cs.lorenz(care), cs.pareto(care).iloc[0]
    assert len(curve) == 101
    at = curve[curve["customers_share"] == 1 - best["best"] / best["customers"]]
    assert 1 - at["revenue_share"].item() == pytest.approx(best["value"], abs=1e-12)


def test_refunds_are_netted_for_each_customer_and_who_brought_nothing_is_counted() -> None:
    rows = [("A", "2026-03-01", 100), ("A", "2026-03-02", -40), ("B", "2026-03-01", 40), ("C", "2026-03-01", -30)]
    rows += [("D", "2026-03-01", 0)]
    care = cs.load({"transactions": table("customer_id occurred_at amount", *rows, amount="int64")}, as_of="2026-10-31")
    found = cs.pareto(care, top=0.25).iloc[0]
    assert (found["customers"], found["best"], found["without"], found["revenue"]) == (4, 1, 2, 100)
    assert found["value"] == 0.6


def test_purchases_marked_as_returned_brought_nothing() -> None:
    frame = table("customer_id occurred_at amount", ("A", "2026-03-01", 100), ("B", "2026-03-01", 100), amount="int64")
    care = cs.load({"transactions": frame.assign(returned=[True, False])}, as_of="2026-10-31")
    found = cs.pareto(care, top=0.5).iloc[0]
    assert (found["value"], found["without"], found["revenue"]) == (1, 1, 100)


def test_where_all_came_back_nothing_can_be_told() -> None:
    for asked in (cs.pareto, cs.lorenz):
        with pytest.raises(CareError, match="only where there is revenue above zero"):
            asked(_company(A=-5, B=0))


def test_a_share_that_is_none_is_refused() -> None:
    with pytest.raises(CareError, match=r"^pareto: top is a share above 0 and up to 1, such as 0.2, not 20$"):
        cs.pareto(_company(A=5), top=20)
