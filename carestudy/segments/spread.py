"""How revenue is spread over customers."""

from __future__ import annotations

import ibis
import pandas as pd

from carestudy.care import Care
from carestudy.contract import CareError
from carestudy.kpi import invoiced
from carestudy.measure import engine
from carestudy.measure.figures import scale
from carestudy.segments.bought import purchases


def pareto(care: Care, *, top: float = 0.2, period: str | None = None) -> pd.DataFrame:
    """Share of all revenue that the best customers bring: the top 20 % of those who bought, rounded down.

    A count of all purchases and no sample: it has no interval. Refuses a negative total.
    """
    bought = purchases(care, period=period)
    size = bought.count().to_pyarrow().as_py()
    best = int(size * top + 1e-9)
    ranked = bought.order_by([ibis.desc("amount"), "customer_id"]).limit(best)
    sums = [
        engine.fetch(one.aggregate(sum=engine.total(one.amount)), ("sum",))["sum"].iloc[0] for one in (ranked, bought)
    ]
    if sums[1] <= 0:
        raise CareError("the share of the best customers needs revenue above zero")
    return pd.DataFrame(
        {
            "period": [period or "all"],
            "value": [sums[0] / sums[1]],
            "customers": [size],
            "best": [best],
            "revenue": [sums[1] * scale(care, invoiced)],
        }
    )
