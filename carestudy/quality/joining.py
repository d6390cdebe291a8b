"""Customers whose days contradict the data: who bought before they joined, or left after the data end."""

from __future__ import annotations

import ibis

from carestudy.care import Care
from carestudy.measure import engine
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
    sold = care.tables["transactions"].select("customer_id", day=lambda one: one.occurred_at.cast("date"))
    both = sold.inner_join(joined, sold.customer_id == joined.joined_id)
    counted = both.aggregate(rows=both.count(where=both.day < both.joined), of=both.joined.count())
    (found,) = engine.answer(counted).to_pylist()
    readers = reads.column("customers", "joined_on")
    return [Finding("transactions", "occurred_at", "before joining", found["rows"], found["of"], readers)]


def found_after_the_end(care: Care, reads: Reads) -> list[Finding]:
    """How many customers leave on a day after the data end: they are still here, whether the day is planned or none."""
    if not care.has("customers", "left_on"):
        return []
    people = care.tables["customers"]
    end = ibis.literal(care.known_until.date().isoformat()).cast("date")
    counted = people.aggregate(
        rows=people.count(where=people.left_on.cast("date") >= end),
        of=people.left_on.count(),
        last=people.left_on.max(),
    )
    (found,) = engine.answer(counted).to_pylist()
    readers = reads.column("customers", "left_on")
    last = found["last"] if found["rows"] else None
    return [Finding("customers", "left_on", "after the end", found["rows"], found["of"], readers, last=last)]
