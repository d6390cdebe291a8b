"""Stocks: fractions of the customers who are there at one end of a period, or at both. Retention, churn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from carestudy import engine
from carestudy.care import Care
from carestudy.measure import intervals
from carestudy.measure.counted_rows import Counted, Side, of_base, side_of
from carestudy.measure.exposure import PerTime, at_days, times_longer
from carestudy.measure.figures import valued
from carestudy.measure.fractions import Fraction
from carestudy.measure.kind import Compared, Segments, with_limits
from carestudy.measure.kinds.customer_base import CustomerBase
from carestudy.measure.kinds.ratio import change_of_family
from carestudy.measure.kpi import Kpi, declaring
from carestudy.measure.overlap import correlations
from carestudy.measure.segment_cells import SIDES
from carestudy.measure.stock import Presence, counts, joint_counts, window
from carestudy.periods import Period


class Stock(CustomerBase):
    """A figure whose author says what a customer counts above and below the line."""

    is_fraction = True

    @staticmethod
    def computed(
        care: Care, kpis: Sequence[Stock], by: Sequence[str], periods: Sequence[Period], level: float
    ) -> dict[Kpi, pd.DataFrame]:
        """The rows of each figure; figures that read the same columns come from one query."""
        sums: dict[Kpi, pd.DataFrame] = {}
        for reads in dict.fromkeys(kpi.reads for kpi in kpis):
            sums |= _sums(care, [kpi for kpi in kpis if kpi.reads == reads], by, periods)
        return {kpi: valued(care, kpi, sums[kpi], level) for kpi in kpis}

    def counted(self, care: Care, by: Sequence[str], periods: Sequence[Period], side: Side) -> Counted:
        """The customers that its fraction counts."""
        groups = list(dict.fromkeys([*by, *self.reads]))

        def counts(presence: Presence) -> engine.Value:
            return side_of(self.define(presence), side)

        return of_base(care, counts, groups, window(care, periods[0], self.months))

    def change(self, pair: Compared) -> tuple[Any, intervals.Limits]:
        """The difference of the values; of windows that share customers the interval knows it.

        A share kept or lost per time is compared at equal days: that of the past is taken to those of now.
        """
        longer = times_longer(*pair.periods)
        if self.per_time and pair.equal_days and longer != 1.0:
            return _at_equal_days(pair, self.per_time, longer)
        alike = correlations(pair.care, self, pair.now, pair.periods, pair.by)
        if alike is None:
            return change_of_family(self, pair)
        bounds = intervals.mover(*with_limits(pair.now), *with_limits(pair.past), correlation=alike)
        return pair.difference, bounds

    def grows(self, care: Care) -> bool:  # noqa: ARG002
        """Unless it looks back a fixed number of months: the more days, the more customers leave."""
        return self.months is None

    def refuse_segments(self, care: Care) -> None:
        """Nothing to refuse: a customer stands in one segment."""

    def segments(self, care: Care, by: str, periods: Sequence[Period]) -> Segments:
        """Customers of both periods counted at once: a customer's segment is one, so only the periods are tied."""
        before, now = (window(care, period, self.months) for period in periods)
        looks = {(0, 0): (before, before), (1, 1): (now, now), (0, 1): (before, now)}
        frames = joint_counts(care, self._products, [by], list(looks.values()), self.reads)
        sums, ties = [], []
        for (side, other_side), frame in zip(looks, frames, strict=True):
            cell = {"segment": frame[by], "side": side, "segment_2": frame[by], "side_2": other_side}
            ties.append(pd.DataFrame({**cell, **{pair: frame[pair] for pair in SIDES}}))
            if side == other_side:
                sums.append(pd.DataFrame({**cell, "a": frame["a"], "b": frame["b"], "n": frame["b"]}))
            else:
                mirrored = {"segment": frame[by], "side": other_side, "segment_2": frame[by], "side_2": side}
                ties.append(pd.DataFrame({**mirrored, **{pair: frame[pair[::-1]] for pair in SIDES}}))
        return pd.concat(sums), pd.concat(ties)

    def _products(self, left: Presence, right: Presence) -> dict[str, Any]:
        left_fraction, right_fraction = self.define(left), self.define(right)
        a, b, a_2, b_2 = (
            engine.integer(side)
            for side in (left_fraction.above, left_fraction.below, right_fraction.above, right_fraction.below)
        )
        return {"a": a, "b": b, "aa": a * a_2, "ab": a * b_2, "ba": b * a_2, "bb": b * b_2}


def _at_equal_days(pair: Compared, per_time: PerTime, longer: float) -> tuple[Any, intervals.Limits]:
    """The values now less those of the past over as many days, whose limits are taken to them as well."""
    value, (low, high) = with_limits(pair.past)
    past = at_days(value, per_time, longer)
    limits = (at_days(low, per_time, longer), at_days(high, per_time, longer))
    now, now_limits = with_limits(pair.now)
    return now - past, intervals.mover(now, now_limits, past, limits)


def _sums(care: Care, kpis: Sequence[Stock], by: Sequence[str], periods: Sequence[Period]) -> dict[Kpi, pd.DataFrame]:
    """The sums of figures that read the same columns, a row for each group and period, from one query."""

    def count(presence: Presence) -> dict[str, Any]:
        fractions = {kpi.id: kpi.define(presence) for kpi in kpis}
        return {f"{key}:{name}": term for key, fraction in fractions.items() for name, term in _terms(fraction).items()}

    requested = [(months, period) for months in dict.fromkeys(kpi.months for kpi in kpis) for period in periods]
    frames = counts(care, count, by, [window(care, period, months) for months, period in requested], kpis[0].reads)
    frames_named = [frame.assign(period=period.text) for (_, period), frame in zip(requested, frames, strict=True)]
    rows = {
        months: pd.concat(
            [
                rows_named
                for (window_months, _), rows_named in zip(requested, frames_named, strict=True)
                if window_months == months
            ],
            ignore_index=True,
        )
        for months, _ in requested
    }
    return {kpi: _as_sums(rows[kpi.months], kpi, by) for kpi in kpis}


def _terms(fraction: Fraction) -> dict[str, Any]:
    above, below = engine.integer(fraction.above), engine.integer(fraction.below)
    return {"above": above, "below": below, "aa": above * above, "ab": above * below}


def _as_sums(rows: pd.DataFrame, kpi: Stock, by: Sequence[str]) -> pd.DataFrame:
    above, below, aa, ab = (rows[f"{kpi.id}:{name}"] for name in ("above", "below", "aa", "ab"))
    keys = rows[[*by, "period"]].assign(kpi=kpi.id, numerator=above, denominator=below)
    # A customer stands once in the base: rows and customers are the same.
    return keys.assign(n=below, units=below, squares=aa, aa=aa, ab=ab, bb=below)


stock = declaring(Stock, "share")
