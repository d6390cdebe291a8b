"""Control limits are learnt from a baseline and hold from then on."""

from __future__ import annotations

import numpy as np
import pytest

from carestudy.contract import CareError
from carestudy.measure.control import individuals_limits, laney_limits, p_limits


def test_limits_of_a_frozen_baseline_do_not_move_with_what_comes_after() -> None:
    before, after = [90, 92, 89, 91], [60, 61]
    alone = laney_limits(before, [100] * 4)
    both = laney_limits(before + after, [100] * 6, baseline=range(4))
    assert both[["centre", "low", "high"]].iloc[0].tolist() == alone[["centre", "low", "high"]].iloc[0].tolist()
    assert both["outside"].tolist() == [False] * 4 + [True] * 2


def test_a_baseline_may_be_a_mask() -> None:
    by_place = laney_limits([90, 92, 89, 60], [100] * 4, baseline=[0, 1, 2])
    assert laney_limits([90, 92, 89, 60], [100] * 4, baseline=[True, True, True, False]).equals(by_place)
    with pytest.raises(CareError, match="a flag for each of the 2 periods, not 1"):
        laney_limits([1, 2], [3, 3], baseline=[True])


def test_chance_alone_makes_both_charts_alike() -> None:
    drawn = np.random.default_rng(11)
    n = np.full(2000, 500)
    count = drawn.binomial(n, 0.8)
    assert laney_limits(count, n)["sigma_z"].iloc[0] == pytest.approx(1, abs=0.05)
    assert p_limits(count, n)["outside"].mean() < 0.01


def test_larger_groups_have_narrower_limits() -> None:
    chart = laney_limits([80, 820, 79, 805], [100, 1000, 100, 1000])
    widths = (chart["high"] - chart["low"]).tolist()
    assert widths[0] == pytest.approx(widths[1] * np.sqrt(10))


def test_limits_of_a_share_stay_within_0_and_1() -> None:
    chart = laney_limits([99, 80, 100, 85], [100] * 4)
    assert chart["high"].max() <= 1
    assert not chart["outside"].any(), "all is not more than the upper limit"
    chart = laney_limits([1, 20, 0, 15], [100] * 4)
    assert chart["low"].min() == 0
    assert not chart["outside"].any(), "none is not less than the lower limit"


def test_a_period_without_rows_has_neither_value_nor_limits() -> None:
    chart = laney_limits([90, 0, 91], [100, 0, 100])
    assert chart.loc[1, ["value", "low", "high"]].isna().all()
    assert not chart["outside"].any()
    assert chart.loc[[0, 2], ["low", "high"]].notna().all(axis=None), "the others are as without it"
    assert chart.loc[0, "sigma_z"] == laney_limits([90, 91], [100, 100])["sigma_z"].iloc[0]


def test_a_period_of_one_row_counts() -> None:
    chart = p_limits([1, 50], [1, 99])
    assert chart["centre"].iloc[0] == 0.51
    assert chart.loc[0, ["low", "high"]].tolist() == [0, 1]


def test_a_share_that_stays_the_same_gives_no_limits() -> None:
    chart = laney_limits([90, 90, 90, 95], [100] * 4, baseline=range(3))
    assert chart["sigma_z"].iloc[0] == 0
    assert chart["low"].isna().all()


def test_a_baseline_that_never_varies_gives_no_limits() -> None:
    chart = laney_limits([100, 100, 100, 90], [100] * 4, baseline=range(3))
    assert chart["low"].isna().all()
    assert not chart["outside"].any()


def test_a_shift_does_not_widen_the_individuals_chart_as_it_would_all_points_taken_together() -> None:
    drawn = np.random.default_rng(11)
    values = np.concatenate([drawn.normal(10, 1, 50), drawn.normal(30, 1, 50)])
    chart = individuals_limits(values)
    assert chart["high"].iloc[0] - chart["centre"].iloc[0] < 3 * values.std() / 2
    assert individuals_limits(values, baseline=range(50))["outside"].iloc[50:].all()


def test_the_individuals_chart_leaves_out_what_is_missing() -> None:
    chart = individuals_limits([1.0, np.nan, 2.0, 1.0])
    assert chart["mr_bar"].iloc[0] == 1
    assert not chart["outside"].iloc[1]


def test_two_values_have_a_moving_range_and_one_has_none() -> None:
    assert individuals_limits([1.0, 3.0])["mr_bar"].iloc[0] == 2
    alone = individuals_limits([1.0])
    assert alone[["low", "high", "mr_bar"]].isna().all(axis=None)
    assert alone["centre"].iloc[0] == 1
