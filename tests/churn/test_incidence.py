"""When customers leave for which reason: reasons compete, and all of them with those still here are the whole."""

from __future__ import annotations

import numpy as np
import pytest
from companies import demo, people
from hypothesis import given
from hypothesis import strategies as st

import carestudy as cs
from carestudy.churn import cumulative_incidence
from carestudy.contract import CareError


def test_by_hand() -> None:
    # One of four leaves at 1 for a; at 2 one of three for b; at 3 one is still here; at 4 the last leaves for a.
    found = cumulative_incidence([1, 2, 3, 4], ["a", "b", None, "a"], times=[1, 2, 4])
    curve = {name: found[found["event"] == name]["value"].tolist() for name in "ab"}
    assert curve["a"] == pytest.approx([1 / 4, 1 / 4, 3 / 4])
    assert curve["b"] == pytest.approx([0, 1 / 4, 1 / 4])


def test_who_comes_under_observation_late_is_at_risk_only_from_then_on() -> None:
    found = cumulative_incidence([2, 5, 6], ["a", "a", 0], entry=[0, 3, 0])
    assert found[["duration", "at_risk", "value"]].to_numpy().tolist() == [[2, 2, 0.5], [5, 2, 0.75]]


@given(st.lists(st.tuples(st.integers(1, 9), st.sampled_from([0, "a", "b"])), min_size=1, max_size=30))
def test_the_reasons_and_those_still_here_add_up_to_one(cases: list[tuple[int, object]]) -> None:
    durations, events = zip(*cases, strict=True)
    found = cumulative_incidence(durations, events)
    curve = cs.survival.kaplan_meier(durations, [event != 0 for event in events])
    sums = found.groupby("duration")["value"].sum()
    assert sums.to_numpy() == pytest.approx(1 - curve["value"].to_numpy())
    assert (found["error"] >= 0).all()
    assert (found["low"] <= found["value"] + 1e-12).all()
    assert (found["value"] <= found["high"] + 1e-12).all()


def test_of_customers_the_unknown_reason_is_one_of_its_own() -> None:
    days = ["2025-02-01"] * 12 + [None] * 12
    rows = [(f"K{k}", "2025-01-01", day, "moved; price" if k < 6 else None) for k, day in enumerate(days)]
    care = cs.load({"customers": people(*rows, columns="leave_reason")}, as_of="2025-12-31")
    found = cs.churn.incidence(care, times=[30, 31])
    assert found[["reason", "duration", "value"]].to_numpy().tolist() == [
        ["moved", 30, 0], ["moved", 31, 0.25], [None, 30, 0], [None, 31, 0.25],
    ]  # fmt: skip
    kinds = cs.churn.incidence(cs.load({"customers": people(*rows, columns="leave_reason")}, as_of="2025-12-31",
                                       involuntary=["moved", "price"]), by="kind", times=[31])  # fmt: skip
    assert kinds["reason"].tolist() == ["involuntary", "unknown"]


def test_in_the_demo_the_curves_and_the_tenure_are_the_whole() -> None:
    found = cs.churn.incidence(demo(), period="2026-10")
    stay = cs.survival.curve(demo(), period="2026-10")
    still = stay[stay["duration"] <= 730]["value"].iloc[-1]
    assert found[found["duration"] == 730]["value"].sum() + still == pytest.approx(1)
    assert found["at_risk"].min() >= 10
    assert (np.diff(found[found["reason"] == "Giá cao"]["value"]) >= 0).all()


def test_another_grouping_is_refused() -> None:
    with pytest.raises(CareError, match="by='region' is not known"):
        cs.churn.incidence(demo(), by="region")
