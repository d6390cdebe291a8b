"""Published shares of the explained variance come out of the public functions."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from published_facts import Check, PublishedFile

import carestudy as cs


@pytest.mark.parametrize(
    ("name", "weigh", "expected"), [("f01-lmg-swiss", "lmg", "lmg"), ("f03-johnson-mtcars", "johnson", "raw")]
)
def test_the_weights_of_parts_are_those_of_the_books(
    check: Check, published_file: PublishedFile, name: str, weigh: str, expected: str
) -> None:
    published = check(name)
    rows = pd.read_csv(published_file(published["input"]["file"]))
    table = cs.drivers.correlations(rows[[*published["input"]["x"], published["input"]["y"]]], np.ones(len(rows)))
    weights = getattr(cs.drivers, weigh)(table)
    assert weights == pytest.approx(published["expected"][expected], abs=published["tolerance"]["abs"])
    assert weights.sum() == pytest.approx(published["expected"]["r2"], abs=1e-6)
