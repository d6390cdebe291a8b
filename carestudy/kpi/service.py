"""Service: complaints, repeated contacts, returned goods."""

from collections.abc import Mapping

from carestudy.contract import CareError
from carestudy.engine import Value, days, least, literal, true
from carestudy.measure.fractions import Fraction
from carestudy.measure.kinds.ratio import ratio
from carestudy.measure.limits import AMOUNTS, MEANS, PARTS
from carestudy.measure.options import Days
from carestudy.measure.premises import Recorded
from carestudy.measure.rows import Rows

DENOMINATORS = ("contact", "transaction", "customer")


@ratio(label="Complaints per {per}", better="lower", premises=(Recorded("contacts", "kind", "complaint"),))
def complaint_rate(contacts: Rows, transactions: Rows, *, per: str) -> Fraction | Mapping[str, Fraction]:
    """Complaints in the period over what they are measured against: contacts, transactions, or customers served;
    contacts that the company made itself count on neither side, and where the data do not say who made them, all count.

    The company's own contacts are those of ``direction`` "outbound", such as exit interviews; ``recontact_rate`` counts
    in the same way. ``per`` is "contact", "transaction" or "customer" and must be given. A customer served is one with
    a contact or a transaction in the period, counted once; groups of channels then overlap, as a customer may use
    several.
    """
    asked = contacts.from_customers
    complaint = asked & (contacts.kind == "complaint")
    match per:
        case "contact":
            return Fraction(complaint, asked)
        case "transaction":
            return {
                "contacts": Fraction(complaint, 0, interval=MEANS),
                "transactions": Fraction(0, transactions.every, interval=MEANS),
            }
        case "customer":
            return {
                "contacts": Fraction(complaint, asked & contacts.customer_id.notnull(), once=True, interval=MEANS),
                "transactions": Fraction(0, transactions.customer_id.notnull(), once=True, interval=MEANS),
            }
    raise CareError(f"complaint_rate per='{per}' is not known: choose one of {', '.join(DENOMINATORS)}")


@ratio(
    label="Re-contact within {within} days",
    better="lower",
    premises=(Recorded("contacts", "resolved_at"),),
    adds_up=False,  # what follows a contact may belong to another group
)
def recontact_rate(contacts: Rows, *, within: Days = 7) -> Fraction:
    """Share of closed contacts that the same customer followed with another on the same topic within 7 days;
    contacts that the company made itself count on neither side, and where the data do not say who made them, all count.

    On whichever channel. The company's own contacts are those of ``direction`` "outbound", as in ``complaint_rate``:
    its call back is no follow-up of the customer. The days run from when the earlier contact was closed, and a contact
    that came while it was still open counts as well. Contacts closed within the last 7 days before the data end count
    in neither, as their days are not over; nor do those without a customer or without a topic, as nobody can tell what
    followed them. ``within`` is the number of days. Share, 0 to 1.
    """
    from_customers = contacts.from_customers
    known = contacts.customer_id.notnull() & contacts.topic.notnull() & from_customers
    over = known & (contacts.resolved_at + days(within) <= contacts.as_of)
    following = contacts.following("opened_at", of=["customer_id", "topic"], among=from_customers)
    return Fraction(over & (following <= contacts.resolved_at + days(within)), over)


@ratio(
    label="Return rate, {of}",
    better="lower",
    premises=(
        Recorded("transactions", "returned", instead="refunded"),
        Recorded("transactions", "returned", "true", instead="refunded", least=30),
    ),
)
def return_rate(transactions: Rows, *, of: str = "orders", within: Days = 30) -> Fraction:
    """Share of what was sold in the period that came back, by the day of purchase, in orders or in value.

    ``of`` is "orders" or "value". What came back is marked as ``returned``, or has an amount ``refunded``: in value
    that amount counts, or all of what is marked. A negative amount is a credit note: it counts for the latest earlier
    purchase of its customer of the same amount, or as a part of a larger one; one that belongs to no purchase of the
    data counts by itself, on its own day, so that the share may pass 1. Purchases of the last 30 days before the data
    end count in neither, as they may still come back; ``within`` is the number of days.
    """
    over = transactions.occurred_at + days(within) <= transactions.as_of
    sold = over & (transactions.amount >= 0)
    if of not in ("orders", "value"):
        raise CareError(f"return_rate of='{of}' is not known: choose orders or value")
    if transactions.has("refunded"):
        return _with_refunds(transactions, over, sold, of)
    if of == "orders":
        return Fraction(sold & transactions.returned, sold)
    amount = sold.ifelse(transactions.amount, 0)
    return Fraction(transactions.returned.ifelse(amount, 0), amount, interval=PARTS)


def _with_refunds(transactions: Rows, over: Value, sold: Value, of: str) -> Fraction:
    """The same where refunds have amounts: a purchase may come back in part, and a credit note stand by itself."""
    refunded = over.ifelse(transactions.refunded, 0).fill_null(0)
    marked = true(sold & transactions.returned) if transactions.has("returned") else literal(False)  # noqa: FBT003
    if of == "orders":
        return Fraction(marked | (refunded > 0), sold, interval=MEANS)
    amount = sold.ifelse(transactions.amount, 0)
    refunded_amount = true(sold).ifelse(least(refunded, transactions.amount), refunded)
    return Fraction(marked.ifelse(amount, refunded_amount), amount, interval=AMOUNTS)
