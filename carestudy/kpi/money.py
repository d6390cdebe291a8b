"""Money: what customers buy."""

from carestudy.measure.fractions import Fraction
from carestudy.measure.kinds.quantile import Ranked, quantile
from carestudy.measure.kinds.ratio import ratio
from carestudy.measure.kinds.total import total
from carestudy.measure.options import Share
from carestudy.measure.rows import Rows


@quantile(label="Median order value")
def typical_transaction(transactions: Rows, *, at: Share = 0.5) -> Ranked:
    """Median amount of a transaction: half of them are smaller and half larger.

    Returned purchases booked as negative amounts are left out. ``at`` asks for another quantile, such as 0.9.
    In the currency's main unit; distribution-free interval from the sorted amounts, widened by how far the purchases
    of one customer resemble each other.

    >>> import pandas as pd
    >>> typical_transaction(pd.DataFrame({"amount": [10_000, 20_000, 90_000]}))["value"].tolist()
    [20000.0]
    """
    return Ranked(transactions.amount, transactions.amount >= 0, at)


@ratio(label="Mean order value", unit="money")
def mean_transaction(transactions: Rows) -> Fraction:
    """Mean amount of a transaction: everything sold divided by the number of transactions;
    of a few hundred or fewer, the true mean may lie above the interval.

    Negative amounts are left out. A few large purchases move it: read it beside the typical transaction. Where nearly
    everything hangs on purchases of which a month has one or none, its interval of 95 % holds in some 90 of 100.
    """
    sold = transactions.amount >= 0
    return Fraction(sold.ifelse(transactions.amount, 0), sold)


@total(label="Invoiced revenue", unit="money")
def invoiced(transactions: Rows) -> Fraction:
    """Sum of all amounts in the period, negative ones included.

    Every amount belongs to one group; those without a name are a group of their own, so that parts equal the whole.
    The interval tells how far the sum could differ by chance if customers came and bought independently.
    """
    return Fraction(transactions.amount, transactions.amount.notnull())
