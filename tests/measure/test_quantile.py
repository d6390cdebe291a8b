"""Quantiles equal those of NumPy, whatever the size, the ties and the groups."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from companies import by_group

import carestudy as cs
from carestudy import kpi

SIZES = (1, 2, 3, 5, 6, 9, 30, 101)


def groups(largest: int) -> dict[str, np.ndarray]:
    """Groups of many sizes; a small largest amount makes ties."""
    drawn = np.random.default_rng(3)
    return {f"{n} rows": drawn.integers(0, largest, n) for n in SIZES}


def bought(amounts: dict[str, np.ndarray]) -> pd.DataFrame:
    parts = [pd.DataFrame({"amount": some, "team": name}) for name, some in amounts.items()]
    return pd.concat(parts).sample(frac=1, random_state=1)


@pytest.mark.parametrize("largest", [3, 10_000], ids=["ties", "hardly any ties"])
@pytest.mark.parametrize("at", [0.0, 0.1, 0.5, 0.9, 1.0])
def test_quantiles_of_groups_equal_numpys(at: float, largest: int) -> None:
    amounts = groups(largest)
    found = kpi.typical_transaction(bought(amounts), at=at, by="team")
    expected = {name: np.quantile(some, at) for name, some in amounts.items()}
    assert by_group(found, "team") == pytest.approx(expected)
    assert by_group(found, "team", "n") == {name: len(some) for name, some in amounts.items()}


def test_the_limits_of_a_median_are_amounts_at_the_ranks_of_the_interval() -> None:
    amounts = groups(10_000)
    found = kpi.typical_transaction(bought(amounts), by="team").set_index("team")
    for name, some in amounts.items():
        ranks = np.array(cs.intervals.order_ranks(len(some)), float)
        limits = [np.sort(some)[int(rank) - 1] if rank == rank else np.nan for rank in ranks]
        assert found.loc[name, ["low", "high"]].tolist() == pytest.approx(limits, nan_ok=True)


def test_a_median_has_its_value_for_each_period_and_group() -> None:
    rows = pd.DataFrame(
        {
            "amount": [1, 2, 3, 10, 20, 30, 40, 5],
            "team": ["Bắc", "Bắc", "Bắc", None, None, "Bắc", "Bắc", None],
            "occurred_at": ["2026-09-05"] * 5 + ["2026-10-05"] * 2 + ["2026-10-31"],
        }
    )
    found = kpi.typical_transaction(rows, by="team", every="month", period="2026-10", last=2)
    assert found[["team", "period", "value"]].to_numpy().tolist() == [
        ["Bắc", "2026-09", 2.0], ["Bắc", "2026-10", 35.0], [None, "2026-09", 15.0], [None, "2026-10", 5.0],
    ]  # fmt: skip
