"""Files that hold columns of one table apart: joined by a key whose values prove that it is one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import permutations
from pathlib import PurePath
from typing import Any

import numpy as np
import pyarrow.compute as pc

from carestudy.contract import TABLES
from carestudy.load.plain_names import plain
from carestudy.recognise import words
from carestudy.recognise.column import Column
from carestudy.recognise.folder import Export
from carestudy.recognise.mapped import Mapped, Match
from carestudy.recognise.match import as_table

Left = list[tuple[Export, str]]
CUSTOMER, SALES, CONTACTS = "customer_id", "transactions", "contacts"
# What makes a table complete: a second file is joined only where it adds some of these.
WANTED: Mapping[str, tuple[str, ...]] = {
    SALES: ("occurred_at", "amount", CUSTOMER),
    CONTACTS: ("opened_at", "first_reply_at", "resolved_at", CUSTOMER),
    "responses": ("answered_at", CUSTOMER),
}
MOST, HALF = 0.9, 0.5
FEW = 5  # equal values by which two columns of codes are one key
SMALL = 100
LARGEST = 12  # files of which any may belong to any


@dataclass(frozen=True)
class Lookup:
    """A file whose columns are looked up by a key: the header of the key here and there."""

    export: Export
    here: str
    there: str

    @property
    def on(self) -> str | dict[str, str]:
        """The key as care.toml says it."""
        return self.here if plain(self.here) == plain(self.there) else {self.here: self.there}


@dataclass(frozen=True)
class Joined(Export):
    """An export with the columns of other files beside its own."""

    lookups: tuple[Lookup, ...] = ()

    @cached_property
    def columns(self) -> list[Column]:
        """Its own columns, and those of the other files; of two of one name the other's is called after its file."""
        all_columns = list(Export(self.sheets).columns)
        for lookup in self.lookups:
            names = {plain(column.name) for column in all_columns}
            stem = PurePath(lookup.export.files[0]).name.split(".")[0]
            for column in lookup.export.columns:
                if plain(column.name) != plain(lookup.there):
                    name = f"{stem}.{column.name}" if plain(column.name) in names else column.name
                    all_columns.append(replace(column, name=name))
        return all_columns

    def __str__(self) -> str:
        return f"{Export(self.sheets)} with {', '.join(str(lookup.export) for lookup in self.lookups)}"


def linked(matches: Mapping[str, Match], left: Left) -> tuple[dict[str, Match], Left]:
    """Join the files that tables need to them; return the tables and the remaining files."""
    tables = dict(matches)
    exports = [*(match.export for match in tables.values()), *(export for export, _ in left)]
    for table in WANTED:
        tables, left = _completed(tables, left, table, exports)
    tables, left = _bridged(tables, left)
    return _with_attributes(tables, left)


def key_between(base: Export, second: Export) -> Lookup | None:
    """The key by which each row of one export has at most one row of another; None where chance may explain it."""
    best: tuple[float, Lookup] | None = None
    for key_column in second.columns:
        if not _is_key(key_column):
            continue
        for base_column in base.columns:
            share = _overlap(base_column, key_column)
            least = HALF if plain(base_column.name) == plain(key_column.name) else MOST
            if share >= least and _proved(base_column, key_column) and (best is None or share > best[0]):
                best = (share, Lookup(second, base_column.name, key_column.name))
    return best[1] if best else None


def _completed(
    tables: dict[str, Match], left: Left, table: str, exports: Sequence[Export]
) -> tuple[dict[str, Match], Left]:
    """Build a table that lacks a needed column from two or three files that have it."""
    match = tables.get(table)
    pool = [*([match.export] if match else []), *(export for export, _ in left)][:LARGEST]
    if table != SALES and match is not None:  # only the customer is looked up in the files of other tables
        pool = [match.export, *(candidate for candidate in exports if candidate.sheets is not match.export.sheets)][
            :LARGEST
        ]
    if match is not None and (match.form is not None or _complete(match) == len(WANTED[table])):
        return tables, left
    best = max(_joined(pool, table, match), key=lambda candidate: (_complete(candidate), candidate.score), default=None)
    least = _complete(match) if match else len(WANTED[table]) - 1
    if best is None or _complete(best) <= least or best.sure == "guess":
        return tables, left
    used = [best.export.sheets, *(lookup.export.sheets for lookup in lookups_of(best.export))]
    return {**tables, table: best}, [
        candidate for candidate in left if not any(candidate[0].sheets is sheets for sheets in used)
    ]


def lookups_of(export: Export) -> tuple[Lookup, ...]:
    """The files that are joined to an export."""
    return export.lookups if isinstance(export, Joined) else ()


def _joined(pool: Sequence[Export], table: str, match: Match | None) -> Iterator[Match]:
    """Each pair of files as one table, and with a third where that adds more."""
    for base, second in permutations(pool, 2):
        if match is not None and match.export is not base and (table != SALES or match.export is not second):
            continue
        if not (lookup := key_between(base, second)):
            continue
        pair = as_table(Joined(base.sheets, (lookup,)), table)
        yield pair
        if _complete(pair) == len(WANTED[table]):
            continue
        for third in pool:
            if third is not base and third is not second and (further_lookup := key_between(pair.export, third)):
                yield as_table(Joined(base.sheets, (lookup, further_lookup)), table)


def _complete(match: Match) -> int:
    return sum(
        name in match.columns and match.columns[name].sure != "guess" and bool(match.columns[name].column.filled)
        for name in WANTED[match.table]
    )


def _bridged(tables: dict[str, Match], left: Left) -> tuple[dict[str, Match], Left]:
    """Tables that name accounts or contracts, with the file that says whose these are."""
    customers = tables.get("customers")
    key = customers.columns.get(CUSTOMER) if customers else None
    if key is None:
        return tables, left
    for name, match in tables.items():
        theirs = match.columns.get(CUSTOMER)
        if name == "customers" or CUSTOMER not in TABLES[name].columns:
            continue
        if theirs is not None and _overlap(theirs.column, key.column) >= 1 - MOST:
            continue
        for export, _ in left:
            owner = _customers_of(export, key.column)
            lookup = key_between(match.export, export) if owner else None
            if owner and lookup and plain(lookup.there) != plain(owner.name):
                joined = Joined(match.export.sheets, (*lookups_of(match.export), lookup))
                column = next(item for item in joined.columns if item.values is owner.values)
                because = f"its values are those of '{key.column.name}' of the customers, by '{lookup.here}'"
                columns = {**match.columns, CUSTOMER: Mapped(column, 0.85, because)}
                remaining = [item for item in left if item[0] is not export]
                return {**tables, name: replace(match, export=joined, columns=columns)}, remaining
    return tables, left


def _with_attributes(tables: dict[str, Match], left: Left) -> tuple[dict[str, Match], Left]:
    """The customers with the files that say more of each of them; a file that says several things of one is left."""
    match = tables.get("customers")
    key = match.columns.get(CUSTOMER) if match else None
    if match is None or key is None:
        return tables, left
    lookups: list[Lookup] = []
    remaining: Left = []
    for export, why in left:
        customer_column = _customers_of(export, key.column)
        if customer_column is None:
            remaining.append((export, why))
        elif customer_column.unique < 1:
            remaining.append((export, _multiplied(customer_column)))
        else:
            lookups.append(Lookup(export, key.column.name, customer_column.name))
    if not lookups:
        return tables, remaining
    joined = as_table(Joined(match.export.sheets, tuple(lookups)), "customers")
    if joined.columns.get(CUSTOMER, key).column.name != key.column.name:
        joined = replace(joined, columns={**joined.columns, CUSTOMER: key})
    return {**tables, "customers": replace(joined, score=max(joined.score, match.score))}, remaining


def _customers_of(export: Export, key: Column) -> Column | None:
    """The column of a file that holds the customers' ids."""
    fitting = [
        column for column in export.columns
        if max(_overlap(column, key), _overlap(key, column)) >= MOST and _overlap(column, key) >= HALF
        and _proved(column, key)
    ]  # fmt: skip
    return fitting[0] if len(fitting) == 1 else None


def _multiplied(column: Column) -> str:
    return (
        f"one '{column.name}' has several rows there ({column.filled:,} rows of {len(column.values):,}): joined to the "
        "customers it would multiply them"
    )


def _is_key(column: Column) -> bool:
    """Whether each row has a value of its own that may be a key."""
    is_filled = bool(column.filled) and column.filled >= 0.99 * column.rows and len(column.values) == column.filled
    return (
        is_filled
        and column.filled > 1
        and not column.dates.share
        and not column.numbers.decimals
        and not column.exposed
    )


def _overlap(some: Column, compared: Column) -> float:
    """The share of the values of one column that are among those of another."""
    if not len(some.values) or some.exposed or some.dates.share or some.numbers.decimals:
        return 0.0
    return float(np.asarray(pc.is_in(some.values, _whole(compared.values))).mean())


def _whole(values: Any) -> Any:
    return values if not hasattr(values, "combine_chunks") else values.combine_chunks()


def _proved(column: Column, key: Column) -> bool:
    """Whether two columns of equal values are one key: called alike, or codes that are not equal by chance."""
    ours, theirs = words.meaning(column.name).things, words.meaning(key.name).things
    if plain(column.name) == plain(key.name) and plain(column.name) != "id":
        return True
    if ours == theirs and len(ours) > 1:
        return True
    if "name" in ours | theirs or min(len(column.values), len(key.values)) < FEW:
        return False
    dense = key.numbers.share > MOST and key.numbers.high <= 3 * max(len(key.values), SMALL)
    digits = np.asarray(pc.match_substring_regex(key.values, r"\d")).mean()
    return not dense and digits > HALF and key.length >= 3 and len(column.values) >= 2 * FEW
