"""Survival figures: how long cases and stays last, those counted that have not ended yet."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

import pandas as pd

from carestudy.care import Care
from carestudy.contract import Missing
from carestudy.measure import lasting
from carestudy.measure.counted_rows import Counted, Side
from carestudy.measure.figures import bucketed
from carestudy.measure.kind import Needs
from carestudy.measure.kpi import Kpi, declaring
from carestudy.measure.lasted import lasting_values, rows_lasting
from carestudy.measure.lasting import Duration
from carestudy.measure.rows import keeper
from carestudy.measure.stock import has_contracts
from carestudy.periods import Period


class Survival(Kpi):
    """A figure that is read off a survival curve: a quantile of a duration, or the share that lasts so long."""

    is_lasting = True

    def needs(self, care: Care, by: Sequence[str] = ()) -> Needs:
        """The moments from which and to which something lasts."""
        wanted = lasting.definition_of(care, self, by)
        ends = (wanted.start, wanted.end) if isinstance(wanted, Duration) else (wanted.joined_on, wanted.left_on)
        return Needs(tuple(name for name in self.tables if name != "customers"), ends)

    @staticmethod
    def computed(
        care: Care, kpis: Sequence[Survival], by: Sequence[str], periods: Sequence[Period], level: float
    ) -> dict[Kpi, pd.DataFrame]:
        """The rows of each figure, from a curve for each group and period."""
        return {
            kpi: bucketed(lasting_values(care, kpi, by, periods, level), periods).assign(kpi=kpi.id) for kpi in kpis
        }

    def counted(self, care: Care, by: Sequence[str], periods: Sequence[Period], side: Side) -> Counted:
        """The cases or stays with how long they lasted; above the line those that ended, or have lasted long enough."""
        return rows_lasting(care, self, by, periods, side)

    def in_days(self, care: Care) -> bool:
        """Whether the moments are days without hours."""
        with suppress(Missing):
            wanted = lasting.defined(care, self)
            return isinstance(wanted, Duration) and bool(lasting.in_days(care, self.tables[0], wanted))
        return False

    def adding(self, care: Care, dimension: str, divided: Sequence[str]) -> Sequence[str]:
        """As of every figure; stays made from purchases, where all of a customer's belong to the customer's group."""
        stays = "customers" in self.tables and not has_contracts(care)
        if stays and keeper(care, "transactions", dimension) != "customers":
            return ()
        return super().adding(care, dimension, divided)


survival = declaring(Survival, "share")
