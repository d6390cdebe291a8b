"""What an entry of ``columns`` in care.toml is: which headers it needs, and how its column is built and read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from carestudy import engine
from carestudy.contract import CareError, Type
from carestudy.load import digits, lengths, parse
from carestudy.load.mapping import FILE
from carestudy.load.parse import Forms
from carestudy.load.plain_names import Headers, plain


@dataclass(frozen=True)
class Column:
    """A column of the contract that is being read: its type, the forms of its text, and what was read before it.

    ``numbers`` are the forms that care.toml states by the names of headers.
    """

    name: str
    kind: Type
    forms: Forms
    numbers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    parsed: Mapping[str, Any] = field(default_factory=dict)

    def number_form(self, header: str) -> str | None:
        """How the numbers of one header are written: as care.toml says of it, else as of the column."""
        forms_by_name = {plain(name): forms for name, forms in self.numbers.items() if name}
        found = forms_by_name.get(plain(header))
        return found[0] if found else self.forms.numbers


@dataclass(frozen=True)
class Reading:
    """What was read: the values, and of each cell whether it says something that cannot be read, or other money.

    ``remainder`` is what rounding took from computed amounts, so that a sum of them rounds once.
    """

    value: Any
    unread: Any = None
    foreign: Any = None
    remainder: Any = None


class Entry:
    """One form in which care.toml says what a column is; the forms are listed in ``entries.FORMS``.

    A form is a frozen dataclass. Its strings may hold ``{year}``, which ``melt`` fills in. The door calls, in this
    order: ``resolved`` (look its headers up), ``cells`` (its raw cells, one expression: several columns travel as one
    struct), and ``read`` (the values, after the columns that it ``needs`` were read).
    """

    wants: ClassVar[frozenset[str]] = frozenset()  # keys that make a TOML table this form
    may: ClassVar[frozenset[str]] = frozenset()  # further keys that it may have

    @classmethod
    def of(cls, written: Mapping[str, Any], where: str) -> Entry:
        """The entry that a TOML table of known keys says; an error about a value of it begins with ``where``."""
        raise NotImplementedError

    @property
    def shown(self) -> str:
        """The entry as care.toml says it, for messages and the page of the check."""
        raise NotImplementedError

    @property
    def names(self) -> tuple[str, ...]:
        """The headers that it names, as they are written."""
        return ()

    @property
    def conditions(self) -> Mapping[str, tuple[str, ...]]:
        """The words, by header, one of which a row must hold for the entry to say anything of it."""
        return {}

    @property
    def as_it_stands(self) -> bool:
        """Whether it is a column of the data as it stands there."""
        return False

    @property
    def needs(self) -> tuple[str, ...]:
        """The columns of the contract whose values it is computed from."""
        return ()

    @property
    def takes(self) -> tuple[str, ...]:
        """The columns of the data that stand under no name of their own any more."""
        return ()

    def resolved(self, headers: Headers, kind: Type | None) -> Entry:  # noqa: ARG002
        """The same with its headers looked up in the data; ``kind`` is None for columns beyond the contract."""
        return self

    def cells(self, table: Any) -> Any:
        """Its raw cells, from the raw table."""
        raise NotImplementedError

    def read(self, cells: Any, column: Column) -> Reading:
        """The values of its cells, and which of them cannot be read."""
        return as_written(cells, column)


def as_written(cells: engine.Value, column: Column) -> Reading:
    """Cells read by the rules of the contract and the forms that care.toml states."""
    if column.name in lengths.IN_SECONDS:
        value = lengths.seconds(cells, "seconds", column.forms)
    else:
        value = parse.parsed(cells, column.kind, column.forms)
    if parse.certain(cells, column.kind):
        return Reading(value)
    unread = parse.present(cells, column.forms) & value.isnull()
    if column.kind == "money" and cells.type().is_string():
        return Reading(value, unread, unread & digits.foreign(parse.clean(cells), column.forms.settings.currency))
    return Reading(value, unread)


def in_order(columns: Iterable[str], entries: Mapping[str, Entry]) -> list[str]:
    """The columns in an order in which each comes after those that it needs."""
    waiting, ordered = list(columns), list[str]()
    while waiting:
        ready = [c for c in waiting if c not in entries or not set(entries[c].needs) & {*waiting} - {c}]
        if not ready:
            raise CareError(f"{FILE}: {' and '.join(waiting)} are computed from each other")
        ordered += ready
        waiting = [column for column in waiting if column not in ready]
    return ordered


def text(written: Mapping[str, Any], key: str, where: str) -> str:
    """The text of a key; raises ``CareError`` where it is no text."""
    value = written[key]
    if not isinstance(value, str) or not value.strip():
        raise CareError(f'{where}: {key} must be text in quotes, such as {key} = "..."')
    return value
