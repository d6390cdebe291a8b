"""The values of survival figures: a curve for each group and period, and what is read off it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import ibis
import numpy as np
import pandas as pd

from carestudy.care import Care
from carestudy.measure import survival
from carestudy.measure.clusters import design_effect
from carestudy.measure.intervals import wilson
from carestudy.measure.kind import Kind
from carestudy.measure.lasting import ENDED, ENTERED, STILL, Duration, asked, durations, in_days, share_of, tally
from carestudy.measure.limits import FEWEST
from carestudy.measure.precision import IN_DAYS
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
    wanted = asked(care, kpi, by)
    keys = [*by, BUCKET]
    groups = list(by_group(tally(care, kpi, by, periods), keys))
    if isinstance(wanted, Duration):
        alike = _alikeness(care, kpi, wanted, by, periods, groups)
        rows = [_quantile(wanted, sides, level, *alike.get(key, (None, 1.0))) for key, sides in groups]
        if in_days(care, kpi.tables[0], wanted):
            rows = [row | {"note": row["note"] or IN_DAYS} for row in rows]
    else:
        estimate, age = (_plain if wanted.plain else _share), round(wanted.years * YEAR)
        rows = [estimate(age, sides, level) for _, sides in groups]
        if not wanted.plain and (reason := of_horizon(care, age)):
            rows = [row | dict.fromkeys(("value", "low", "high"), np.nan) | {"note": reason} for row in rows]
    named = [dict(zip(keys, key, strict=True)) | row for (key, _), row in zip(groups, rows, strict=True)]
    found = pd.DataFrame(named, columns=[*keys, *MEASURED])
    # pandas makes text of names, with NaN for none; all other figures have None.
    return found.assign(**{key: pd.Series([row[key] for row in named], dtype=object) for key in (*keys, "note")})


def by_group(counted: pd.DataFrame, keys: list[str]) -> Iterator[Group]:
    """The counts of each group and period, by what happened."""
    for key, rows in counted.groupby(keys, dropna=False, sort=False):
        of = {what: rows[rows["what"] == what] for what in (STILL, ENDED, ENTERED)}
        sides = {what: (one["duration"].to_numpy(float), one["cases"].to_numpy(float)) for what, one in of.items()}
        yield tuple(map(_none, key)), sides


def curve_of(sides: Sides, level: float = 0.95, error: float = 1.0) -> pd.DataFrame:
    """The curve of one group; where some came late, from the first duration at which at least ten are at risk."""
    begun = begins(sides) if len(sides[ENTERED][0]) else 0.0
    lengths, cases = sides[ENDED]
    counts = lengths >= begun
    # Who left before the curve begins is only no longer there.
    before = [np.concatenate([mine, its[~counts]]) for mine, its in zip(sides[STILL], sides[ENDED], strict=True)]
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
    rows = rows.mutate(value=(rows.ended == ENDED).ifelse(rows.duration, ibis.null("float64")))
    found = design_effect(rows, keys, tops)
    return {
        tuple(_none(part) for part in row[: len(keys)]): (int(row[-2]), float(row[-1]))
        for row in found[[*keys, "units", "effect"]].itertuples(index=False)
    }


def _quantile(wanted: Duration, sides: Sides, level: float, units: int | None, effect: float) -> dict[str, Any]:
    """The quantile in hours: numerator are those that have ended, denominator all."""
    ended, still = (int(sides[what][1].sum()) for what in (ENDED, STILL))
    found = survival.quantile(curve_of(sides, level, float(np.sqrt(effect))), share_of(wanted.at))
    reached = not np.isnan(found[0])
    value, low, high = (one / HOUR if reached and np.isfinite(one) else np.nan for one in found)
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
    told = {"value": value, "low": low, "high": high, "n": n, "numerator": above, "denominator": n, "units": n}
    return told | {"note": note}


def _none(part: Any) -> Any:
    """A nameless group comes back as NaN, and groups are told apart by None."""
    return None if part is None or part != part else part


def begins(sides: Sides) -> float:
    """The first duration at which at least ten are at risk; NaN where there is none."""
    times = np.unique(np.concatenate([[0.0], *(sides[what][0] for what in (ENDED, STILL, ENTERED))])) + 1
    enough = survival.at_least(times, sides[ENDED], sides[STILL], sides[ENTERED]) >= FEWEST
    return float(times[enough][0]) if enough.any() else np.nan
