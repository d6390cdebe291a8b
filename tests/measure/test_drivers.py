"""Shares of the explained variance: they add up, and what says the same weighs the same."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from carestudy.measure import drivers

rows = st.integers(0, 2**32 - 1).map(lambda seed: np.random.default_rng(seed).integers(1, 6, size=(40, 4)))


@given(rows)
def test_shares_add_up_to_what_is_explained(scores: Any) -> None:
    table = drivers.correlations(scores, np.ones(len(scores)))
    explained = np.corrcoef(scores[:, -1], _fitted(scores))[0, 1] ** 2
    assert drivers.lmg(table).sum() == pytest.approx(explained, abs=1e-9)
    assert drivers.johnson(table).sum() == pytest.approx(explained, abs=1e-9)
    assert (drivers.lmg(table) > -1e-12).all()


def _fitted(scores: Any) -> Any:
    parts = np.column_stack([np.ones(len(scores)), scores[:, :-1]])
    return parts @ np.linalg.lstsq(parts, scores[:, -1], rcond=None)[0]


@given(rows)
def test_rows_that_count_twice_stand_twice(scores: Any) -> None:
    often = np.arange(len(scores)) % 3
    repeated = np.repeat(scores, often, axis=0)
    once = drivers.correlations(repeated, np.ones(len(repeated)))
    assert drivers.correlations(scores, often) == pytest.approx(once, abs=1e-12)


def test_parts_that_say_the_same_share_alike_and_one_that_never_changes_has_none() -> None:
    half = np.random.default_rng(1).integers(1, 6, size=100)
    scores = np.column_stack([half, half, np.full(100, 3), half])
    table = drivers.correlations(scores, np.ones(100))
    for weigh in (drivers.lmg, drivers.johnson):
        assert weigh(table) == pytest.approx([0.5, 0.5, 0], abs=1e-6)


def test_too_many_parts_for_all_orders_are_refused() -> None:
    with pytest.raises(ValueError, match="johnson takes any number"):
        drivers.lmg(np.eye(17))
    assert drivers.johnson(np.eye(17)) == pytest.approx(np.zeros(16))


def test_many_tables_at_once_give_what_each_gives() -> None:
    drawn = np.random.default_rng(5)
    scores, often = drawn.integers(1, 6, size=(40, 4)), drawn.integers(0, 4, size=(2, 3, 40))
    together = drivers.correlations(scores, often)
    assert together.shape == (2, 3, 4, 4)
    for weigh in (drivers.lmg, drivers.johnson):
        shares = weigh(together)
        assert shares.shape == (2, 3, 3)
        for place in np.ndindex(2, 3):
            alone = drivers.correlations(scores, often[place])
            assert together[place] == pytest.approx(alone, abs=1e-12)
            assert shares[place] == pytest.approx(weigh(alone), abs=1e-12)


def test_as_many_parts_as_are_allowed_are_not_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drivers, "LARGEST", 3)
    assert drivers.lmg(np.eye(4)) == pytest.approx(np.zeros(3))
    with pytest.raises(ValueError, match="4 parts have too many subsets"):
        drivers.lmg(np.eye(5))
