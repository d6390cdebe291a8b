"""What care.toml says of one table: where it comes from, and how its columns, dates, numbers and words are written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from carestudy.load.entry import Entry
from carestudy.load.joined_files import Join

ALL = ""  # every column that has no form of its own


@dataclass(frozen=True)
class Source:
    """Where a table comes from, what its columns are called there, and how it writes dates, numbers and words."""

    source: tuple[str, ...] = ()
    sheet: tuple[str, ...] = ()
    encoding: str | None = None
    columns: Mapping[str, Entry] = field(default_factory=dict)
    dates: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    timezone: str | None = None
    numbers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    empty: tuple[str, ...] = ()
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    questions: Mapping[str, Entry] = field(default_factory=dict)
    join: tuple[Join, ...] = ()
    sum_by: str | None = None
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # only such rows are rows of the table
    left_out: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # words known to be none of ``where``
    sources: tuple[Source, ...] = ()
    year: str | None = None  # of the columns, where the table has some for each year; care.toml does not say it

    @property
    def each(self) -> tuple[Source, ...]:
        """The sources that the table is put together from, or itself."""
        return self.sources or (self,)

    def dates_of(self, column: str) -> tuple[str, ...]:
        """The forms in which a column's days are written; none where they are ISO."""
        return self.dates.get(column, self.dates.get(ALL, ()))

    def numbers_of(self, column: str) -> str | None:
        """How a column's numbers are written, where it is said."""
        forms = self.numbers.get(column, self.numbers.get(ALL))
        return forms[0] if forms else None
