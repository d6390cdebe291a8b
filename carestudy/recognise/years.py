"""Columns of one name for several years, such as REVENUE_2015 and REVENUE_2016, as one column with a row a year."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from carestudy.contract import TABLES
from carestudy.load.melt import DIGITS, YEAR
from carestudy.load.names import plain
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
    found = dict(matches)
    used: list[Export] = []
    of_people = [match for match in matches.values() if match.table in ("customers", *TABLES_OF_YEARS)]
    candidates = [*((one.export, one) for one in of_people if one.form is None), *((one, None) for one, _ in left)]
    for export, match in candidates:
        yearly = list(yearly_columns(export))
        for table in TABLES_OF_YEARS if yearly else ():
            free = table not in found or (match is not None and found[table] is match)
            made = _melted(export, match, table, yearly) if free else None
            if made is not None:
                found[table] = made
                used.append(export)
                found |= _people(export, yearly, found)
    rest = [(export, why) for export, why in left if not any(export is one for one in used)]
    return {name: found[name] for table in TABLES for name in found if found[name].table == table}, rest


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
    pieces = [
        sheet.cells.column(place)
        for sheet in export.sheets
        for place, name in enumerate(sheet.names)
        if plain(name) in wanted
    ]
    return Column.of(WRITTEN.sub(YEAR, headers[0]), pieces)


def _melted(export: Export, match: Match | None, table: str, yearly: list[Yearly]) -> Match | None:
    """A table with a row for each year, if columns of years and the customer make it, and no column tells the time."""
    time = TABLES[table].time
    amounts = sorted((one for one in yearly if _is_amount(one)), key=_strength, reverse=True)
    asked = _questions(export, [one for one in yearly if one not in amounts])
    rows = (
        amounts[:1]
        if table == "transactions"
        else [one for one in yearly if any(one.column is q.column for q in asked)]
    )
    customer = _customer(export, yearly)
    alone = table == "responses" and match is not None and match.table == table
    if time is None or not rows or (customer is None and not alone) or _timed(export, match, table, time):
        return None
    if alone and match is not None and not {one.column.name for one in match.questions} <= set(_headers(rows)):
        return None  # an answer that is no year's would count again in each year
    bare = without(export, {plain(header) for one in yearly for header in one.headers if one in rows})
    found = {time: _day(bare)}
    found |= {"customer_id": customer} if customer else {}
    if table == "transactions":
        found["amount"] = _amount(amounts[0].column)
    if match is not None and match.table == table:
        others = {name: one for name, one in match.columns.items() if _is_of_each_year(name, one, rows)}
        found = {**others, **found}
    columns = {name: found[name] for name in TABLES[table].columns if name in found}
    made = Match(bare, table, columns, asked if table == "responses" else (), score=LIKELY + 0.1)
    return replace(made, doubt=_doubt(rows, amounts, table))


def _is_of_each_year(name: str, one: Mapped, rows: list[Yearly]) -> bool:
    """Whether what a row of the file says once holds for all of its years; a comment would count in each."""
    return name not in ("comment", "score") and one.column.name not in _headers(rows)


def _doubt(rows: list[Yearly], amounts: list[Yearly], table: str) -> str:
    """The question on which a table of years waits."""
    headers = ", ".join(f"'{header}'" for header in rows[0].headers[:4])
    more = f" and {len(rows[0].headers) - 4} more" if len(rows[0].headers) > 4 else ""
    what = "what a customer paid in that year" if table == "transactions" else "what a customer answered in that year"
    others = ", ".join(f"'{one.column.name}'" for one in amounts[1:]) if table == "transactions" else ""
    besides = f"; {others} may be such amounts, too: which one is it?" if others else ""
    return (
        f"is each of {headers}{more} {what}? Then a row of the file is a row for each year, dated 31 December{besides}"
    )


def _day(export: Export) -> Mapped:
    why = "the headers name only the year: its last day stands for all days of it"
    return Mapped(Column.of(DAY, [sheet.cells.column(0) for sheet in export.sheets]), 0.7, why, ask=True,
                  entry={"value": DAY})  # fmt: skip


def _amount(column: Column) -> Mapped:
    unit = words.unit(column.name)
    if unit:
        return Mapped(column, LIKELY, f"its amounts are in '{unit}': write them out in full in the file", ask=True)
    return Mapped(column, 0.85, "the headers say so, one for each year, and their cells are amounts")


def _is_amount(one: Yearly) -> bool:
    stem, column = one.stem, one.column
    return (
        column.numbers.share > 0.9
        and not NO_SUM.search(stem)
        and "%" not in column.name
        and "price" not in words.meaning(column.name).things
        and _strength(one) >= LIKELY
    )


def _strength(one: Yearly) -> float:
    """How far the header of a year says that it holds what customers paid."""
    stem = one.stem
    if GIFTS.search(stem) or SPENT in plain(one.column.name):
        return LIKELY
    if not words.of_money(stem) or words.barred(stem, "amount"):
        return 0.0
    return words.fits(stem).get(("transactions", "amount"), 0.0)


def _questions(export: Export, yearly: list[Yearly]) -> tuple[Question, ...]:
    columns = [one.column for one in yearly if not NO_SUM.search(one.stem)]
    return surveys.questions(columns, " ".join(export.files))


def _customer(export: Export, yearly: list[Yearly]) -> Mapped | None:
    """The column that says which customer a row is of; a bare id beside products or staff says nothing of customers."""
    bare = without(export, set(map(plain, _headers(yearly))))
    mapped = as_table(bare, "customers").columns.get("customer_id")
    if mapped is None:
        return None
    things = words.meaning(mapped.column.name).things
    others = [words.meaning(column.name).things for column in bare.columns if column is not mapped.column]
    if (
        things <= words.ROLES
        and any(said & OTHERS for said in others)
        and not any("customer" in said for said in others)
    ):
        return None
    return mapped


def _timed(export: Export, match: Match | None, table: str, time: str) -> bool:
    """Whether a column of the export already says when the rows of a table happened."""
    mapped = as_table(export, table).columns.get(time)
    taken = match is not None and match.table == "customers" and mapped is not None and any(
        one.column.name == mapped.column.name for one in match.columns.values()
    )  # fmt: skip
    return mapped is not None and mapped.sure != "guess" and not taken


def _people(export: Export, yearly: list[Yearly], found: Mapping[str, Match]) -> dict[str, Match]:
    """The customers whom the same file lists, where it tells more of them than their ids."""
    if "customers" in found:
        return {}
    match = as_table(without(export, set(map(plain, _headers(yearly)))), "customers")
    told = len(match.columns) > 1 and "customer_id" in match.columns
    return {"customers": match} if told and match.score > LEAST_TABLE else {}


def _headers(yearly: list[Yearly]) -> list[str]:
    return [header for one in yearly for header in one.headers]
