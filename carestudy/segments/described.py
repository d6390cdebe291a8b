"""What segments are like: how many customers, what they bring, and the medians of everything known of them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from carestudy import engine
from carestudy.care import Care
from carestudy.features import FEATURES, NUMBERS, available
from carestudy.kpi import invoiced
from carestudy.measure import units
from carestudy.measure.intervals import wilson
from carestudy.segments.placed import tallied
from carestudy.segments.scaling import logged

MONEY = "monetary_year"
SIZES = ["segment", "customers", "of", "share", "low", "high", "money", "money_share"]
PROFILE = ["segment", "feature", "unit", "median", "mean", "n", "overall", "standing"]


def sizes(segments: Any, care: Care, *, period: str | None = None, level: float = 0.95) -> pd.DataFrame:
    """The customers of each segment at the end of a period, and what they brought in the twelve months before.

    Of the customers here; the last row, without a segment, are those for whom a feature is not known. ``share`` of all
    of them with a Wilson interval; ``money`` less what came back, in the currency's main unit, and its share of the
    total (both null without purchases in the data).
    """
    paid = MONEY in available(care)
    table = segments.assign(care, period=period, columns=[MONEY] if paid else [])
    customers_here = table.filter(table.here)
    totals = tallied(customers_here, **({"money": engine.total(customers_here[MONEY])} if paid else {}))
    rows = totals.set_index("segment").reindex([*segments.names, *([None] if totals["segment"].isna().any() else [])])
    count = rows["customers"].fillna(0).astype("int64").to_numpy()
    total = int(count.sum())
    money = rows["money"].fillna(0).to_numpy(float) * invoiced.scale(care) if paid else np.full(len(rows), np.nan)
    low, high = wilson(count, np.full(len(count), total), level)
    with np.errstate(divide="ignore", invalid="ignore"):
        values = [count, total, count / total, low, high, money, money / money.sum()]
    codes = [None if pd.isna(code) else code for code in rows.index]
    frame = pd.DataFrame({"segment": pd.Series(codes, dtype=object)})
    return frame.assign(**dict(zip(SIZES[1:], values, strict=True)))


def profile(segments: Any, care: Care, *, period: str | None = None) -> pd.DataFrame:
    """The median of every feature that the data allow in each segment, and how far it stands from that of all.

    A row for each segment and feature: median, mean (of counts alone), n (customers for whom it is known), the median
    of all customers with a segment (``overall``), and ``standing``: the difference of the logs over the interquartile
    range of all, null where half of them or more are alike. Money is in the currency's main unit.
    """
    names = [name for name in available(care) if name in NUMBERS]
    names = list(dict.fromkeys([*segments.features, *names]))
    table = segments.assign(care, period=period, columns=names)
    table = table.filter(table.here & table.segment.notnull())
    medians = {name: table[name].cast("float64").median() for name in names}
    counts = {f"n_{name}": table[name].count() for name in names}
    sums = {f"sum_{name}": engine.total(table[name]) for name in names if _unit(name) == "count"}
    by_segment = engine.fetch(table.group_by("segment").aggregate(**medians, **counts, **sums)).set_index("segment")
    quarters = {
        f"{name}_{quarter}": table[name].cast("float64").quantile(quarter / 4)
        for name in names
        for quarter in (1, 2, 3)
    }
    (all_,) = engine.fetch(table.aggregate(**quarters)).to_dict("records")
    rows = [
        _row(care, code, name, by_segment.loc[code], [all_[f"{name}_{quarter}"] for quarter in (1, 2, 3)])
        for code in segments.names
        if code in by_segment.index
        for name in names
    ]
    return pd.DataFrame(rows, columns=PROFILE)


def _row(care: Care, code: str, name: str, figures: Any, quarters: list[float | None]) -> list[Any]:
    low, middle, high = (np.nan if quarter is None else float(quarter) for quarter in quarters)
    median = np.nan if figures[name] is None else float(figures[name])
    spread = float(logged(high) - logged(low))
    standing = float(logged(median) - logged(middle)) / spread if spread > 0 else np.nan
    unit, n = _unit(name), int(figures[f"n_{name}"])
    worth = invoiced.scale(care) if units.of(unit).money else 1.0
    mean = int(figures[f"sum_{name}"]) / n if units.of(unit).count and n else np.nan
    return [code, name, unit, median * worth, mean, n, middle * worth, standing]


def _unit(name: str) -> str:
    return FEATURES[name].unit if name in FEATURES else "days"
