"""Edges of the measuring code that no other test stood on, found by changing one line at a time."""

from __future__ import annotations

import pandas as pd
import pytest
from companies import answers, people, table

import carestudy as cs
from carestudy import kpi
from carestudy.measure.figures import figures
from carestudy.periods import Period

THEN, NOW = "2026-09-05", "2026-10-05"


def test_purchases_of_a_customer_who_always_pays_the_same_tell_as_much_as_one() -> None:
    each = pd.DataFrame({"customer_id": [f"K{k}" for k in range(30)], "amount": range(100, 130)})
    once, often = (kpi.typical_transaction(pd.concat([each] * times)).iloc[0] for times in (1, 4))
    assert (often["n"], often["value"]) == (120, once["value"])
    assert abs(often["low"] - once["low"]) <= 1
    assert abs(often["high"] - once["high"]) <= 1
    nobodys = kpi.typical_transaction(pd.concat([each.drop(columns="customer_id")] * 4)).iloc[0]
    assert often["low"] < nobodys["low"] < nobodys["high"] < often["high"]


def test_amounts_that_never_differ_have_not_changed() -> None:
    rows = pd.DataFrame({"amount": 10, "occurred_at": [NOW] * 40 + [THEN] * 40})
    card = cs.scorecard(cs.load({"transactions": rows}), period="2026-10", kpis=[kpi.typical_transaction])
    assert card[["period", "change", "change_low", "change_high", "verdict"]].to_numpy().tolist() == [
        ["2026-10", 0.0, 0.0, 0.0, "cannot tell"]
    ]


def test_before_a_month_is_over_its_losses_are_no_verdict_and_those_of_a_year_are() -> None:
    gone = [(f"G{k}", "2020-01-05", "2026-10-03") for k in range(300)]
    rows = [*gone, *((f"K{k}", "2020-01-05", None) for k in range(300))]
    care = cs.load({"customers": people(*rows)}, as_of="2026-10-20")
    asked = [kpi.gross_churn_rate, kpi.annual_loss]
    assert cs.scorecard(care, period="2026-10", kpis=asked)["verdict"].tolist() == ["cannot tell", "worse"]


def test_each_month_since_the_first_answer_stands_without_a_period() -> None:
    rows = answers([10, 0, 9], "nps", answered_at=["2026-08-20", "2026-10-05", "2026-10-06"])
    found = kpi.nps(cs.load({"responses": rows}, as_of="2026-10-31"), every="month")
    assert found[["period", "n"]].to_numpy().tolist() == [["2026-08", 1], ["2026-09", 0], ["2026-10", 2]]


def test_who_came_back_answers_once_for_each_answer() -> None:
    twice = people(("A", "2025-01-05", "2025-06-05"), ("A", "2026-01-05", None))
    care = cs.load({"customers": twice, "responses": answers([10, 9], "nps", customer_id=["A", "A"])})
    assert kpi.nps(care)["n"].item() == 2


def test_rows_of_no_person_have_no_department() -> None:
    care = cs.load({"staff": table("agent department", ("An", "Care")), "responses": answers([9], "nps")})
    with pytest.raises(cs.CareError, match="needs column 'agent'"):
        kpi.nps(care, by="department")


def test_the_second_table_of_a_figure_needs_its_time_as_the_first_does() -> None:
    asked = pd.DataFrame({"kind": ["complaint"], "opened_at": [NOW]})
    care = cs.load({"contacts": asked, "transactions": pd.DataFrame({"amount": [1.0]})})
    with pytest.raises(cs.CareError, match="needs column 'occurred_at'") as told:
        kpi.complaint_rate(care, per="transaction", period="2026-10")
    assert "carestudy_" not in str(told.value)


def test_what_the_data_have_is_told_in_their_own_columns() -> None:
    with pytest.raises(cs.CareError, match="needs column 'planet'") as told:
        kpi.nps(answers([9], "nps"), by="planet")
    assert "carestudy_" not in str(told.value)


def test_months_and_weeks_are_not_asked_for_at_once() -> None:
    care = cs.load({"responses": answers([9], "nps", answered_at=[NOW])})
    spans = [Period.parse(text, as_of=care.known_until) for text in ("2026-10", "2026-W41")]
    with pytest.raises(cs.CareError, match="periods of different lengths"):
        figures(care, [kpi.nps], by=[], periods=spans)


@pytest.mark.parametrize(
    ("period", "as_of", "months"),
    [
        (None, "2026-10-20", ["2026-08", "2026-09"]),
        ("2026", "2026-10-20", ["2026-08", "2026-09"]),
        ("2026", "2026-12-31", ["2026-11", "2026-12"]),
        ("2026-08", "2026-12-31", ["2026-07", "2026-08"]),
    ],
)
def test_the_last_two_months_are_whole_ones(period: str | None, as_of: str, months: list[str]) -> None:
    care = cs.load({"responses": answers([9], "nps", answered_at=[THEN])}, as_of=as_of)
    assert kpi.nps(care, period=period, every="month", last=2)["period"].tolist() == months


def test_a_quarter_is_split_into_its_months() -> None:
    care = cs.load({"responses": answers([9], "nps", answered_at=[THEN])}, as_of="2026-12-31")
    found = kpi.nps(care, period="2026-Q3", every="month")
    assert found["period"].tolist() == ["2026-07", "2026-08", "2026-09"]
