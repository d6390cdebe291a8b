"""Customers at the start and at the end of periods: the stock behind retention, churn and the bridge.

A customer is here from ``joined_on`` until ``left_on``. Where the data hold no contracts, customers are made from
purchases: someone is lost once ``inactive_after`` days have passed without one, and returns with the next.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from carestudy import engine
from carestudy.care import Care
from carestudy.contract import Missing
from carestudy.measure.rows import OURS, latest_spell, with_dimensions
from carestudy.measure.silence import silence_spells
from carestudy.periods import Period

PARTS = ("start", "lost", "new", "returned", "end", "undecided", "came_and_left")
LOOK, ENDS = f"{OURS}look", (f"{OURS}start", f"{OURS}end")
Window = tuple[date, date]


@dataclass(frozen=True)
class Presence:
    """One customer in one period, as the author of a figure about the customer base sees them."""

    at_start: Any
    at_end: Any
    before: Any
    undecided: Any
    _base: Any
    _look: tuple[Any, Any, int]

    def __getattr__(self, column: str) -> engine.Value:
        if column.startswith("__"):
            raise AttributeError(column)
        return self._base[column]

    @property
    def lost(self) -> engine.Value:
        """Here at the start and not at the end."""
        return self.at_start & ~self.at_end

    @property
    def gone(self) -> engine.Value:
        """Left in the period, and not here at its end: the lost, and those who came and went within it."""
        return _left(self._base, *self._look) & ~self.at_end

    @property
    def newcomers_gone(self) -> engine.Value:
        """Came within the period, for the first time or again, and left within it as well."""
        return self.gone & ~self.at_start

    @property
    def new(self) -> engine.Value:
        """Joined in the period for the first time, and still here at its end."""
        return self.at_end & ~self.at_start & ~self.before

    @property
    def returned(self) -> engine.Value:
        """Left before, and here again at the end."""
        return self.at_end & ~self.at_start & self.before


class _LeavingsNeeded(Exception):
    """A figure needs to know who left, and the ledger was built without leavings."""


def has_contracts(care: Care) -> bool:
    """Whether the data say when customers joined and left."""
    return care.has("customers", "customer_id", "joined_on", "left_on")


def window(care: Care, period: Period, months: int | None) -> Window:
    """The days a figure looks at for a period: the period, or so many months up to its end."""
    end = min(period.end, care.known_until.date())
    if months is None:
        return period.start, end
    return Period.until(end, months).start, end


def counts(
    care: Care,
    count: Callable[[Presence], dict[str, Any]],
    by: Sequence[str],
    windows: Sequence[Window],
    reads: Sequence[str] = (),
) -> list[pd.DataFrame]:
    """Integer counts of customers for each window: a frame of groups and counts for each of them, from one query."""
    return joint_counts(care, count, by, [(window_,) for window_ in windows], reads)


def joint_counts(
    care: Care,
    count: Callable[..., dict[str, Any]],
    by: Sequence[str],
    looks: Sequence[tuple[Window, ...]],
    reads: Sequence[str] = (),
) -> list[pd.DataFrame]:
    """Integer counts where one look covers several windows at once: ``count`` sees each customer in each of them.

    Customers are counted once by their state at every bound; the counts of each look are computed on that small table.
    """
    bounds = sorted({bound for look in looks for pair in look for bound in pair})
    groups, sides = list(dict.fromkeys([*by, *reads])), range(len(looks[0]))
    try:
        base = _ledger(care, groups, bounds, leavings=False).cross_join(_look_table(looks, bounds))
        conditions = count(*(_presence(base, side, len(bounds)) for side in sides))
    except _LeavingsNeeded:  # for customers with several stays they are expensive, and few figures need them
        base = _ledger(care, groups, bounds, leavings=True).cross_join(_look_table(looks, bounds))
        conditions = count(*(_presence(base, side, len(bounds)) for side in sides))
    sums = {name: engine.total(engine.integer(condition) * base.customers) for name, condition in conditions.items()}
    keys = [LOOK, *by]
    small = engine.integer_sums(base, keys, sums).astype({LOOK: "int64"})
    frames = [small[small[LOOK] == number].drop(columns=LOOK).reset_index(drop=True) for number in range(len(looks))]
    if by:
        return frames
    return [frame if len(frame) else pd.DataFrame({name: [0] for name in sums}) for frame in frames]


def customers_in(
    care: Care, count: Callable[[Presence], engine.Value], by: Sequence[str], window_: Window
) -> tuple[engine.Table, engine.Value]:
    """The customers as (customer_id, groups, states), a row each, and what ``count`` says of each in a window."""
    bounds = sorted(set(window_))
    try:
        base = _states(care, by, bounds, leavings=False).cross_join(_look_table([(window_,)], bounds))
        return base, count(_presence(base, 0, len(bounds)))
    except _LeavingsNeeded:
        base = _states(care, by, bounds, leavings=True).cross_join(_look_table([(window_,)], bounds))
        return base, count(_presence(base, 0, len(bounds)))


def _look_table(looks: Sequence[tuple[Window, ...]], bounds: list[date]) -> engine.Table:
    """The looks as a table: at which of the bounds each of their windows starts and ends."""
    rows = [
        {LOOK: number} | {f"{ENDS[k]}_{side}": bounds.index(pair[k]) for side, pair in enumerate(look) for k in (0, 1)}
        for number, look in enumerate(looks)
    ]
    return engine.small_table(pd.DataFrame(rows))


def bridge_counts(presence: Presence) -> dict[str, Any]:
    """The terms of start - lost + new + returned = end, and the customers who are in none of them."""
    return {
        "start": presence.at_start,
        "lost": presence.lost,
        "new": presence.new,
        "returned": presence.returned,
        "end": presence.at_end,
        "undecided": presence.undecided,
        "came_and_left": presence.newcomers_gone,
    }


def _presence(base: engine.Table, side: int, bounds: int) -> Presence:
    start, end = (base[f"{bound}_{side}"] for bound in ENDS)
    at_start, at_end = (_here(base, bound, bounds) for bound in (start, end))
    silent = (base.last_bought <= start) & base.open  # who has not left is here at both ends
    return Presence(at_start, at_end, base.first_joined <= start, silent, base, (start, end, bounds))


def _ledger(care: Care, by: Sequence[str], bounds: list[date], *, leavings: bool) -> engine.Table:
    """Customers counted by group and by their state at each bound."""
    rows = _states(care, by, bounds, leavings=leavings)
    keys = [column for column in rows.columns if column != "customer_id"]
    return rows.group_by(keys).aggregate(customers=lambda table: table.count())


def _states(care: Care, by: Sequence[str], bounds: list[date], *, leavings: bool) -> engine.Table:
    """A row for each customer: the groups, and the state at each bound."""
    stays = spells(care, by)
    rows = stays.mutate(
        first_joined=engine.bounds_passed(stays.joined_on, bounds),
        passed_left=engine.bounds_passed(stays.left_on, bounds),
        # Contracts have no purchases, so no comparison at each bound is needed.
        last_bought=len(bounds) + 1 if has_contracts(care) else engine.bounds_passed(stays.last_on, bounds),
        open=stays.left_on.isnull() & stays.last_on.notnull(),
    )
    if care.several_spells or not has_contracts(care):
        flags = {f"here_{k}": _during(rows, k).ifelse(1, 0).max() for k in range(len(bounds))}
        flags |= {f"left_{k}": _ended(rows, k).ifelse(1, 0).max() for k in range(1, len(bounds)) if leavings}
        firsts = {
            "first_joined": rows.first_joined.min(),
            "last_bought": rows.last_bought.max(),
            "open": rows.open.any(),
        }
        return rows.group_by(["customer_id", *by]).aggregate(**flags, **firsts)
    return rows.select("customer_id", *by, "first_joined", "passed_left", "last_bought", "open")


def _here(ledger: engine.Table, bound: engine.Value, bounds: int) -> engine.Value:
    """Whether customers are here at a bound; for customers with several stays there is a column for each bound."""
    if "here_0" not in ledger.columns:
        return _during(ledger, bound)
    by_bound = [(bound == k).ifelse(ledger[f"here_{k}"], 0) for k in range(bounds)]
    return sum(by_bound[1:], by_bound[0]) == 1


def _left(ledger: engine.Table, start: engine.Value, end: engine.Value, bounds: int) -> engine.Value:
    """Whether a stay ended between two bounds; for customers with several stays there is a column for each bound."""
    if "here_0" not in ledger.columns:
        begun = ledger.first_joined <= end
        return begun & (ledger.passed_left > start) & (ledger.passed_left <= end)
    if bounds > 1 and "left_1" not in ledger.columns:
        raise _LeavingsNeeded
    by_bound = [((start < k) & (end >= k)).ifelse(ledger[f"left_{k}"], 0) for k in range(1, bounds)]
    return sum(by_bound[1:], by_bound[0]) > 0 if by_bound else engine.literal(value=False)


def _ended(stays: engine.Table, bound: int) -> engine.Value:
    """Whether a stay that had begun ended between the bound before and this one."""
    return (stays.first_joined <= bound) & (stays.passed_left == bound)


def _during(stays: engine.Table, bound: engine.Value | int) -> engine.Value:
    """At a bound a customer is here who joined before it and did not leave before it."""
    return (stays.first_joined <= bound) & (stays.passed_left > bound)


def spells(care: Care, by: Sequence[str]) -> engine.Table:
    """Stays of customers: (customer_id, groups, joined_on, left_on, last_on)."""
    if has_contracts(care):
        stays = with_dimensions(care, "customers", by) if by else care.table("customers")
        stays = stays.mutate(last_on=engine.null("date"))
        if care.several_spells and by:
            latest = latest_spell(care, stays).select("customer_id", *by)
            stays = stays.drop(*by).join(latest, "customer_id")
        return stays.select("customer_id", *_dimensions(stays, by), "joined_on", "left_on", "last_on")
    # Without a silence window the company has contracts, and this group of it has no customers on file.
    if not care.has("transactions", "customer_id", "occurred_at") or care.inactive_after is None:
        if "customers" in care.tables:
            care.table("customers", "customer_id", "joined_on", "left_on")
        raise Missing("customers", has=care.tables)
    stays = silence_spells(care)
    if not by:
        return stays
    customers = latest_spell(care, with_dimensions(care, "customers", by)).select("customer_id", *by)
    joined = stays.left_join(customers, "customer_id").drop("customer_id_right")
    return joined.select("customer_id", *_dimensions(joined, by), "joined_on", "left_on", "last_on")


def _dimensions(table: engine.Table, by: Sequence[str]) -> list[engine.Value]:
    return [table[dimension].cast("string").name(dimension) for dimension in by]
