"""Customer ids that tables write differently, matched by the rule that care.toml states."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from carestudy.contract import CareError
from carestudy.engine import Table, Value, coalesce
from carestudy.load.engine import Database, Engine
from carestudy.measure.phone_numbers import phone

ID = "customer_id"
TWINS = {
    "digits": "have the digits of another customer in their id, so ids cannot be matched by digits: take it out of "
    "care.toml",
    "phone": "have the phone of another customer in another form: keep one row for each phone in the customers' table",
}


def digits(column: Value) -> Value:
    """The last run of digits without leading zeros; an id without any digit is itself.

    "C00001925", "KH-1925" and "1925" are one customer.
    """
    bare = column.re_extract(r"(\d+)\D*$", 1).re_replace(r"^0+(\d)", r"\1")
    return ((bare == "") | bare.isnull()).ifelse(column, bare)


KEYS = {"digits": digits, "phone": phone}


def matched(engine: Engine | Database, tables: Mapping[str, Any], rule: str) -> dict[str, Any]:
    """The tables with customer ids as the customers' table writes them; ids it does not have become their key."""
    key = KEYS[rule]
    theirs = {name: table for name, table in tables.items() if ID in table.columns and name != "customers"}
    matched = {name: table.mutate(**{ID: key(table[ID])}) for name, table in theirs.items()}
    if ID in getattr(tables.get("customers"), "columns", ()):
        written = tables["customers"].select(
            carestudy_key=key(tables["customers"][ID]), carestudy_id=tables["customers"][ID]
        )
        written = engine.kept("customer_ids", written.distinct())
        _refuse_twins(written, rule)
        matched = {name: _written(table, written) for name, table in matched.items()}
    return {**tables, **{name: engine.kept(f"matched_{name}", table) for name, table in matched.items()}}


def _written(table: Table, written: Any) -> Table:
    both = table.left_join(written, table[ID] == written.carestudy_key)
    return both.select(**{c: coalesce(both.carestudy_id, both[ID]) if c == ID else both[c] for c in table.columns})


def _refuse_twins(written: Table, rule: str) -> None:
    keys = written.aggregate(all=written.count(), different=written.carestudy_key.nunique()).to_pyarrow().to_pylist()[0]
    if twins := keys["all"] - keys["different"]:
        raise CareError(f'match_ids = "{rule}": {twins:,} customers {TWINS[rule]}')
