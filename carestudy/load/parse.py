"""One column as its contract type: the parsed value, null where the source says nothing.

A value that cannot be read stays null as well; the door tells the two apart and sets the row aside. Text in files is
parsed strictly: nothing ambiguous is guessed.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import ibis
from babel.numbers import get_currency_precision

from carestudy.care import Settings
from carestudy.contract import CareError, Type
from carestudy.load.settings import Source

NOTHING = ("", "null", "nan", "n/a", "#n/a", "nat", "<na>")
YES, NO = ("true", "t", "1", "yes", "y", "có", "co", "x"), ("false", "f", "0", "no", "n", "không", "khong")
ISO_DAY = r"^\d{4}-\d{2}-\d{2}"
ISO_TIME = ISO_DAY + r"([ T]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?)?$"
ISO_ZONED = ISO_DAY + r"[ T]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}(:?\d{2})?)$"
FIRST, LAST = "1900-01-01", "2200-01-01"
NUMBERS = {"1,234.5": (",", "."), "1.234,5": (".", ","), "1234.5": ("", "."), "1234,5": ("", ",")}


@ibis.udf.scalar.builtin  # type: ignore[untyped-decorator]
def nfc_normalize(text: str) -> str:  # type: ignore[empty-body]
    """Text with each letter and its marks as one character."""


@ibis.udf.scalar.builtin(name="try_strptime", signature=(("string", "string"), "timestamp"))  # type: ignore[untyped-decorator]
def try_strptime(text: Any, form: Any) -> Any:
    """A moment written in a stated form, null where it is not."""


def present(column: Any) -> Any:
    """Whether the source says anything: not null, blank, NaN, or one of the ways programs write nothing."""
    kind = column.type()
    if kind.is_string():
        return column.notnull() & ~_trimmed(column).lower().isin(NOTHING)
    return (column.notnull() & ~column.isnan()) if kind.is_floating() else column.notnull()


def parsed(column: Any, kind: Type, settings: Settings, source: Source) -> Any:
    """The column as its contract type."""
    said = present(column)
    match kind:
        case "text":
            value = _text(column)
        case "date" | "time":
            value = _moment(column, settings, source)
            sane = (value >= ibis.literal(FIRST).cast("timestamp")) & (value < ibis.literal(LAST).cast("timestamp"))
            value = sane.ifelse(value, ibis.null("timestamp"))
            value = value.cast("date") if kind == "date" else value
        case "money":
            value = _money(column, settings, source)
        case "number":
            value = _finite(_number(column, source))
        case "integer":
            whole = _finite(_number(column, source))
            value = (whole == whole.round().cast("float64")).ifelse(whole.try_cast("int64"), ibis.null("int64"))
        case "flag":
            value = _flag(column)
    return said.ifelse(value, ibis.null(value.type()))


def plain_text(column: Any) -> Any:
    """A column beyond the contract: text trimmed and in one normal form, anything else as it is."""
    return present(column).ifelse(_text(column), ibis.null("string")) if column.type().is_string() else column


def _trimmed(column: Any) -> Any:
    return column.re_replace(r"^[\s\x{00A0}\x{200B}\x{FEFF}]+|[\s\x{00A0}\x{200B}\x{FEFF}]+$", "")


def _text(column: Any) -> Any:
    kind = column.type()
    if kind.is_string():
        return nfc_normalize(_trimmed(column))
    if kind.is_floating():  # ids that a spreadsheet made into 12.0
        return (column == column.round().cast("float64")).ifelse(
            column.try_cast("int64").cast("string"), column.cast("string")
        )
    return column.cast("string")


def _moment(column: Any, settings: Settings, source: Source) -> Any:
    kind = column.type()
    if kind.is_timestamp():
        return _placed(column.cast("timestamp"), settings, source) if kind.timezone is None else local(column, settings)
    if kind.is_date():
        return column.cast("timestamp")
    if not kind.is_string():
        return ibis.null("timestamp")
    text = _trimmed(column)
    if source.dates:
        return _placed(try_strptime(text, source.dates), settings, source)
    plain = text.re_search(ISO_TIME).ifelse(text.try_cast("timestamp"), ibis.null("timestamp"))
    zoned = text.re_search(ISO_ZONED).ifelse(text.try_cast("timestamp('UTC')"), ibis.null("timestamp('UTC')"))
    return ibis.coalesce(_placed(plain, settings, source), local(zoned, settings))


def _placed(plain: Any, settings: Settings, source: Source) -> Any:
    """A moment without a zone: the company's own time, unless care.toml says that the source writes UTC."""
    if source.timezone in (None, settings.timezone):
        return plain
    if source.timezone != "UTC":
        raise CareError(f'care.toml: timezone = "{source.timezone}" of a table can only be "UTC" or the company\'s own')
    return local(plain, settings)


def local(column: Any, settings: Settings) -> Any:
    """A zoned moment as the company's clock shows it: engines put zoned moments into months of another zone."""
    steps = _offsets(ZoneInfo(settings.timezone))
    utc = column.cast("timestamp('UTC')").cast("timestamp")
    shifted = utc + ibis.interval(seconds=steps[0][1])
    for since, seconds in steps[1:]:
        shifted = (utc >= ibis.literal(since)).ifelse(utc + ibis.interval(seconds=seconds), shifted)
    return shifted


def _offsets(zone: ZoneInfo) -> list[tuple[datetime, int]]:
    """When the zone's clock changed, in UTC without a zone, and by how many seconds it is ahead from then on."""

    def ahead(day: datetime) -> int:
        found = day.replace(tzinfo=UTC).astimezone(zone).utcoffset()
        return int(found.total_seconds()) if found is not None else 0

    hour = datetime(1990, 1, 1)  # noqa: DTZ001  UTC by construction
    steps = [(hour, ahead(hour))]
    for day in (hour + timedelta(days=number) for number in range(1, 18_000)):
        if ahead(day) != steps[-1][1]:
            change = next(
                t for t in (day - timedelta(hours=back) for back in range(24, -1, -1)) if ahead(t) == ahead(day)
            )
            steps.append((change, ahead(day)))
    return steps


def _number(column: Any, source: Source) -> Any:
    if not column.type().is_string():
        return column.cast("float64")
    return _digits(column, source, decimals=12).try_cast("float64")


def _money(column: Any, settings: Settings, source: Source) -> Any:
    decimals = get_currency_precision(settings.currency)
    kind = column.type()
    if kind.is_floating():
        return (_finite(column) * 10**decimals).round().try_cast("int64")
    if not kind.is_string():
        return (column.cast(f"decimal(38, {decimals + 4})") * 10**decimals).round().try_cast("int64")
    exact = _digits(column, source, decimals).try_cast(f"decimal(30, {decimals})")
    return (exact * 10**decimals).try_cast("int64")


def _digits(column: Any, source: Source, decimals: int) -> Any:
    """A written number with a plain decimal point, null where it has another form or more decimals than there are."""
    if source.numbers is not None and source.numbers not in NUMBERS:
        raise CareError(f'care.toml: numbers = "{source.numbers}" is not known: choose one of {", ".join(NUMBERS)}')
    group, point = NUMBERS[source.numbers or "1234.5"]
    whole = rf"(\d+|\d{{1,3}}({re.escape(group)}\d{{3}})+)" if group else r"\d+"
    form = rf"^[+-]?{whole}" + (rf"({re.escape(point)}\d{{1,{decimals}}})?$" if decimals else "$")
    text = _trimmed(column)
    plain = text.replace(group, "") if group else text
    plain = plain.replace(point, ".") if point != "." else plain
    return text.re_search(form).ifelse(plain, ibis.null("string"))


def _finite(number: Any) -> Any:
    return (number.isnan() | number.isinf()).ifelse(ibis.null("float64"), number)


def _flag(column: Any) -> Any:
    if column.type().is_boolean():
        return column
    text = (_trimmed(column) if column.type().is_string() else _text(column)).lower()
    return ibis.cases((text.isin(YES), True), (text.isin(NO), False), else_=ibis.null("boolean"))
