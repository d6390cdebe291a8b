"""A list of who had left by one day is no history of leaving: what asks when they left is refused, and says why."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from companies import fraction, people

import carestudy as cs
from carestudy import kpi
from carestudy.contract import CareError, Refused

DAY = "2019-09-30"
FIRST = date(2013, 10, 1)
ONE = "left_on has one day only: it says who had left by then, not when"


def snapshot(left: Any, customers: int = 400, every: int = 5, **said: Any) -> Any:
    """Customers who joined over six years; every so many left, on the days that ``left`` tells for each."""
    rows = [
        (
            f"K{n}",
            str(FIRST + timedelta(days=n * 2180 // customers)),
            left(n) if n % every == 0 else None,
            "price" if n % 2 else "moved",
            "A" if n % 25 == 0 else "B",
        )
        for n in range(customers)
    ]
    return cs.load({"customers": people(*rows, columns="leave_reason segment")}, as_of=DAY, **said)


def one_day(n: int) -> str:
    return "2019-09-29" if n < 400 else "2019-09-28"


def two_days(n: int) -> str:
    return "2019-09-29" if n % 2 else "2019-06-30"


def many_days(n: int) -> str:
    joined = FIRST + timedelta(days=n * 2180 // 400)
    return str(min(joined + timedelta(days=10 + n * 37 % 700), date(2019, 9, 29)))


@pytest.mark.parametrize(
    "figure",
    [
        kpi.retention_rate,
        kpi.gross_churn_rate,
        kpi.net_growth_rate,
        kpi.annual_loss,
        kpi.tenure.of(years=1),
    ],
)
def test_what_asks_when_customers_left_is_refused_of_a_list_of_one_day(figure: Any) -> None:
    with pytest.raises(Refused, match=ONE):
        figure(snapshot(one_day))
    with pytest.raises(Refused, match="left_on has two days only"):
        figure(snapshot(two_days))
    assert figure(snapshot(many_days))["value"].notna().all()


def test_no_month_of_a_list_of_one_day_has_a_loss() -> None:
    care = snapshot(one_day)
    for ask in (
        lambda: kpi.annual_loss(care, every="month", last=3),
        lambda: cs.trend(kpi.retention_rate, care),
        lambda: cs.cohorts(care),
        lambda: cs.churn.incidence(care),
        lambda: cs.survival.curve(care),
    ):
        with pytest.raises(Refused, match=ONE):
            ask()
    assert ONE in cs.bridge(care, period="2019-08")["note"].item()
    assert "annual_loss" in cs.missing(care)["kpi"].tolist()
    assert "annual_loss" not in cs.scorecard(care, period="2019-09")["kpi"].tolist()


def test_who_left_and_why_are_still_known() -> None:
    care = snapshot(one_day)
    assert kpi.leaving_reasons(care, period="2019-09")["numerator"].sum() == 80
    assert cs.churn.reasons(care, period="2019-09")["numerator"].sum() == 80
    text = cs.Show(care, "2019-09", lang="en").questions().text
    assert "80 customers have left; 0 of them stated no reason. Column left_on has one day only" in text
    assert "left in twelve months" not in text
    assert "cột left_on chỉ có một ngày duy nhất" in cs.Show(care, "2019-09", lang="vi").questions().text.lower()


def test_a_part_is_judged_by_the_whole_company() -> None:
    few = snapshot(one_day, customers=60, only="segment=A")  # three customers left in it
    with pytest.raises(Refused, match=ONE):
        kpi.retention_rate(few)
    together = snapshot(lambda n: one_day(n) if n % 25 == 0 else many_days(n), only="segment=A")
    assert kpi.annual_loss(together)["value"].notna().all()


def test_of_fewer_than_ten_who_left_on_one_day_nothing_is_concluded() -> None:
    assert fraction(kpi.retention_rate(snapshot(one_day, customers=45), period="2019-09")) == (36, 45)
    with pytest.raises(CareError, match=ONE):
        kpi.retention_rate(snapshot(one_day, customers=50), period="2019-09")


def test_the_count_of_answered_questions_holds_only_those_with_an_answer() -> None:
    for lang, line, together in (
        ("en", "The data answer 1 of the 8 questions", "No answer to “What share of our customers leaves"),
        ("vi", "Dữ liệu này trả lời được 1 trên 8 câu hỏi", "Chưa trả lời được “Mỗi năm bao nhiêu phần trăm"),
    ):
        text = cs.Show(snapshot(one_day), "2019-09", lang=lang).questions().text
        assert line in text  # why they left
        assert text.count(together) == 1  # how many in a year, how long they stay, whether it changes, interviews
    text = cs.Show(snapshot(many_days), "2019-09", lang="en").questions().text
    shown = len([row for row in text.splitlines() if row[:1].isdigit() and row[1:3] == ". "])
    assert f"answer {shown - text.count('Not known.')} of the 8" in text
