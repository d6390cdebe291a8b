"""The page of the eight questions: every answer stands with its interval, every gap with what is missing."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd
import pytest
from companies import DATA

import carestudy as cs
from carestudy.eight_questions import QUESTIONS, questions
from carestudy.show.questions import questions as shown
from carestudy.show.words import Reader


@pytest.fixture(scope="module")
def demo() -> Any:
    return cs.load(DATA / "demo")


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_all_eight_are_on_the_page_in_a_few_kilobytes(demo: Any, lang: str) -> None:
    reader = Reader(lang, "VND")
    page = shown(reader, questions(demo, period="2026-10"))
    assert all(reader.t(question) in page.text for question in QUESTIONS.values())
    assert page.html.count("<li>") == 8
    assert len(page.html.encode()) < 8_000
    assert "nan" not in page.text.lower()


def test_the_answers_say_what_the_figures_say(demo: Any) -> None:
    text = shown(Reader("en", "VND"), questions(demo, period="2026-10")).text
    assert "25.8%. Of the 2,528 customers of twelve months ago, 653 have left." in text
    assert "In all, 946 customers left in these twelve months; 293 of them had joined in the same time." in text
    assert "Yes, for the worse." in text
    assert re.search(r"over 24 months: [\d.]+% since March 2026, [\d.]+% before\.", text)
    assert "by its trend" not in text  # two levels, and no line through both
    assert re.search(r"5 years –$", text, re.MULTILINE)
    assert "Above all: Problem solved." in text


def test_what_is_missing_is_said_and_nothing_is_drawn() -> None:
    care = cs.load({"responses": pd.DataFrame({"score": [9], "answered_at": "2026-10-31"})})
    page = shown(Reader("en"), questions(care, period="2026-10"))
    assert "The data answer none of the 8 questions. Not answered, for want of table " in page.text
    assert "“What is the usual value of an order?”" in page.text
    assert "<li>" not in page.html
    assert "care-mini" not in page.html


def test_a_reason_is_text_and_never_markup() -> None:
    people = pd.DataFrame(
        {"customer_id": [f"C{n}" for n in range(30)], "joined_on": "2024-01-01", "left_on": "2026-05-01",
         "leave_reason": "<b id=live>"}
    )  # fmt: skip
    care = cs.load({"customers": people}, as_of="2026-10-31")
    page = shown(Reader("vi"), questions(care, period="2026-10"))
    assert "<b id=live" not in page.html
    assert "&lt;b id=live&gt;" in page.html
