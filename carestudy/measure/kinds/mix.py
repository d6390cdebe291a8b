"""Mixes: how a number of customers is made up, such as the reasons of those who left."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from carestudy.care import Care
from carestudy.measure.counted_rows import Counted, Side, of_base
from carestudy.measure.figures import valued
from carestudy.measure.kinds.customer_base import CustomerBase
from carestudy.measure.kpi import Kpi, declaring
from carestudy.measure.stock import counts, window
from carestudy.periods import Period


class Mix(CustomerBase):
    """A figure whose author says which customers are counted; its values are the shares of groups in all of them."""

    is_split = True

    @property
    def comparable(self) -> bool:
        """Never: its groups may be others in each period."""
        return False

    @staticmethod
    def computed(
        care: Care, kpis: Sequence[Mix], by: Sequence[str], periods: Sequence[Period], level: float
    ) -> dict[Kpi, pd.DataFrame]:
        """The rows of each figure, from a query each."""
        return {kpi: valued(care, kpi, _sums(care, kpi, by, periods), level) for kpi in kpis}

    def counted(self, care: Care, by: Sequence[str], periods: Sequence[Period], side: Side) -> Counted:  # noqa: ARG002
        """The customers that are counted: those of the groups above the line, all of them below it."""
        return of_base(
            care, self.define, list(dict.fromkeys([*by, *self.reads])), window(care, periods[0], self.months)
        )


def _sums(care: Care, kpi: Mix, by: Sequence[str], periods: Sequence[Period]) -> pd.DataFrame:
    windows = [window(care, period, kpi.months) for period in periods]
    frames = counts(care, lambda presence: {"part": kpi.define(presence)}, by, windows, kpi.reads)
    pieces = []
    for period, frame in zip(periods, frames, strict=True):
        counted, total = frame["part"], int(frame["part"].sum())
        rows = frame[list(by)].assign(period=period.text, kpi=kpi.id, numerator=counted, denominator=total, n=total)
        pieces.append(rows.assign(units=total, squares=counted, aa=counted, ab=counted, bb=total))
    return pd.concat(pieces, ignore_index=True)


mix = declaring(Mix, "share")
