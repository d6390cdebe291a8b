"""Who the customer is where no header says so: ids that several files share, and names of companies."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pyarrow.compute as pc

from carestudy.contract import TABLES
from carestudy.load.plain_names import plain
from carestudy.recognise import words
from carestudy.recognise.column import Column
from carestudy.recognise.mapped import Mapped, Match

ID = "customer_id"
ENOUGH, HALF = 20, 0.5  # different ids, and the share of them that the other file has, for two columns to be one
LONG = 6  # digits of a number that counts nothing
SMALL = 3  # times as many whole numbers as there are ids, among which chance finds equal ones
# Things that files share and that are no customers.
OTHERS = {"order", "ticket", "contact", "product", "goods", "agent", "team", "branch", "department", "channel",
          "payment", "shipment", "discount", "row", "region", "status", "kind", "topic", "response"}  # fmt: skip
COMPANY = re.compile(
    r"^(ten |ma )?(company|account|organi[sz]ation|client|customer|business|"
    r"cong ty|doanh nghiep|to chuc|khach hang|doi tac)( name| khach hang| doi tac)?$"
)


def with_customers_asked(matches: Mapping[str, Match]) -> dict[str, Match]:
    """The tables that have no customers with a question for the column that may tell them."""
    updated = dict(matches)
    headers_seen: set[str] = set()
    for name, match in matches.items():
        if ID in match.columns or ID not in TABLES[match.table].columns or match.form is not None:
            continue
        mapped = _shared(match, [other for table, other in matches.items() if table != name]) or _company(match)
        if mapped is not None:
            mapped = replace(mapped, again=plain(mapped.column.name) in headers_seen)
            headers_seen.add(plain(mapped.column.name))
            columns = {**match.columns, ID: mapped}
            ordered = {
                column_name: columns[column_name]
                for column_name in TABLES[match.table].columns
                if column_name in columns
            }
            updated[name] = replace(match, columns=ordered)
    return updated


def _shared(match: Match, other_matches: list[Match]) -> Mapped | None:
    """The one column of codes that another file has too, where it is no row of either."""
    fitting: dict[str, tuple[Column, Match]] = {}
    for column in filter(_is_code, match.rest):
        for other_match in other_matches:
            theirs = [*(other_match.columns[ID].column for _ in [0] if ID in other_match.columns), *other_match.rest]
            if any(_is_code(candidate) and _are_same(column, candidate) for candidate in theirs):
                fitting.setdefault(column.name, (column, other_match))
    if len(fitting) != 1:
        return None
    ((column, other_match),) = fitting.values()
    return Mapped(column, 0.7, f"{other_match.export} has its values too: does it tell customers apart?", ask=True)


def _is_code(column: Column) -> bool:
    """Whether a column may hold ids of customers: codes that come again, and no known thing that is something else."""
    things = words.meaning(column.name).things
    if column.exposed or column.dates.share or column.numbers.decimals or things & OTHERS:
        return False
    if words.barred(column.name, ID) and column.numbers.share > HALF and column.length < LONG:
        return False
    digits = np.asarray(pc.match_substring_regex(column.values, r"\d")).mean() if len(column.values) else 0.0
    return len(column.values) >= ENOUGH and column.unique < 1 and float(digits) > HALF


def _are_same(some: Column, theirs: Column) -> bool:
    """Whether two columns hold ids of one kind: many values of one are among those of the other, and not by chance."""
    common = int(np.asarray(pc.is_in(some.values, theirs.values)).sum())
    if common < ENOUGH / 2 or common < HALF * min(len(some.values), len(theirs.values)):
        return False
    dense = theirs.numbers.share > 0.9 and theirs.numbers.high <= SMALL * max(len(theirs.values), 100)
    return not dense or plain(some.name) == plain(theirs.name)


def _company(match: Match) -> Mapped | None:
    """The column of companies, by their names or ids, where it is the only one that may tell who buys or asks."""
    columns = [column for column in match.rest if COMPANY.match(words.folded(column.name))]
    filled = [
        column
        for column in columns
        if column.kind == "text" and column.filled > HALF * column.rows and not column.personal
    ]
    if len(filled) != 1 or not 1 < len(filled[0].values) < filled[0].filled:
        return None
    why = "is it the customer? Two of one name would be one, and one written in two ways would be two"
    return Mapped(filled[0], 0.6, why, ask=True)
