"""What of the transactions of a period was cancelled, returned or refunded, and still stands in their amounts."""

from __future__ import annotations

from typing import Any

from carestudy import engine
from carestudy.care import Care
from carestudy.measure.rows import in_periods
from carestudy.periods import Period


def given_back(care: Care, period: Period) -> dict[str, Any] | None:
    """How many transactions of a period are marked as given back, of how many, and the sum of their amounts.

    A transaction is given back where ``returned`` is true or ``refunded`` is above zero; one with a negative amount has
    been taken off already. ``amount`` is in the currency's smallest unit. None where the data mark none.
    """
    if not care.has("transactions", "amount", "occurred_at"):
        return None
    rows = in_periods(care.table("transactions"), "transactions", [period])
    marks = [engine.true(rows.returned)] if "returned" in rows.columns else []
    marks += [engine.true(rows.refunded > 0)] if "refunded" in rows.columns else []
    if not marks:
        return None
    back = engine.any_of(*marks) & engine.true(rows.amount > 0)
    sums = rows.aggregate(rows=rows.amount.count(), back=rows.count(where=back), amount=rows.amount.sum(where=back))
    (totals,) = engine.answer(sums).to_pylist()
    return totals if totals["back"] else None
