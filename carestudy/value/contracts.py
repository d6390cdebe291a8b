"""Customers with a contract as they were known on a day: how long they had been here, and what they had paid."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from carestudy import engine
from carestudy.care import Care
from carestudy.contract import CareError, Missing
from carestudy.kpi import invoiced
from carestudy.measure.lasting import observed

MONTH = 30.4375  # days
YEAR = 365  # days of which it is told what a month brings
ENOUGH = 10  # customers at risk, for a share still here


def contracts(care: Care, *, end: date, by: list[str]) -> pd.DataFrame:
    """A row a customer's stay begun by a day: what was known at its end, and what came after.

    Columns: customer_id, the dimensions, joined_on, left_on, here (1.0 at the end of the day, else 0.0), days and
    tenure (whole months) here, paid and active (amount and months here within the last year), brought (all that was
    paid in the stay), after (what was paid after the day) and entered (whole months before the data tell who leaves).
    """
    people = care.table("customers", "customer_id", "joined_on", "left_on")
    for name in by:
        if name not in people.columns:
            raise Missing("customers", name, people.columns)
    people = people.select("customer_id", *by, "joined_on", "left_on")
    people = people.filter(people.joined_on.notnull() & (people.joined_on <= _day(end)))
    if care.several_spells:
        following = engine.next_in(people, "joined_on", of=["customer_id"], order=["joined_on"])
        people = people.mutate(until=following.fill_null(_day(date(2200, 1, 1))))
    else:
        people = people.mutate(until=_day(date(2200, 1, 1)))
    stays = people.mutate(carestudy_joined=people.joined_on, carestudy_left=people.left_on)
    since = observed(stays, end + timedelta(days=1))
    arrow = engine.answer(_with_amounts(care, people, end).order_by(["customer_id", "joined_on"]))
    rows = arrow.to_pandas(date_as_object=False)
    if rows.empty:
        raise CareError("there are no customers yet on that day")
    return _counted(rows, end, since, invoiced.scale(care))


def tenures(rows: pd.DataFrame) -> pd.DataFrame:
    """Stays in whole months: the one in which a customer left, or the last that is over.

    A leaving counts once its month is over for whoever came on that day, whether they left in it or not: counting it
    sooner would count those who leave and not those who stay.
    """
    over = np.floor(rows["possible"] / MONTH)
    month = np.floor(rows["days"] / MONTH) + 1
    left = (rows["here"] == 0) & (month <= over)
    return pd.DataFrame({"entered": rows["entered"], "renewals": np.where(left, month, over), "left": left.astype(int)})


def observed_stay(tenures_seen: pd.DataFrame) -> pd.DataFrame:
    """The share still here after each month, of those who were at risk: Kaplan-Meier by the month."""
    months = np.arange(1, int(tenures_seen["renewals"].max()) + 1)
    entered, last, left = (tenures_seen[name].to_numpy(float) for name in ("entered", "renewals", "left"))
    at_risk = np.array([((entered < month) & (last >= month)).sum() for month in months], float)
    gone = np.array([((last == month) & (left > 0)).sum() for month in months], float)
    stay = np.cumprod(1 - np.divide(gone, at_risk, out=np.zeros(len(months)), where=at_risk > 0))
    tenures_seen = pd.DataFrame({"months": months, "at_risk": at_risk.astype(int), "observed": stay})
    return tenures_seen[tenures_seen["at_risk"] >= ENOUGH]


def _with_amounts(care: Care, people: Any, end: date) -> Any:
    """The stays with what was paid in them: up to the day, in the year before it, and after it."""
    sold = care.table("transactions", "customer_id", "occurred_at", "amount")
    if "returned" in sold.columns:
        sold = sold.filter(~engine.true(sold.returned) | (sold.amount < 0))
    day = sold.occurred_at.cast("date")
    sold = sold.filter(sold.occurred_at < engine.literal(care.known_until))
    sold = sold.select(buyer=sold.customer_id, day=day, amount=sold.amount)
    in_stay = [people.customer_id == sold.buyer, sold.day >= people.joined_on, sold.day < people.until]
    joined = people.left_join(sold, in_stay)
    before = joined.day <= _day(end)
    last_year = before & (joined.day > _day(end - timedelta(days=YEAR)))
    keys = [name for name in people.columns if name != "until"]
    return joined.group_by(keys).aggregate(
        brought=joined.amount.sum(where=before).fill_null(0),
        paid=joined.amount.sum(where=last_year).fill_null(0),
        after=joined.amount.sum(where=joined.day > _day(end)).fill_null(0),
    )


def _counted(rows: pd.DataFrame, end: date, since: int, money: float) -> pd.DataFrame:
    """Days and months of each stay, its amounts in the main unit."""
    joined, left = rows["joined_on"], rows["left_on"]
    until = pd.Timestamp(end) + pd.Timedelta(days=1)
    is_here = ~(left < until)
    gone = left.where(~is_here, until)
    days = (gone - joined).dt.days.clip(lower=0)
    begun = joined.where(joined > until - pd.Timedelta(days=YEAR), until - pd.Timedelta(days=YEAR))
    entered = np.ceil(np.maximum(since - (joined - pd.Timestamp("1970-01-01")).dt.days, 0) / MONTH)
    rows = rows.assign(here=is_here.astype(float), days=days, tenure=np.floor(days / MONTH), entered=entered)
    rows = rows.assign(
        possible=(until - joined).dt.days, active=((gone - begun).dt.days.clip(lower=0) + 1) / MONTH * (gone >= begun)
    )
    return rows.assign(**{name: rows[name] * money for name in ("brought", "paid", "after")})


def _day(day: date) -> Any:
    return engine.literal(str(day)).cast("date")
