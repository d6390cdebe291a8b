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
        said = written["value"]
        if isinstance(said, bool):
            return cls(str(said).lower())
        if isinstance(said, float):
            return cls(f"{said:.14e}")
        if isinstance(said, int | date):
            return cls(str(said))
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
        said = " and ".join(f"{name} is {' or '.join(words)}" for name, words in self.words.items())
        return f"{self.entry.shown} where {said}"

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
    rest = {key: said for key, said in written.items() if key != WHERE}
    fitting = [form for form in FORMS if form.wants <= rest.keys()]
    if not fitting:
        for key in rest:
            known(key, sorted({key for form in FORMS for key in form.wants | form.may} | {WHERE}), where)
        raise CareError(f"{where} must be like {SUCH}")
    form = max(fitting, key=lambda one: len(one.wants))
    for key in rest:
        known(key, sorted(form.wants | form.may | {WHERE}), where)
    found = form.of(rest, where)
    return Where(found, words(written[WHERE], where)) if WHERE in written else found


def words(written: Any, where: str, key: str = WHERE) -> dict[str, tuple[str, ...]]:
    """The words that a condition lists for each column, as they are compared."""
    such = f'{where}: {key} is like {{ "Trạng thái" = ["Thành công"] }}'
    if not isinstance(written, Mapping) or not written:
        raise CareError(such)
    found = {}
    for name, said in written.items():
        several = said if isinstance(said, list) else [said]
        if not several or not all(isinstance(one, str | bool | int | float) for one in several):
            raise CareError(such)
        found[name] = tuple(plain(str(one).lower() if isinstance(one, bool) else str(one)) for one in several)
    return found


def filled(said: Any, year: str) -> Any:
    """An entry, or what it is made of, with a year in place of ``{year}``."""
    if isinstance(said, str):
        return said.replace("{year}", year)
    if isinstance(said, tuple):
        return tuple(filled(one, year) for one in said)
    if isinstance(said, Mapping):
        return {filled(name, year): filled(one, year) for name, one in said.items()}
    if isinstance(said, Entry):
        return type(said)(**{name: filled(one, year) for name, one in vars(said).items()})
    return said
