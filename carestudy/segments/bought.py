"""What each customer bought."""

from __future__ import annotations

from typing import Any

from carestudy.care import Care
from carestudy.measure.rows import in_periods
from carestudy.periods import Period


def purchases(care: Care, *, period: str | None = None) -> Any:
    """What each customer bought: an Ibis table of customer_id, first, last, transactions, days and amount.

    ``days`` are the different days with a purchase; ``amount`` is in the currency's smallest unit.
    """
    named = [Period.parse(period, as_of=care.known_until)] if period else []
    table = in_periods(care.table("transactions", "customer_id", "occurred_at", "amount"), "transactions", named)
    table = table.filter(table.customer_id.notnull())
    day = table.occurred_at.cast("date")
    return table.group_by("customer_id").aggregate(
        first=day.min(), last=day.max(), transactions=table.count(), days=day.nunique(), amount=table.amount.sum()
    )
