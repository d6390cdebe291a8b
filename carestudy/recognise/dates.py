"""Decides how a column writes its days from all of its values, or asks a question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from carestudy.recognise.skeletons import ORDERS, TWO, UTC, YEAR, Layout, layouts, real_day

ISO = r"^\d{4}-\d{2}-\d{2}([ T]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?( ?(Z|[+-]\d{2}(:?\d{2})?))?)?$"
LIKELY = r"^(190[1-9]|19[1-9]|2[01])"  # 9999-12-31 is a way of writing never
COMPACT = {8: "%Y%m%d", 12: "%Y%m%d%H%M", 14: "%Y%m%d%H%M%S"}
COUNTED = (((20_000, 80_000), "excel"), ((5e8, 4e9), "epoch"), ((5e11, 4e12), "epoch-ms"))
MIXED = "some days can only be day-first and others only month-first: two forms are mixed in one column"
SWAPPED = "swapped"
HALF = (
    "some days seem to be swapped: of those written 2026-05-11 none is above 12, and every other one is, as where a "
    "spreadsheet took the day for the month"
)
LEAST_CHANCE = 1e-4  # that days fall so by accident
OPEN = "no day above 12 says which of the two numbers is the month"


@dataclass(frozen=True)
class Dates:
    """What the days of a column look like: how many cells are days, and in which forms, or in which of several."""

    share: float = 0.0
    forms: tuple[str, ...] = ()
    choices: tuple[tuple[str, ...], ...] = ()  # where nothing in the column decides
    why: str = ""
    order: str = ""
    last: date | None = None
    zone: str | None = None

    @property
    def decided(self) -> bool:
        """Whether the column is read in one way only."""
        return self.share > 0 and not self.choices


def written(values: Any, counts: Any) -> Dates:
    """Recognise the days of a column of text, from its distinct values and their counts.

    >>> import pyarrow as pa
    >>> written(pa.array(["31/10/2026", "1/2/2026"]), np.array([1, 1])).forms
    ('%d/%m/%Y',)
    """
    total = int(counts.sum())
    if not total:
        return Dates()
    iso = pc.match_substring_regex(values, ISO)
    known = np.asarray(iso)
    layouts_found = [] if known.all() else layouts(values.filter(pc.invert(iso)), counts[~known])
    share = (int(counts[known].sum()) + sum(layout.cells for layout in layouts_found)) / total
    days = pc.utf8_slice_codeunits(values.filter(iso), 0, 10)
    days = days.filter(pc.match_substring_regex(days, LIKELY))
    last = day(pc.max(days).as_py()) if len(days) else None
    half = _half_swapped(values.filter(iso), layouts_found)
    if half:
        return Dates(share, (), (half, (*half, SWAPPED)), HALF)
    if not layouts_found:
        return Dates(share, why="days are written 2026-10-31", order="ISO", last=last) if share else Dates()
    return _decided(layouts_found, share, last)


def _half_swapped(iso: Any, layouts_found: Sequence[Layout]) -> tuple[str, ...]:
    """The forms of the texts, where a spreadsheet seems to have swapped day and month wherever that was possible.

    It reads 05/11 as 11 May and leaves 16/11 a text: then no typed day is above 12, and every day of a text is.
    """
    unsure = [layout for layout in layouts_found if layout.open and layout.parts[-1] in (YEAR, TWO)]
    if not len(iso) or len(unsure) != len(layouts_found) or not unsure:
        return ()
    typed = pc.unique(pc.utf8_slice_codeunits(iso, 0, 10))
    texts = sum(len(layout.fields[0]) for layout in unsure)
    chance = (12 / 31) ** len(typed) * (19 / 31) ** texts
    late = np.asarray(pc.utf8_slice_codeunits(typed, 8, 10).cast(pa.int64())) > 12
    if late.any() or chance > LEAST_CHANCE:
        return ()
    for order, field_index in (("day-first", 0), ("month-first", 1)):
        if all((layout.fields[field_index] > 12).all() and layout.possible(order).all() for layout in unsure):
            return _forms(unsure, order)
    return ()


def counted(numbers: Any) -> Dates:
    """The days of a column of numbers: days of a spreadsheet, or seconds since 1970."""
    if not len(numbers):
        return Dates()
    low, high = float(numbers.min()), float(numbers.max())
    for (least, most), form in COUNTED:
        if least <= low and high <= most:
            return Dates(1.0, (form,), why=f"numbers from {low:,.0f} to {high:,.0f}", order=form)
    return Dates()


def compact(values: Any) -> Dates:
    """Days written as 20261031 or 20261031180500."""
    for length, form in COMPACT.items():
        pattern = rf"^(19|20)\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])\d{{{length - 8}}}$"
        if len(values) and pc.all(pc.match_substring_regex(values, pattern)).as_py():
            last = pc.max(values).as_py()
            last_day = day(f"{last[:4]}-{last[4:6]}-{last[6:8]}")
            return Dates(1.0, (form,), why=f"all cells have {length} digits that begin with a day", last=last_day)
    return Dates()


def chosen(dates: Dates, order: str, why: str) -> Dates:
    """The same days read in the order that another column of the same file has decided."""
    for forms in dates.choices:
        if _order_of(forms) == order:
            return Dates(dates.share, forms, (), why, order, dates.last, dates.zone)
    return dates


def day(text: str) -> date | None:
    """The day with which an ISO text begins, if there is such a day."""
    return real_day(*map(int, text[:10].split("-")))


def _decided(layouts_found: Sequence[Layout], share: float, last: date | None) -> Dates:
    unsure = [layout for layout in layouts_found if layout.open]
    if not unsure:
        return _single_order(layouts_found, share, ("fixed", "the days can be read in one way only"), last)
    orders = [order for order in ORDERS if all(layout.possible(order).all() for layout in unsure)]
    orders = _with_short_years(unsure, orders)
    if len(orders) == 1:
        return _single_order(layouts_found, share, (orders[0], _reason(unsure, orders[0])), last)
    choices = tuple(_forms(layouts_found, order) for order in orders or ("day-first", "month-first"))
    return Dates(share, (), choices, OPEN if orders else MIXED, last=last)


def _single_order(layouts_found: Sequence[Layout], share: float, decision: tuple[str, str], last: date | None) -> Dates:
    order, why = decision
    ends = [end for end in (last, *(layout.last(order) for layout in layouts_found)) if end]
    zone = "UTC" if all(layout.form.endswith(UTC) for layout in layouts_found) else None
    return Dates(share, _forms(layouts_found, order), (), why, order, max(ends, default=None), zone)


def _with_short_years(layouts_found: Sequence[Layout], orders: list[str]) -> list[str]:
    """Years of two digits: they are few where days are many, so what varies more is the day."""
    if "year-first" not in orders or len(orders) == 1:
        return orders
    first, third = (
        {int(year) for layout in layouts_found for year in np.unique(layout.fields[field_index])}
        for field_index in (0, 2)
    )
    if len(third) > 12 >= len(first):
        return ["year-first"]
    return [order for order in orders if order != "year-first"] if len(first) >= len(third) else orders


def _reason(layouts_found: Sequence[Layout], order: str) -> str:
    if order == "year-first":
        return "few numbers stand first and many last, as years before days do"
    field_index = 0 if order == "day-first" else 1
    values = sum(int((layout.fields[field_index] > 12).sum()) for layout in layouts_found)
    if not values:
        return "the month is named as such"
    return f"a number above 12 stands {('first', 'second')[field_index]} in {values:,} of the different values"


def _forms(layouts_found: Sequence[Layout], order: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(layout.written(order) for layout in layouts_found))


def _order_of(forms: Sequence[str]) -> str:
    """Which order the first form with a number for the month has."""
    for form in (form for form in forms if "%m" in form):
        places = {"day-first": form.find("%d"), "month-first": form.find("%m"), "year-first": form.lower().find("%y")}
        return min(places, key=lambda order: places[order])
    return ""
