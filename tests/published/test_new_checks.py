"""Published tables of forecasts, charts, campaigns, weights, bots, fair comparison, many tests, steps and calendars."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from new_checks import COMPUTE
from published_facts import FACTS, Check, PublishedFile

SMALL = Path(__file__).with_name("small_facts.json")
# Facts of another rule that stand beside, to be told from ours.
ANOTHER = {
    "n_20_25_power80_control_variance", "rothman_boice_not_byar", "wrong_across_customers_1_to_1",
}  # fmt: skip


def _compare(found: Any, expected: Any, tolerance: dict[str, float], where: str) -> None:
    if isinstance(expected, dict):
        for name, value in expected.items():
            if name not in ANOTHER:
                _compare(found[name], value, tolerance, f"{where} {name}")
    elif isinstance(expected, str | bool) or expected is None:
        assert found == expected, where
    elif isinstance(expected, list) and expected and isinstance(expected[0], str):
        assert list(found) == expected, where
    else:
        found, expected = np.asarray(found, float), np.asarray(expected, float)
        assert found.shape == expected.shape, where
        # A relative tolerance of a published number, and no less than rounding leaves.
        relative, absolute = tolerance.get("rel", 0.0), tolerance.get("abs", 0.0)
        np.testing.assert_allclose(found, expected, rtol=relative, atol=max(absolute, 1e-12), err_msg=where)


@pytest.mark.parametrize("name", sorted(COMPUTE))
def test_a_published_table_comes_out(name: str, check: Check, published_file: PublishedFile) -> None:
    published = check(name)
    _compare(COMPUTE[name](published["input"], published_file), published["expected"], published["tolerance"], name)


def test_every_published_table_is_computed() -> None:
    assert {name for name in FACTS if name >= "m"} <= set(COMPUTE)


@pytest.mark.parametrize("fact", json.loads(SMALL.read_text("utf-8")), ids=lambda fact: fact["method"])
def test_a_small_published_fact_comes_out_without_the_shared_folder(fact: dict[str, Any]) -> None:
    found = COMPUTE[fact["method"]](fact["input"], SMALL.with_name)
    _compare(found, fact["expected"], fact["tolerance"], fact["source"])
