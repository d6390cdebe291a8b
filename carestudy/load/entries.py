"""The forms that an entry of ``columns`` may have, and which of them a line of care.toml is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import and_
from typing import Any

from carestudy import engine
from carestudy.contract import CareError, Type
from carestudy.load import times, vocabulary
from carestudy.load.digits import only_if
from carestudy.load.entry import Column, Entry, Reading, text
from carestudy.load.header_entries import Written
from carestudy.load.mapping import known
from carestudy.load.plain_names import Headers, plain

WHERE = "where"
SUCH = '"Mã KH", { value = "complaint" } or { column = "Kết thúc", where = { "Trạng thái" = ["Xong"] } }'


@dataclass(frozen=True)
class Constant(Entry):
    """The same value in every row."""

    wants = frozenset({"value"})
    value: str

    @classmethod
    def of(cls, written: Mapping[str, Any], where: str) -> Entry:
        """A text, day, number or flag."""
        value = written["value"]
        if isinstance(value, bool):
            return cls(str(value).lower())
        if isinstance(value, float):
            return cls(f"{value:.14e}")
        if isinstance(value, int | date):
            return cls(str(value))
        return cls(text(written, "value", where))

    @property
    def shown(self) -> str:
        """The value."""
        return f"= {self.value}"

    def cells(self, table: Any) -> engine.Value:  # noqa: ARG002
        """The value, which no column holds."""
        return engine.literal(self.value)


@dataclass(frozen=True)
class Cell(Entry):
    """A column that is named in a TOML table, because more is said of it there."""

    wants = frozenset({"column"})

    @classmethod
    def of(cls, written: Mapping[str, Any], where: str) -> Entry:
        """What the same text would be by itself."""
        return Written(text(written, "column", where))


@dataclass(frozen=True)
class Where(Entry):
    """Another entry in the rows whose other columns hold one of some words; nothing in other rows."""

    entry: Entry
    words: Mapping[str, tuple[str, ...]]

    @property
    def shown(self) -> str:
        """The entry with its condition."""
        conditions = " and ".join(f"{name} is {' or '.join(words)}" for name, words in self.words.items())
        return f"{self.entry.shown} where {conditions}"

    @property
    def names(self) -> tuple[str, ...]:
        """The headers of the entry, and those of the condition."""
        return (*self.entry.names, *self.words)

    @property
    def conditions(self) -> Mapping[str, tuple[str, ...]]:
        """The words by header."""
        return self.words

    @property
    def needs(self) -> tuple[str, ...]:
        """What the entry needs."""
        return self.entry.needs

    def resolved(self, headers: Headers, kind: Type | None) -> Entry:
        """The same with all its headers looked up."""
        words = {headers.named(name, self.shown): words for name, words in self.words.items()}
        return Where(self.entry.resolved(headers, kind), words)

    def cells(self, table: Any) -> Any:
        """The entry's cells in the rows that fit."""
        fits = [vocabulary.holds(table[name], words) for name, words in self.words.items()]
        return only_if(reduce(and_, fits), self.entry.cells(table))

    def read(self, cells: Any, column: Column) -> Reading:
        """As the entry reads them."""
        return self.entry.read(cells, column)


# A further form is a class here: its ``wants`` tell it from the others, its ``of`` reads what it says.
FORMS: tuple[type[Entry], ...] = (Constant, Cell, *times.FORMS)


def entry(written: Any, where: str) -> Entry:
    """What one line of ``columns`` says; what follows no form is refused.

    >>> entry({"value": "complaint"}, "care.toml [contacts] columns: kind").shown
    '= complaint'
    """
    if isinstance(written, str):
        return Written(written)
    if isinstance(written, list):
        return times.joined(written, where)
    if not isinstance(written, Mapping) or not written:
        raise CareError(f"{where} must be like {SUCH}")
    entry_keys = {key: value for key, value in written.items() if key != WHERE}
    fitting = [form for form in FORMS if form.wants <= entry_keys.keys()]
    if not fitting:
        for key in entry_keys:
            known(key, sorted({key for form in FORMS for key in form.wants | form.may} | {WHERE}), where)
        raise CareError(f"{where} must be like {SUCH}")
    form = max(fitting, key=lambda one: len(one.wants))
    for key in entry_keys:
        known(key, sorted(form.wants | form.may | {WHERE}), where)
    parsed = form.of(entry_keys, where)
    return Where(parsed, words(written[WHERE], where)) if WHERE in written else parsed


def words(written: Any, where: str, key: str = WHERE) -> dict[str, tuple[str, ...]]:
    """The words that a condition lists for each column, as they are compared."""
    complaint = f'{where}: {key} is like {{ "Trạng thái" = ["Thành công"] }}'
    if not isinstance(written, Mapping) or not written:
        raise CareError(complaint)
    words_by_column = {}
    for name, listed_words in written.items():
        several = listed_words if isinstance(listed_words, list) else [listed_words]
        if not several or not all(isinstance(word, str | bool | int | float) for word in several):
            raise CareError(complaint)
        words_by_column[name] = tuple(
            plain(str(word).lower() if isinstance(word, bool) else str(word)) for word in several
        )
    return words_by_column


def filled(value: Any, year: str) -> Any:
    """An entry, or what it is made of, with a year in place of ``{year}``."""
    if isinstance(value, str):
        return value.replace("{year}", year)
    if isinstance(value, tuple):
        return tuple(filled(item, year) for item in value)
    if isinstance(value, Mapping):
        return {filled(name, year): filled(item, year) for name, item in value.items()}
    if isinstance(value, Entry):
        return type(value)(**{name: filled(item, year) for name, item in vars(value).items()})
    return value
