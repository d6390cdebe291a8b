"""Two windows that share months share customers: how far their figures move together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from carestudy import engine
from carestudy.care import Care
from carestudy.measure import stock
from carestudy.measure.kind import Kind
from carestudy.periods import Period


def correlations(care: Care, kpi: Kind, now: pd.DataFrame, periods: tuple[Period, Period], by: Sequence[str]) -> Any:
    """The correlation of a figure in two periods, for each of the rows of now; None where they share no time.

    From the customers of both windows: what each adds to the one figure and to the other, linearised.
    """
    windows = (stock.window(care, periods[0], kpi.months), stock.window(care, periods[1], kpi.months))
    if kpi.months is None or windows[0][0] >= windows[1][1]:
        return None
    sums = _joint_sums(care, kpi, by, windows)
    a0, b0, a1, b1 = (sums[name].to_numpy(float) for name in ("a0", "b0", "a1", "b1"))
    with np.errstate(invalid="ignore", divide="ignore"):
        rate0, rate1 = a0 / b0, a1 / b1
        both = _product(sums, ("a0a1", "a0b1", "b0a1", "b0b1"), rate0, rate1)
        own0 = _product(sums, ("a0a0", "a0b0", "a0b0", "b0b0"), rate0, rate0)
        own1 = _product(sums, ("a1a1", "a1b1", "a1b1", "b1b1"), rate1, rate1)
        by_group = sums[[*by]].assign(alike=np.clip(np.nan_to_num(both / np.sqrt(own0 * own1)), -1, 1))
    if not by:
        return np.repeat(by_group["alike"].to_numpy(), len(now))
    return now[[*by]].merge(by_group, on=list(by), how="left")["alike"].fillna(0).to_numpy()


def _joint_sums(care: Care, kpi: Kind, by: Sequence[str], windows: tuple[stock.Window, stock.Window]) -> pd.DataFrame:
    """Sums over customers of what each adds to a figure in two windows at once, a row for each group.

    Columns a0, b0, a1, b1 (above and below the line in each window), and the products of every two of them, as a0b1.
    """

    def count(*presences: stock.Presence) -> dict[str, Any]:
        terms: dict[str, Any] = {}
        for side, fraction in enumerate(kpi.define(presence) for presence in presences):
            terms |= {f"a{side}": engine.integer(fraction.above), f"b{side}": engine.integer(fraction.below)}
        names = list(terms)
        return terms | {f"{x}{y}": terms[x] * terms[y] for k, x in enumerate(names) for y in names[k:]}

    return stock.joint_counts(care, count, by, [windows], kpi.reads)[0]


def _product(sums: pd.DataFrame, names: tuple[str, ...], rate: Any, other_rate: Any) -> Any:
    """The sum over customers of (a - rate * b) * (a' - other * b')."""
    aa, ab, ba, bb = (sums[name].to_numpy(float) for name in names)
    return aa - other_rate * ab - rate * ba + rate * other_rate * bb
