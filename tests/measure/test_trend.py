"""Tests of trend know that months differ by more than chance."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from carestudy.contract import CareError
from carestudy.measure.trend import cochran_armitage, quasi_binomial_trend

DRAWN = np.random.default_rng(3)
SIZES = DRAWN.integers(800, 1200, 36)
COUNTS = DRAWN.binomial(SIZES, 0.9 + 0.03 * np.sin(2 * np.pi * np.arange(36) / 12) - 0.001 * np.arange(36))


def glm(count: Any, n: Any, design: Any) -> Any:
    """The same model as statsmodels fits it, with the dispersion worked out by hand."""
    from statsmodels.genmod.families import Binomial
    from statsmodels.genmod.generalized_linear_model import GLM

    fit = GLM(np.column_stack([count, n - count]), design, family=Binomial()).fit(tol=1e-14, maxiter=200)
    return fit, fit.pearson_chi2 / fit.df_resid


@pytest.mark.parametrize("pairs", [0, 1, 2])
def test_the_trend_with_seasons_is_that_of_statsmodels(pairs: int) -> None:
    time = np.arange(36.0)
    columns = [np.ones(36), time]
    for pair in range(1, pairs + 1):
        columns += [np.sin(2 * np.pi * pair * time / 12), np.cos(2 * np.pi * pair * time / 12)]
    fit, dispersion = glm(COUNTS, SIZES, np.column_stack(columns))
    found = quasi_binomial_trend(COUNTS, SIZES, season=12 if pairs else None, pairs=pairs)
    assert found.slope == pytest.approx(fit.params[1], rel=1e-8)
    assert found.dispersion == pytest.approx(dispersion, rel=1e-8)
    assert found.error == pytest.approx(fit.bse[1] * np.sqrt(dispersion), rel=1e-6)
    assert found.df == 36 - 2 - 2 * pairs
    assert found.fitted == pytest.approx(fit.fittedvalues, rel=1e-8)


def test_chance_alone_has_a_dispersion_of_one_and_clusters_more() -> None:
    drawn = np.random.default_rng(3)
    coin = drawn.binomial(1000, 0.9, 400)
    assert quasi_binomial_trend(coin, [1000] * 400).dispersion == pytest.approx(1, abs=0.2)
    lumps = 10 * drawn.binomial(100, 0.9, 400)
    assert quasi_binomial_trend(lumps, [1000] * 400).dispersion == pytest.approx(10, rel=0.2)


def test_the_odds_ratio_of_a_year_is_that_of_a_month_twelve_times() -> None:
    found = quasi_binomial_trend(COUNTS, SIZES)
    assert found.odds_ratio(12)[0] == pytest.approx(found.odds_ratio()[0] ** 12)
    ratio, low, high = found.odds_ratio(12)
    assert low < ratio < high


def test_the_interval_of_the_odds_ratio_holds_one_just_where_p_is_not_small() -> None:
    found = quasi_binomial_trend(COUNTS, SIZES)
    low, high = found.odds_ratio(1, level=1 - found.p)[1:]
    assert min(abs(low - 1), abs(high - 1)) < 1e-9


def test_a_period_without_rows_is_left_out_and_keeps_its_place() -> None:
    gap = quasi_binomial_trend([90, 0, 85, 83, 80], [100, 0, 100, 100, 100])
    without = quasi_binomial_trend([90, 85, 83, 80], [100] * 4, time=[0, 2, 3, 4])
    assert gap.slope == pytest.approx(without.slope)
    assert gap.df == without.df == 2
    assert np.isnan(gap.residuals[1])


@pytest.mark.parametrize(
    ("count", "n"),
    [
        ([10, 10, 10], [10, 10, 10]),
        ([1, 2, 1], [10, 20, 10]),
        ([0, 0, 0], [5, 5, 5]),
        ([1], [2]),
        ([], []),
        ([10, 10, 0, 0], [10] * 4),
    ],
)
def test_where_nothing_varies_or_nothing_overlaps_there_is_no_trend(count: list[int], n: list[int]) -> None:
    found = quasi_binomial_trend(count, n)
    assert np.isnan([found.slope, found.p, found.t]).all()


def test_counts_beyond_their_group_are_refused() -> None:
    with pytest.raises(CareError, match="between 0 and the size"):
        quasi_binomial_trend([5], [4])
    with pytest.raises(CareError, match="as many counts as sizes"):
        cochran_armitage([1, 2], [4])


@given(st.lists(st.tuples(st.integers(1, 99), st.integers(100, 200)), min_size=4, max_size=20))
def test_counting_the_others_turns_the_trend_round(pairs: list[tuple[int, int]]) -> None:
    count, n = np.array(pairs).T
    ours, others = quasi_binomial_trend(count, n), quasi_binomial_trend(n - count, n)
    assert ours.slope == pytest.approx(-others.slope, rel=1e-6, abs=1e-9, nan_ok=True)
    assert ours.p == pytest.approx(others.p, rel=1e-6, abs=1e-9, nan_ok=True)
    assert cochran_armitage(count, n).chi2 == pytest.approx(cochran_armitage(n - count, n).chi2, rel=1e-9, abs=1e-12)


def test_a_trend_of_large_counts_is_found() -> None:
    assert quasi_binomial_trend([90, 80], [100, 100]).slope == pytest.approx(np.log(4 / 9))
    for seed in range(30):  # at the limit of what counts can be told apart
        count = np.random.default_rng(seed).binomial(10**7, 0.98, 24)
        assert np.isfinite(quasi_binomial_trend(count, [10**7] * 24).slope)


def test_the_chi_square_of_a_trend_is_that_of_statsmodels() -> None:
    from statsmodels.stats.contingency_tables import Table

    count, n = np.array([83, 90, 129, 70]), np.array([86, 93, 136, 82])
    z = Table(np.column_stack([count, n - count])).test_ordinal_association().zscore
    assert cochran_armitage(count, n).chi2 == pytest.approx(z**2 * n.sum() / (n.sum() - 1), rel=1e-9)


def test_scores_may_be_moved_and_stretched() -> None:
    plain, moved = (cochran_armitage([5, 9, 20], [50, 50, 50], scores) for scores in ([1, 2, 3], [10, 30, 50]))
    assert plain.chi2 == pytest.approx(moved.chi2)
    assert cochran_armitage([5, 9, 20], [50, 50, 50]) == plain


def test_neighbours_that_are_alike_have_a_correlation() -> None:
    drawn = np.random.default_rng(3)
    waves = 50 + 20 * np.sin(np.arange(60) / 3)
    assert quasi_binomial_trend(waves.round(), [100] * 60).autocorrelation > 0.8
    assert abs(quasi_binomial_trend(drawn.binomial(100, 0.5, 400), [100] * 400).autocorrelation) < 0.15


def test_the_level_is_the_trend_without_its_seasons() -> None:
    found = quasi_binomial_trend(COUNTS, SIZES, season=12)
    logit = np.log(np.array(found.level) / (1 - np.array(found.level)))
    assert np.diff(logit) == pytest.approx(np.full(35, found.slope))
    plain = quasi_binomial_trend(COUNTS, SIZES)
    assert plain.level == plain.fitted


def test_one_wave_a_year_is_taken_out_unless_more_are_asked_for() -> None:
    assert quasi_binomial_trend(COUNTS, SIZES, season=12).df == 36 - 4


def test_nothing_can_judge_the_slope_of_two_periods() -> None:
    found = quasi_binomial_trend([90, 80], [100, 100])
    assert found.df == 0
    assert np.isnan([found.p, found.dispersion, *found.odds_ratio()[1:]]).all()


def test_one_period_has_no_degrees_of_freedom() -> None:
    assert quasi_binomial_trend([1], [2]).df == 0


def test_a_season_of_two_steps_cannot_be_told_from_its_waves() -> None:
    # The sine is nought at every step.
    assert np.isnan(quasi_binomial_trend(COUNTS, SIZES, season=2).slope)


def test_groups_that_are_alike_or_empty_have_no_chi_square() -> None:
    for count, n in (([0, 0], [5, 5]), ([5, 5], [5, 5]), ([0, 0], [0, 0])):
        found = cochran_armitage(count, n)
        assert np.isnan([found.chi2, found.p]).all()


def test_a_table_of_counts_is_no_series() -> None:
    with pytest.raises(CareError, match="as many counts as sizes"):
        cochran_armitage([[1, 2]], [[3, 4]])


def test_three_periods_leave_one_degree_of_freedom_to_judge_by() -> None:
    found = quasi_binomial_trend([90, 85, 83], [100] * 3)
    assert found.df == 1
    half = 12.7062 * found.error  # Student's 97.5 % quantile on one degree of freedom
    assert np.log(found.odds_ratio()) == pytest.approx([found.slope, found.slope - half, found.slope + half], rel=1e-4)


def test_neighbours_are_compared_however_close_to_the_line_they_lie() -> None:
    found = quasi_binomial_trend([90, 88, 85, 83, 80, 77], [100] * 6)
    left = np.array(found.residuals)
    assert np.sum(left**2) < 1
    assert found.autocorrelation == pytest.approx(np.sum(left[1:] * left[:-1]) / np.sum(left**2))


def test_the_smallest_trend_there_is_has_the_chi_square_computed_by_hand() -> None:
    # One of one after none of one: lean 1 / 2, spread 1 / 4 of 5 - 9 / 2.
    assert cochran_armitage([0, 1], [1, 1]).chi2 == pytest.approx(0.5**2 / 0.125)


def test_a_period_of_one_row_is_used() -> None:
    assert quasi_binomial_trend([1, 45, 40, 30], [1, 50, 50, 50]).df == 2


@pytest.mark.parametrize("count", [[], [10, 10, 10]])
def test_where_there_is_no_trend_neighbours_have_no_correlation(count: list[int]) -> None:
    assert np.isnan(quasi_binomial_trend(count, [10] * len(count)).autocorrelation)
