"""Freestanding statistics agree with those of other libraries, and with sums written out."""

from __future__ import annotations

from datetime import date
from itertools import permutations, product
from typing import Any

import holidays
import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st
from scipy import special
from scipy import stats as scipy_stats
from statsmodels.stats import contingency_tables, inter_rater, power, proportion
from statsmodels.stats.multitest import multipletests

from carestudy import CareError, stats
from carestudy.value import ShiftedBetaGeometric

COUNTS = st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
RATINGS = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, np.nan, np.nan, np.nan], [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, np.nan, 3],
    [np.nan, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, np.nan], [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, np.nan],
]  # fmt: skip


@given(COUNTS, st.sampled_from([0.8, 0.95, 0.99]))
def test_intervals_of_shares_are_those_of_statsmodels(cases: tuple[int, int], level: float) -> None:
    count, n = cases
    for function, method in ((stats.jeffreys, "jeffreys"), (stats.clopper_pearson, "beta")):
        low, high = (float(limit) for limit in function(count, n, level))
        told = [float(limit) for limit in proportion.proportion_confint(count, n, 1 - level, method=method)]
        if method == "jeffreys":  # at the ends ours reach the share itself
            told = [0.0 if count == 0 else told[0], 1.0 if count == n else told[1]]
        assert (low, high) == pytest.approx(told, abs=1e-9)
        assert low <= count / n <= high


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_adjusted_p_values_are_those_of_statsmodels(p: list[float]) -> None:
    peers = {
        "benjamini-hochberg": "fdr_bh", "benjamini-yekutieli": "fdr_by", "holm": "holm", "hochberg": "simes-hochberg",
        "hommel": "hommel", "bonferroni": "bonferroni",
    }  # fmt: skip
    for method, peer in peers.items():
        np.testing.assert_allclose(stats.adjusted(p, method=method), multipletests(p, method=peer)[1], atol=1e-12)


@given(st.lists(st.floats(0.0001, 1), min_size=1, max_size=25))
def test_the_adaptive_procedure_is_that_of_statsmodels(p: list[float]) -> None:
    assert list(stats.two_stage(p, level=0.1).rejected) == multipletests(p, 0.1, method="fdr_tsbky")[0].tolist()


@pytest.mark.parametrize("seed", range(5))
def test_mann_and_kendalls_test_is_kendalls_tau_with_time_and_sens_slope(seed: int) -> None:
    values = np.random.default_rng(seed).integers(0, 8, 24) + np.arange(24) // 6
    found = stats.mann_kendall(values)
    assert found.tau == pytest.approx(scipy_stats.kendalltau(range(24), values).statistic)
    assert found.slope == pytest.approx(scipy_stats.theilslopes(values, range(24)).slope)
    # scipy's p value has no continuity correction; the variance with ties is the same.
    plain = 2 * special.ndtr(-abs(found.score) / np.sqrt(found.variance))
    assert plain == pytest.approx(scipy_stats.kendalltau(range(24), values, method="asymptotic").pvalue)
    assert found.p > plain
    assert found.slope_low <= found.slope <= found.slope_high


def test_ties_narrow_the_spread_of_the_score() -> None:
    # Of 23, 24, 29, 6, 29, 24, 24, 29, 23 (Gilbert's ties of 2, 3 and 3): 9 * 8 * 23 - 2 * 9 - 2 * 66 = 1,506.
    found = stats.mann_kendall([23, 24, 29, 6, 29, 24, 24, 29, 23])
    assert found.variance == pytest.approx((9 * 8 * 23 - 2 * 1 * 9 - 2 * (3 * 2 * 11)) / 18)
    assert stats.mann_kendall([5, 5, 5, 5]).p == 1


@pytest.mark.parametrize("seed", range(3))
def test_a_quasi_binomial_regression_is_that_of_statsmodels(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n = rng.integers(50, 400, 30)
    columns = np.column_stack([np.arange(30), rng.normal(size=30), rng.integers(0, 2, 30)])
    count = rng.binomial(n, special.expit(-0.5 + columns @ [0.02, 0.3, -0.4] + rng.normal(0, 0.3, 30)))
    found = stats.quasi_binomial(count, n, columns)
    model = sm.GLM(count / n, sm.add_constant(columns), family=sm.families.Binomial(), var_weights=n).fit(scale="X2")
    np.testing.assert_allclose(found.effects["coefficient"], model.params, rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose(found.effects["error"], model.bse, rtol=1e-6)
    assert found.dispersion == pytest.approx(model.scale, rel=1e-6)
    assert found.dispersion > 1.5


def test_a_test_of_a_mix_is_that_of_scipy_or_every_table_counted() -> None:
    large = [[30, 50, 20, 11], [45, 35, 20, 15]]
    peer = scipy_stats.chi2_contingency(large, correction=False)
    found = stats.mix_test(*large)
    assert (found.statistic, found.df, found.p) == pytest.approx((peer.statistic, peer.dof, peer.pvalue))
    small = np.array([[5, 1, 0, 2], [1, 4, 3, 2]])
    totals, size = small.sum(axis=0), int(small[0].sum())
    expected = np.outer(small.sum(axis=1), totals) / small.sum()
    chance = 0.0
    for row in product(*(range(total + 1) for total in totals)):
        if sum(row) == size:
            far = (((np.array([row, totals - row]) - expected) ** 2) / expected).sum()
            least = ((small - expected) ** 2 / expected).sum() * (1 - 1e-9)
            chance += scipy_stats.multivariate_hypergeom.pmf(row, totals, size) * (far >= least)
    found = stats.mix_test(*small)
    assert found.method == "exact"
    assert found.p == pytest.approx(chance)
    drawn = stats.mix_test(small[0] * 60, [1, 300, 400, 3])
    assert drawn.method == "simulated" or drawn.p < 1e-6
    assert stats.mix_against([18, 55, 27], [0.25, 0.5, 0.25]).p == pytest.approx(
        scipy_stats.chisquare([18, 55, 27], [25, 50, 25]).pvalue
    )


def test_small_counts_are_not_left_to_chi_square() -> None:
    found = stats.mix_test([3, 0, 1, 0], [0, 4, 0, 2])
    # Of the 210 ways to give four of ten cases to the first sample, two are as far off as this.
    assert found.method == "exact"
    assert found.p == pytest.approx(2 / 210)
    assert scipy_stats.chi2.sf(found.statistic, found.df) > 1.9 * found.p


@given(st.lists(st.floats(-50, 50), min_size=4, max_size=12), st.floats(0.1, 20))
def test_estimates_are_drawn_together_and_never_past_their_mean(values: list[float], error: float) -> None:
    y = np.array(values)
    found = stats.james_stein(values, error)
    assert found.mean() == pytest.approx(y.mean(), abs=1e-9)
    assert (np.abs(found - y.mean()) <= np.abs(y - y.mean()) + 1e-9).all()
    np.testing.assert_allclose(stats.james_stein(values, np.full(len(y), error) * (1 + 1e-9 * np.arange(len(y)))),
                               found, atol=1e-3)  # fmt: skip


def test_drawn_estimates_are_nearer_to_the_truth_on_the_whole() -> None:
    rng = np.random.default_rng(1)
    lost = won = 0.0
    for _ in range(300):
        truth = rng.normal(40, 3, 10)
        errors = rng.uniform(1, 6, 10)
        seen = rng.normal(truth, errors)
        lost += ((seen - truth) ** 2).sum()
        won += ((stats.james_stein(seen, errors) - truth) ** 2).sum()
    assert won < 0.65 * lost


def test_centres_are_matched_as_every_order_tried_would() -> None:
    rng = np.random.default_rng(4)
    for _ in range(20):
        new, old = rng.normal(size=(4, 2)), rng.normal(size=(4, 2))
        found = stats.match_centres(new, old, ceiling=100)
        far = np.sqrt(((new[:, None] - old[None]) ** 2).sum(axis=2))
        best = min(permutations(range(4)), key=lambda order: sum(far[a, b] for a, b in enumerate(order)))
        assert found == list(best)
    assert stats.match_centres([[9.0], [0.1]], [[0.0], [10.0], [20.0]], ceiling=0.5) == [None, 0]


def test_kappa_and_mcnemars_test_are_those_of_statsmodels() -> None:
    table = np.array([[40, 9, 3], [6, 30, 8], [1, 7, 22]])
    for weights in ("none", "linear", "quadratic"):
        peer = inter_rater.cohens_kappa(table, wt=None if weights == "none" else weights)
        found = stats.kappa(table, weights=weights)
        assert found.value == pytest.approx(peer.kappa)
        assert found.error == pytest.approx(np.sqrt(peer.var_kappa))
        assert found.error_of_none == pytest.approx(np.sqrt(peer.var_kappa0))
    assert stats.mcnemar(3, 12) == pytest.approx(contingency_tables.mcnemar([[50, 3], [12, 9]]).pvalue)


def test_krippendorffs_alpha_of_his_own_example() -> None:
    # Krippendorff 2011, Computing Krippendorff's Alpha-Reliability, sections C and D.
    assert stats.krippendorff_alpha(RATINGS) == pytest.approx(0.743, abs=0.0005)
    assert stats.krippendorff_alpha(RATINGS, scale="interval") == pytest.approx(0.849, abs=0.0005)


def test_means_and_sample_sizes_are_those_of_scipy_and_statsmodels() -> None:
    rng = np.random.default_rng(2)
    one, other = rng.gamma(2, 5, 40), rng.gamma(2, 7, 70)
    peer = scipy_stats.ttest_ind(one, other, equal_var=False)
    found = stats.welch(one, other)
    assert (found.p, found.low, found.high) == pytest.approx((peer.pvalue, *peer.confidence_interval()))
    solved = power.TTestIndPower().solve_power(effect_size=0.4, power=0.85, alpha=0.05)
    assert stats.sample_size_of_means(0.4, power=0.85) == pytest.approx(solved, rel=1e-4)


def test_what_was_known_before_makes_a_planted_effect_surer() -> None:
    rng = np.random.default_rng(8)
    before, arm = rng.normal(100, 20, 2_000), rng.integers(0, 2, 2_000)
    outcome = before + rng.normal(0, 8, 2_000) + 2 * arm
    plain, surer = stats.welch(outcome[arm == 1], outcome[arm == 0]), stats.cuped(outcome, before, arm)
    columns = np.column_stack([np.ones(2_000), before, arm])
    assert surer.value == pytest.approx(sm.OLS(outcome, columns).fit().params[2], abs=0.01)
    assert surer.low < 2 < surer.high
    assert surer.high - surer.low < 0.5 * (plain.high - plain.low)


def test_a_score_that_finds_who_is_moved_has_a_curve_above_chance() -> None:
    rng = np.random.default_rng(3)
    moved, arm = rng.integers(0, 2, 8_000), rng.integers(0, 2, 8_000)
    outcome = (rng.random(8_000) < 0.1 + 0.15 * moved * arm).astype(int)
    good = stats.qini(outcome, moved + rng.normal(0, 0.1, 8_000), arm, resamples=60)
    blind = stats.qini(outcome, rng.random(8_000), arm, resamples=60)
    assert good.low > 0
    assert blind.low < 0 < blind.high
    assert good.curve["gain"].iloc[-1] == pytest.approx(0.075, abs=0.02)
    with pytest.raises(CareError, match="100 events in each arm"):
        stats.qini(outcome[:500], moved[:500], arm[:500])


def test_what_contracts_still_bring_is_the_sum_over_all_renewals() -> None:
    alpha, beta = 0.7, 1.6
    stay = ShiftedBetaGeometric(alpha, beta, 0.0).survival(4_000)
    years = np.arange(4_001)
    assert stats.residual_lifetime(alpha, beta, discount=0.1) == pytest.approx((stay / 1.1**years).sum(), rel=1e-6)
    for periods in (1, 3):
        ahead = stay[periods:] / stay[periods - 1]
        told = (ahead / 1.1 ** np.arange(len(ahead))).sum()
        assert stats.residual_lifetime(alpha, beta, periods=periods) == pytest.approx(told, rel=1e-6)
    model = ShiftedBetaGeometric(alpha, beta, 0.0).retention(5)
    np.testing.assert_allclose(stats.renewal_shares(alpha, beta, 5), model, rtol=1e-9)
    with pytest.raises(CareError, match="no end"):
        stats.residual_lifetime(0.7, 1.6, discount=0)


def test_overdispersed_counts_have_the_likeliest_negative_binomial() -> None:
    counts = np.random.default_rng(5).negative_binomial(4, 0.1, 60)
    found = stats.negative_binomial(counts)
    peer = sm.NegativeBinomial(counts, np.ones(60)).fit(disp=0)
    assert found.size == pytest.approx(1 / peer.params[1], rel=1e-3)
    assert found.p < 1e-6
    even = stats.negative_binomial([20, 21, 19, 20, 20, 21])
    assert (even.size, even.high) == (np.inf, scipy_stats.poisson(even.mean).isf(0.00135))


def test_a_geometric_chart_alarms_as_seldom_as_it_says() -> None:
    between = np.random.default_rng(6).geometric(0.02, 60) - 1
    exact, usual = stats.g_chart(between).iloc[0], stats.g_chart(between, method="three-sigma").iloc[0]
    law = scipy_stats.geom(1 / (exact["centre"] + 1), loc=-1)
    assert law.sf(exact["high"]) <= 0.00135 < law.sf(exact["high"] - 1)
    assert law.sf(usual["high"]) == pytest.approx(0.018, abs=0.002)


def test_intervals_of_earlier_errors_hold_as_often_as_they_say() -> None:
    rng = np.random.default_rng(8)
    errors = rng.standard_t(3, (4_000, 20))
    held = [abs(row[-1]) <= stats.conformal_half_width(row[:-1], level=0.9) for row in errors]
    assert np.mean(held) == pytest.approx(0.9, abs=0.015)
    with pytest.raises(CareError, match="at least 19 are needed"):
        stats.conformal_half_width(range(18), level=0.95)


def test_tet_is_that_of_the_official_calendar() -> None:
    official = holidays.country_holidays("VN", years=range(1990, 2040), language="vi")
    assert [year for year in range(1990, 2040) if stats.tet(year) not in official] == []
    assert stats.days_from_tet([date(2026, 2, 17), date(2026, 1, 1), date(2025, 12, 31)]) == [0, -47, -48]


def test_raked_weights_meet_every_margin_and_the_rest_is_refused() -> None:
    rng = np.random.default_rng(9)
    rows = pd.DataFrame({"age": rng.choice(["young", "old"], 300), "place": rng.choice(["n", "c", "s"], 300)})
    sizes: dict[str, dict[Any, float]] = {"age": {"young": 700, "old": 300}, "place": {"n": 200, "c": 300, "s": 500}}
    weights = pd.Series(stats.rake({"age": rows["age"], "place": rows["place"]}, sizes))
    for name, margin in sizes.items():
        assert weights.groupby(rows[name]).sum().to_dict() == pytest.approx(margin)
    with pytest.raises(CareError, match="different sums"):
        stats.rake({"age": rows["age"], "place": rows["place"]}, sizes | {"age": {"young": 70, "old": 300}})
    with pytest.raises(CareError, match="age: nobody answered in \\['middle'\\]"):
        stats.rake({"age": rows["age"]}, {"age": {"young": 1, "old": 1, "middle": 1}})
    assert not stats.weighted_mean([1, 2, 3], [1, 1, 100]).usable


def test_weights_are_no_frequencies() -> None:
    y, w = [100, 100, 0, -100, 100], [1, 2, 1, 3, 1]
    once, twice = stats.weighted_mean(y, w), stats.weighted_mean(y, [10 * one for one in w])
    assert (once.low, once.high) == pytest.approx((twice.low, twice.high))


def test_steps_of_one_customer_do_not_lead_to_the_next() -> None:
    counts = stats.transition_counts(["A", "B", "A", "B"], [2, 1, 1, 2], ["x", "x", "y", "x"])
    assert counts.loc["y", "x"] == 1
    assert counts.to_numpy().sum() == 2
    with pytest.raises(CareError, match="two records at one time"):
        stats.transition_counts(["A", "A"], [1, 1], ["x", "y"])
    with pytest.raises(CareError, match="never reach an end"):
        stats.absorbing([[1.0, 0.0], [0.0, 0.5]], [[0.0], [0.5]])


def test_families_without_anything_select_nothing() -> None:
    found = stats.families([[0.3, 0.8], [0.5], [0.9, 0.6]])
    assert not any(found.selected)
    assert found.level_inside == 0
    assert found.interval_level == pytest.approx(0.9)


def test_a_label_too_poor_or_impossible_is_not_reported() -> None:
    with pytest.raises(CareError, match="no more than chance"):
        stats.true_share(10, 50, sensitivity=0.5, specificity=0.5)
    small = stats.true_share(45, 150, sensitivity=0.96, specificity=0.89, audited=(50, 50))
    known = stats.true_share(45, 150, sensitivity=0.96, specificity=0.89)
    assert small.low < known.low < known.high < small.high


def test_the_quadrants_cross_at_the_means() -> None:
    # All four lie above the middle of a scale of 1 to 5: only their means tell them apart.
    found = stats.importance_performance([4.9, 4.6, 4.0, 3.9], [3.4, 4.4, 4.3, 3.5], names=["a", "b", "c", "d"])
    assert found["quadrant"].tolist() == ["concentrate here", "keep up", "possible overkill", "low priority"]
    middle = stats.importance_performance([4.9, 4.6, 4.0, 3.9], [3.4, 4.4, 4.3, 3.5], crosshair=(3, 3))
    assert set(middle["quadrant"]) == {"keep up"}


def test_a_cost_over_nearly_nothing_has_no_interval() -> None:
    with pytest.raises(CareError, match="not clearly above zero"):
        stats.ratio_of_totals([5, 9, 7, 8], [0, 0, 1, 0])
