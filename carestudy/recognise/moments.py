"""Moments that exports tell in another way: as durations, as a date beside a clock, or as the end of a call."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pyarrow.compute as pc

from carestudy.contract import TABLES
from carestudy.recognise import calls, cells_by_row, words
from carestudy.recognise.column import Column
from carestudy.recognise.lengths import MOST, is_spoken, unit_of
from carestudy.recognise.mapped import Mapped, Match
from carestudy.recognise.order_of_days import day_only, in_order

BUSINESS = re.compile(r"business|working hour|within hours|giờ làm việc|giờ hành chính|trong giờ", re.IGNORECASE)
CLOCK = r"(?i)^([01]?\d|2[0-3])[:h][0-5]\d(:[0-5]\d)?( ?(am|pm|sa|ch))?$"
CLOCKS = {"gio", "time", "luc", "clock", "hour", "tg"}
AVERAGE = re.compile(r"\b(avg|average|mean|trung binh|tb|total|tong)\b")  # not of one reply
AFTER = {"first_reply_at": ({"reply"}, {"first", "duration"}), "resolved_at": ({"resolve", "close"}, set[str]())}


def with_moments(match: Match) -> Match:
    """A match with the moments that its other columns tell."""
    if match.form is not None:  # what a known tool writes is told by its file
        return in_order(match)
    match = _with_clock(match)
    if match.table == "contacts":
        match = calls.with_calls(_with_durations(match))
    match = _without_needless(in_order(match))
    names = [*TABLES[match.table].columns, *match.columns]
    return replace(match, columns={name: match.columns[name] for name in names if name in match.columns})


def _without_needless(match: Match) -> Match:
    """A match without the question whether a status says that a contact is resolved, where its end does."""
    ended, flag = match.columns.get("resolved_at"), match.columns.get("resolved")
    if ended is None or ended.sure == "guess" or flag is None or flag.sure != "guess":
        return match
    return replace(match, columns={name: mapped for name, mapped in match.columns.items() if name != "resolved"})


def _with_clock(match: Match) -> Match:
    """A day and its clock in two columns are one moment."""
    name = TABLES[match.table].time
    mapped = match.columns.get(name or "")
    if not name or mapped is None or mapped.entry is not None or not day_only(mapped.column):
        return match
    clocks = [column for column in match.rest if _is_clock(column)]
    begins = [column for column in clocks if "open" in words.meaning(column.name).things]
    clocks = begins or clocks
    if len(clocks) != 1:
        return match
    cells = [cells_by_row.texts(match.export, column.name) for column in (mapped.column, clocks[0])]
    if cells[0] is None or cells[1] is None:
        return match
    days = pc.replace_substring_regex(cells[0], r"[ T]00:00(:00(\.0+)?)?$", "")
    joined = Column.of(mapped.column.name, [pc.binary_join_element_wise(days, cells[1], " ")])
    why = f"{mapped.why}; '{clocks[0].name}' is the clock of it"
    entry = [mapped.column.name, clocks[0].name]
    return replace(match, columns={**match.columns, name: replace(mapped, column=joined, why=why, entry=entry)})


def _is_clock(column: Column) -> bool:
    header_words, things = set(words.folded(column.name).split()), words.meaning(column.name).things
    if not (header_words & CLOCKS or "open" in things) or things & {
        "duration",
        "handling",
        "reply",
        "resolve",
        "close",
    }:
        return False
    fits = np.asarray(pc.match_substring_regex(column.values, CLOCK))
    return bool(column.filled) and bool(column.counts[fits].sum() > MOST * column.filled) and len(column.values) > 1


def _with_durations(match: Match) -> Match:
    """The moments of a contact that are told as so long after it was opened."""
    if "opened_at" not in match.columns:
        return match
    for name in AFTER:
        fitting = [column for column in match.rest if _tells(column, name)]
        for column in [candidate for candidate in fitting if BUSINESS.search(candidate.name)]:
            note = f"'{column.name}' counts business hours only: no moment follows from it, and it is left"
            match = replace(match, noted=(*match.noted, note))
        fitting = [column for column in fitting if not BUSINESS.search(column.name)]
        if fitting and name not in match.columns:
            best = max(
                fitting,
                key=lambda candidate: (words.fits(candidate.name).get(("contacts", name), 0.0), candidate.filled),
            )
            after = _after(best)
            if match.columns["opened_at"].sure == "guess":  # without the opening it cannot be computed
                after = replace(after, ask=True)
            match = replace(match, columns={**match.columns, name: after})
    return match


def _after(column: Column) -> Mapped:
    entry = {"after": "opened_at", "column": column.name}
    if not is_spoken(column):
        unit = unit_of(column.name)
        why = f"its header and cells are {unit or 'numbers: of minutes'}, counted from when the contact was opened"
        entry["unit"] = unit or "minutes"
        return Mapped(column, 0.9, why, ask=unit is None, entry=entry)
    return Mapped(column, 0.9, "its header and cells are durations, counted from when it was opened", entry=entry)


def _tells(column: Column, name: str) -> bool:
    """Whether a header speaks of a moment, and its cells are how long it took."""
    things = words.meaning(column.name).things
    things |= {"duration"} if is_spoken(column) and not AVERAGE.search(words.folded(column.name)) else set()
    of, required = AFTER[name]
    timed = things & {"when", "duration"} or unit_of(column.name)
    if not (things & of and timed) or (required and not things & required) or words.barred(column.name, name):
        return False
    if things & {"sla", "count", "rating", "score"} or not column.filled or column.dates.share:
        return False
    return is_spoken(column) or (column.numbers.share > MOST and column.numbers.low >= 0)
