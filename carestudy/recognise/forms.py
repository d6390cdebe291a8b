"""How the columns of a table are written: what care.toml has to say of it, and what it has to ask."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from babel.numbers import get_currency_precision

from carestudy.contract import TABLES
from carestudy.recognise import asks, dates, home, listed_values, surveys, values, zones
from carestudy.recognise.asks import days_of
from carestudy.recognise.column import Column
from carestudy.recognise.dates import Dates
from carestudy.recognise.mapped import Mapped, Match
from carestudy.recognise.numbers import Numbers, of_whole_money

MARKS = {"₫": "VND", "đ": "VND", "vnđ": "VND", "vnd": "VND", "đồng": "VND", "dong": "VND", "$": "USD", "us$": "USD",
         "usd": "USD", "€": "EUR", "eur": "EUR", "£": "GBP", "gbp": "GBP", "¥": "JPY", "jpy": "JPY"}  # fmt: skip


@dataclass(frozen=True)
class Form:
    """One way, or several of which one is to be chosen, and why."""

    forms: tuple[str, ...] = ()
    choices: tuple[tuple[str, ...], ...] = ()
    why: str = ""


@dataclass(frozen=True)
class Forms:
    """What care.toml says of how a table is written, and the questions it leaves."""

    dates: Mapping[str, Form] = field(default_factory=dict)
    numbers: Mapping[str, Form] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    unknown: Mapping[str, Sequence[str]] = field(default_factory=dict)
    empty: tuple[str, ...] = ()
    timezone: str | None = None
    asked: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def questions(self) -> list[str]:
        """What has to be chosen before the table can be read, and what only the company knows."""
        choices = (("dates", self.dates), ("numbers", self.numbers))
        return [
            *(
                f"how are the {subject} of {name} written? {form.why}"
                for subject, forms_by_name in choices
                for name, form in forms_by_name.items()
                if form.choices
            ),
            *(f"{len(words)} of the words of {name} are in no list of ours: what do they mean?"
              for name, words in self.unknown.items()),
            *self.asked,
        ]  # fmt: skip


@dataclass(frozen=True)
class Currency:
    """The currency of the amounts, how sure it is, and why."""

    code: str
    sure: str
    why: str
    asks: bool = False  # whether somebody has to say it


def currency_of(match: Match | None, *, at_home: bool = True) -> Currency:
    """The currency that headers and cells speak of; cents say at least that it is not the đồng.

    Whole numbers are đồng only in files of a company in Vietnam (``at_home``), or where they are whole thousands.
    """
    mapped = match.columns.get("amount") if match else None
    if match is None or mapped is None:
        return Currency("VND", "guess", "no amounts tell it")
    column = mapped.column
    if match.form and match.form.currency:
        return Currency(match.form.currency, "sure", f"{match.form.tool} writes amounts in it")
    marks = {MARKS[mark] for mark in column.numbers.marks if mark in MARKS}
    if len(marks) == 1:
        return Currency(marks.pop(), "sure", f"its mark stands in '{column.name}'")
    currency_column = match.columns.get("currency")
    codes = sorted({text.upper() for text in currency_column.column.few}) if currency_column else []
    if len(codes) == 1 and codes[0].isalpha() and len(codes[0]) == 3:
        return Currency(codes[0], "sure", f"'{currency_column.column.name}' says so" if currency_column else "")
    code = listed_values.named("currency", column.name)
    if code:
        return Currency(code, "sure", f"the header '{column.name}' says so")
    if column.numbers.decimals and not column.numbers.choices:
        return _with_cents(at_home=at_home)
    if not at_home and not home.in_thousands(column):
        return Currency("VND", "guess", "nothing in the files says which it is", asks=True)
    return Currency("VND", "guess", "amounts are whole numbers" if column.numbers.whole else "nothing says otherwise")


def _with_cents(*, at_home: bool) -> Currency:
    """The currency of amounts with cents, which is asked for: by the language of the files, of which đồng has none."""
    if at_home:
        why = "the files are in Vietnamese, but amounts with cents are no đồng: are they thousands, or other money?"
        return Currency("VND", "guess", why, asks=True)
    return Currency("USD", "guess", "amounts with cents cannot be đồng", asks=True)


def forms(match: Match, money: Currency, company: str) -> Forms:
    """How a table is written, by a company in some time zone."""
    kinds = TABLES[match.table].columns
    of_days = {
        name: _days(match, mapped.column)
        for name, mapped in match.columns.items() if kinds.get(name) in ("date", "time") and mapped.holds_itself
    }  # fmt: skip
    of_numbers = {
        name: _numbers(column, money if kinds.get(column_name) == "money" else None)
        for column_name, mapped in match.columns.items() if kinds.get(column_name) in ("money", "number", "integer")
        for name, column in _columns_of(match, column_name, mapped)
    }  # fmt: skip
    if match.questions:
        of_numbers["score"] = surveys.numbers([question.column for question in match.questions])
    meanings = values.of(match)
    zone, zone_questions = _zone(match, of_days, company)
    return Forms(
        {name: Form(day.forms, day.choices, day.why) for name, day in of_days.items() if day.forms or day.choices},
        {name: _number_form(number) for name, number in of_numbers.items() if number.form or number.choices},
        meanings.maps, meanings.unknown, meanings.empty, zone,
        (*meanings.asked, *zone_questions, *asks.questions(match)), tuple(asks.notes(match)),
    )  # fmt: skip


def _days(match: Match, column: Column) -> Dates:
    """The days of a column; where it leaves them open, as a column written alike in the same file decides."""
    own_dates = days_of(column)
    if not own_dates.choices or own_dates.why.startswith("some"):
        return own_dates
    for other_column in match.export.columns:
        other_dates = other_column.dates
        if other_column is not column and other_dates.decided and other_dates.forms in own_dates.choices:
            why = f"as in '{other_column.name}', which is written alike: {other_dates.why}"
            return dates.chosen(own_dates, other_dates.order, why)
    return own_dates


def _numbers(column: Column, money: Currency | None) -> Numbers:
    numbers = column.numbers
    if money is not None and numbers.choices and get_currency_precision(money.code) == 0:
        return of_whole_money(numbers, money.code, sure=money.sure == "sure")
    return numbers


def _number_form(numbers: Numbers) -> Form:
    return Form((numbers.form,) if numbers.form else (), tuple((choice,) for choice in numbers.choices), numbers.why)


def _columns_of(match: Match, name: str, mapped: Mapped) -> list[tuple[str, Column]]:
    """The columns whose numbers make one of ours, each under the name by which care.toml says its form."""
    if not isinstance(mapped.entry, str):
        return [(name, mapped.column)] if mapped.holds_itself else []
    headers = set(mapped.headers)
    return [(column.name, column) for column in match.export.columns if column.name in headers]


def _zone(match: Match, days: Mapping[str, Dates], company: str) -> tuple[str | None, list[str]]:
    """The zone of the times where it is not the company's; a question where headers name several."""
    times = [name for name in days if TABLES[match.table].columns[name] == "time" and days[name].share]
    zone_by_header = {
        match.columns[name].column.name: zones.of_header(match.columns[name].column.name) for name in times
    }
    stated_zones = {zone for zone in zone_by_header.values() if zone}
    if not stated_zones:
        return ("UTC" if {days[name].zone for name in times} == {"UTC"} else None), []
    seen = [days[name].last or date(2026, 1, 1) for name in times]
    around = [day.replace(month=month, day=1) for day in seen for month in (1, 7)]
    first = sorted(stated_zones)[0]
    if not all(zones.alike(first, zone, around) for zone in stated_zones):
        return None, [
            f"the headers name several time zones ({', '.join(sorted(stated_zones))}): which is that of the times?"
        ]
    if None in zone_by_header.values() and not zones.alike(first, company, around):
        silent = next(header for header, zone in zone_by_header.items() if zone is None)
        question = f"'{silent}' names no time zone, but other columns are in {first}: is it in {first} too?"
        return first, [question]
    return (None if zones.alike(first, company, around) else first), []
