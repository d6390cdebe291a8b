"""Counts whose voice the comments are: how many customers answered, how many wrote something, and of how many."""

from __future__ import annotations

import pandas as pd

from carestudy import engine
from carestudy.care import Care
from carestudy.contract import Missing
from carestudy.measure import stock
from carestudy.measure.front import reads
from carestudy.measure.kpi import known_period
from carestudy.measure.premises import demand_base
from carestudy.measure.rows import in_periods

HEARD = ["period", "answers", "surveys", "comments", "customers", "of"]


@reads("responses")
def heard(care: Care, *, period: str) -> pd.DataFrame:
    """How many answers a period brought, from how many customers, and how many of them with a comment: one row.

    ``surveys`` are those of one customer at one moment, ``of`` the customers at the end of the period, where the data
    have them; ``customers`` is how many answered, and some of them may have left since.
    """
    answers = care.table("responses", "answered_at", "score")
    now = known_period(care, period)
    answers = in_periods(answers, "responses", [now])
    comment = engine.has_text(answers.comment) if "comment" in answers.columns else answers.answered_at.isnull()
    respondent = [answers[name] for name in ("customer_id", "contact_id") if name in answers.columns]
    surveys = answers.group_by([*respondent, "answered_at"]).aggregate(
        answers=answers.score.count(), comments=engine.integer(engine.true(comment)).sum()
    )
    counted = {"answers": engine.total(surveys.answers), "surveys": surveys.count()}
    counted |= {"comments": engine.total(surveys.comments)}
    if "customer_id" in surveys.columns:
        counted["customers"] = surveys.customer_id.nunique()
    rows = engine.fetch(surveys.aggregate(**counted), tuple(counted))
    if "customers" not in rows:
        rows["customers"] = None
    return rows.assign(period=now.text, of=_customers(care, period))[HEARD]


def _customers(care: Care, period: str) -> int | None:
    """Customers at the end of the period."""
    try:
        window = stock.window(care, known_period(care, period), None)
        demand_base(care, window[1])
        (counts,) = stock.counts(care, stock.bridge_counts, [], [window])
    except Missing:
        return None
    return int(counts["end"].iloc[0])
