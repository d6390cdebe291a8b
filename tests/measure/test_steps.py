"""Changes of level are found where they are, and not where there is only noise."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from carestudy.contract import CareError
from carestudy.measure.steps import change_point, change_points, gradual

NUMBERS = st.floats(-100, 100, allow_nan=False).map(lambda number: round(number, 3))


def squares(values: list[float], weights: list[float]) -> float:
    mean = np.average(values, weights=weights)
    return float(np.sum(np.array(weights) * (np.array(values) - mean) ** 2))


@given(st.lists(st.tuples(NUMBERS, st.integers(1, 5)), min_size=4, max_size=9), st.floats(0.1, 500))
def test_the_segments_are_the_best_of_all_there_are(pairs: list[tuple[float, int]], penalty: float) -> None:
    values, weights = [value for value, _ in pairs], [float(weight) for _, weight in pairs]
    found = change_points(values, weights=weights, penalty=penalty, fewest=2)
    costs = []
    for changes in range(len(values)):
        for cuts in itertools.combinations(range(1, len(values)), changes):
            ends = [0, *cuts, len(values)]
            if min(np.diff(ends)) >= 2:
                spans = list(itertools.pairwise(ends))
                costs.append(sum(squares(values[a:b], weights[a:b]) for a, b in spans) + penalty * changes)
    spans = [(first, first + size) for first, size in zip(found["first"], found["size"], strict=True)]
    ours = sum(squares(values[a:b], weights[a:b]) for a, b in spans) + penalty * (len(spans) - 1)
    assert ours == pytest.approx(min(costs), rel=1e-6, abs=1e-6)
    assert found["size"].sum() == len(values)


def test_three_levels_are_found() -> None:
    drawn = np.random.default_rng(2)
    values = np.concatenate([drawn.normal(level, 1, 20) for level in (0, 8, 3)])
    assert change_points(values)["size"].tolist() == [20, 20, 20]


def test_noise_alone_seldom_makes_a_change() -> None:
    drawn = np.random.default_rng(2)
    found = [len(change_points(drawn.normal(size=24), fewest=3)) > 1 for _ in range(300)]
    assert np.mean(found) < 0.1


def test_a_heavy_value_counts_for_more() -> None:
    values = [0.0, 0.0, 0.0, 9.0, 10.0, 10.0]
    assert change_point(values, weights=[1, 1, 1, 1, 1, 1]).before == 3
    assert change_point(values, weights=[1, 1, 1, 1, 1e6, 1e6]).mean_after == pytest.approx(10, abs=0.01)


def test_level_and_size_of_the_numbers_do_not_move_the_change() -> None:
    drawn = np.random.default_rng(2)
    values = np.concatenate([drawn.normal(0, 1, 15), drawn.normal(4, 1, 15)])
    for moved in (values, values + 1e6, values * 1e-3):
        assert change_points(moved)["size"].tolist() == [15, 15]
        assert change_point(moved).clear


@pytest.mark.parametrize("values", [[], [1.0], [1.0, 2.0], [5.0] * 10])
def test_a_series_too_short_or_flat_has_one_level(values: list[float]) -> None:
    assert change_points(values)["size"].tolist() == ([len(values)] if values else [])


def test_a_change_needs_values_on_both_sides() -> None:
    with pytest.raises(CareError, match="at least 4 values, and got 3"):
        change_point([1, 2, 3])
    with pytest.raises(CareError, match="numbers throughout"):
        change_points([1, float("nan"), 2])
    with pytest.raises(CareError, match="weight above zero"):
        change_points([1, 2], weights=[1, 0])


def test_a_flat_series_has_no_clear_change() -> None:
    assert not change_point([5.0] * 8).clear


def test_a_ramp_is_no_step_and_a_step_is_no_ramp() -> None:
    drawn = np.random.default_rng(2)
    ramp = np.arange(24) + drawn.normal(0, 0.3, 24)
    step = np.repeat([0.0, 5.0], 12) + drawn.normal(0, 0.3, 24)
    assert gradual(ramp, change_points(ramp, fewest=3))
    assert not gradual(step, change_points(step, fewest=3))


def test_the_gain_of_a_split_and_its_price_are_those_computed_by_hand() -> None:
    # 52 squares about the mean of 3, and 2 about 0.5 and 5.5. The differences 1 -1 1 4 1 -1 1 have variance 118 / 42.
    found = change_point([0, 1, 0, 1, 5, 6, 5, 6])
    assert (found.before, found.mean_before, found.mean_after) == (4, 0.5, 5.5)
    assert found.gain == pytest.approx(50)
    assert found.penalty == pytest.approx(3 * np.log(8) * 118 / 42 / 2)


def test_values_that_are_worth_more_are_expected_to_vary_less() -> None:
    values = [0, 1, 0, 1, 5, 6, 5, 6]
    plain, weighed = change_point(values), change_point(values, weights=[4.0] * 8)
    # The same scatter of values worth four each tells of four times the noise in one answer.
    assert weighed.penalty == pytest.approx(4 * plain.penalty)
    assert weighed.gain == pytest.approx(4 * plain.gain)


def test_each_side_of_a_change_has_the_fewest_values_asked_for() -> None:
    assert change_point([0, 0, 9, 9]).before == 2
    assert change_point([0, 0, 0, 9]).before == 2, "the best split would leave one value alone"
    assert change_point([0, 0, 9, 9, 9, 9], fewest=3).before == 3
    assert change_points([0, 0, 9, 9, 9, 9])["size"].tolist() == [2, 4]


def levels(*sizes: int) -> pd.DataFrame:
    return pd.DataFrame({"first": np.cumsum([0, *sizes[:-1]]), "size": sizes})


def test_a_line_must_earn_its_slope() -> None:
    # Squares: 10 about the mean, 8 about two levels, 6.57 about the line; one number costs 4.11, a change 12.33.
    values = [0, 2, 0, 2, 1, 3, 1, 3]
    assert not gradual(values, levels(8)), "6.57 + 4.11 is more than 10"
    assert gradual(values, levels(4, 4)), "and less than 8 + 12.33"


def test_a_clear_step_is_not_called_a_line() -> None:
    # Squares: 2 about two levels, 33.6 about the line; one number costs 9.66, a change 28.97.
    assert not gradual([0, 1, 0, 1, 9, 10, 9, 10], levels(4, 4))


def test_a_line_is_compared_with_the_squares_of_all_levels_together() -> None:
    # A slow wave on a slope: either half leaves fewer squares than the line, both together leave more.
    time = np.arange(40)
    values = 0.03 * time - np.sin(np.pi * time / 10)
    line = np.sum((values - np.polyval(np.polyfit(time, values, 1), time)) ** 2)
    halves = [20 * np.var(half) for half in (values[:20], values[20:])]
    assert max(halves) + 2 < line < sum(halves) - 2
    assert gradual(values, levels(20, 20))


def test_the_noise_is_told_from_neighbours_by_what_both_are_worth() -> None:
    # Neighbours worth 1 and 4 differ by 2 where chance allows the root of 1 + 1 / 4: a² = 3.2, of variance 4 / 3 a².
    found = change_point([0, 2, 0, 2], weights=[1, 4, 1, 4])
    assert found.penalty == pytest.approx(3 * np.log(4) * 4 / 3 * 3.2)
    # 1 and 4, 4 and 1, 1 and 1: the last pair allows more.
    uneven = change_point([0, 2, 0, 2], weights=[1, 4, 1, 1])
    assert uneven.penalty == pytest.approx(3 * np.log(4) * np.var([3.2**0.5, -(3.2**0.5), 2**0.5], ddof=1))


def test_three_values_are_enough_to_tell_noise() -> None:
    # 54 squares are less than 3 log(3) times half the variance of the differences 0 and 9.
    assert change_points([0, 0, 9], fewest=1)["size"].tolist() == [3]


def test_two_values_tell_no_noise() -> None:
    assert change_point([0, 9], fewest=1).penalty == 0
