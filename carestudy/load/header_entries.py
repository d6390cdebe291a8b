"""Entries that are a text: the header of a column, or arithmetic over several."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import reduce
from operator import or_
from typing import Any

from carestudy import engine
from carestudy.contract import CareError, Type
from carestudy.load import digits, parse
from carestudy.load.entry import Column, Entry, Reading, as_written
from carestudy.load.formulas import EXACT, NoFormula, formula, is_formula
from carestudy.load.plain_names import Headers

SIGN = re.compile("[-+*/−×÷(]")
COMPUTED: tuple[Type, ...] = ("money", "number", "integer")


@dataclass(frozen=True)
class Written(Entry):
    """A text whose meaning the data tell: a header if there is one that is called so, else a formula."""

    written: str

    @property
    def shown(self) -> str:
        """The text."""
        return self.written

    @property
    def names(self) -> tuple[str, ...]:
        """The header, and the names in the formula that it might be."""
        return (self.written, *(formula(self.written).names if is_formula(self.written) else ()))

    def resolved(self, headers: Headers, kind: Type | None) -> Entry:
        """A header, or a formula for a column of numbers."""
        if headers.has(self.written) or kind not in COMPUTED or not SIGN.search(self.written):
            return Header(self.written, headers.named(self.written))
        try:
            names = formula(self.written).names
        except NoFormula as slip:
            raise CareError(f"{headers.where}: no column is called so, and it is no arithmetic: {slip}") from None
        if not any(map(headers.has, names)):
            headers.named(self.written)
        return Computed(self.written, {name: headers.named(name, self.written) for name in names})


@dataclass(frozen=True)
class Header(Entry):
    """A column of the data."""

    written: str
    header: str

    @property
    def shown(self) -> str:
        """The header as care.toml writes it."""
        return self.written

    @property
    def names(self) -> tuple[str, ...]:
        """The header."""
        return (self.written,)

    @property
    def takes(self) -> tuple[str, ...]:
        """The column stands under its contract name only."""
        return (self.header,)

    @property
    def as_it_stands(self) -> bool:
        """It is."""
        return True

    def cells(self, table: Any) -> Any:
        """The column."""
        return table[self.header]


@dataclass(frozen=True)
class Computed(Entry):
    """Arithmetic over columns; an empty cell makes the result empty, and so does a division by zero."""

    written: str
    headers: Mapping[str, str]

    @property
    def shown(self) -> str:
        """The formula."""
        return self.written

    @property
    def names(self) -> tuple[str, ...]:
        """The columns in it."""
        return tuple(self.headers)

    def cells(self, table: Any) -> engine.Value:
        """The cells that it is computed from."""
        return engine.struct({f"f{index}": table[header] for index, header in enumerate(self.headers.values())})

    def read(self, cells: Any, column: Column) -> Reading:
        """The results; one of which an operand cannot be read cannot be read itself."""
        currency, values, unread, foreign = column.forms.settings.currency, {}, [], []
        for index, name in enumerate(self.headers):
            operand = cells[f"f{index}"]
            operand = parse.clean(operand) if operand.type().is_string() else operand
            is_present = parse.present(operand, column.forms)
            values[name] = digits.operand(operand, column.number_form(name), currency)
            unread.append(is_present & values[name].isnull())
            if operand.type().is_string():
                foreign.append(unread[-1] & digits.foreign(operand, currency))
        result = parse.printf(EXACT, formula(self.written).compute(values))
        plain = replace(column, forms=replace(column.forms, numbers=None))
        read = as_written(result, plain)
        faults = [*unread, *([read.unread] if read.unread is not None else [])]
        is_foreign = reduce(or_, foreign).fill_null(False) if foreign else None  # noqa: FBT003
        remainder = digits.remainder(result, read.value, currency) if column.kind == "money" else None
        is_present = reduce(or_, (fault.fill_null(False) for fault in faults))  # noqa: FBT003
        return Reading(read.value, is_present, is_foreign, remainder)
