"""What a candidate costs: how many customers it concerns, and what they brought in a year."""

from __future__ import annotations

from dataclasses import replace

from carestudy import engine
from carestudy import kpi as kpis
from carestudy.findings.candidate import Candidate, Cost
from carestudy.findings.context import Context
from carestudy.findings.levels import window
from carestudy.measure import stock, units
from carestudy.measure.available import lack
from carestudy.measure.figures import sums
from carestudy.periods import Period
from carestudy.targets import figure

LOSS = "gross_churn_rate"
DAYS = 365


def priced(asked: Context, candidate: Candidate) -> Candidate:
    """The candidate with its cost, as far as the data tell it."""
    known = candidate.cost
    if candidate.kpi == LOSS:
        customers = known.customers if known.lost else _lost(asked, candidate)
        return replace(candidate, cost=Cost(customers, _money(asked, candidate, customers), lost=True))
    if known.customers is not None:
        return candidate
    share = _share(candidate)
    served = _served(asked, candidate) if share is not None else None
    return replace(candidate, cost=Cost(share * served if served is not None and share is not None else None))


def _share(candidate: Candidate) -> float | None:
    """By how large a share of the customers the figure differs; None of what is no share of them."""
    kpi = figure(candidate.kpi)
    if candidate.kind == candidate.family:  # the share of a group itself
        return abs(candidate.change.difference)
    unit = units.of(kpi.unit) if kpi else units.of("")
    scale = 1.0 if unit.part else 0.01 if unit.points else None
    differs = candidate.about.get("difference", candidate.change.difference)
    return None if scale is None else scale * abs(float(differs))


def _lost(asked: Context, candidate: Candidate) -> float | None:
    """The customers lost since a change beyond those who would have been lost before it."""
    rows = sums(asked.care, [kpis.gross_churn_rate], by=[], periods=window(asked, candidate).split("month"))
    expected = candidate.change.before * rows["denominator"].to_numpy(float)
    return float((rows["numerator"].to_numpy(float) - expected).sum())


def _money(asked: Context, candidate: Candidate, customers: float | None) -> float | None:
    """What so many customers brought in the year before they left, as the mean of those lost since then did."""
    if customers is None or lack(asked.care, kpis.invoiced) is not None:
        return None
    span = window(asked, candidate)
    stays = stock.spells(asked.care, [])
    gone = stays.filter(engine.within(stays.left_on, span.start, span.end))
    gone = gone.group_by("customer_id").aggregate(day=lambda one: one.left_on.max())
    bought = asked.care.table("transactions", "customer_id", "occurred_at", "amount")
    bought = bought.select(buyer="customer_id", at=bought.occurred_at.cast("date"), amount="amount")
    both = gone.join(bought, [gone.customer_id == bought.buyer])
    both = both.filter((both["at"] < both.day) & (both["at"] >= both.day - engine.days(DAYS)))
    lost, brought = engine.answer(gone.count()).as_py(), engine.answer(engine.total(both.amount)).as_py()
    return customers * float(brought) / lost * kpis.invoiced.scale(asked.care) if lost else None


def _served(asked: Context, candidate: Candidate) -> float | None:
    """The customers who had a contact in the months since a change, in the groups concerned."""
    by = [name for name, _ in candidate.groups]
    kpi = kpis.contact_count if lack(asked.care, kpis.contact_count, by) is None else figure(candidate.kpi)
    if kpi is None or lack(asked.care, kpi, by) is not None:
        return None
    by = [] if candidate.kind == candidate.family else by  # of a share among all, all are concerned
    rows = sums(asked.care, [kpi], by=by, periods=[_window(asked, candidate)])
    for name, value in candidate.groups if by else ():
        rows = rows[rows[name] == value]
    return float(rows["units"].sum()) if len(rows) else None


def _window(asked: Context, candidate: Candidate) -> Period:
    return asked.year if candidate.since is None else window(asked, candidate)
