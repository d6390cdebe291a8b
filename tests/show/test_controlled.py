"""The verdicts of a grid are controlled over all its cells."""

from __future__ import annotations

import numpy as np
import pandas as pd

from carestudy.show.controlled import controlled


def grid(changes: list[float], error: float = 1.0) -> pd.DataFrame:
    """A scorecard whose cells changed like this, each judged by itself."""
    change = np.array(changes)
    low, high = change - 1.96 * error, change + 1.96 * error
    verdict = np.select([low > 0, high < 0], ["better", "worse"], "cannot tell")
    return pd.DataFrame({"change": change, "change_low": low, "change_high": high, "verdict": verdict.astype(object)})


def test_one_cell_in_forty_that_is_just_clear_is_no_verdict() -> None:
    alone = grid([2.1, *np.linspace(-1.5, 1.5, 39)])
    assert alone["verdict"].tolist().count("better") == 1
    assert set(controlled(alone)["verdict"]) == {"cannot tell"}


def test_a_cell_that_is_far_out_stands_in_any_grid() -> None:
    found = controlled(grid([-5.0, 4.5, *np.linspace(-1.5, 1.5, 39)]))["verdict"].tolist()
    assert found[:2] == ["worse", "better"]
    assert set(found[2:]) == {"cannot tell"}


def test_the_same_cell_by_itself_keeps_its_verdict() -> None:
    assert controlled(grid([2.1]))["verdict"].tolist() == ["better"]


def test_chance_alone_colours_few_grids() -> None:
    random = np.random.default_rng(4)
    coloured = [(controlled(grid(list(random.normal(size=25))))["verdict"] != "cannot tell").any() for _ in range(400)]
    assert np.mean(coloured) <= 0.08


def test_what_was_not_judged_stays_so() -> None:
    card = grid([3.0, 0.1]).assign(verdict=pd.Series([None, "cannot tell"], dtype=object))
    assert controlled(card)["verdict"].tolist() == [None, "cannot tell"]
