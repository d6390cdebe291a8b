"""The regressions behind what goes with leaving, where nobody has published the number."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from carestudy.churn import auc, cox, logistic, marginal_effects
from carestudy.churn.holdout import quality
from carestudy.contract import CareError


def test_of_one_yes_or_no_the_effect_is_the_difference_of_shares() -> None:
    rows = pd.DataFrame({"left": [1, 1, 0, 0, 1, 0, 0, 0, 0, 0], "owned": [0] * 4 + [1] * 6})
    found = marginal_effects(rows, logistic(rows, outcome="left", columns=["owned"]))
    assert found["value"].item() == pytest.approx(1 / 6 - 1 / 2)


def test_levels_of_one_fact_exclude_each_other() -> None:
    rows = pd.DataFrame({"left": [1, 0, 1, 1, 0, 0, 0, 1, 0], "b": [0, 0, 0, 1, 1, 1, 0, 0, 0], "c": [0] * 6 + [1] * 3})
    found = marginal_effects(rows, logistic(rows, outcome="left", columns=["b", "c"]), alternatives=[["b", "c"]])
    assert found["value"].tolist() == pytest.approx([1 / 3 - 2 / 3, 1 / 3 - 2 / 3])


def test_a_group_of_whom_nobody_left_has_a_finite_effect_by_firth() -> None:
    rows = pd.DataFrame({"left": [1, 1, 0, 0, 0, 0, 0, 0], "safe": [0] * 4 + [1] * 4})
    model = logistic(rows, outcome="left", columns=["safe"], firth=True)
    # Firth's penalty on a table of two by two is half a case in each cell.
    assert model.coefficients[1] == pytest.approx(np.log((0.5 / 4.5) / (2.5 / 2.5)), abs=1e-6)


def test_a_column_that_follows_from_others_has_no_effect_of_its_own() -> None:
    rows = pd.DataFrame({"left": [1, 0, 1, 0, 0], "a": [0, 0, 1, 1, 0], "not_a": [1, 1, 0, 0, 1]})
    found = marginal_effects(rows, logistic(rows, outcome="left", columns=["a", "not_a"]))
    assert np.isnan(found["value"]).tolist() == [False, True]


def test_rows_of_one_customer_are_not_so_many_customers() -> None:
    rng = np.random.default_rng(1)
    rows = pd.DataFrame({"owned": rng.integers(0, 2, 200), "id": range(200)}).assign(left=rng.integers(0, 2, 200))
    twice = pd.concat([rows, rows], ignore_index=True)
    once = logistic(rows, outcome="left", columns=["owned"], cluster="id")
    again = logistic(twice, outcome="left", columns=["owned"], cluster="id")
    assert again.errors == pytest.approx(once.errors, rel=1e-6)


def test_what_cannot_be_fitted_is_refused() -> None:
    rows = pd.DataFrame({"left": [1, 1], "owned": [0, 1]})
    with pytest.raises(CareError, match="some who left and some who stayed"):
        logistic(rows, outcome="left", columns=["owned"])
    with pytest.raises(CareError, match="tells exactly who left"):
        logistic(rows.assign(left=[0, 1]), outcome="left", columns=["owned"])
    with pytest.raises(CareError, match="needs events"):
        cox(rows.assign(left=0, days=1), duration="days", event="left", columns=["owned"])


def test_cox_counts_late_comers_only_once_they_are_seen() -> None:
    rows = pd.DataFrame({"until": [5.0, 6, 9, 9], "begun": [0.0, 0, 5.5, 0], "left": [1, 1, 1, 0], "x": [1, 0, 1, 0]})
    found = cox(rows, duration="until", event="left", columns=["x"], entry="begun")
    # At 5 three are at risk, at 6 three others, at 9 two: maximise (e/(e+2)) (1/(e+2)) (e/(e+1)) over e = exp(b).
    steps = np.linspace(0.1, 5, 490_001)
    best = steps[np.argmax(2 * np.log(steps) - 2 * np.log(steps + 2) - np.log(steps + 1))]
    assert found.effects["hazard_ratio"].item() == pytest.approx(best, abs=1e-4)


@given(st.lists(st.tuples(st.integers(0, 5), st.booleans()), min_size=2, max_size=25))
def test_the_area_under_the_curve_is_the_share_of_pairs(cases: list[tuple[int, bool]]) -> None:
    gone, stayed = [risk for risk, left in cases if left], [risk for risk, left in cases if not left]
    if not gone or not stayed:
        return
    pairs = [(a > b) + (a == b) / 2 for a in gone for b in stayed]
    value, low, high = auc(*zip(*cases, strict=True))
    assert value == pytest.approx(np.mean(pairs))
    assert low <= value <= high


def test_risks_that_are_too_far_apart_are_drawn_together_on_the_level_of_those_who_left() -> None:
    rng = np.random.default_rng(2)
    odds = rng.normal(-3, 1, 40_000)
    left = rng.random(40_000) < 1 / (1 + np.exp(-odds))
    bold = 1 / (1 + np.exp(-(2 * odds + 5)))
    found = quality("trees", bold, left)
    assert found.slope == pytest.approx(0.5, abs=0.03)
    assert found.calibrated(bold).mean() == pytest.approx(left.mean(), rel=1e-6)
    assert found.calibrated(bold) == pytest.approx(1 / (1 + np.exp(-odds)), abs=0.05)
