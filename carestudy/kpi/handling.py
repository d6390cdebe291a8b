"""Handling: which contacts are answered and resolved, and how long people work on them."""

from carestudy.engine import true
from carestudy.measure.fractions import Fraction
from carestudy.measure.kinds.ratio import ratio
from carestudy.measure.kinds.total import total
from carestudy.measure.premises import Recorded
from carestudy.measure.rows import Rows


@ratio(label="Answered contacts", premises=(Recorded("contacts", "answered"),))
def answered_share(contacts: Rows) -> Fraction:
    """Share of the contacts from customers that were answered, of those of which the data say whether they were.

    ``answered`` says so: of calls and chats, whether somebody picked up. Contacts that the company made itself
    (``direction`` "outbound") are left out. How fast the answer came is the service level. Share, 0 to 1; Wilson
    interval.

    >>> import pandas as pd
    >>> answered_share(pd.DataFrame({"answered": [True, True, False, None]}))[["numerator", "denominator"]]
       numerator  denominator
    0          2            3
    """
    known = contacts.from_customers & contacts.answered.notnull()
    return Fraction(known & contacts.answered, known)


@ratio(label="Abandoned contacts", better="lower", premises=(Recorded("contacts", "answered"),))
def abandoned_share(contacts: Rows) -> Fraction:
    """Share of the contacts from customers that nobody answered, of those of which the data say whether they were.

    Equals 1 less the share of answered contacts: missed calls, busy lines, chats that the customer left. Share, 0 to
    1; Wilson interval.

    >>> import pandas as pd
    >>> abandoned_share(pd.DataFrame({"answered": [True, True, False, None]}))[["numerator", "denominator"]]
       numerator  denominator
    0          1            3
    """
    known = contacts.from_customers & contacts.answered.notnull()
    return Fraction(known & ~contacts.answered, known)


@ratio(label="Resolved contacts", better=None, premises=(Recorded("contacts", "resolved_at", instead="resolved"),))
def resolved_share(contacts: Rows) -> Fraction:
    """Share of the contacts opened in the period that are resolved as the data end.

    ``resolved`` says so, and where it says nothing, a contact with a ``resolved_at`` is resolved and one without is
    not. The contacts of the last days have had less time, so a later period has no verdict against an earlier one.
    Share, 0 to 1; Wilson interval.

    >>> import pandas as pd
    >>> resolved_share(pd.DataFrame({"resolved": [True, False, True, None]}))[["numerator", "denominator"]]
       numerator  denominator
    0          2            3
    """
    known = contacts.solved.notnull()
    return Fraction(known & contacts.solved, known)


@ratio(
    label="Mean handling time",
    unit="hours",
    better="lower",
    premises=(Recorded("contacts", "handling_seconds"),),
)
def mean_handling_time(contacts: Rows) -> Fraction:
    """Mean time that people worked on a contact: the handling time of all contacts over the number that have one.

    ``handling_seconds`` says how long; it is the time of the people, such as talk time, and not the time from the
    opening to the end. Contacts without it, or with a negative one, count in neither, nor does a call that nobody
    picked up (``answered`` no) with a time of 0. Hours; numerator are whole seconds. A few long contacts move it.

    >>> import pandas as pd
    >>> mean_handling_time(pd.DataFrame({"handling_seconds": [1800, 5400, None]}))["value"].tolist()
    [1.0]
    """
    known = true(contacts.handling_seconds >= 0)
    if contacts.has("answered"):
        known &= ~true(~contacts.answered & (contacts.handling_seconds == 0))
    return Fraction(known.ifelse(contacts.handling_seconds.round(), 0), known)


@total(
    label="Total handling time",
    unit="hours",
    better=None,
    premises=(Recorded("contacts", "handling_seconds"),),
)
def total_handling_time(contacts: Rows) -> Fraction:
    """Time that people worked on the contacts of the period: the sum of their handling times.

    Contacts without one add nothing. Hours; numerator are whole seconds. The interval tells how far the sum could
    differ by chance if customers came independently.

    >>> import pandas as pd
    >>> total_handling_time(pd.DataFrame({"handling_seconds": [1800, 5400, None]}))["value"].tolist()
    [2.0]
    """
    known = true(contacts.handling_seconds >= 0)
    return Fraction(known.ifelse(contacts.handling_seconds.round(), 0), known)
