"""A survey figure weighted for who did not answer: worked out by hand, and refused where weights cannot carry it."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from companies import demo

import carestudy as cs
from carestudy import kpi

Class = tuple[str, int, list[int]]  # its name, how many were invited, and the scores of those who answered


def company(*classes: Class, question: str = "nps") -> dict[str, pd.DataFrame]:
    """Customers of classes, all invited on one day, of whom the first answered."""
    people, invitations, answers = [], [], []
    for name, invited, scores in classes:
        for number in range(invited):
            who = f"{name}{number:03}"
            answered = number < len(scores)
            people.append({"customer_id": who, "region": name, "joined_on": "2024-01-01"})
            response = f"R{who}" if answered else None
            invitations.append(
                {"invitation_id": f"I{who}", "customer_id": who, "invited_at": "2026-10-05", "response_id": response}
            )
            if answered:
                row = {"response_id": response, "customer_id": who, "answered_at": "2026-10-06", "question": question}
                answers.append({**row, "score": scores[number]})
    frames = {"customers": people, "invitations": invitations, "responses": answers}
    return {name: pd.DataFrame(rows) for name, rows in frames.items()}


def load(*classes: Class, **more: str) -> Any:
    return cs.load(company(*classes, **more), as_of="2026-10-31")


NORTH: Class = ("Bắc", 100, [10] * 40 + [0] * 10)  # 50 % answered, NPS 60
SOUTH: Class = ("Nam", 300, [10] * 10 + [0] * 20)  # 10 % answered, NPS -33.3


def test_every_class_counts_by_its_part_of_the_invited() -> None:
    found = cs.weighted(kpi.nps, load(NORTH, SOUTH), by="region", period="2026-10")
    # (50 - 30) / 80 as it is; 1/4 of 60 and 3/4 of -33.3 weighted: the sign turns.
    assert (found.unweighted, found.value, found.n) == (25.0, pytest.approx(-10.0), 80)
    assert found.low < -10 < found.high
    classes = found.classes.set_index("class")
    assert classes.loc["Bắc", ["invited", "answered", "rate", "value"]].tolist() == [100, 50, 0.5, 60.0]
    assert classes.loc["Nam", "rate"] == pytest.approx(0.1)
    # 20 % answered in all: an answer of the north counts 0.4, one of the south 2.
    assert classes["weight"].tolist() == pytest.approx([0.4, 2.0])
    assert found.effect == pytest.approx(80 * (50 * 0.16 + 30 * 4) / (50 * 0.4 + 30 * 2) ** 2)
    assert found.effective == pytest.approx(80 / found.effect)


def test_classes_that_answer_alike_change_nothing() -> None:
    found = cs.weighted(
        kpi.nps, load(("Bắc", 100, [10] * 25 + [0] * 5), ("Nam", 200, [9] * 40 + [3] * 20)), by="region"
    )
    assert found.value == pytest.approx(found.unweighted)
    assert found.effect == pytest.approx(1.0)


def test_a_share_and_a_mean_are_weighted_too() -> None:
    care = load(("Bắc", 100, [5] * 50), ("Nam", 100, [1] * 25), question="csat")
    assert cs.weighted(kpi.csat, care, by="region").value == pytest.approx(0.5)
    assert cs.weighted(kpi.mean_score.of(question="csat"), care, by="region").value == pytest.approx(3.0)


@pytest.mark.parametrize(
    ("classes", "figure", "words"),
    [
        ((NORTH, ("Nam", 300, [10] * 19)), kpi.nps, r"fewer than 20 answers in Nam \(19\)"),
        ((NORTH, ("Nam", 300, [])), kpi.nps, r"fewer than 20 answers in Nam \(0\)"),
        ((("Bắc", 400, [10] * 390), ("Nam", 9_000, [1] * 20)), kpi.nps, "answered too differently"),
        ((NORTH, SOUTH), kpi.invoiced, "transactions"),
        ((NORTH, SOUTH), kpi.response_rate, "no figure of which every answer is one case"),
    ],
)
def test_what_weights_cannot_carry_is_refused(classes: tuple[Class, ...], figure: Any, words: str) -> None:
    with pytest.raises(cs.CareError, match=words):
        cs.weighted(figure, load(*classes), by="region", period="2026-10")


def test_only_invitations_to_the_question_count() -> None:
    frames = company(NORTH, SOUTH)
    others = frames["invitations"].tail(250).assign(response_id=None, question="csat")
    others["invitation_id"] = "X" + others["invitation_id"]
    invitations = pd.concat([frames["invitations"].assign(question="nps"), others])
    care = cs.load({**frames, "invitations": invitations}, as_of="2026-10-31")
    assert cs.weighted(kpi.nps, care, by="region").value == pytest.approx(-10.0)


def test_the_demo_company_is_weighted_by_region() -> None:
    found = cs.weighted(kpi.nps, demo(), by="region", period="2026-Q3")
    rows = kpi.response_rate.rows(demo(), period="2026-Q3", side="denominator", columns="question").rows
    assert found.classes["invited"].sum() == (rows["question"] == "nps").sum() > 0
    assert found.classes["answered"].sum() == found.n
    assert found.low < found.value < found.high
    assert "KH0" not in repr(found)
