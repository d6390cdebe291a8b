"""Published tables of forecasts, charts, campaigns, weights, bots, fair comparison, many tests, steps and calendars."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from new_checks import COMPUTE

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
def test_a_published_table_comes_out(name: str, shared: Path) -> None:
    checks = {
        one["id"]: one for one in json.loads((shared / "checks" / "published-new.json").read_text("utf-8"))["checks"]
    }
    check = checks[name]
    found = COMPUTE[name](check["input"], shared / "checks")
    _compare(found, check["expected"], check["tolerance"], name)


def test_every_published_table_is_computed(shared: Path) -> None:
    checks = json.loads((shared / "checks" / "published-new.json").read_text("utf-8"))["checks"]
    assert {one["id"] for one in checks} <= set(COMPUTE)


@pytest.mark.parametrize("fact", json.loads(SMALL.read_text("utf-8")), ids=lambda fact: fact["method"])
def test_a_small_published_fact_comes_out_without_the_shared_folder(fact: dict[str, Any]) -> None:
    found = COMPUTE[fact["method"]](fact["input"], SMALL.parent)
    _compare(found, fact["expected"], fact["tolerance"], fact["source"])
