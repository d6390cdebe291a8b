"""The values of survival figures: a curve for each group and period, and what is read off it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from carestudy import engine
from carestudy.care import Care
from carestudy.measure import survival
from carestudy.measure.counted_rows import COUNTS, CUSTOMERS, Counted, Side, columns_read
from carestudy.measure.customer_clusters import design_effect
from carestudy.measure.intervals import wilson
from carestudy.measure.kind import Kind
from carestudy.measure.lasting import (
    ENDED,
    ENTERED,
    STILL,
    Duration,
    definition_of,
    durations,
    in_days,
    share_of,
    stays_of,
    tally,
    timed,
)
from carestudy.measure.limits import FEWEST
from carestudy.measure.moment_precision import IN_DAYS
from carestudy.measure.premises import of_horizon
from carestudy.measure.rows import BUCKET
from carestudy.periods import Period

YEAR, HOUR = 365, 60
NONE_YET, OPEN = "nothing has ended", "too many are still open"
YOUNG, FEW = "nobody was followed for so long", "too few were followed from the beginning"
MEASURED = ("value", "low", "high", "n", "numerator", "denominator", "units", "note")
Sides = dict[int, tuple[Any, Any]]
Group = tuple[tuple[Any, ...], Sides]


def lasting_values(care: Care, kpi: Kind, by: Sequence[str], periods: Sequence[Period], level: float) -> pd.DataFrame:
    """Value, low, high, n, numerator, denominator, units, and why there is no value, for each group and period."""
    definition = definition_of(care, kpi, by)
    keys = [*by, BUCKET]
    groups = list(by_group(tally(care, kpi, by, periods), keys))
    if isinstance(definition, Duration):
        alike = _alikeness(care, kpi, definition, by, periods, groups)
        rows = [_quantile(definition, sides, level, *alike.get(key, (None, 1.0))) for key, sides in groups]
        if in_days(care, kpi.tables[0], definition):
            rows = [row | {"note": row["note"] or IN_DAYS} for row in rows]
    else:
        estimate, age = (_plain if definition.plain else _share), round(definition.years * YEAR)
        rows = [estimate(age, sides, level) for _, sides in groups]
        if not definition.plain and (reason := of_horizon(care, age)):
            rows = [row | dict.fromkeys(("value", "low", "high"), np.nan) | {"note": reason} for row in rows]
    records = [dict(zip(keys, key, strict=True)) | row for (key, _), row in zip(groups, rows, strict=True)]
    result = pd.DataFrame(records, columns=[*keys, *MEASURED])
    # pandas makes text of names, with NaN for none; all other figures have None.
    return result.assign(**{key: pd.Series([row[key] for row in records], dtype=object) for key in (*keys, "note")})


def rows_lasting(care: Care, kpi: Kind, by: Sequence[str], periods: Sequence[Period], side: Side) -> Counted:
    """The cases or stays that a figure counts; ``duration`` is in minutes, for stays in days.

    Above the line are the cases that have ended, the stays that were seen to last so long.
    """
    wanted = definition_of(care, kpi, by)
    if isinstance(wanted, Duration):
        rows, table = timed(care, kpi.tables[0], wanted, by, periods), kpi.tables[0]
        below, above = engine.literal(value=True), rows.ended == ENDED
        shows = columns_read(wanted.start, wanted.end)
    else:
        rows, table, shows = stays_of(care, kpi, wanted, by, periods), CUSTOMERS, []
        age = round(wanted.years * YEAR)
        below = rows.ended == STILL if wanted.plain else engine.literal(value=True)
        above = below & (rows.duration >= age) & (engine.literal(wanted.plain) | (rows.entry == 0) | (rows.entry < age))
    counts = engine.integer(above if side == "numerator" else below)
    return Counted(rows.mutate(**{COUNTS: counts}), table, (*shows, "duration", "ended"))


def by_group(counted: pd.DataFrame, keys: list[str]) -> Iterator[Group]:
    """The counts of each group and period, by what happened."""
    for key, rows in counted.groupby(keys, dropna=False, sort=False):
        rows_of = {event: rows[rows["what"] == event] for event in (STILL, ENDED, ENTERED)}
        sides = {
            event: (counts_rows["duration"].to_numpy(float), counts_rows["cases"].to_numpy(float))
            for event, counts_rows in rows_of.items()
        }
        yield tuple(map(_none_if_missing, key)), sides


def curve_of(sides: Sides, level: float = 0.95, error: float = 1.0) -> pd.DataFrame:
    """The curve of one group; where some came late, from the first duration at which at least ten are at risk."""
    begun = begins(sides) if len(sides[ENTERED][0]) else 0.0
    lengths, cases = sides[ENDED]
    counts = lengths >= begun
    # Who left before the curve begins is only no longer there.
    before = [
        np.concatenate([still_open, ended[~counts]])
        for still_open, ended in zip(sides[STILL], sides[ENDED], strict=True)
    ]
    return survival.curve((lengths[counts], cases[counts]), before, sides[ENTERED], level=level, error=error)


def _alikeness(
    care: Care, kpi: Kind, wanted: Duration, by: Sequence[str], periods: Sequence[Period], groups: list[Group]
) -> dict[tuple[Any, ...], tuple[int, float]]:
    """Customers, and by how much cases of one customer resemble each other, for each group that has a quantile."""
    name, keys = kpi.tables[0], [*by, BUCKET]
    if "customer_id" not in care.table(name).columns:
        return {}
    middles = [(*key, survival.quantile(curve_of(sides), share_of(wanted.at))[0]) for key, sides in groups]
    tops = pd.DataFrame(middles, columns=[*keys, "threshold"]).dropna(subset="threshold")
    if tops.empty:
        return {}
    rows = durations(care, name, wanted, by, periods)
    rows = rows.mutate(value=(rows.ended == ENDED).ifelse(rows.duration, engine.null("float64")))
    effects = design_effect(rows, keys, tops)
    return {
        tuple(_none_if_missing(cell) for cell in row[: len(keys)]): (int(row[-2]), float(row[-1]))
        for row in effects[[*keys, "units", "effect"]].itertuples(index=False)
    }


def _quantile(wanted: Duration, sides: Sides, level: float, units: int | None, effect: float) -> dict[str, Any]:
    """The quantile in hours: numerator are those that have ended, denominator all."""
    ended, still = (int(sides[event][1].sum()) for event in (ENDED, STILL))
    limits = survival.quantile(curve_of(sides, level, float(np.sqrt(effect))), share_of(wanted.at))
    reached = not np.isnan(limits[0])
    value, low, high = (limit / HOUR if reached and np.isfinite(limit) else np.nan for limit in limits)
    note = None if reached else OPEN if ended else NONE_YET
    n = ended + still
    return _row(value, low, high, n=n, above=ended, note=note) | {"units": n if units is None else units}


def _plain(age: int, sides: Sides, level: float) -> dict[str, Any]:
    """The share of today's customers who have stayed so long already."""
    lengths, cases = sides[STILL]
    n, old = int(cases.sum()), int(cases[lengths >= age].sum())
    low, high = wilson(old, n, level)
    return _row(old / n if n else np.nan, float(low), float(high), n=n, above=old)


def _share(age: int, sides: Sides, level: float) -> dict[str, Any]:
    """The share that stays so long: numerator are those seen to have stayed so long, denominator all."""
    reached = int(survival.at_least([age], sides[ENDED], sides[STILL], sides[ENTERED])[0])
    n = int(sides[ENDED][1].sum() + sides[STILL][1].sum())
    few = len(sides[ENTERED][0]) > 0 and not begins(sides) <= 1
    value, (low, high) = survival.share_after(curve_of(sides, level), age, reached, level)
    # Where everybody has left before, nobody need be followed any further.
    note = FEW if few else YOUNG if value > 0 and not reached else None
    if note:
        return _row(np.nan, np.nan, np.nan, n=n, above=reached, note=note)
    return _row(value, float(low), float(high), n=n, above=reached)


def _row(value: float, low: float, high: float, *, n: int, above: int, note: str | None = None) -> dict[str, Any]:
    cells = {"value": value, "low": low, "high": high, "n": n, "numerator": above, "denominator": n, "units": n}
    return cells | {"note": note}


def _none_if_missing(cell: Any) -> Any:
    """Return None for NaN: pandas turns the None of a group without a name into NaN."""
    return None if cell is None or cell != cell else cell


def begins(sides: Sides) -> float:
    """The first duration at which at least ten are at risk; NaN where there is none."""
    times = np.unique(np.concatenate([[0.0], *(sides[event][0] for event in (ENDED, STILL, ENTERED))])) + 1
    enough = survival.at_least(times, sides[ENDED], sides[STILL], sides[ENTERED]) >= FEWEST
    return float(times[enough][0]) if enough.any() else np.nan
