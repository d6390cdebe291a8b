"""Durations: how long customers wait, how long cases take, and how long customers stay."""

from carestudy.engine import true
from carestudy.measure.kinds.survival_figures import survival
from carestudy.measure.lasting import Duration, Stay
from carestudy.measure.options import Share, Years
from carestudy.measure.premises import BASE_KNOWN, LEAVING_DATED, LOSS_SHOWS
from carestudy.measure.rows import Rows


@survival(label="Time to first reply ({at}, {clock} time)", unit="hours", better="lower")
def first_response_time(contacts: Rows, *, at: Share | str = "median", clock: str = "calendar") -> Duration:
    """Hours from the opening of a case to its first reply, within which half of the cases, or the share
    named, are replied to.

    Cases without a reply yet count as open (Kaplan-Meier), neither left out nor zero; periods are those of opening.
    ``at`` is "median", "p90" (nine out of ten) or a share; ``clock`` is "calendar" or "business", by the ``hours`` of
    care.toml. Times are taken to the second below an hour, else to the minute; where one of the two columns has days
    without hours, to whole days of 24 hours, and ``note`` says so. Numerator are the cases replied to, denominator all;
    there is no value where the curve does not fall so low, and ``note`` says why. Log-log interval, widened by how far
    cases of one customer resemble each other. Contacts that the company made itself (``direction`` "outbound") wait for
    no reply and are left out, and so are calls and chats that nobody picked up (``answered`` no) and that have no
    reply: nobody waits on in them, and the share of abandoned contacts counts them. Needs opened_at and first_reply_at.

    >>> import pandas as pd
    >>> cases = pd.DataFrame({"opened_at": ["2026-10-05T08:00"] * 3,
    ...                       "first_reply_at": ["2026-10-05T09:00", "2026-10-05T12:00", None]})
    >>> first_response_time(cases)[["value", "numerator", "denominator"]]
       value  numerator  denominator
    0    4.0          2            3
    """
    waits = contacts.from_customers
    if contacts.has("answered"):
        waits &= ~true(~contacts.answered & contacts.first_reply_at.isnull())
    customer_opened_at = waits.ifelse(contacts.opened_at, None)
    return Duration(customer_opened_at, contacts.first_reply_at, at, clock)


@survival(label="Time to resolve ({at}, {clock} time)", unit="hours", better="lower")
def resolution_time(contacts: Rows, *, at: Share | str = "median", clock: str = "calendar") -> Duration:
    """Hours from the opening of a case to its resolution, within which half of the cases, or the share
    named, are resolved.

    Cases not resolved yet count as open (Kaplan-Meier): a mean of the closed ones would leave out the slowest. The
    rest is as with the time to first reply. Needs opened_at and resolved_at.
    """
    return Duration(contacts.opened_at, contacts.resolved_at, at, clock)


@survival(label="Stay {years}+ years", premises=(LOSS_SHOWS, LEAVING_DATED))
def tenure(customers: Rows, *, years: Years = 1, since: str | None = None) -> Stay:
    """Share of customers who stay for the time named or longer, counting those who have not left yet as far as they are
    known; who came back counts once, from the first day until a leaving that no return followed.

    Kaplan-Meier by the day, a year being 365 days, of everybody known at the end of the period. Customers come under
    observation when the data begin, at the age they have then (delayed entry): ``since`` says when that was, and
    without it the data begin just before the first known leaving, if that nobody left earlier is beyond chance.
    There is a value where at least 10 customers were followed from the beginning and one of them for so long.
    Numerator are the customers at risk at that age, denominator all. Share, 0 to 1; log-log interval. Needs joined_on
    and left_on. Without contracts a customer leaves with a silence of ``inactive_after`` days that no purchase ended,
    and begins on ``joined_on`` or, without it, with the first purchase; who bought already within ``inactive_after``
    days of the first day of the data is then left out, as nobody knows since when they are customers. A silence that
    may yet end counts as leaving, so the share is a little low where many come back late. Of a time no longer than
    ``inactive_after`` nothing can be told, as everybody stays so long; ``note`` says so.

    >>> import pandas as pd
    >>> people = pd.DataFrame({"customer_id": ["A", "B", "C"], "joined_on": ["2024-01-05", "2024-02-01", "2026-10-01"],
    ...                        "left_on": [None, "2024-08-01", None]})
    >>> tenure(people)[["value", "numerator", "denominator"]]
       value  numerator  denominator
    0    0.5          1            3
    """
    return Stay(customers.joined_on, customers.left_on, years, since)


@survival(label="Customers of {years}+ years", better=None, premises=(BASE_KNOWN,))
def tenure_share(customers: Rows, *, years: Years = 1) -> Stay:
    """Share of the customers at the end of the period who joined the time named before it, or earlier.

    It says nothing of those who left, and falls when many new customers come: read it beside the share that stays.
    A year is 365 days, and runs from a customer's first day, even if they came back. Without contracts and days of
    joining it runs from the first purchase that the data hold: it is the share that is known to be so old. Share, 0
    to 1; Wilson interval.
    """
    return Stay(customers.joined_on, customers.left_on, years, plain=True)
