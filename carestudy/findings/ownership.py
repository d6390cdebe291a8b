"""Candidates: customers without somebody in charge who leave more than the others."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from carestudy import engine
from carestudy import kpi as kpis
from carestudy.care import Care
from carestudy.contract import Missing
from carestudy.findings.candidate import Candidate, Change, Cost
from carestudy.findings.context import YEAR, Context
from carestudy.measure import stock
from carestudy.measure.available import lack
from carestudy.measure.figures import sums
from carestudy.measure.premises import comparable
from carestudy.measure.stratified import compare
from carestudy.people.responsibility import left_staff

IN_CHARGE = "in_charge"
NOBODY, GONE, SOMEBODY = "nobody", "gone", "somebody"
FEWEST = 20  # customers without an owner
MOST_ODD = 10.0  # times as many losses: so many say that the owner is deleted when a customer leaves


def ownership(asked: Context) -> Iterator[Candidate]:
    """Customers without an owner, and those whose owner has left, beside those who have one, month by month."""
    care = _with_owners(asked.care)
    if care is None or lack(care, kpis.gross_churn_rate, [IN_CHARGE]) is not None:
        return
    months = [one for one in asked.month.run(YEAR) if comparable(care, kpis.gross_churn_rate, one) is None]
    if not months:
        return
    rows = sums(care, [kpis.gross_churn_rate], by=[IN_CHARGE], periods=months)
    cells = rows.assign(above=rows["numerator"], n=rows["denominator"], squares=rows["numerator"], likeness=1.0)
    for group in (NOBODY, GONE):
        yield from _beside(care, asked, cells[cells[IN_CHARGE].isin([group, SOMEBODY])], group)


def _with_owners(care: Care) -> Care | None:
    """The customers with a column that says whether somebody is in charge who is still there."""
    try:
        customers = care.table("customers", "customer_id", "owner", "joined_on")
    except Missing:
        return None
    gone = left_staff(care)
    named = engine.true(engine.has_text(customers.owner))
    left = engine.true(customers.owner.isin(gone)) if gone else engine.literal(False)  # noqa: FBT003
    told = engine.cases((~named, NOBODY), (left, GONE), else_=SOMEBODY)
    return care.with_table("customers", customers.mutate(**{IN_CHARGE: told}))


def _beside(care: Care, asked: Context, cells: pd.DataFrame, group: str) -> Iterator[Candidate]:
    if cells[IN_CHARGE].nunique() < 2:
        return
    found = compare(cells, unit=IN_CHARGE, strata=["period"])
    (row,) = found[found[IN_CHARGE] == group].to_dict("records")
    rates = cells.groupby(IN_CHARGE)[["numerator", "denominator"]].sum()
    rate = rates["numerator"] / rates["denominator"]
    here = _here(care, asked, group)
    odd = rate[SOMEBODY] == 0 or rate[group] > MOST_ODD * rate[SOMEBODY]
    if here < FEWEST or odd:
        return
    extra = float(row["difference"]) * float(row["n"])
    yield Candidate(
        "ownership", "ownership", "gross_churn_rate", float(row["p"]),
        Change(float(rate[SOMEBODY]), float(rate[group]), float(row["low"]), float(row["high"])),
        better=float(row["difference"]) < 0, groups=((IN_CHARGE, group),),
        cost=Cost(customers=max(extra, 0.0), lost=True),
        about={"here": here, "ratio": float(rate[group] / rate[SOMEBODY])},
    )  # fmt: skip


def _here(care: Care, asked: Context, group: str) -> int:
    """How many of a group are customers at the end of the last month."""
    end = stock.counts(care, stock.bridge_counts, [IN_CHARGE], [stock.window(care, asked.month, None)])[0]
    return int(end.loc[end[IN_CHARGE] == group, "end"].sum())
