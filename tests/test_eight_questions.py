"""The eight questions: answered from the demo company, and honest about what is missing."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from companies import DATA

import carestudy as cs
from carestudy import kpi
from carestudy.eight_questions import QUESTIONS, questions


@pytest.fixture(scope="module")
def demo() -> Any:
    return cs.load(DATA / "demo")


@pytest.fixture(scope="module")
def asked(demo: Any) -> Any:
    return questions(demo, period="2026-10")


def test_all_eight_are_answered_from_the_demo_company(asked: Any) -> None:
    assert [answer.number for answer in asked.answers] == list(range(1, 9))
    assert [answer.name for answer in asked.answers] == list(QUESTIONS)
    assert [answer.missing for answer in asked.answers] == [None] * 8


def test_the_answers_are_those_of_the_figures(demo: Any, asked: Any) -> None:
    assert asked["loss"].found["loss"].equals(kpi.annual_loss(demo, period="2026-10"))
    assert asked["loss"].found["before"]["period"].item() == "2025-10"
    assert asked["trend"].found["trend"].verdict == "worse"
    assert asked["expectations"].found["expectations"]["attribute"][0] == "solution"
    assert asked["interviews"].found["interviews"]["enough"].item() == "yes"
    assert asked["transaction"].found["median"]["value"].item() > 0
    assert asked["worth"].found["ahead"].trusted == "no"
    assert "653 losses, 400 expected" in repr(asked["worth"])


def test_the_five_reasons_are_the_most_frequent_and_the_unstated_stand_apart(asked: Any) -> None:
    reasons = asked["reasons"].found["reasons"]
    assert reasons["leave_reason"].notna().tolist() == [True] * 5 + [False]
    assert reasons["numerator"][:5].is_monotonic_decreasing
    assert reasons["leave_reason"][0] == "Giá cao"


def test_what_is_missing_is_named_for_each_question() -> None:
    given = pd.DataFrame({"score": [9], "answered_at": "2026-10-31"})
    answers = questions(cs.load({"responses": given}), period="2026-10")
    gaps = {one.name: (one.missing.table, one.missing.column) for one in answers.answers if one.missing}
    assert gaps["loss"] == ("customers", None)
    assert gaps["transaction"] == ("transactions", None)
    assert gaps["expectations"] == ("responses", "question")
    assert "needs table 'customers'" in repr(answers["loss"])


def test_an_older_report_looks_back_from_its_own_end(demo: Any) -> None:
    older = questions(demo, period="2026-02")
    assert older["trend"].found["trend"].frame["period"].iloc[-1] == "2026-02"
    assert older["trend"].found["trend"].verdict != "worse"
    assert older["interviews"].found["interviews"]["period"].item().endswith("2026-02-28")
    assert older["worth"].found["worth"]["customers"][0] < 3046


def test_they_print_whole(asked: Any) -> None:
    printed = repr(asked)
    assert all(f"{number}. {text}" in printed for number, text in enumerate(QUESTIONS.values(), start=1))
    assert "Giá cao" in printed
