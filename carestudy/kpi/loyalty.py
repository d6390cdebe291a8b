"""Loyalty: how many customers stay, leave and come."""

from typing import Any

from carestudy.measure.fractions import Fraction
from carestudy.measure.kinds.mix import mix
from carestudy.measure.kinds.stock_figures import stock
from carestudy.measure.kinds.total import total
from carestudy.measure.premises import BASE_KNOWN, LEAVERS_LISTED, LEAVING_DATED, LOSS_SHOWS, Recorded
from carestudy.measure.rows import Rows
from carestudy.measure.stock import Presence

LOSS = (LOSS_SHOWS, LEAVING_DATED)


@stock(label="Customer retention rate (CRR)", premises=LOSS, per_time="kept")
def retention_rate(customers: Presence) -> Fraction:
    """Share of the customers at the start of the period who are still customers at its end.

    Equals (CE - CN) / CS when nobody returns: customers at the end less new ones, over customers at the start.
    Customers who join and leave within the period count in neither. Share, 0 to 1; Wilson interval.

    >>> import pandas as pd
    >>> people = pd.DataFrame({"customer_id": ["A", "B", "C"], "joined_on": ["2026-01-05", "2026-02-01", "2026-10-09"],
    ...                        "left_on": [None, "2026-10-20", None]})
    >>> retention_rate(people, period="2026-10")[["value", "numerator", "denominator"]]
       value  numerator  denominator
    0    0.5          1            2
    """
    return Fraction(customers.at_start & customers.at_end, customers.at_start)


@stock(label="Churn rate", better="lower", premises=LOSS, per_time="lost")
def gross_churn_rate(customers: Presence) -> Fraction:
    """Share of the customers at the start of the period who are no longer customers at its end.

    Equals 1 - retention rate. Share, 0 to 1; Wilson interval.
    """
    return Fraction(customers.lost, customers.at_start)


@stock(label="Net growth of customers", unit="net", premises=LOSS)
def net_growth_rate(customers: Presence) -> Fraction:
    """Growth of the number of customers over the period: customers at the end less those at the start, over the start.

    Who joins and who comes back counts for it, who leaves against it; more leaving than joining makes it negative. New
    customers hide lost ones in it: read it beside the churn rate. It equals minus the net churn (CCR) of textbooks. It
    is a change of size and no proportion, so its interval treats the customers who come and go as chance events.

    >>> import pandas as pd
    >>> people = pd.DataFrame({"customer_id": ["A", "B", "C", "D", "E"], "left_on": ["2026-10-20", *[None] * 4],
    ...                        "joined_on": [*["2026-01-05"] * 3, *["2026-10-09"] * 2]})
    >>> net_growth_rate(people, period="2026-10")[["value", "numerator", "denominator"]].round(3)
       value  numerator  denominator
    0  0.333          1            3
    """
    come, gone = customers.new | customers.returned, customers.lost
    return Fraction(come.ifelse(1, 0) - gone.ifelse(1, 0), customers.at_start)


@stock(label="12-month churn", better="lower", months=12, premises=LOSS)
def annual_loss(customers: Presence) -> Fraction:
    """Share of the customers of twelve months before the end of the period who are no longer customers at its end.

    Gross churn over the last twelve months. Who joined and left within them counts in neither: the reasons for
    leaving and the eight questions count every loss. Share, 0 to 1; Wilson interval.
    """
    return Fraction(customers.lost, customers.at_start)


@mix(
    label="Reasons for leaving", better=None, months=12, reads=("leave_reason",), premises=(LOSS_SHOWS, LEAVERS_LISTED)
)
def leaving_reasons(customers: Presence) -> Any:
    """Share of each stated reason among all customers who left in the twelve months up to the end of the period.

    Who joined and left within these months counts as well; who left and came back does not. Where the leaving dates are
    the day of a list of who had left by then, these are all who had, whenever they did, and ``note`` says so. A reason
    that nobody wrote down is a group of its own. Share, 0 to 1; Wilson interval for each reason by itself.
    """
    return customers.gone


@stock(label="Customers with an account owner", reads=("owner",), premises=(Recorded("customers", "owner"), BASE_KNOWN))
def owned_rate(customers: Presence) -> Fraction:
    """Share of the customers at the end of the period who have a person in charge of them.

    Numerator and denominator tell how many have nobody. Share, 0 to 1; Wilson interval.
    """
    return Fraction(customers.at_end & customers.owner.notnull(), customers.at_end)


@total(label="Customers on file", better=None)
def customers_on_file(customers: Rows) -> Fraction:
    """Number of customers in the customer table, whether or not they are still customers.

    The table has no time: it is one number and not one for each period, counted and without an interval.
    """
    known = customers.customer_id.notnull()
    return Fraction(known, known, once=True)


@total(label="Customers who bought")
def active_customers(transactions: Rows) -> Fraction:
    """Number of different customers with at least one purchase in the period.

    Purchases without a customer count for nobody, and nobody counts who only returned something, booked with a negative
    amount. A customer who buys in two groups counts in both.

    >>> import pandas as pd
    >>> sales = pd.DataFrame({"customer_id": ["A", "A", "B", None], "amount": [5, -5, -2, 9]})
    >>> active_customers(sales)["value"].tolist()
    [1.0]
    """
    bought = transactions.customer_id.notnull()
    if transactions.has("amount"):
        bought &= transactions.amount.fill_null(0) >= 0
    return Fraction(bought, bought, once=True)
