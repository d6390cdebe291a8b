"""What makes a row break the contract, told row by row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import ibis
import pandas as pd

from carestudy.care import Settings
from carestudy.contract import TABLES, CareError, Contract, Type
from carestudy.load import parse
from carestudy.load.settings import FILE, Source
from carestudy.load.sources import LINE, Raw

REASON = "carestudy_reason"
EXAMPLES = 5
MUST: dict[str, tuple[str, ...]] = {
    "customers": ("customer_id",),
    "transactions": ("transaction_id", "occurred_at"),
    "contacts": ("contact_id", "opened_at"),
    "responses": ("response_id", "answered_at"),
    "staff": ("agent",),
    "goals": ("kpi", "target"),
    "invitations": ("invitation_id", "invited_at"),
}
ORDER = (
    ("customers", "left_on", "joined_on", "lies before joined_on"),
    ("contacts", "first_reply_at", "opened_at", "lies before opened_at"),
    ("contacts", "resolved_at", "opened_at", "lies before opened_at"),
    ("staff", "until", "from", "lies before from"),
)
READABLE: dict[Type, str] = {
    "date": "is no date (write 2026-10-31, or state the form in care.toml: dates)",
    "time": "is no time (write 2026-10-31 18:05, or state the form in care.toml: dates)",
    "money": "is no amount (write 1234.5, or state the form in care.toml: numbers)",
    "number": "is no number",
    "integer": "is no whole number",
    "flag": "is neither yes nor no",
    "text": "cannot be read",
}


@dataclass(frozen=True)
class Checked:
    """A table whose rows say what is wrong with them, and the counts of it."""

    rows: Any
    read: int
    aside: int
    faults: pd.DataFrame


def mark(name: str, raw: Raw, settings: Settings, source: Source, known_until: Any) -> Any:
    """Rename, parse and judge every row of a table: the reason why it breaks the contract, or null."""
    contract = TABLES[name]
    named = _renamed(raw.table, contract, source)
    rows, faults = _judged(named, contract, settings, source, known_until)
    return _one_of_a_kind(rows.mutate(**{REASON: _first(faults)}), name, contract)


def count(name: str, raw: Raw, marked: Any) -> Checked:
    """The marked rows with their counts; a table of which nothing can be used is an error."""
    counted = marked.group_by(REASON).aggregate(
        rows=marked.count(), examples=marked[LINE].collect(order_by=marked[LINE])[:EXAMPLES]
    )
    found = {row[REASON]: row for row in counted.to_pyarrow().to_pylist()}
    read = sum(row["rows"] for row in found.values())
    good = found.pop(None, {"rows": 0})["rows"]
    if read and not good:
        reason = max(found.values(), key=lambda row: row["rows"])
        lines = ", ".join(str(line) for line in reason["examples"])
        raise CareError(f"{raw.source}: none of {read:,} rows can be used; {reason[REASON]} (rows {lines}, ...)")
    return Checked(marked, read, read - good, _as_frame(name, found))


def used(marked: Any) -> Any:
    """The rows that keep the contract."""
    return marked.filter(marked[REASON].isnull()).drop(REASON, LINE)


def _renamed(table: Any, contract: Contract, source: Source) -> Any:
    """Columns under their contract names; others in lower case, as names that differ in case only collide."""
    there = {column.strip().lower(): column for column in table.columns if column != LINE}
    wanted: dict[str, str] = {}
    for column, written in source.columns.items():
        if column not in contract.columns and column not in there and not column.isidentifier():
            raise CareError(f"{FILE} [{contract.name}]: '{column}' is no column of the contract")
        if written.strip().lower() not in there:
            raise CareError(
                f'{FILE} [{contract.name}] columns: {column} = "{written}" is not in the data; '
                f"they have {', '.join(there.values())}"
            )
        wanted[column] = there[written.strip().lower()]
    taken = set(wanted.values())
    rest = {lower: column for lower, column in there.items() if column not in taken and lower not in wanted}
    return table.select(**{new: table[old] for new, old in {**wanted, **rest}.items()}, **{LINE: table[LINE]})


def _judged(
    table: Any, contract: Contract, settings: Settings, source: Source, known_until: Any
) -> tuple[Any, list[tuple[Any, str]]]:
    """The parsed table, and for each fault the condition under which a row has it."""
    columns, unread = {}, []
    for column in table.columns:
        kind = contract.columns.get(column)
        if column == LINE:
            columns[column] = table[column]
        elif kind is None:
            columns[column] = parse.plain_text(table[column])
        else:
            columns[column] = parse.parsed(table[column], kind, settings, source)
            columns[f"carestudy_bad_{column}"] = parse.present(table[column]) & columns[column].isnull()
            unread.append((column, f"{column} {READABLE[kind]}"))
    if contract.key and contract.key not in table.columns and contract.name != "customers":
        columns[contract.key] = ibis.literal("row ") + table[LINE].cast("string")
    rows = table.select(**columns)
    faults = [(rows[f"carestudy_bad_{column}"], reason) for column, reason in unread]
    faults += [(rows[c].isnull(), f"{c} is empty") for c in MUST[contract.name] if c in rows.columns]
    for name, later, earlier, reason in ORDER:
        if name == contract.name and {later, earlier} <= set(rows.columns):
            faults.append((rows[later] < rows[earlier], f"{later} {reason}"))
    if known_until is not None and contract.time in rows.columns:
        future = rows[contract.time] >= ibis.literal(known_until)
        faults.append((future, f"{contract.time} lies after as_of"))
    return rows, faults


def _first(faults: list[tuple[Any, str]]) -> Any:
    """The first thing that is wrong with a row, null where nothing is."""
    tellable = [(condition.fill_null(ibis.literal(False)), reason) for condition, reason in faults]  # noqa: FBT003
    return ibis.cases(*tellable, else_=ibis.null("string")) if tellable else ibis.null("string")


def _one_of_a_kind(rows: Any, name: str, contract: Contract) -> Any:
    """The first row of a key stays, later ones are set aside; a customer may come back after having left."""
    judged = [column for column in rows.columns if column.startswith("carestudy_bad_")]
    rows = rows.drop(*judged)
    if not contract.key or contract.key not in rows.columns:
        return rows
    good = rows[REASON].isnull()
    group = [rows[contract.key], good]
    spells = name == "customers" and {"joined_on", "left_on"} <= set(rows.columns)
    if spells:
        order = [rows.joined_on, rows[LINE]]
        before = rows.left_on.lag().over(ibis.window(group_by=group, order_by=order))
        first = ibis.row_number().over(ibis.window(group_by=group, order_by=order)) == 0
        fine = first | (before.notnull() & (before <= rows.joined_on)).fill_null(ibis.literal(False))  # noqa: FBT003
        reason = f"{contract.key} stands in an earlier row whose stay is not over"
    else:
        fine = ibis.row_number().over(ibis.window(group_by=group, order_by=rows[LINE])) == 0
        reason = f"{contract.key} stands in an earlier row"
    again = rows.select(*rows.columns, carestudy_fine=fine)
    new_reason = (again[REASON].isnull() & ~again.carestudy_fine).ifelse(reason, again[REASON])
    return again.mutate(**{REASON: new_reason}).drop("carestudy_fine")


def _as_frame(name: str, found: dict[Any, Any]) -> pd.DataFrame:
    rows = [
        {
            "table": name,
            "column": reason.split(" ")[0],
            "reason": reason.partition(" ")[2],
            "rows": int(row["rows"]),
            "examples": tuple(row["examples"]),
        }
        for reason, row in sorted(found.items())
    ]
    return pd.DataFrame(rows, columns=["table", "column", "reason", "rows", "examples"])
