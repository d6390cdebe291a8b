"""Every company that is drawn anew gets a fit of its own, also where the likelihood is nearly flat in one direction."""

from __future__ import annotations

import numpy as np
import pytest
from companies import demo

import carestudy as cs
from carestudy.measure import likelihood
from carestudy.value import resample


def test_no_draw_goes_without_a_refit(monkeypatch: pytest.MonkeyPatch) -> None:
    lasting, heights = 0.01, []

    def refit(rows: likelihood.Rows, data: likelihood.Data, point: np.ndarray, curve: np.ndarray) -> np.ndarray:
        found = likelihood.refit(rows, data, point, curve)
        before, after = (float(data["weight"] @ rows(np.exp(place), data)[0]) for place in (point, found))
        heights.append((after - before, np.abs(found - point).max()))
        return found

    monkeypatch.setattr(resample, "refit", refit)
    value = cs.lifetime_value(demo(), horizon="12M").whole.iloc[0]
    gains, moves = np.transpose(heights)
    assert len(gains) == resample.DRAWS
    assert (gains > 0).all()  # none stays where the whole company was
    assert (moves > 0).all()
    assert value["low"] < value["value"] * (1 - lasting)


def test_deviations_keep_three_digits() -> None:
    assert resample._rounded(np.array([0.0576123, 0.0, np.nan, 12.3456])) == pytest.approx(
        [0.0576, 0.0, np.nan, 12.3], nan_ok=True
    )
