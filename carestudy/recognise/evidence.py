"""Scores how well an export fits a table, by headers that other tables do not share and by required columns."""

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
    """Score a table: headers that other tables do not share, signs in further columns, and the name of the file."""
    score = sum(mapped.fit * _special(mapped.column, match.table) for mapped in match.columns.values())
    score += min(0.5 * len(match.questions), 1.2)
    score += min(0.25 * sum(_signs(column, match.table) for column in match.rest), 1.0)
    names = " ".join([*match.export.files[:1], *(match.export.sheet_names or [])])
    score += words.table_named(names).get(match.table, 0.0)
    for wanted, cost in NEEDS[match.table]:
        if not any(name in match.columns for name in wanted) and not (match.table == "responses" and match.questions):
            score -= cost
    if match.table == "transactions" and _of_customers(match.export):
        score -= 2.5
    mapped = match.columns.get(ONE_A_ROW.get(match.table, ""))
    if mapped is not None:
        score += 0.4 if mapped.column.unique > 0.98 else 0 if mapped.column.unique > 0.7 else -1.5
    return score


def _of_customers(export: Export) -> bool:
    """Whether each row is a customer, with totals of what they bought: an address each, and a count or their file."""
    personal = [
        column
        for column in export.columns
        if column.personal and column.unique > 0.98 and column.filled > max(0.9 * export.rows, 9)
    ]
    counted = any(
        {"count"} < words.meaning(column.name).things & {"count", "order", "payment"} for column in export.columns
    )
    return bool(personal) and (counted or "customers" in words.table_named(" ".join(export.files)))


def _special(column: Column, table: str) -> float:
    """How much a header speaks for one table rather than for others."""
    best: dict[str, float] = {}
    for (where, _), strength in words.fits(column.name).items():
        if where != words.OWN:
            best[where] = max(best.get(where, 0), strength**2)
    return best[table] / sum(best.values()) if table in best else 0.2


def _signs(column: Column, table: str) -> bool:
    signs = words.dictionary()["signs"].get(table, ())
    fits = words.fits(column.name)
    return any(fits.get((words.OWN, sign), 0) > 0.7 for sign in signs)
