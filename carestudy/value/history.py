"""What each customer has bought again, how long ago, and since when they are known: what buying models learn from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pandas as pd

from carestudy import engine
from carestudy.care import Care
from carestudy.contract import CareError, Missing
from carestudy.kpi import invoiced
from carestudy.measure.front import reads
from carestudy.measure.rows import groups, latest_spell

UNITS = {"day": 1, "week": 7}


@reads("transactions")
def purchase_history(
    care: Care, *, until: str | None = None, unit: str = "week", by: str | Sequence[str] | None = None
) -> pd.DataFrame:
    """What each customer bought after the first day: a frame with a row a customer.

    In the order of customer_id; ``purchase_history_table`` is the same in the engine.

    Columns: customer_id, the dimensions of customers asked for, ``first`` (day of the first purchase), ``x`` (later
    days with a purchase), ``t_x`` (from the first day to the last of them), ``T`` (from the first day to the end),
    in weeks of seven days or in days, ``value`` (mean value of the later days, main unit of the currency, 0 without
    any) and ``brought`` (all that was paid). The end is the last day known, or the day ``until``; then ``x_after``,
    ``brought_after`` and ``T_after`` tell what came between there and the last day known.

    Purchases of one day are one, and a day that cost nothing counts. Returned purchases are left out. A negative
    amount is a refund and no purchase: it makes all that the customer bought cheaper, in proportion.

    >>> import carestudy as cs
    >>> import pandas as pd
    >>> sales = pd.DataFrame({"customer_id": "A", "amount": [100, 20, 10], "occurred_at": ["2026-01-05", "2026-01-19",
    ...                       "2026-01-19"]})
    >>> care = cs.load({"transactions": sales}, as_of="2026-01-25")
    >>> purchase_history(care)[["x", "t_x", "T", "value"]]
       x  t_x         T  value
    0  1  2.0  2.857143   30.0
    """
    return engine.frame(purchase_history_table(care, until=until, unit=unit, by=by), "customer_id")


@reads("transactions")
def purchase_history_table(
    care: Care, *, until: str | None = None, unit: str = "week", by: str | Sequence[str] | None = None
) -> Any:
    """The rows of ``purchase_history`` as an Ibis table: one query, computed in the engine when it is fetched."""
    if unit not in UNITS:
        raise CareError(f"unit='{unit}' is not known: choose {' or '.join(UNITS)}")
    known = (care.known_until - timedelta(microseconds=1)).date()
    end = known if until is None else _day(until, known)
    days, last = purchase_days(care), engine.literal(str(end)).cast("date")
    early, late = days.bought & (days.day <= last), days.bought & (days.day > last)
    totals = days.group_by("customer_id").aggregate(
        first=days.day.min(where=early),
        latest=days.day.max(where=early),
        days=days.day.count(where=early),
        begun=days.sold.argmin(days.day, where=early),
        sold=days.sold.sum(where=days.day <= last).fill_null(0),
        refunded=days.refunded.sum(where=days.day <= last).fill_null(0),
        x_after=days.day.count(where=late),
        after=(days.sold + days.refunded).sum(where=days.day > last).fill_null(0),
    )
    totals = totals.filter(totals.first.notnull())
    history = _with_customers(care, _in_units(care, totals, (end, known), unit), groups(by))
    return history if until is not None else history.drop("x_after", "brought_after", "T_after")


def purchase_days(care: Care) -> Any:
    """What each customer bought on each day, and what they were paid back."""
    table = care.table("transactions", "customer_id", "occurred_at", "amount")
    if "returned" in table.columns:
        table = table.filter(~engine.true(table.returned) | (table.amount < 0))
    table = table.filter(table.customer_id.notnull(), table.amount.notnull(), table.occurred_at.notnull())
    table = table.filter(table.occurred_at < engine.literal(care.known_until))
    amount, day = table.amount, table.occurred_at.cast("date")
    return table.group_by("customer_id", day=day).aggregate(
        sold=engine.greatest(amount, 0).sum(), refunded=engine.least(amount, 0).sum(), bought=(amount >= 0).any()
    )


def _in_units(care: Care, totals: Any, ends: tuple[date, date], unit: str) -> Any:
    """The counted days and amounts as x, t_x, T and value; each number of one row, so that no order matters."""
    money, step = invoiced.scale(care), UNITS[unit]
    # Sums of whole numbers are exact decimals in some engines, which do not mix with what is divided.
    totals = totals.mutate(**{name: totals[name].cast("float64") for name in ("begun", "sold", "refunded", "after")})
    last, known = (engine.literal(str(end)).cast("date") for end in ends)
    x = totals.days - 1
    left = engine.greatest(1 + totals.refunded / totals.sold.nullif(0), 0.0)  # what refunds leave of each purchase
    value = ((totals.sold - totals.begun) / x.nullif(0) * left * money).fill_null(0.0)
    return totals.select(
        "customer_id",
        "first",
        x=x,
        t_x=totals.latest.delta(totals.first, unit="day") / step,
        T=last.delta(totals.first, unit="day") / step,
        value=value,
        brought=(totals.sold + totals.refunded) * money,
        x_after="x_after",
        brought_after=totals.after * money,
        T_after=known.delta(last, unit="day") / step,
    )


def _with_customers(care: Care, history: Any, by: list[str]) -> Any:
    """The history with dimensions of the customers table; who is not in it belongs to a nameless group."""
    if not by:
        return history
    customers = latest_spell(care, care.table("customers", "customer_id"))
    for name in by:
        if name not in customers.columns or name in history.columns:
            raise Missing("customers", name, customers.columns)
    people = customers.select(carestudy_id=customers.customer_id, **{name: customers[name] for name in by})
    return history.left_join(people, history.customer_id == people.carestudy_id).drop("carestudy_id")


def _day(until: str, known: date) -> date:
    try:
        end = date.fromisoformat(until)
    except (TypeError, ValueError):
        raise CareError(f"until={until!r} is no day: write it as text, such as 2026-06-30") from None
    if end > known:
        raise CareError(f"until={until} lies after {known}, the last day that is known")
    return end
