"""The data of one group of a company: a team, a region, a segment ... and nothing of the others."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from typing import Any

import pandas as pd

from carestudy import engine
from carestudy.care import Care, Group
from carestudy.contract import CareError, Missing
from carestudy.engine import Table, literal, null, union
from carestudy.load.engine import Database, Engine
from carestudy.measure import stock
from carestudy.measure.rows import with_dimensions

ASIDE = {"staff", "goals"}  # tables about the company, whose rows belong to no customer
FORMS = "only is {'team': 'A'}, {'team': ['A', 'B']} or the text \"team=A\", not"


def said(only: object) -> Group:
    """The group that ``only`` names, by dimension; None or an empty text is the group of rows without a value.

    >>> said("team=Đội Bắc")
    {'team': ('Đội Bắc',)}
    >>> said({"region": ["Huế", None]})
    {'region': ('Huế', None)}
    """
    if isinstance(only, str):
        dimension, sign, value = only.partition("=")
        only = {dimension.strip(): value.strip()} if sign else None
    if not isinstance(only, Mapping) or not only or not all(isinstance(name, str) and name for name in only):
        raise CareError(f"{FORMS} {type(only).__name__}")
    return {name: _values(value) for name, value in only.items()}


def restricted(care: Care, backend: Engine | Database, only: object) -> Care:
    """The data of one group: of every table the rows that belong to it, as a figure ``by`` the dimension would count.

    A row belongs to a group by its own column, else by that of its customer, else by that of the person in charge.
    A table that cannot be divided so, or has no row of the group, is left out: sums over it would be zeros that say
    nothing. ``staff`` keeps the people of the group, and ``goals`` keeps the goals of the group, which are those of
    the whole here. When the data are known up to, and after how much silence a customer is lost, stays as it is for
    the whole company. What follows a contact is looked for within the group.
    """
    group = said(only)
    tables = {}
    for name, table in care.tables.items():
        group_rows = _goals(table, group) if name == "goals" else _rows(care, name, group)
        tables[name] = backend.kept(f"only_{name}", group_rows)
    used = {name: int(engine.fetch(table.aggregate(rows=table.count()))["rows"][0]) for name, table in tables.items()}
    used = {name: rows for name, rows in used.items() if rows or name in ASIDE}
    if not used.keys() - ASIDE:
        raise CareError(f"the data have nothing of this {' and '.join(group)}")
    tables = {name: tables[name] for name in used}
    counts = tuple(
        replace(count, read=used[count.table], used=used[count.table], set_aside=0)
        for count in care.counts
        if count.table in used
    )
    group_data = replace(
        care, tables=tables, counts=counts, faults=care.faults.iloc[:0], aside=dict[str, Any](), only=group,
        whole=care.whole or care,
    )  # fmt: skip
    # Who left is not told in two ways: by contracts in the whole, and by silence where a group has none on file.
    return (
        group_data
        if stock.has_contracts(group_data) == stock.has_contracts(care)
        else replace(group_data, inactive_after=None)
    )


def divided(care: Care, name: str, dimension: str) -> Any | None:
    """A table with a dimension of it, of its customers or of the people in charge; None where it has none of them."""
    if name in ASIDE and dimension not in care.tables[name].columns:
        return None
    try:
        return with_dimensions(care, name, [dimension])
    except Missing:
        return None


def groups(care: Care, dimension: str) -> pd.DataFrame:
    """The groups of a dimension, a row each with its customers, in order of their names, the nameless one last.

    ``customers`` are those that any table knows of the group, ``on_file`` those in the customer table.
    """
    wide = {name: divided(care, name, dimension) for name in care.tables if name not in ASIDE}
    by_table = [_customers(table, name, dimension) for name, table in wide.items() if table is not None]
    if not by_table:
        has = sorted({column for table in care.tables.values() for column in table.columns})
        close = get_close_matches(dimension, has, n=1)
        hint = f"; did you mean '{close[0]}'?" if close else ""
        raise CareError(f"no table has a column '{dimension}' to tell groups by{hint}")
    rows = by_table[0] if len(by_table) == 1 else union(*by_table)
    on_file = rows.customer_id.nunique(where=rows.filed).fill_null(0)
    counts = engine.fetch(rows.group_by("group").aggregate(customers=rows.customer_id.nunique(), on_file=on_file))
    ordered = counts.sort_values("group", na_position="last", ignore_index=True)
    return ordered.astype({"customers": "int64", "on_file": "int64"})


def _customers(table: Table, name: str, dimension: str) -> Table:
    known = table.customer_id if "customer_id" in table.columns else null("string")
    filed = literal(name == "customers")
    return table.select(group=table[dimension].cast("string"), customer_id=known.cast("string"), filed=filed).distinct()


def _values(value: object) -> tuple[str | None, ...]:
    several: list[Any] = list(value) if isinstance(value, Sequence) and not isinstance(value, str) else [value]
    if not several or not all(name is None or isinstance(name, str) for name in several):
        raise CareError(f"{FORMS} {type(value).__name__}")
    return tuple(unicodedata.normalize("NFC", name) if name else None for name in several)


def _rows(care: Care, name: str, group: Group) -> Table:
    table = care.tables[name]
    for dimension, values in group.items():
        wide = divided(care.with_table(name, table), name, dimension)
        if wide is None:
            if name == "staff":
                continue
            return table.limit(0)
        column = wide[dimension].cast("string")
        inside = column.isin([value for value in values if value is not None])
        table = wide.filter(engine.true(inside) | column.isnull() if None in values else engine.true(inside))
        table = table.select(*care.tables[name].columns)
    return table


def _goals(table: Table, group: Group) -> Table:
    (dimension, values), *further = group.items()
    if further or len(values) != 1 or "scope" not in table.columns:
        return table.limit(0)
    return table.filter(engine.true(table.scope == f"{dimension}={values[0]}")).mutate(scope=literal("company"))
