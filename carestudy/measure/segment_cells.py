"""The sums of a figure by segment in two periods, and how the customers they have in common tie them together.

Customers are independent of each other, their rows are not: someone who answers by phone in March and by e-mail in
April stands in two cells. The sums over customers of the products of their parts of every two cells are exact integers
from one query, however many customers there are; every interval of a change of mix follows from them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from carestudy import engine
from carestudy.care import Care
from carestudy.measure.fractions import Fraction, stream
from carestudy.measure.kind import Kind
from carestudy.measure.rows import BUCKET, CLUSTER, OURS
from carestudy.periods import Period

SIDES = ("aa", "ab", "ba", "bb")


@dataclass(frozen=True)
class Cells:
    """Sums by segment (columns) before and now (rows): above and below the line, how many rows, and the products.

    A segment is a tuple of names, of several where small ones are pooled. ``products`` is a square matrix over all
    sums above the line, then all below, each before and now.
    """

    segments: tuple[tuple[str | None, ...], ...]
    above: Any
    below: Any
    n: Any
    products: Any


def cells(care: Care, kpi: Kind, by: str, before: Period, now: Period, *, fewest: int = 30) -> Cells:
    """The cells of a figure about rows or about the customer base.

    Segments with fewer than ``fewest`` rows before or now are put together, in the last place but for the rows that
    name no segment, which are a segment whatever their number.
    """
    sums, ties = kpi.segments(care, by, [before, now])
    segments = _segments(sums, fewest)
    places = {name: position for position, names in enumerate(segments) for name in names}
    size = len(segments)
    table = {name: np.zeros((2, size)) for name in ("a", "b", "n")}
    for row in sums.to_dict("records"):
        if row["segment"] in places:
            for name, side in table.items():
                side[row["side"], places[row["segment"]]] += float(row[name])
    products = np.zeros((4 * size, 4 * size))
    for row in ties.to_dict("records"):
        if row["segment"] in places and row["segment_2"] in places:
            left, right = (row[f"side{end}"] * size + places[row[f"segment{end}"]] for end in ("", "_2"))
            for pair in SIDES:
                at = [
                    position + 2 * size * (letter == "b") for letter, position in zip(pair, (left, right), strict=True)
                ]
                products[at[0], at[1]] += float(row[pair])
    return Cells(tuple(segments), table["a"], table["b"], table["n"], products)


def _segments(sums: pd.DataFrame, fewest: int) -> list[tuple[str | None, ...]]:
    """The segments with anything to count, small ones pooled."""
    known = {name: sums_of for name in dict.fromkeys(sums["segment"]) if (sums_of := _segment_sums(sums, name)).any()}
    pool = [name for name in known if name is not None and known[name][:, 2].min() < fewest]
    large = sorted(set(known) - set(pool), key=lambda name: (known[name][:, 2].max(), name or ""))
    # Something above the line and nothing below it would be an infinite rate: such rows join others, the fewest first.
    pool += [name for name in large if _infinite(known[name])]
    large = [name for name in large if name not in pool]
    while large and pool and _infinite(np.sum([known[name] for name in pool], axis=0)):
        pool.append(large.pop(0))
    with_name = sorted(name for name in large if name is not None)
    pooled = [tuple(sorted(pool, key=lambda name: (name is None, name or "")))] if pool else []
    return [*((name,) for name in with_name), *pooled, *([(None,)] if None in large else [])]


def _segment_sums(sums: pd.DataFrame, name: str | None) -> NDArray[Any]:
    """What is above the line, below it, and how many rows (columns), before and now (rows), in one segment."""
    rows = sums[sums["segment"].isnull() if name is None else sums["segment"] == name]
    sides = [rows[rows["side"] == side] for side in (0, 1)]
    return np.array([[float(side[column].sum()) for column in ("a", "b", "n")] for side in sides])


def _infinite(sums: NDArray[Any]) -> bool:
    return bool(((sums[:, 0] != 0) & (sums[:, 1] == 0)).any())


def of_rows(
    care: Care, fractions_of: Mapping[str, Fraction], by: str, periods: Sequence[Period], *, wide: bool
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Each customer's sums in each cell, joined with the same customer's other cells; ``wide`` in over 64 bits."""
    streams = [stream(care, name, [fraction], [by], periods) for name, fraction in fractions_of.items()]
    rows = streams[0] if len(streams) == 1 else engine.union(*streams)
    a, b = rows[f"{OURS}a_0"], rows[f"{OURS}b_0"]
    once = any(fraction.once for fraction in fractions_of.values())
    customers = rows.group_by([by, BUCKET, CLUSTER]).aggregate(
        a=engine.total(a).cast("int64"),
        b=(b.max() if once else engine.total(b)).cast("int64"),
        n=engine.total((b != 0).ifelse(1, 0)).cast("int64"),
    )
    customers = customers.select(CLUSTER, "a", "b", "n", segment=customers[by], period=customers[BUCKET])
    sums = {name: engine.total(customers[name]) for name in ("a", "b", "n")}
    same_customer = customers.view()
    pairs = customers.join(same_customer, CLUSTER, rname="{name}_2")
    ties = {pair: engine.product_sum(pairs[pair[0]], pairs[f"{pair[1]}_2"], wide=wide) for pair in SIDES}
    cell, pair_of_cells = ("segment", "period"), ("segment", "period", "segment_2", "period_2")
    sides = {period.start: side for side, period in enumerate(periods)}
    return (
        _placed(engine.integer_sums(customers, cell, sums), sides, ""),
        _placed(engine.integer_sums(pairs, pair_of_cells, ties), sides, "", "_2"),
    )


def _placed(frame: pd.DataFrame, sides: dict[Any, int], *ends: str) -> pd.DataFrame:
    return frame.assign(**{f"side{end}": frame[f"period{end}"].map(sides) for end in ends})
