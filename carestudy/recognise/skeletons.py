"""Texts that are written alike share a skeleton, and a skeleton with a day in it is a layout."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

# Digits, names of months and halves of the day become signs; what is left between them is written alike.
YEAR, TWO, MONTH, LONG_MONTH, HALF, FRACTION = "ΥΔΜΛΗΦ"
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
LONG = "january|february|march|april|june|july|august|september|october|november|december"
UTC = " UTC"
OFFSET = r"(?i)\s*(utc|gmt)[+-]\d{1,2}(:?\d{2})?$"  # the door reads it behind any form
SIGNS = (
    (r"(:\d{2})\.\d{1,9}", rf"\1{FRACTION}"),
    (r"\b\d{4}\b", YEAR),
    (r"\d{1,2}", TWO),
    (rf"(?i)\b({LONG})\b", LONG_MONTH),
    (rf"(?i)\b({'|'.join(MONTHS)})\b", MONTH),
    (r"(?i)\b(am|pm|sa|ch)\b", HALF),
    (r"(?i) (utc|gmt)$", UTC),
)
TIME = re.compile(rf"{TWO}[:h]{TWO}(:{TWO}{FRACTION}?)?( ?{HALF})?")
DAY = re.compile(
    rf"(?:^|(?<=\W))(?:ngày )?([{YEAR}{TWO}{MONTH}{LONG_MONTH}])([-/. ,]+|\s*(?:tháng|thg) ?)"
    rf"([{TWO}{MONTH}{LONG_MONTH}])(,? ?(?:năm )?|[-/. ]+)([{YEAR}{TWO}])(?=$|\W)"
)
BETWEEN = re.compile(r"[-–,T |]*(?:lúc |at )?[-–,T |]*")
PARTS = {YEAR: r"\d{4}", TWO: r"\d{1,2}", MONTH: "[A-Za-z]{3}", LONG_MONTH: "[A-Za-z]+", HALF: "[A-Za-z]{2}"}
PARTS[FRACTION] = r"\.\d+"
CODES = {YEAR: "%Y", MONTH: "%b", LONG_MONTH: "%B", HALF: "%p", FRACTION: ".%f"}
ORDERS = {"day-first": ("%d", "%m", "%y"), "month-first": ("%m", "%d", "%y"), "year-first": ("%y", "%m", "%d")}
LIMITS = {"%d": (1, 31), "%y": (0, 9999)}
MOST_SKELETONS = 40


@dataclass(frozen=True)
class Layout:
    """One way in which days are written: the form with gaps for the parts of the day, the parts, and their numbers."""

    form: str
    parts: str
    fields: tuple[Any, ...]
    cells: int = 0

    @property
    def open(self) -> bool:
        """Whether only the values tell the day from the month."""
        return set(self.parts) <= {TWO, YEAR} and self.parts[0] != YEAR

    def codes(self, order: str) -> tuple[str, ...]:
        """What the parts of the day are in an order."""
        if self.open:
            codes = ORDERS.get(order, ORDERS["day-first"])
            return tuple("%Y" if sign == YEAR else code for sign, code in zip(self.parts, codes, strict=True))
        if self.parts[0] == YEAR:
            return ("%Y", CODES.get(self.parts[1], "%m"), "%d")
        return tuple(CODES.get(sign, "%y" if index == 2 else "%d") for index, sign in enumerate(self.parts))

    def written(self, order: str) -> str:
        """The form in an order, as strptime knows it."""
        return self.form.format(*self.codes(order))

    def possible(self, order: str) -> Any:
        """Which values are a day in an order."""
        names_month = "th" in self.form  # tháng, thg: the day stands before it
        if self.open and ((order == "year-first" and YEAR in self.parts) or (names_month and order != "day-first")):
            return np.zeros(len(self.fields[0]), dtype=bool)
        limits = [LIMITS.get(code.lower(), (1, 12)) for code in self.codes(order)]
        pairs = zip(self.fields, limits, strict=True)
        return np.logical_and.reduce([(field >= low) & (field <= high) for field, (low, high) in pairs])

    def last(self, order: str) -> date | None:
        """The last day in an order."""
        codes = ["%m" if code in ("%b", "%B") else code.lower() for code in self.codes(order)]
        by = dict(zip(codes, self.fields, strict=True))
        year = by["%y"] + np.where(by["%y"] < 69, 2000, np.where(by["%y"] < 100, 1900, 0))
        days = (year * 10_000 + by["%m"] * 100 + by["%d"])[(year > 1900) & (year < 2200)]
        top = int(days.max(initial=0))  # 31/12/9999 is a way of writing never
        return real_day(top // 10_000, top // 100 % 100, top % 100)


def layouts(values: Any, counts: Any) -> list[Layout]:
    """The ways in which texts write days, the most frequent first; 31/15/2026 is a day in none."""
    skeletons = values = pc.replace_substring_regex(values, OFFSET, "")
    for pattern, sign in SIGNS:
        skeletons = pc.replace_substring_regex(skeletons, pattern, sign)
    encoded = pc.dictionary_encode(skeletons)
    skeleton_indices, names = np.asarray(encoded.indices), encoded.dictionary.to_pylist()
    sizes = np.bincount(skeleton_indices, weights=counts, minlength=len(names))
    all_layouts = []
    for number in np.argsort(-sizes, kind="stable")[:MOST_SKELETONS]:
        day = _day(names[number])
        if day is not None:
            is_skeleton = skeleton_indices == number
            layout = _layout(names[number], day, values.filter(pa.array(is_skeleton)))
            real = np.logical_or.reduce([layout.possible(order) for order in ORDERS])
            if real.any():
                fields = tuple(field[real] for field in layout.fields)
                all_layouts.append(replace(layout, fields=fields, cells=int(counts[is_skeleton][real].sum())))
    return all_layouts


def real_day(year: int, month: int, day: int) -> date | None:
    """A day of the calendar, if it has it."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _day(skeleton: str) -> re.Match[str] | None:
    """Where the day stands in a skeleton that holds nothing but a day, and perhaps a time."""
    time = TIME.search(skeleton)
    day = DAY.search(TIME.sub(lambda match: "\0" * len(match[0]), skeleton))
    if day is None or not {YEAR, TWO} & {day[1], day[5]}:
        return None
    spans = sorted([day.span(), *([time.span()] if time else [])])
    around = skeleton[: spans[0][0]] + skeleton[spans[-1][1] :]
    between = skeleton[spans[0][1] : spans[-1][0]] if time else ""
    return day if around in ("", UTC) and BETWEEN.fullmatch(between) else None


def _layout(skeleton: str, day: re.Match[str], values: Any) -> Layout:
    """The form of a skeleton, and the parts of the day of each of its values."""
    form, pattern, field_index = "", "^", 0
    for number, sign in enumerate(skeleton):
        if sign not in PARTS:
            form, pattern = form + sign.replace("%", "%%"), pattern + re.escape(sign)
        elif day.start() <= number < day.end():
            form, pattern = f"{form}{{{field_index}}}", f"{pattern}(?P<p{field_index}>{PARTS[sign]})"
            field_index += 1
        else:
            form, pattern = form + CODES.get(sign, "\0"), pattern + PARTS[sign]
    for code in ("%I" if HALF in skeleton else "%H", "%M", "%S"):
        form = form.replace("\0", code, 1)
    signs = day[1] + day[3] + day[5]
    return Layout(form, signs, _fields(values, f"(?i){pattern}$", signs))


def _fields(values: Any, pattern: str, signs: Sequence[str]) -> tuple[Any, ...]:
    """The parts of the days as numbers; names of months are numbered."""
    split = pc.extract_regex(values, pattern)
    columns = []
    for field_index, sign in enumerate(signs):
        text = pc.struct_field(split, f"p{field_index}")
        if sign in (MONTH, LONG_MONTH):
            short = pc.utf8_slice_codeunits(pc.utf8_lower(text), 0, 3)
            text = pc.add(pc.index_in(short, pa.array(MONTHS)), 1)
        columns.append(np.asarray(text.cast(pa.int64())))
    return tuple(columns)
