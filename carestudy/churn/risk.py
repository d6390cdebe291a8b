"""Who is likely to leave next, and by which facts: for those who call customers, never for a report."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from carestudy.care import Care
from carestudy.churn import facts, window
from carestudy.churn.holdout import quality
from carestudy.churn.study import FEWEST_LEAVERS, foretelling, study
from carestudy.measure.front import reads
from carestudy.measure.options import Count, Months
from carestudy.periods import Period

EVERYBODY = 10**12


@reads("customers")
def at_risk(care: Care, *, months: Months = 1, last: Count = 12, columns: Sequence[str] | None = None) -> pd.DataFrame:
    """The chance of each customer to leave within the months after ``as_of``, with the facts that raise it.

    A row for each customer who is here, the highest chance first: customer_id, risk, and reasons, the facts found to
    go with leaving that hold of the customer, as "owner=none; unresolved=some" (empty: as likely as others). Learnt
    from the first three quarters of the ``last`` windows of so many months, and set right by the last: risks have the
    level of those who left then, and differ no further than they did. Where nothing tells leavers from stayers, or
    fewer than 20 left, all have the same chance. Voluntary leaving, where the company tells it apart.
    """
    with threadpool_limits(1):  # as in drivers
        return _at_risk(care, months, last, columns)


def _at_risk(care: Care, months: int, last: int, columns: Sequence[str] | None) -> pd.DataFrame:
    until = care.known_until.date()
    spans: list[window.Window] = []
    while len(spans) < last:
        before = Period.until(spans[-1][0] if spans else until, months)
        spans.append((before.start, before.end))
    known = study(care, spans[::-1], columns)
    traits, events = window.usable(care, columns)
    coming = [(until, _after(until, months))]
    now = window.at_risk(care, coming, traits, events, most=EVERYBODY)
    coded = known.learnt.coded(facts.levels(now, known.facts))
    early, late = known.some(~known.later), known.some(known.later)
    model = foretelling(early)
    risk = np.full(len(now), late.left.mean() if len(late.left) else np.nan)
    why = np.full(len(now), "", object)
    if model.model is not None and late.left.sum() >= FEWEST_LEAVERS:
        judged = quality("single facts", model.risk(late.coded), late.left)
        risk = judged.calibrated(model.risk(coded))
        raising = sorted(zip(model.model.coefficients[1:], model.columns, strict=True), reverse=True)
        for column in [name for weight, name in raising if weight > 0 and judged.slope > 0]:
            holds = coded[column].to_numpy(bool)
            why[holds] = [f"{so_far}; {column}".removeprefix("; ") for so_far in why[holds]]
    customers = pd.DataFrame({"customer_id": now["customer_id"].to_numpy(), "risk": risk, "reasons": why})
    return customers.sort_values(["risk", "customer_id"], ascending=[False, True], ignore_index=True)


def _after(day: date, months: int) -> date:
    """The same day so many months later, or the last of a shorter month."""
    return (pd.Timestamp(day) + pd.DateOffset(months=months)).date()
