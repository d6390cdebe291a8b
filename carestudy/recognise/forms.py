"""How the columns of a table are written: what care.toml has to say of it, and what it has to ask."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from babel.numbers import get_currency_precision

from carestudy.contract import TABLES
from carestudy.load.parse import NO, YES
from carestudy.recognise import dates, words
from carestudy.recognise.cells import FLAGS, flagged, scored
from carestudy.recognise.column import Column
from carestudy.recognise.dates import Dates
from carestudy.recognise.match import Match
from carestudy.recognise.numbers import Numbers, of_whole_money

GROUPS = ("kind", "direction", "stage")
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
    empty: tuple[str, ...] = ()
    timezone: str | None = None
    notes: tuple[str, ...] = ()

    @property
    def questions(self) -> list[str]:
        """What has to be chosen before the table can be read."""
        asked = (("dates", self.dates), ("numbers", self.numbers))
        return [
            f"how are the {what} of {name} written? {one.why}"
            for what, found in asked
            for name, one in found.items()
            if one.choices
        ]


@dataclass(frozen=True)
class Currency:
    """The currency of the amounts, how sure it is, and why."""

    code: str
    sure: str
    why: str


def currency(match: Match | None) -> Currency:
    """The currency that headers and cells speak of; cents tell at least that it is not the đồng."""
    mapped = match.columns.get("amount") if match else None
    if match is None or mapped is None:
        return Currency("VND", "guess", "no amounts tell it")
    column = mapped.column
    marks = {MARKS[mark] for mark in column.numbers.marks if mark in MARKS}
    if len(marks) == 1:
        return Currency(marks.pop(), "sure", f"its mark stands in '{column.name}'")
    named = match.columns.get("currency")
    codes = sorted({text.upper() for text in named.column.few}) if named else []
    if len(codes) == 1 and codes[0].isalpha() and len(codes[0]) == 3:
        return Currency(codes[0], "sure", f"'{named.column.name}' says so" if named else "")
    said = words.named("currency", column.name)
    if said:
        return Currency(said, "sure", f"the header '{column.name}' says so")
    if column.numbers.decimals and not column.numbers.choices:
        return Currency("USD", "guess", "amounts with cents cannot be đồng; which currency is it?")
    return Currency("VND", "guess", "amounts are whole numbers" if column.numbers.whole else "nothing says otherwise")


def forms(match: Match, money: Currency) -> Forms:
    """How a table is written."""
    kinds = TABLES[match.table].columns
    of_days = {name: _days(match, one.column) for name, one in match.columns.items() if kinds[name] in ("date", "time")}
    of_numbers = {
        name: _numbers(one.column, money if kinds[name] == "money" else None)
        for name, one in match.columns.items() if kinds[name] in ("money", "number", "integer")
    }  # fmt: skip
    values, unknown = _values(match)
    empty = _empty(match, values)
    return Forms(
        {name: Form(one.forms, one.choices, one.why) for name, one in of_days.items() if one.forms or one.choices},
        {name: _number_form(one) for name, one in of_numbers.items() if one.form or one.choices},
        values, empty, _zone(match, of_days), (*unknown, *_notes(match)),
    )  # fmt: skip


def days_of(column: Column) -> Dates:
    """The days of a column that is known to hold days."""
    return column.dates if column.dates.share else column.counted_dates


def _days(match: Match, column: Column) -> Dates:
    """The days of a column; where it leaves them open, as a column written alike in the same file decides."""
    found = days_of(column)
    if not found.choices or found.why.startswith("some"):
        return found
    for other in match.export.columns:
        told = other.dates
        if other is not column and told.decided and told.forms in found.choices:
            why = f"as in '{other.name}', which is written alike: {told.why}"
            return dates.chosen(found, told.order, why)
    return found


def _numbers(column: Column, money: Currency | None) -> Numbers:
    found = column.numbers
    if money is not None and found.choices and get_currency_precision(money.code) == 0:
        return of_whole_money(found, money.code, sure=money.sure == "sure")
    return found


def _number_form(numbers: Numbers) -> Form:
    return Form((numbers.form,) if numbers.form else (), tuple((one,) for one in numbers.choices), numbers.why)


def _values(match: Match) -> tuple[dict[str, dict[str, str]], list[str]]:
    """Value maps of words that occur, and the words that no list knows."""
    maps: dict[str, dict[str, str]] = {}
    asked = []
    for name, mapped in match.columns.items():
        if name in FLAGS:
            maps[name] = flagged(mapped.column, name)
        elif name in GROUPS and len(mapped.column.values) <= 60:
            found = {text: words.value_of(name, text) for text in mapped.column.values.to_pylist()}
            maps[name] = {text: ours for text, ours in found.items() if ours and ours != text.lower()}
            unknown = sum(1 for text, ours in found.items() if not ours and text not in mapped.column.nothing)
            if unknown and name == "kind" and "complaint" not in found.values():
                asked.append(f"which words of {name} ('{mapped.column.name}') mean a complaint? None of ours is there")
        elif name == "score":
            maps[name] = scored(mapped.column)
    if match.questions:
        maps["score"] = {text: ours for one in match.questions for text, ours in scored(one.column).items()}
    return {name: one for name, one in maps.items() if one}, asked


def _empty(match: Match, values: Mapping[str, Mapping[str, str]]) -> tuple[str, ...]:
    """What the table writes where it says nothing: signs anywhere, words only where they cannot be values."""
    kinds = TABLES[match.table].columns
    typed = [one.column for name, one in match.columns.items() if kinds[name] != "text" and kinds[name] != "flag"]
    typed += [one.column for one in match.questions]
    found = {text for column in typed for text in column.nothing}
    flags = [one.column for name, one in match.columns.items() if kinds[name] == "flag"]
    if flags:
        found -= {text for text in found if text.lower() in (*YES, *NO) or any(text in one for one in values.values())}
    found |= {text for column in match.export.columns for text in column.nothing if not any(map(str.isalnum, text))}
    return tuple(sorted(found))


def _zone(match: Match, days: Mapping[str, Dates]) -> str | None:
    """UTC where a header of a time says so, or every time does."""
    times = [name for name in days if TABLES[match.table].columns[name] == "time"]
    said = [name for name in times if {"utc", "gmt"} & set(words.folded(match.columns[name].column.name).split())]
    zones = {days[name].zone for name in times if days[name].share}
    return "UTC" if said or zones == {"UTC"} else None


def _notes(match: Match) -> list[str]:
    """What is to be known of columns before they are trusted."""
    time = TABLES[match.table].time
    wanted = [time] if time and time not in match.columns else []
    wanted += ["amount"] if match.table == "transactions" and "amount" not in match.columns else []
    notes = [f"no column was found for {name}: figures that need it cannot be made" for name in wanted]
    for name, mapped in match.columns.items():
        column = mapped.column
        kind = TABLES[match.table].columns[name]
        share = days_of(column).share if kind in ("date", "time") else column.numbers.share if kind == "money" else 1.0
        if column.filled and share < 1:
            what = "days" if kind in ("date", "time") else "amounts"
            notes.append(f"{1 - share:.1%} of the cells of '{column.name}' are no {what} that can be read")
        if name == TABLES[match.table].key and name != "customer_id" and column.filled and column.unique < 0.98:
            notes.append(f"'{column.name}' repeats: is a row one item of it? Only the first row of each would be used")
        if column.personal:
            notes.append(f"'{column.name}' holds {column.personal}: ids of your own would be better as {name}")
        if name == "customer_id" and column.names:
            notes.append(f"'{column.name}' seems to hold names: two people of one name would be one customer")
    return notes
