"""Tables with columns for each year, such as REVENUE_2015 and REVENUE_2016, as one row for each year."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import reduce
from operator import or_
from typing import Any

from carestudy import engine
from carestudy.care import Settings
from carestudy.contract import CareError, Contract, listed
from carestudy.load import parse
from carestudy.load.entries import filled
from carestudy.load.entry import Entry
from carestudy.load.mapping import FILE
from carestudy.load.parse import Forms
from carestudy.load.plain_names import LINE, OWN, plain
from carestudy.load.source import Source

YEAR = "{year}"
DIGITS = r"((?:19|20)\d\d)"


def by_year(source: Source) -> bool:
    """Whether any entry of a table names a year."""
    return any(YEAR in name for entry in _entries(source) for name in (*entry.names, entry.shown))


def melted(table: engine.Table, contract: Contract, source: Source) -> Iterator[tuple[Any, Source]]:
    """The table for each year that its headers name, or the table itself where care.toml names no year.

    A row of which no column of a year says anything is none of that year.
    """
    if not by_year(source):
        yield table, source
        return
    where = f"{FILE} [{contract.name}]"
    if contract.name == "customers":
        raise CareError(f"{where}: {YEAR} makes a row for each year, and a customer has one row")
    years = _years(table, source, where)
    ours = {column for columns in years.values() for column in columns}
    for year, columns in sorted(years.items()):
        has_value = reduce(
            or_, (parse.present(table[column], Forms(Settings(), empty=source.empty)) for column in columns)
        )
        rows = table.filter(has_value).drop(*(ours - set(columns)))
        yield (
            rows,
            replace(
                source,
                columns=_of_year(source.columns, year, columns),
                questions=_of_year(source.questions, year, columns),
                numbers=filled(source.numbers, year),
                year=year,
            ),
        )


def keyed(table: engine.Table, contract: Contract, source: Source) -> engine.Table:
    """The renamed rows of a year with keys of their own: what a file has once for all years is not one thing."""
    if source.year is None or contract.key is None:
        return table
    has_key = contract.key in table.columns
    key = parse.as_text(table[contract.key]) if has_key else engine.literal("row ") + table[LINE].cast("string")
    return table.mutate(**{contract.key: key + f" {source.year}"})


def without_nothing(rows: engine.Table, source: Source) -> engine.Table:
    """The parsed rows of a year but for amounts of 0, with which wide tables say that there was nothing."""
    if source.year is None or "amount" not in rows.columns:
        return rows
    return rows.filter((rows.amount != 0).fill_null(True))  # noqa: FBT003


def _entries(source: Source) -> list[Entry]:
    return [*source.columns.values(), *source.questions.values()]


def _years(table: Any, source: Source, where: str) -> dict[str, list[str]]:
    """The columns of each year."""
    headers = [column for column in table.columns if column not in OWN]
    patterns = [name for entry in _entries(source) for name in entry.names if YEAR in name]
    years: dict[str, list[str]] = {}
    for pattern in dict.fromkeys(patterns):
        first, *further = map(re.escape, plain(pattern).split(YEAR))
        shape = re.compile(first + DIGITS + r"\1".join(further))
        for column in headers:
            if match := shape.fullmatch(plain(column)):
                years.setdefault(match[1], []).append(column)
    if not years:
        wanted = patterns[0] if patterns else YEAR
        raise CareError(f'{where} columns: no header is like "{wanted}" with a year; they have {listed(headers)}')
    return {year: list(dict.fromkeys(columns)) for year, columns in years.items()}


def _of_year(entries: Mapping[str, Entry], year: str, columns: list[str]) -> dict[str, Entry]:
    """The entries with the year in them, but for those whose columns another year has and this one has not."""
    present = {plain(column) for column in columns}
    entries_of_year = {}
    for column, entry in entries.items():
        names = [plain(name.replace(YEAR, year)) for name in entry.names if YEAR in name]
        if not names or present & set(names):
            entries_of_year[column] = filled(entry, year)
    return entries_of_year
