"""Finds ids of customers that several exports share, by their values, or by their digits where these differ."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from carestudy.contract import TABLES
from carestudy.recognise.column import Column
from carestudy.recognise.joins import Joined, Lookup, lookups_of
from carestudy.recognise.mapped import Mapped, Match
from carestudy.recognise.words import barred, meaning

ID = "customer_id"
ENOUGH, MOST = 20, 0.8
PHONE = r"^\+?(84|0084|0)?[\s.()-]*[1-9]([\s.()-]?\d){7,9}$"


def shared(matches: Mapping[str, Match]) -> dict[str, Match]:
    """Find the customers' ids by their values, where no header names them or one names them wrongly."""
    key = _key(matches)
    if key is None:
        return {name: _with_personal(match) for name, match in matches.items()}
    with_customers = {
        name: match if name == "customers" else _with_customers(match, key) for name, match in matches.items()
    }
    return {**with_customers, "customers": _confirmed(with_customers, key)}


def by_digits(matches: Mapping[str, Match]) -> list[str]:
    """The tables whose customer ids are those of the customers by their digits only."""
    key = _key(matches)
    if key is None:
        return []
    own_digits = _digits(key.values)
    if len(pc.unique(own_digits)) < len(pc.unique(key.values)):
        return []  # two customers would become one
    names = []
    ours = _prefixes(key.values)
    for name, match in matches.items():
        if name != "customers" and ID in match.columns:
            theirs = match.columns[ID].column.values
            overlap, alike = _overlap(theirs, key.values), _overlap(_digits(theirs), own_digits)
            # Different letters before the digits are different entities: A0001 is an account, and C0001 a client.
            if alike >= MOST and overlap < alike - 0.3 and not _apart(ours, _prefixes(theirs)):
                names.append(name)
    return names


def of_persons(matches: Mapping[str, Match]) -> dict[str, Match]:
    """The matches with a question where the customers' id is another in every order, and a second id repeats."""
    customers, sales = matches.get("customers"), matches.get("transactions")
    key, theirs = _key(matches), sales.columns.get(ID) if sales else None
    if customers is None or key is None or theirs is None or theirs.column.unique < 0.98 or len(key.values) < ENOUGH:
        return dict(matches)
    repeating = [column for column in customers.rest if _repeats(column)]
    if len(repeating) != 1 or _overlap(theirs.column.values, key.values) < MOST:
        return dict(matches)
    why = f"'{key.name}' is another in every sale, and '{repeating[0].name}' comes back: is that the customer?"
    person = Mapped(repeating[0], 0.7, why, ask=True)
    changed = {**matches, "customers": replace(customers, columns={**customers.columns, ID: person})}
    for name, match in matches.items():
        mapped = match.columns.get(ID)
        if name != "customers" and mapped and _overlap(mapped.column.values, key.values) > MOST:
            lookup = Lookup(customers.export, mapped.column.name, key.name)
            joined = Joined(match.export.sheets, (*lookups_of(match.export), lookup))
            changed[name] = replace(match, export=joined, columns={**match.columns, ID: person})
    return changed


def _repeats(column: Column) -> bool:
    """Whether a column holds ids of customers some of whom come several times."""
    things = meaning(column.name).things
    is_filled = column.filled == column.rows and 0.3 < column.unique < 1 and not column.exposed
    return is_filled and {"id", "customer"} <= things and not barred(column.name, ID)


def strangers(matches: Mapping[str, Match]) -> list[str]:
    """The tables of which hardly any customer is in the customers' table, by id or by its digits."""
    key = _key(matches)
    if key is None or not len(key.values):
        return []
    names = []
    for name, match in matches.items():
        if name != "customers" and ID in match.columns:
            theirs = match.columns[ID].column.values
            apart = _apart(_prefixes(key.values), _prefixes(theirs))
            read = (
                (_numbers, _numbers) if name in by_phone(matches) else (_as_is, _as_is) if apart else (_digits, _digits)
            )
            if max(_overlap(theirs, key.values), _overlap(read[0](theirs), read[1](key.values))) < 0.05:
                names.append(name)
    return names


def by_phone(matches: Mapping[str, Match]) -> list[str]:
    """The tables whose customer ids are phone numbers written in several ways, so that one customer would be two."""
    columns = {name: match.columns[ID].column for name, match in matches.items() if ID in match.columns}
    columns = {name: column for name, column in columns.items() if _of_phones(column)}
    if not columns:
        return []
    written = pc.unique(pa.concat_arrays([_as_is(column.values) for column in columns.values()]))
    return sorted(columns) if len(pc.unique(_numbers(written))) < len(written) else []


def _key(matches: Mapping[str, Match]) -> Column | None:
    customers = matches.get("customers")
    mapped = customers.columns.get(ID) if customers else None
    return mapped.column if mapped else None


def _confirmed(matches: Mapping[str, Match], key: Column) -> Match:
    """The customers, whose id is no guess any more where another table has it too."""
    customers = matches["customers"]
    mapped, other_matches = customers.columns[ID], [item for name, item in matches.items() if name != "customers"]
    theirs = [item.columns[ID].column for item in other_matches if ID in item.columns]
    telling = [item for item in theirs if len(item.values) > 1 and _overlap(item.values, key.values) > MOST]
    if mapped.sure != "guess" or not telling or key.personal:
        return customers
    known = replace(mapped, fit=0.8, why=f"its values are those of '{telling[0].name}' in another table")
    return replace(customers, columns={**customers.columns, ID: known})


def _with_customers(match: Match, key: Column) -> Match:
    mapped = match.columns.get(ID)
    if ID not in TABLES[match.table].columns or not match.export.rows:
        return match
    if mapped and _overlap(mapped.column.values, key.values) > 0.3:
        return match
    candidates = [column for column in match.rest if _may_be(column, key)]
    if len(candidates) != 1 or (mapped and _alike(mapped.column, key)):
        return match
    (column,) = candidates
    why = f"its values are those of '{key.name}' of the customers"
    return replace(match, columns={**match.columns, ID: Mapped(column, 0.8, why)})


def _with_personal(match: Match) -> Match:
    """A match with phone numbers or addresses as ids, where it has customers but nothing else to tell them by."""
    columns = [
        column for column in match.rest if column.personal and column.filled > 0.5 * column.rows and not column.exposed
    ]
    if ID in match.columns or ID not in TABLES[match.table].columns or not columns:
        return match
    why = f"it holds {columns[0].personal}, and there is no other id of customers"
    return replace(match, columns={**match.columns, ID: Mapped(columns[0], 0.6, why)})


def _may_be(column: Column, key: Column) -> bool:
    """Whether a column holds ids of customers: small numbers that are everywhere do not count."""
    if (
        column.exposed
        or len(column.values) < min(ENOUGH, max(2, len(key.values) // 2))
        or column.dates.share
        or column.numbers.decimals
    ):
        return False
    dense = column.numbers.share > 0.9 and column.numbers.high <= 3 * max(len(key.values), 100)
    header_things = meaning(column.name).things & {"id", "customer", "phone", "email"}
    if _of_phones(column) and _of_phones(key):
        return _overlap(_numbers(column.values), _numbers(key.values)) > MOST
    return _overlap(column.values, key.values) > MOST and (bool(header_things) or not dense)


def _overlap(some: Any, compared: Any) -> float:
    """The share of values that are among the compared ones."""
    return float(np.asarray(pc.is_in(some, compared)).mean()) if len(some) else 0.0


def _alike(column: Column, key: Column) -> bool:
    """Whether a column has the ids of customers, written in another way."""
    if _of_phones(column) and _of_phones(key):
        return _overlap(_numbers(column.values), _numbers(key.values)) > 0.3
    apart = _apart(_prefixes(key.values), _prefixes(column.values))
    return not apart and _overlap(_digits(column.values), _digits(key.values)) > 0.3


def _of_phones(column: Column) -> bool:
    """Whether a column holds phone numbers, whichever way they are written."""
    if column.personal != "phone numbers" and "phone" not in meaning(column.name).things:
        return False
    fits = np.asarray(pc.match_substring_regex(column.values, PHONE))
    return bool(column.filled) and bool(column.counts[fits].sum() > MOST * column.filled)


def _numbers(values: Any) -> Any:
    """Phone numbers without what differs between the ways of writing them: country, leading zero, points, spaces."""
    bare = pc.replace_substring_regex(_as_is(values), r"[^0-9]", "")
    return pc.replace_substring_regex(bare, r"^(0084|84|0)?([1-9]\d{8,9})$", r"\2")


def _as_is(values: Any) -> Any:
    return values if isinstance(values, pa.Array) else values.combine_chunks()


def _prefixes(values: Any) -> set[str]:
    """The letters before the digits of ids, in small letters; without those that stand before few."""
    letters = pc.struct_field(pc.extract_regex(_as_is(values), r"^(?P<p>\pL+)[^\pL]*\d"), "p")
    counted = pc.value_counts(pc.utf8_lower(letters.drop_null()))
    least = 0.05 * max(len(values), 1)
    return {str(entry["values"]) for entry in counted.to_pylist() if entry["counts"] > least}


def _apart(some: set[str], compared: set[str]) -> bool:
    """Whether both have letters before their digits, and none in common."""
    return bool(some) and bool(compared) and not some & compared


def _digits(values: Any) -> Any:
    """The last run of digits without leading zeros, as the door matches them."""
    digits = pc.struct_field(pc.extract_regex(values, r"(?P<n>\d+)\D*$"), "n")
    bare = pc.replace_substring_regex(pc.coalesce(digits, values), r"^0+(\d)", r"\1")
    return bare if isinstance(bare, pa.Array) else bare.combine_chunks()
