"""Ids of customers that several exports share: found by their values, and matched by digits where these differ."""

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
    """The matches with the customers found by their values, where no header tells them or tells them wrongly."""
    key = _key(matches)
    if key is None:
        return {name: _with_personal(one) for name, one in matches.items()}
    found = {name: one if name == "customers" else _with_customers(one, key) for name, one in matches.items()}
    return {**found, "customers": _confirmed(found, key)}


def by_digits(matches: Mapping[str, Match]) -> list[str]:
    """The tables whose customer ids are those of the customers by their digits only."""
    key = _key(matches)
    if key is None:
        return []
    own = _digits(key.values)
    if len(pc.unique(own)) < len(pc.unique(key.values)):
        return []  # two customers would become one
    found = []
    ours = _prefixes(key.values)
    for name, match in matches.items():
        if name != "customers" and ID in match.columns:
            theirs = match.columns[ID].column.values
            same, alike = _overlap(theirs, key.values), _overlap(_digits(theirs), own)
            # Different letters before the digits are different entities: A0001 is an account, and C0001 a client.
            if alike >= MOST and same < alike - 0.3 and not _apart(ours, _prefixes(theirs)):
                found.append(name)
    return found


def of_persons(matches: Mapping[str, Match]) -> dict[str, Match]:
    """The matches with a question where the customers' id is another in every order, and a second id repeats."""
    customers, sales = matches.get("customers"), matches.get("transactions")
    key, theirs = _key(matches), sales.columns.get(ID) if sales else None
    if customers is None or key is None or theirs is None or theirs.column.unique < 0.98 or len(key.values) < ENOUGH:
        return dict(matches)
    again = [one for one in customers.rest if _repeats(one)]
    if len(again) != 1 or _overlap(theirs.column.values, key.values) < MOST:
        return dict(matches)
    why = f"'{key.name}' is another in every sale, and '{again[0].name}' comes back: is that the customer?"
    person = Mapped(again[0], 0.7, why, ask=True)
    found = {**matches, "customers": replace(customers, columns={**customers.columns, ID: person})}
    for name, match in matches.items():
        mapped = match.columns.get(ID)
        if name != "customers" and mapped and _overlap(mapped.column.values, key.values) > MOST:
            lookup = Lookup(customers.export, mapped.column.name, key.name)
            joined = Joined(match.export.sheets, (*lookups_of(match.export), lookup))
            found[name] = replace(match, export=joined, columns={**match.columns, ID: person})
    return found


def _repeats(column: Column) -> bool:
    """Whether a column holds ids of customers some of whom come several times."""
    things = meaning(column.name).things
    whole = column.filled == column.rows and 0.3 < column.unique < 1 and not column.exposed
    return whole and {"id", "customer"} <= things and not barred(column.name, ID)


def strangers(matches: Mapping[str, Match]) -> list[str]:
    """The tables of which hardly any customer is in the customers' table, by id or by its digits."""
    key = _key(matches)
    if key is None or not len(key.values):
        return []
    found = []
    for name, match in matches.items():
        if name != "customers" and ID in match.columns:
            theirs = match.columns[ID].column.values
            apart = _apart(_prefixes(key.values), _prefixes(theirs))
            read = (
                (_numbers, _numbers) if name in by_phone(matches) else (_as_is, _as_is) if apart else (_digits, _digits)
            )
            if max(_overlap(theirs, key.values), _overlap(read[0](theirs), read[1](key.values))) < 0.05:
                found.append(name)
    return found


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
    mapped, others = customers.columns[ID], [one for name, one in matches.items() if name != "customers"]
    theirs = [one.columns[ID].column for one in others if ID in one.columns]
    telling = [one for one in theirs if len(one.values) > 1 and _overlap(one.values, key.values) > MOST]
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
    columns = [one for one in match.rest if one.personal and one.filled > 0.5 * one.rows and not one.exposed]
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
    named = meaning(column.name).things & {"id", "customer", "phone", "email"}
    if _of_phones(column) and _of_phones(key):
        return _overlap(_numbers(column.values), _numbers(key.values)) > MOST
    return _overlap(column.values, key.values) > MOST and (bool(named) or not dense)


def _overlap(some: Any, others: Any) -> float:
    """How many of some values are among others."""
    return float(np.asarray(pc.is_in(some, others)).mean()) if len(some) else 0.0


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
    return {str(one["values"]) for one in counted.to_pylist() if one["counts"] > least}


def _apart(some: set[str], others: set[str]) -> bool:
    """Whether both have letters before their digits, and none in common."""
    return bool(some) and bool(others) and not some & others


def _digits(values: Any) -> Any:
    """The last run of digits without leading zeros, as the door matches them."""
    found = pc.struct_field(pc.extract_regex(values, r"(?P<n>\d+)\D*$"), "n")
    bare = pc.replace_substring_regex(pc.coalesce(found, values), r"^0+(\d)", r"\1")
    return bare if isinstance(bare, pa.Array) else bare.combine_chunks()
