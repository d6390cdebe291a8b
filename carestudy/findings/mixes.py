"""Candidates: groups of contacts whose share among all has shifted, and where it did."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from carestudy import kpi as kpis
from carestudy.findings.candidate import MIX, Candidate, Cause, Change
from carestudy.findings.context import YEAR, Context, since
from carestudy.findings.levels import FEWEST, SMALLEST, TWO_YEARS
from carestudy.measure.available import lack
from carestudy.measure.figures import sums
from carestudy.measure.shifts import shift
from carestudy.periods import Period

DIMENSIONS = ("channel", "topic", "kind", "stage")  # what contacts come as
PLACES = ("team", "region", "source")  # in which a shift may sit
LEAST = 0.05  # of all contacts, that a group must have gained or lost to matter
MOST_GROUPS = 30
HALF = 0.5  # of a shift, from which on it sits in one place


def mixes(asked: Context) -> Iterator[Candidate]:
    """Every group of contacts, with the one change that describes its monthly share best."""
    for dimension in DIMENSIONS:
        if lack(asked.care, kpis.contact_count, [dimension]) is None:
            shares = _shares(asked, dimension)
            yield from (_candidate(dimension, group, shares) for group in shares.columns[:-1])


def _shares(asked: Context, dimension: str) -> pd.DataFrame:
    """The contacts of each month by group, the months in a row without a gap, and their total as the last column."""
    rows = sums(asked.care, [kpis.contact_count], by=[dimension], periods=asked.months)
    wide = rows[rows[dimension].notna()].pivot_table(index="period", columns=dimension, values="n", aggfunc="sum")
    wide = wide.reindex([month.text for month in asked.months]).fillna(0)
    total = wide.sum(axis=1)
    start = len(wide) - int((total >= SMALLEST)[::-1].cumprod().sum())
    wide = wide.iloc[start:]
    if len(wide) < FEWEST or wide.shape[1] > MOST_GROUPS or wide.shape[1] < 2:
        return pd.DataFrame({"total": []})
    return wide.assign(carestudy_total=total.iloc[start:])


def _candidate(dimension: str, group: str, shares: pd.DataFrame) -> Candidate:
    total = shares.iloc[:, -1].to_numpy(float)
    value = shares[group].to_numpy(float) / total
    season = YEAR if len(value) >= TWO_YEARS else None
    found = shift(value, weights=total / total.mean(), season=season)
    low, high = found.limits()
    change = Change(found.before, found.after, low, high)
    small = abs(found.change) < LEAST
    return Candidate(
        MIX, MIX, "contact_count", 1.0 if small and found.p > LEAST else found.p, change,
        groups=((dimension, group),), since=since(list(shares.index), found), about={"small": small},
    )  # fmt: skip


def places(asked: Context, candidate: Candidate) -> tuple[Cause, ...]:
    """Where a shift of the mix sits, if half of it or more sits in one team, region or source."""
    if candidate.since is None:
        return ()
    ((dimension, _),) = candidate.groups
    first = Period.parse(candidate.since.period)
    spans = [asked.span(first.before().run(YEAR)[0], first.before()), asked.span(first)]
    for place in PLACES:
        if place != dimension and lack(asked.care, kpis.contact_count, [dimension, place]) is None:
            rows = sums(asked.care, [kpis.contact_count], by=[dimension, place], periods=spans)
            if (found := _place(rows[rows[place].notna()], candidate, place)) is not None:
                return (found,)
    return ()


def _place(rows: pd.DataFrame, candidate: Candidate, place: str) -> Cause | None:
    """The group of a dimension that holds half of a shift or more; None where there is none."""
    ((dimension, group),) = candidate.groups
    whole = rows.pivot_table(index=place, columns="period", values="n", aggfunc="sum").fillna(0)
    part = rows[rows[dimension] == group].pivot_table(index=place, columns="period", values="n", aggfunc="sum")
    before, now = sorted(whole.columns)
    share = (part.reindex(whole.index).fillna(0) / whole.where(whole > 0)).fillna(0)
    gained = ((share[now] - share[before]) * whole[now] / whole[now].sum()).to_numpy(float)
    if len(gained) < 2 or not gained.sum():
        return None
    at = int(np.argmax(gained / gained.sum()))
    if gained[at] / gained.sum() < HALF:
        return None
    ends = (float(share[name].iloc[at]) for name in (before, now))
    within = ((place, str(whole.index[at])),)
    return Cause("within", candidate.groups, float(gained[at] / gained.sum()), next(ends), next(ends), within)
