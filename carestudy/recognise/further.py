"""Several files of one table, each with columns of its own: calls and complaints are both contacts."""

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
    """The tables with their further files, under names such as ``contacts 2``, and what is left."""
    found = dict(matches)
    rest: Left = []
    for export, why in left:
        name = next((name for name in _tables(found, export)), None)
        if name is None:
            rest.append((export, why))
            continue
        number = 1 + sum(one.table == name for one in found.values())
        match = _named(by_tool.known(export) or as_table(export, name))
        found[f"{name} {number}"] = replace(match, doubt=_doubt(found[name], match))
    found = {name: _named(one) for name, one in found.items()}
    return {name: found[name] for table in TABLES for name in found if found[name].table == table}, rest


def _tables(found: Mapping[str, Match], export: Export) -> Iterator[str]:
    """The table of which an export is a further file, if it is one."""
    best = by_tool.known(export) or max((as_table(export, table) for table in TABLES), key=lambda match: match.score)
    first = found.get(best.table)
    if first is None or best.table not in TABLES_OF_SEVERAL or best.score < WORTH:
        return
    time = TABLES[best.table].time
    if not time or time not in best.columns or best.columns[time].sure == "guess":
        return
    sold = best.columns.get("amount")
    if best.table == "transactions" and (sold is None or sold.sure == "guess" or _related(first, best)):
        return
    yield best.table


def _doubt(first: Match, other: Match) -> str:
    """What has to be known before the rows of a further file count beside those of the first."""
    if other.table == "responses" or (
        "kind" in other.columns and other.columns["kind"].entry and not _related(first, other)
    ):
        return ""
    return f"are the {other.table} of {other.export} others than those of {first.export}, and no second record of them?"


def _related(first: Match, other: Match) -> bool:
    """Whether rows of one file name rows of the other: then they are no rows of their own."""
    key = TABLES[first.table].key
    ours, theirs = (match.columns.get(key or "") for match in (first, other))
    pairs = [(ours, other), (theirs, first)]
    return any(mapped and _names_rows(mapped.column, match) for mapped, match in pairs)


def _names_rows(key: Column, match: Match) -> bool:
    columns = [column for column in match.export.columns if _may_name(column)]
    return any(len(key.values) and _overlap(column, key) > ALIKE for column in columns)


def _may_name(column: Column) -> bool:
    things = words.meaning(column.name).things
    return bool(column.filled) and "customer" not in things and bool(things & {"id", "ticket", "order", "contact"})


def _overlap(some: Column, others: Column) -> float:
    values = some.values
    return float(np.asarray(pc.is_in(values, others.values)).mean()) if len(values) else 0.0


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
    said = [words.folded(name) for name in (*match.export.files, *([key.column.name] if key else []))]
    found = {
        ours
        for ours, phrases in words.dictionary()["values"]["kind"].items()
        if any(_speak(said, one) for one in phrases)
    }
    return found.pop() if len(found) == 1 and found <= KINDS else None


def _speak(said: Sequence[str], phrase: str) -> bool:
    word = words.folded(phrase)
    return any(f" {word} " in f" {one} " or f" {word}s " in f" {one} " for one in said)
