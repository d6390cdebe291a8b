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
from carestudy.recognise.mapped import Mapped, Match
from carestudy.recognise.words import meaning

ID = "customer_id"
ENOUGH, MOST = 20, 0.8


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
    for name, match in matches.items():
        if name != "customers" and ID in match.columns:
            theirs = match.columns[ID].column.values
            same, alike = _overlap(theirs, key.values), _overlap(_digits(theirs), own)
            if alike >= MOST and same < alike - 0.3:
                found.append(name)
    return found


def strangers(matches: Mapping[str, Match]) -> list[str]:
    """The tables of which hardly any customer is in the customers' table, by id or by its digits."""
    key = _key(matches)
    if key is None or not len(key.values):
        return []
    own = _digits(key.values)
    return [
        name for name, match in matches.items() if name != "customers" and ID in match.columns
        and _overlap(match.columns[ID].column.values, key.values) < 0.05
        and _overlap(_digits(match.columns[ID].column.values), own) < 0.05
    ]  # fmt: skip


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
    if mapped and (mapped.fit >= 1 or _overlap(mapped.column.values, key.values) > 0.3):
        return match
    candidates = [column for column in match.rest if _may_be(column, key)]
    if len(candidates) != 1:
        return match
    (column,) = candidates
    found = Mapped(column, 0.8, f"its values are those of '{key.name}' of the customers")
    return replace(match, columns={**match.columns, ID: found})


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
    return _overlap(column.values, key.values) > MOST and (bool(named) or not dense)


def _overlap(some: Any, others: Any) -> float:
    """How many of some values are among others."""
    return float(np.asarray(pc.is_in(some, others)).mean()) if len(some) else 0.0


def _digits(values: Any) -> Any:
    """The last run of digits without leading zeros, as the door matches them."""
    found = pc.struct_field(pc.extract_regex(values, r"(?P<n>\d+)\D*$"), "n")
    bare = pc.replace_substring_regex(pc.coalesce(found, values), r"^0+(\d)", r"\1")
    return bare if isinstance(bare, pa.Array) else bare.combine_chunks()
