"""Tables that stay in their database: columns that have their types already, read by what every engine understands.

Text that must be read as days or amounts needs the rules of ``parse``, which only our own engine has; a database whose
columns have types needs none of them, and its rows need not leave it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ibis
from babel.numbers import get_currency_precision

from carestudy.care import Settings
from carestudy.contract import CareError, Contract, Type
from carestudy.load.checks import WORDS, Frame
from carestudy.load.digits import only_if
from carestudy.load.names import LINE, OURS, plain
from carestudy.load.parse import NOTHING

ENGINES = ("postgres", "pyspark")
WANTED: dict[Type, str] = {
    "date": "a date or timestamp",
    "time": "a timestamp",
    "money": "a whole number or decimal",
    "number": "a number",
    "integer": "a whole number",
    "flag": "a boolean",
}


def untyped(table: Any, contract: Contract) -> list[tuple[str, str]]:
    """The columns of the contract that are not what it wants, each with what that is."""
    kinds = {column: contract.columns.get(column) for column in table.columns}
    return [(c, WANTED[kind]) for c, kind in kinds.items() if kind and kind != "text" and not _fits(table[c], kind)]


def parsed(table: Any, frame: Frame) -> Any:
    """Every column as the contract has it, with words of the company in those of the contract.

    What is done to text costs every query that comes: it is done only where one look has found text that needs it.
    """
    contract, columns = frame.contract, {}
    for column in table.columns:
        cells = _in_our_words(table[column], frame.source.values.get(column))
        given = column.startswith(OURS) or not (contract.columns.get(column) or cells.type().is_string())
        columns[column] = table[column] if given else _parsed(cells, contract.columns.get(column, "text"), frame)
        if column in WORDS:
            small = columns[column].lower()
            columns[column] = small.isin(WORDS[column]).ifelse(small, columns[column])
    columns |= {column: table[column] for column in _as_they_are(table, columns)}
    if contract.key and contract.key not in table.columns and contract.name != "customers":
        columns[contract.key] = ibis.literal("row ") + table[LINE].cast("string")
    return table.select(**columns)


def _as_they_are(table: Any, columns: Mapping[str, Any]) -> list[str]:
    """The columns of text in which nothing would change."""
    text = [c for c in columns if c in table.columns and not c.startswith(OURS) and table[c].type().is_string()]
    if not text:
        return []
    same = table.select(**{c: table[c].identical_to(columns[c]).ifelse(0, 1) for c in text})
    changed = same.aggregate(**{c: same[c].max() for c in text}).to_pyarrow().to_pylist()[0]
    return [column for column in text if not changed[column]]


def _fits(column: Any, kind: Type) -> bool:
    own = column.type()
    match kind:
        case "date":
            return bool(own.is_date() or own.is_timestamp())
        case "time":
            return bool(own.is_timestamp() or own.is_date())
        case "integer":
            return bool(own.is_integer())
        case "flag":
            return bool(own.is_boolean())
    return bool(own.is_numeric() and not own.is_boolean())


def _parsed(column: Any, kind: Type | None, frame: Frame) -> Any:
    match kind:
        case "date" | "time":
            return _moment(column, frame)
        case "money":
            return _money(column, frame.settings)
        case "number":
            return _number(column)
        case "integer" | "flag":
            return column
    text = (column if column.type().is_string() else column.cast("string")).strip()
    return only_if(~text.isin((*NOTHING, *frame.source.empty)), text)


def _moment(column: Any, frame: Frame) -> Any:
    kind = column.type()
    if kind.is_timestamp() and kind.timezone is not None:
        return local(column, frame.settings.timezone)
    moment = column.cast("timestamp")
    if kind.is_date() or frame.source.timezone in (None, frame.settings.timezone):
        return moment
    if frame.source.timezone != "UTC":
        raise CareError(
            f"{frame.contract.name}: times of a database are in the company's zone, in UTC, or zoned; "
            f"not in {frame.source.timezone}"
        )
    return local(moment, frame.settings.timezone)


@ibis.udf.scalar.builtin(name="timezone", signature=(("string", "timestamp('UTC')"), "timestamp"))  # type: ignore[untyped-decorator]
def _timezone(zone: Any, moment: Any) -> Any:
    """What the clock of a zone shows at a moment, in PostgreSQL."""


@ibis.udf.scalar.builtin(name="from_utc_timestamp", signature=(("timestamp", "string"), "timestamp"))  # type: ignore[untyped-decorator]
def _from_utc(moment: Any, zone: Any) -> Any:
    """The same in Spark, whose session keeps UTC."""


def local(moment: Any, zone: str) -> Any:
    """A moment as the clock of a zone shows it."""
    if moment.get_backend().name == "pyspark":
        return _from_utc(moment.cast("timestamp"), zone)
    return _timezone(zone, moment.cast("timestamp('UTC')"))


def _money(column: Any, settings: Settings) -> Any:
    """Whole numbers of the currency's smallest unit, halves rounded away from zero."""
    decimals = get_currency_precision(settings.currency)
    if column.type().is_integer():
        return column.cast("int64") * 10**decimals
    exact = _number(column) if column.type().is_floating() else column
    return (exact.cast(f"decimal(30, {decimals})") * 10**decimals).cast("int64")


def _number(column: Any) -> Any:
    number = column.cast("float64")
    return only_if(~number.isnan(), number) if column.type().is_floating() else number


def _in_our_words(column: Any, words: Any) -> Any:
    if not words:
        return column
    told = column.cast("string").strip().lower()
    return ibis.cases(*((told == plain(theirs), ours) for theirs, ours in words.items()), else_=column.cast("string"))
