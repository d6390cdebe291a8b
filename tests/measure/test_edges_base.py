"""Edges of the customer base and of what lasts that no other test stood on, found by changing one line at a time."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from companies import fraction, people

import carestudy as cs
from carestudy import kpi
from carestudy.measure.overlap import correlations
from carestudy.periods import Period

PARTS = ["start", "lost", "new", "returned", "end", "undecided"]


def base(*rows: tuple[Any, ...], columns: str = "") -> Any:
    return cs.load({"customers": people(*rows, columns=columns)}, as_of="2026-10-31")


def test_nobody_is_no_customer() -> None:
    assert cs.bridge(base(), period="2026-10")[PARTS].to_numpy().tolist() == [[0] * 6]
    assert fraction(kpi.retention_rate(base(), period="2026-10")) == (0, 0)


@pytest.mark.parametrize(("many", "note"), [(10, None), (9, "too few were followed from the beginning")])
def test_ten_followed_from_the_beginning_are_enough(many: int, note: str | None) -> None:
    old = [(f"O{k}", "2020-01-05", None) for k in range(30)]
    found = kpi.tenure(base(*old, *((f"N{k}", "2024-01-05", None) for k in range(many))), since="2024-01-01")
    assert found["note"].item() == note


def test_two_years_that_share_months_move_together_as_their_customers_do() -> None:
    # The years to the end of September and of October; with how many: lost in which, here at the start of which.
    kinds = {
        ("2024-01-05", "2025-10-15"): (3, (1, 1), (0, 0)),
        ("2024-01-05", "2026-05-05"): (5, (1, 1), (1, 1)),
        ("2024-01-05", "2026-10-05"): (2, (0, 1), (1, 1)),
        ("2025-10-15", "2026-05-05"): (4, (0, 0), (1, 1)),
        ("2025-10-15", None): (6, (0, 0), (0, 1)),
        ("2024-01-05", None): (20, (0, 1), (0, 1)),
    }
    rows = [(f"{k}-{n}", *stay) for k, (stay, (many, *_)) in enumerate(kinds.items()) for n in range(many)]
    each = [pair for many, *pair in kinds.values() for _ in range(many)]
    residuals = []
    for side in (0, 1):
        lost, here = (sum(pair[side][k] for pair in each) for k in (0, 1))
        residuals.append([pair[side][0] - lost / here * pair[side][1] for pair in each])
    first, second = map(np.array, residuals)
    expected = first @ second / np.sqrt((first @ first) * (second @ second))
    care = base(*rows)
    years = tuple(Period.parse(text, as_of=care.known_until) for text in ("2026-09", "2026-10"))
    now = pd.DataFrame({"kpi": ["annual_loss"] * 2})
    assert correlations(care, kpi.annual_loss, now, years, []).tolist() == pytest.approx([expected] * 2)  # type: ignore[arg-type]
