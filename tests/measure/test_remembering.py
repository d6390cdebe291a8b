"""What was found once is not asked for again, and never given to anybody else."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
from pandas.testing import assert_frame_equal

import carestudy as cs
from carestudy import kpi
from carestudy.engine import overheard
from carestudy.measure.fractions import Fraction
from carestudy.overview import history, scorecard

ASKED = [kpi.csat, kpi.nps, kpi.retention_rate, kpi.typical_transaction]


def _care() -> Any:
    customers = pd.DataFrame({"customer_id": list("abcdef"), "team": list("xxxyyy"), "joined_on": "2025-01-01"})
    customers["left_on"] = ["2026-10-05", *[None] * 5]
    days = [f"2026-{month:02}-{day:02}" for month in (9, 10) for day in (3, 4, 5)]
    answers = pd.DataFrame({"customer_id": list("abcdef"), "answered_at": days, "team": list("xyxyxy")})
    responses = pd.concat([answers.assign(question="csat", score=[5, 4, 1, 5, 2, 4]),
                           answers.assign(question="nps", score=[9, 10, 3, 7, 9, 2])])  # fmt: skip
    bought = pd.DataFrame({"customer_id": list("aabbcc"), "occurred_at": days, "amount": [10, 20, 30, 40, 50, 60]})
    tables = {"customers": customers, "responses": responses, "transactions": bought}
    return cs.load(tables, as_of="2026-10-31", min_group=1)


def test_figures_that_are_remembered_are_those_that_are_asked_anew() -> None:
    care, same = _care(), _care().remembering()
    for _ in range(2):
        assert_frame_equal(history(same, period="2026-10", kpis=ASKED), history(care, period="2026-10", kpis=ASKED))
        assert_frame_equal(scorecard(same, period="2026-10", kpis=ASKED), scorecard(care, period="2026-10", kpis=ASKED))
        for one in ASKED[:3]:
            for asked in ({"by": "team"}, {"by": "team", "level": 0.8}, {}):
                found = one(same, period="2026-10", **asked)
                assert_frame_equal(found, one(care, period="2026-10", **asked))
                found["value"] = -1.0  # what is done to an answer is not done to what is remembered


def test_months_that_were_asked_for_are_not_asked_for_again() -> None:
    care = _care().remembering()
    kpi.nps(care, period="2026-10", every="month", last=3)
    with overheard() as queries:
        assert kpi.nps(care, period="2026-09")["n"].tolist() == [3]
    assert not queries
    with overheard() as queries:
        assert kpi.nps(care, period="2026-05", every="month", last=2)["n"].tolist() == [0, 0]
    assert len(queries) == 1


def test_a_part_of_the_data_does_not_remember_the_whole() -> None:
    care = _care().remembering()
    assert kpi.nps(care, period="2026-10")["n"].tolist() == [3]
    responses = care.tables["responses"]
    part = care.with_table("responses", responses.filter(responses.team == "x"))
    assert kpi.nps(part, period="2026-10")["n"].tolist() == [1]
    assert kpi.nps(care, period="2026-10")["n"].tolist() == [3]


def test_figures_of_one_name_that_are_defined_otherwise_are_told_apart() -> None:
    care = _care().remembering()
    other = replace(kpi.nps, define=lambda responses: Fraction(responses.score >= 0, responses.every))
    assert kpi.nps(care, period="2026-10")["value"].tolist() != other(care, period="2026-10")["value"].tolist()
