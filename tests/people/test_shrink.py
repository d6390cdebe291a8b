"""Shrunken figures lie between the unit's own and the population's."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carestudy.contract import CareError
from carestudy.people import beta_binomial, shrunken, shrunken_means

UNITS = st.lists(st.tuples(st.integers(0, 60), st.integers(1, 60)).map(sorted), min_size=2, max_size=8).filter(
    lambda units: units[0] != units[1]
)


@settings(max_examples=30)
@given(units=UNITS)
def test_a_shrunken_share_lies_between_its_own_and_that_of_the_population(units: list[list[int]]) -> None:
    k, n = np.array(units).T
    population, found = beta_binomial(k, n), shrunken(k, n)
    own, value = k / n, found["value"].to_numpy()
    assert (value >= np.minimum(own, population.mean) - 1e-9).all()
    assert (value <= np.maximum(own, population.mean) + 1e-9).all()
    assert ((found["low"] <= value) & (value <= found["high"])).all()
    assert (found["low"] >= 0).all()
    assert (found["high"] <= 1).all()


@settings(max_examples=30)
@given(units=UNITS)
def test_the_order_of_units_does_not_matter(units: list[list[int]]) -> None:
    k, n = np.array(units).T
    back = shrunken(k[::-1], n[::-1]).to_numpy()[::-1]
    assert shrunken(k, n).to_numpy() == pytest.approx(back, abs=2e-4)


def test_the_likelihood_is_at_its_top() -> None:
    from scipy.stats import betabinom

    rng = np.random.default_rng(2)
    n = rng.integers(20, 200, 60)
    k = rng.binomial(n, rng.beta(8, 2, 60))
    found = beta_binomial(k, n)
    best = betabinom.logpmf(k, n, found.alpha, found.beta).sum()
    for a, b in ((1.02, 1), (0.98, 1), (1, 1.02), (1, 0.98), (1.02, 1.02), (0.98, 0.98)):
        assert betabinom.logpmf(k, n, found.alpha * a, found.beta * b).sum() < best
    assert found.mean == pytest.approx(0.8, abs=0.03)
    assert found.sd == pytest.approx(np.sqrt(0.16 / 11), abs=0.03)


def test_units_that_are_alike_get_one_share_and_it_has_an_interval_all_the_same() -> None:
    found = shrunken([20, 40, 60], [100, 200, 300])
    assert found["value"].tolist() == pytest.approx([0.2, 0.2, 0.2])
    assert (found["low"] < 0.19).all()
    assert (found["high"] > 0.21).all()
    assert beta_binomial([20, 40, 60], [100, 200, 300]).sd == 0


def test_nobody_of_all_is_zero_with_an_upper_limit_above_it() -> None:
    found = shrunken([0, 0, 0], [40, 50, 60])
    assert found["value"].tolist() == found["low"].tolist() == [0, 0, 0]
    assert (found["high"] > 0.005).all()


def test_a_unit_without_cases_gets_what_is_usual_with_a_wide_interval() -> None:
    found = shrunken([10, 30, 0], [50, 50, 0])
    assert found["value"].iloc[2] == pytest.approx(beta_binomial([10, 30], [50, 50]).mean)
    assert found["high"].iloc[2] - found["low"].iloc[2] > found["high"].iloc[0] - found["low"].iloc[0]


def test_the_interval_covers_what_it_promises_with_few_and_with_many_units() -> None:
    rng = np.random.default_rng(3)
    for units in (3, 12):
        covered = []
        for _ in range(60):
            truth, n = rng.beta(16, 4, units), rng.integers(10, 300, units)
            found = shrunken(rng.binomial(n, truth), n)
            covered.extend((found["low"] <= truth) & (truth <= found["high"]))
        assert 0.9 <= np.mean(covered) <= 0.995


def test_means_shrink_by_the_share_of_chance_in_their_spread() -> None:
    # The variance of 20, 30, 40 about their mean is 200 / 3, of which 25 is chance.
    found = shrunken_means([20, 30, 40], [5, 5, 5])["value"]
    own = 1 - 25 / (200 / 3)
    assert found.tolist() == pytest.approx([30 - 10 * own, 30, 30 + 10 * own], abs=1e-3)


def test_means_that_differ_by_chance_alone_are_one() -> None:
    assert shrunken_means([29, 30, 31], [5, 5, 5])["value"].tolist() == pytest.approx([30, 30, 30])


def test_what_cannot_be_shrunken_is_refused() -> None:
    with pytest.raises(CareError, match="two units"):
        shrunken([1], [10])
    with pytest.raises(CareError, match="from 0 to n"):
        beta_binomial([11, 1], [10, 10])
    with pytest.raises(CareError, match="two units"):
        shrunken_means([1], [1])
    with pytest.raises(CareError, match="'likelihood' or 'moments'"):
        beta_binomial([1, 2], [10, 10], method="guess")  # type: ignore[arg-type]
