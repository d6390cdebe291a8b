"""Models of renewal where the answer can be written down, and what is no history of renewals."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from carestudy.contract import CareError
from carestudy.measure.likelihood import Found, _part, interval, maximise
from carestudy.measure.renewal import BetaDiscreteWeibull, Geometric, ShiftedBetaGeometric, beta_discrete_weibull

FITS: dict[int, Callable[[Any], Any]] = {
    1: Geometric.fitted,
    2: ShiftedBetaGeometric.fitted,
    3: BetaDiscreteWeibull.fitted,
}


def tenures(*rows: tuple[float, ...]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["entered", "renewals", "left", "customers"])


def test_one_rate_is_leavings_over_renewals_asked_for() -> None:
    # 100 were asked and 20 left, 80 were asked and 20 left.
    model = Geometric.fitted([100, 80, 60])
    assert -np.expm1(-model.rate) == pytest.approx(40 / 180, abs=1e-6)
    assert model.log_likelihood == pytest.approx(40 * np.log(40 / 180) + 140 * np.log(140 / 180))
    assert model.n == 100
    assert model.retention(3).tolist() == pytest.approx([140 / 180] * 3)
    assert model.survival(2).tolist() == pytest.approx([1, 140 / 180, (140 / 180) ** 2])


def test_who_is_seen_late_was_asked_less_often_and_who_was_never_asked_tells_nothing() -> None:
    rows = tenures((0, 2, 1, 3), (1, 4, 1, 2), (2, 5, 0, 4), (3, 3, 0, 50), (4, 3, 1, 50), (0, 9, 1, 0))
    model = Geometric.fitted(rows)
    # Asked: 3 twice, 2 three times, 4 three times; five left.
    assert -np.expm1(-model.rate) == pytest.approx(5 / (3 * 2 + 2 * 3 + 4 * 3), abs=1e-6)
    assert model.log_likelihood == pytest.approx(5 * np.log(5 / 24) + 19 * np.log(19 / 24))
    assert model.n == 9
    # One leaving is enough, and the first renewal need not be where it is.
    assert -np.expm1(-Geometric.fitted(tenures((0, 2, 1, 1))).rate) == pytest.approx(1 / 2, abs=1e-6)
    assert -np.expm1(-Geometric.fitted([100, 100, 60]).rate) == pytest.approx(1 / 5, abs=1e-6)


def test_a_chance_that_grows_with_time_has_the_closed_form_of_one_and_one() -> None:
    assert BetaDiscreteWeibull.at((1.0, 1.0, 2.0)).survival(3).tolist() == pytest.approx([1, 1 / 2, 1 / 5, 1 / 10])
    assert BetaDiscreteWeibull.at((1.0, 3.0, 2.0)).retention(2).tolist() == pytest.approx([3 / 4, 4 / 7])
    beta = ShiftedBetaGeometric.at((1.0, 3.0))
    assert beta.survival(3).tolist() == pytest.approx([1, 3 / 4, 3 / 5, 3 / 6])
    assert (beta.parameters, beta.n, beta.log_likelihood) == ((1.0, 3.0), 0, 0)


@pytest.mark.parametrize(("parameters", "many"), [(1, "one renewal"), (2, "two renewals"), (3, "three renewals")])
def test_as_many_renewals_as_parameters_are_enough_and_fewer_are_not(parameters: int, many: str) -> None:
    counts = [1000, 631, 468, 382]
    assert FITS[parameters](counts[: parameters + 1]).n == 1000
    with pytest.raises(CareError, match=f"the start and {many} or more"):
        FITS[parameters](counts[:parameters])


def test_a_renewal_at_which_nobody_leaves_and_one_at_which_all_do_are_counts_too() -> None:
    # Asked 100, 80, 80 and 60 times; 100 left.
    model = Geometric.fitted([100, 80, 80, 60, 0])
    assert -np.expm1(-model.rate) == pytest.approx(100 / 320, abs=1e-6)


@pytest.mark.parametrize("counts", [[100, 100, 100], [100, 80, 81], [100, 80, -1], [100, 80, np.nan]])
def test_counts_that_rise_never_fall_or_are_none_are_refused(counts: list[float]) -> None:
    with pytest.raises(CareError, match="never rise and somewhere fall"):
        Geometric.fitted(counts)


@pytest.mark.parametrize("rows", [tenures(), tenures((0, 3, 1, 0), (0, 3, 0, 5))])
def test_without_a_leaving_there_is_nothing_to_learn(rows: pd.DataFrame) -> None:
    with pytest.raises(CareError, match="nobody has left"):
        beta_discrete_weibull(rows)


def test_limits_of_parameters_are_taken_in_logarithms() -> None:
    found = Found(np.array([2.0, 3.0]), 0.0, np.array([[4.0, 0.0], [0.0, 25.0]]))
    assert [side[0] for side in interval(found)] == pytest.approx([2 * np.exp(-0.979982), 2 * np.exp(0.979982)])
    low, high = interval(found, z=2.0)
    assert low.tolist() == pytest.approx([2 / np.e, 3 * np.exp(-0.4)])
    assert high.tolist() == pytest.approx([2 * np.e, 3 * np.exp(0.4)])


def test_of_many_rows_a_regular_part_is_taken() -> None:
    rows = {"weight": np.arange(10)}
    assert [_part(rows, most)["weight"].tolist() for most in (10, 9, 4)] == [
        list(range(10)), [0, 2, 4, 6, 8], [0, 3, 6, 9],
    ]  # fmt: skip


def poisson(parameters: Any, data: Any) -> tuple[Any, Any]:
    """Counts with one mean, whose logarithm is the sum of two parameters' or of one's."""
    mean = parameters.prod()
    return data["x"] * np.log(mean) - mean, ((data["x"] - mean) / parameters[:, None])


def test_the_maximum_and_its_bend_are_those_of_counts() -> None:
    data = {"weight": np.array([1.0, 3.0]), "x": np.array([2.0, 6.0])}
    found = maximise(poisson, data, ["mean"], [[1.0], [40.0]])
    # The mean of 2, 6, 6, 6 is 5, and the bend in its logarithm the sum of all.
    assert found.parameters.tolist() == pytest.approx([5], abs=1e-4)
    assert found.information.tolist() == [pytest.approx([20], abs=1e-3)]
    assert found.log_likelihood == pytest.approx(20 * np.log(5) - 20)


def test_of_many_rows_the_maximum_is_that_of_all() -> None:
    x = np.random.default_rng(3).poisson(4, 20_000).astype(float)
    found = maximise(poisson, {"weight": np.ones(len(x)), "x": x}, ["mean"], [[1.0]])
    assert found.parameters.item() == pytest.approx(x.mean(), rel=1e-5)
    assert found.information.item() == pytest.approx(x.sum(), rel=0.02)


@pytest.mark.parametrize(("x", "told"), [(0.0, "mean runs to zero"), (1e9, "mean runs beyond all bounds")])
def test_a_parameter_that_runs_off_is_named_with_its_way(x: float, told: str) -> None:
    with pytest.raises(CareError, match=told):
        maximise(poisson, {"weight": np.ones(3), "x": np.full(3, x)}, ["mean"], [[1.0]])


def test_what_nobody_can_tell_apart_is_not_found_and_nobody_is_no_data() -> None:
    with pytest.raises(CareError, match="a, b were not found"):
        maximise(poisson, {"weight": np.ones(3), "x": np.full(3, 5.0)}, ["a", "b"], [[1.0, 2.0]])
    # Two renewals tell two numbers, which three parameters reach in many ways.
    for many in (1, 1000):
        two = tenures((0, 1, 1, 300 * many), (0, 2, 1, 150 * many), (0, 2, 0, 550 * many))
        with pytest.raises(CareError, match="gamma, delta, c were not found"):
            beta_discrete_weibull(two)
    with pytest.raises(CareError, match="hold nobody to learn a from"):
        maximise(poisson, {"weight": np.zeros(3), "x": np.full(3, 5.0)}, ["a"], [[1.0]])
