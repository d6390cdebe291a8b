"""Targets of shares are read alike in one file; what nobody can tell is not judged and is asked."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import pytest

import carestudy as cs
from carestudy.quality import quality

SHARES = ("csat", "response_rate", "return_rate")


def goals(targets: Sequence[object]) -> pd.DataFrame:
    answers = pd.DataFrame(
        {"answered_at": ["2026-10-05"] * 40, "question": "csat", "score": [5] * 36 + [1] * 4, "customer_id": range(40)}
    )
    frame = pd.DataFrame({"kpi": SHARES[: len(targets)], "target": targets})
    care = cs.load({"responses": answers, "goals": frame}, as_of="2026-10-31")
    found = quality(care)
    unclear = found.loc[found["check"] == "unclear unit", "rows"].sum()
    return cs.people.goals(care, period="2026-10").assign(unclear=unclear)


@pytest.mark.parametrize(
    "written", [(85, 20, 3), (0.85, 0.2, 0.03), ("85%", "20%", "3%"), ("85 %", "20 %", "3 %"), ("85", "20", "3")]
)
def test_one_reading_for_percent_parts_of_one_and_signs(written: Sequence[object]) -> None:
    frame = goals(written)
    assert frame["target"].tolist() == pytest.approx([0.85, 0.2, 0.03])
    assert frame["unclear"].iloc[0] == 0


@pytest.mark.parametrize(("written", "unclear"), [((85, 0.5), 1), ((85, 1, 20), 1), ((1.2,), 1), ((85, 0.9, 0.8), 2)])
def test_a_target_that_may_be_either_is_asked_and_not_judged(written: Sequence[float], unclear: int) -> None:
    frame = goals(written)
    assert (frame["statement"] == "unit not clear").sum() == unclear
    assert frame["unclear"].iloc[0] == unclear


def test_a_share_above_one_beside_parts_of_one_is_one() -> None:
    assert goals((0.9, 1.05))["target"].tolist() == [0.9, 1.05]
