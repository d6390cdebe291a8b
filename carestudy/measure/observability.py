"""From when until when the data tell of customers who leave: before and after, nobody leaves and nobody stays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from math import log

from carestudy import engine
from carestudy.care import Care
from carestudy.measure import clock, stock
from carestudy.measure.known_facts import fact
from carestudy.measure.silence import first_day

FEWEST = 5  # days on which somebody left, to tell from them when others should have
SURE = 7  # minus the logarithm of one chance in a thousand
FIRST, DAY = date(1970, 1, 1), timedelta(days=1)


@dataclass(frozen=True)
class Observation:
    """The first day of the data, those from and until which leaving shows (None: from ever, or as far as the data
    go), how many customers there are and have left, and on how many different days they left and joined.
    """

    first: date | None
    since: date | None
    until: date | None
    customers: int
    left: int
    days: int = 0
    joining_days: int = 0


def observation(care: Care) -> Observation:
    """When leaving can be seen in these data; asked once of the same data.

    Without contracts nobody can be lost in the first ``inactive_after`` days, as the purchase before is not known.
    With them, see ``recorded``.
    """

    def look_up() -> Observation:
        return recorded(care, stock.spells(care, [])) if stock.has_contracts(care) else _silent(care)

    return fact(care, "observation", look_up)


def recorded(care: Care, stays: engine.Table) -> Observation:
    """From when until when leaving dates were recorded.

    If customers left at one rate all along, the chance that none of them did so before the first known leaving is the
    later part of all their days to the power of the leavings. Below one in a thousand, leavings from before are
    lacking: they are recorded from the first on, and from as many days before it as usually lie between two. The same
    after the last. Many who leave on one day count as one, for they may have left together; of fewer than five such
    days nothing is concluded.
    """
    joined, left = clock.day_number(stays.joined_on), clock.day_number(stays.left_on)
    known = engine.literal(number(care.known_until.date()), "int64")
    begun = stays.filter(stays.joined_on.notnull() & (joined < known))
    ends = engine.fetch(begun.aggregate(first=begun.left_on.min(), last=begun.left_on.max()))
    first, last = ends["first"].iloc[0], ends["last"].iloc[0]
    if first is None:
        return Observation(None, None, None, int(engine.answer(begun.customer_id.nunique()).as_py()), 0)
    joined, left = clock.day_number(begun.joined_on), clock.day_number(begun.left_on)
    end = engine.least(left.fill_null(known), known)
    zero, day_after = engine.literal(0, "int64"), engine.literal(number(last) + 1, "int64")
    sums = begun.aggregate(
        days=engine.total(engine.greatest(end - joined, zero)),
        early=engine.total(engine.greatest(engine.least(end, engine.literal(number(first), "int64")) - joined, zero)),
        late=engine.total(engine.greatest(end - engine.greatest(joined, day_after), zero)),
        together=begun.left_on.nunique(), left=begun.left_on.count(), stays=begun.count(),
        customers=begun.customer_id.nunique(), joining=begun.joined_on.nunique(),
    )  # fmt: skip
    row = {name: int(value or 0) for name, value in engine.answer(sums).to_pylist()[0].items()}
    usual = timedelta(days=(last - first).days // max(row["together"] - 1, 1))
    # Where every stay has its end, none from before the first one can be lacking.
    lacking = row["left"] < row["stays"] and _beyond_chance(row["days"], row["early"], row["together"])
    since = first - usual if lacking else None
    until = last + usual + DAY if _beyond_chance(row["days"], row["late"], row["together"]) else None
    return Observation(None, since, until, row["customers"], row["left"], row["together"], row["joining"])


def number(day: date) -> int:
    """A day, counted from 1970."""
    return (day - FIRST).days


def _beyond_chance(days: int, without: int, leavings: int) -> bool:
    """Whether so many leavings in all the days make it beyond chance that there was none in some of these."""
    return days > 0 and leavings >= FEWEST and leavings * log(days / max(days - without, 1)) >= SURE


def _silent(care: Care) -> Observation:
    first = first_day(care)
    return Observation(first, first + timedelta(days=(care.inactive_after or 0) + 1), None, 0, 0)
