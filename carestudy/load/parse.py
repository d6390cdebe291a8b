"""One column as its contract type: the parsed value, null where the source says nothing.

A value that cannot be read stays null as well; the door tells the two apart and sets the row aside. Text is parsed
strictly: nothing ambiguous is guessed.
"""

from __future__ import annotations

import re
from typing import Any

import ibis
from babel.numbers import get_currency_precision

from carestudy.care import Settings
from carestudy.contract import Type
from carestudy.load.settings import NUMBERS, Source

# As programs write it, and only so: a customer may be called Na, Nan or Null.
NOTHING = ("", "NULL", "null", "NaN", "nan", "NAN", "N/A", "n/a", "#N/A", "NaT", "<NA>", r"\N")
YES = ("true", "t", "1", "1.0", "yes", "y", "có", "co", "x")
NO = ("false", "f", "0", "0.0", "no", "n", "không", "khong")
SPACES = r"[\x{a0}\x{202f}]"
UNSEEN = r"^[\s\x0b\x{200b}\x{feff}]+|[\s\x0b\x{200b}\x{feff}]+$|[\x{200b}\x{feff}]"
DAY = r"^\d{4}-\d{2}-\d{2}"
ISO_DAY, ISO_TIME = DAY + "$", DAY + r"[ T]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?$"
ISO_ZONED = DAY + r"[ T]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-](0\d|1[0-4])(:?[0-5]\d)?)$"
# "950.000" is nine hundred and fifty, or thousand: only who wrote it knows.
AMBIGUOUS = r"^[+-]?[1-9]\d{0,2}\.\d{3}$"


@ibis.udf.scalar.builtin  # type: ignore[untyped-decorator]
def nfc_normalize(text: str) -> str:  # type: ignore[empty-body]
    """Text with each letter and its marks as one character."""


@ibis.udf.scalar.builtin(name="try_strptime", signature=(("string", "array<string>"), "timestamp"))  # type: ignore[untyped-decorator]
def _try_strptime(text: Any, forms: Any) -> Any:
    """A moment written in one of the stated forms, null where it is not."""


@ibis.udf.scalar.builtin(name="timezone", signature=(("string", "timestamp('UTC')"), "timestamp"))  # type: ignore[untyped-decorator]
def _clock(zone: Any, moment: Any) -> Any:
    """What the clock of a zone shows at a moment."""


@ibis.udf.scalar.builtin(name="timezone", signature=(("string", "timestamp"), "timestamp('UTC')"))  # type: ignore[untyped-decorator]
def _moment_at(zone: Any, clock: Any) -> Any:
    """The moment at which the clock of a zone shows this."""


def clean(column: Any) -> Any:
    """Text in one normal form, without spaces at its ends and without those that cannot be seen."""
    return nfc_normalize(column.re_replace(SPACES, " ").re_replace(UNSEEN, ""))


def present(column: Any) -> Any:
    """Whether the source says anything: not null, blank, NaN, or one of the ways programs write nothing."""
    kind = column.type()
    if kind.is_string():
        return column.notnull() & ~clean(column).isin(NOTHING)
    return (column.notnull() & ~column.isnan()) if kind.is_floating() else column.notnull()


def certain(column: Any, kind: Type) -> bool:
    """Whether the column's own type leaves nothing that could not be read."""
    own = column.type()
    match kind:
        case "date" | "time":
            return bool(own.is_timestamp() or own.is_date())
        case "flag":
            return bool(own.is_boolean())
    return kind == "text"


def parsed(column: Any, kind: Type, settings: Settings, source: Source) -> Any:
    """The column as its contract type; days are moments still, so that what no calendar of ours has can be told."""
    match kind:
        case "text":
            return plain(_as_text(column))
        case "date" | "time":
            return _moment(column, settings, source)
        case "money":
            return _money(column, settings, source)
        case "number":
            return _number(column, source)
        case "integer":
            number = _number(column, source)
            return _if(number.try_cast("int64").cast("float64") == number, number.try_cast("int64"))
        case "flag":
            return _flag(column)


def plain(column: Any) -> Any:
    """A column beyond the contract: text cleaned, NaN as null, anything else as it is."""
    kind = column.type()
    if kind.is_floating():
        return _if(~column.isnan(), column)
    if not kind.is_string():
        return column
    text = clean(column)
    return text.isin(NOTHING).ifelse(ibis.null("string"), text)


def _if(condition: Any, value: Any) -> Any:
    return condition.ifelse(value, ibis.null(value.type()))


def _as_text(column: Any) -> Any:
    kind = column.type()
    if kind.is_floating():  # ids that a spreadsheet made into 12.0
        whole = column.try_cast("int64")
        return _if(
            ~column.isnan(), (whole.cast("float64") == column).ifelse(whole.cast("string"), column.cast("string"))
        )
    return column if kind.is_string() else column.cast("string")


def _moment(column: Any, settings: Settings, source: Source) -> Any:
    kind = column.type()
    if kind.is_timestamp() and kind.timezone is not None:
        return local(column, settings)
    if kind.is_timestamp():
        return _placed(column.cast("timestamp"), settings, source)
    if kind.is_date():
        return column.cast("timestamp")
    if not kind.is_string():
        return ibis.null("timestamp")
    text = clean(column)
    if source.dates:
        # A day is the same day everywhere: only what has an hour is moved to another zone.
        days = [form for form in source.dates if "%H" not in form and "%I" not in form]
        times = [form for form in source.dates if form not in days]
        stamps = [_placed(_try_strptime(text, times), settings, source)] if times else []
        return ibis.coalesce(*stamps, *([_try_strptime(text, days)] if days else []))
    stamp = _if(text.re_search(ISO_TIME), text.try_cast("timestamp"))
    seconds = text.re_replace(r"^(.{16})([Z+-])", r"\1:00\2")
    zoned = _if(text.re_search(ISO_ZONED), seconds.try_cast("timestamp('UTC')"))
    day = _if(text.re_search(ISO_DAY), text.try_cast("timestamp"))
    return ibis.coalesce(_placed(stamp, settings, source), day, local(zoned, settings))


def _placed(clock: Any, settings: Settings, source: Source) -> Any:
    """A time without a zone: the company's own, unless care.toml says that the source writes another zone's."""
    if source.timezone in (None, settings.timezone):
        return clock
    return _clock(settings.timezone, _moment_at(source.timezone, clock))


def local(column: Any, settings: Settings) -> Any:
    """A zoned moment as the company's clock shows it: engines put zoned moments into months of another zone."""
    return _clock(settings.timezone, column.cast("timestamp('UTC')"))


def _number(column: Any, source: Source) -> Any:
    kind = column.type()
    if kind.is_string():
        return _digits(column, source).try_cast("float64")
    if not kind.is_numeric() or kind.is_boolean():
        return ibis.null("float64")
    number = column.cast("float64")
    return _if(~(number.isnan() | number.isinf()), number)


def _money(column: Any, settings: Settings, source: Source) -> Any:
    """Whole numbers of the currency's smallest unit, halves rounded away from zero."""
    decimals = get_currency_precision(settings.currency)
    kind = column.type()
    if not kind.is_string() and (not kind.is_numeric() or kind.is_boolean()):
        return ibis.null("int64")
    if kind.is_integer() and not decimals:
        return column.try_cast("int64")
    digits = _digits(column, source) if kind.is_string() else column
    return (digits.try_cast(f"decimal(30, {decimals})") * 10**decimals).try_cast("int64")


def _digits(column: Any, source: Source) -> Any:
    """A written number with a plain decimal point, null where it has another form or could be read in two ways."""
    group, point = NUMBERS[source.numbers or "1234.5"]
    whole = rf"(\d+|\d{{1,3}}({re.escape(group)}\d{{3}})+)" if group else r"\d+"
    text = clean(column)
    clear = text.re_search(rf"^[+-]?{whole}({re.escape(point)}\d+)?$")
    if source.numbers is None:
        clear = clear & ~text.re_search(AMBIGUOUS)
    plain = text.replace(group, "") if group else text
    return _if(clear, plain.replace(point, ".") if point != "." else plain)


def _flag(column: Any) -> Any:
    if column.type().is_boolean():
        return column
    text = clean(_as_text(column)).lower()
    return ibis.cases((text.isin(YES), True), (text.isin(NO), False), else_=ibis.null("boolean"))
