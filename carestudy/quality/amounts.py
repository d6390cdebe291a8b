"""Amounts that no other amount comes near: most often a slip of three zeros."""

from __future__ import annotations

from typing import Any

from carestudy.care import Care
from carestudy.measure import engine
from carestudy.quality.findings import Finding
from carestudy.quality.reads import Reads

APART = 50  # times the next smaller amount
FEW = 0.01  # of all amounts: where more are that large, they are another kind of business


def found_in_amounts(care: Care, reads: Reads) -> list[Finding]:
    """How many transactions are at least fifty times as large as every smaller one."""
    if not care.has("transactions", "amount"):
        return []
    table = care.tables["transactions"]
    sold = table.filter(table.amount > 0)
    # Counted by how many digits they have: a few rows, however many transactions there are.
    digits = sold.amount.cast("string").length()
    sizes = sold.group_by(digits=digits).aggregate(rows=sold.count(), low=sold.amount.min(), high=sold.amount.max())
    counted = engine.answer(sizes.order_by("digits")).to_pylist()
    readers = reads.column("transactions", "amount")
    rows = sum(one["rows"] for one in counted)
    return [Finding("transactions", "amount", "amount", _apart(counted, rows), rows, readers)]


def _apart(sizes: list[dict[str, Any]], rows: int) -> int:
    """The rows above the lowest such gap that leaves only a few above it."""
    for place in range(1, len(sizes)):
        above: int = sum(one["rows"] for one in sizes[place:])
        if above <= max(1, FEW * rows) and above < rows / 2 and sizes[place]["low"] >= APART * sizes[place - 1]["high"]:
            return above
    return 0
