"""Standardised rates, families of comparisons and shifts of level, against published values and planted ones."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from carestudy.measure.families import simes, standing_out
from carestudy.measure.shifts import shift
from carestudy.measure.stratified import compare


def cells(*rows: tuple[str, str, int, int]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["team", "channel", "above", "n"])
    return frame.assign(squares=frame["above"], likeness=1.0)


def test_a_team_is_not_worse_for_the_channel_it_carries() -> None:
    carrying = cells(("A", "bot", 330, 600), ("A", "phone", 80, 100), ("B", "bot", 55, 100), ("B", "phone", 480, 600))
    found = compare(carrying, unit="team", strata=["channel"]).set_index("team")
    assert found.loc["A", "observed"] == 410
    assert found.loc["A", "expected"] == pytest.approx(410)
    assert found.loc["A", "p"] == pytest.approx(1)
    plain = compare(carrying, unit="team", strata=[]).set_index("team")
    assert plain["p"].max() < 1e-6


def test_a_team_that_is_worse_on_equal_work_is() -> None:
    worse = cells(("A", "bot", 240, 600), ("A", "phone", 60, 100), ("B", "bot", 55, 100), ("B", "phone", 480, 600))
    found = compare(worse, unit="team", strata=["channel"]).set_index("team")
    assert found.loc["A", "difference"] == pytest.approx(-0.175, abs=0.01)
    assert found.loc["A", "low"] < -0.15 < found.loc["A", "high"]
    assert found["p"].max() < 1e-4


def test_the_test_is_that_of_cochran_mantel_and_haenszel() -> None:
    # R: mantelhaen.test(UCBAdmissions, correct = FALSE): X-squared = 1.5246, p = 0.2169.
    rows = [
        ("M", "A", 512, 825), ("F", "A", 89, 108), ("M", "B", 353, 560), ("F", "B", 17, 25), ("M", "C", 120, 325),
        ("F", "C", 202, 593), ("M", "D", 138, 417), ("F", "D", 131, 375), ("M", "E", 53, 191), ("F", "E", 94, 393),
        ("M", "F", 22, 373), ("F", "F", 24, 341),
    ]  # fmt: skip
    assert compare(cells(*rows), unit="team", strata=["channel"])["p"].tolist() == pytest.approx([0.2169] * 2, abs=1e-4)


def test_a_stratum_of_one_team_tells_nothing() -> None:
    alone = cells(("A", "bot", 10, 100), ("B", "phone", 90, 100))
    found = compare(alone, unit="team", strata=["channel"])
    assert found["n"].tolist() == [0, 0]
    assert found["p"].isna().all()


def test_families_hold_the_share_of_false_findings() -> None:
    assert simes([0.01, 0.02, 0.9]) == pytest.approx(0.03)
    # Two families: b holds something, a nothing; within b at level x 1 / 2.
    found = standing_out([0.2, 0.6, 0.001, 0.04], ["a", "a", "b", "b"], level=0.05)
    assert found.tolist() == pytest.approx([0.8, 1.0, 0.004, 0.08])
    noise = np.random.default_rng(3).random((400, 40))
    names = [f"family {place // 8}" for place in range(40)]
    share = np.mean([(standing_out(row, names, level=0.05) <= 0.05).any() for row in noise])
    assert share <= 0.08


def test_a_missing_p_value_is_no_comparison() -> None:
    found = standing_out([np.nan, 0.001], ["a", "a"], level=0.05)
    assert np.isnan(found[0])
    assert found[1] == pytest.approx(0.001)


@pytest.mark.parametrize("back", [4, 8, 12, 16])
def test_a_shift_is_dated_within_its_interval(back: int) -> None:
    random, hits = np.random.default_rng(back), 0
    for _ in range(40):
        values = random.normal(0, 1, 24) + 4 * (np.arange(24) >= 24 - back) + np.sin(np.arange(24) * np.pi / 6)
        found = shift(values, season=12)
        hits += found.p < 0.01 and not found.gradual and (found.earliest or 0) <= 24 - back <= (found.latest or 99)
    assert hits >= 30


def test_noise_seldom_looks_like_a_shift() -> None:
    random = np.random.default_rng(11)
    assert np.mean([shift(random.normal(size=24), season=12).p < 0.05 for _ in range(400)]) <= 0.05


def test_a_slope_is_told_from_a_step() -> None:
    found = shift(np.arange(24) + np.random.default_rng(2).normal(0, 0.5, 24))
    assert found.gradual
    assert found.change == pytest.approx(23, abs=1)
