"""Changes of level are found where they are, and not where there is only noise."""

from __future__ import annotations

import itertools

import numpy as np
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
