"""Checked tables with the settings of the company they belong to: what every figure is computed from."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
from babel.numbers import get_currency_precision

from carestudy import engine
from carestudy.contract import TABLES, Missing
from carestudy.hours import Hours
from carestudy.memory import Memory, memory_of
from carestudy.rendering import Rendered
from carestudy.zones import IN_UTC

UNTIMED = "carestudy_untimed_"  # before the name of a column of moments: whether one was emptied that had come
Group = Mapping[str, tuple[str | None, ...]]  # the values of each dimension that make a group; None is no value


@dataclass(frozen=True)
class Settings:
    """The settings of the company in care.toml.

    ``in_memory`` reads the tables of a database into the embedded engine, once and as they are at one moment: where
    others write to them all day, the figures of one report then fit together, and a busy server is asked once. Large
    Parquet, which else is asked where it is, is copied as well.
    ``memory_limit`` (such as "2GB") is what the embedded engine may use, with one core for every 2 GB of it, and
    ``spill_folder`` where it puts the rest.
    """

    company: str = ""
    language: str = "vi"
    timezone: str = "Asia/Ho_Chi_Minh"
    currency: str = "VND"
    inactive_after: int | None = None
    ces_scale: int | None = None
    as_of: str | None = None
    min_group: int = 5
    max_excluded: float = 0.2  # share of excluded rows, above which a report warns at its top
    max_left_out: float = 0.5  # share of rows that ``where`` leaves out without word of it in ``left_out``
    match_ids: str = "exact"
    hours: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    holidays: tuple[str, ...] = ()
    extra_days: tuple[str, ...] = ()
    involuntary: tuple[str, ...] = ()
    margin: float | None = None
    due_days: int | None = None
    plays: str | Mapping[str, Any] = ""
    themes: Mapping[str, Any] = field(default_factory=dict, repr=False)
    in_memory: bool = False
    memory_limit: str | None = None
    spill_folder: str | None = None

    @cached_property
    def business(self) -> Hours | None:
        """The business hours of the company; None where care.toml states none."""
        return Hours.of(self.hours, self.holidays, self.extra_days) if self.hours else None


@dataclass(frozen=True)
class Joined:
    """How many rows of a table (a file) have a row of another file beside them, by which columns."""

    table: str
    other: str
    on: str
    rows: int
    matched: int
    unmet: tuple[UnmetWords, ...] = ()  # words of its ``where`` that no cell of the other file holds


@dataclass(frozen=True)
class UnmetWords:
    """Words that ``where`` in care.toml lists for a column of a file, and that no cell of the column holds.

    ``listed`` is how many words are listed there; ``there`` are words that the cells do hold, the most frequent first,
    as far as they are few and name no person.
    """

    file: str
    column: str
    words: tuple[str, ...]
    listed: int
    present: tuple[str, ...] = ()


@dataclass(frozen=True)
class LeftOut:
    """How many rows of a file are no rows of the table, by the condition (``where``) that care.toml states for it.

    ``words`` are those for which rows are left out, the most frequent first.
    """

    file: str
    where: str
    rows: int
    of: int
    words: tuple[LeftOutWord, ...] = ()


@dataclass(frozen=True)
class LeftOutWord:
    """A word for which ``where`` leaves out rows of a file, and in how many rows it stands.

    ``word`` is empty where the cell is, or where it may tell of a person; of more than a few words it stands for all.
    ``stated`` says whether ``left_out`` in care.toml lists the word. One is ``new`` where care.toml lists others and
    not this one, or, without such a list, where its rows begin later than chance explains.
    """

    column: str
    word: str
    rows: int
    stated: bool = False
    new: bool = False


@dataclass(frozen=True)
class TableCount:
    """How many rows of a table were read, used and excluded, and the fingerprint of the rows read.

    Rows that ``where`` of the table leaves out are not among those read.
    """

    table: str
    source: str
    read: int
    used: int
    set_aside: int
    hash: str
    places: tuple[tuple[int, str], ...] = ()
    documents: int | None = None  # what the used rows were put together to, where they are items
    totals: int = 0  # documents of several rows, if the rows of each have one amount, which may be its total
    joins: tuple[Joined, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    unmet: tuple[UnmetWords, ...] = ()

    def place(self, row: int) -> tuple[str, int]:
        """The file, or sheet of it, and the line there of the row with a number.

        >>> TableCount("staff", "2 files", 9, 9, 0, "", ((0, "b.csv"), (5, "a.csv"))).place(7)
        ('a.csv', 2)
        """
        starts = [start for start, _ in self.places] or [0]
        index = bisect_left(starts, row) - 1
        return (self.places[index][1] if self.places else self.source), row - starts[index]


@dataclass(frozen=True)
class Care(Rendered):
    """The checked tables of a company, as of a moment; made by ``carestudy.load``.

    ``days_only`` are the columns of moments, each with its table, whose cells are days: no hour can be told of them.
    """

    tables: Mapping[str, Any]
    settings: Settings
    as_of: datetime
    counts: tuple[TableCount, ...] = ()
    faults: pd.DataFrame = field(default_factory=pd.DataFrame)
    inactive_after: int | None = None
    several_spells: bool = False
    ces_scale: int = 7
    aside: Mapping[str, Any] = field(default_factory=dict, repr=False)
    left_empty: Mapping[str, Any] = field(default_factory=dict, repr=False)  # cells, as ``aside`` has rows
    only: Group = field(default_factory=dict)
    days_only: frozenset[tuple[str, str]] = frozenset()
    watched: tuple[Any, ...] = field(default=(), repr=False)  # tables of a database, ``load.watched``
    silence: Any = field(default=None, repr=False)  # how ``inactive_after`` was chosen, ``measure.silence``
    whole: Care | None = field(default=None, repr=False, compare=False)  # the company of which this is one group
    # Results of the premises of figures on these data; data derived from them compute their own.
    facts: dict[Any, Any] = field(default_factory=dict, init=False, repr=False, compare=False)
    cache: Memory | None = field(default=None, init=False, repr=False, compare=False)  # see ``remembering``
    origin: str | None = field(default=None, init=False, repr=False, compare=False)  # see ``carestudy.memory``

    def __post_init__(self) -> None:
        self.read_in(self.settings.language, self.settings.currency)

    def __getitem__(self, name: str) -> pd.DataFrame:
        """A checked table as a frame of pandas: its own columns, text as text, money in the currency's main unit."""
        table = self.table(name)
        frame: pd.DataFrame = table.select(*own_columns(table)).to_pyarrow().to_pandas()
        unit = 10.0 ** -get_currency_precision(self.settings.currency)
        money = [column for column in frame if TABLES[name].columns.get(str(column)) == "money"]
        return frame.assign(**{str(column): frame[column] * unit for column in money})

    def remembering(self) -> Care:
        """The same data with a cache, so that no figure is computed twice; derived data start without a cache."""
        if self.cache is not None:
            return self
        twin = copy(self)
        object.__setattr__(twin, "cache", memory_of(self.origin))
        return twin

    def came_from(self, origin: str | None) -> Care:
        """The same data, with the text that names where they come from."""
        object.__setattr__(self, "origin", origin)
        return self

    def refuse_if_changed(self) -> None:
        """Refuse data whose tables, which stay in a database, have other rows or other days than when they were loaded.

        Figures of a table that changed under them belong to no moment. A cell changed in place is not noticed: for
        tables that change all day there is ``in_memory``. Files and frames are copied when they are loaded, but for
        large Parquet in which there is nothing to mend: a file of it that was replaced or written to is refused.
        """
        for table in self.watched:
            table.refuse_if_changed()

    def table(self, name: str, *columns: str) -> engine.Table:
        """A checked table as an Ibis expression; an error names the table or column that is missing."""
        if name not in self.tables:
            raise Missing(name, has=self.tables)
        table = self.tables[name]
        for column in columns:
            if column not in table.columns:
                raise Missing(name, column, own_columns(table))
        return table

    def without_clock(self, name: str, *columns: str) -> tuple[str, ...]:
        """Those columns of a table that hold days without hours, though the contract has moments there."""
        return tuple(column for column in columns if (name, column) in self.days_only)

    def with_table(self, name: str, table: engine.Table) -> Care:
        """The same data with one table replaced by a richer one."""
        return replace(self, tables={**self.tables, name: table})

    def has(self, name: str, *columns: str) -> bool:
        """Whether the data have a table with all of these columns."""
        return name in self.tables and set(columns) <= set(self.tables[name].columns)

    @property
    def zone(self) -> ZoneInfo:
        """The company's time zone."""
        return ZoneInfo(self.settings.timezone)

    @property
    def known_until(self) -> datetime:
        """``as_of`` as the tables hold times: local, without a zone."""
        return self.as_of.astimezone(self.zone).replace(tzinfo=None)

    @cached_property
    def spans(self) -> dict[str, tuple[date, date]]:
        """The first and the last day of every table that is placed in time."""
        spans = {}
        for name, table in self.tables.items():
            time = TABLES[name].time or ("joined_on" if name == "customers" else None)
            if time and time in table.columns:
                ends = table.aggregate(first=table[time].min(), last=table[time].max()).to_pyarrow().to_pylist()[0]
                if ends["first"] is not None:
                    spans[name] = (_day(ends["first"]), _day(ends["last"]))
        return spans

    def __repr__(self) -> str:
        known = f"known up to {self.as_of.isoformat()}" if self.spans else "no day is known"
        lines = [f"{self.settings.company or 'carestudy'}: {known}"]
        lines += [f"  only {name} {', '.join(map(str, values))}" for name, values in self.only.items()]
        for count in self.counts:
            first, last = self.spans.get(count.table, ("", ""))
            span = f", {first} to {last}" if first else ""
            documents = "" if count.documents is None else f", put together to {count.documents:,}"
            lines.append(f"  {count.table}: {count.used:,} of {count.read:,} rows used{documents}{span}")
            for row in self.faults[self.faults["table"] == count.table].itertuples() if len(self.faults) else ():
                action = "set aside" if row.set_aside else "mended"
                lines.append(f"    {action} {row.rows:,}: {row.column} {row.reason}".replace(":  ", ": "))
        if self.inactive_after and (self.silence is None or self.silence.sure):
            lines.append(f"  a customer is lost after {self.inactive_after} days without a purchase")
        return "\n".join(lines)


def own_columns(table: engine.Table) -> list[str]:
    """The columns of a checked table without the internal ones."""
    return [column for column in table.columns if not column.startswith((IN_UTC, UNTIMED))]


def _day(moment: date | datetime) -> date:
    return moment.date() if isinstance(moment, datetime) else moment
