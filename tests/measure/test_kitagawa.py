"""Mix and rate effects add up to the change, whatever the numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from carestudy.contract import CareError
from carestudy.measure.kitagawa import effects_of_sums, errors, kitagawa, simpson

SEGMENTS = st.lists(
    st.tuples(st.integers(0, 1000), st.floats(-1, 1), st.integers(0, 1000), st.floats(-1, 1)), min_size=1, max_size=8
).filter(lambda rows: sum(row[0] for row in rows) > 0 and sum(row[2] for row in rows) > 0)


def whole(size: Any, rate: Any) -> float:
    size = np.asarray(size, float)
    return float(size @ rate / size.sum())


@given(SEGMENTS, st.floats(-1, 1))
def test_mix_and_rate_add_up_to_the_change(rows: list[tuple[Any, ...]], around: float) -> None:
    sizes = np.array(rows).T
    split = kitagawa(*sizes, around=around)
    change = whole(sizes[2], sizes[3]) - whole(sizes[0], sizes[1])
    assert split["mix"].sum() + split["rate"].sum() == pytest.approx(change, abs=1e-12)


@given(SEGMENTS)
def test_going_back_turns_every_sign(rows: list[tuple[Any, ...]]) -> None:
    size0, rate0, size1, rate1 = np.array(rows).T
    there, back = kitagawa(size0, rate0, size1, rate1), kitagawa(size1, rate1, size0, rate0)
    for effect in ("mix", "rate"):
        assert there[effect].to_numpy() == pytest.approx(-back[effect].to_numpy(), abs=1e-12)


@given(st.integers(1, 1000), st.integers(1, 1000), st.floats(-1, 1), st.floats(-1, 1))
def test_one_segment_is_all_rate(before: int, now: int, rate_before: float, rate_now: float) -> None:
    split = kitagawa([before], [rate_before], [now], [rate_now]).iloc[0]
    assert split["mix"] == 0
    assert split["rate"] == rate_now - rate_before


@given(SEGMENTS)
def test_equal_rates_are_all_mix(rows: list[tuple[Any, ...]]) -> None:
    size0, rate, size1, _ = np.array(rows).T
    split = kitagawa(size0, rate, size1, rate)
    assert (split["rate"] == 0).all()
    assert split["mix"].sum() == pytest.approx(whole(size1, rate) - whole(size0, rate), abs=1e-12)


@given(SEGMENTS)
def test_sizes_may_be_shares_or_counts_and_segments_in_any_order(rows: list[tuple[Any, ...]]) -> None:
    size0, rate0, size1, rate1 = np.array(rows).T
    plain = kitagawa(size0, rate0, size1, rate1)
    shares = kitagawa(size0 / size0.sum(), rate0, size1 / size1.sum(), rate1)
    turned = kitagawa(size0[::-1], rate0[::-1], size1[::-1], rate1[::-1])
    for effect in ("mix", "rate"):
        assert shares[effect].to_numpy() == pytest.approx(plain[effect].to_numpy(), abs=1e-12)
        assert turned[effect].to_numpy()[::-1] == pytest.approx(plain[effect].to_numpy(), abs=1e-12)


def test_a_segment_that_was_empty_is_all_mix() -> None:
    split = kitagawa([100, 0], [0.5, float("nan")], [50, 50], [0.5, 0.9])
    assert split["rate"].tolist() == [0, 0]
    assert split["mix"].sum() == pytest.approx(0.2)
    assert kitagawa([100, 0], [0.5, 7.0], [50, 50], [0.5, 0.9]).equals(split)


def test_a_segment_that_is_empty_now_is_all_mix() -> None:
    split = kitagawa([50, 50], [0.5, 0.9], [100, 0], [0.5, float("nan")])
    assert split["rate"].tolist() == [0, 0]
    assert split["mix"].sum() == pytest.approx(-0.2)
    assert kitagawa([50, 50], [0.5, 0.9], [100, 0], [0.5, 7.0]).equals(split)


def test_what_is_no_split_is_refused() -> None:
    with pytest.raises(CareError, match="a size and a rate of every segment"):
        kitagawa([1, 2], [0.5], [1, 2], [0.5, 0.5])
    for sizes in ([0, 0], [-1, 2]):
        for sides in ((sizes, [0.5, 0.5], [1, 2], [0.5, 0.5]), ([1, 2], [0.5, 0.5], sizes, [0.5, 0.5])):
            with pytest.raises(CareError, match="not negative and not all zero"):
                kitagawa(*sides)
    with pytest.raises(CareError, match="a size and a rate of every segment"):
        kitagawa(*[[[1, 2]]] * 4)


def test_simpsons_paradox_is_that_of_berkeley_and_not_of_one_segment() -> None:
    assert simpson([0.62, 0.82], [0.60, 0.80], 0.1)
    assert simpson([0.5, 0.8], [0.5, 0.8], -0.1)
    assert not simpson([0.5, 0.8], [0.5, 0.8], 0.0)
    assert not simpson([0.5], [0.6], -0.1)
    assert not simpson([0.5, 0.8], [0.6, 0.7], -0.1)
    assert not simpson([0.5, float("nan")], [0.6, 0.7], -0.1)


def test_a_segment_that_moved_by_rounding_alone_stood_still() -> None:
    assert simpson([5e5, 3e5], [5e5 - 1e-7, 3e5 + 10], -1e6)
    assert not simpson([5e5, 3e5], [5e5 - 1, 3e5 + 10], -1e6)
    assert not simpson([5e5, 3e5], [5e5 + 10, 3e5 + 10], -1e-12), "nor has a whole that moved by rounding alone moved"
    assert not simpson([float("nan"), 0.5], [0.6, float("nan")], -0.1), "no segment has two rates"


def test_the_errors_are_those_of_a_bootstrap_over_customers() -> None:
    # Customers answer several times, in both periods and by several channels: (customer, side, channel) sums.
    drawn = np.random.default_rng(17)
    mood = drawn.beta(6, 2, 1500)
    below = drawn.poisson([[[1.2, 0.4, 0.2]], [[0.6, 0.8, 0.3]]], (1500, 2, 1, 3))[:, :, 0]
    above = drawn.binomial(below, np.clip(mood[:, None, None] + [[[0, 0, -0.2], [0.05, 0, -0.1]]], 0, 1))
    sums = np.concatenate([above.reshape(1500, -1), below.reshape(1500, -1)], axis=1).astype(float)
    ours = errors(effects_of_sums, above.sum(axis=0).astype(float), below.sum(axis=0).astype(float), sums.T @ sums)
    weights = drawn.multinomial(1500, np.full(1500, 1 / 1500), 2000).astype(float) @ sums
    again = [effects_of_sums(one[:6].reshape(2, 3), one[6:].reshape(2, 3)) for one in weights]
    assert ours == pytest.approx(np.std(again, axis=0), rel=0.08)


def test_the_effects_of_sums_are_those_of_kitagawa_measured_from_the_mean_of_the_wholes() -> None:
    above, below = np.array([[30.0, 10.0], [20.0, 25.0]]), np.array([[50.0, 50.0], [30.0, 90.0]])
    around = (above.sum(axis=1) / below.sum(axis=1)).mean()
    split = kitagawa(below[0], above[0] / below[0], below[1], above[1] / below[1], around=around)
    found = effects_of_sums(above, below)
    assert found[0] == pytest.approx(45 / 120 - 40 / 100)
    assert found[1:3] == pytest.approx([split["mix"].sum(), split["rate"].sum()])
    assert found[3:] == pytest.approx([*split["mix"], *split["rate"]])


def test_the_effects_of_sums_take_the_rate_of_an_empty_segment_from_the_other_side() -> None:
    above, below = np.array([[30.0, 0.0], [20.0, 25.0]]), np.array([[50.0, 0.0], [30.0, 90.0]])
    around = (30 / 50 + 45 / 120) / 2
    split = kitagawa(below[0], [0.6, float("nan")], below[1], above[1] / below[1], around=around)
    assert effects_of_sums(above, below)[3:] == pytest.approx([*split["mix"], *split["rate"]])
    assert effects_of_sums(above[::-1], below[::-1])[3:] == pytest.approx([*-split["mix"], *-split["rate"]])


def test_a_segment_that_grew_counts_for_how_far_it_lies_from_where_it_is_measured() -> None:
    plain = kitagawa([50, 50], [0.9, 0.5], [70, 30], [0.9, 0.5])
    around = kitagawa([50, 50], [0.9, 0.5], [70, 30], [0.9, 0.5], around=0.7)
    assert plain["mix"].tolist() == pytest.approx([0.2 * 0.9, -0.2 * 0.5])
    assert around["mix"].tolist() == pytest.approx([0.2 * 0.2, -0.2 * -0.2])


def test_a_segment_that_is_empty_on_both_sides_has_done_nothing() -> None:
    split = kitagawa([50, 0], [0.9, float("nan")], [70, 0], [0.8, 0.3])
    assert split.iloc[1].tolist() == [0] * 6


def test_errors_grow_with_the_root_of_the_products() -> None:
    above, below = np.array([[30.0, 10.0], [20.0, 25.0]]), np.array([[50.0, 50.0], [30.0, 90.0]])
    products = np.diag(np.concatenate([above.ravel(), below.ravel()]))
    once, small = (errors(effects_of_sums, above, below, products * scale) for scale in (1, 0.0001))
    assert small == pytest.approx(once / 100)


def test_the_error_of_one_segments_change_is_that_of_two_ratios() -> None:
    # Three customers before and three others now, each with an answer or two: 2 of 4 well before, 1 of 5 now.
    before, now = [(1, 1), (1, 2), (0, 1)], [(0, 1), (1, 2), (0, 2)]
    above, below = np.array([[2.0], [1.0]]), np.array([[4.0], [5.0]])
    sums = np.array([[a, 0, b, 0] for a, b in before] + [[0, a, 0, b] for a, b in now], float)
    variance = sum((a - 2 / 4 * b) ** 2 for a, b in before) / 4**2 + sum((a - 1 / 5 * b) ** 2 for a, b in now) / 5**2
    found = errors(effects_of_sums, above, below, sums.T @ sums)
    assert found.tolist() == pytest.approx([np.sqrt(variance), 0, np.sqrt(variance), 0, np.sqrt(variance)])


def test_the_shares_of_a_split_are_those_of_its_sizes() -> None:
    split = kitagawa([30, 10], [0.9, 0.5], [20, 30], [0.9, 0.5])
    assert split[["share_before", "share_now"]].to_numpy().tolist() == [[0.75, 0.4], [0.25, 0.6]]
    assert simpson([0.9], [0.8], 0.1) is False
