"""Contacts: how many there are, of how many customers, and how many are still open."""

from typing import Any

from carestudy.engine import true
from carestudy.measure.fractions import Fraction
from carestudy.measure.kinds.lookback import LookingBack, lookback
from carestudy.measure.kinds.ratio import ratio
from carestudy.measure.kinds.total import total
from carestudy.measure.limits import MEANS
from carestudy.measure.options import Times
from carestudy.measure.premises import Recorded
from carestudy.measure.rows import Rows


@total(label="Contacts", better=None)
def contact_count(contacts: Rows) -> Fraction:
    """Number of contacts opened in the period, those that the company made included.

    Grouped by topic, channel or stage it says what customers come with. The interval tells how far the number could
    differ by chance if customers came independently.

    >>> import pandas as pd
    >>> contact_count(pd.DataFrame({"opened_at": ["2026-10-01", "2026-10-02"]}))["value"].tolist()
    [2.0]
    """
    return Fraction(contacts.every, contacts.every)


@total(label="Complaints", better="lower", premises=(Recorded("contacts", "kind", "complaint"),))
def complaint_count(contacts: Rows) -> Fraction:
    """Number of contacts opened in the period whose kind is a complaint.

    Those that the company made itself (``direction`` "outbound") count as little as in ``complaint_rate``. Contacts
    whose kind is not stated are no complaints. The interval is as with the number of contacts.

    >>> import pandas as pd
    >>> complaint_count(pd.DataFrame({"kind": ["complaint", "question", None]}))["value"].tolist()
    [1.0]
    """
    asked = contacts.from_customers
    return Fraction(true(asked & (contacts.kind == "complaint")), asked & contacts.kind.notnull())


@ratio(label="Contacts per customer", unit="times", better=None)
def contacts_per_customer(contacts: Rows) -> Fraction:
    """Contacts in the period over the number of different customers who had one.

    Contacts without a customer count in neither. Customers without a contact do not count: it is no rate of the
    customer base. 1 or more; Student's interval over customers.

    >>> import pandas as pd
    >>> contacts_per_customer(pd.DataFrame({"customer_id": ["A", "A", "B", None]}))["value"].tolist()
    [1.5]
    """
    known = contacts.customer_id.notnull()
    return Fraction(known, known, once=True, interval=MEANS)


@ratio(
    label="Customers with {times}+ complaints, of those who complain",
    better="lower",
    premises=(Recorded("contacts", "kind", "complaint"),),
)
def repeat_complainers(contacts: Rows, *, times: Times = 2) -> Fraction:
    """Share of the customers with a complaint in the period who had two or more of them, or as many as are named.

    Complaints without a customer, and those in contacts that the company made itself, count in neither. It grows with
    the length of the period: compare equal ones. ``times`` is from how many complaints on a customer counts. Share,
    0 to 1; Wilson interval.

    >>> import pandas as pd
    >>> repeat_complainers(pd.DataFrame({"customer_id": ["A", "A", "B"], "kind": "complaint"}))["value"].tolist()
    [0.5]
    """
    complaint = true(contacts.from_customers & (contacts.kind == "complaint")) & contacts.customer_id.notnull()

    def counted(complaints: Any, _: Any) -> tuple[Any, Any]:
        return complaints >= times, complaints > 0

    return Fraction(complaint, complaint, per_customer=counted)


@lookback(
    label="Open contacts",
    unit="count",
    better="lower",
    premises=(Recorded("contacts", "resolved_at", instead="resolved"),),
)
def backlog(contacts: LookingBack) -> Fraction:
    """Number of contacts that were opened before the end of the period and not resolved by then, however old they are.

    Denominator are all contacts opened before that end. A contact that is said to be resolved, without the time of
    it, is open at no end. It counts those still open as the data end: of the past it tells what was open then, not
    what was reopened since. Needs opened_at and resolved_at.

    >>> import pandas as pd
    >>> cases = pd.DataFrame({"opened_at": ["2026-09-20", "2026-10-05", "2026-10-20"],
    ...                       "resolved_at": ["2026-10-02", None, "2026-11-03"]})
    >>> backlog(cases, period="2026-10", every="month")["value"].tolist()
    [2.0]
    """
    opened = contacts.opened_at < contacts.end
    ended = true(contacts.resolved_at < contacts.end) | (contacts.solved & contacts.resolved_at.isnull())
    return Fraction(opened & ~true(ended), opened)
