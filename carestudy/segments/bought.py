"""What each customer bought."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pandas as pd

from carestudy import engine
from carestudy.care import Care
from carestudy.features import last_day
from carestudy.measure.front import reads
from carestudy.measure.rows import EVER, in_periods
from carestudy.periods import Period


@reads("transactions")
def purchases(care: Care, *, period: str | None = None, as_of: str | None = None) -> pd.DataFrame:
    """What each customer bought: a frame of customer_id, first, last, transactions, days, amount and net.

    In the order of customer_id; ``purchases_table`` is the same in the engine.

    ``first``, ``last``, ``transactions`` and ``days`` (different days) are of purchases, which a negative amount is
    not; who has nothing but negative amounts has no first and last. ``amount`` is the sum of all amounts and ``net``
    that sum without purchases marked as returned, both in the currency's smallest unit. ``period`` is a text such as
    "2026"; ``as_of`` a day such as "2026-06-30", up to the end of which purchases count.
    """
    return engine.frame(purchases_table(care, period=period, as_of=as_of), "customer_id")


@reads("transactions")
def purchases_table(care: Care, *, period: str | None = None, as_of: str | None = None) -> Any:
    """The rows of ``purchases`` as an Ibis table: one query, computed in the engine when it is fetched."""
    return bought_in(care, span(care, period, as_of))


def bought_in(care: Care, days: Period) -> Any:
    """What each customer bought on these days; see ``purchases``."""
    columns = ("customer_id", "occurred_at", "amount")
    table = in_periods(care.table("transactions", *columns), "transactions", [days])
    table = table.filter(table.customer_id.notnull())
    table = table.mutate(day=table.occurred_at.cast("date"), refund=engine.true(table.amount < 0))
    refund, net_amount = table.refund, table.amount
    if "returned" in table.columns:
        net_amount = (engine.true(table.returned) & ~refund).ifelse(0, table.amount)
    by_customer = table.group_by("customer_id").aggregate(
        first=table.day.min(where=~refund),
        last=table.day.max(where=~refund),
        transactions=table.count(where=~refund),
        amount=engine.total(table.amount),
        net=engine.total(net_amount),
    )
    days = engine.different(table.filter(~refund), "day", of="customer_id", name="days")
    joined = by_customer.left_join(days, "customer_id").drop("customer_id_right")
    return joined.mutate(days=joined.days.fill_null(0))


def span(care: Care, period: str | None = None, as_of: str | None = None) -> Period:
    """The days that are looked at: those of a period, or all up to the end of ``as_of`` or of what is known."""
    end = last_day(care, period=period, as_of=as_of) + timedelta(days=1)
    requested = Period.parse(period, as_of=care.known_until) if period else Period("all", EVER[0], end)
    return Period(requested.text, requested.start, end)
