"""Recency, frequency, money: customers scored by when they last bought, on how many days, and for how much.

A score of 5 means that four fifths of all customers are worse, 1 that hardly any is. **Equal customers score equally**:
nothing but the value decides. Where many share a value (most customers have bought once, say) they share one class:
in recency and money the class in which the middle of their places lies, in frequency the class of the lowest place,
so that the least there is scores 1 however common it is. Classes can stay empty for that reason.

The groups are cut by these scores alone (``RULES``), and every triple of scores belongs to exactly one of them. Who is
known to have left is scored with nobody and in no group: nobody can lose, or win back by a reminder, who is gone.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Annotated, Any

import pandas as pd

from carestudy import engine
from carestudy.care import Care
from carestudy.kpi import invoiced
from carestudy.measure.front import reads
from carestudy.measure.intervals import wilson
from carestudy.measure.options import Bounds, Level
from carestudy.segments.bought import purchases_table, span

# Recency, frequency and money as fifths, 5 the best: integers, or columns of the engine.
RULES: dict[str, Callable[[Any, Any, Any], Any]] = {
    "champions": lambda r, f, m: (r >= 4) & (f >= 4) & (m >= 4),
    "loyal": lambda r, f, m: (r >= 3) & (f >= 3) & ((r < 4) | (f < 4) | (m < 4)),
    "promising": lambda r, f, m: (r >= 4) & (f <= 2),  # noqa: ARG005 - every rule is asked alike
    "cooling": lambda r, f, m: (r == 3) & (f <= 2),  # noqa: ARG005
    "cannot_lose": lambda r, f, m: (r <= 2) & (f >= 4) & (m >= 4),
    "at_risk": lambda r, f, m: (r <= 2) & (f + m >= 6) & ((f < 4) | (m < 4)),
    "hibernating": lambda r, f, m: (r == 2) & (f + m <= 5),
    "silent": lambda r, f, m: (r == 1) & (f + m <= 5),
}
GROUPS = tuple(RULES)
FIFTHS = 5
Classes = Annotated[int, Bounds("a whole number from 3 to 10; five are usual", least=3, most=10)]


@reads("transactions")
def rfm(
    care: Care, *, period: str | None = None, as_of: str | None = None, classes: Classes = FIFTHS, level: Level = 0.95
) -> pd.DataFrame:
    """Groups of customers by when they last bought, on how many days and for how much: sizes and revenue.

    All eight groups in one order, those with nobody included. Customers who have left by the last day (``left_on``) are
    in none. Columns ``group``, ``customers``, ``share`` of all in a group with its Wilson interval ``low`` to ``high``
    (how far it could differ by chance, customers being independent), ``revenue`` less what was returned and its
    ``revenue_share``, and medians: ``recency_days``, ``purchase_days``, ``amount``. Money in the currency's main unit.
    Who never bought is in no group. ``revenue_share`` is missing where there is no revenue above zero. See
    ``rfm_scores`` for who counts and how ties are scored.
    """
    scores = rfm_scores_table(care, period=period, as_of=as_of, classes=classes)
    counted = engine.fetch(
        scores.group_by("group").aggregate(
            customers=scores.count(),
            revenue=engine.total(scores.monetary),
            recency_days=scores.recency_days.median(),
            purchase_days=scores.frequency.median(),
            amount=scores.monetary.median(),
        ),
        ("customers", "revenue"),
    )
    return _shares(counted.set_index("group").reindex(GROUPS), invoiced.scale(care), level)


def _shares(frame: pd.DataFrame, unit: float, level: float) -> pd.DataFrame:
    counts = frame[["customers", "revenue"]].astype(object).where(frame[["customers", "revenue"]].notna(), 0)
    customers = counts["customers"].to_numpy("int64")
    n, total = int(customers.sum()), int(counts["revenue"].sum())
    low, high = wilson(customers, n, level)
    revenue = counts["revenue"].to_numpy(float)
    medians = {name: frame[name].to_numpy(float) for name in ("recency_days", "purchase_days", "amount")}
    return pd.DataFrame(
        {
            "group": list(GROUPS),
            "customers": customers,
            "share": customers / n if n else float("nan"),
            "low": low,
            "high": high,
            "revenue": revenue * unit,
            "revenue_share": revenue / total if total > 0 else float("nan"),
            **medians,
            "amount": medians["amount"] * unit,
        }
    )


@reads("transactions")
def rfm_scores(
    care: Care, *, period: str | None = None, as_of: str | None = None, classes: Classes = FIFTHS
) -> pd.DataFrame:
    """Every customer who bought and has not left, scored: a frame of customer_id, values, scores and group.

    In the order of customer_id; ``rfm_scores_table`` is the same in the engine.

    Columns ``customer_id``, ``last`` (day), ``recency_days`` from it to the last day looked at, ``frequency`` (days
    with a purchase), ``monetary`` (amounts less returned purchases and refunds, in the smallest unit), ``r``, ``f``,
    ``m`` from 1 to ``classes`` and ``group``. Purchases that were returned count as purchases and bring nothing; who
    has only negative amounts has bought nothing. Where the customers have ``left_on``, who had left by the last day
    looked at and is not back is left out before scores are given; customers who are not on file stay. ``period`` looks
    at the purchases of a period only, ``as_of`` at all up to the end of a day. With other than five classes a score
    belongs to the fifth that the middle of its class lies in. How ties are scored stands at the head of this module.
    """
    return engine.frame(rfm_scores_table(care, period=period, as_of=as_of, classes=classes), "customer_id")


@reads("transactions")
def rfm_scores_table(
    care: Care, *, period: str | None = None, as_of: str | None = None, classes: Classes = FIFTHS
) -> Any:
    """The rows of ``rfm_scores`` as an Ibis table: one query, computed in the engine when it is fetched."""
    last_day = span(care, period, as_of).end - timedelta(days=1)
    bought = _without_leavers(care, purchases_table(care, period=period, as_of=as_of), last_day)
    customers = bought.filter(bought.last.notnull()).select(
        "customer_id",
        "last",
        recency_days=engine.literal(last_day).delta(bought.last, unit="day").cast("int64"),
        frequency=bought.days.cast("int64"),
        monetary=bought.net.cast("int64"),
    )
    placed = customers.mutate(
        of=customers.count().over(engine.window()),
        place_r=_place(customers.last, middle=True),
        place_f=_place(customers.frequency, middle=False),
        place_m=_place(customers.monetary, middle=True),
    )
    scored = placed.mutate(**{name: _score(placed[f"place_{name}"], placed.of, classes) for name in "rfm"})
    scored = scored.drop("of", "place_r", "place_f", "place_m")
    fifths = [_fifth(scored[name], classes) for name in "rfm"]
    return scored.mutate(group=engine.cases(*((rule(*fifths), name) for name, rule in RULES.items())))


def _without_leavers(care: Care, bought: Any, day: date) -> Any:
    """Customers of whom the data do not say that they had left by the end of a day; of several stays any counts."""
    if not care.has("customers", "customer_id", "left_on"):
        return bought
    stays = care.table("customers")
    left = engine.true(stays.left_on <= engine.literal(day))
    begun = engine.literal(value=True)
    if "joined_on" in stays.columns:
        begun = stays.joined_on.isnull() | (stays.joined_on <= engine.literal(day))
    customers = stays.group_by("customer_id").aggregate(gone=left.any(), here=(begun & ~left).any())
    return bought.anti_join(customers.filter(customers.gone & ~customers.here), "customer_id")


def _place(value: Any, *, middle: bool) -> Any:
    """Twice the number of customers with a lower value; to the middle of equals, half of them more."""
    below = engine.rank().over(engine.window(order_by=value)).cast("int64") * 2
    return below + value.count().over(engine.window(group_by=value)) if middle else below


def _score(rank: Any, of: Any, classes: int) -> Any:
    """One more than the class borders that lie at or below a place; integers compared, never divided."""
    score = engine.literal(1, "int64")
    for border in range(1, classes):
        score = score + (rank * classes >= 2 * border * of).ifelse(1, 0)
    return score.cast("int64")


def _fifth(score: Any, classes: int) -> Any:
    if classes == FIFTHS:
        return score
    fifth = engine.literal(1, "int64")
    for border in range(1, FIFTHS):
        # The middle of class s lies at (2 s - 1) / (2 classes).
        fifth = fifth + ((2 * score - 1) * FIFTHS > 2 * border * classes).ifelse(1, 0)
    return fifth
