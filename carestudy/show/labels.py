"""What things are called: KPIs, columns and groups, in the reader's language and safe to show."""

from __future__ import annotations

import inspect
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import pandas as pd

from carestudy import contract
from carestudy.measure.exposure import PerTime
from carestudy.measure.options import in_hours
from carestudy.show import numbers
from carestudy.show.words import Reader

# Columns of tables that are shown; what the columns of the data are called stands in columns.toml.
COLUMNS = {
    "came_and_left": "Joined and left within the period", "change": "Change", "column": "Column",
    "customers": "Customers", "denominator": "Denominator", "end": "At end", "examples": "Lines", "high": "High",
    "lost": "Lost", "low": "Low", "n": "n", "new": "New",
    "numerator": "Numerator", "reached": "Reached", "reason": "Reason", "returned": "Returned", "rows": "Rows",
    "share": "Share", "start": "At start", "table": "Table", "theme": "Theme", "undecided": "Undecided",
    "value": "Value", "verdict": "Verdict",
}  # fmt: skip

# The codes that the contract itself proposes; a company's own words are shown as they are.
CODES = {
    "channel": {
        "phone": "Phone", "sms": "SMS", "email": "E-mail", "social": "Social media", "chat": "Chat",
        "chatbot": "Chatbot", "in_person": "In person", "web": "Web",
    },
    "stage": {"before": "Before purchase", "during": "During purchase", "after": "After purchase"},
    "kind": {
        "question": "Question", "complaint": "Complaint", "request": "Request", "praise": "Praise",
        "exit_interview": "Exit interview",
    },
    "direction": {"inbound": "From customers", "outbound": "To customers"},
    "source": {
        "real_time": "Right after contact", "after_experience": "After the experience", "social": "Social media",
    },
    "question": {
        "nps": "NPS", "csat": "CSAT", "ces": "CES", "solution": "Problem solved", "speed": "Speed",
        "politeness": "Politeness", "price": "Price",
    },
}  # fmt: skip

TIMES = {"nghìn": 1e3, "ngàn": 1e3, "k": 1e3, "triệu": 1e6, "tr": 1e6, "m": 1e6, "million": 1e6, "tỷ": 1e9, "tỉ": 1e9}
UNITS = re.compile(rf"\d\s*({'|'.join(TIMES)})\b")
THOUSANDS = re.compile(r"[.,](?=\d{3}(\D|$))")
BAND = re.compile(
    rf"((?P<below>dưới|đến|under|below|less than|up to|<|≤)|(?P<above>trên|từ|over|above|more than|from|>|≥))?\s*"
    rf"(?P<amount>\d+([.,]\d+)*)\s*(?P<unit>({'|'.join(TIMES)})\b)?(?P<rest>.*)", re.DOTALL,
)  # fmt: skip
TOGETHER = re.compile(r"\(small groups: (\d+)\)")
TABLES = {
    "customers": "Customers", "transactions": "Transactions", "contacts": "Contacts", "responses": "Survey answers",
    "staff": "Staff", "goals": "Goals", "invitations": "Survey invitations",
}  # fmt: skip


@dataclass(frozen=True)
class Card:
    """What a reader is told of a KPI; where it ``adds``, its groups are parts of a whole and not compared with it.

    ``overlaps``: it looks back so far that two following figures share customers. ``hours`` are the options that are
    lengths of time; ``per_time`` is which share of customers it is that a period keeps or loses.
    """

    name: str
    label: str
    unit: str = "number"
    better: str | None = None
    definition: str = ""
    adds: bool = False
    options: Mapping[str, object] = field(default_factory=dict)
    overlaps: bool = False
    hours: tuple[str, ...] = ()
    per_time: PerTime | None = None


def card(kpi: Any) -> Card:
    """The card of a KPI, or of the KPI of this name; one that nobody defined is called by its name."""
    if isinstance(kpi, str):
        from carestudy.kpi import ALL  # here, because Output is read where no KPI is needed
        from carestudy.targets import figure

        known = ALL.get(kpi) or figure(kpi)
        if known is None:
            return Card(kpi, kpi.replace("_", " "))
        kpi = known
    if not hasattr(kpi, "label"):
        return Card("", "")
    parameters = inspect.signature(kpi.define).parameters
    given = {name: one.default for name, one in parameters.items()}
    options = {name: value for name, value in {**given, **kpi.options}.items() if "{" + name + "}" in kpi.label}
    # Hours of a desk that is closed at night are no part of a day.
    unit = "business_hours" if kpi.unit == "hours" and options.get("clock") == "business" else kpi.unit
    hours = tuple(name for name in options if in_hours(parameters[name].annotation))
    return Card(
        kpi.id,
        kpi.label,
        unit,
        kpi.better,
        kpi.definition,
        kpi.is_whole,
        options,
        kpi.months is not None,
        hours,
        kpi.per_time,
    )


def label(reader: Reader, kpi: Card) -> str:
    """The short name of a KPI."""
    options = {name: _option(reader, kpi, name, value) for name, value in kpi.options.items()}
    return clean(reader.t(kpi.label, **options))


def _option(reader: Reader, kpi: Card, name: str, value: object) -> str:
    """The value of an option of a figure, within its name."""
    if name in kpi.hours and isinstance(value, int | float):
        return numbers.span(reader, value)
    return group(reader, name, value) if name in CODES else reader.t(str(value))


def unit(reader: Reader, kpi: Card) -> str:
    """The unit in which a KPI is written: hours as whole days where the data tell no hours of it."""
    return "whole_days" if kpi.unit == "hours" and kpi.name.partition("(")[0] in reader.in_days else kpi.unit


def within(reader: Reader, kpi: Card) -> str:
    """The name of a KPI within a sentence; an abbreviation keeps its capitals."""
    return lowered(label(reader, kpi))


def lowered(name: str) -> str:
    """A name with a small first letter, unless it begins with an abbreviation.

    >>> lowered("Annual loss"), lowered("NPS"), lowered("E-mail")
    ('annual loss', 'NPS', 'e-mail')
    """
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]


def column(reader: Reader, name: object) -> str:
    """The heading of a column or the name of a dimension."""
    known = COLUMNS.get(str(name)) or of_the_contract(str(name))
    return reader.t(known) if known else clean(str(name).replace("_", " "))


@cache
def of_the_contract(name: str) -> str | None:
    """What a column of the data is called; None where the contract does not have it."""
    return next((table.registry[name].label for table in contract.TABLES.values() if name in table.registry), None)


@cache
def names_groups(name: str) -> bool:
    """Whether the entries of a column name groups: those of a shown table, or a text of the contract."""
    return name in COLUMNS or any(table.columns.get(name) == "text" for table in contract.TABLES.values())


def group(reader: Reader, dimension: str, value: object) -> str:
    """The name of a group; rows that name none are a group of their own."""
    if is_nameless(value):
        return reader.t("(not stated)")
    known = CODES.get(dimension, {}).get(str(value))
    if small := TOGETHER.fullmatch(str(value)):
        return reader.t("({n} small groups)", n=small[1])
    return reader.t(known) if known else clean(str(value))


def together(groups: int) -> str:
    """The value that stands for so many groups which have too few customers to be told apart.

    >>> group(Reader("vi"), "team", together(3))
    '(3 nhóm nhỏ)'
    """
    return f"(small groups: {groups})"


def is_nameless(value: object) -> bool:
    """Whether a row names no group: none, not a number, not a time, or nothing that can be seen."""
    return value is None or value is pd.NA or value is pd.NaT or value != value or not clean(str(value))


def groups(reader: Reader, by: list[str], row: Any) -> str:
    """The name of a group of several dimensions."""
    return " · ".join(group(reader, name, row[name]) for name in by)


def table(reader: Reader, name: str) -> str:
    """The name of a table of the contract."""
    known = TABLES.get(name)
    return reader.t(known) if known else clean(name)


def order(dimension: str, value: object) -> tuple[int, int, str]:
    """A sort key of groups: the contract's order, bands by their amounts, else the alphabet; the unnamed come last.

    >>> bands = ["Trên 1 tỷ", "20.000.000–1 tỷ", "10–20 triệu", "Dưới 10 triệu", "Bắc"]
    >>> sorted(bands, key=lambda one: order("income_band", one))
    ['Dưới 10 triệu', '10–20 triệu', '20.000.000–1 tỷ', 'Trên 1 tỷ', 'Bắc']
    """
    if is_nameless(value):
        return (1, 0, "")
    codes = list(CODES.get(dimension, {}))
    place = codes.index(str(value)) if str(value) in codes else len(codes) + bool(TOGETHER.fullmatch(str(value)))
    bare = unicodedata.normalize("NFD", str(value).casefold().replace("đ", "d\u0335"))
    return (0, place, _band(str(value)) + bare)


def _band(name: str) -> str:
    """What puts the name of a band of amounts in the order of its lower end; nothing for other names."""
    found = BAND.match(unicodedata.normalize("NFC", name.casefold().strip()))
    if not found:
        return ""
    side = -1 if found["below"] else int(bool(found["above"]))
    digits = THOUSANDS.sub("", found["amount"]).replace(",", ".")
    amount = float(digits if digits.count(".") < 2 else digits.partition(".")[0])
    later = next(iter(UNITS.findall(found["rest"])), "") if amount < 1000 else ""  # 10 of "10–20 triệu" are millions
    amount *= TIMES.get(found["unit"] or later, 1)
    return f"{amount:024.4f}{side + 1}"


def clean(text: str) -> str:
    """Text from the data on one line, without control and direction marks.

    >>> clean("Đội\\u202e A\\n")
    'Đội A'
    """
    kept = (" " if sign.isspace() else sign for sign in unicodedata.normalize("NFC", text))
    return " ".join("".join(sign for sign in kept if unicodedata.category(sign)[0] != "C").split())
