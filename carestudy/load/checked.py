"""One table from its raw rows to those that keep the contract, with the counts of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import pandas as pd

from carestudy.engine import union
from carestudy.load import checks, faults, items, melt, precision, repeats, survey_columns, typed
from carestudy.load.engine import Database, Engine
from carestudy.load.exchanged import exchanged
from carestudy.load.left_out import with_words
from carestudy.load.plain_names import LINE, PART
from carestudy.load.raw import Raw
from carestudy.load.renaming import renamed, resolved
from carestudy.load.sources import alike
from carestudy.load.utc import where_needed
from carestudy.load.wanted import Conditions, wanted

Named = tuple[Any, checks.Frame]  # rows under contract names, and what they are read with


@dataclass(frozen=True)
class Checked:
    """A table whose rows say what is wrong with them, the counts of it, and the rows that can be used.

    One that ``stays`` is asked where it is, and may change there. Where rows are items, ``documents`` is how many
    there are of what they were put together to, and ``totals`` how many of these have the same amount in every row.
    """

    marked: Any
    tally: faults.Tally
    faults: pd.DataFrame
    used: Any
    stays: bool = False
    days: frozenset[str] = frozenset()
    documents: int | None = None
    totals: int = 0
    conditions: Conditions = field(default_factory=Conditions)


def checked(engine: Engine | Database, raw: Raw, frame: checks.Frame) -> Checked:
    """A table checked, each of its sources read as care.toml says of it."""
    raw, conditions = wanted(raw, frame.contract)
    result = _checked(engine, raw, frame)
    return replace(result, conditions=with_words(conditions, frame, result.used, is_typed=raw.typed))


def _checked(engine: Engine | Database, raw: Raw, frame: checks.Frame) -> Checked:
    """The rows of the table checked, after those that are none of it were left out."""
    several, name = list(_named(raw, frame)), frame.contract.name
    by_column = {column: table[column] for table, _ in reversed(several) for column in table.columns}
    if raw.may_stay and len(several) == 1 and (in_place := _in_place(raw, *several[0])):
        return in_place
    rows = _read(raw, several)
    if len(several) > 1 or checks.written(*several[0]):
        rows = engine.step(f"parsed_{name}", rows)
    combined = len(several) > 1 or items.ITEMS in rows.columns
    marked = engine.kept(f"care_{name}", checks.judged(rows, frame), by=LINE if combined else None)
    counted = faults.tally(marked, frame.contract, raw)
    days = precision.days_only(by_column, counted.moments)
    raw.refuse_if_changed()
    if counted.keys < counted.used:
        repeats.refuse_two_of_a_kind(marked, name)
    for step, again in _repeats(name, by_column, counted, [c for _, of in several for c in of.source.columns]):
        marked = engine.kept(f"{step}_{name}", again(marked), by=LINE)
        counted = faults.tally(marked, frame.contract, raw)
    stays = isinstance(engine, Database)
    used = checks.unmarked(rows, frame) if stays and counted.clean else checks.used(marked)
    used = where_needed(used, frame.settings.timezone)
    documents, totals = None, 0
    if items.ITEMS in marked.columns:
        totals = items.repeated_totals(marked, frame.contract)
        marked, documents = engine.kept(f"items_{name}", items.apart(marked), by=LINE), counted.used
        counted = faults.tally(marked, frame.contract, raw)
    swapped = [] if raw.typed else [exchanged(*table) for table in several]
    fault_rows = faults.told(name, marked, counted, raw, swapped)
    return Checked(marked, counted, fault_rows, used, stays, days, documents, totals)


def _named(raw: Raw, frame: checks.Frame) -> Iterator[Named]:
    """The rows of each source, and of each year that its columns are of, under contract names."""
    contract = frame.contract
    for mapped in raw.tables:
        for table, source in melt.melted(mapped.table, contract, mapped.source):
            entries = resolved(table, contract, source, raw.source)
            rows = melt.keyed(renamed(table, contract, entries, raw.source), contract, entries)
            yield survey_columns.unpivoted(rows), replace(frame, source=entries)


def _read(raw: Raw, several: list[Named]) -> Any:
    """The rows of all sources with the types of the contract, items put together to their documents."""
    parsed_tables = []
    for table, frame in several:
        if frame.source.sum_by:
            items.refuse_without_key(table, frame.contract)
        rows = typed.parsed(table, frame) if raw.typed else checks.parsed(table, frame)
        rows = survey_columns.without_unasked(melt.without_nothing(rows, frame.source), frame.source)
        parsed_tables.append(_documents(rows, frame) if frame.source.sum_by else rows)
    if any(items.ITEMS in rows.columns for rows in parsed_tables):
        parsed_tables = [rows if items.ITEMS in rows.columns else items.by_themselves(rows) for rows in parsed_tables]
    return parsed_tables[0] if len(parsed_tables) == 1 else union(*alike(parsed_tables))


def _documents(rows: Any, frame: checks.Frame) -> Any:
    amount = frame.source.columns.get("amount")
    return items.summed(rows, frame.contract, frame.settings, as_it_stands=amount is None or amount.as_it_stands)


def _in_place(raw: Raw, renamed_table: Any, frame: checks.Frame) -> Checked | None:
    """A table as it stands in its files, if it has its types and there is nothing to mend, set aside or leave out."""
    if checks.written(renamed_table, frame) or frame.source.sum_by:
        return None
    name, (rows, looked_at) = frame.contract.name, checks.as_found(renamed_table, frame)
    marked = checks.judged(looked_at, frame)
    counted = faults.tally(marked, frame.contract, raw, rows)
    days = precision.days_only(renamed_table, counted.moments)
    raw.refuse_if_changed()
    if not counted.clean or _repeats(name, renamed_table.columns, counted):
        return None
    fault_rows = faults.told(name, marked, counted, raw)
    used = where_needed(checks.unmarked(rows, frame), frame.settings.timezone)
    return Checked(marked, counted, fault_rows, used, stays=True, days=days)


def _repeats(
    name: str, columns: Iterable[str], counted: faults.Tally, mapped: Iterable[str] = ()
) -> list[tuple[str, Callable[[Any], Any]]]:
    """What there is to do about rows that stand more than once."""
    steps: list[tuple[str, Callable[[Any], Any]]] = []
    if counted.keys < counted.used:
        steps.append(("single", partial(repeats.one_of_a_kind, name=name, mapped=mapped)))
    if PART in columns and not repeats.key(name, list(columns)):
        steps.append(("parts", partial(repeats.one_of_parts, name=name)))
    if name == "staff":
        steps.append(("jobs", repeats.one_job_at_a_time))
    return steps
