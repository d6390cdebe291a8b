"""Published numbers of concentration come out of the public functions."""

from __future__ import annotations

import pytest
from published_facts import Check

from carestudy import concentration


def test_the_gini_of_the_example_in_r(check: Check) -> None:
    published = check("i03-gini")
    totals = published["input"]["x"]
    found = {
        "gini": concentration.gini(totals),
        "gini_unbiased": concentration.gini(totals, unbiased=True),
        "top20_share": concentration.top_share(totals, top=0.2),
    }
    for name, value in found.items():
        assert value == pytest.approx(published["expected"][name], abs=published["tolerance"]["abs"]), name
