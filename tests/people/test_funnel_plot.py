"""Funnels narrow with the number of cases and widen with the usual spread."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from carestudy.contract import CareError
from carestudy.people import funnel_limits, normal_limits, overdispersion, two_sided, winsorised

TARGETS, SIZES, PHIS = st.floats(0.01, 0.99), st.integers(1, 5000), st.floats(1, 9)


@given(target=TARGETS, n=SIZES)
def test_the_limits_hold_the_target_and_each_other_in_order(target: float, n: int) -> None:
    low, usual_low, usual_high, high = funnel_limits(target, [n], [0.001, 0.025, 0.975, 0.999])[0]
    assert 0 <= low <= usual_low <= target <= usual_high <= high <= 1 or n < 4


@given(target=TARGETS, n=st.integers(30, 2000))
def test_four_times_as_many_cases_narrow_the_funnel(target: float, n: int) -> None:
    few, many = funnel_limits(target, [n, 4 * n], [0.025, 0.975])
    assert many[1] - many[0] <= few[1] - few[0] + 1e-12


@given(target=TARGETS, n=SIZES, phi=PHIS)
def test_overdispersion_widens_the_funnel(target: float, n: int, phi: float) -> None:
    plain, wide = funnel_limits(target, [n], [0.999])[0], funnel_limits(target, [n], [0.999], phi=phi)[0]
    assert wide >= plain - 1e-12


@given(target=TARGETS, n=st.integers(1, 300), p=st.floats(0.001, 0.999))
def test_the_count_at_the_limit_is_the_binomial_quantile(target: float, n: int, p: float) -> None:
    share = float(funnel_limits(target, [n], [p])[0, 0])
    count = stats.binom.ppf(p, n, target)
    assert max(count - 1, 0) - 1e-6 <= share * n <= count + 1 + 1e-6


def test_a_target_that_is_no_share_is_refused() -> None:
    with pytest.raises(CareError, match="between 0 and 1"):
        funnel_limits(35, [100])


def test_normal_limits_are_two_standard_errors_away_and_a_root_of_phi_farther() -> None:
    plain, wide = (normal_limits(30, [4], [0.025, 0.975], phi=phi)[0] for phi in (1, 4))
    assert plain == pytest.approx([30 - 1.959964 * 4, 30 + 1.959964 * 4], abs=1e-5)
    assert wide == pytest.approx([30 - 1.959964 * 8, 30 + 1.959964 * 8], abs=1e-5)


def test_winsorising_pulls_in_a_tenth_at_each_end() -> None:
    assert winsorised(np.arange(11.0)).tolist() == [1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 9]


def test_units_that_differ_by_chance_alone_have_a_phi_of_one_and_no_variance_between_them() -> None:
    rng = np.random.default_rng(4)
    errors = rng.uniform(1, 3, 4000)
    found = overdispersion(rng.normal(50, errors), errors, 50, winsorise=0)
    assert found.phi == pytest.approx(1, abs=0.07)
    assert found.tau2 == pytest.approx(0, abs=0.2)
    assert not overdispersion([50, 51], [1, 1], 50).clear


def test_the_variance_between_units_is_recovered() -> None:
    rng = np.random.default_rng(5)
    errors = rng.uniform(1, 3, 4000)
    found = overdispersion(rng.normal(rng.normal(50, 4, 4000), errors), errors, 50, winsorise=0)
    assert found.tau2 == pytest.approx(16, rel=0.1)
    assert found.clear


def test_one_bad_unit_does_not_hide_itself() -> None:
    z = [-0.5, 0.5, -1, 1, 0.2, -0.2, 0.7, -0.7, 0.1, -0.1, 12]
    assert overdispersion(z, np.ones(11), 0).phi < 1 < overdispersion(z, np.ones(11), 0, winsorise=0).phi


def test_overdispersion_needs_errors() -> None:
    for errors in ([], [0.0]):
        with pytest.raises(CareError, match="errors above zero"):
            overdispersion(errors, errors, 1)


@given(n=st.integers(1, 400), target=TARGETS, share=st.floats(0, 1))
def test_the_p_value_is_the_binomial_mid_p(n: int, target: float, share: float) -> None:
    count = round(share * n)
    half = stats.binom.pmf(count, n, target) / 2
    tail = min(stats.binom.cdf(count - 1, n, target) + half, stats.binom.sf(count, n, target) + half)
    assert float(two_sided(count, n, target)) == pytest.approx(min(2 * tail, 1), abs=1e-9)


def test_overdispersion_takes_the_surprise_out_of_a_unit() -> None:
    assert two_sided(10, 100, 0.2) < 0.01 < 0.1 < two_sided(10, 100, 0.2, phi=4)
