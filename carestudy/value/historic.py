"""The historic level of lifetime value: what customers have brought in their first years, without any forecast."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from carestudy import engine
from carestudy.care import Care
from carestudy.contract import CareError
from carestudy.kpi import invoiced
from carestudy.measure.front import reads
from carestudy.measure.intervals import z_value
from carestudy.measure.options import Level, Months
from carestudy.measure.silence import beginnings_known_from, first_day

FEWEST = 10
BEFORE_FIRST_SALE = 31  # days: a company may have its first customers so long before its first sale
COLUMNS = ["months", "value", "low", "high", "customers", "bought", "left_out"]


@reads("transactions")
def value_to_date(care: Care, *, months: Sequence[Months] = (12, 24, 60), level: Level = 0.95) -> pd.DataFrame:
    """Mean amount that a customer has brought in the first months as a customer, returned purchases left out.

    Of all customers who began at least so long before ``as_of``, whether or not they are still here; with joined_on
    those who never bought count as zero, without it a customer begins with the first purchase. Who then bought already
    within ``inactive_after`` days of the first day of the data may have begun long before it: such customers are
    ``left_out``, as many as that. So are those who joined before the first day of the transactions, as what they
    bought before it is not in the data, unless nobody joined more than 31 days before it. Revenue and no margin, not
    discounted, in the currency's main unit; interval of the mean by the spread between customers, none below ten of
    them. ``bought`` is how many bought anything in that time.
    """
    if not months:
        raise CareError("value_to_date: months is an empty list, and needs a whole number of months, such as 12")
    began, left_out = _began(care)
    rows = [_brought(care, began, month) for month in months]
    n = np.array([row["customers"] for row in rows], dtype=float)
    total = np.array([row["total"] for row in rows], dtype=float)
    squares = np.array([float(row["squares"]) for row in rows])
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = total / n
        spread = np.sqrt(np.maximum(squares - n * mean**2, 0) / (n - 1) / n)
    reach = np.where(n >= FEWEST, z_value(level) * spread, np.nan)
    unit = invoiced.scale(care)
    amounts = (mean * unit, (mean - reach) * unit, (mean + reach) * unit)
    counts = (n.astype("int64"), [row["bought"] for row in rows], [left_out] * len(rows))
    return pd.DataFrame(dict(zip(COLUMNS, (months, *amounts, *counts), strict=True)))


def _brought(care: Care, began: Any, months: int) -> dict[str, Any]:
    """Sums over the customers of what each brought in the first months."""
    young = began.begin + engine.interval(months=months)
    old = began.mutate(until=young).filter(young.cast("timestamp") <= engine.literal(care.known_until))
    sold = care.table("transactions", "customer_id", "occurred_at", "amount")
    if "returned" in sold.columns:
        sold = sold.filter(~engine.true(sold.returned) | (sold.amount < 0))
    sold = sold.select(buyer=sold.customer_id, occurred_at=sold.occurred_at, amount=sold.amount)
    both = old.left_join(sold, old.customer_id == sold.buyer)
    early = (both.occurred_at >= both.begin.cast("timestamp")) & (both.occurred_at < both.until.cast("timestamp"))
    each = both.group_by("customer_id").aggregate(
        amount=both.amount.sum(where=early).fill_null(0),
        bought=both.amount.count(where=early),
    )
    sums = each.aggregate(
        customers=each.count(),
        total=engine.total(each.amount),
        squares=engine.product_sum(each.amount, each.amount, wide=True),
        bought=each.count(where=each.bought > 0).fill_null(0),
    )
    found: dict[str, Any] = engine.answer(sums).to_pylist()[0]
    return found


def _began(care: Care) -> tuple[Any, int]:
    """The day on which each customer began, joined or first bought, and how many may have bought before the data."""
    joined = care.has("customers", "customer_id", "joined_on")
    first = _joined(care) if joined else _first_bought(care)
    since = _sales_known_from(care, first) if joined else beginnings_known_from(care)
    known = first.begin >= engine.literal(str(since)).cast("date")
    return first.filter(known), int(engine.answer(first.count(where=~known)).as_py() or 0)


def _joined(care: Care) -> Any:
    people = care.table("customers", "customer_id", "joined_on")
    people = people.filter(people.joined_on.notnull())
    return people.group_by("customer_id").aggregate(begin=people.joined_on.min().cast("date"))


def _first_bought(care: Care) -> Any:
    bought = care.table("transactions", "customer_id", "occurred_at")
    bought = bought.filter(bought.customer_id.notnull())
    return bought.group_by("customer_id").aggregate(begin=bought.occurred_at.min().cast("date"))


def _sales_known_from(care: Care, joined: Any) -> date:
    """The first day of the transactions; the first joining day where it is so near that the company began with it."""
    sales = first_day(care)
    earliest: date | None = engine.answer(joined.begin.min()).as_py()
    if earliest is None or earliest < sales - timedelta(days=BEFORE_FIRST_SALE):
        return sales
    return min(earliest, sales)
