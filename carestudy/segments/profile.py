"""Customers by who they are: classes of age, region, income ... with their size, revenue, retention and NPS."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from carestudy import engine
from carestudy.care import Care
from carestudy.contract import CareError, Missing
from carestudy.kpi import invoiced, nps, retention_rate
from carestudy.measure import premises, stock
from carestudy.measure.front import reads
from carestudy.measure.intervals import wilson
from carestudy.measure.kpi import known_period
from carestudy.measure.options import Count, Level
from carestudy.measure.premises import demand_base
from carestudy.measure.rows import OURS, groups
from carestudy.periods import Period

CLASS = f"{OURS}class"
SMALLEST = 5  # customers; smaller classes are put together
AGES = (25, 35, 45, 55, 65)
YEARS = (1, 2, 5)
OPEN, APART, TOGETHER = "\x1e", "\x1f", "\x1d"  # no value, the next dimension, the small classes
COLUMNS = (
    "period", "customers", "share", "low", "high", "revenue", "revenue_share", "retention", "retention_low",
    "retention_high", "at_start", "nps", "nps_low", "nps_high", "answers", "merged",
)  # fmt: skip


@reads("customers")
def profile(
    care: Care, *, by: str | Sequence[str], period: str | None = None, smallest: Count = SMALLEST, level: Level = 0.95
) -> pd.DataFrame:
    """Customers by classes of their profile: how many, what they bring, how many stay, and how they answer.

    ``by`` are columns of the customers, crossed where they are several; beside them ``age_band`` (from birth_year) and
    ``tenure_band`` (years since joined_on), both at the end of the period. Without a period, the twelve months up to
    ``as_of``. A row for each class: ``customers`` at the end and their ``share`` of all with its Wilson interval;
    ``revenue`` invoiced to customers in the period, and its share; ``retention`` of those ``at_start`` with its
    interval; ``nps`` of as many ``answers`` with its interval. NaN stands where the data have no purchases or no
    answers, or do not tell who left in the period. Customers of whom the file does not tell the class, or who are not
    on file, are a class, the last one. Classes with fewer than ``smallest`` customers at the end are put together in
    one more row without names, with the next smallest if they are still too few; ``merged`` says how many.
    """
    columns = groups(by)
    if not columns:
        raise CareError("a profile needs the columns that make its classes: by='region' or by=['age_band', 'gender']")
    when = known_period(care, period) if period else Period.until(care.known_until)
    demand_base(care, stock.window(care, when, None)[1])
    classed, names, together = _classed(care, columns, when, smallest)
    (counted,) = stock.counts(classed, stock.bridge_counts, [CLASS], [stock.window(classed, when, None)])
    rows = counted.set_index(CLASS).reindex(list(names))
    money, answers = (_figures(classed, kpi, when, level).reindex(list(names)) for kpi in (invoiced, nps))
    frame = pd.DataFrame([names[key] for key in rows.index], columns=columns, dtype=object)
    if premises.refused(care, retention_rate) or premises.of_period(care, retention_rate, when):
        rows = rows.assign(start=0, lost=0)  # nobody can tell who stayed
    return frame.assign(
        period=when.text,
        **_sizes(rows, level),
        **_of_revenue(money, care),
        **dict(zip(("nps", "nps_low", "nps_high"), answers[["value", "low", "high"]].to_numpy().T, strict=True)),
        answers=answers["n"].fillna(0).astype("int64").to_numpy(),
        merged=[together if key == TOGETHER else 0 for key in rows.index],
    )[[*columns, *COLUMNS]]


def banded(care: Care, end: date) -> Care:
    """The same data with an ``age_band`` and a ``tenure_band`` for each customer as of a day, where the data tell."""
    people = care.table("customers", "customer_id")
    bands = {}
    if "birth_year" in people.columns:
        bands["age_band"] = _band(engine.literal(end.year) - people.birth_year, AGES)
    if "joined_on" in people.columns:
        anniversaries = [_years_before(end, years) for years in YEARS]
        names = [f"{low}-{high}" for low, high in zip((0, *YEARS), YEARS, strict=False)]
        bands["tenure_band"] = people.joined_on.isnull().ifelse(
            engine.null("string"),
            engine.cases(
                *((people.joined_on > day, name) for day, name in zip(anniversaries, names, strict=True)),
                else_=f"{YEARS[-1]}+",
            ),
        )
    return care.with_table("customers", people.mutate(**{k: v for k, v in bands.items() if k not in people.columns}))


def _classed(care: Care, by: list[str], when: Period, smallest: int) -> tuple[Care, dict[str, list[Any]], int]:
    """The data with each customer's class, the names of the classes in order, and how many small ones are together."""
    care = banded(_everybody(care), min(when.end, care.known_until.date()))
    people = care.tables["customers"]
    for name in by:
        if name not in people.columns:
            has = [column for column in people.columns if not column.startswith(OURS)]
            raise Missing("customers", {"age_band": "birth_year", "tenure_band": "joined_on"}.get(name, name), has)
    labels = [people[name].cast("string").replace(APART, " ").fill_null(OPEN) for name in by]
    key = labels[0]
    for label in labels[1:]:
        key = key.concat(APART, label)
    classified = care.with_table("customers", people.mutate(**{CLASS: key}))
    (counted,) = stock.counts(classified, stock.bridge_counts, [CLASS], [stock.window(classified, when, None)])
    counted = counted[counted[CLASS].notna()]
    sizes = {str(name): int(end) for name, end in zip(counted[CLASS], counted["end"], strict=True)}
    small = _small(sizes, smallest)
    names: dict[str, list[Any]] = {
        name: [None if label == OPEN else label for label in name.split(APART)] for name in sizes
    }
    order = sorted(names, key=lambda name: [(label is None, label or "") for label in names[name]])
    large = {name: names[name] for name in order if name not in small}
    if not small:
        return classified, large, 0
    merged = care.with_table("customers", people.mutate(**{CLASS: key.isin(sorted(small)).ifelse(TOGETHER, key)}))
    return merged, {**large, TOGETHER: [None] * len(by)}, len(small)


def _everybody(care: Care) -> Care:
    """The same data with a row for each buyer who is not on file, of whom nothing is known."""
    people = care.table("customers", "customer_id")
    if not care.has("transactions", "customer_id"):
        return care
    bought = care.table("transactions").select("customer_id").distinct()
    strangers = bought.filter(bought.customer_id.notnull()).anti_join(people, "customer_id")
    blank = {name: engine.null(kind) for name, kind in people.schema().items() if name != "customer_id"}
    return care.with_table("customers", people.union(strangers.mutate(**blank).select(*people.columns)))


def _small(sizes: dict[str, int], smallest: int) -> set[str]:
    """The classes to be put together: the small ones, and the next ones until all of them together are not small."""
    ordered = sorted(sizes, key=lambda name: (sizes[name], name))
    small = {name for name in ordered if sizes[name] < smallest}
    for name in ordered:
        if not small or sum(sizes[one] for one in small) >= smallest:
            break
        small.add(name)
    return small


def _sizes(rows: pd.DataFrame, level: float) -> dict[str, Any]:
    start, lost, end = (rows[name].fillna(0).to_numpy(float) for name in ("start", "lost", "end"))
    low, high = wilson(end, np.full(len(end), end.sum()), level)
    stay_low, stay_high = wilson(start - lost, start, level)
    with np.errstate(invalid="ignore", divide="ignore"):
        share, stayed = end / end.sum(), (start - lost) / start
    retention = {"retention": stayed, "retention_low": stay_low, "retention_high": stay_high}
    counts = {"customers": end.astype("int64"), "at_start": start.astype("int64")}
    return {"share": share, "low": low, "high": high, **retention, **counts}


def _of_revenue(money: pd.DataFrame, care: Care) -> dict[str, Any]:
    revenue = money["value"].to_numpy(float)
    if not care.has("transactions", "amount"):
        return {"revenue": revenue, "revenue_share": revenue}
    revenue = np.nan_to_num(revenue)
    return {"revenue": revenue, "revenue_share": revenue / revenue.sum() if revenue.sum() > 0 else revenue * np.nan}


def _figures(care: Care, kpi: Any, when: Period, level: float) -> pd.DataFrame:
    """A figure by class; no rows where the data do not have what it reads."""
    from carestudy.measure.figures import figures

    try:
        return figures(care, [kpi], by=[CLASS], periods=[when], level=level).set_index(CLASS)
    except Missing:
        return pd.DataFrame({name: pd.Series(dtype=float) for name in ("value", "low", "high", "n")})


def _band(value: Any, borders: Sequence[int]) -> Any:
    names = [f"{low}-{high - 1}" for low, high in zip((0, *borders), borders, strict=False)]
    steps = [(value < border, name) for border, name in zip(borders, names, strict=True)]
    return value.isnull().ifelse(engine.null("string"), engine.cases(*steps, else_=f"{borders[-1]}+"))


def _years_before(day: date, years: int) -> Any:
    start = Period.until(day, 12 * years).start
    return engine.literal(str(start)).cast("date")
