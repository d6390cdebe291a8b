"""Customers whose days contradict the data: who bought before they joined, or left after the data end."""

from __future__ import annotations

from carestudy import engine
from carestudy.care import Care
from carestudy.quality.findings import Finding
from carestudy.quality.reads import Reads


def found_before_joining(care: Care, reads: Reads) -> list[Finding]:
    """How many transactions lie before their customer's first day of joining, of those whose customer has such a day.

    A few may be orders of a guest; many mean that joined_on is the day of something else, or begins with a new system.
    """
    if not (
        care.has("customers", "customer_id", "joined_on") and care.has("transactions", "customer_id", "occurred_at")
    ):
        return []
    people = care.tables["customers"]
    joined = people.group_by(joined_id=people.customer_id).aggregate(joined=people.joined_on.min())
    sold = care.tables["transactions"].select("customer_id", day=lambda sold_rows: sold_rows.occurred_at.cast("date"))
    joined_rows = sold.inner_join(joined, sold.customer_id == joined.joined_id)
    counted = joined_rows.aggregate(
        rows=joined_rows.count(where=joined_rows.day < joined_rows.joined), of=joined_rows.joined.count()
    )
    (totals,) = engine.answer(counted).to_pylist()
    readers = reads.column("customers", "joined_on")
    return [Finding("transactions", "occurred_at", "before joining", totals["rows"], totals["of"], readers)]


def found_after_the_end(care: Care, reads: Reads) -> list[Finding]:
    """How many customers leave on a day after the data end: they are still here, whether the day is planned or none."""
    if not care.has("customers", "left_on"):
        return []
    people = care.tables["customers"]
    end = engine.literal(care.known_until.date().isoformat()).cast("date")
    counted = people.aggregate(
        rows=people.count(where=people.left_on.cast("date") >= end),
        of=people.left_on.count(),
        last=people.left_on.max(),
    )
    (totals,) = engine.answer(counted).to_pylist()
    readers = reads.column("customers", "left_on")
    last = totals["last"] if totals["rows"] else None
    return [Finding("customers", "left_on", "after the end", totals["rows"], totals["of"], readers, last=last)]
