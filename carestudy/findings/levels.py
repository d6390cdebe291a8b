"""Candidates: figures whose level has shifted, or that drift, over the months up to the report."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from carestudy import kpi as kpis
from carestudy.findings.candidate import Candidate, Change, Since
from carestudy.findings.context import YEAR, Context, since
from carestudy.measure import units
from carestudy.measure.figures import sums
from carestudy.measure.kpi import Kpi
from carestudy.measure.premises import comparable
from carestudy.measure.shifts import Shift, shift
from carestudy.periods import Period

FEWEST = 12  # months with cases
SMALLEST = 10  # cases in a month, below which it says nothing of a level
TWO_YEARS = 24
# One form of each figure, so that one change is no several candidates; those of each question are a family.
FIGURES: dict[str, list[Kpi]] = {
    "loyalty": [kpis.gross_churn_rate],
    "voice": [kpis.nps, kpis.csat, kpis.ces, kpis.response_rate],
    "service": [
        kpis.complaint_rate.of(per="contact"),
        kpis.recontact_rate,
        kpis.first_response_time,
        kpis.resolution_time,
        kpis.answered_share,
        kpis.resolved_share,
        kpis.mean_handling_time,
    ],
    "money": [kpis.return_rate, kpis.typical_transaction],
}


@dataclass(frozen=True)
class Series:
    """A figure in the months in which it can be compared, with what each is worth."""

    kpi: Kpi
    periods: list[Period]
    rows: pd.DataFrame

    @property
    def logarithmic(self) -> bool:
        """Whether changes multiply it: amounts, counts and durations."""
        unit = units.of(self.kpi.unit)
        return (unit.money or unit.count or unit.minutes is not None) and bool((self.rows["value"] > 0).all())

    def shifted(self) -> Shift:
        """Its one change, on the scale on which changes add up."""
        value = self.rows["value"].to_numpy(float)
        worth = np.ones(len(value)) if self.kpi.is_sum else self.rows["n"].to_numpy(float)
        season = YEAR if len(value) >= TWO_YEARS else None
        return shift(np.log(value) if self.logarithmic else value, weights=worth / worth.mean(), season=season)

    def back(self, amount: float) -> float:
        """A level as the figure is written."""
        return float(np.exp(amount)) if self.logarithmic else float(amount)


def series(asked: Context, kpi: Kpi) -> Series | None:
    """The months of a figure that can be compared without a gap up to the report; None where they are too few."""
    rows = sums(asked.care, [kpi], by=[], periods=asked.months)
    fine = rows["value"].notna() & (rows["n"] >= SMALLEST)
    fine &= np.array([comparable(asked.care, kpi, month) is None for month in asked.months], bool)
    start = len(rows) - int(fine[::-1].cumprod().sum())
    if len(rows) - start < FEWEST:
        return None
    return Series(kpi, asked.months[start:], rows.iloc[start:].reset_index(drop=True))


def levels(asked: Context) -> Iterator[Candidate]:
    """Every figure that is better one way, with the one change that describes its months best."""
    there = {family: asked.there(figures) for family, figures in FIGURES.items()}
    # Asked for together, those of one table come from one query; the data remember them.
    if every := [kpi for some in there.values() for kpi in some]:
        sums(asked.care, every, by=[], periods=asked.months)
    for family, figures in there.items():
        for kpi in figures:
            if (found := series(asked, kpi)) is not None:
                yield _candidate(family, found)


def _candidate(family: str, found: Series) -> Candidate:
    one = found.shifted()
    now, before = found.back(one.after), found.back(one.before)
    low, high = (found.back(one.before + end) - before for end in one.limits())
    began = since([period.text for period in found.periods], one)
    return Candidate(
        family, "drift" if one.gradual else "level", found.kpi.id, one.p, Change(before, now, low, high),
        better=(one.change > 0) == (found.kpi.better == "higher"), since=began,
    )  # fmt: skip


def is_news(began: Since | None, asked: Context) -> bool:
    """Whether a change lies within the twelve months before the report; a drift is always news."""
    return began is None or Period.parse(began.period).start >= asked.month.year_ago().start


def window(asked: Context, candidate: Any) -> Period:
    """The months since a change; of a drift, the last twelve."""
    if candidate.since is None:
        return asked.year
    return asked.span(Period.parse(candidate.since.period))
