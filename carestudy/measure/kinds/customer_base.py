"""What figures about the customer base have in common: who is a customer at both ends of a period."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from carestudy.care import Care
from carestudy.measure.kind import Needs
from carestudy.measure.kpi import Kpi
from carestudy.measure.rows import keeper
from carestudy.measure.stock import has_contracts, spells, window
from carestudy.periods import Period


class CustomerBase(Kpi):
    """A figure of which the author sees customers at the start and at the end of a period."""

    of_an_end = True

    def needs(self, care: Care, by: Sequence[str] = ()) -> Needs:
        """The stays of customers, from contracts or from purchases: no table is counted row by row."""
        stays = spells(care, list(dict.fromkeys([*by, *self.reads])))
        return Needs((), tuple(stays[column] for column in stays.columns))

    def timed(self, care: Care) -> list[str]:  # noqa: ARG002
        """None: customers have days of coming and leaving, and no time."""
        return []

    def days_of_loss(self, care: Care, period: Period) -> tuple[date, date]:
        """The period, or so many months up to its end."""
        return window(care, period, self.months)

    def adding(self, care: Care, dimension: str, divided: Sequence[str]) -> Sequence[str]:
        """As of every figure, where the stays of a group are those of the whole.

        Stays made from purchases are so only where all purchases of a customer belong to the customer's group.
        """
        same_stays = has_contracts(care) or keeper(care, "transactions", dimension) == "customers"
        return super().adding(care, dimension, divided) if same_stays else ()
