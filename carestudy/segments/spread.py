"""How revenue is spread over customers: the share of the best, the Lorenz curve, the Gini coefficient.

Of customers' totals, refunds netted. They are a count of all purchases and no sample, so nothing here has an interval.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from carestudy import engine
from carestudy.care import Care
from carestudy.contract import CareError
from carestudy.kpi import invoiced
from carestudy.measure.front import reads, validated
from carestudy.measure.options import Part
from carestudy.segments.bought import purchases_table

__all__ = ["gini", "lorenz", "pareto", "top_share"]

EXACT = "decimal(38, 0)"
POINTS = 100  # of a Lorenz curve, at most


@validated
def gini(totals: Any, *, unbiased: bool = False) -> float:
    """Gini coefficient: 0 where all customers bring the same, towards 1 where one of them brings everything.

    ``unbiased`` corrects for few customers by n / (n - 1). NaN for no totals, or unbiased for a single one.
    CareError where a total is negative: net refunds first, and say how many are not above zero.
    Source: R packages ineq and DescTools, function Gini.

    >>> round(gini([541, 1463, 2445, 3438, 4437, 5401, 6392, 8304, 11904, 22261]), 7)
    0.4620911
    """
    ranked = _ranked(totals)
    n = len(ranked)
    if n <= int(unbiased):
        return float("nan")
    return _gini(n, float(ranked.sum()), float(ranked @ np.arange(1, n + 1)), unbiased=unbiased)


@validated
def top_share(totals: Any, *, top: Part = 0.2) -> float:
    """Share of the sum that the largest totals make up: the top 20 % of them, rounded down.

    >>> round(top_share([541, 1463, 2445, 3438, 4437, 5401, 6392, 8304, 11904, 22261]), 4)
    0.5131
    """
    ranked = _ranked(totals)
    return float(ranked[len(ranked) - _best(len(ranked), top) :].sum() / ranked.sum()) if len(ranked) else float("nan")


@reads("transactions")
def pareto(care: Care, *, top: Part = 0.2, period: str | None = None) -> pd.DataFrame:
    """Share of all revenue that the best customers bring: the top 20 % of those who bought, rounded down.

    One row: ``value``; ``customers``, ``best`` of them, and ``revenue``, their totals less what was returned; ``gini``
    and ``gini_unbiased``; ``without``, customers whose total is zero or below, because everything came back or cost
    nothing. A total below zero, where more came back in this time than was bought, counts as zero. A count of all
    purchases and no sample: it has no interval. CareError where there is no revenue at all.
    """
    totals = _totals(care, period)
    sums = _sums(totals)
    n, total, weighted = (sums[name] for name in ("customers", "sum", "weighted"))
    best = _best(n, top)
    ranked = totals.order_by([engine.descending("total"), "customer_id"]).limit(best)
    brought = engine.fetch(ranked.aggregate(sum=engine.total(ranked.total)), ("sum",))["sum"].iloc[0]
    return pd.DataFrame(
        {
            "period": [period or "all"],
            "value": [brought / total],
            "customers": [n],
            "best": [best],
            "revenue": [total * invoiced.scale(care)],
            "gini": [_gini(n, total, weighted, unbiased=False)],
            "gini_unbiased": [_gini(n, total, weighted, unbiased=True) if n > 1 else float("nan")],
            "without": [sums["without"]],
        }
    )


@reads("transactions")
def lorenz(care: Care, *, period: str | None = None) -> pd.DataFrame:
    """Lorenz curve: which share of revenue the customers up to each share of all customers bring, the smallest first.

    ``customers_share`` and ``revenue_share`` from (0, 0) to (1, 1), at each customer or, with more than a hundred of
    them, at each hundredth. Totals as in ``pareto``; the best 20 % bring 1 less the share at 0.8.
    """
    totals = _totals(care, period)
    sums = _sums(totals)
    rank, n = totals.place, sums["customers"]

    def hundredths(rank: Any) -> Any:
        return rank * POINTS - rank * POINTS % n  # times n: engines do not divide alike

    steps = hundredths(rank) != hundredths(rank - 1)
    curve = engine.fetch(totals.filter(steps).select("place", "running").order_by("place"), ("place", "running"))
    return pd.DataFrame(
        {
            "customers_share": [0.0, *(rank / n for rank in curve["place"])],
            "revenue_share": [0.0, *(running / sums["sum"] for running in curve["running"])],
        }
    )


def _totals(care: Care, period: str | None) -> Any:
    """What each customer brought, never below zero, with their place (the smallest is 1) and the sum up to it."""
    bought = purchases_table(care, period=period)
    totals = bought.select("customer_id", net=bought.net.cast("int64"), total=(bought.net > 0).ifelse(bought.net, 0))
    order = ["total", "customer_id"]  # the id only settles who is counted first of equals
    return totals.mutate(
        place=engine.row_number().over(engine.window(order_by=order)) + 1,
        running=totals.total.cast(EXACT).sum().over(engine.cumulative_window(order_by=order)),
    )


def _sums(totals: Any) -> dict[str, int]:
    table = totals.aggregate(
        customers=totals.count(),
        without=engine.total(engine.integer(totals.net <= 0)),
        sum=engine.total(totals.total.cast(EXACT)),
        weighted=engine.total(totals.total.cast(EXACT) * totals.place.cast(EXACT)),
    )
    sums = {name: int(value) for name, value in engine.answer(table).to_pylist()[0].items()}
    if sums["sum"] <= 0:
        raise CareError("how revenue is spread over customers can be told only where there is revenue above zero")
    return sums


def _ranked(totals: Any) -> Any:
    ranked = np.sort(np.asarray(totals, float).ravel())
    if not np.isfinite(ranked).all():
        raise CareError("totals of customers must be numbers")
    if len(ranked) and ranked[0] < 0:
        raise CareError(
            f"{int((ranked < 0).sum())} of {len(ranked)} totals are negative: net refunds for each customer"
        )
    if len(ranked) and ranked[-1] == 0:
        raise CareError("all totals are zero: nothing is spread")
    return ranked


def _gini(n: int, total: float, weighted: float, *, unbiased: bool) -> float:
    """From the number of totals, their sum, and the sum of each times its place."""
    gini = (2 * weighted - (n + 1) * total) / (n * total)
    return gini * n / (n - 1) if unbiased else gini


def _best(n: int, top: float) -> int:
    return int(n * top + 1e-9)


def __dir__() -> list[str]:
    return __all__
