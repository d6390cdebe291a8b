"""The data contract: the tables and columns that carestudy knows, and the errors that name a missing one."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from typing import Any, Literal

Type = Literal["text", "date", "time", "money", "number", "integer", "flag"]


LONGEST_MESSAGE = 2000  # bytes
LONGEST_NAME = 60  # letters
LONG_NAME = re.compile(r"""(?<=')[^']{80,}(?=')|(?<=")[^"]{80,}(?=")|[^\s'"]{120,}""")
LISTED = 12  # names in a list


class CareError(Exception):
    """An error that a user can mend; its message is one readable line of at most 2,000 bytes, without personal data."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*(shortened(argument) if isinstance(argument, str) else argument for argument in args))

    def __reduce__(self) -> tuple[Any, ...]:
        # Its parts go with it: narrower errors write their message from parts, and are not made anew from the message.
        return _error, (type(self), self.args, dict(vars(self)))


def _error(kind: type[CareError], args: tuple[Any, ...], parts: Mapping[str, Any]) -> CareError:
    error = kind.__new__(kind, *args)
    error.args = args
    vars(error).update(parts)
    return error


def listed(names: Iterable[str]) -> str:
    """Join names with commas: at most the first twelve, then how many more there are; long names are cut.

    >>> listed(f"a{n}" for n in range(49))
    'a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11 and 37 more'
    """
    all_names = list(names)
    shown = ", ".join(
        name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1] + "…" for name in all_names[:LISTED]
    )
    return shown if len(all_names) <= LISTED else f"{shown} and {len(all_names) - LISTED} more"


def shortened(message: str) -> str:
    """A message of at most 2,000 bytes: its long names are cut, then its list, then its middle.

    >>> shortened("no sheet of " + ", ".join(f"sheet {n}" for n in range(900)) + ": say which")[-53:]
    'sheet 10, sheet 11 … (887 more), sheet 899: say which'
    """
    if len(message.encode()) <= LONGEST_MESSAGE:
        return message
    short = LONG_NAME.sub(lambda match: match[0][: LONGEST_NAME - 1] + "…", message)
    items = short.split(", ")
    if len(short.encode()) > LONGEST_MESSAGE and len(items) > LISTED + 1:
        short = f"{', '.join(items[:LISTED])} … ({len(items) - LISTED - 1} more), {items[-1]}"
    half = LONGEST_MESSAGE // 8  # a letter has four bytes at most
    return short if len(short.encode()) <= LONGEST_MESSAGE else f"{short[:half]} … {short[-half:]}"


class Reason(str):
    """Why there is no figure: an English sentence that knows its message and values, to be written in any language."""

    message: str
    values: Mapping[str, Any]

    def __new__(cls, message: str, /, **values: Any) -> Reason:
        """Format the sentence with its values."""
        reason = super().__new__(cls, message.format(**values) if values else message)
        reason.message, reason.values = message, values
        return reason

    def __reduce__(self) -> tuple[Any, ...]:
        return _reason, (self.message, dict(self.values))


def _reason(message: str, values: Mapping[str, Any]) -> Reason:
    return Reason(message, **values)


@dataclass(frozen=True)
class Column:
    """One column of the contract; columns.toml says what its facts mean."""

    type: Type
    label: str
    vi: str
    headers: tuple[str, ...]
    required: bool = False
    emptied: bool = False
    telling: bool = False
    group: bool = False
    personal: bool = False


@dataclass(frozen=True)
class Contract:
    """One table of the contract: its columns, its key, and the column that places a row in time."""

    name: str
    registry: Mapping[str, Column]
    key: str | None = None
    time: str | None = None

    @cached_property
    def columns(self) -> Mapping[str, Type]:
        """The types of the columns."""
        return {name: column.type for name, column in self.registry.items()}


def _contract(name: str, table: Mapping[str, Any]) -> Contract:
    registry = {
        column: Column(**{**facts, "headers": tuple(facts["headers"])}) for column, facts in table["columns"].items()
    }
    return Contract(name, registry, table.get("key"), table.get("time"))


TABLES: dict[str, Contract] = {
    name: _contract(name, table)
    for name, table in tomllib.loads(files("carestudy").joinpath("columns.toml").read_text("utf-8")).items()
}


def columns_that(holds: Callable[[Column], bool]) -> tuple[str, ...]:
    """The names of the columns, in any table, of which a fact holds.

    >>> columns_that(lambda column: column.personal)
    ('owner', 'agent')
    """
    names = (name for table in TABLES.values() for name, column in table.registry.items() if holds(column))
    return tuple(dict.fromkeys(names))


class Missing(CareError):
    """A figure needs a table or a column that the data do not have."""

    def __init__(self, table: str, column: str | None = None, has: Iterable[str] = (), *, asked_by: str = "") -> None:
        self.table, self.column, self.asked_by = table, column, asked_by
        self.has = tuple(has)
        super().__init__(self._sentence())

    def for_figure(self, name: str) -> Missing:
        """The same error, naming the figure that asked."""
        return Missing(self.table, self.column, self.has, asked_by=name)

    def near(self, has: Iterable[str]) -> str | None:
        """The column whose name is a misspelling of the missing one; a column that the contract knows is never one.

        A merely similar name is not suggested: customer_city is not customer_id.
        """
        known_columns = TABLES[self.table].columns if self.table in TABLES else {}
        slips = {name: _slips(self.column or "", name) for name in has if name not in known_columns}
        near = min(slips, key=lambda name: slips[name], default=None)
        return near if near is not None and slips[near] <= max(1, len(self.column or "") // 4) else None

    def _sentence(self) -> str:
        figure = self.asked_by or "this figure"
        if self.column is None:
            return (
                f"{figure} needs table '{self.table}'; the data have {listed(self.has) or 'no table'}. "
                f"Add a file {self.table}.csv or {self.table}.parquet, or name one in care.toml: [{self.table}] source"
            )
        guess = self.near(self.has) or "your column"
        return (
            f"{figure} needs column '{self.column}'; {self.table} has {listed(self.has)}. "
            f'Map it in care.toml: [{self.table}] columns = {{ {self.column} = "{guess}" }}'
        )


class Premise(Missing):
    """The data have the column that a figure reads, but it does not meet an assumption of the figure.

    ``reason``, and ``mend`` where something can be done, are sentences with fields for ``table``, ``column`` and what
    else ``values`` hold; pages translate them.
    """

    def __init__(
        self, table: str, column: str, reason: str, mend: str = "", *, asked_by: str = "", **values: Any
    ) -> None:
        self.reason, self.mend = reason, mend
        self.values: dict[str, Any] = {"table": table, "column": column} | values
        super().__init__(table, column, asked_by=asked_by)

    def for_figure(self, name: str) -> Missing:
        """The same error, naming the figure."""
        values = {key: value for key, value in self.values.items() if key not in ("table", "column")}
        return Premise(self.table, str(self.column), self.reason, self.mend, asked_by=name, **values)

    def _sentence(self) -> str:
        figure = self.asked_by or "this figure"
        sentence = f"{figure} is not computed: {self.reason.format(**self.values)}"
        return f"{sentence}. {self.mend.format(**self.values)}" if self.mend else sentence


def _slips(wanted: str, written: str) -> int:
    """The edit distance of two names: letters that are wrong, missing, extra or swapped with the next.

    >>> _slips("score", "socre"), _slips("segment", "month"), _slips("customer_id", "customer_city")
    (1, 5, 3)
    """
    first, second = (name.casefold().replace(" ", "_") for name in (wanted, written))
    rows = [list(range(len(second) + 1))]
    for i, letter in enumerate(first, start=1):
        row = [i]
        for j, other_letter in enumerate(second, start=1):
            best = min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (letter != other_letter))
            if i > 1 and j > 1 and letter == second[j - 2] and first[i - 2] == other_letter:
                best = min(best, rows[-2][j - 2] + 1)
            row.append(best)
        rows.append(row)
    return rows[-1][-1]


class Refused(Premise):
    """A premise of a figure does not hold in these data: the figure would mislead. ``why`` is the premise."""

    def __init__(self, why: Reason, table: str, column: str | None = None, *, asked_by: str = "") -> None:
        self.why = why
        values = {name: value for name, value in why.values.items() if name not in ("table", "column")}
        super().__init__(table, column or "", why.message, asked_by=asked_by, **values)

    def for_figure(self, name: str) -> Refused:
        """The same error, naming the figure that asked."""
        return Refused(self.why, self.table, self.column, asked_by=name)

    def _sentence(self) -> str:
        return f"{self.asked_by or 'this figure'} cannot be told: {self.why}"


class Unable(CareError):
    """An engine has no way to compute a figure."""

    def __init__(self, engine: str, lacks: str, figure: str = "this figure") -> None:
        self.engine, self.lacks = engine, lacks
        super().__init__(
            f"{engine} cannot compute {figure}: it has no {lacks}; say in_memory = true in care.toml, or load the "
            "tables from files"
        )

    def for_figure(self, name: str) -> Unable:
        """The same error, naming the figure that asked."""
        return Unable(self.engine, self.lacks, name)
