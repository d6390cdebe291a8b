"""Columns of one name for several years, such as REVENUE_2015 and REVENUE_2016, as one column with a row a year."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from carestudy.contract import TABLES
from carestudy.load.melt import DIGITS, YEAR
from carestudy.load.plain_names import plain
from carestudy.recognise import surveys, words
from carestudy.recognise.by_tool import without
from carestudy.recognise.column import Column
from carestudy.recognise.folder import Export
from carestudy.recognise.joins import Left
from carestudy.recognise.mapped import LIKELY, Mapped, Match
from carestudy.recognise.match import LEAST_TABLE, as_table
from carestudy.recognise.surveys import Question

DAY = f"{YEAR}-12-31"
WRITTEN = re.compile(rf"(?<!\d){DIGITS}(?!\d)")
SCALE = re.compile(r"[\[(]\s*\d+\s*[-–]\s*\d+\s*[\])]")
FILLERS = re.compile(r"\b(nam|in|of|year|fy)\b")
GIFTS = re.compile(r"\b(gifts?|donations?|donated|quyen gop|ung ho)\b")
SPENT = "chi tiêu"  # without its marks it would be a goal
# A header that speaks of these holds no sum of a year, but that of a part of it, a mean, a share or a plan.
NO_SUM = re.compile(
    r"\b(thang|quy|tuan|months?|quarters?|weeks?|half|ytd|jan\w*|feb\w*|mar|march|apr\w*|may|june?|july?|aug\w*|sep\w*|"
    r"oct\w*|nov\w*|dec\w*|growth|tang truong|change|share|rank\w*|xep hang|average|avg|mean|trung binh|percent|"
    r"ty le|plan\w*|budget\w*|forecast\w*|expected|du kien|du bao|cards?)\b"
)
OTHERS = {"goods", "agent", "team", "department"}  # what a row with a bare id may be, and is no customer
TABLES_OF_YEARS = ("transactions", "responses")


@dataclass(frozen=True)
class Yearly:
    """The columns that differ only in the year of their headers, as one."""

    column: Column  # its name is the pattern of the headers
    headers: tuple[str, ...]

    @property
    def stem(self) -> str:
        """The header without the year and the words that belong to it."""
        return FILLERS.sub(" ", words.folded(SCALE.sub("", self.column.name).replace(YEAR, " ")))


def with_years(matches: Mapping[str, Match], left: Left) -> tuple[dict[str, Match], Left]:
    """The matches with the tables that columns of several years make, which wait for an answer; and what is left."""
    tables = dict(matches)
    used: list[Export] = []
    of_people = [match for match in matches.values() if match.table in ("customers", *TABLES_OF_YEARS)]
    candidates = [
        *((item.export, item) for item in of_people if item.form is None),
        *((item, None) for item, _ in left),
    ]
    for export, match in candidates:
        yearly = list(yearly_columns(export))
        for table in TABLES_OF_YEARS if yearly else ():
            free = table not in tables or (match is not None and tables[table] is match)
            melted = _melted(export, match, table, yearly) if free else None
            if melted is not None:
                tables[table] = melted
                used.append(export)
                tables |= _people(export, yearly, tables)
    remaining = [(export, why) for export, why in left if not any(export is item for item in used)]
    return {name: tables[name] for table in TABLES for name in tables if tables[name].table == table}, remaining


def yearly_columns(export: Export) -> Iterator[Yearly]:
    """The columns of an export whose headers are alike but for the year, for each pattern with two years or more."""
    groups: dict[str, dict[str, Column]] = {}
    for column in export.columns:
        years = WRITTEN.findall(column.name)
        pattern = WRITTEN.sub(YEAR, column.name)
        bare = SCALE.sub("", pattern.replace(YEAR, " "))
        if len(years) == 1 and not column.exposed and any(map(str.isalpha, bare)) and not any(map(str.isdigit, bare)):
            groups.setdefault(plain(pattern), {})[years[0]] = column
    for columns in groups.values():
        if len(columns) > 1:
            headers = tuple(column.name for column in columns.values())
            yield Yearly(_together(export, headers), headers)


def _together(export: Export, headers: tuple[str, ...]) -> Column:
    """The cells of all years as one column."""
    wanted = set(map(plain, headers))
    chunks = [
        sheet.cells.column(index)
        for sheet in export.sheets
        for index, name in enumerate(sheet.names)
        if plain(name) in wanted
    ]
    return Column.of(WRITTEN.sub(YEAR, headers[0]), chunks)


def _melted(export: Export, match: Match | None, table: str, yearly: list[Yearly]) -> Match | None:
    """A table with a row for each year, if columns of years and the customer make it, and no column tells the time."""
    time = TABLES[table].time
    amounts = sorted((series for series in yearly if _is_amount(series)), key=_strength, reverse=True)
    questions_ = _questions(export, [series for series in yearly if series not in amounts])
    rows = (
        amounts[:1]
        if table == "transactions"
        else [series for series in yearly if any(series.column is q.column for q in questions_)]
    )
    customer = _customer(export, yearly)
    alone = table == "responses" and match is not None and match.table == table
    if time is None or not rows or (customer is None and not alone) or _timed(export, match, table, time):
        return None
    if alone and match is not None and not {series.column.name for series in match.questions} <= set(_headers(rows)):
        return None  # an answer that is no year's would count again in each year
    bare = without(
        export,
        {plain(header) for series in yearly for header in series.headers if series in rows},
    )
    mapped = {time: _day(bare)}
    mapped |= {"customer_id": customer} if customer else {}
    if table == "transactions":
        mapped["amount"] = _amount(amounts[0].column)
    if match is not None and match.table == table:
        constant = {name: series for name, series in match.columns.items() if _is_of_each_year(name, series, rows)}
        mapped = {**constant, **mapped}
    columns = {name: mapped[name] for name in TABLES[table].columns if name in mapped}
    result = Match(bare, table, columns, questions_ if table == "responses" else (), score=LIKELY + 0.1)
    return replace(result, doubt=_doubt(rows, amounts, table))


def _is_of_each_year(name: str, mapped: Mapped, rows: list[Yearly]) -> bool:
    """Whether what a row of the file says once holds for all of its years; a comment would count in each."""
    return name not in ("comment", "score") and mapped.column.name not in _headers(rows)


def _doubt(rows: list[Yearly], amounts: list[Yearly], table: str) -> str:
    """The question on which a table of years waits."""
    headers = ", ".join(f"'{header}'" for header in rows[0].headers[:4])
    remainder = f" and {len(rows[0].headers) - 4} more" if len(rows[0].headers) > 4 else ""
    meaning = (
        "what a customer paid in that year" if table == "transactions" else "what a customer answered in that year"
    )
    other_amounts = ", ".join(f"'{series.column.name}'" for series in amounts[1:]) if table == "transactions" else ""
    besides = f"; {other_amounts} may be such amounts, too: which one is it?" if other_amounts else ""
    question = f"is each of {headers}{remainder} {meaning}?"
    return f"{question} Then a row of the file is a row for each year, dated 31 December{besides}"


def _day(export: Export) -> Mapped:
    why = "the headers name only the year: its last day stands for all days of it"
    return Mapped(Column.of(DAY, [sheet.cells.column(0) for sheet in export.sheets]), 0.7, why, ask=True,
                  entry={"value": DAY})  # fmt: skip


def _amount(column: Column) -> Mapped:
    unit = words.unit(column.name)
    if unit:
        return Mapped(column, LIKELY, f"its amounts are in '{unit}': write them out in full in the file", ask=True)
    return Mapped(column, 0.85, "the headers say so, one for each year, and their cells are amounts")


def _is_amount(series: Yearly) -> bool:
    stem, column = series.stem, series.column
    return (
        column.numbers.share > 0.9
        and not NO_SUM.search(stem)
        and "%" not in column.name
        and "price" not in words.meaning(column.name).things
        and _strength(series) >= LIKELY
    )


def _strength(series: Yearly) -> float:
    """How far the header of a year says that it holds what customers paid."""
    stem = series.stem
    if GIFTS.search(stem) or SPENT in plain(series.column.name):
        return LIKELY
    if not words.of_money(stem) or words.barred(stem, "amount"):
        return 0.0
    return words.fits(stem).get(("transactions", "amount"), 0.0)


def _questions(export: Export, yearly: list[Yearly]) -> tuple[Question, ...]:
    columns = [series.column for series in yearly if not NO_SUM.search(series.stem)]
    return surveys.questions(columns, " ".join(export.files))


def _customer(export: Export, yearly: list[Yearly]) -> Mapped | None:
    """The column that says which customer a row is of; a bare id beside products or staff says nothing of customers."""
    bare = without(export, set(map(plain, _headers(yearly))))
    mapped = as_table(bare, "customers").columns.get("customer_id")
    if mapped is None:
        return None
    things = words.meaning(mapped.column.name).things
    other_things = [words.meaning(column.name).things for column in bare.columns if column is not mapped.column]
    if (
        things <= words.ROLES
        and any(meanings & OTHERS for meanings in other_things)
        and not any("customer" in meanings for meanings in other_things)
    ):
        return None
    return mapped


def _timed(export: Export, match: Match | None, table: str, time: str) -> bool:
    """Whether a column of the export already says when the rows of a table happened."""
    mapped = as_table(export, table).columns.get(time)
    taken = match is not None and match.table == "customers" and mapped is not None and any(
        mapped_column.column.name == mapped.column.name for mapped_column in match.columns.values()
    )  # fmt: skip
    return mapped is not None and mapped.sure != "guess" and not taken


def _people(export: Export, yearly: list[Yearly], tables: Mapping[str, Match]) -> dict[str, Match]:
    """The customers whom the same file lists, where it tells more of them than their ids."""
    if "customers" in tables:
        return {}
    match = as_table(without(export, set(map(plain, _headers(yearly)))), "customers")
    says_more = len(match.columns) > 1 and "customer_id" in match.columns
    return {"customers": match} if says_more and match.score > LEAST_TABLE else {}


def _headers(yearly: list[Yearly]) -> list[str]:
    return [header for series in yearly for header in series.headers]
