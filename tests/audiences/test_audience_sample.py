"""How many to ask follows from the margin, and who is asked from chance alone."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from companies import answers, demo
from hypothesis import given, settings
from hypothesis import strategies as st
from lists import company, customers

import carestudy as cs
from carestudy.audiences import answers_needed, draws, sample

Z = 1.959964


@pytest.mark.parametrize(("margin", "population"), [(5, 2000), (3, 700), (10, 96), (5, 10)])
def test_the_answers_needed_keep_the_margin_and_one_fewer_does_not(margin: float, population: int) -> None:
    def reach(n: int) -> float:
        return 100 * Z * math.sqrt((population - n) / (population - 1) / n)

    needed = answers_needed(margin, population)
    assert reach(needed) <= margin < reach(needed - 1)


def test_nobody_needs_more_answers_than_there_are_customers() -> None:
    assert [answers_needed(0.001, 50), answers_needed(5, 1), answers_needed(5, 0)] == [50, 1, 0]


def test_the_plan_uses_the_companys_own_spread_and_response() -> None:
    found = cs.audience(demo(), "survey").plan
    nps = cs.kpi.nps(demo(), period="2025-11..2026-10")
    scores = demo().table("responses")
    asked = scores.filter((scores.question == "nps") & (scores.answered_at >= "2025-11-01") & scores.score.notnull())
    given = pd.Series(asked.score.to_pyarrow().to_pylist())
    marks = (given >= 9).astype(int) - (given <= 6).astype(int)
    assert len(marks) == nps["n"].item()
    assert found.variance == pytest.approx(marks.var(ddof=0))
    assert found.response == cs.kpi.response_rate(demo())["value"].item()
    assert found.invitations == math.ceil(found.answers / found.response)
    assert found.population == 5000 - 1463  # all who are still customers, as the figure will speak of them
    assert found.assumed == ()


def test_with_few_answers_the_widest_spread_is_assumed() -> None:
    care = company(4, responses=answers([9.0] * 29, "nps", answered_at="2026-10-01"))
    assert cs.audience(care, "survey", response_rate=1.0).plan.assumed == ("variance",)
    care = company(4, responses=answers([9.0] * 15 + [0.0] * 15, "nps", answered_at="2026-10-01"))
    found = cs.audience(care, "survey", response_rate=1.0).plan
    assert (found.assumed, found.variance) == ((), 1.0)


def test_as_many_are_drawn_as_must_be_invited_and_the_control_group_comes_on_top() -> None:
    found = cs.audience(company(400), "survey", margin=10, response_rate=0.8, control=0.2)
    # z² / 0.1² = 384.15 without an end; of 400 customers 384.15 x 400 / (399 + 384.15) = 196.2; / 0.8 = 246.25.
    assert (found.plan.answers, found.plan.invitations) == (197, 247)
    assert (len(found.rows), len(found.control)) == (248, 61)  # of 309: 247 / 0.8 rounded up
    assert set(found.rows["why"]) == {"survey"}


def test_where_all_have_to_be_asked_that_is_said_with_the_margin_to_expect() -> None:
    found = cs.audience(company(50), "survey", margin=5, response_rate=0.5)
    assert set(found.rows["why"]) == {"everybody"}
    assert found.plan.eligible == len(found.rows) == 50
    assert found.plan.expected_margin == pytest.approx(100 * Z * math.sqrt(25 / 49 / 25), abs=1e-3)


def test_each_stratum_has_its_part_and_one_without_a_name_is_one() -> None:
    regions = ["Bắc"] * 60 + ["Nam"] * 30 + [None] * 10
    rows = customers(*((f"C{k:03}", "2024-01-05", None, region) for k, region in enumerate(regions)), columns="region")
    found = cs.audience(company(customers=rows), "survey", by="region", margin=30, response_rate=1.0)
    drawn = found.rows["stratum"].value_counts(dropna=False)
    assert found.plan.invitations == 31  # 42.7 x 100 / (99 + 42.7) = 30.1
    assert drawn.tolist() == [19, 9, 3]  # 18.6, 9.3 and 3.1


@settings(max_examples=60)
@given(st.lists(st.sampled_from("ABC"), min_size=1, max_size=40), st.integers(0, 45))
def test_a_sample_is_as_large_as_asked_and_in_proportion(strata: list[str], size: int) -> None:
    ids, named = pd.Series([f"C{k}" for k in range(len(strata))]), pd.Series(strata)
    drawn = sample(ids, size, strata=named, seed=1)
    assert drawn.sum() == min(size, len(ids))
    for name in set(strata):
        exact = strata.count(name) * min(size, len(ids)) / len(ids)
        assert abs(drawn[named == name].sum() - exact) < 1


def test_a_larger_sample_holds_the_smaller_one() -> None:
    ids = pd.Series([f"C{k}" for k in range(100)])
    few, more = (set(ids[sample(ids, size, seed=7)]) for size in (20, 30))
    assert few < more


def test_lots_are_fair_enough_to_hold_out_a_tenth_of_each_half() -> None:
    lots = draws([f"C{k}" for k in range(10_000)], seed=1, purpose="control")
    assert sum(lot < 2**63 for lot in lots) == pytest.approx(5000, abs=200)
    assert len(set(lots)) == 10_000
