"""Published shares of the explained variance come out of the public functions."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import carestudy as cs

Check = Callable[[str], dict[str, Any]]


@pytest.mark.parametrize(
    ("name", "weigh", "expected"), [("f01-lmg-swiss", "lmg", "lmg"), ("f03-johnson-mtcars", "johnson", "raw")]
)
def test_the_weights_of_parts_are_those_of_the_books(
    check: Check, shared: Path, name: str, weigh: str, expected: str
) -> None:
    published = check(name)
    rows = pd.read_csv(shared / "checks" / published["input"]["file"])
    table = cs.drivers.correlations(rows[[*published["input"]["x"], published["input"]["y"]]], np.ones(len(rows)))
    weights = getattr(cs.drivers, weigh)(table)
    assert weights == pytest.approx(published["expected"][expected], abs=published["tolerance"]["abs"])
    assert weights.sum() == pytest.approx(published["expected"]["r2"], abs=1e-6)
