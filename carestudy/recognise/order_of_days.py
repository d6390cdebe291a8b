"""Days compared across columns: what lies years apart, or the wrong way round, is a wrong column."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow.compute as pc

from carestudy.recognise import cells_by_row
from carestudy.recognise.asks import days_of
from carestudy.recognise.column import Column
from carestudy.recognise.mapped import Match

ENOUGH = 5  # rows that have both days
LONG = {"first_reply_at": 60, "resolved_at": 400}  # days after the opening; a median above tells of a wrong column
BEFORE = 0.4  # the share of rows the wrong way round, above which a column is wrong
# What comes before what, by table.
PAIRS = {
    "contacts": (("opened_at", "first_reply_at"), ("opened_at", "resolved_at"), ("first_reply_at", "resolved_at")),
    "customers": (("joined_on", "left_on"),),
}


def in_order(match: Match) -> Match:
    """A match that asks of columns whose days lie years apart or the wrong way round.

    An opening that was only guessed is none where the other columns speak against it.
    """
    for first, second in PAIRS.get(match.table, ()):
        doubt = _doubt(match, first, second)
        if doubt and first == "opened_at" and match.columns[first].sure == "guess":
            wrong = match.columns[first].column.name
            columns = {name: mapped for name, mapped in match.columns.items() if name != first}
            match = replace(match, columns=columns, noted=(*match.noted, f"'{wrong}' is no opening: {doubt}"))
        elif doubt:
            changed = {name: replace(match.columns[name], why=doubt, ask=True) for name in (first, second)}
            match = replace(match, columns={**match.columns, **changed})
    return match


def day_only(column: Column) -> bool:
    """Whether the cells of a column are days without a clock."""
    days = days_of(column)
    if not days.share or column.kind == "number":
        return False
    if days.forms:
        return not any("%H" in form or "%I" in form for form in days.forms)
    return bool(pc.all(pc.match_substring_regex(column.values, r"^[\d-]{10}([ T]00:00(:00(\.0+)?)?)?$")).as_py())


def _doubt(match: Match, first: str, second: str) -> str:
    """Why two columns cannot both be what they are taken for; nothing where they can."""
    gaps = _gaps(_moments(match, first), _moments(match, second))
    if gaps is None:
        return ""
    ours, theirs = (f"'{match.columns[name].column.name}'" for name in (first, second))
    if first == "opened_at" and float(np.median(gaps)) > LONG[second]:
        return f"{theirs} comes {_between(gaps)} days after it"
    least = -1 if any(day_only(match.columns[name].column) for name in (first, second)) else 0
    reversed_ = gaps < least
    if float(reversed_.mean()) <= BEFORE:
        return ""
    return f"in {int(reversed_.sum()):,} of {len(gaps):,} rows {theirs} comes before {ours}"


def _moments(match: Match, name: str) -> Any:
    mapped = match.columns.get(name)
    if mapped is None or mapped.entry is not None:
        return None
    return cells_by_row.moments(match.export, mapped.column, days_of(mapped.column))


def _gaps(some: Any, later: Any) -> Any:
    """The days from one moment to another, of the rows that have both."""
    if some is None or later is None:
        return None
    both = ~np.isnat(some) & ~np.isnat(later)
    if int(both.sum()) < ENOUGH:
        return None
    return (later[both] - some[both]) / np.timedelta64(1, "D")


def _between(gaps: Any) -> str:
    low, high = (f"{value:,.0f}" for value in (gaps.min(), gaps.max()))
    return low if low == high else f"{low} to {high}"
