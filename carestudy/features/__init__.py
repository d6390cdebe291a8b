"""What is known of each customer on a day: one row a customer, an expression in the engine."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from difflib import get_close_matches

import pandas as pd

from carestudy import engine
from carestudy.care import Care
from carestudy.contract import CareError
from carestudy.features.behaviour import a_month, purchases, satisfaction, service
from carestudy.features.known import FEATURES, NUMBERS, Feature
from carestudy.features.membership import on_file, profile
from carestudy.measure.front import reads
from carestudy.periods import Period

__all__ = ["FEATURES", "NUMBERS", "Feature", "available", "features", "features_table", "last_day"]

ALWAYS = ("customer_id", "here", "joined_on", "left_on", "tenure_days")
COUNTED = (
    "frequency", "orders", "monetary", "monetary_year", "purchase_channels",
    "contacts", "complaints", "recontacts", "unresolved", "contact_channels", "csat_answers", "nps_answers",
)  # fmt: skip
MAKERS = {"profile": profile, "purchases": purchases, "service": service, "satisfaction": satisfaction}


@reads()
def features(
    care: Care, *, period: str | None = None, as_of: str | None = None, columns: Sequence[str] | None = None
) -> pd.DataFrame:
    """One row a customer with what was known at the end of a day: who they are, what they bought, asked for and said.

    A frame in the order of customer_id; ``features_table`` is the same in the engine.

    Of everybody who had joined by the day; where the data have
    no ``joined_on``, everybody who had bought. The day is ``as_of`` ("2026-10-31"), the last one of ``period``
    ("2026-10"), or the last one known; nothing that happened later is read, except that a purchase counts as returned
    even if it came back later, as the data do not say when. Only columns that the data allow; ``columns`` asks for
    some, and an error names what they lack.

    Always: customer_id; here (a customer at the end of the day: not left, or without contracts not silent for more
    than ``inactive_after`` days); joined_on (or the first purchase); left_on; tenure_days (as a customer, all stays
    together, up to leaving or the day). Profile: age (years; of bands their middle), gender, education, region,
    interests, income_band, income_rank (1 is the lowest band).

    Purchases, all up to the day: recency_days (since the last one), frequency (days with a purchase), orders, monetary
    (less what came back), monetary_year (of it, in the last twelve months), mean_order and typical_order (mean and
    median amount), orders_per_month (of membership, which counts as a month at least), return_share,
    purchase_channels. Amounts are in the currency's smallest unit; a negative one is no purchase. Service, in the
    twelve months up to the day: contacts (those that customers began), complaints, recontacts (followed by another on
    the topic within 7 days after they were closed), unresolved, contact_channels. Satisfaction, in the same months:
    csat and nps _last, _mean and _answers, as scored. Counts of nothing are 0; what cannot be told, such as the recency
    of somebody who never bought, is null.

    >>> import pandas as pd
    >>> import carestudy as cs
    >>> sales = pd.DataFrame({"customer_id": ["A", "A", "B"], "amount": [100, 300, 50],
    ...                       "occurred_at": ["2026-09-01", "2026-10-30", "2026-10-01"]})
    >>> care = cs.load({"transactions": sales}, as_of="2026-10-31")
    >>> columns = ["recency_days", "frequency", "mean_order"]
    >>> cs.features(care, columns=columns)[columns]
       recency_days  frequency  mean_order
    0             1          2       200.0
    1            30          1        50.0
    """
    return engine.frame(features_table(care, period=period, as_of=as_of, columns=columns), "customer_id")


@reads()
def features_table(
    care: Care, *, period: str | None = None, as_of: str | None = None, columns: Sequence[str] | None = None
) -> engine.Table:
    """The rows of ``features`` as an Ibis table: one query, computed in the engine when it is fetched."""
    end = last_day(care, period=period, as_of=as_of) + timedelta(days=1)
    wanted = available(care) if columns is None else _requested(care, columns)
    table = on_file(care, end)
    needed = {*wanted, *(["orders"] if "orders_per_month" in wanted else [])}
    for maker in dict.fromkeys(FEATURES[name].maker for name in wanted):
        for facts in MAKERS[maker](care, end):
            table = _joined(table, facts) if needed & set(facts.columns) else table
    return table.select(*ALWAYS, *wanted)


def available(care: Care) -> list[str]:
    """The features that the data allow, in their order."""
    return [name for name, feature in FEATURES.items() if care.has(feature.table, *_reads(care, feature))]


def last_day(care: Care, *, period: str | None = None, as_of: str | None = None) -> date:
    """The day up to whose end is looked at: ``as_of``, the last one of a period, or the last one known."""
    known = (care.known_until + timedelta(days=1) - timedelta.resolution).date() - timedelta(days=1)
    if period and as_of:
        raise CareError("give a period or as_of, not both: a period has its own last day")
    if period:
        return min(Period.parse(period, as_of=care.known_until).end - timedelta(days=1), known)
    if not as_of:
        return known
    try:
        day = date.fromisoformat(as_of)
    except ValueError:
        raise CareError(f"as_of is a day written as 2026-10-31, and {as_of!r} is none") from None
    if day > known:
        raise CareError(f"as_of {as_of} lies after {known}, up to which the data are known")
    return day


def _requested(care: Care, columns: Sequence[str]) -> list[str]:
    names = [name for name in dict.fromkeys(columns) if name not in ALWAYS]
    for name in names:
        if name not in FEATURES:
            near = get_close_matches(name, FEATURES, n=1)
            hint = f"; did you mean '{near[0]}'?" if near else f": choose from {', '.join(FEATURES)}"
            raise CareError(f"there is no feature '{name}'{hint}")
        care.table(FEATURES[name].table, *_reads(care, FEATURES[name]))
    return names


def _reads(care: Care, feature: Feature) -> tuple[str, ...]:
    """The columns that a feature reads; the data may have an age instead of a year of birth."""
    if feature.name == "age" and not care.has("customers", "birth_year") and care.has("customers", "age"):
        return ("customer_id", "age")
    return feature.reads


def _joined(table: engine.Table, facts: engine.Table) -> engine.Table:
    """Join facts of some customers to all customers; missing counts become 0."""
    columns = [column for column in facts.columns if column != "customer_id"]
    facts = facts.select(*columns, carestudy_id=facts.customer_id)
    joined = table.left_join(facts, [("customer_id", "carestudy_id")]).drop("carestudy_id")
    joined = joined.mutate(**{name: joined[name].fill_null(0) for name in COUNTED if name in columns})
    return joined.mutate(orders_per_month=a_month(joined.orders, joined.tenure_days)) if "orders" in columns else joined
