"""The service desk: whether customers are answered in time, and whether once is enough."""

from carestudy.contract import CareError
from carestudy.engine import days, interval, true
from carestudy.measure.fractions import Fraction
from carestudy.measure.kinds.ratio import ratio
from carestudy.measure.options import Days, Hours
from carestudy.measure.premises import Recorded
from carestudy.measure.rows import Rows


@ratio(label="Answered within {within}", premises=(Recorded("contacts", "first_reply_at"),))
def service_level(contacts: Rows, *, within: Hours) -> Fraction:
    """Share of the contacts whose time for an answer is over that were answered within the time named.

    ``within`` is that time in hours by the calendar and must be given. A contact that is still unanswered when its
    time is over is missed; one whose time is not over counts in neither, answered or not, as otherwise the quick
    answers of the last hours would count and the slow ones not yet. Contacts that the company made itself
    (``direction`` "outbound") wait for no answer and are left out. Days without hours tell nothing of it. Share, 0 to
    1; Wilson interval.

    >>> import pandas as pd
    >>> asked = pd.DataFrame({"opened_at": ["2026-10-01 08:00", "2026-10-01 08:00", "2026-10-01 09:00"],
    ...                       "first_reply_at": ["2026-10-01 09:00", None, "2026-10-02 09:00"]})
    >>> service_level(asked, within=4, period="2026-10")[["numerator", "denominator"]]
       numerator  denominator
    0          1            3
    """
    if not within > 0:
        raise CareError(f"service_level within={within!r} is no promise: give a number of hours above 0")
    contacts.refuse_days("opened_at", "first_reply_at")
    due = contacts.exact("opened_at") + interval(seconds=round(within * 3600))
    over = contacts.from_customers & (due <= contacts.exact_as_of) & ~contacts.untimed("first_reply_at")
    return Fraction(over & (contacts.exact("first_reply_at") <= due), over)


@ratio(
    label="Resolved at first contact, {within} days",
    premises=(Recorded("contacts", "resolved_at"), Recorded("contacts", "reopened")),
    adds_up=False,  # what follows a contact may belong to another group
)
def first_contact_resolution(contacts: Rows, *, within: Days = 7) -> Fraction:
    """Share of contacts that were resolved, not reopened, and not followed by another on the same topic within 7 days;
    contacts that the company made itself count on neither side, and where the data do not say who made them, all count.

    By the same customer on whichever channel, from when the contact was closed; ``within`` is the number of days.
    Contacts closed within the last 7 days before the data end count in neither, as their days are not over. One that
    is still open counts as not resolved once it is older than that. Contacts without a customer or a topic count in
    neither, as nobody can tell what followed them. The company's own contacts are those of ``direction`` "outbound".
    The data do not tell how many replies it took. Share, 0 to 1; Wilson interval.
    """
    closed, wait = contacts.resolved_at, days(within)
    followable = contacts.customer_id.notnull() & contacts.topic.notnull() & contacts.from_customers
    over = followable & (closed.coalesce(contacts.opened_at) + wait <= contacts.as_of)
    following = contacts.following("opened_at", of=["customer_id", "topic"], among=contacts.from_customers)
    again = true(following <= closed + wait) | true(contacts.reopened)
    return Fraction(over & closed.notnull() & ~again, over)
