"""How long customers have stayed: one stay each, from the first day until the leaving that no return followed.

Where the data hold no contracts the first day is a purchase (or ``joined_on``, where customers have it), and a
customer has left with a silence that nothing ended. Of those who bought already when the data begin nobody knows since
when they are customers: their stay is left out, unless ``joined_on`` tells.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from math import log
from typing import Any

import pandas as pd

from carestudy import engine
from carestudy.care import Care
from carestudy.contract import CareError
from carestudy.measure import clock, stock
from carestudy.measure.rows import BUCKET, OURS
from carestudy.measure.silence import beginnings_known_from, first_day
from carestudy.periods import Period

STILL, ENDED = 0, 1
SURE = 7  # minus the logarithm of one chance in a thousand
EVER = -(10**6)  # days from 1970, long before any customer
NEVER = 10**6  # and long after


def stays(care: Care, wanted: Any, by: Sequence[str], periods: Sequence[Period], since: int) -> engine.Table:
    """One stay a customer as (customer_id, groups, period, days lasted, days at entry, ended), as each period ends.

    ``since`` is the day from whose end on the data know who leaves, see ``known_since``.
    """
    known = care.known_until.date()
    ends: list[Any] = [(period.start, min(period.end, known)) for period in periods] or [(None, known)]
    bounds = pd.DataFrame(ends, columns=[BUCKET, f"{OURS}bound"]).astype(object)
    rows = stock.spells(care, by).mutate(carestudy_joined=wanted.joined_on, carestudy_left=wanted.left_on)
    joined, left = clock.day_number(rows.carestudy_joined), clock.day_number(rows.carestudy_left)
    rows = rows.select("customer_id", *by, joined=joined, left=left.fill_null(NEVER), seen=joined)
    if not stock.has_contracts(care):
        rows = _begun(care, rows, plain=wanted.plain)
    rows = rows.cross_join(_bounds(bounds))
    rows = rows.filter(rows.joined < rows.carestudy_bound)
    if care.several_spells or not stock.has_contracts(care):
        grouped = rows.group_by(["customer_id", *by, BUCKET, f"{OURS}bound"])
        rows = grouped.aggregate(joined=rows.joined.min(), left=rows.left.max(), seen=rows.seen.min())
    gone, entry = rows.left < rows.carestudy_bound, _entry(care, rows, since)
    lasted = gone.ifelse(rows.left, rows.carestudy_bound) - rows.joined
    rows = rows.mutate(duration=lasted, entry=entry, ended=gone.ifelse(ENDED, STILL).cast("int64"))
    seen = (rows.entry == 0) | (rows.entry < rows.duration)
    return rows.filter(engine.true(seen) & (rows.duration >= 0)).select(
        "customer_id", *by, BUCKET, "duration", "entry", "ended"
    )


def _begun(care: Care, rows: engine.Table, *, plain: bool) -> engine.Table:
    """Stays made from purchases, beginning on the day of joining where it is known, and without those left out.

    Who is a customer for at least so long is known of everybody, so that a ``plain`` share leaves out nobody.
    """
    if care.has("customers", "customer_id", "joined_on"):
        people = care.table("customers")
        joined_by_customer = people.group_by(person=people.customer_id).aggregate(told=people.joined_on.min())
        rows = rows.left_join(
            joined_by_customer.mutate(told=clock.day_number(joined_by_customer.told)), [("customer_id", "person")]
        )
        rows = rows.mutate(known=rows.told.notnull(), joined=engine.least(rows.told.fill_null(NEVER), rows.joined))
        rows = rows.drop("person", "told")
    else:
        rows = rows.mutate(known=engine.literal(value=False))
    first = rows.seen.min().over(engine.window(group_by="customer_id"))
    from_the_start = (first < _number(beginnings_known_from(care))) & ~rows.known
    rows = rows.mutate(truncated=from_the_start)
    return rows if plain else rows.filter(~rows.truncated)


def _entry(care: Care, rows: Any, since: int) -> engine.Value:
    """The age at which a customer came under observation: 0 for who was seen from the first day on."""
    if stock.has_contracts(care):
        return engine.greatest(engine.literal(since, "int64") - rows.joined, engine.literal(0, "int64"))
    begin = _number(first_day(care))
    return (rows.joined < begin).ifelse(rows.seen - rows.joined, engine.literal(0, "int64"))


def _bounds(bounds: pd.DataFrame) -> engine.Table:
    table = engine.small_table(bounds)
    bound = clock.day_number(table[f"{OURS}bound"])
    return table.mutate(**{BUCKET: table[BUCKET].cast("date"), f"{OURS}bound": bound})


def known_since(care: Care, wanted: Any) -> int:
    """The day from whose end on the data know who leaves, counted from 1970; purchases tell of every leaving."""
    if wanted.since is not None:
        return _number(_day(wanted.since))
    if not stock.has_contracts(care):
        return EVER
    rows = stock.spells(care, []).mutate(carestudy_joined=wanted.joined_on, carestudy_left=wanted.left_on)
    return observed(rows, care.known_until.date())


def observed(stays: engine.Table, known: date) -> int:
    """The day from whose end on it is known who leaves, counted from 1970.

    If customers left at one rate all along, the chance that none of them did so before the first known leaving is the
    later part of all their days to the power of the leavings. Below one in a thousand, leavings from before are
    lacking: the data begin on the day before the first, and tell only of those still here. Else they hold everybody.
    """
    joined, left = clock.day_number(stays.carestudy_joined), clock.day_number(stays.carestudy_left)
    first = engine.fetch(stays.aggregate(first=left.min()))["first"].iloc[0]
    if first is None:
        return EVER
    lasted = engine.total(engine.coalesce(left, engine.literal(_number(known), "int64")) - joined)
    early = engine.total(engine.greatest(engine.literal(int(first), "int64") - joined, engine.literal(0, "int64")))
    sums = engine.integer_sums(stays, [], {"lasted": lasted, "early": early, "gone": left.count()})
    days, before, gone = (int(sums[name].iloc[0]) for name in ("lasted", "early", "gone"))
    lacking = gone * log(days / max(days - before, 1)) >= SURE if days > 0 else False
    return int(first) - 1 if lacking else EVER


def _number(day: date) -> int:
    return (day - date(1970, 1, 1)).days


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except (TypeError, ValueError):
        raise CareError(f"since={text!r} is no day: write it as text, such as 2024-01-01") from None
