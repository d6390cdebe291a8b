"""Ratios: what rows count above a line over what they count below it. Shares, scores, means, rates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from carestudy.care import Care
from carestudy.contract import CareError
from carestudy.measure import fractions, segment_cells, units
from carestudy.measure.counted_rows import Counted, Side, of_fractions
from carestudy.measure.figures import bucketed, valued
from carestudy.measure.fractions import Fraction, Shape
from carestudy.measure.intervals import Limits
from carestudy.measure.kind import Compared, Needs, Segments
from carestudy.measure.kpi import Kpi, declaring
from carestudy.measure.limits import Sums
from carestudy.measure.rows import Rows
from carestudy.periods import Period


class Ratio(Kpi):
    """A figure whose author says what a row counts above and below the line; its segments are parts of it."""

    is_fraction = True

    def fractions(self, care: Care) -> dict[str, Fraction]:
        """The fraction that each table adds; the same expressions for the same data."""
        key = (self.define, self.id)
        if key not in care.facts:
            defined = self.define(*(Rows(care, name) for name in self.tables), **self.options)
            care.facts[key] = {self.tables[0]: defined} if isinstance(defined, Fraction) else dict(defined)
        return dict(care.facts[key])

    def needs(self, care: Care, by: Sequence[str] = ()) -> Needs:  # noqa: ARG002
        """The tables that add something, and what they add."""
        fractions = self.fractions(care)
        return Needs(
            tuple(fractions),
            tuple(side for fraction in fractions.values() for side in (fraction.above, fraction.below)),
        )

    def shape(self, parts: Sequence[Fraction]) -> Shape:
        """The sums that the fractions need."""
        return Shape.of(parts, squares=units.of(self.unit).points)

    @staticmethod
    def computed(
        care: Care, kpis: Sequence[Ratio], by: Sequence[str], periods: Sequence[Period], level: float
    ) -> dict[Kpi, pd.DataFrame]:
        """The rows of each figure; figures that read the same tables come from one query."""
        fractions_of = {kpi: kpi.fractions(care) for kpi in kpis}
        results: dict[Kpi, pd.DataFrame] = {}
        for tables in dict.fromkeys(tuple(own_fractions) for own_fractions in fractions_of.values()):
            alike = {
                kpi: own_fractions for kpi, own_fractions in fractions_of.items() if tuple(own_fractions) == tables
            }
            shapes = [kpi.shape(list(own_fractions.values())) for kpi, own_fractions in alike.items()]
            frames = fractions.sums(care, list(alike.values()), shapes, by, periods)
            for (kpi, own_fractions), frame in zip(alike.items(), frames, strict=True):
                results[kpi] = valued(care, kpi, bucketed(frame, periods).assign(kpi=kpi.id), level, own_fractions)
        return results

    def counted(self, care: Care, by: Sequence[str], periods: Sequence[Period], side: Side) -> Counted:
        """The rows that the fractions of its tables count, or the customers where these are counted."""
        adding = self.fractions(care)
        return of_fractions(care, adding, self.shape(list(adding.values())), by, periods, side)

    def change(self, pair: Compared) -> tuple[Any, Limits]:
        """The difference of the values, with the interval of the family."""
        return change_of_family(self, pair)

    def grows(self, care: Care) -> bool:
        """Whether customers are counted: the longer the period, the more of them have come."""
        return any(fraction.of_customers for fraction in self.fractions(care).values())

    def refuse_segments(self, care: Care) -> None:
        """Refuse what counts customers by all their rows."""
        if any(fraction.per_customer for fraction in self.fractions(care).values()):
            raise CareError(f"{self.name} counts customers by all their rows, which segments of rows are no parts of")

    def segments(self, care: Care, by: str, periods: Sequence[Period]) -> Segments:
        """Each customer's sums in each segment and period, joined with the same customer's others."""
        return segment_cells.of_rows(care, self.fractions(care), by, periods, wide=not units.of(self.unit).points)


def change_of_family(kpi: Kpi, pair: Compared) -> tuple[Any, Limits]:
    """The difference of two values, with the interval that the family of intervals gives it."""
    family, scale = kpi.family(kpi.fractions(pair.care)), kpi.scale(pair.care)
    low, high = family.change(pair.now, with_zeros(pair.past), pair.level)
    return pair.difference, (low * scale, high * scale)


def with_zeros(sums: Sums) -> Sums:
    """The sums, 0 where nothing was counted."""
    return sums.fillna(dict.fromkeys(fractions.SUMS, 0))


ratio = declaring(Ratio, "share")
