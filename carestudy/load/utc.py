"""Columns beside those of the company: moments in UTC where clocks change, and ends of which nobody knows when."""

from __future__ import annotations

from datetime import date

from carestudy import engine, zones
from carestudy.care import UNTIMED
from carestudy.contract import Contract
from carestudy.zones import IN_UTC

FIRST, LAST = date(1980, 1, 1), date(2100, 1, 1)  # what lies beyond tells nothing of where the data are


def wanted(contract: Contract, zone: str) -> bool:
    """Whether a table has two columns of moments, by clocks that ever change."""
    return list(contract.columns.values()).count("time") > 1 and zones.changes(zone)


def where_needed(table: engine.Table, zone: str) -> engine.Table:
    """The table without its moments in UTC, where no clock changes between the first and the last of them.

    Without its marks of ends that nobody knows, too, where there is none.
    """
    marks = [column for column in table.columns if column.startswith(UNTIMED)]
    if marks:
        known = engine.answer(table.aggregate(**{c: table.count(where=table[c]) for c in marks})).to_pylist()[0]
        table = table.drop(*(column for column in marks if not known[column]))
    return _where_clocks_change(table, zone)


def _where_clocks_change(table: engine.Table, zone: str) -> engine.Table:
    twins = [column for column in table.columns if column.startswith(IN_UTC)]
    if not twins:
        return table
    inside = {c: table[c].between(str(FIRST), str(LAST)) for c in twins}
    ends = {f"low_{c}": table[c].min(where=inside[c]) for c in twins}
    ends |= {f"high_{c}": table[c].max(where=inside[c]) for c in twins}
    bounds = engine.answer(table.aggregate(**ends)).to_pylist()[0]
    days = [moment.date() for moment in bounds.values() if moment is not None]
    if days and zones.changes(zone, min(days), max(days)):
        return table
    return table.drop(*twins)
