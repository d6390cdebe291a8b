"""Periods and days as the reader names them: tháng 10/2026, quý 3/2026, October 2026, Q3 2026."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from babel.dates import format_date, format_time

from carestudy.contract import CareError
from carestudy.periods import Period
from carestudy.show.words import Reader


def day(reader: Reader, when: date) -> str:
    """A day in full.

    >>> day(Reader("vi"), date(2026, 10, 31)), day(Reader("en"), date(2026, 10, 31))
    ('31/10/2026', '31 October 2026')
    """
    return format_date(when, reader.t("d MMMM y"), locale=reader.locale)


def period(reader: Reader, text: str) -> str:
    """A period as it is named within a sentence.

    >>> period(Reader("vi"), "2026-10"), period(Reader("en"), "2026-Q3")
    ('tháng 10/2026', 'Q3 2026')
    """
    first, until, last = text.partition("..")
    if until:
        return reader.t("{low} to {high}", low=_end_of_span(reader, first), high=_end_of_span(reader, last))
    span = _parsed(text)
    match span.unit if span else None:
        case "month":
            return format_date(span.start, reader.t("MMMM y"), locale=reader.locale)  # type: ignore[union-attr]
        case "quarter":
            return format_date(span.start, reader.t("'Q'Q y"), locale=reader.locale)  # type: ignore[union-attr]
        case "week":
            return reader.t("week {week}, {year}", week=int(text[6:]), year=text[:4])
        case "year":
            return reader.t("year {year}", year=text)
    return reader.t("all data") if text == "all" else text


def heading(reader: Reader, text: str) -> str:
    """A period as it stands at the head of something."""
    name = period(reader, text)
    return name[:1].upper() + name[1:]


def ticks(reader: Reader, texts: list[str]) -> list[str]:
    """Short names of periods for an axis: the year stands under the first one and under each first one of a year."""
    labels, year = [], ""
    for text in texts:
        label = _tick(reader, text)
        if text[:4] != year and label != text[:4]:
            label += "\n" + text[:4]
        year = text[:4]
        labels.append(label)
    return labels


def previous(reader: Reader, text: str) -> str:
    """The words for the period before one of this kind."""
    t, span = reader.t, _parsed(text)
    match span.unit if span else None:
        case "month":
            return t("the month before")
        case "quarter":
            return t("the quarter before")
        case "week":
            return t("the week before")
        case "year":
            return t("the year before")
    return t("the period before")


def known_up_to(reader: Reader, as_of: datetime) -> str:
    """The moment up to which the data are known; midnight is the end of the day before."""
    last = day(reader, (as_of - timedelta(microseconds=1)).date())
    if as_of.time() == time():
        return reader.t("known up to the end of {day}", day=last)
    clock = format_time(as_of, "HH:mm", locale=reader.locale)
    return reader.t("known up to {time} on {day}", time=clock, day=last)


def last_day(reader: Reader, as_of: str) -> str:
    """The last day that is known, from the moment as files write it; nothing where there is none."""
    try:
        return day(reader, (datetime.fromisoformat(as_of) - timedelta(microseconds=1)).date())
    except ValueError:
        return ""


def unfinished(text: str, as_of: datetime) -> bool:
    """Whether the period goes on after the moment up to which the data are known."""
    span = _parsed(text)
    return span is not None and datetime.combine(span.end, time(), as_of.tzinfo) > as_of


def _tick(reader: Reader, text: str) -> str:
    span = _parsed(text)
    match span.unit if span else None:
        case "month":
            return format_date(span.start, reader.t("MMM"), locale=reader.locale)  # type: ignore[union-attr]
        case "quarter":
            return format_date(span.start, reader.t("'Q'Q"), locale=reader.locale)  # type: ignore[union-attr]
        case "week":
            return str(int(text[6:]))
    return text


def _parsed(text: str) -> Period | None:
    try:
        return Period.parse(text)
    except CareError:
        return None


def _end_of_span(reader: Reader, text: str) -> str:
    return period(reader, text) if _parsed(text) else _iso_day(reader, text)


def _iso_day(reader: Reader, text: str) -> str:
    try:
        return day(reader, date.fromisoformat(text))
    except ValueError:
        return text
