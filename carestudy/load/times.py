"""Entries that tell a moment otherwise than by one cell: in two columns, by a length of time, or from another day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import reduce
from typing import Any

from carestudy import engine
from carestudy.contract import CareError, Type
from carestudy.load import ago, lengths, parse
from carestudy.load.digits import number, only_if
from carestudy.load.entry import Column, Entry, Reading, as_written, text
from carestudy.load.mapping import FILE, known
from carestudy.load.parse import HOUR
from carestudy.load.plain_names import Headers

MOMENTS: tuple[Type, ...] = ("date", "time")
CLOCKS = ("%H:%M", "%H:%M:%S", "%I:%M %p", "%I:%M:%S %p")
ISO_DAY = "%Y-%m-%d"
SPOKEN_CLOCK = (r"(?i)^(\d{1,2})\s*(?:h|g|giờ)\s*(\d{2})(?:\s*(?:p|phút))?$", r"\1:\2")
MIDNIGHT = r"[ T]00:00(?::00(?:\.0+)?)?$"


@dataclass(frozen=True)
class Joined(Entry):
    """The cells of several columns, with a space between them: a day and a clock, or a name in parts."""

    headers: tuple[str, ...]

    @property
    def shown(self) -> str:
        """The headers, as a sum."""
        return " + ".join(self.headers)

    @property
    def names(self) -> tuple[str, ...]:
        """The headers."""
        return self.headers

    def resolved(self, headers: Headers, kind: Type | None) -> Entry:  # noqa: ARG002
        """The same with its headers looked up."""
        return Joined(tuple(headers.named(name, self.shown) for name in self.headers))

    def cells(self, table: Any) -> engine.Value:
        """The cells side by side."""
        return engine.struct({f"f{index}": table[header] for index, header in enumerate(self.headers)})

    def read(self, cells: Any, column: Column) -> Reading:
        """What the joined cells say; a moment needs its day, and is a day where there is no clock."""
        cells_side_by_side = [cells[f"f{index}"] for index in range(len(self.headers))]
        if column.kind not in MOMENTS:
            return as_written(
                _joined([parse.plain(parse.as_text(cell), column.forms) for cell in cells_side_by_side]), column
            )
        day, *clocks = [_day_part(cells_side_by_side[0]), *(_clock_part(cell) for cell in cells_side_by_side[1:])]
        texts = [parse.plain(cell, column.forms) for cell in (day, *clocks)]
        return as_written(only_if(texts[0].notnull(), _joined(texts)), _with_clocks(column))


@dataclass(frozen=True)
class After(Entry):
    """A moment that is told by how long it came after another."""

    wants = frozenset({"after", "column"})
    may = frozenset({"unit"})
    after: str
    header: str
    unit: str | None = None

    @classmethod
    def of(cls, written: Mapping[str, Any], where: str) -> Entry:
        """The column that it comes after, the header of the lengths, and the unit of bare numbers."""
        return cls(text(written, "after", where), text(written, "column", where), _unit(written, lengths.UNITS, where))

    @property
    def shown(self) -> str:
        """The sum of a moment and a length."""
        return f"{self.after} + {self.header}" + (f" ({self.unit})" if self.unit else "")

    @property
    def names(self) -> tuple[str, ...]:
        """The header of the lengths."""
        return (self.header,)

    @property
    def needs(self) -> tuple[str, ...]:
        """The moment that it comes after."""
        return (self.after,)

    def resolved(self, headers: Headers, kind: Type | None) -> Entry:
        """The same with its header looked up."""
        _refuse_other(kind, headers)
        return After(self.after, headers.named(self.header, self.shown), self.unit)

    def cells(self, table: Any) -> Any:
        """The lengths."""
        return table[self.header]

    def read(self, cells: engine.Value, column: Column) -> Reading:
        """The moments; a length of which no unit is known cannot be read."""
        where = f"{FILE}: {column.name} = {self.shown}"
        if self.after not in column.parsed:
            raise CareError(f"{where}: the table has no column '{self.after}' of the contract")
        if self.unit is None and cells.type().is_numeric():
            raise CareError(f"{where}: the cells are bare numbers: say their unit, one of {', '.join(lengths.UNITS)}")
        length = lengths.seconds(cells, self.unit, column.forms)
        moment = column.parsed[self.after] + (length * 1_000_000).round(0).cast("int64").as_interval("us")
        return Reading(moment, parse.present(cells, column.forms) & length.isnull())


@dataclass(frozen=True)
class Before(Entry):
    """A day that is told by how long it lay before another: a tenure on the day of a snapshot."""

    wants = frozenset({"before", "column"})
    may = frozenset({"unit"})
    before: str
    header: str
    unit: str | None = None

    @classmethod
    def of(cls, written: Mapping[str, Any], where: str) -> Entry:
        """The day of the snapshot, the header of the lengths, and the unit of bare numbers."""
        day = _day(written, "before", where)
        return cls(day, text(written, "column", where), _unit(written, ago.UNITS, where))

    @property
    def shown(self) -> str:
        """The difference of a day and a length."""
        return f"{self.before} - {self.header}" + (f" ({self.unit})" if self.unit else "")

    @property
    def names(self) -> tuple[str, ...]:
        """The header of the lengths."""
        return (self.header,)

    def resolved(self, headers: Headers, kind: Type | None) -> Entry:
        """The same with its header looked up."""
        _refuse_other(kind, headers)
        return Before(self.before, headers.named(self.header, self.shown), self.unit)

    def cells(self, table: Any) -> Any:
        """The lengths."""
        return table[self.header]

    def read(self, cells: engine.Value, column: Column) -> Reading:
        """The days; a length that is negative, or of which no unit is known, cannot be read."""
        if self.unit is None and cells.type().is_numeric():
            where = f"{FILE}: {column.name} = {self.shown}"
            raise CareError(f"{where}: the cells are bare numbers: say their unit, one of {', '.join(ago.UNITS)}")
        day = engine.literal(self.before).cast("timestamp")
        bare = number(parse.clean(cells) if cells.type().is_string() else cells, column.forms.numbers)
        readings = [ago.earlier(day, bare, self.unit)] if self.unit else []
        if cells.type().is_string():
            readings.append(ago.spoken(day, parse.clean(cells)))
        value = engine.coalesce(*readings)
        return Reading(value, parse.present(cells, column.forms) & value.isnull())


@dataclass(frozen=True)
class Relative(Entry):
    """A day as it was told on the day of the export: yesterday, 2 weeks ago."""

    wants = frozenset({"relative_to", "column"})
    relative_to: str
    header: str

    @classmethod
    def of(cls, written: Mapping[str, Any], where: str) -> Entry:
        """The day of the export, and the header."""
        return cls(_day(written, "relative_to", where), text(written, "column", where))

    @property
    def shown(self) -> str:
        """The header, as of the day."""
        return f"{self.header} (as of {self.relative_to})"

    @property
    def names(self) -> tuple[str, ...]:
        """The header."""
        return (self.header,)

    def resolved(self, headers: Headers, kind: Type | None) -> Entry:
        """The same with its header looked up."""
        _refuse_other(kind, headers)
        return Relative(self.relative_to, headers.named(self.header, self.shown))

    def cells(self, table: Any) -> Any:
        """The words."""
        return table[self.header]

    def read(self, cells: engine.Value, column: Column) -> Reading:
        """The days; a cell that says a day of the calendar is read as such."""
        written = as_written(cells, column)
        if not cells.type().is_string():
            return written
        spoken_day = ago.spoken_day(engine.literal(self.relative_to).cast("timestamp"), parse.clean(cells))
        value = engine.coalesce(spoken_day, written.value)
        return Reading(value, parse.present(cells, column.forms) & value.isnull())


FORMS: tuple[type[Entry], ...] = (After, Before, Relative)


def joined(written: Any, where: str) -> Entry:
    """Several columns, as a list of care.toml names them."""
    if len(written) < 2 or not all(isinstance(name, str) and name.strip() for name in written):
        raise CareError(f'{where} must be like ["Ngày", "Giờ"]: two headers or more')
    return Joined(tuple(written))


def _unit(written: Mapping[str, Any], units: Mapping[str, Any], where: str) -> str | None:
    if "unit" not in written:
        return None
    known(text(written, "unit", where), list(units), f"{where}: unit")
    return str(written["unit"])


def _day(written: Mapping[str, Any], key: str, where: str) -> str:
    value = written[key]
    try:
        day = value if isinstance(value, date) else datetime.fromisoformat(value).date()
    except (TypeError, ValueError):
        raise CareError(f"{where}: {key} is a day such as 2026-10-31") from None
    return (day.date() if isinstance(day, datetime) else day).isoformat()


def _refuse_other(kind: Type | None, headers: Headers) -> None:
    if kind not in MOMENTS:
        raise CareError(f"{headers.where}: only a column of days or moments can be told so")


def _day_part(cells: engine.Value) -> engine.Value:
    """A day without the midnight that a spreadsheet puts behind it."""
    kind = cells.type()
    if kind.is_date() or kind.is_timestamp():
        return cells.cast("date").cast("string")
    return parse.clean(parse.as_text(cells)).re_replace(MIDNIGHT, "")


def _clock_part(cells: engine.Value) -> Any:
    """A clock, also one with an h between hour and minute."""
    kind = cells.type()
    if kind.is_timestamp():
        return cells.strftime("%H:%M:%S")
    return parse.clean(parse.as_text(cells)).re_replace(*SPOKEN_CLOCK)


def _joined(texts: list[Any]) -> Any:
    """The parts that say anything, with single spaces."""
    words = [part_text.fill_null("") for part_text in texts]
    return reduce(lambda left, right: left + " " + right, words).strip()


def _with_clocks(column: Column) -> Column:
    """The column with its stated forms of days, and days as ISO writes them, with every clock behind them."""
    stated = column.forms.dates
    days = [form for form in (*stated, ISO_DAY) if not any(hour in form for hour in HOUR) and "%" in form]
    forms = (*stated, *(f"{day} {clock}" for day in days for clock in CLOCKS))
    return replace(column, forms=replace(column.forms, dates=forms))
