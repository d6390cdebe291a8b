"""Reasons for leaving that fewer customers gave than a group must have are named nowhere in the eight answers."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

import carestudy as cs
from carestudy.eight_questions import questions
from carestudy.show import Show

REASONS = {"giá cao": 24, "dịch vụ chậm": 15, "chuyển nhà": 5, "con ốm nặng": 4, "phá sản": 1, None: 3}


def _company(**settings: Any) -> Any:
    given = [reason for reason, count in REASONS.items() for _ in range(count)]
    left = [f"2026-{1 + n % 9:02}-10" for n in range(len(given))] + [None] * 60
    people = pd.DataFrame(
        {
            "customer_id": [f"C{n}" for n in range(len(left))],
            "joined_on": "2024-01-01",
            "left_on": left,
            "leave_reason": [*given, *[None] * 60],
        }
    )
    return cs.load({"customers": people}, as_of="2026-09-30", **settings)


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_small_reasons_are_on_no_page_and_in_no_file(lang: str) -> None:
    care = _company()
    shown = Show(care, period="2026-09", lang=lang).questions()
    told = f"{shown.html}{shown.text}{shown.figures}"
    assert all(reason in told for reason in ("giá cao", "dịch vụ chậm", "chuyển nhà"))
    assert "con ốm nặng" not in told
    assert "phá sản" not in told


def test_where_groups_may_be_of_one_all_reasons_are_told() -> None:
    answers = questions(_company(min_group=1), period="2026-09").answers
    (found,) = [one.found["reasons"] for one in answers if one.name == "reasons"]
    assert found["numerator"].tolist() == [24, 15, 5, 4, 1, 3]
