"""Quantiles with distribution-free intervals, exact on every engine: values at given ranks of the sorted rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import ibis
import numpy as np
import pandas as pd

from carestudy.care import Care
from carestudy.measure import engine
from carestudy.measure.intervals import order_ranks
from carestudy.measure.kpi import Kpi
from carestudy.measure.rows import BUCKET, Rows, in_periods, with_dimensions
from carestudy.periods import Period

RANK = "carestudy_rank"


@dataclass(frozen=True)
class Quantile:
    """A whole number of each row, the rows that count, and which quantile of them is the figure."""

    value: Any
    counted: Any
    at: float = 0.5


def quantile_values(care: Care, kpi: Kpi, by: Sequence[str], periods: Sequence[Period], level: float) -> pd.DataFrame:
    """Quantile, low and high in whole units, and n, for each group and period."""
    name = kpi.tables[0]
    asked: Quantile = kpi.define(Rows(care, name), **kpi.options)
    table = care.table(name)
    table = table.mutate(carestudy_value=asked.value.cast("int64")).filter(engine.true(asked.counted))
    rich = care.with_table(name, table)
    table = in_periods(with_dimensions(rich, name, by), name, periods)
    rows = table.select(*[table[d].cast("string").name(d) for d in by], BUCKET, value=table.carestudy_value)
    rows = rows.filter(rows.value.notnull())
    keys = [*by, BUCKET]
    sizes = engine.fetch(rows.group_by(keys).aggregate(n=rows.count()).order_by(keys), ("n",))
    if sizes.empty:
        return sizes.assign(value=[], low=[], high=[])
    ranks = _ranks(sorted(set(sizes["n"])), asked.at, level)
    return sizes.merge(_values(rows, keys, ranks), on=keys, how="left")


def _ranks(sizes: list[int], at: float, level: float) -> pd.DataFrame:
    """For each size n of a group, the ranks that its quantile and its interval need."""
    n = np.array(sizes)
    low, high = order_ranks(n, at, level)
    place = (n - 1) * at + 1
    return pd.DataFrame(
        {"n": n, "below": np.floor(place).astype(int), "above": np.ceil(place).astype(int), "low": low, "high": high}
    ).assign(share=place - np.floor(place))


def _values(rows: Any, keys: list[str], ranks: pd.DataFrame) -> pd.DataFrame:
    """The quantile and its limits of each group, from the rows at the wanted ranks."""
    long = ranks.melt("n", ["below", "above", "low", "high"], value_name=RANK).dropna().drop(columns="variable")
    wanted = engine.small_table(long.astype("int64").drop_duplicates().sort_values(["n", RANK]))
    place = ibis.row_number().over(ibis.window(group_by=keys, order_by=rows.value)) + 1
    ranked = rows.mutate(**{RANK: place}, n=rows.count().over(ibis.window(group_by=keys)))
    found = engine.fetch(ranked.join(wanted, ["n", RANK]).select(*keys, "n", RANK, "value"), ("n", RANK, "value"))
    found = found.merge(ranks, on="n")
    at = {
        side: found[found[RANK] == found[side]].set_index(keys)["value"].rename(side)
        for side in ("below", "above", "low", "high")
    }
    share = found.drop_duplicates(keys).set_index(keys)["share"]
    value = at["below"] + (at["above"] - at["below"]) * share
    return pd.concat([value.rename("value"), at["low"], at["high"]], axis=1).reset_index()
