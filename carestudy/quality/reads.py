"""Which tables, columns and words each figure reads, told from its definition over tables without rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from carestudy import engine
from carestudy.care import Care
from carestudy.contract import Missing
from carestudy.kpi import ALL

Place = tuple[str, str]  # a table and a column


@dataclass(frozen=True)
class Reads:
    """What each figure that the data allow stands on, by its id."""

    tables: Mapping[str, frozenset[str]]
    columns: Mapping[str, frozenset[Place]]
    words: Mapping[str, frozenset[tuple[str, str, str]]]

    def table(self, name: str) -> tuple[str, ...]:
        """The figures that read a table."""
        return tuple(kpi for kpi, tables in self.tables.items() if name in tables)

    def column(self, name: str, column: str) -> tuple[str, ...]:
        """The figures that read a column."""
        return tuple(kpi for kpi, places in self.columns.items() if (name, column) in places)

    def touched(self, name: str, column: str) -> tuple[str, ...]:
        """The figures that a column touches: those that read it, or all that can be grouped by it."""
        return self.column(name, column) or self.table(name)

    def word(self, name: str, column: str, word: str) -> tuple[str, ...]:
        """The figures that look for a word in a column."""
        return tuple(kpi for kpi, words in self.words.items() if (name, column, word) in words)

    def sought(self, name: str, column: str) -> tuple[str, ...]:
        """The words that figures look for in a column."""
        words_sought = {
            word for words in self.words.values() for *read_place, word in words if read_place == [name, column]
        }
        return tuple(sorted(words_sought))


def reads(care: Care) -> Reads:
    """What the figures read that these data allow; no query is run."""
    bare = replace(
        care,
        tables={name: engine.without_rows(table_of_data, name) for name, table_of_data in care.tables.items()},
    )
    tables: dict[str, frozenset[str]] = {}
    columns: dict[str, frozenset[Place]] = {}
    words: dict[str, frozenset[tuple[str, str, str]]] = {}
    for kpi in ALL.values():
        try:
            needs = kpi.needs(bare)
        except Missing:
            continue
        reading = engine.reading(needs.expressions)
        columns[kpi.id], words[kpi.id] = reading.columns, reading.words
        tables[kpi.id] = frozenset(needs.tables) | {table for table, _ in columns[kpi.id]}
    return Reads(tables, columns, words)
