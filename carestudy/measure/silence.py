"""Customers without contracts: after how many days without a purchase they count as lost, and what hangs on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil

import numpy as np
import pandas as pd

from carestudy import engine
from carestudy.care import Care
from carestudy.measure.intervals import wilson
from carestudy.measure.recorded_days import covered
from carestudy.measure.rows import BUCKET, placed_in
from carestudy.periods import Period

USUAL, TYPICAL = 0.99, 0.75  # of all repeat purchases
MARGIN = 1.5  # times the typical gap: a customer who is a little late is not lost
A_WEEK, ENOUGH = 7, 30  # of days and of gaps, from which on there is a period of purchases
FEWEST = 10  # customers, of whom a share can be told
FEWEST_RETURNS = 0.95  # that a window cut to what the data can tell must still wait for
PART = 3  # of the span of the data, so long a window at most
NEAR, LEAP = 0.05, 0.10  # days nearer and farther that may not move more than this share of all customers
WITHOUT_RETURNS = 365


@dataclass(frozen=True)
class Silence:
    """The days after which a silent customer is lost, as the gaps between purchases tell.

    ``longest`` is the longest window by which loss can be told in these data, ``late`` the share of repeat purchases
    that came after a longer silence than ``days``. ``sure``: the window is no longer than that, and a few days more
    or less would not turn many customers from lost to here.
    """

    days: int
    longest: int
    late: float
    sure: bool


def chosen(care: Care) -> Silence:
    """The window that the data can bear: 99 of 100 repeat purchases come within it, and one that is late is waited for.

    Where that is more than a third of the span of the data, it is a third, if 95 of 100 repeat purchases come within
    that. Where many customers would change sides with a few days more or less, as with invoices once a year, it is
    made longer. A window that cannot be told so is not ``sure``.
    """
    gaps, silent = _gaps(care), _silent(care)
    longest = max(((care.known_until.date() - first_day(care)).days) // PART, 1)
    few = int(silent["customers"].sum()) < FEWEST
    if gaps.empty:
        return Silence(WITHOUT_RETURNS, longest, 0.0, few or longest >= WITHOUT_RETURNS)
    typical = _reached(gaps, TYPICAL)
    least = ceil(MARGIN * typical) if typical >= A_WEEK and gaps["times"].sum() >= ENOUGH else typical
    days = max(_reached(gaps, USUAL), least)
    if days > longest >= least and _within(gaps, longest) >= FEWEST_RETURNS:
        days = longest
    while days <= longest and _leaps(silent, days):
        days = ceil(days * (1 + LEAP))
    return Silence(days, longest, 1 - _within(gaps, days), few or days <= longest)


def first_day(care: Care) -> date:
    """The first day of purchases, without slips of the pen; the end of the data where there are none.

    Of a group it is that of the whole company, as the purchases of all begin with the data.
    """
    care = care.whole or care
    days = covered(care, "transactions").days if "transactions" in care.tables else ()
    return days[0][0] if days else care.known_until.date()


def beginnings_known_from(care: Care) -> date:
    """The day from which a first purchase is a beginning, and not the first one of a customer that the data hold.

    Who buys within ``inactive_after`` days of the first day of the data may have bought before it.
    """
    return first_day(care) + timedelta(days=care.inactive_after or 0)


def silence_spells(care: Care) -> engine.Table:
    """Stays made from purchases: a silence longer than ``inactive_after`` days ends one, a purchase begins the next."""
    wait = engine.days(care.inactive_after or 0)
    days = _purchase_days(care)
    starts = (days.previous.isnull() | (days.day > (days.previous + wait).cast("date"))).ifelse(1, 0)
    days = days.mutate(starts=starts)
    running = engine.cumulative_window(group_by="customer_id", order_by="day")
    stays = days.mutate(stay=days.starts.sum().over(running)).group_by(["customer_id", "stay"])
    stays = stays.aggregate(joined_on=lambda stay: stay.day.min(), last_on=lambda stay: stay.day.max())
    lost_on = (stays.last_on + wait + engine.days(1)).cast("date")
    known = engine.literal(str(care.known_until.date())).cast("date")
    return stays.mutate(left_on=(lost_on <= known).ifelse(lost_on, engine.null("date"))).drop("stay")


def effect(care: Care, *, level: float = 0.95) -> pd.DataFrame | None:
    """What hangs on the window, see ``carestudy.silence_effect``."""
    wait = None if care.has("customers", "customer_id", "joined_on", "left_on") else care.inactive_after
    if wait is None or not care.has("transactions", "customer_id", "occurred_at"):
        return None
    silent = _silent(care)
    lengths, count = silent["days"].to_numpy(), silent["customers"].to_numpy()
    span = (care.known_until.date() - first_day(care)).days
    rows = []
    for times in (0.5, 1.0, 2.0):
        days, n = max(1, round(times * wait)), int(count.sum())
        lost = int(count[lengths > days].sum())
        seen = n > 0 and days < span
        low, high = map(float, wilson(lost, n, level)) if seen else (np.nan, np.nan)
        value = lost / n if seen else np.nan
        cells = {"customers": n, "lost": lost, "value": value, "low": low, "high": high}
        rows.append({"times": times, "days": days, **cells, "leaps": _leaps(silent, days)})
    return pd.DataFrame(rows)


def by_last_purchase(care: Care, periods: Sequence[Period]) -> pd.DataFrame:
    """Of the customers who bought so long before each period that they may be found lost in it, how many stayed.

    The same losses as in the period itself, set against those who bought when the lost did so last: their share does
    not change with the number of customers. Columns: period, bought, stayed.
    """
    wait = engine.days((care.inactive_after or 0) + 1)
    days, spells = _purchase_days(care), silence_spells(care)
    bought = days.select("customer_id", day=(days.day + wait).cast("date"), lost=engine.literal(0, "int64"))
    lost = spells.filter(spells.left_on.notnull())
    ends = lost.select("customer_id", day=lost.left_on, lost=engine.literal(1, "int64"))
    in_period = placed_in(engine.union(bought, ends), "day", periods)
    by_customer = in_period.group_by([BUCKET, "customer_id"]).aggregate(lost=in_period.lost.max())
    sums = {"bought": by_customer.count(), "lost": engine.total(by_customer.lost)}
    counted = engine.integer_sums(by_customer, [BUCKET], sums)
    counts_by_period = {row[BUCKET]: (row["bought"], row["lost"]) for row in counted.to_dict("records")}
    rows = [(period.text, *counts_by_period.get(period.start, (0, 0))) for period in periods]
    frame = pd.DataFrame(rows, columns=["period", "bought", "lost"])
    return frame.assign(stayed=frame["bought"] - frame["lost"])


def _purchase_days(care: Care) -> engine.Table:
    """The days on which each customer bought, each with the one before."""
    bought = care.table("transactions", "customer_id", "occurred_at")
    known = bought.filter(bought.customer_id.notnull())
    days = known.select("customer_id", day=known.occurred_at.cast("date")).distinct()
    return days.mutate(previous=days.day.lag().over(engine.window(group_by="customer_id", order_by="day")))


def _gaps(care: Care) -> pd.DataFrame:
    """How many repeat purchases followed the purchase before after each number of days."""
    days = _purchase_days(care)
    days = days.mutate(gap=days.day.delta(days.previous, unit="day"))
    counted = engine.fetch(days.filter(days.gap.notnull()).group_by("gap").aggregate(times=lambda t: t.count()))
    return counted.astype(int).sort_values("gap", ignore_index=True)


def _silent(care: Care) -> pd.DataFrame:
    """How many customers have bought nothing for each number of days when the data end."""
    bought = care.table("transactions", "customer_id", "occurred_at")
    known = engine.literal(care.known_until)
    bought = bought.filter(bought.customer_id.notnull() & (bought.occurred_at < known))
    last = bought.group_by("customer_id").aggregate(last=bought.occurred_at.max().cast("date"))
    counted = engine.answer(last.group_by("last").aggregate(customers=last.count())).to_pylist()
    end = care.known_until.date()
    rows = {(end - row["last"]).days - 1: int(row["customers"]) for row in counted}
    return pd.DataFrame({"days": [*rows], "customers": [*rows.values()]}, dtype="int64")


def _reached(gaps: pd.DataFrame, share: float) -> int:
    """Days within which this share of the repeat purchases came."""
    enough = gaps["times"].cumsum() >= share * gaps["times"].sum()
    return max(1, int(gaps.loc[enough, "gap"].iloc[0]))


def _within(gaps: pd.DataFrame, days: int) -> float:
    return float(gaps.loc[gaps["gap"] <= days, "times"].sum() / gaps["times"].sum())


def _leaps(silent: pd.DataFrame, days: int) -> bool:
    """Whether a few days more or less would turn many customers from lost to here."""
    near = max(1, round(NEAR * days))
    lengths, count = silent["days"].to_numpy(), silent["customers"].to_numpy()
    edge = (lengths > days - near) & (lengths <= days + near)
    return bool(np.sum(count[edge]) > LEAP * np.sum(count))
