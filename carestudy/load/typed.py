"""Tables that stay in their database: columns that have their types already, read by what every engine understands.

Text that must be read as days or amounts needs the rules of ``parse``, which only our own engine has; a database whose
columns have types needs none of them, and its rows need not leave it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from babel.numbers import get_currency_precision

from carestudy import engine
from carestudy.care import Settings
from carestudy.contract import CareError, Contract, Type
from carestudy.load import parse
from carestudy.load.checks import ROUNDED, Frame, in_small_letters, key_of_its_own
from carestudy.load.digits import only_if, rounded, translate
from carestudy.load.mapping import FILE
from carestudy.load.plain_names import OURS, UNREAD, plain
from carestudy.load.source import Source
from carestudy.zones import IN_UTC

ENGINES = ("postgres", "pyspark")
MARKS = "\u0300\u0301\u0302\u0303\u0306\u0309\u031b\u0323"
APART = f"[A-Za-z\u00c0-\u1ef9][{MARKS}]"  # a letter with a mark of Vietnamese behind it
MOST = 9_200_000_000_000_000_000  # a little less than 64 bits hold
HALVES = 4_500_000_000_000_000  # above, a floating point number has none
LETTERS = [chr(code) for code in (*range(0xC0, 0x530), *range(0x1E00, 0x1F00))]
CAPITALS = [letter for letter in LETTERS if len(letter.lower()) == 1 and letter.lower() != letter]
WANTED: dict[Type, str] = {
    "date": "a date or timestamp",
    "time": "a timestamp",
    "money": "a whole number or decimal",
    "number": "a number",
    "integer": "a number",
    "flag": "a boolean, or 0 and 1",
}


def untyped(table: Any, contract: Contract, source: Source) -> list[tuple[str, str]]:
    """The columns of the contract that are not what it wants, each with what that is."""
    kinds = {column: contract.columns.get(column) for column in table.columns}
    typed = {column: kind for column, kind in kinds.items() if kind and kind != "text"}
    return [(c, WANTED[kind]) for c, kind in typed.items() if c in source.values or not _fits(table[c], kind)]


def parsed(table: engine.Table, frame: Frame) -> engine.Table:
    """Every column as the contract has it, with words of the company in those of the contract.

    What is done to text costs every query that comes: it is done only where one look has found text that needs it.
    """
    contract, columns = frame.contract, {}
    for column in table.columns:
        kind, cells = contract.columns.get(column), _in_our_words(table[column], frame.source.values.get(column))
        if column.startswith(OURS):
            columns[column] = cells
            continue
        columns[column] = _parsed(cells, kind, frame)
        if column.endswith("_id") and kind and not cells.type().is_integer():
            columns[column] = columns[column].re_replace(*parse.POINT_ZERO)
            if cells.type().is_floating():
                columns[ROUNDED + column] = rounded(cells)
        if kind == "time" and frame.in_utc:
            columns[IN_UTC + column] = _in_utc(cells, frame)
        if kind and _may_be_unread(cells, kind):
            columns[UNREAD + column] = _said(cells) & columns[column].isnull()
        columns[column] = in_small_letters(column, columns[column])
    columns |= {column: table[column] for column in _as_they_are(table, columns, contract.name)}
    return table.select(**columns, **key_of_its_own(table, contract))


def zoned(table: engine.Table) -> engine.Table:
    """A table of Spark whose moments are told from clocks: Ibis shows both alike while Spark's session keeps UTC."""
    backend = table.get_backend()
    kinds = dict(backend.raw_sql(backend.compile(table)).dtypes)
    return table.mutate(**{c: table[c].cast("timestamp('UTC')") for c, kind in kinds.items() if kind == "timestamp"})


def held(table: engine.Table) -> engine.Table:
    """A table of PostgreSQL with what no other engine holds in its place: no number as null, no end as year 9999."""
    cells = {}
    for column, kind in table.schema().items():
        if kind.is_decimal():
            cells[column] = only_if(~table[column].cast("float64").isnan(), table[column])
        elif kind.is_date() or kind.is_timestamp():
            ends = [engine.literal(day).cast(kind) for day in ("0001-01-02", "9999-12-30")]
            bounded = engine.least(engine.greatest(table[column], ends[0]), ends[1])
            cells[column] = only_if(table[column].notnull(), bounded)
    return table.mutate(**cells)


def _as_they_are(table: engine.Table, columns: Mapping[str, Any], name: str) -> list[str]:
    """The columns of text in which nothing would change."""
    text = [c for c in columns if c in table.columns and not c.startswith(OURS) and table[c].type().is_string()]
    if not text:
        return []
    looks = {c: table[c].identical_to(columns[c]).ifelse(0, 1) for c in text}
    if table.get_backend().name == "pyspark":  # which has no way to put letters and their marks together
        looks |= {f"{OURS}{c}": table[c].re_search(APART).fill_null(engine.literal(False)).ifelse(1, 0) for c in text}  # noqa: FBT003
    flags = table.select(**looks)
    changed = flags.aggregate(**{c: flags[c].max() for c in looks}).to_pyarrow().to_pylist()[0]
    apart = [c for c in text if changed.get(f"{OURS}{c}")]
    if apart:
        raise CareError(
            f"{name}: {', '.join(apart)}: letters and their marks stand apart (NFD) and Spark cannot join them: "
            f"write them in NFC, or say in_memory = true in {FILE}"
        )
    return [column for column in text if not changed[column]]


def _fits(column: engine.Value, kind: Type) -> bool:
    own_type = column.type()
    match kind:
        case "date":
            return bool(own_type.is_date() or own_type.is_timestamp())
        case "time":
            return bool(own_type.is_timestamp() or own_type.is_date())
        case "flag":
            return bool(own_type.is_boolean() or own_type.is_integer())
    return bool(own_type.is_numeric() and not own_type.is_boolean())


def _parsed(column: engine.Value, kind: Type | None, frame: Frame) -> Any:
    match kind:
        case "date" | "time":
            return _moment(column, frame)
        case "money":
            return _money(column, frame.settings)
        case "number":
            return _number(column)
        case "integer":
            return _whole(column)
        case "flag":
            return column if column.type().is_boolean() else engine.cases((column == 1, True), (column == 0, False))
    if kind is None and not column.type().is_string():
        return _number(column) if column.type().is_floating() else column
    return _tidy(column, frame)


def _tidy(column: engine.Value, frame: Frame) -> Any:
    """Text as ``parse`` tidies it; what costs is done only to the cells that need it."""
    text = column if column.type().is_string() else column.cast("string")
    if column.type().is_string():
        untidy = text.re_search(parse.UNTIDY)
        if text.get_backend().name == "postgres":
            text = (untidy | ~_is_normal(text, "NFC")).ifelse(_normal(parse.trimmed(text)), text)
        else:
            text = untidy.ifelse(parse.trimmed(text), text)
    return only_if(~text.isin((*parse.NOTHING, *frame.source.empty)), text)


@engine.builtin(name="normalize")  # type: ignore[untyped-decorator]
def _normal(text: str) -> str:  # type: ignore[empty-body]
    """Text with each letter and its marks as one character, in PostgreSQL."""


@engine.builtin(name="is_normalized")  # type: ignore[untyped-decorator]
def _is_normal(text: str, form: str) -> bool:  # type: ignore[empty-body]
    """Whether text has this form already, which is quicker to say."""


def _may_be_unread(column: engine.Value, kind: Type) -> bool:
    """Whether a column that fits may hold values that its kind has no place for."""
    if kind == "flag":
        return not column.type().is_boolean()
    return kind in ("money", "number", "integer") and not column.type().is_integer()


def _said(column: engine.Value) -> engine.Value:
    return column.notnull() if column.type().is_integer() else column.notnull() & ~column.cast("float64").isnan()


def _moment(column: engine.Value, frame: Frame) -> Any:
    kind = column.type()
    if kind.is_timestamp() and kind.timezone is not None:
        return local(column, frame.settings.timezone)
    moment = column.cast("timestamp")
    if kind.is_date() or frame.source.timezone in (None, frame.settings.timezone):
        return moment
    if frame.source.timezone != "UTC":
        raise CareError(
            f"{frame.contract.name}: times of a database are in the company's zone, in UTC, or zoned; "
            f"not in {frame.source.timezone}, unless {FILE} says in_memory = true"
        )
    return local(moment, frame.settings.timezone)


@engine.builtin(name="timezone", signature=(("string", "timestamp('UTC')"), "timestamp"))  # type: ignore[untyped-decorator]
def _timezone(zone: Any, moment: Any) -> Any:
    """What the clock of a zone shows at a moment, in PostgreSQL."""


@engine.builtin(name="from_utc_timestamp", signature=(("timestamp", "string"), "timestamp"))  # type: ignore[untyped-decorator]
def _from_utc(moment: Any, zone: Any) -> Any:
    """The same in Spark, whose session keeps UTC."""


def _in_utc(column: engine.Value, frame: Frame) -> Any:
    """A moment in UTC; one without a zone is the company's, unless care.toml says that it is UTC already."""
    kind = column.type()
    if kind.is_timestamp() and kind.timezone is not None:
        return local(column, "UTC")
    if frame.source.timezone == "UTC" and not kind.is_date():
        return column.cast("timestamp")
    return _utc_at(column.cast("timestamp"), frame.settings.timezone)


@engine.builtin(name="timezone", signature=(("string", "timestamp"), "timestamp('UTC')"))  # type: ignore[untyped-decorator]
def _moment_at(zone: Any, clock: Any) -> Any:
    """The moment at which the clock of a zone shows this, in PostgreSQL."""


@engine.builtin(name="to_utc_timestamp", signature=(("timestamp", "string"), "timestamp"))  # type: ignore[untyped-decorator]
def _to_utc(clock: Any, zone: Any) -> Any:
    """The same in Spark, as the clock of UTC shows it."""


def _utc_at(clock: Any, zone: str) -> Any:
    """What the clock of UTC shows when that of a zone shows this."""
    if clock.get_backend().name == "pyspark":
        return _to_utc(clock, zone)
    return _timezone("UTC", _moment_at(zone, clock))


def local(moment: engine.Value, zone: str) -> Any:
    """A moment as the clock of a zone shows it."""
    if moment.get_backend().name == "pyspark":
        return _from_utc(moment.cast("timestamp"), zone)
    return _timezone(zone, moment.cast("timestamp('UTC')"))


def _money(column: engine.Value, settings: Settings) -> engine.Value:
    """Whole numbers of the currency's smallest unit, halves rounded away from zero."""
    decimals = get_currency_precision(settings.currency)
    kind = column.type()
    if kind.is_integer() and not decimals:
        return column.cast("int64")
    if kind.is_floating():
        return _rounded(column.cast("float64") * 10**decimals)
    unit = only_if(_below(column.cast("float64"), MOST // 10**decimals), column)
    return (unit.cast(f"decimal(30, {decimals})") * 10**decimals).cast("int64")


def _rounded(number: Any) -> engine.Value:
    """The nearest whole number, as our own engine finds it: 1.005 is a little less, and rounds like what was meant."""
    held = only_if(_below(number, MOST), number)
    size = held.abs()
    rounded = (size + (size < HALVES).ifelse(0.5 + 1e-9, 0.0)).floor()
    return ((held < 0).ifelse(-1, 1) * rounded).cast("int64")


def _whole(column: engine.Value) -> Any:
    if column.type().is_integer():
        return column.cast("int64")
    number = column.cast("float64")
    integer = _below(number, MOST).ifelse(number, 0.5).cast("int64")
    return only_if(integer.cast("float64") == number, integer)


def _number(column: engine.Value) -> Any:
    number = column.cast("float64")
    return number if column.type().is_integer() else only_if(~(number.isnan() | number.isinf()), number)


def _below(number: Any, most: int) -> Any:
    """Whether a number is one, and so small."""
    return ~number.isnan() & (number.abs() < float(most))


def _in_our_words(column: engine.Value, words: Any) -> engine.Value:
    if not words:
        return column
    text = column.cast("string")
    trimmed = parse.trimmed(_normal(text) if text.get_backend().name == "postgres" else text).re_replace(r"\s+", " ")
    # A database of the C locale knows English capitals only.
    small = translate(trimmed, "".join(CAPITALS), "".join(letter.lower() for letter in CAPITALS)).lower()
    return engine.cases(*((small == plain(theirs), ours) for theirs, ours in words.items()), else_=text)
