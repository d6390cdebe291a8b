"""Revenue that stays: who buys again, and how much of last year's revenue came again this year."""

from typing import Any

from carestudy.engine import greatest, least, true
from carestudy.measure.fractions import Fraction
from carestudy.measure.kinds.lookback import LookingBack, lookback
from carestudy.measure.kinds.ratio import ratio
from carestudy.measure.limits import AMOUNTS, PARTS
from carestudy.measure.options import Times
from carestudy.measure.rows import Rows


@ratio(label="Customers who bought {times}+ times")
def bought_again(transactions: Rows, *, times: Times = 2) -> Fraction:
    """Share of the customers who bought in the period that bought two or more times in it, or as often as named.

    Without a period it is that of all the data hold. Purchases without a customer count in neither, nor do those
    booked with a negative amount. It grows with the length of the period: compare equal ones. ``times`` is the number
    of purchases. Share, 0 to 1; Wilson interval.

    >>> import pandas as pd
    >>> bought_again(pd.DataFrame({"customer_id": ["A", "A", "B"], "amount": [5, 5, 5]}))["value"].tolist()
    [0.5]
    """
    bought = transactions.customer_id.notnull() & true(transactions.amount >= 0)

    def counted(purchases: Any, _: Any) -> tuple[Any, Any]:
        return purchases >= times, purchases > 0

    return Fraction(bought, bought, per_customer=counted)


@lookback(label="Gross revenue retention", months=12)
def gross_revenue_retention(transactions: LookingBack) -> Fraction:
    """Revenue of the twelve months up to the end of the period from the customers of the twelve months before,
    over their revenue then, where no customer counts for more than then.

    Sum over customers of the smaller of both years' revenue, over the sum of the earlier one: what was lost by leaving
    and by buying less, and nothing that growth hides. Revenue is the sum of amounts, negative ones included; a
    customer whose sum is not above zero in the earlier year counts in neither. Needs data of 24 months before the end.
    Share, 0 to 1; interval over customers. The source defines it for recurring revenue at two moments; of purchases,
    which recur as they like, it is that of two years.

    Source: SaaS Metrics Standards Board, Gross Revenue Retention: (start - contraction - churn) / start.
    """
    return _retained(transactions, capped=True)


@lookback(label="Net revenue retention", months=12)
def net_revenue_retention(transactions: LookingBack) -> Fraction:
    """Revenue of the twelve months up to the end of the period from the customers of the twelve months before,
    over their revenue then.

    Customers who buy more make up for those who buy less or nothing: above 1 the customers of last year bring more
    than then. New customers count in neither. All else is as with gross revenue retention: read it beside that.
    A customer who first bought in the course of the earlier year has less than a year of revenue in it, which makes the
    figure too high where many are new. Share, 0 or more; interval over customers.

    Source: SaaS Metrics Standards Board, Net Revenue Retention: (start + expansion - contraction - churn) / start.
    """
    return _retained(transactions, capped=False)


def _retained(transactions: LookingBack, *, capped: bool) -> Fraction:
    day = transactions.occurred_at.cast("date")
    known = transactions.customer_id.notnull()
    now = known & (day >= transactions.start) & (transactions.occurred_at < transactions.end)
    before = known & (day >= transactions.earlier) & (day < transactions.start)

    def counted(later: Any, earlier: Any) -> tuple[Any, Any]:
        retained = least(later, earlier) if capped else later
        return (earlier > 0).ifelse(greatest(retained, 0), 0), (earlier > 0).ifelse(earlier, 0)

    later, earlier = (in_year.ifelse(transactions.amount, 0) for in_year in (now, before))
    return Fraction(later, earlier, per_customer=counted, interval=PARTS if capped else AMOUNTS)
