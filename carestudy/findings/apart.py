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
from carestudy.measure.figures import sums
from carestudy.measure.kpi import Kpi
from carestudy.measure.stratified import compare
from carestudy.people.fair import FEWEST_CASES, FEWEST_CUSTOMERS

# What the cases of each are standardised by: what a unit works on and does not choose.
STRATA: Mapping[str, Sequence[str]] = {
    "channel": ("topic", "kind"),
    "topic": ("channel", "kind"),
    "source": ("channel", "topic"),
    "team": ("channel", "topic", "kind"),
    "agent": ("channel", "topic", "kind"),
}
DIMENSIONS = sorted({*STRATA, *(name for names in STRATA.values() for name in names)})
FIGURES: list[Kpi] = [kpis.csat, kpis.nps, kpis.ces, kpis.recontact_rate, kpis.resolved_share]
LIKELY = 0.2  # p value up to which a unit is looked at at all


def apart(context: Context) -> Iterator[Candidate]:
    """For each dimension and figure, the units that stand apart once their work is made equal, the clearest first.

    A unit that stands apart is taken out before the others are looked at, so that one that is bad makes no other look
    good and one that is good no other look bad.
    """
    cells = {kpi: frame for kpi, frame in _cells(context) if len(frame)}
    for unit, names in STRATA.items():
        for kpi, frame in cells.items():
            if unit in frame:
                strata = [name for name in names if name in frame]
                yield from _standing_apart(context.care, kpi, unit, of_unit(context.care, frame, unit, strata))


def _cells(context: Context) -> Iterator[tuple[Kpi, pd.DataFrame]]:
    """The sums of the last twelve months of each figure in the finest cells; figures of one table in one query."""
    alike: dict[tuple[str, ...], list[Kpi]] = {}
    for kpi in context.there(FIGURES):
        allowed = tuple(name for name in DIMENSIONS if context.there([kpi], [name]))
        alike.setdefault(allowed, []).append(kpi)
    for dimensions, figures in alike.items():
        frame = sums(context.care, figures, by=dimensions, periods=[context.year])
        whole = sums(context.care, figures, by=[], periods=[context.year])
        for kpi in figures:
            points = isinstance(kpi.family(kpi.fractions(context.care)), limits.Points)
            rows = frame[(frame["kpi"] == kpi.id) & (frame["denominator"] > 0)]
            yield (
                kpi,
                rows[[*dimensions, "units"]].assign(
                    above=rows["numerator"].astype(float),
                    n=rows["denominator"].astype(float),
                    squares=rows["squares" if points else "numerator"].astype(float),
                    likeness=_likeness(whole[whole["kpi"] == kpi.id], points=points),
                ),
            )


def of_unit(care: Care, frame: pd.DataFrame, unit: str, strata: Sequence[str]) -> pd.DataFrame:
    """The cells of units of enough customers, by stratum; cases that name no unit are left out."""
    named = frame[frame[unit].notna()]
    keys = [unit, *strata]
    cells = named.groupby(keys, dropna=False, sort=True, as_index=False).agg(
        {"units": "sum", "above": "sum", "n": "sum", "squares": "sum", "likeness": "max"}
    )
    enough = cells.groupby(unit)["units"].transform("sum") >= max(FEWEST_CUSTOMERS, care.settings.min_group)
    return cells[enough]


def _standing_apart(care: Care, kpi: Kpi, unit: str, cells: pd.DataFrame) -> Iterator[Candidate]:
    strata = [name for name in STRATA[unit] if name in cells]
    while len(cells[unit].unique()) > 1:
        rows = compare(cells, unit=unit, strata=strata)
        rows = rows[(rows["n"] >= FEWEST_CASES) & rows["p"].notna()]
        if rows.empty:
            return
        first = rows.sort_values("p", kind="stable").iloc[0]
        p = min(1.0, float(first["p"]) * len(rows))
        yield _candidate(care, kpi, unit, first, p)
        if p > LIKELY:
            return
        cells = cells[cells[unit] != first[unit]]


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
    counts = {"n": n, "observed": float(row["observed"]), "expected": float(row["expected"])}
    return Candidate(
        f"{unit}s", APART, kpi.id, p, change, better=bool(good), groups=((unit, str(row[unit])),),
        about=counts | {"difference": scale * float(row["difference"])},
    )  # fmt: skip
