"""What makes a row break the contract, told row by row; and what is mended by a rule and told as well."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from operator import or_
from typing import Any

from carestudy import engine
from carestudy.care import UNTIMED, Settings
from carestudy.contract import TABLES, Contract, Type
from carestudy.load import digits, error_cells, parse, utc, vocabulary
from carestudy.load.digits import only_if
from carestudy.load.entry import Column, Reading, as_written, in_order
from carestudy.load.error_cells import ERROR
from carestudy.load.lists import refuse_lists
from carestudy.load.mending import (
    AN_ERROR,
    BEFORE,
    EARLY,
    EMPTIED,
    ENDS,
    NEVER_JOINED,
    OPEN,
    UNREADABLE,
    emptied,
    pairs,
)
from carestudy.load.parse import Forms
from carestudy.load.plain_names import BROKEN, LINE, OURS, UNREAD, plain
from carestudy.load.scores import off_scale
from carestudy.load.source import Source
from carestudy.measure.recorded_days import time_of
from carestudy.zones import IN_UTC

REASON = f"{OURS}reason"
MENDED, FOREIGN, REMAINDER = f"{OURS}mended_", f"{OURS}foreign_", f"{OURS}remainder_"
TIDIED, ROUNDED = f"{OURS}tidied", f"{OURS}rounded_"
READABLE: dict[Type, str] = {
    "date": "is no date (write 2026-10-31, or state the form in care.toml: dates)",
    "time": "is no time (write 2026-10-31 18:05, or state the form in care.toml: dates)",
    "money": "is no amount (write 1234.5, or state the form in care.toml: numbers)",
    "number": "is no number",
    "integer": "is no whole number",
    "flag": "is neither yes nor no",
}
# 1900-01-01 is what programs write for a day they do not know, and 9999-12-31 for one that is still to come.
FIRST, LAST = "1901-01-01", "2200-01-01"
OUTSIDE = "lies outside the years 1901 to 2199"
FAR_BEFORE = "lies far before all other days: probably a slip"
FAR_AFTER = "lies far after all other days: probably a slip (if it is none, state as_of)"
# Words of the contract, recognised in capitals as well.
WORDS = {
    "question": ("nps", "csat", "ces"),
    "kind": ("question", "complaint", "request", "exit_interview"),
}
OTHER_CURRENCY = "is in another currency"
# Ids that a spreadsheet took for numbers, and its errors.
SPOILT = r"^(\d([.,]\d+)?[Ee]\+\d+|\d[.,]\d+[Ee]\d{2}|#(REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!))$"
Read = Callable[[Any, Column], Reading]
Bounds = tuple[date | None, date | None]  # the first day, and the first one behind the last
Fault = tuple[Any, Any]  # the condition under which a row has it, and its column with what is wrong with it


@dataclass(frozen=True)
class Frame:
    """What a table is read with: its contract, the company's settings, its own mapping, and where the data end.

    ``bounds`` are those beyond which its days are slips of the pen, which ``load.far_days`` finds.
    """

    contract: Contract
    settings: Settings
    source: Source
    known_until: datetime | None
    bounds: Bounds = (None, None)

    @property
    def in_utc(self) -> bool:
        """Whether moments are read in UTC beside the company's clocks, which change."""
        return utc.wanted(self.contract, self.settings.timezone)

    def forms(self, column: str) -> Forms:
        """How a column is written."""
        source = self.source
        return Forms(self.settings, source.dates_of(column), source.numbers_of(column), source.timezone, source.empty)


def written(table: engine.Table, frame: Frame) -> bool:
    """Whether the table has text that must be read as something else, which is not to be done twice."""
    kinds = frame.contract.columns
    texts = [name for name, kind in table.schema().items() if kind.is_string() or kind.is_struct()]
    return any(kinds.get(name, "text") != "text" for name in texts)


def parsed(table: engine.Table, frame: Frame) -> engine.Table:
    """Every column as its type, and beside each that is not text whether it says something that cannot be read."""
    return table.select(**_parsed(table, frame), **key_of_its_own(table, frame.contract))


def as_found(table: engine.Table, frame: Frame) -> tuple[Any, Any]:
    """The same with text as it stands, read anew whenever it is asked for; and that with marks where it is untidy.

    What the marks need would be computed with every question, even where nobody asks for them.
    """
    columns = _parsed(table, frame)
    text = [c for c, value in columns.items() if not c.startswith(OURS) and value.type().is_string()]
    untidy = [_untidy(table[column], column, columns[column], frame) for column in text]
    columns |= {column: table[column] for column in text} | key_of_its_own(table, frame.contract)
    tidied = {TIDIED: reduce(or_, untidy, engine.literal(False))}  # noqa: FBT003
    lasting = {name: value for name, value in columns.items() if not name.startswith(ERROR)}  # none where all is tidy
    return table.select(**lasting), table.select(**columns, **tidied)


def _untidy(cells: engine.Value, column: str, tidied: engine.Value, frame: Frame) -> engine.Value:
    """Whether text would be changed; of ids, all of them different, there is a quicker way to tell."""
    if not cells.type().is_string():
        return engine.literal(True)  # noqa: FBT003
    if column.endswith("_id") and column not in frame.source.values:
        return parse.untidy(cells, frame.forms(column)) | cells.re_search(parse.POINT_ZERO[0])
    return ~tidied.identical_to(cells)


def _parsed(table: Any, frame: Frame) -> dict[str, Any]:
    refuse_lists(table, frame.contract)
    contract, entries, columns = frame.contract, frame.source.columns, dict[str, Any]()
    for column in in_order(table.columns, entries):
        kind, forms = contract.columns.get(column), frame.forms(column)
        if column.startswith(OURS):
            columns[column] = table[column]
            continue
        cells = _in_our_words(table[column], frame.source.values.get(column))
        if kind is None:
            columns[column] = parse.plain(cells, forms)
            continue
        read = entries[column].read if column in entries else as_written
        reading = read(cells, Column(column, kind, forms, frame.source.numbers, columns))
        columns[column], error = error_cells.emptied(cells, column, reading)
        if column.endswith("_id"):
            columns[column] = columns[column].re_replace(*parse.POINT_ZERO)
            if (mark := digits.rounded(cells)) is not None:
                columns[ROUNDED + column] = mark
        marks = {UNREAD + column: reading.unread, FOREIGN + column: reading.foreign, ERROR + column: error}
        marks |= {REMAINDER + column: reading.remainder} if frame.source.sum_by else {}
        columns |= {name: mark for name, mark in marks.items() if mark is not None}
        if kind == "time" and frame.in_utc:
            columns |= _twin(column, cells, read, frame, columns)
        columns[column] = in_small_letters(column, columns[column])
    return columns


def _twin(column: str, cells: Any, read: Read, frame: Frame, columns: Mapping[str, Any]) -> dict[str, Any]:
    """A column of moments in UTC; and as the clock shows it, where it is computed from another such column."""
    before = dict(columns) | {name: columns[IN_UTC + name] for name in columns if IN_UTC + name in columns}
    forms = parse.in_utc(frame.forms(column))
    moment = read(cells, Column(column, "time", forms, frame.source.numbers, before)).value
    twin = {IN_UTC + column: moment}
    entry = frame.source.columns.get(column)
    return twin | ({column: parse.clock_of(moment, frame.settings)} if entry and entry.needs else {})


def in_small_letters(column: str, cells: Any) -> Any:
    """Words of the contract as it writes them, whatever their capitals; other words stay."""
    if column not in WORDS:
        return cells
    small = cells.lower()
    return small.isin(WORDS[column]).ifelse(small, cells)


def key_of_its_own(table: Any, contract: Contract) -> dict[str, Any]:
    """A key by the place of each row, where a table that should have one has none."""
    if not contract.key or contract.key in table.columns or contract.name == "customers":
        return {}
    return {contract.key: engine.literal("row ") + table[LINE].cast("string")}


def _in_our_words(column: engine.Value, words: Mapping[str, str] | None) -> Any:
    if not words or column.type().is_struct():
        return column
    return vocabulary.translated(column, {plain(theirs): ours for theirs, ours in words.items()})


def judged(rows: engine.Table, frame: Frame) -> engine.Table:
    """Parsed rows with the reason why each breaks the contract, or null, and with what was mended in it."""
    kinds = frame.contract.columns
    faults, mended = _unread(rows, frame.contract), {}
    values = {column: rows[column] for column in rows.columns}
    for column in [c for c in rows.columns if kinds.get(c) in ("date", "time")]:
        value = rows[column]
        early, late = value < _moment(FIRST), value >= _moment(LAST)
        inside = (early | late).ifelse(engine.null("timestamp"), value)
        values[column] = inside.cast("date") if kinds[column] == "date" else inside
        if column in OPEN:
            mended[MENDED + column] = late
        if column in ENDS:
            mended[MENDED + column + EARLY] = early
        else:
            faults.append((early if column in OPEN else early | late, f"{column} {OUTSIDE}"))
    mended |= {MENDED + c + UNREADABLE: rows[UNREAD + c] for c in EMPTIED if UNREAD + c in values}
    mended |= {MENDED + c + AN_ERROR: rows[ERROR + c] for c in kinds if ERROR + c in values}
    ends = {column: _compared(values, column) for column in values if kinds.get(column) in ("date", "time")}
    mended |= {MENDED + mending: mark for mending, mark in emptied(frame.contract.name, values, ends).items()}
    values |= {IN_UTC + c: only_if(values[c].notnull(), values[IN_UTC + c]) for c in ENDS if IN_UTC + c in values}
    values |= {UNTIMED + c: mended[MENDED + c + BEFORE] for c in ENDS if MENDED + c + BEFORE in mended}
    if frame.contract.name == "customers" and {"joined_on", "left_on"} <= set(values):
        mended[MENDED + NEVER_JOINED] = rows.joined_on.isnull()
    return rows.select(**values, **mended, **{REASON: _first(faults + _broken(values, frame))})


def unmarked(rows: engine.Table, frame: Frame) -> engine.Table:
    """Parsed rows in which nothing was found, as the contract has them: nothing need be asked of them again."""
    kinds = frame.contract.columns
    ours = {column: rows[column] for column in rows.columns if _stays(column)}
    return rows.select(**{c: value.cast("date") if kinds.get(c) == "date" else value for c, value in ours.items()})


def used(marked: engine.Table) -> engine.Table:
    """The rows that keep the contract."""
    rows = marked.filter(marked[REASON].isnull())
    return rows.drop(*[column for column in rows.columns if not _stays(column)])


def _stays(column: str) -> bool:
    """Whether a column belongs to the checked table."""
    return column.startswith((IN_UTC, UNTIMED)) or not column.startswith(OURS)


def _unread(rows: Any, contract: Contract) -> list[Fault]:
    faults: list[Fault] = []
    if BROKEN in rows.columns:
        faults.append((rows[BROKEN].notnull(), engine.literal(" ") + rows[BROKEN]))
    faults += [(rows[FOREIGN + c], f"{c} {OTHER_CURRENCY}") for c in contract.columns if FOREIGN + c in rows.columns]
    unread = [c for c in contract.columns if UNREAD + c in rows.columns and c not in EMPTIED]
    return faults + [(rows[UNREAD + c], f"{c} {READABLE[contract.columns[c]]}") for c in unread]


def _broken(values: Mapping[str, Any], frame: Frame) -> list[Fault]:
    """What can be wrong with values that can be read."""
    name, time = frame.contract.name, frame.contract.time
    faults = [
        (values[c].isnull(), f"{c} is empty")
        for c, column in TABLES[name].registry.items()
        if column.required and c in values
    ]
    ordered = pairs(name, values) if name == "staff" else []
    faults += [(values[later] < values[earlier], f"{later} lies before {earlier}") for later, earlier in ordered]
    ids = [c for c in values if c in frame.contract.columns and c.endswith("_id")]
    faults += [(_spoilt(values, c), f"{c} was spoilt by a spreadsheet: export it as text") for c in ids]
    if "currency" in values:
        foreign = values["currency"].notnull() & ~digits.is_own(values["currency"], frame.settings.currency)
        faults.append((foreign, f"currency {OTHER_CURRENCY}"))
    if name == "responses" and {"question", "score"} <= set(values):
        faults += off_scale(values["question"], values["score"])
    if frame.known_until is not None and time and time in values:
        faults.append((values[time] >= engine.literal(frame.known_until), f"{time} lies after as_of"))
    return faults + _far(values, frame)


def _far(values: Mapping[str, Any], frame: Frame) -> list[Fault]:
    """Days outside the bounds of the table, if it has any."""
    time, (first, last) = time_of(frame.contract.name), frame.bounds
    faults = [] if first is None else [(values[time] < _moment(str(first)), f"{time} {FAR_BEFORE}")]
    return faults + ([] if last is None else [(values[time] >= _moment(str(last)), f"{time} {FAR_AFTER}")])


def _compared(values: Mapping[str, Any], column: str) -> Any:
    """A moment as it is compared with another: in UTC where clocks change."""
    return only_if(values[column].notnull(), values[IN_UTC + column]) if IN_UTC + column in values else values[column]


def _spoilt(values: Mapping[str, Any], column: str) -> engine.Value:
    """Whether an id was a number that kept its first digits only, or is an error of a spreadsheet."""
    written = values[column].re_search(SPOILT)
    return written | values[ROUNDED + column] if ROUNDED + column in values else written


def _first(faults: list[Fault]) -> engine.Value:
    """The first thing that is wrong with a row, null where nothing is."""
    return engine.cases(*faults, else_=engine.null("string")) if faults else engine.null("string")


def _moment(day: str) -> engine.Value:
    return engine.literal(day).cast("timestamp")
