"""Finds further files of one table, each with its own columns: calls and complaints are both contacts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from carestudy.contract import TABLES
from carestudy.recognise import by_tool, words
from carestudy.recognise.column import Column
from carestudy.recognise.folder import Export
from carestudy.recognise.joins import Left
from carestudy.recognise.mapped import Mapped, Match
from carestudy.recognise.match import as_table

TABLES_OF_SEVERAL = ("contacts", "responses", "transactions")
ALIKE = 0.05  # ids of two files that have more in common are of the same things
WORTH = 1.5  # how much has to speak for a further file
KINDS = {"complaint", "exit_interview"}  # what the name of a file says of all of its rows


def further(matches: Mapping[str, Match], left: Left) -> tuple[dict[str, Match], Left]:
    """Add the further files of tables, under names such as ``contacts 2``; return the remaining files as well."""
    tables = dict(matches)
    remaining: Left = []
    for export, why in left:
        name = next((name for name in _tables(tables, export)), None)
        if name is None:
            remaining.append((export, why))
            continue
        number = 1 + sum(match_.table == name for match_ in tables.values())
        match = _named(by_tool.known(export) or as_table(export, name))
        tables[f"{name} {number}"] = replace(match, doubt=_doubt(tables[name], match))
    tables = {name: _named(match_) for name, match_ in tables.items()}
    return {name: tables[name] for table in TABLES for name in tables if tables[name].table == table}, remaining


def _tables(matches: Mapping[str, Match], export: Export) -> Iterator[str]:
    """The table of which an export is a further file, if it is one."""
    best = by_tool.known(export) or max((as_table(export, table) for table in TABLES), key=lambda match: match.score)
    first = matches.get(best.table)
    if first is None or best.table not in TABLES_OF_SEVERAL or best.score < WORTH:
        return
    time = TABLES[best.table].time
    if not time or time not in best.columns or best.columns[time].sure == "guess":
        return
    sold = best.columns.get("amount")
    if best.table == "transactions" and (sold is None or sold.sure == "guess" or _related(first, best)):
        return
    yield best.table


def _doubt(first: Match, further_match: Match) -> str:
    """The question to answer before the rows of a further file count beside those of the first."""
    if further_match.table == "responses" or (
        "kind" in further_match.columns and further_match.columns["kind"].entry and not _related(first, further_match)
    ):
        return ""
    further_rows = f"{further_match.table} of {further_match.export}"
    return f"are the {further_rows} others than those of {first.export}, and no second record of them?"


def _related(first: Match, further_match: Match) -> bool:
    """Whether rows of one file name rows of the other: then they are no rows of their own."""
    key = TABLES[first.table].key
    ours, theirs = (match.columns.get(key or "") for match in (first, further_match))
    pairs = [(ours, further_match), (theirs, first)]
    return any(mapped and _names_rows(mapped.column, match) for mapped, match in pairs)


def _names_rows(key: Column, match: Match) -> bool:
    columns = [column for column in match.export.columns if _may_name(column)]
    return any(len(key.values) and _overlap(column, key) > ALIKE for column in columns)


def _may_name(column: Column) -> bool:
    things = words.meaning(column.name).things
    return bool(column.filled) and "customer" not in things and bool(things & {"id", "ticket", "order", "contact"})


def _overlap(some: Column, compared: Column) -> float:
    values = some.values
    return float(np.asarray(pc.is_in(values, compared.values)).mean()) if len(values) else 0.0


def _named(match: Match) -> Match:
    """A file with what its name, or that of its key, says of all rows: a file of complaints holds complaints."""
    columns = dict(match.columns)
    kind = _kind(match) if match.table == "contacts" else None
    if kind and ("kind" not in columns or columns["kind"].sure == "guess"):
        constant = Column.of(str(match.export), [pa.array([kind] * match.export.rows)])
        columns["kind"] = Mapped(constant, 0.9, "the name of the file or of its key says so", entry={"value": kind})
    return replace(match, columns={name: columns[name] for name in TABLES[match.table].columns if name in columns})


def _kind(match: Match) -> str | None:
    """The kind of which names speak, if they speak of one."""
    key = match.columns.get("contact_id")
    names = [words.folded(name) for name in (*match.export.files, *([key.column.name] if key else []))]
    kinds = {
        ours
        for ours, phrases in words.dictionary()["values"]["kind"].items()
        if any(_speak(names, phrase) for phrase in phrases)
    }
    return kinds.pop() if len(kinds) == 1 and kinds <= KINDS else None


def _speak(names: Sequence[str], phrase: str) -> bool:
    word = words.folded(phrase)
    return any(f" {word} " in f" {name} " or f" {word}s " in f" {name} " for name in names)
