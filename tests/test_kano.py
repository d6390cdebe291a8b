"""Kano's classes: from surveys and from frames, with doubt where a class is not clearly the commonest."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import carestudy as cs
from carestudy.contract import CareError

PAIR = {"M": ("neutral", "dislike"), "O": ("like", "dislike"), "A": ("like", "neutral"), "I": ("neutral", "neutral")}
PAIR |= {"R": ("dislike", "like"), "Q": ("like", "like")}


def pairs(attribute: str = "speed", **often: int) -> pd.DataFrame:
    rows = [PAIR[kind] for kind, count in often.items() for _ in range(count)]
    return pd.DataFrame(rows, columns=["functional", "dysfunctional"]).assign(attribute=attribute)


def row(frame: pd.DataFrame) -> dict[str, Any]:
    (found,) = cs.kano(frame).to_dict("records")
    return {str(name): value for name, value in found.items()}


def test_reverse_and_questionable_stay_out_of_the_coefficients() -> None:
    found = row(pairs(A=10, O=20, M=30, I=40, R=50, Q=60))
    assert (found["n"], found["better"], found["worse"]) == (210, 0.3, -0.5)
    low, high = cs.intervals.wilson(50, 100)
    assert (found["worse_low"], found["worse_high"]) == pytest.approx((-float(high), -float(low)))


@pytest.mark.parametrize(("first", "verdict"), [(28, "cannot tell"), (29, "must-be")])
def test_a_class_has_to_be_clearly_the_commonest(first: int, verdict: str) -> None:
    # Fong: of 48 answers, 29 to 16 differ by 13 and must by 10.85 ... with 20 others, 28 to 20 by 8 and must by 11.3.
    found = row(pairs(M=first, O=20 if first == 28 else 16))
    assert (found["category"], found["verdict"]) == ("M", verdict)


@pytest.mark.parametrize(("count", "verdict"), [(29, "cannot tell"), (30, "attractive")])
def test_below_thirty_pairs_nothing_is_said(count: int, verdict: str) -> None:
    assert row(pairs(A=count))["verdict"] == verdict


def test_of_equals_what_is_taken_for_granted_comes_first() -> None:
    assert row(pairs(I=20, M=20))["category"] == "M"


def test_surveys_ask_in_pairs_and_half_a_pair_does_not_count() -> None:
    scores = {"like": 1, "must": 2, "neutral": 3, "livewith": 4, "dislike": 5}
    frame = pairs(O=35, A=3).assign(customer_id=[f"C{number}" for number in range(38)])
    long = pd.concat(
        frame.assign(question=f"kano{sign}:speed", score=frame[side].map(scores))
        for sign, side in (("+", "functional"), ("-", "dysfunctional"))
    )
    long = long.assign(answered_at="2026-10-05")[["customer_id", "question", "score", "answered_at"]].iloc[:-1]
    other = pd.DataFrame({"customer_id": "C0", "question": ["csat"], "score": 5, "answered_at": "2026-10-05"})
    care = cs.load({"responses": pd.concat([long, other], ignore_index=True)}, as_of="2026-10-31")
    found = cs.kano(care, period="2026-10").iloc[0]
    assert (found["attribute"], found["n"], found["O"], found["A"]) == ("speed", 37, 35, 2)
    assert cs.kano(care, period="2026-09").empty
    assert cs.expectations(care, period="2026-10").empty


@given(st.lists(st.tuples(st.integers(1, 5), st.integers(1, 5)), min_size=1, max_size=30))
def test_classes_add_up_and_coefficients_lie_in_their_intervals(answers: list[tuple[int, int]]) -> None:
    frame = pd.DataFrame(answers, columns=["functional", "dysfunctional"]).assign(attribute="a")
    found = row(frame)
    assert sum(found[name] for name in "MOAIRQ") == found["n"] == len(answers)
    if found["A"] + found["O"] + found["M"] + found["I"]:
        assert found["better_low"] <= found["better"] <= found["better_high"]
        assert found["worse_low"] <= found["worse"] <= found["worse_high"]


def test_answers_that_nobody_knows_are_refused() -> None:
    with pytest.raises(CareError, match="1 to 5 or one of like, must, neutral, livewith, dislike"):
        cs.kano(pd.DataFrame({"attribute": ["a"], "functional": ["yes"], "dysfunctional": [1]}))
    with pytest.raises(CareError, match="kano needs column 'dysfunctional'"):
        cs.kano(pd.DataFrame({"attribute": ["a"], "functional": [1]}))
