"""One column as its contract type: the parsed value, null where the source says nothing.

A value that cannot be read stays null as well; the door tells the two apart and sets the row aside. Text is parsed
strictly: nothing ambiguous is guessed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from carestudy import engine
from carestudy.care import Settings
from carestudy.contract import Type
from carestudy.load import digits
from carestudy.load.digits import only_if
from carestudy.load.mapping import COUNTED, SWAPPED

# As programs write it, and only so: a customer may be called Na, Nan or Null.
NOTHING = ("", "NULL", "null", "NaN", "nan", "NAN", "N/A", "n/a", "#N/A", "NaT", "<NA>", r"\N")
YES = ("true", "t", "1", "1.0", "yes", "y", "có", "co", "x")
NO = ("false", "f", "0", "0.0", "no", "n", "không", "khong")
# In letters that every engine reads alike: a vertical tab itself, or \v, is the letter v to Spark.
SPACES = "[\u00a0\u202f]"
BLANK = r"[ \t\n\x0b\x0c\r" + "\u200b\ufeff]"
UNSEEN = f"^{BLANK}+|{BLANK}+$|[\u200b\ufeff]"
UNTIDY = f"[\u00a0\u202f\u200b\ufeff]|^{BLANK}|{BLANK}$"
DAY = r"^\d{4}-\d{2}-\d{2}"
ISO_DAY, ISO_TIME = DAY + "$", DAY + r"[ T]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?$"
ISO_ZONED = DAY + r"[ T]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)? ?(Z|[+-](0\d|1[0-4])(:?[0-5]\d)?)$"
# Days between the first day of a spreadsheet and that of programs, which count seconds.
FIRST_DAY = {"excel": 25569, "excel-1904": 24107}
OFFSET = r"\s*(?:GMT|UTC)([+-])(\d{1,2})(?::?(\d{2}))?$"
HOUR = ("%H", "%I")
POINT_ZERO = (r"^(\d+)\.0$", r"\1")  # whole numbers as pandas writes them
LAST_MONTH = 12


@dataclass(frozen=True)
class Forms:
    """How one column is written: what care.toml says of it, and the company's settings.

    ``days_in`` is the zone in which a day begins, where that is not the one that moments are read in.
    """

    settings: Settings
    dates: tuple[str, ...] = ()
    numbers: str | None = None
    timezone: str | None = None
    empty: tuple[str, ...] = ()
    days_in: str | None = None


@engine.builtin  # type: ignore[untyped-decorator]
def nfc_normalize(text: str) -> str:  # type: ignore[empty-body]
    """Text with each letter and its marks as one character."""


@engine.builtin(name="try_strptime", signature=(("string", "array<string>"), "timestamp"))  # type: ignore[untyped-decorator]
def _try_strptime(text: Any, forms: Any) -> Any:
    """A moment written in one of the stated forms, null where it is not."""


@engine.builtin(name="timezone", signature=(("string", "timestamp('UTC')"), "timestamp"))  # type: ignore[untyped-decorator]
def _clock(zone: Any, moment: Any) -> Any:
    """What the clock of a zone shows at a moment."""


@engine.builtin(name="timezone", signature=(("string", "timestamp"), "timestamp('UTC')"))  # type: ignore[untyped-decorator]
def _moment_at(zone: Any, clock: Any) -> Any:
    """The moment at which the clock of a zone shows this."""


@engine.builtin(name="make_timestamp", signature=(("int64",), "timestamp"))  # type: ignore[untyped-decorator]
def _after(microseconds: Any) -> Any:
    """The clock of UTC so long after 1970 began."""


@engine.builtin  # type: ignore[untyped-decorator]
def printf(form: str, number: float) -> str:  # type: ignore[empty-body]
    """A number in a form of C."""


def clean(column: engine.Value) -> engine.Value:
    """Text in one normal form, without spaces at its ends and without those that cannot be seen."""
    return nfc_normalize(trimmed(column))


def trimmed(column: engine.Value) -> engine.Value:
    """Text without spaces at its ends and without those that cannot be seen."""
    return column.re_replace(SPACES, " ").re_replace(UNSEEN, "")


def untidy(text: engine.Value, forms: Forms) -> engine.Value:
    """Whether text is not what ``plain`` makes of it, which is quicker to say than to make."""
    return text.re_search(UNTIDY) | (nfc_normalize(text) != text) | _says_nothing(text, forms)


def present(column: engine.Value, forms: Forms) -> engine.Value:
    """Whether the source says anything: not null, blank, NaN, or one of the ways in which nothing is written."""
    kind = column.type()
    if kind.is_string():
        return column.notnull() & ~_says_nothing(clean(column), forms)
    return (column.notnull() & ~column.isnan()) if kind.is_floating() else column.notnull()


def _says_nothing(text: engine.Value, forms: Forms) -> engine.Value:
    return text.isin((*NOTHING, *forms.empty))


def certain(column: engine.Value, kind: Type) -> bool:
    """Whether the column's own type leaves nothing that could not be read."""
    own_type = column.type()
    match kind:
        case "date" | "time":
            return bool(own_type.is_timestamp() or own_type.is_date())
        case "flag":
            return bool(own_type.is_boolean())
    return kind == "text"


def parsed(column: Any, kind: Type, forms: Forms) -> Any:
    """The column as its contract type; days are moments still, so that what no calendar of ours has can be told."""
    match kind:
        case "text":
            return plain(as_text(column), forms)
        case "date" | "time":
            return _moment(column, forms)
        case "money":
            return digits.money(_readable(column), forms.numbers, forms.settings.currency)
        case "number":
            return digits.number(_readable(column), forms.numbers)
        case "integer":
            number = digits.number(_readable(column), forms.numbers)
            return only_if(number.try_cast("int64").cast("float64") == number, number.try_cast("int64"))
        case "flag":
            return _flag(column)


def plain(column: engine.Value, forms: Forms) -> Any:
    """A column beyond the contract: text cleaned, NaN as null, anything else as it is."""
    kind = column.type()
    if kind.is_floating():
        return only_if(~column.isnan(), column)
    if not kind.is_string():
        return column
    text = clean(column)
    return _says_nothing(text, forms).ifelse(engine.null("string"), text)


def as_text(column: engine.Value) -> Any:
    """The column as text; whole numbers as a spreadsheet keeps them, 12.0, are 12."""
    kind = column.type()
    if kind.is_floating():
        integer = column.try_cast("int64")
        return only_if(
            ~column.isnan(), (integer.cast("float64") == column).ifelse(integer.cast("string"), column.cast("string"))
        )
    return column if kind.is_string() else column.cast("string")


def as_exact_text(column: engine.Value) -> Any:
    """The column as text that can be read in one way only: 123.456 is no number with a thousands mark."""
    if not column.type().is_floating():
        return column.cast("string")
    integer = column.try_cast("int64")
    return only_if(
        ~column.isnan(), (integer.cast("float64") == column).ifelse(integer.cast("string"), printf("%.16e", column))
    )


def in_utc(forms: Forms) -> Forms:
    """The forms by which moments are read in UTC, in which no change of the clock makes a time longer or shorter."""
    home = forms.settings.timezone
    settings = replace(forms.settings, timezone="UTC")
    return replace(forms, settings=settings, timezone=forms.timezone or home, days_in=home)


def clock_of(moment: Any, settings: Settings) -> Any:
    """What the company's clock shows at a moment of UTC."""
    return _clock(settings.timezone, _moment_at("UTC", moment))


def _readable(column: engine.Value) -> Any:
    return clean(column) if column.type().is_string() else column


def _moment(column: engine.Value, forms: Forms) -> Any:
    kind = column.type()
    if kind.is_timestamp() and kind.timezone is not None:
        return local(column, forms.settings)
    if kind.is_timestamp():
        return _placed(_turned(column.cast("timestamp"), forms), forms)
    if kind.is_date():
        return _day(_turned(column.cast("timestamp"), forms), forms)
    counted = [form for form in forms.dates if form in COUNTED]
    if not kind.is_string():
        numbers = [column.cast("float64")] if kind.is_numeric() and not kind.is_boolean() else []
        return _first(_counted(number, form, forms) for number in numbers for form in counted)
    text = clean(column)
    number = only_if(text.re_search(r"^\d{1,13}(\.\d+)?$"), text.try_cast("float64")) if counted else None
    written = [form for form in forms.dates if form not in (*COUNTED, SWAPPED)]
    return _first([*_iso(text, forms), *_written(text, written, forms), *(_counted(number, f, forms) for f in counted)])


def _iso(text: engine.Value, forms: Forms) -> list[Any]:
    """ISO days and moments: nobody writes them in another sense."""
    stamp = only_if(text.re_search(ISO_TIME), text.try_cast("timestamp"))
    seconds = text.re_replace(r" ([Z+-])", r"\1").re_replace(r"^(.{16})([Z+-])", r"\1:00\2")
    zoned = only_if(text.re_search(ISO_ZONED), seconds.try_cast("timestamp('UTC')"))
    day = only_if(text.re_search(ISO_DAY), text.try_cast("timestamp"))
    return [_placed(_turned(stamp, forms), forms), _day(_turned(day, forms), forms), local(zoned, forms.settings)]


def _turned(moment: Any, forms: Forms) -> Any:
    """A moment with day and month exchanged, where care.toml says that a spreadsheet did so to days up to the 12th."""
    if SWAPPED not in forms.dates:
        return moment
    turned = moment.strftime("%Y-%d-%m %H:%M:%S.%f").try_cast("timestamp")
    return (moment.day() <= LAST_MONTH).ifelse(turned, moment)


def _written(text: engine.Value, stated: list[str], forms: Forms) -> list[Any]:
    """The stated forms; a day is the same day everywhere, only what has an hour is moved to another zone."""
    days = [form for form in stated if not any(hour in form for hour in HOUR)]
    times = [form for form in stated if form not in days]
    if any("%p" in form for form in times):  # sáng, chiều
        text = text.re_replace(r"(?i)\bSA\b", "AM").re_replace(r"(?i)\bCH\b", "PM")
    return [
        *([_at_offset(text, times, forms), _placed(_try_strptime(text, times), forms)] if times else []),
        *([_day(_try_strptime(text, days), forms)] if days else []),
    ]


def _at_offset(text: engine.Value, times: list[str], forms: Forms) -> Any:
    """A stated form with an offset behind it, as surveys write it: 2026/03/14 8:05:06 AM GMT+7."""
    clock = _try_strptime(text.re_replace(OFFSET, ""), times)
    sign = (text.re_extract(OFFSET, 1) == "-").ifelse(-1, 1)
    hours = text.re_extract(OFFSET, 2).try_cast("int64")
    minutes = text.re_extract(OFFSET, 3).try_cast("int64").fill_null(0)
    moment = clock - (sign * (hours * 60 + minutes)).as_interval("m")
    return only_if(text.re_search(OFFSET), _clock(forms.settings.timezone, _moment_at("UTC", moment)))


def _counted(number: Any, form: str, forms: Forms) -> Any:
    """Days since a spreadsheet's first, or seconds since 1970, to the second."""
    if form in FIRST_DAY:
        seconds = ((number - FIRST_DAY[form]) * 86_400).round(0)
        return _placed(_after(_whole(seconds)), forms)
    seconds = number / 1000 if form == "epoch-ms" else number
    return _clock(forms.settings.timezone, _moment_at("UTC", _after(_whole(seconds.round(0)))))


def _whole(seconds: Any) -> Any:
    """Microseconds, null beyond the year 9999."""
    inside = (seconds > -62_135_596_800) & (seconds < 253_402_300_800)
    return only_if(inside, seconds).try_cast("int64") * 1_000_000


def _first(moments: Any) -> engine.Value:
    candidates = list(moments)
    return engine.coalesce(*candidates) if candidates else engine.null("timestamp")


def _placed(clock: Any, forms: Forms) -> Any:
    """A time without a zone: the company's own, unless care.toml says that the source writes another zone's."""
    if forms.timezone in (None, forms.settings.timezone):
        return clock
    return _clock(forms.settings.timezone, _moment_at(forms.timezone, clock))


def _day(midnight: Any, forms: Forms) -> Any:
    """A day: the same day everywhere, and where moments are in UTC, the moment at which it begins."""
    return midnight if forms.days_in is None else _clock("UTC", _moment_at(forms.days_in, midnight))


def local(column: engine.Value, settings: Settings) -> Any:
    """A zoned moment as the company's clock shows it: engines put zoned moments into months of another zone."""
    return _clock(settings.timezone, column.cast("timestamp('UTC')"))


def _flag(column: engine.Value) -> engine.Value:
    if column.type().is_boolean():
        return column
    text = clean(as_text(column)).lower()
    return engine.cases((text.isin(YES), True), (text.isin(NO), False), else_=engine.null("boolean"))
