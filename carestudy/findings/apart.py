"""Candidates: channels, teams, people and survey sources that stand apart from others with equal work."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

from carestudy import kpi as kpis
from carestudy.care import Care
from carestudy.findings.candidate import APART, Candidate, Change
from carestudy.findings.context import Context
from carestudy.measure import limits
from carestudy.measure.available import lack
from carestudy.measure.figures import sums
from carestudy.measure.kpi import Kpi
from carestudy.measure.stratified import compare
from carestudy.people.fair import FEWEST_CASES, FEWEST_CUSTOMERS

# What the cases of each are standardised by: what a unit is given and does not choose.
GIVEN: Mapping[str, Sequence[str]] = {
    "channel": ("topic", "kind"),
    "topic": ("channel", "kind"),
    "source": ("channel", "topic"),
    "team": ("channel", "topic", "kind"),
    "agent": ("channel", "topic", "kind"),
}
FIGURES: list[Kpi] = [kpis.csat, kpis.nps, kpis.ces, kpis.recontact_rate, kpis.resolved_share]
LIKELY = 0.2  # p value up to which a unit is looked at at all


def apart(asked: Context) -> Iterator[Candidate]:
    """For each dimension and figure, the units that stand apart once their work is made equal, the clearest first.

    A unit that stands apart is taken out before the others are looked at, so that one that is bad makes no other look
    good and one that is good no other look bad.
    """
    for unit, given in GIVEN.items():
        alike: dict[tuple[str, ...], list[Kpi]] = {}
        for kpi in asked.there(FIGURES, [unit]):
            strata = tuple(name for name in given if lack(asked.care, kpi, [unit, name]) is None)
            alike.setdefault(strata, []).append(kpi)
        for strata, figures in alike.items():
            for by in (sorted([unit, *strata]), [unit]):  # asked for together: the data remember them
                sums(asked.care, figures, by=by, periods=[asked.year])
            for kpi in figures:
                yield from _standing_apart(asked, kpi, unit, strata)


def _standing_apart(asked: Context, kpi: Kpi, unit: str, strata: Sequence[str]) -> Iterator[Candidate]:
    left = cells(asked, kpi, unit, strata)
    while len(left[unit].unique()) > 1:
        rows = compare(left, unit=unit, strata=strata)
        rows = rows[(rows["n"] >= FEWEST_CASES) & rows["p"].notna()]
        if rows.empty:
            return
        first = rows.sort_values("p", kind="stable").iloc[0]
        p = min(1.0, float(first["p"]) * len(rows))
        yield _candidate(asked.care, kpi, unit, first, p)
        if p > LIKELY:
            return
        left = left[left[unit] != first[unit]]


def cells(asked: Context, kpi: Kpi, unit: str, strata: Sequence[str]) -> pd.DataFrame:
    """What each unit of enough customers has in each stratum over the last twelve months, rows without a name apart."""
    found = sums(asked.care, [kpi], by=sorted([unit, *strata]), periods=[asked.year])
    found = found[found[unit].notna() & (found["denominator"] > 0)]
    enough = found.groupby(unit)["units"].transform("sum") >= max(FEWEST_CUSTOMERS, asked.care.settings.min_group)
    whole = sums(asked.care, [kpi], by=[unit], periods=[asked.year])
    points = isinstance(kpi.family(kpi.fractions(asked.care)), limits.Points)
    return pd.DataFrame(
        {
            **{name: found[name] for name in (unit, *strata)},
            "above": found["numerator"].astype(float),
            "n": found["denominator"].astype(float),
            "squares": (found["squares"] if points else found["numerator"]).astype(float),
            "likeness": _likeness(whole, points=points),
        }
    )[enough]


def _likeness(whole: pd.DataFrame, *, points: bool) -> float:
    """By how much more the cases of all vary because customers have several of them."""
    whole = whole[whole["denominator"] > 0]
    below = whole["denominator"].to_numpy(float)
    squares = whole["squares" if points else "numerator"].to_numpy(float)
    alone = np.maximum(squares / below - limits.plain(whole) ** 2, 0) * below
    together = limits.robust_variance(whole) * below**2
    return float(max(together.sum() / alone.sum(), 1.0)) if alone.sum() > 0 else 1.0


def _candidate(care: Care, kpi: Kpi, unit: str, row: pd.Series, p: float) -> Candidate:
    scale, n = kpi.scale(care), float(row["n"])
    change = Change(scale * row["expected"] / n, scale * row["observed"] / n, scale * row["low"], scale * row["high"])
    good = (row["difference"] > 0) == (kpi.better == "higher")
    told = {"n": n, "observed": float(row["observed"]), "expected": float(row["expected"])}
    return Candidate(
        f"{unit}s", APART, kpi.id, p, change, better=bool(good), groups=((unit, str(row[unit])),),
        about=told | {"difference": scale * float(row["difference"])},
    )  # fmt: skip
