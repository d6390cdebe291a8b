"""How often a shop whose customers leave at a constant rate is told that retention changes: python false_trends.py.

Shops without leaving dates, of several forms: customers there from the start or a shop that opens and grows, random or
regular gaps between purchases, one to three years. Nothing changes in any of them: every "better" and "worse" is false.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

import carestudy as cs
from carestudy import kpi
from carestudy.contract import CareError

FIRST = date(2023, 1, 1)


@dataclass(frozen=True)
class Shop:
    """A shop of constant leaving: days between purchases, mean days of a stay, newcomers a day, days of data."""

    name: str
    gap: float = 45
    stay: float = 600
    newcomers: float = 1.6
    days: int = 730
    opened: int = 3000  # days before the data begin
    regular: bool = False
    growth: float = 1.0  # newcomers are so many times more for each year


SHOPS = (
    Shop("old shop, one year", days=374),
    Shop("old shop, two years"),
    Shop("old shop, three years", days=1095),
    Shop("shop that opens with the data", opened=0),
    Shop("shop that opens with the data, three years", opened=0, days=1095),
    Shop("shop whose newcomers double each year", growth=2.0, opened=1000, newcomers=0.8),
    Shop("shop that shrinks", growth=0.6, opened=1000, newcomers=4),
    Shop("regular monthly buyers", gap=30, regular=True),
    Shop("frequent buyers", gap=9, stay=300),
    Shop("rare buyers, three years", gap=90, stay=900, days=1095),
)


def sales(shop: Shop, seed: int) -> pd.DataFrame:
    """The purchases that the data hold."""
    random, rows = np.random.default_rng(seed), []
    every = np.arange(-shop.opened, shop.days)
    rate = shop.newcomers * shop.growth ** (every / 365.25)
    joined = np.repeat(every, random.poisson(rate))
    stays = random.exponential(shop.stay, len(joined))
    for person, (start, stay) in enumerate(zip(joined, stays, strict=True)):
        day = float(start)
        while day < min(start + stay, shop.days):
            if day >= 0:
                rows.append((f"K{person}", FIRST + timedelta(days=int(day))))
            day += random.normal(shop.gap, shop.gap / 10) if shop.regular else random.exponential(shop.gap)
    frame = pd.DataFrame(rows, columns=["customer_id", "occurred_at"])
    return frame.assign(transaction_id=[f"T{n}" for n in range(len(frame))], amount=20)


def verdict(shop: Shop, seed: int) -> tuple[str, bool]:
    """What the trend says, and whether the last month is called better or worse than the one before."""
    care = cs.load({"transactions": sales(shop, seed)}, as_of=FIRST + timedelta(days=shop.days - 1))
    try:
        trend = cs.trend(kpi.retention_rate, care)
    except CareError:
        return "refused", False
    last = str(trend.frame["period"].iloc[-1])
    card = cs.scorecard(care, period=last, kpis=[kpi.retention_rate]).iloc[0]
    return str(trend.verdict), card["verdict"] in ("better", "worse")


def main(seeds: int) -> None:
    """Print a line a shop."""
    for shop in SHOPS:
        told = [verdict(shop, seed) for seed in range(seeds)]
        counts = pd.Series([one for one, _ in told]).value_counts().to_dict()
        print(f"{shop.name}: {counts}; month against month: {sum(month for _, month in told)} of {seeds}", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
