"""Amounts that no other amount comes near, most often a slip of three zeros; and amounts below zero that are new."""

from __future__ import annotations

from typing import Any

from carestudy import engine
from carestudy.care import Care
from carestudy.quality.findings import Finding
from carestudy.quality.reads import Reads

APART = 50  # times the next smaller amount
CHANCE = 1e-6  # that as many rows before have none below zero
LEAST = 3  # below zero: one or two may be slips
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
    rows = sum(size["rows"] for size in counted)
    apart = Finding("transactions", "amount", "amount", _apart(counted, rows), rows, readers)
    return [apart, *_new_negatives(table, readers)]


def _new_negatives(table: engine.Table, readers: tuple[str, ...]) -> list[Finding]:
    """Amounts below zero since a day, where before that day chance alone does not explain that there were none."""
    if "occurred_at" not in table.columns:
        return []
    sold = table.filter(table.amount.notnull()).select("amount", day=table.occurred_at.date())
    below = sold.filter(sold.amount < 0)
    (span,) = engine.answer(below.aggregate(first=below.day.min(), last=below.day.max())).to_pylist()
    if span["first"] is None:
        return []
    since = sold.day >= engine.literal(str(span["first"])).cast("date")
    counts = {"rows": below.count(), "before": sold.count(where=~since), "of": sold.count(where=since)}
    totals = {name: int(engine.answer(count).as_py()) for name, count in counts.items()}
    if totals["rows"] < LEAST or (1 - totals["rows"] / totals["of"]) ** totals["before"] > CHANCE:
        return []
    days = {"first": span["first"], "last": span["last"]}
    return [Finding("transactions", "amount", "new negatives", totals["rows"], totals["of"], readers, **days)]


def _apart(sizes: list[dict[str, Any]], rows: int) -> int:
    """The rows above the lowest such gap that leaves only a few above it."""
    for index in range(1, len(sizes)):
        above: int = sum(size["rows"] for size in sizes[index:])
        if above <= max(1, FEW * rows) and above < rows / 2 and sizes[index]["low"] >= APART * sizes[index - 1]["high"]:
            return above
    return 0
