"""The eight questions that a company asks of its customers, each with its answer or with what is missing for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, time
from typing import Any

import pandas as pd

from carestudy import kpi
from carestudy.care import Care
from carestudy.contract import Missing
from carestudy.exits import interviews
from carestudy.expected import expectations
from carestudy.measure.front import reads
from carestudy.measure.kpi import known_period
from carestudy.measure.premises import LEAVING_DATED
from carestudy.overview import departures
from carestudy.periods import Period
from carestudy.rendering import Rendered
from carestudy.trends import trend
from carestudy.value import lifetime_value, value_to_date

QUESTIONS = {
    "loss": "What share of our customers leaves in a year?",
    "tenure": "How many customers stay one, two, five years?",
    "trend": "Is retention changing?",
    "reasons": "What are the five most frequent reasons for leaving?",
    "expectations": "What service do customers expect?",
    "worth": "What is the customer lifetime value (CLV)?",
    "transaction": "What is the usual value of an order?",
    "interviews": "Did we speak with at least five lost customers in the last three months?",
}
YEARS = (1, 2, 5)
TOP = 5
WORTH = (6, 12, 24, 60)  # months; the first tells something where the data hold no more than a year


@dataclass(frozen=True)
class Answer(Rendered):
    """One question with its answer, or with the table and column that the answer lacks."""

    number: int
    name: str
    found: Mapping[str, Any] = field(compare=False)
    missing: Missing | None = None

    @property
    def question(self) -> str:
        """The question in English."""
        return QUESTIONS[self.name]

    def __repr__(self) -> str:
        lines = [str(self.missing)] if self.missing else [_printed(result) for result in self.found.values()]
        return "\n".join([f"{self.number}. {self.question}", *lines])


@dataclass(frozen=True)
class Answers(Rendered):
    """The answers to the eight questions for one period; prints whole."""

    period: str
    answers: tuple[Answer, ...]

    def __getitem__(self, name: str) -> Answer:
        return next(answer for answer in self.answers if answer.name == name)

    def __repr__(self) -> str:
        return "\n\n".join(map(repr, self.answers))


@reads()
def questions(care: Care, *, period: str) -> Answers:
    """The eight questions, answered as the data of the period and of the time before it allow.

    ``found`` holds the frames of each answer: values with their intervals and counts, the trend with its verdict. What
    needs a longer look than the period says so: losses and reasons are of the last twelve months up to its end (the
    rate of those who were customers at their start, the reasons of all who left, newcomers of the same year too),
    expectations as well, retention of the last 24 months, interviews of the last three. A question whose data are
    missing has no answer, and names the table and column.
    """
    now = known_period(care, period)
    then = _then(care, now)
    computations: dict[str, Callable[[], dict[str, Any]]] = {
        "loss": lambda: {
            "loss": kpi.annual_loss(care, period=now.text),
            "before": _year_before(care, now),
            "departures": departures(care, period=now.text),
        },
        "tenure": lambda: {f"years_{year}": kpi.tenure(then, years=year) for year in YEARS},
        "trend": lambda: {"trend": trend(kpi.retention_rate, then)},
        "reasons": lambda: {"reasons": _dated(care, _top(kpi.leaving_reasons(care, period=now.text), care))},
        "expectations": lambda: {"expectations": expectations(care, period=now.year().text)},
        "worth": lambda: {"worth": value_to_date(then, months=WORTH), "ahead": lifetime_value(then)},
        "transaction": lambda: {
            "median": kpi.typical_transaction(care, period=now.text),
            "mean": kpi.mean_transaction(care, period=now.text),
        },
        "interviews": lambda: {"interviews": interviews(then)},
    }
    return Answers(
        now.text, tuple(_answer(number, name, computations[name]) for number, name in enumerate(QUESTIONS, start=1))
    )


def _answer(number: int, name: str, compute: Callable[[], dict[str, Any]]) -> Answer:
    try:
        return Answer(number, name, compute())
    except Missing as gap:
        return Answer(number, name, {}, gap)


def _then(care: Care, now: Period) -> Care:
    """The data as they were known at the end of the period, if it ends before ``as_of``."""
    end = datetime.combine(now.end, time(), care.zone)
    return replace(care, as_of=min(care.as_of, end))


def _year_before(care: Care, now: Period) -> pd.DataFrame:
    return kpi.annual_loss(care, period=now.year_ago().text)


def _top(reasons: pd.DataFrame, care: Care) -> pd.DataFrame:
    """The most frequent of the stated reasons, and how many gave none.

    A reason of fewer customers than ``min_group`` is left out: who knows one of them would know why they left.
    """
    stated = reasons[reasons["leave_reason"].notna() & (reasons["numerator"] >= care.settings.min_group)]
    ranked = stated.sort_values(["numerator", "leave_reason"], ascending=[False, True]).head(TOP)
    return pd.concat([ranked, reasons[reasons["leave_reason"].isna()]], ignore_index=True)


def _dated(care: Care, reasons: pd.DataFrame) -> pd.DataFrame:
    """The reasons, with a note where the data do not say when the customers left."""
    problem = LEAVING_DATED.failing(care)
    if problem is None:
        return reasons
    return reasons.assign(note=pd.Series([problem.why] * len(reasons), reasons.index, dtype=object))


def _printed(result: Any) -> str:
    return result.to_string(index=False) if isinstance(result, pd.DataFrame) else repr(result)
