"""Totals: sums and counts of a period, of which longer periods hold more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from carestudy.care import Care
from carestudy.contract import TABLES
from carestudy.measure import limits
from carestudy.measure.fractions import Fraction, Shape
from carestudy.measure.intervals import Limits
from carestudy.measure.kind import Compared, Kind, Segments
from carestudy.measure.kinds.ratio import Ratio, with_zeros
from carestudy.measure.kpi import declaring
from carestudy.periods import Period


class Total(Ratio):
    """A figure whose value is what its rows sum above the line; its groups are parts of a whole."""

    is_fraction = False

    @property
    def is_sum(self) -> bool:
        """Always."""
        return True

    @property
    def is_whole(self) -> bool:
        """Always: the sums of groups make the sum of all."""
        return True

    @property
    def timeless(self) -> bool:
        """Whether its rows have no time of their own, as those of customers."""
        return TABLES[self.tables[0]].time is None

    @property
    def judged_from(self) -> int:
        """A sum of nothing is known as well as any other."""
        return 0

    def shape(self, parts: Sequence[Fraction]) -> Shape:
        """As of a ratio; a customer who counts once counts once above the line as well."""
        shape = super().shape(parts)
        return replace(shape, distinct=shape.once)

    def family(self, fractions: Mapping[str, Fraction]) -> limits.Family:  # noqa: ARG002
        """That of sums over customers who come as they like; what has no time is counted."""
        return limits.COUNTED if self.timeless else limits.TOTALS

    def change(self, pair: Compared) -> tuple[Any, Limits]:
        """A sum less the other one taken to as many days.

        Customers who bought are fewer than twice as many in twice as many days: how many more, nobody knows, so the
        interval of their change holds for any number between.
        """
        past, fractions, scale = with_zeros(pair.past), self.fractions(pair.care), self.scale(pair.care)
        days, days_before = ((period.end - period.start).days for period in pair.periods)
        longer, once = days / days_before, any(fraction.once for fraction in fractions.values())
        bounds = []
        for times in dict.fromkeys((1.0, longer)) if once else (longer,):
            above, aa = past["numerator"].astype(float) * times, past["aa"].astype(float) * times**2
            bounds.append(self.family(fractions).change(pair.now, past.assign(numerator=above, aa=aa), pair.level))
        low, high = np.min([period[0] for period in bounds], axis=0), np.max([period[1] for period in bounds], axis=0)
        change = pair.now["value"].to_numpy(float) - past["value"].to_numpy(float) * (1.0 if once else longer)
        return change, (low * scale, high * scale)

    def grows(self, care: Care) -> bool:  # noqa: ARG002
        """Always."""
        return True

    def refuse_segments(self, care: Care) -> None:
        """A sum has no rate that segments could have as well."""
        Kind.refuse_segments(self, care)

    def segments(self, care: Care, by: str, periods: Sequence[Period]) -> Segments:
        """None, as of every figure that is no fraction."""
        return Kind.segments(self, care, by, periods)


total = declaring(Total, "count")
