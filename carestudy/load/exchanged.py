"""Columns of days in which a spreadsheet took the day for the month wherever it could, and left the others as text."""

from __future__ import annotations

from typing import Any

from carestudy import engine
from carestudy.load import parse
from carestudy.load.checks import Frame
from carestudy.load.mapping import COUNTED, SWAPPED
from carestudy.load.parse import LAST_MONTH, Forms

REASON = "was taken by a spreadsheet for another day: day and month are exchanged where the day is 12 or less"
# Of days spread over the month: the chance that one is up to the 12th, and that it is not.
EARLY, LATE = 12 * 12 / 365.25, 1 - 12 * 12 / 365.25
CHANCE = 1e-6
LEAST = 3  # of either kind
NUMBERS = r"^(\d{1,2})[-/.](\d{1,2})[-/.](?:\d{4}|\d{2})\b"


def exchanged(table: engine.Table, frame: Frame) -> dict[str, int]:
    """The columns in which that happened beyond chance, each with how many of its days are exchanged.

    All its days in ISO form (typed cells, in a workbook) lie up to the 12th, and all that are written otherwise after
    it, as care.toml states their forms; where it states none, the first or second number of each is above 12.
    """
    kinds = frame.contract.columns
    days = [column for column in table.columns if kinds.get(column) in ("date", "time")]
    counts = {f"{kind}_{c}": count for c in days for kind, count in _counts(table[c], frame.forms(c)).items()}
    if not counts:
        return {}
    totals = table.aggregate(**counts).to_pyarrow().to_pylist()[0]
    columns = {name.removeprefix("typed_") for name in counts if name.startswith("typed_")}
    return {c: totals[f"typed_{c}"] for c in sorted(columns) if _beyond_chance(*(totals[f"{w}_{c}"] for w in WHAT))}


WHAT = ("typed", "early", "written", "late")


def _counts(column: engine.Value, forms: Forms) -> dict[str, Any]:
    """How many days are typed, how many of them early in the month, how many are written, how many of them late."""
    stated = [form for form in forms.dates if form not in COUNTED]
    if SWAPPED in stated or forms.dates != tuple(stated) or not column.type().is_string():
        return {}
    if not stated:
        return _unstated(parse.clean(column), forms)
    typed, day = parse.clean(column).re_search(parse.DAY), parse.parsed(column, "time", forms).day()
    kinds = (typed, typed & (day <= LAST_MONTH), ~typed, ~typed & (day > LAST_MONTH))
    return {name: column.count(where=kind & day.notnull()) for name, kind in zip(WHAT, kinds, strict=True)}


def _unstated(text: engine.Value, forms: Forms) -> dict[str, Any]:
    """The same of days whose form nobody states: which is only known where one of two numbers is above 12."""
    typed, day = text.re_search(parse.DAY), parse.parsed(text, "time", forms).day()
    first, second = (text.re_extract(NUMBERS, group).try_cast("int64") for group in (1, 2))
    written = first.notnull() & second.notnull()
    late = (first > LAST_MONTH) | (second > LAST_MONTH)
    kinds = (typed & day.notnull(), typed & (day <= LAST_MONTH), written, written & late)
    return {name: text.count(where=kind) for name, kind in zip(WHAT, kinds, strict=True)}


def _beyond_chance(typed: int, early: int, written: int, late: int) -> bool:
    if typed != early or written != late or min(typed, written) < LEAST:
        return False
    return bool(EARLY**typed * LATE**written < CHANCE)
