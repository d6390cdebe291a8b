"""Kaplan-Meier and the log-rank test against statsmodels, and what every curve keeps."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.duration.survfunc import SurvfuncRight, survdiff

from carestudy.contract import CareError
from carestudy.measure.intervals import wilson
from carestudy.measure.survival import curve as curve_of_counts
from carestudy.measure.survival import kaplan_meier, log_rank, quantile, share_after

cases = st.lists(st.tuples(st.integers(0, 12), st.booleans()), min_size=1, max_size=40)


def drawn(n: int = 300) -> tuple[Any, Any, Any]:
    draw = np.random.default_rng(4)
    entry = draw.integers(0, 20, n).astype(float)
    return entry + draw.integers(1, 40, n), draw.random(n) < 0.6, entry


def test_late_entries_are_at_risk_only_from_then_on() -> None:
    duration, ended, entry = drawn()
    peer = SurvfuncRight(duration, ended.astype(int), entry=entry)
    mine = kaplan_meier(duration, ended, entry=entry)
    kept = np.isin(mine["duration"], peer.surv_times)
    assert mine.loc[kept, "value"].to_numpy() == pytest.approx(peer.surv_prob, abs=1e-12)


def test_standard_errors_are_greenwoods() -> None:
    duration, ended, _ = drawn()
    peer = SurvfuncRight(duration, ended.astype(int))
    mine = kaplan_meier(duration, ended)
    assert mine["error"].to_numpy()[:-1] == pytest.approx(peer.surv_prob_se[: len(mine) - 1], abs=1e-12)


def test_who_was_gone_before_the_data_begin_was_never_seen() -> None:
    seen = kaplan_meier([5, 6, 7], [True, True, False], entry=[0, 2, 0])
    unseen = kaplan_meier([5, 6, 7, 3], [True, True, False, True], entry=[0, 2, 0, 4])
    pd.testing.assert_frame_equal(seen, unseen)


def test_alike_people_may_be_counted_once_with_their_number() -> None:
    one_by_one = kaplan_meier([1, 1, 2, 3, 3], [True, True, False, True, False])
    counted = kaplan_meier([1, 2, 3, 3], [True, False, True, False], weight=[2, 1, 1, 1])
    pd.testing.assert_frame_equal(one_by_one, counted)


@given(cases)
def test_a_curve_falls_from_one_and_lies_inside_its_band(rows: list[tuple[int, bool]]) -> None:
    curve = kaplan_meier(*zip(*rows, strict=True))
    assert curve["value"].between(0, 1).all()
    assert curve["value"].diff().dropna().le(1e-12).all()
    known = curve.dropna()
    assert (known["low"] <= known["value"] + 1e-12).all()
    assert (known["value"] <= known["high"] + 1e-12).all()


@given(st.lists(st.integers(0, 50), min_size=1, max_size=30, unique=True), st.sampled_from([0.1, 0.25, 0.5, 0.9]))
def test_without_open_cases_a_quantile_is_one_of_the_sorted_durations(lasted: list[int], at: float) -> None:
    curve = kaplan_meier(lasted, [True] * len(lasted))
    # The definition that averages at a tie: R's type 2.
    assert quantile(curve, at)[0] == pytest.approx(np.quantile(lasted, at, method="averaged_inverted_cdf"))


def test_a_median_that_is_not_reached_is_not_a_number_and_its_upper_limit_infinite() -> None:
    curve = kaplan_meier([1, 2, 3, 4, 5], [True, False, False, False, False])
    value, _, high = quantile(curve)
    assert np.isnan(value)
    assert high == np.inf
    assert np.isnan(quantile(kaplan_meier([3], [False]))[0])


@pytest.mark.parametrize("at", [0.0, 1.0, -1.0, 50.0])
def test_a_quantile_lies_between_0_and_1(at: float) -> None:
    with pytest.raises(CareError, match="is no quantile"):
        quantile(kaplan_meier([1], [True]), at)


def test_leaving_at_the_very_day_is_staying_so_long() -> None:
    curve = kaplan_meier([364, 365, 366, 400], [True, True, True, False])
    assert share_after(curve, 365, at_risk=3)[0] == pytest.approx(0.75)
    assert share_after(curve, 366, at_risk=2)[0] == pytest.approx(0.5)


def test_where_nobody_or_everybody_left_there_is_an_interval_all_the_same() -> None:
    stayed, (low, high) = share_after(kaplan_meier([9] * 20, [False] * 20), 5, at_risk=20)
    assert (stayed, float(high)) == (1.0, 1.0)
    assert 0.8 < low < 0.9
    left, (low, high) = share_after(kaplan_meier([1] * 20, [True] * 20), 5, at_risk=0)
    assert (left, float(low)) == (0.0, 0.0)
    assert 0.1 < high < 0.2


def test_the_log_rank_test_is_that_of_statsmodels() -> None:
    duration, ended, entry = drawn()
    group = np.array(["a", "b", "c"])[np.arange(300) % 3]
    duration = np.where(group == "c", duration + 4, duration)
    for since in (None, entry):
        told = {} if since is None else {"entry": since}
        chi_square, p = survdiff(duration, ended.astype(int), group, **told)
        mine = log_rank(duration, ended, group, **told)
        assert (mine.chi_square, mine.p) == pytest.approx((chi_square, p), rel=1e-9)
        assert mine.freedom == 2
        assert mine.groups["expected"].sum() == pytest.approx(ended.sum())


def test_a_log_rank_test_of_one_group_is_refused() -> None:
    with pytest.raises(CareError, match="two groups or more"):
        log_rank([1, 2], [True, True], ["a", "a"])


def test_a_missing_duration_is_refused() -> None:
    with pytest.raises(CareError, match="a duration is missing"):
        kaplan_meier([1, np.nan], [True, False])


def test_the_band_is_the_log_log_one_of_the_level_asked_for() -> None:
    # One of four left: 0.75, whose error on the log scale is the root of 1 / (4 · 3).
    for level, z in ((0.95, 1.959964), (0.9, 1.644854)):
        curve = kaplan_meier([1, 2, 2, 3], [True, True, False, False], level=level).iloc[0]
        power = np.exp(z * np.sqrt(1 / 12) / -np.log(0.75))
        assert (curve["low"], curve["high"]) == pytest.approx((0.75**power, 0.75 ** (1 / power)), rel=1e-6)
    told = kaplan_meier([1, 2, 2, 3], [True, True, False, False], level=0.95)
    pd.testing.assert_frame_equal(kaplan_meier([1, 2, 2, 3], [True, True, False, False]), told)
    pd.testing.assert_frame_equal(curve_of_counts(([1, 2], [1, 1]), ([2, 3], [1, 1]), ([], [])), told)


def test_a_level_reached_at_the_last_leaving_is_reached_there() -> None:
    assert quantile(kaplan_meier([1, 2], [True, False]))[0] == 1
    assert quantile(kaplan_meier([1, 2], [True, True]))[0] == 1.5
    assert quantile(kaplan_meier([4], [True]))[0] == 4


def test_who_comes_under_observation_on_the_day_of_leaving_was_never_seen() -> None:
    seen = kaplan_meier([5, 7], [True, False], entry=[0, 0])
    pd.testing.assert_frame_equal(seen, kaplan_meier([5, 7, 6], [True, False, True], entry=[0, 0, 6]))


def test_a_small_log_rank_test_is_that_of_statsmodels_and_counts_what_it_saw() -> None:
    lasted, ended, group = [1, 2, 3, 8, 9, 9], [1, 1, 1, 1, 1, 0], list("bbbaaa")
    found = log_rank(lasted, ended, group)
    assert found.chi_square == pytest.approx(survdiff(np.array(lasted), np.array(ended), np.array(group))[0])
    assert found.groups[["group", "n", "ended"]].to_numpy().tolist() == [["a", 3, 2], ["b", 3, 3]]
    late = log_rank([*lasted, 4], [*ended, 1], [*group, "a"], entry=[0, 0, 0, 0, 0, 0, 5])
    assert late.chi_square == pytest.approx(found.chi_square)
    assert late.groups["n"].tolist() == [3, 3], "who was gone before was never seen"


def test_a_nameless_group_takes_part_in_the_log_rank_test() -> None:
    found = log_rank([1, 2, 3, 4], [1, 1, 1, 1], ["a", "a", None, None])
    assert found.groups["n"].tolist() == [2, 2]
    assert found.freedom == 1


def test_the_last_two_at_risk_are_compared_as_any_others() -> None:
    # Of two one ends, who is as likely of either group: (1 - 1/2) ** 2 / (1/2 * 1/2).
    found = log_rank([1, 2], [True, True], ["A", "B"])
    assert (found.chi_square, found.groups["expected"].tolist()) == (pytest.approx(1), [0.5, 1.5])


def test_a_share_has_the_band_of_its_curve_and_beyond_it_wilsons() -> None:
    curve = kaplan_meier([1, 2, 2, 3, 4], [True, True, False, True, True])
    value, (low, high) = share_after(curve, 3, at_risk=2)
    assert (value, low, high) == tuple(curve.loc[1, ["value", "low", "high"]])
    for duration, at_risk, expected in ((1, 5, (5, 5)), (5, 0, (0, 4))):
        value, limits = share_after(curve, duration, at_risk=at_risk)
        assert value == expected[0] / expected[1]
        assert np.array(limits).tolist() == pytest.approx(np.array(wilson(*expected)).tolist())
