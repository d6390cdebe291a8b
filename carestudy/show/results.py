"""Every result as HTML: as a page shows it where a page does, and otherwise field by field."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, fields, is_dataclass
from datetime import date
from math import floor, isfinite, log10
from numbers import Integral, Real
from textwrap import shorten
from typing import Any

import pandas as pd
from markupsafe import Markup

from carestudy.care import Care
from carestudy.show import dates, labels, tables
from carestudy.show.labels import card
from carestudy.show.numbers import MISSING, number
from carestudy.show.output import Output
from carestudy.show.words import Reader

DIGITS = 3  # that matter of a number without a unit
MOST_ITEMS, LONGEST = 12, 200  # of a list, and characters of a text
TITLE = Markup('<p class="care-title">{}</p>')
NOTE = Markup("<p>{}</p>")


def html(result: Any, language: str, currency: str) -> str:
    """The HTML of a result with its styles; text from data is escaped."""
    return str(shown(Reader(language, currency), result)._repr_mimebundle_()["text/html"])


def shown(reader: Reader, result: Any) -> Output:
    """A result as its own picture, or as a table of its fields."""
    draw = next((DRAWN[kind.__name__] for kind in type(result).__mro__ if kind.__name__ in DRAWN), by_field)
    return draw(reader, result)


def by_field(reader: Reader, result: Any) -> Output:
    """The fields of a result: numbers and words in one table, and each frame in a table of its own."""
    values = {field.name: getattr(result, field.name) for field in fields(result) if field.repr}
    framed = {name: frame for name, value in values.items() if (frame := _frame(value)) is not None}
    plain = {name: value for name, value in values.items() if name not in framed and value is not None}
    rows = [[labels.column(reader, name), text(reader, value)] for name, value in plain.items()]
    pieces = [tables.grid(type(result).__name__, [reader.t("Name"), reader.t("Value")], rows, numeric=set())]
    pieces += [tables.table(reader, frame, labels.column(reader, name)).html for name, frame in framed.items()]
    return Output(Markup("").join(pieces), repr(result), looks=("table",))


def text(reader: Reader, value: Any) -> str:
    """A value in words: numbers rounded to the digits that matter, lists by their first items."""
    if isinstance(value, bool):
        return reader.t("yes") if value else reader.t("no")
    if isinstance(value, Integral):
        return number(reader, int(value))
    if isinstance(value, Real):
        return _rounded(reader, float(value))
    if isinstance(value, date):
        return dates.day(reader, value)
    if isinstance(value, Mapping):
        return text(reader, [f"{name}: {text(reader, one)}" for name, one in value.items()])
    if isinstance(value, str) or not isinstance(value, Sequence):
        return shorten(labels.clean(" ".join(str(value).split())), LONGEST, placeholder=" …")
    listed = [text(reader, one) for one in value[:MOST_ITEMS]]
    return ", ".join([*listed, *(["…"] if len(value) > MOST_ITEMS else [])]) or MISSING


def _rounded(reader: Reader, value: float) -> str:
    if not isfinite(value):
        return MISSING
    size = floor(log10(abs(value))) if value else 0
    return number(reader, value, max(0, min(DIGITS - 1 - size, 9)))


def _frame(value: Any) -> pd.DataFrame | None:
    """What is shown as a table: a frame, or several results of one kind."""
    if isinstance(value, pd.DataFrame):
        return value
    if isinstance(value, tuple) and value and all(is_dataclass(one) and type(one) is type(value[0]) for one in value):
        return pd.DataFrame([asdict(one) for one in value]).map(lambda cell: str(cell) if _nested(cell) else cell)
    return None


def _nested(cell: Any) -> bool:
    return isinstance(cell, tuple | list | dict)


def _care(reader: Reader, care: Care) -> Output:
    t = reader.t
    heads = [t("Table"), t("Read"), t("Used"), t("Excluded"), t("From"), t("To")]
    rows = [
        [
            labels.table(reader, count.table), number(reader, count.read), number(reader, count.used),
            number(reader, count.set_aside),
            *(dates.day(reader, day) for day in care.spans.get(count.table, ())),
        ]
        for count in care.counts
    ]  # fmt: skip
    rows = [[*row, *[MISSING] * (len(heads) - len(row))] for row in rows]
    title = ": ".join(filter(None, [labels.clean(care.settings.company), dates.known_up_to(reader, care.as_of)]))
    groups = [
        f"{labels.column(reader, name)}: {', '.join(labels.group(reader, name, value) for value in values)}"
        for name, values in care.only.items()
    ]
    notes = Markup("").join(NOTE.format(line) for line in groups)
    return Output(tables.grid(title, heads, rows, numeric={1, 2, 3}) + notes, repr(care), looks=("table",))


def _kpi(reader: Reader, kpi: Any) -> Output:
    needed = {name: "…" for name, one in kpi.__signature__.parameters.items() if one.default is one.empty}
    title = reader.t(kpi.label).format(**{**_usual(kpi), **needed})
    call = f"{kpi.name}{kpi.__signature__.replace(return_annotation=kpi.__signature__.empty)}"
    return Output(
        TITLE.format(title) + NOTE.format(reader.t(kpi.definition)) + Markup("<code>{}</code>").format(call), repr(kpi)
    )


def _usual(kpi: Any) -> dict[str, Any]:
    """The options of a figure, at the values that they have unless others are given."""
    return {name: one.default for name, one in kpi.__signature__.parameters.items()}


def _trend(reader: Reader, found: Any) -> Output:
    from carestudy.show.trendline import trendline  # each picture loads when the first of its kind is shown

    return trendline(reader, card(found.kpi), found)


def _why(reader: Reader, found: Any) -> Output:
    from carestudy.show.why import why

    return why(reader, card(found.kpi), found)


def _answers(reader: Reader, found: Any) -> Output:
    from carestudy.show.questions import questions

    return questions(reader, found)


def _segments(reader: Reader, segments: Any) -> Output:
    from carestudy.show import feature_words, groups

    verdict = groups.found(reader, segments)
    rows = [[feature_words.segment(reader, group.name), number(reader, group.size)] for group in segments.groups]
    sizes = tables.grid("", [reader.t("Segment"), reader.t("Customers")], rows, numeric={1})
    return Output(verdict.html + sizes, repr(segments), looks=(*verdict.looks, "table"))


def _lifetime(reader: Reader, found: Any) -> Output:
    from carestudy.show.value.ahead import ahead

    return ahead(reader, found)


def _drivers(reader: Reader, found: Any) -> Output:
    from carestudy.show.churn.drivers import drivers

    return drivers(reader, found)


def _audience(reader: Reader, found: Any) -> Output:
    from carestudy.show.audiences import summary

    rows = [list(row) for row in summary(reader, found)]
    html = tables.grid("", [reader.t("Name"), reader.t("Customers")], rows, numeric={1})
    return Output(html, repr(found), looks=("table",))


def _codebook(reader: Reader, book: Any) -> Output:
    rows = [[theme, labels.clean(book.name(theme, reader.lang))] for theme in book.names]
    html = tables.grid("", [reader.t("Theme"), reader.t("Name")], rows, numeric=set())
    return Output(html, repr(book), looks=("table",))


DRAWN: dict[str, Callable[[Reader, Any], Output]] = {
    "Care": _care, "Kpi": _kpi, "Trend": _trend, "Why": _why, "Answers": _answers, "Segments": _segments,
    "LifetimeValue": _lifetime, "Drivers": _drivers, "Audience": _audience, "Codebook": _codebook,
}  # fmt: skip
