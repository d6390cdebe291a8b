"""How much speaks for an export being a table: headers that others do not share, and what the table cannot lack."""

from __future__ import annotations

from collections.abc import Mapping

from carestudy.recognise import words
from carestudy.recognise.column import Column
from carestudy.recognise.folder import Export
from carestudy.recognise.mapped import Match

# What a table cannot do without, and what its absence counts against it.
NEEDS: Mapping[str, tuple[tuple[tuple[str, ...], float], ...]] = {
    "customers": ((("customer_id",), 1.5),),
    "transactions": ((("occurred_at", "transaction_id"), 1.5), (("amount",), 0.7)),
    "contacts": ((("contact_id", "opened_at"), 1.5),),
    "responses": ((("score", "comment"), 1.5),),
    "staff": ((("agent",), 2.0), (("team", "department", "from"), 1.5)),
    "goals": ((("kpi",), 2.0), (("target",), 2.0)),
    "invitations": ((("invited_at",), 2.0),),
}
ONE_A_ROW = {"customers": "customer_id", "staff": "agent"}


def evidence(match: Match) -> float:
    """How much speaks for a table: headers that others do not share, own columns that go with it, the file's name."""
    found = sum(one.fit * _special(one.column, match.table) for one in match.columns.values())
    found += min(0.5 * len(match.questions), 1.2)
    found += min(0.25 * sum(_signs(column, match.table) for column in match.rest), 1.0)
    names = " ".join([*match.export.files[:1], *(match.export.sheet_names or [])])
    found += words.table_named(names).get(match.table, 0.0)
    for wanted, cost in NEEDS[match.table]:
        if not any(name in match.columns for name in wanted) and not (match.table == "responses" and match.questions):
            found -= cost
    if match.table == "transactions" and _of_customers(match.export):
        found -= 2.5
    one = match.columns.get(ONE_A_ROW.get(match.table, ""))
    if one is not None:
        found += 0.4 if one.column.unique > 0.98 else 0 if one.column.unique > 0.7 else -1.5
    return found


def _of_customers(export: Export) -> bool:
    """Whether each row is a customer, with totals of what they bought: an address each, and a count or their file."""
    own = [
        one for one in export.columns if one.personal and one.unique > 0.98 and one.filled > max(0.9 * export.rows, 9)
    ]
    counted = any({"count"} < words.meaning(one.name).things & {"count", "order", "payment"} for one in export.columns)
    return bool(own) and (counted or "customers" in words.table_named(" ".join(export.files)))


def _special(column: Column, table: str) -> float:
    """How much a header speaks for one table rather than for others."""
    best: dict[str, float] = {}
    for (where, _), strength in words.fits(column.name).items():
        if where != words.OWN:
            best[where] = max(best.get(where, 0), strength**2)
    return best[table] / sum(best.values()) if table in best else 0.2


def _signs(column: Column, table: str) -> bool:
    told = words.dictionary()["signs"].get(table, ())
    said = words.fits(column.name)
    return any(said.get((words.OWN, sign), 0) > 0.7 for sign in told)
