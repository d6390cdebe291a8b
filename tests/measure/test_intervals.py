"""Intervals equal those of other libraries, and keep their promises."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

import carestudy as cs
from carestudy.contract import CareError

LEVELS = st.sampled_from([0.8, 0.9, 0.95, 0.99])


@st.composite
def shares(draw: st.DrawFn) -> tuple[int, int]:
    n = draw(st.integers(1, 500))
    return draw(st.integers(0, n)), n


@given(share=shares(), level=LEVELS)
def test_wilson_equals_statsmodels(share: tuple[int, int], level: float) -> None:
    expected = proportion_confint(*share, alpha=1 - level, method="wilson")
    assert np.array(cs.intervals.wilson(*share, level)) == pytest.approx(np.array(expected), abs=1e-12)


@given(now=shares(), before=shares(), level=LEVELS)
def test_newcombe_equals_statsmodels(now: tuple[int, int], before: tuple[int, int], level: float) -> None:
    expected = confint_proportions_2indep(*now, *before, method="newcomb", compare="diff", alpha=1 - level)
    assert np.array(cs.intervals.newcombe(*now, *before, level)) == pytest.approx(np.array(expected), abs=1e-9)


@given(share=shares())
def test_a_share_lies_inside_its_interval_and_that_between_0_and_1(share: tuple[int, int]) -> None:
    low, high = cs.intervals.wilson(*share)
    assert 0 <= low <= share[0] / share[1] <= high <= 1


@given(share=shares())
def test_a_share_and_its_complement_have_mirrored_intervals(share: tuple[int, int]) -> None:
    count, n = share
    low, high = cs.intervals.wilson(count, n)
    assert cs.intervals.wilson(n - count, n) == pytest.approx((1 - high, 1 - low), abs=1e-12)


def test_over_nothing_there_is_no_interval() -> None:
    assert np.isnan(cs.intervals.wilson(0, 0)).all()
    assert np.isnan(cs.intervals.newcombe(0, 0, 5, 10)).all()


def test_an_array_gives_what_its_numbers_give() -> None:
    together = np.transpose(cs.intervals.wilson([0, 3, 7], [7, 7, 7]))
    assert together.tolist() == [[float(side) for side in cs.intervals.wilson(count, 7)] for count in (0, 3, 7)]


def test_the_adjusted_interval_of_nps_covers_where_the_plain_one_fails() -> None:
    # Ten answers, 95 % promoters: most samples hold nothing but promoters, and plain Wald then has no width.
    promoters, passives, detractors = np.random.default_rng(1).multinomial(10, [0.95, 0.03, 0.02], 4_000).T
    covered = {}
    for adjusted in (True, False):
        low, high = cs.intervals.nps_wald(promoters, passives, detractors, adjusted=adjusted)
        covered[adjusted] = np.mean((low <= 0.93) & (high >= 0.93))
    assert covered[True] >= 0.92
    assert covered[False] < 0.5


def test_nps_stays_between_its_ends() -> None:
    assert cs.intervals.nps_wald(5, 0, 0)[1] == 1
    assert cs.intervals.nps_wald(0, 0, 5)[0] == -1


def test_two_scores_without_spread_have_no_p_value() -> None:
    change, limits, p = cs.intervals.nps_change((5, 0, 0), (7, 0, 0))
    assert (change, *limits) == (0, 0, 0)
    assert np.isnan(p)


@given(n=st.integers(1, 200), at=st.sampled_from([0.1, 0.5, 0.9]), level=st.sampled_from([0.9, 0.95, 0.99]))
def test_ranks_hold_the_quantile_as_often_as_promised_and_no_narrower_do(n: int, at: float, level: float) -> None:
    low, high = cs.intervals.order_ranks(n, at, level)
    tail = (1 - level) / 2
    below = stats.binom(n, at)  # how many of n values lie below the quantile
    least = [rank for rank in range(1, n + 1) if below.cdf(rank - 1) <= tail]
    most = [rank for rank in range(1, n + 1) if below.sf(rank - 1) <= tail]
    assert (low, high) == pytest.approx((max(least, default=np.nan), min(most, default=np.nan)), nan_ok=True)


@pytest.mark.parametrize(("n", "low", "high"), [(5, np.nan, np.nan), (6, 1, 6), (8, 1, 8), (9, 2, 8), (100, 40, 61)])
def test_the_median_has_the_ranks_of_the_tables(n: int, low: float, high: float) -> None:
    # Conover 1999, table A3; five values cannot hold their median with 95 %.
    assert cs.intervals.order_ranks(n) == pytest.approx((low, high), nan_ok=True)


def test_half_widths_are_of_95_percent_unless_told() -> None:
    assert cs.intervals.z_value() == pytest.approx(1.959964, abs=1e-6)
    assert cs.intervals.z_value(0.5) == pytest.approx(0.674490, abs=1e-6)


def test_none_and_all_reach_the_ends_exactly() -> None:
    n = np.arange(1, 400)
    assert (cs.intervals.wilson(0 * n, n)[0] == 0).all()
    assert (cs.intervals.wilson(n, n)[1] == 1).all()


def test_the_adjusted_interval_of_nps_counts_three_answers_more() -> None:
    # 53.75 promoters, 33.5 passives and 15.75 detractors of 103: 38 / 103 and the error of such an answer.
    low, high = cs.intervals.nps_wald(53, 32, 15)
    error = np.sqrt((69.5 / 103 - (38 / 103) ** 2) / 103)
    assert (low, high) == pytest.approx((38 / 103 - 1.959964 * error, 38 / 103 + 1.959964 * error), abs=1e-6)


def test_the_change_of_two_scores_has_the_errors_of_both() -> None:
    # 0.38 of 100 with variance 0.5356, and 11 / 90 of 90 with variance 57 / 90 - (11 / 90)².
    change, limits, p = cs.intervals.nps_change((53, 32, 15), (34, 33, 23))
    assert float(change) == pytest.approx(0.257778, abs=1e-6)
    assert [float(limit) for limit in limits] == pytest.approx([0.041053, 0.474503], abs=1e-6)
    assert float(p) == pytest.approx(0.0197, abs=1e-4)


def test_ranks_that_hold_exactly_the_promised_probability_are_enough() -> None:
    # One of two values lies on either side of the median in one case of two.
    assert cs.intervals.order_ranks(2, level=0.5) == (1, 2)


def test_parts_of_a_whole_are_as_wide_as_their_number_asks() -> None:
    assert [side.tolist() for side in cs.intervals.goodman([])] == [[], []], "a whole without parts"
    alone = [side.item() for side in cs.intervals.goodman([7])]
    assert alone == pytest.approx([float(side) for side in cs.intervals.wilson(7, 7)]), "one part needs no more"


@pytest.mark.parametrize("counts", [[], [4, 50, 50], [50, 50, 0]])
def test_a_part_of_fewer_than_five_is_refused_where_the_multinomial_must_be_normal(counts: list[int]) -> None:
    with pytest.raises(CareError, match="every count to be 5 or more"):
        cs.intervals.sison_glaz(counts)


def test_parts_of_five_are_enough_for_the_multinomial() -> None:
    low, high = cs.intervals.sison_glaz([5, 50, 50])
    assert (low < np.array([5, 50, 50]) / 105).all()
    assert (high > np.array([5, 50, 50]) / 105).all()
