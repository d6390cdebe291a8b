"""Groups do not depend on the order of the rows, and those that are not there are not found."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carestudy import clusters
from carestudy.contract import CareError
from carestudy.segments.choose import choose, chosen, table


def _heaps(*middles: tuple[float, float], spread: float = 0.5, n: int = 60) -> Any:
    rng = np.random.default_rng(1)
    return np.concatenate([rng.normal(middle, spread, (n, 2)) for middle in middles])


FOUR = ((0.0, 0.0), (0.0, 5.0), (5.0, 0.0), (5.0, 5.0))


@settings(max_examples=10)
@given(st.permutations(range(24)))
def test_the_order_of_the_rows_does_not_matter(order: list[int]) -> None:
    rows = _heaps(*FOUR, n=6)
    one, other = clusters.kmeans(rows, 3, starts=3), clusters.kmeans(rows[order], 3, starts=3)
    assert one.centres.tolist() == other.centres.tolist()
    assert one.labels[order].tolist() == other.labels.tolist()


def test_every_row_is_at_its_nearest_centre() -> None:
    rows = _heaps(*FOUR)
    found = clusters.kmeans(rows, 4)
    far = np.linalg.norm(rows[:, None, :] - found.centres[None, :, :], axis=2)
    assert (far.argmin(axis=1) == found.labels).all()
    assert found.inertia == pytest.approx((far.min(axis=1) ** 2).sum())


def test_heaps_that_are_apart_are_natural_groups() -> None:
    found = choose(_heaps(*FOUR))
    assert chosen(found) == 4
    assert table(found).set_index("k").loc[4, "verdict"] == "natural"


def test_a_round_cloud_has_no_natural_groups() -> None:
    found = choose(np.random.default_rng(5).normal(size=(400, 2)))
    assert "natural" not in {one.verdict for one in found}


def test_where_no_cut_comes_out_again_all_are_one_group() -> None:
    found = choose(np.random.default_rng(5).normal(size=(150, 4)), range(3, 5))
    assert {one.verdict for one in found} == {"all", "unstable"}
    assert chosen(found) == 1


def test_the_gap_of_heaps_is_largest_at_their_number() -> None:
    rows = _heaps(*FOUR)
    gaps = {k: clusters.gap(rows, k, references=5)[0] for k in (1, 2, 3, 4, 5)}
    assert max(gaps, key=lambda k: gaps[k]) == 4


def test_the_silhouette_of_many_rows_is_that_of_five_thousand() -> None:
    rows = np.repeat(_heaps((0.0, 0.0), (9.0, 9.0), n=10), 400, axis=0)
    labels = np.repeat([0, 1], 4_000)
    assert clusters.silhouette(rows, labels) == pytest.approx(clusters.silhouette(rows[::400], labels[::400]), abs=0.03)


def test_more_groups_than_different_rows_are_refused() -> None:
    with pytest.raises(CareError, match="3 groups need at least 3 different rows, and there are 2"):
        clusters.kmeans([[1.0], [1.0], [2.0]], 3)
    with pytest.raises(CareError, match="none of them missing"):
        clusters.kmeans([[1.0], [float("nan")]], 1)


def test_rows_that_are_all_alike_have_nothing_to_choose() -> None:
    assert choose([[1.0, 2.0]] * 50) == ()
    assert chosen(()) == 1
