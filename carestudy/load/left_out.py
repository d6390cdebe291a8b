"""The words for which ``where`` in care.toml leaves out rows: what they are, and which of them are new."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from math import prod
from typing import Any

from carestudy import engine
from carestudy.care import LeftOut, LeftOutWord
from carestudy.load import checks, melt, typed, vocabulary
from carestudy.load.checks import Frame
from carestudy.load.mapping import FILE
from carestudy.load.plain_names import LINE, OURS, OWN, Headers, plain
from carestudy.load.raw import Mapped
from carestudy.load.unmet import FEW, names_a_kind
from carestudy.load.wanted import Conditions, Excluded
from carestudy.measure.recorded_days import time_of

WORD, WRITTEN, COLUMN = f"{OURS}word", f"{OURS}written", f"{OURS}column"
LEAST = 3  # rows of a new word; fewer may be slips
CHANCE = 1e-3  # that all rows of a word lie so late by accident


def with_words(conditions: Conditions, frame: Frame, used: Any, *, is_typed: bool) -> Conditions:
    """The conditions of a table with the words for which they leave out rows; ``used`` are the rows that count."""
    counts = [_counted(excluded, frame, used, is_typed=is_typed) for excluded in conditions.excluded]
    return replace(conditions, left_out=tuple(counts))


def _counted(excluded: Excluded, frame: Frame, used: Any, *, is_typed: bool) -> LeftOut:
    """The count of one file with its words; those beyond a few, and those that may tell of people, without a name."""
    if not excluded.count.rows:
        return excluded.count
    labelled = _labelled(excluded)
    dated = _dated(replace(excluded.rows, table=labelled), frame, is_typed=is_typed)
    groups = (labelled if dated is None else dated).group_by([COLUMN, WORD])
    first = {} if dated is None else {"first": dated[time_of(frame.contract.name)].min().cast("date")}
    counted = groups.aggregate(rows=lambda some: some.count(), written=lambda some: some[WRITTEN].min(), **first)
    found = counted.order_by([engine.descending("rows"), WORD]).to_pyarrow().to_pylist()
    stated = {plain(name): words for name, words in excluded.rows.source.left_out.items()}
    late = {} if stated else _late(found, used, time_of(frame.contract.name))
    names = list(excluded.rows.source.where)
    words = [
        LeftOutWord(
            names[row[COLUMN]], _shown(row), row["rows"],
            stated=row[WORD] in stated.get(plain(names[row[COLUMN]]), ()),
            new=bool(row[WORD]) and (late.get(number, False) if not stated else True),
        )
        for number, row in enumerate(found)
    ]  # fmt: skip
    words = [replace(word, new=word.new and not word.stated) for word in words]
    return replace(excluded.count, words=tuple(words) if len(words) <= FEW else _together(words))


def _labelled(excluded: Excluded) -> engine.Table:
    """The rows that are left out, each with the first word that does not fit, and the number of its column."""
    table = excluded.rows.table
    misses = [~vocabulary.holds(table[column], words) for column, words in excluded.columns.items()]
    cells = [table[column] for column in excluded.columns]
    several = range(len(cells))
    return table.mutate(**{
        COLUMN: engine.cases(*((misses[n], n) for n in several), else_=0),
        WORD: engine.cases(*((misses[n], vocabulary.undated(vocabulary.as_word(cells[n]))) for n in several), else_=""),
        WRITTEN: engine.cases(*((misses[n], vocabulary.as_written(cells[n])) for n in several), else_=""),
    })  # fmt: skip


def _dated(excluded: Mapped, frame: Frame, *, is_typed: bool) -> Any:
    """The rows with their moments read; None where no column holds these as it stands."""
    time, table = time_of(frame.contract.name), excluded.table
    labels = {WORD: table[WORD], WRITTEN: table[WRITTEN], COLUMN: table[COLUMN]}
    header_names = {plain(name): name for name in table.columns if name not in (*OWN, *labels)}
    headers = Headers(header_names, f"{FILE} [{frame.contract.name}] columns: {time}")
    entry = excluded.source.columns.get(time)
    if entry is None and not headers.has(time):
        return None
    if melt.by_year(excluded.source) or (entry is not None and entry.needs):
        return None
    resolved = entry.resolved(headers, frame.contract.columns[time]) if entry is not None else None
    cells = resolved.cells(table) if resolved is not None else table[headers.named(time)]
    source = replace(excluded.source, columns={time: resolved} if resolved is not None else {})
    rows = table.select(**{time: cells, LINE: table[LINE], **labels})
    read = typed.parsed if is_typed else checks.parsed
    return read(rows, replace(frame, source=source))


def _shown(row: Mapping[str, Any]) -> str:
    """A word as it is written, with a mark in place of a day; empty where it may tell of a person."""
    written = row[WORD] if vocabulary.DATE in row[WORD] else row["written"]
    return str(written) if row[WORD] and names_a_kind(written, row["rows"]) else ""


def _late(groups: Sequence[Mapping[str, Any]], used: engine.Table, time: str) -> dict[int, bool]:
    """Whether the rows of each word begin later than chance explains, by the number of the word."""
    firsts = {number: row["first"] for number, row in enumerate(groups[:FEW]) if row.get("first")}
    if not firsts or time not in used.columns:
        return {}
    since = {f"n{number}": used.count(where=used[time] >= _moment(first)) for number, first in firsts.items()}
    (counts,) = used.aggregate(rows=used.count(), **since).to_pyarrow().to_pylist()
    return {number: _is_late(groups[number]["rows"], counts[f"n{number}"], counts["rows"]) for number in firsts}


def _is_late(rows: int, since: int, of: int) -> bool:
    """Whether so many rows of one word hardly ever all lie among the last ones by accident."""
    last, every = since + rows, of + rows
    return rows >= LEAST and prod((last - n) / (every - n) for n in range(rows)) < CHANCE


def _moment(day: date) -> engine.Value:
    return engine.literal(day.isoformat()).cast("timestamp")


def _together(words: Sequence[LeftOutWord]) -> tuple[LeftOutWord, ...]:
    """More than a few words of a column as one count without a name: they are no kinds of rows."""
    rows_by_key: dict[tuple[str, bool], int] = {}
    for word in words:
        key = (word.column, word.stated)
        rows_by_key[key] = rows_by_key.get(key, 0) + word.rows
    return tuple(LeftOutWord(column, "", rows, stated=stated) for (column, stated), rows in rows_by_key.items())
