"""A column of an export under its contract name, and an export as a table of such columns."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from carestudy.recognise.column import Column
from carestudy.recognise.folder import Export
from carestudy.recognise.known_tools import Form
from carestudy.recognise.surveys import Question

SURE, LIKELY = 0.93, 0.75
LEAST = 0.55
OPERANDS = re.compile(r"`([^`]+)`|([^\W\d]\w*)")


@dataclass(frozen=True)
class Mapped:
    """A column of an export under its contract name, how well it fits, and why."""

    column: Column
    fit: float
    why: str
    ask: bool = False  # whether it may be this only if somebody says so
    again: bool = False  # whether another table asks the same
    entry: Any = None  # what care.toml says where that is more than the header: an expression, a list or a table

    @property
    def headers(self) -> list[str]:
        """The headers that it reads."""
        return [self.column.name, *headers_of(self.entry)]

    @property
    def holds_itself(self) -> bool:
        """Whether its cells are values of the contract's column, and not a duration, a constant or operands."""
        if isinstance(self.entry, Mapping):
            return "column" in self.entry and not {"after", "before", "relative_to"} & set(self.entry)
        return not isinstance(self.entry, str)

    @property
    def sure(self) -> str:
        """In one word, how sure that is."""
        if self.ask or self.fit < LIKELY:
            return "guess"
        return "sure" if self.fit >= SURE else "likely"


@dataclass(frozen=True)
class Condition:
    """The words of a column that a row must hold to be a row of the table, and whether that is a question.

    ``others`` are the words of rows that are none.
    """

    header: str
    words: tuple[str, ...]
    why: str
    ask: bool = False
    others: tuple[str, ...] = ()

    @property
    def sure(self) -> str:
        """In one word, how sure that is."""
        return "guess" if self.ask else "likely"

    @property
    def entry(self) -> dict[str, list[str]]:
        """What care.toml says under ``where``."""
        return {self.header: list(self.words)}

    @property
    def rest(self) -> dict[str, list[str]]:
        """What care.toml says under ``left_out``."""
        return {self.header: list(self.others)} if self.others else {}


@dataclass(frozen=True)
class Match:
    """An export as a table: its columns under the contract's names, and the questions of a survey."""

    export: Export
    table: str
    columns: Mapping[str, Mapped]
    questions: tuple[Question, ...] = ()
    score: float = field(default=0.0, compare=False)
    sum_by: str | None = None  # the column of ours whose equal cells are one row
    once: bool = False  # whether the key repeats, and each row of it says the same of what counts
    doubt: str = ""  # the question on which the whole of it waits
    where: Condition | None = None  # the rows that are rows of the table, where not all are
    elsewhere: frozenset[str] = frozenset()  # the headers of columns that another table reads
    asked: tuple[str, ...] = ()
    noted: tuple[str, ...] = ()
    form: Form | None = field(default=None, compare=False)  # the form of the tool that wrote the export, if known

    @cached_property
    def rest(self) -> list[Column]:
        """The columns that stay as they are."""
        taken = {header for used in self.columns.values() for header in used.headers}
        taken |= {used.column.name for used in self.questions}
        return [column for column in self.export.columns if column.name not in taken]

    @property
    def sure(self) -> str:
        """In one word, how sure it is that the export is this table."""
        return "sure" if self.score >= 2 else "likely" if self.score >= 0.85 else "guess"


def headers_of(entry: Any) -> list[str]:
    """The headers that an entry of care.toml names.

    >>> headers_of({"column": "End", "where": {"Status": ["Done"]}}), headers_of("`Unit price` * Quantity")
    (['End', 'Status'], ['Unit price', 'Quantity'])
    """
    if isinstance(entry, Mapping):
        return [*([entry["column"]] if "column" in entry else []), *entry.get("where", {})]
    if isinstance(entry, str):
        return [quoted or bare for quoted, bare in OPERANDS.findall(entry)]
    return list(entry or ())
