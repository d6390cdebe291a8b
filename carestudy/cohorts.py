"""Cohorts: of the customers who came in the same month, how many are still here after each month."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from carestudy import engine
from carestudy.care import Care
from carestudy.contract import CareError, Reason
from carestudy.measure import stock
from carestudy.measure.clock import day_number
from carestudy.measure.front import reads
from carestudy.measure.intervals import wilson
from carestudy.measure.observability import observation
from carestudy.measure.options import Level
from carestudy.measure.premises import LEAVING_DATED, MIXED, demand
from carestudy.measure.rows import groups, latest_spell, with_dimensions
from carestudy.measure.silence import beginnings_known_from, first_day
from carestudy.periods import Period

MODES = ("on", "on or after")
COLUMNS = ("cohort", "age", "n", "retained", "value", "low", "high")
ALL = "all"
MONDAY = 3  # 1970 began three days after one


@reads("customers")
def cohorts(
    care: Care,
    *,
    every: str = "month",
    mode: str = "on",
    by: str | Sequence[str] | None = None,
    level: Level = 0.95,
) -> pd.DataFrame:
    """Share of the customers who came in the same period that is here again at each age, counted in periods.

    With contracts, a customer comes when they first join and is here in every period of which they are a customer on
    some day; without, they come with the first purchase and are here in a period in which they buy. ``mode`` "on"
    asks who is here in the very period of that age, "on or after" who is here then or later. A row for each cohort
    and age: cohort, age (0 is the period of coming), n, retained, value, and Wilson's interval. Only periods that are
    over have a cohort or a value: cells not yet complete are missing, never 0. The cohort "all" is the average
    of the complete cells, weighted by customers; its n falls with age. ``by`` gives a table for each group. Where
    leaving dates were recorded only from some day on, cohorts that came before it are left out. Without contracts, who
    first buys within ``inactive_after`` days of the first purchase that the data hold may have bought before: these
    cohorts are old and new customers together. They have a ``note``, and are in no average while others are there.

    >>> bought = pd.DataFrame({"customer_id": ["A", "A", "B"], "amount": 5,
    ...                        "occurred_at": ["2026-01-05", "2026-03-07", "2026-02-10"]})
    >>> table = cohorts({"transactions": bought.assign(transaction_id=["1", "2", "3"])})
    >>> table.pivot(index="cohort", columns="age", values="value").loc[["2026-01", "2026-02"]].shape
    (2, 2)
    """
    if mode not in MODES:
        raise CareError(f"mode='{mode}' is not known: choose {' or '.join(MODES)}")
    by = groups(by)
    if clash := [name for name in by if name in COLUMNS]:
        raise CareError(f"by='{clash[0]}' would stand beside the table's own column: give it another name")
    if every == "day":
        raise CareError("every='day' is not known: cohorts are of a week, month, quarter or year")
    Period.holding(care.known_until.date(), every)  # an unknown kind of period is refused here
    over = _index_of(care.known_until.date(), every) - 1  # the last period that is over
    spans = engine.fetch(_spans(care, every, mode, by), ("cohort", "first", "last", "customers"))
    demand(care, LEAVING_DATED)
    since = observation(care).since if stock.has_contracts(care) else None
    if since:  # of those who came before, only those are known who were still here then
        spans = spans[spans["cohort"] > _index_of(since - timedelta(days=1), every)].reset_index(drop=True)
    known_from = None if stock.has_contracts(care) else beginnings_known_from(care)
    mixed = _index_of(known_from - timedelta(days=1), every) if known_from else None
    tables = [_table(rows, by, (every, over, mixed), level) for _, rows in _by_group(spans, by)]
    columns = [*by, *COLUMNS]
    frame = pd.concat(tables, ignore_index=True)[columns] if tables else pd.DataFrame(columns=columns)
    if known_from is None or mixed is None:
        return frame
    return _with_notes(
        care, frame, [_name(index, every) for index in range(_index_of(first_day(care), every), mixed + 1)]
    )


def _with_notes(care: Care, frame: pd.DataFrame, mixed: list[str]) -> pd.DataFrame:
    """Add a note to the cohorts of which some customers may have bought before the data begin."""
    noted = frame["cohort"].isin(mixed)
    if set(frame["cohort"]) <= {*mixed, ALL}:
        noted |= frame["cohort"] == ALL
    if not noted.any():
        return frame
    reason = Reason(MIXED, first=first_day(care), since=beginnings_known_from(care))
    return frame.assign(note=pd.Series([reason if is_noted else None for is_noted in noted], frame.index, dtype=object))


def _by_group(spans: pd.DataFrame, by: list[str]) -> Any:
    return spans.groupby(by, dropna=False) if by else [((), spans)] if len(spans) else []


def _spans(care: Care, every: str, mode: str, by: list[str]) -> engine.Table:
    """Customers counted by cohort and by the first and last period of each unbroken presence: one small table."""
    rows = _presences(care, every, by)
    begun = rows.group_by("customer_id").aggregate(cohort=rows["first"].min())
    rows = rows.join(begun, "customer_id")  # a window over each customer takes longer
    if mode == "on or after":
        rows = rows.group_by(["customer_id", *by]).aggregate(
            cohort=rows.cohort.min(), first=rows.cohort.min(), last=rows["last"].max()
        )
    elif stock.has_contracts(care) and care.several_spells:
        earlier = engine.window(group_by="customer_id", order_by=["first", "last"], preceding=(None, 1))
        seen = rows["last"].max().over(earlier).fill_null(-(10**6)) + 1
        # A customer who left and came back within one period counts once.
        rows = rows.mutate(first=engine.greatest(rows["first"], seen)).filter(
            lambda spans: spans["first"] <= spans["last"]
        )
    counted = rows.group_by([*by, "cohort", "first", "last"]).aggregate(customers=rows.count())
    return counted.order_by([*by, "cohort", "first", "last"])


def _presences(care: Care, every: str, by: list[str]) -> engine.Table:
    """The first and last period of each presence of a customer: (customer_id, groups, first, last), by number."""
    known = engine.literal(str(care.known_until.date())).cast("date")
    if stock.has_contracts(care):
        stays = stock.spells(care, by)
        stays = stays.filter(engine.true(stays.joined_on < known))
        until = engine.coalesce(stays.left_on, known)
        until = (until < known).ifelse(until, known)
        last = (until - engine.days(1)).cast("date")
        last = (last < stays.joined_on).ifelse(stays.joined_on, last)
        return stays.select("customer_id", *by, first=_index(stays.joined_on, every), last=_index(last, every))
    bought = care.table("transactions", "customer_id", "occurred_at")
    bought = bought.filter(bought.customer_id.notnull() & (bought.occurred_at < engine.literal(care.known_until)))
    period = _index(bought.occurred_at.cast("date"), every)
    days = bought.select("customer_id", first=period, last=period).distinct()
    if not by:
        return days
    customers = latest_spell(care, with_dimensions(care, "customers", by))
    dimensions_of = customers.select(
        carestudy_id="customer_id", **{name: customers[name].cast("string") for name in by}
    )
    return days.left_join(dimensions_of, [("customer_id", "carestudy_id")]).drop("carestudy_id")


def _index(day: Any, every: str) -> engine.Value:
    """The number of the period that holds a day, one more for each later period."""
    match every:
        case "week":
            return ((day_number(day) + MONDAY) // 7).cast("int64")
        case "month":
            return (day.year() * 12 + day.month() - 1).cast("int64")
        case "quarter":
            return (day.year() * 4 + day.quarter() - 1).cast("int64")
    return day.year().cast("int64")


def _index_of(day: date, every: str) -> int:
    match every:
        case "week":
            return ((day - date(1970, 1, 1)).days + MONDAY) // 7
        case "month":
            return day.year * 12 + day.month - 1
        case "quarter":
            return day.year * 4 + (day.month - 1) // 3
    return day.year


def _name(index: int, every: str) -> str:
    match every:
        case "week":
            day = date(1970, 1, 1) + timedelta(days=7 * index - MONDAY)
        case "month":
            day = date(index // 12, index % 12 + 1, 1)
        case "quarter":
            day = date(index // 4, index % 4 * 3 + 1, 1)
        case _:
            day = date(index, 1, 1)
    return Period.holding(day, every).text


def _table(spans: pd.DataFrame, by: list[str], span: tuple[str, int, int | None], level: float) -> pd.DataFrame:
    """All cohorts that are over, at each age that one of them can have, and the average of those that came new.

    ``span``: the kind of period, the last one that is over, and the last one in which old customers may be counted as
    new.
    """
    every, over, mixed = span
    begun = sorted(index for index in spans["cohort"].unique() if index <= over)
    if not begun:
        return pd.DataFrame(columns=[*by, *COLUMNS])
    ages = over - begun[0] + 1
    present = np.zeros((len(begun), ages + 1))
    complete_spans = spans[spans["cohort"] <= over]
    rows = np.searchsorted(begun, complete_spans["cohort"].to_numpy(int))
    # Each presence adds from its first age on and takes off after its last.
    for column, sign in (("first", 1), ("last", -1)):
        age = (complete_spans[column] - complete_spans["cohort"]).to_numpy(int) + (sign < 0)
        np.add.at(present, (rows, np.minimum(age, ages)), sign * complete_spans["customers"].to_numpy(float))
    retained = present.cumsum(axis=1)[:, :ages]
    sizes = np.repeat(retained[:, :1], ages, axis=1)
    incomplete = np.arange(ages)[None, :] > over - np.array(begun)[:, None]
    retained, sizes = (np.where(incomplete, np.nan, index) for index in (retained, sizes))
    names = [_name(int(index), every) for index in begun]
    new = np.array([mixed is None or index > mixed for index in begun])
    new = new if new.any() else ~new
    average = (ALL, np.nansum(sizes[new], axis=0), np.nansum(retained[new], axis=0))
    cells = [*zip(names, sizes, retained, strict=True), average]
    frame = pd.concat([_cells(*index, level) for index in cells], ignore_index=True)
    frame["n"] = frame.groupby("cohort", sort=False)["n"].ffill().astype("int64")
    for name in by:
        frame[name] = pd.Series([_none_if_missing(spans[name].iloc[0])] * len(frame), dtype=object)
    return frame


def _cells(name: str, n: NDArray[np.float64], retained: NDArray[np.float64], level: float) -> pd.DataFrame:
    low, high = wilson(retained, n, level)
    cells = {"cohort": name, "age": np.arange(len(n)), "n": n, "retained": retained}
    value = np.divide(retained, n, out=np.full(len(n), np.nan), where=n > 0)
    return pd.DataFrame(cells | {"value": value, "low": low, "high": high})


def _none_if_missing(value: Any) -> Any:
    return None if value is None or value != value else value
