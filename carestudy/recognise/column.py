"""A column of a file by its content: its distinct values with their counts, their kind, and its words for nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from carestudy.load.parse import NO, NOTHING, YES
from carestudy.recognise import dates, numbers
from carestudy.recognise.dates import Dates
from carestudy.recognise.numbers import Numbers
from carestudy.recognise.words import nothings

EMAIL = r"^[^@\s]+@[^@\s]+\.[^@\s]+$"
PHONE = r"^\+?(84|0)[\s.-]?[1-9]([\s.-]?\d){7,9}$"
PERSON = re.compile(r"[^@\s<]+@[^@\s]+\.\w+|(?<!\d)\+?(?:84|0)[\s.-]?[1-9](?:[\s.-]?\d){7,9}(?!\d)")
LONGEST_NAME = 9_999  # numbers up to this are names of years and questions too
FEW = 15  # different values of a column that can be looked at one by one


@dataclass(frozen=True)
class Column:
    """The different values of a column as clean text, how often each stands there, and what type the file gives it."""

    name: str
    values: Any
    counts: Any
    rows: int
    kind: str  # text, number, moment or flag

    @classmethod
    def of(cls, name: str, pieces: Sequence[Any]) -> Column:
        """A column from its pieces in several files."""
        chunks = [
            chunk
            for chunked in pieces
            for chunk in (chunked.chunks if isinstance(chunked, pa.ChunkedArray) else [chunked])
        ]
        chunks = [chunk.dictionary_decode() if pa.types.is_dictionary(chunk.type) else chunk for chunk in chunks]
        kinds = {_kind(chunk.type) for chunk in chunks if not pa.types.is_null(chunk.type)}
        text = pa.chunked_array([_text(chunk) for chunk in chunks], pa.string())
        counted = pc.value_counts(_clean(text).combine_chunks())
        values, counts = counted.field("values"), np.asarray(counted.field("counts"))
        filled = np.asarray(pc.and_(pc.is_valid(values), pc.invert(pc.is_in(values, pa.array(NOTHING)))))
        return cls(
            name, values.filter(pa.array(filled)), counts[filled], len(text), kinds.pop() if len(kinds) == 1 else "text"
        )

    @cached_property
    def filled(self) -> int:
        """How many cells hold anything."""
        return int(self.counts.sum())

    @cached_property
    def unique(self) -> float:
        """How many of the cells that hold anything hold something of their own."""
        return len(self.values) / self.filled if self.filled else 0.0

    @cached_property
    def length(self) -> float:
        """The mean length of its texts."""
        return float(np.asarray(pc.utf8_length(self.values)) @ self.counts) / self.filled if self.filled else 0.0

    @cached_property
    def nothing(self) -> tuple[str, ...]:
        """The values that may be ways to write an empty cell."""
        is_nothing = pc.is_in(pc.utf8_lower(self.values), pa.array(sorted(nothings())))
        return tuple(sorted(self.values.filter(is_nothing).to_pylist()))

    @cached_property
    def _said(self) -> tuple[Any, Any]:
        """Values and counts without those that may mean an empty cell."""
        if not self.nothing:
            return self.values, self.counts
        is_kept = pc.invert(pc.is_in(self.values, pa.array(self.nothing)))
        return self.values.filter(is_kept), self.counts[np.asarray(is_kept)]

    @cached_property
    def dates(self) -> Dates:
        """Its days."""
        if self.kind == "moment":
            days = pc.utf8_slice_codeunits(self.values, 0, 10)
            last = pc.max(days.filter(pc.match_substring_regex(days, dates.LIKELY))).as_py()
            return Dates(1.0 if self.filled else 0.0, why="the file says that these are days", order="typed",
                         last=dates.day(last) if last else None)  # fmt: skip
        return dates.written(*self._said) if self.kind == "text" else Dates()

    @cached_property
    def counted_dates(self) -> Dates:
        """Its days if they are written as day numbers: only a header can confirm that these are days."""
        values, _ = self._said
        values = values.filter(pc.not_equal(values, "0"))  # no day is the first, but never is written so
        days = dates.compact(values)
        if days.share:
            return days
        plain = pc.match_substring_regex(values, r"^\d{1,14}(\.\d+)?$")
        if not len(values) or not pc.all(plain).as_py():
            return Dates()
        return dates.counted(np.asarray(values.cast(pa.float64())))

    @cached_property
    def numbers(self) -> Numbers:
        """Its numbers."""
        if self.kind == "number":
            return numbers.typed(self.values)
        return numbers.written(*self._said) if self.kind == "text" else Numbers()

    @cached_property
    def flags(self) -> bool:
        """Whether it says nothing but yes and no."""
        return bool(self.filled) and pc.all(pc.is_in(pc.utf8_lower(self.values), pa.array([*YES, *NO]))).as_py()

    @cached_property
    def personal(self) -> str | None:
        """Whether it holds e-mail addresses or phone numbers."""
        for kind, pattern in (("e-mail addresses", EMAIL), ("phone numbers", PHONE)):
            fits = np.asarray(pc.match_substring_regex(self.values, pattern))
            if self.filled and self.counts[fits].sum() > 0.7 * self.filled:
                return kind
        return None

    @cached_property
    def datum(self) -> str | None:
        """What it holds that is never the name of a column: addresses, phone numbers, days or long numbers."""
        if self.personal or self.kind == "moment" or self.dates.share > 0.7:
            return self.personal or "days"
        return "numbers" if self.numbers.share > 0.7 and self.numbers.high > LONGEST_NAME else None

    @cached_property
    def names(self) -> bool:
        """Whether it holds words without a digit, such as names of people: those are no good ids."""
        fits = np.asarray(pc.match_substring_regex(self.values, r"^\D*\pL\D* \D*\pL\D*$"))
        return bool(self.filled) and bool(self.counts[fits].sum() > 0.7 * self.filled)

    @property
    def exposed(self) -> bool:
        """Whether its header itself holds an address or a phone number: such a header is not repeated."""
        return bool(PERSON.search(self.name))

    @property
    def few(self) -> list[str]:
        """Its different values, if these are few."""
        return self.values.to_pylist() if len(self.values) <= FEW else []


def _kind(kind: Any) -> str:
    if pa.types.is_temporal(kind):
        return "moment"
    if pa.types.is_boolean(kind):
        return "flag"
    return "number" if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind) else "text"


def _text(chunk: Any) -> Any:
    """Values as text; 12.0 is 12, as for the door."""
    kind = chunk.type
    if pa.types.is_floating(kind):
        chunk = pc.if_else(pc.is_nan(chunk), None, chunk)
        is_whole = pc.and_(pc.equal(pc.floor(chunk), chunk), pc.less(pc.abs(chunk), 1e15))
        return pc.if_else(
            is_whole, pc.if_else(is_whole, chunk, 0).cast(pa.int64()).cast(pa.string()), chunk.cast(pa.string())
        )
    if pa.types.is_nested(kind) or pa.types.is_binary(kind):
        return pa.array([None if cell is None else str(cell) for cell in chunk.to_pylist()], pa.string())
    return chunk.cast(pa.string())


def _clean(text: Any) -> Any:
    return pc.utf8_trim_whitespace(pc.utf8_normalize(text, form="NFC"))
