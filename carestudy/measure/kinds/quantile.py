"""Quantiles with distribution-free intervals, exact on every engine: values at given ranks of the sorted rows.

Rows of one customer resemble each other: where customers have several, the interval is that of as many independent
rows as the rows are worth (their number over the design effect at the quantile), on the ranks of all of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from carestudy import engine
from carestudy.care import Care
from carestudy.measure.counted_rows import COUNTS, Counted, Side, columns_read
from carestudy.measure.customer_clusters import cluster, design_effect
from carestudy.measure.figures import bucketed
from carestudy.measure.intervals import Limits, order_ranks
from carestudy.measure.kind import Needs
from carestudy.measure.kpi import Kpi, declaring
from carestudy.measure.rows import BUCKET, CLUSTER, Rows, in_periods, with_dimensions
from carestudy.periods import Period

RANK = "carestudy_rank"
RANK_ERROR = 1e-9


@dataclass(frozen=True)
class Ranked:
    """A whole number of each row, the rows that count, and which quantile of them is the figure."""

    value: Any
    counted: Any
    at: float = 0.5


class Quantile(Kpi):
    """A figure whose author says which number of a row is ranked; numerator and denominator are the rows."""

    def ranked(self, care: Care) -> Ranked:
        """What is ranked."""
        return self.define(*(Rows(care, name) for name in self.tables), **self.options)  # type: ignore[no-any-return]

    def needs(self, care: Care, by: Sequence[str] = ()) -> Needs:  # noqa: ARG002
        """Its table, what is ranked, and the rows that count."""
        ranked = self.ranked(care)
        return Needs(self.tables[:1], (ranked.value, ranked.counted))

    @staticmethod
    def computed(
        care: Care, kpis: Sequence[Quantile], by: Sequence[str], periods: Sequence[Period], level: float
    ) -> dict[Kpi, pd.DataFrame]:
        """The rows of each figure, from its values at a few ranks."""
        return {kpi: _scaled(care, kpi, bucketed(_values(care, kpi, by, periods, level), periods)) for kpi in kpis}

    def counted(self, care: Care, by: Sequence[str], periods: Sequence[Period], side: Side) -> Counted:  # noqa: ARG002
        """The rows that are ranked, which are its numerator and its denominator."""
        rows, ranked = _ranked_rows(care, self, by, periods), self.ranked(care)
        shows = columns_read(ranked.value, ranked.counted)
        return Counted(rows.mutate(**{COUNTS: engine.literal(1, "int64")}), self.tables[0], tuple(shows))


def _scaled(care: Care, kpi: Quantile, frame: pd.DataFrame) -> pd.DataFrame:
    unit = kpi.scale(care)
    scaled = {name: frame[name].astype(float) * unit for name in ("value", "low", "high")}
    return frame.assign(**scaled, kpi=kpi.id, **dict.fromkeys(("numerator", "denominator"), frame["n"]))


def _values(care: Care, kpi: Quantile, by: Sequence[str], periods: Sequence[Period], level: float) -> pd.DataFrame:
    """Quantile, low and high in whole units, n, and units (customers), for each group and period."""
    name, ranked, keys = kpi.tables[0], kpi.ranked(care), [*by, BUCKET]
    table = _ranked_rows(care, kpi, by, periods)
    groups = [table[dimension].cast("string").name(dimension) for dimension in by]
    rows = table.select(*groups, BUCKET, CLUSTER, value=table.carestudy_value)
    customers = rows[CLUSTER].nunique() if "customer_id" in care.table(name).columns else rows.count()
    sizes = engine.integer_sums(rows, keys, {"n": rows.count(), "units": customers})
    if sizes.empty:
        return sizes.assign(value=[], low=[], high=[])
    limited = _limited(rows, keys, _placed(sizes, ranked.at), ranked.at, level)
    value = limited["below"] + (limited["above"] - limited["below"]) * limited["share"]
    return limited.assign(value=value)[[*keys, "n", "units", "value", "low", "high"]]


def _ranked_rows(care: Care, kpi: Quantile, by: Sequence[str], periods: Sequence[Period]) -> engine.Table:
    """The rows that are ranked, with all their columns, the number that is ranked, period and customer."""
    name, ranked = kpi.tables[0], kpi.ranked(care)
    table = care.table(name)
    table = table.mutate(carestudy_value=ranked.value.cast("int64"), **{CLUSTER: cluster(table, name)})
    rich = care.with_table(name, table.filter(engine.true(ranked.counted)))
    table = in_periods(with_dimensions(rich, name, by), name, periods)
    return table.filter(table.carestudy_value.notnull())


def worth_ranks(n: ArrayLike, effect: ArrayLike, at: float = 0.5, level: float = 0.95) -> Limits:
    """Ranks that hold a quantile of n rows which vary as much as n / effect independent ones; NaN where too few.

    >>> [int(rank) for rank in worth_ranks(30, 2.0)]
    [7, 24]
    """
    n = np.asarray(n, float)
    worth = np.maximum(np.floor(n / effect + RANK_ERROR), 1)
    low, high = order_ranks(worth, at, level)
    return np.floor((low - 1) * n / worth + RANK_ERROR) + 1, np.ceil(high * n / worth - RANK_ERROR)


def _placed(sizes: pd.DataFrame, at: float) -> pd.DataFrame:
    """The ranks between which the quantile of each group lies."""
    position = (sizes["n"] - 1) * at + 1
    below = np.floor(position).astype(int)
    return sizes.assign(below=below, above=np.ceil(position).astype(int), share=position - below)


def _limited(rows: engine.Table, keys: list[str], sizes: pd.DataFrame, at: float, level: float) -> pd.DataFrame:
    """The values at those ranks, and at those of the limits; these need the values where rows are alike."""
    if (sizes["n"] == sizes["units"]).all():
        low, high = worth_ranks(sizes["n"], 1.0, at, level)
        return _at_ranks(rows, keys, sizes.assign(low=low, high=high), ["below", "above", "low", "high"])
    ranked = _at_ranks(rows, keys, sizes, ["below", "above"])
    tops = ranked[keys].assign(threshold=ranked["below"])
    ranked = ranked.merge(design_effect(rows, keys, tops)[[*keys, "effect"]], on=keys, how="left")
    low, high = worth_ranks(ranked["n"], ranked["effect"], at, level)
    return _at_ranks(rows, keys, ranked.assign(low=low, high=high), ["low", "high"])


def _at_ranks(rows: engine.Table, keys: list[str], ranks: pd.DataFrame, sides: list[str]) -> pd.DataFrame:
    """The groups with the value at each of these ranks in its place, NaN where there is no such rank."""
    long = ranks.melt("n", sides, value_name=RANK).dropna().drop(columns="variable")
    wanted = engine.small_table(long.astype("int64").drop_duplicates().sort_values(["n", RANK]))
    rank = engine.row_number().over(engine.window(group_by=keys, order_by=rows.value)) + 1
    ranked = rows.mutate(**{RANK: rank}, n=rows.count().over(engine.window(group_by=keys)))
    values = engine.fetch(ranked.join(wanted, ["n", RANK]).select(*keys, RANK, "value"), (RANK, "value"))
    for side in sides:
        placed = values.rename(columns={RANK: side, "value": "carestudy_at"}).astype({side: float})
        ranks = ranks.astype({side: float}).merge(placed, on=[*keys, side], how="left")
        ranks = ranks.drop(columns=side).rename(columns={"carestudy_at": side})
    return ranks


quantile = declaring(Quantile, "money")
