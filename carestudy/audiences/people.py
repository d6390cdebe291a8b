"""Limits on whom the company may contact: current customers with consent, no open complaint, not surveyed lately."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pandas as pd

from carestudy import engine
from carestudy.care import Care
from carestudy.contract import CareError, Missing
from carestudy.measure import stock
from carestudy.measure.rows import EVER, latest_spell

COMPLAINT = "complaint"
Ids = set[str]


def here(care: Care, _: int) -> Ids:
    """Customers who have joined and not left by the moment up to which the data are known."""
    stays = stock.spells(care, [])
    end = care.known_until.date()
    now = engine.within(stays.joined_on, EVER[0], end) & ~engine.within(stays.left_on, EVER[0], end)
    return _ids(stays.filter(now))


def consenting(care: Care, _: int) -> Ids:
    """Customers who have given consent, by their latest stay; one who is not on file has given none."""
    people = latest_spell(care, care.table("customers", "customer_id", "consent"))
    return _ids(people.filter(engine.true(people.consent)))


def complaining(care: Care, _: int) -> Ids:
    """Customers with a complaint that has not been resolved."""
    contacts = care.table("contacts", "customer_id", "opened_at", "kind", "resolved_at")
    resolved = engine.true(contacts.resolved_at <= engine.literal(care.known_until))
    return _ids(contacts.filter(engine.true(contacts.kind == COMPLAINT) & ~resolved))


def asked_lately(care: Care, days: int) -> Ids:
    """Customers who were invited to a survey, or answered one, in the last days."""
    sources = (("invitations", "invited_at"), ("responses", "answered_at"))
    known = [(name, time) for name, time in sources if care.has(name, "customer_id", time)]
    if not known:
        raise Missing("invitations", has=care.tables)
    since = engine.literal(care.known_until - timedelta(days=days))
    ids_found: Ids = set()
    for name, time in known:
        table = care.table(name)
        ids_found |= _ids(table.filter(engine.true(table[time] > since)))
    return ids_found


# In the order in which they are checked: a customer is left out for the first limit that applies, and counted once.
# True: only the customers of the limit stay on the list. False: the customers of the limit are left out.
LIMITS: dict[str, tuple[Callable[[Care, int], Ids], bool]] = {
    "gone": (here, True),
    "consent": (consenting, True),
    "complaint": (complaining, False),
    "asked": (asked_lately, False),
}


def left_out(care: Care, ids: Sequence[str], limits: Sequence[str], days: int) -> tuple[pd.Series[Any], list[str]]:
    """Return the first limit that leaves each customer out, or None, and the limits that the data do not allow."""
    why: pd.Series[Any] = pd.Series([None] * len(ids), dtype=object)
    unchecked = []
    for name in limits:
        ask, only = LIMITS[name]
        try:
            ids_found = ask(care, days)
        except Missing:
            unchecked.append(name)
            continue
        out = pd.Series([(customer_id in ids_found) != only for customer_id in ids], dtype=bool)
        why = why.mask(out & why.isna(), name)
    return why, unchecked


def contact_columns(care: Care, ids: Sequence[str], columns: Sequence[str]) -> pd.DataFrame:
    """Columns of the customer table for these customers, as text, by their latest stay."""
    if not columns:
        return pd.DataFrame(index=range(len(ids)))
    if "customer_id" in columns:
        raise CareError("the customer_id stands in every list already")
    people = latest_spell(care, care.table("customers", "customer_id", *columns))
    wanted = people.filter(people.customer_id.notnull())
    rows = engine.fetch(wanted.select("customer_id", *(wanted[name].cast("string").name(name) for name in columns)))
    return rows.drop_duplicates("customer_id").set_index("customer_id").reindex(list(ids)).reset_index(drop=True)


def _ids(table: engine.Table) -> Ids:
    return set(engine.answer(table.filter(table.customer_id.notnull()).select("customer_id").distinct())[0].to_pylist())
