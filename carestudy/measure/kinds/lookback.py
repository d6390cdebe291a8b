"""Figures that look back from the end of each period, at rows of any earlier time: what is open, what revenue stays."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

import pandas as pd

from carestudy import engine
from carestudy.care import Care
from carestudy.measure import stock, units
from carestudy.measure.counted_rows import LETTERS, Counted, Side, columns_read, of_shape
from carestudy.measure.customer_clusters import cluster
from carestudy.measure.figures import bucketed, valued
from carestudy.measure.fractions import Fraction, Shape, summed
from carestudy.measure.intervals import Limits
from carestudy.measure.kind import Compared, Needs
from carestudy.measure.kinds.ratio import change_of_family
from carestudy.measure.kpi import Kpi, declaring
from carestudy.measure.premises import NOTE
from carestudy.measure.rows import BUCKET, CLUSTER, OURS, Rows, latest_spell, with_dimensions
from carestudy.periods import Period

END, START, EARLIER = f"{OURS}end", f"{OURS}start", f"{OURS}earlier"
A_FEW_DAYS = 7  # by which data may begin later than the months looked back on: a company may have been closed
# Why there is no value: the data begin later than the first day that the figure looks at.
BEGINS_LATER = "the data begin within the months it looks back on"


class LookingBack(Rows):
    """The rows of a table as seen at the end of each period."""

    @property
    def end(self) -> engine.Value:
        """The moment at which the period ends, or the data, if they end earlier."""
        return self._of_look(END, "timestamp")

    @property
    def start(self) -> engine.Value:
        """The first day of the months up to the end."""
        return self._of_look(START, "date")

    @property
    def earlier(self) -> engine.Value:
        """The first day of as many months before ``start``."""
        return self._of_look(EARLIER, "date")

    def _of_look(self, column: str, kind: str) -> engine.Value:
        if self._expression is not None and column in self._expression.columns:
            return self._expression[column]
        return engine.literal(str(self._care.known_until.date())).cast(kind)


class Lookback(Kpi):
    """A figure whose author says what a row of any earlier time counts at the end of a period."""

    of_an_end = True

    def fraction(self, care: Care, rows: engine.Table | None = None) -> Fraction:
        """What each row counts; without the rows of looks, as expressions that tell which columns the figure reads."""
        return self.define(LookingBack(care, self.tables[0], rows), **self.options)  # type: ignore[no-any-return]

    def fractions(self, care: Care) -> dict[str, Fraction]:
        """The fraction of its one table."""
        return {self.tables[0]: self.fraction(care)}

    def needs(self, care: Care, by: Sequence[str] = ()) -> Needs:  # noqa: ARG002
        """Its table, and what a row counts."""
        counted = self.fraction(care)
        return Needs(self.tables[:1], (counted.above, counted.below))

    @staticmethod
    def computed(
        care: Care, kpis: Sequence[Lookback], by: Sequence[str], periods: Sequence[Period], level: float
    ) -> dict[Kpi, pd.DataFrame]:
        """The rows of each figure, from a query each; no value where the data begin too late."""
        return {kpi: _values(care, kpi, by, periods, level) for kpi in kpis}

    def counted(self, care: Care, by: Sequence[str], periods: Sequence[Period], side: Side) -> Counted:
        """The rows of any earlier time that count at the end of the period, or their customers."""
        seen, shape = _seen(care, self, by, periods)
        fraction = self.fraction(care)
        return of_shape({self.tables[0]: seen}, shape, by, side, columns_read(fraction.above, fraction.below))

    def change(self, pair: Compared) -> tuple[Any, Limits]:
        """The difference of the values, with the interval of the family."""
        return change_of_family(self, pair)


def _values(care: Care, kpi: Lookback, by: Sequence[str], periods: Sequence[Period], level: float) -> pd.DataFrame:
    sums = bucketed(_sums(care, kpi, by, periods), periods).assign(kpi=kpi.id)
    rows = valued(care, kpi, sums, level, kpi.fractions(care))
    late = rows["period"].isin(_begins_later(care, kpi, periods))
    if not late.any():
        return rows
    blank = {name: rows[name].mask(late) for name in ("value", "low", "high")}
    return rows.assign(**blank, **{NOTE: late.map({True: BEGINS_LATER, False: None})})


def _sums(care: Care, kpi: Lookback, by: Sequence[str], periods: Sequence[Period]) -> pd.DataFrame:
    """The sums of a figure at the end of each period, a row for each group and period, from one query."""
    seen, shape = _seen(care, kpi, by, periods)
    rows = seen.select(*[seen[d].cast("string").name(d) for d in by], BUCKET, CLUSTER, *LETTERS.values())
    return summed(rows, by, [shape])[0]


def _seen(care: Care, kpi: Lookback, by: Sequence[str], periods: Sequence[Period]) -> tuple[engine.Table, Shape]:
    """Every row as seen at the end of each period, with what it counts then, and which sums the figure needs."""
    name = kpi.tables[0]
    kpi.fraction(care)
    table = care.table(name)
    table = table.mutate(**{CLUSTER: cluster(table, name)})
    if name == "customers":
        table = latest_spell(care, table)
    table = with_dimensions(care.with_table(name, table), name, by)
    seen = table.cross_join(_looks(care, kpi, periods))
    fraction = kpi.fraction(care, seen)
    letters = zip(LETTERS.values(), map(engine.integer, (fraction.above, fraction.below)), strict=True)
    return seen.mutate(**dict(letters)), Shape.of([fraction], squares=units.of(kpi.unit).points)


def _begins_later(care: Care, kpi: Lookback, periods: Sequence[Period]) -> set[str]:
    """The periods of which the data lack the beginning of the months that the figure looks back on."""
    span = care.spans.get(kpi.tables[0])
    if not kpi.months or not span:
        return set()
    return {period.text for period in periods if span[0] > _earlier(care, kpi, period) + timedelta(days=A_FEW_DAYS)}


def _looks(care: Care, kpi: Lookback, periods: Sequence[Period]) -> engine.Table:
    """A row for each period, with the moments and days that it looks at."""
    rows = []
    for period in periods:
        start, _ = stock.window(care, period, kpi.months)
        end = min(datetime.combine(period.end, time.min), care.known_until)
        days = {BUCKET: period.start, END: end, START: start, EARLIER: _earlier(care, kpi, period)}
        rows.append({name: day.isoformat(*([" "] if name == END else [])) for name, day in days.items()})
    table = engine.small_table(pd.DataFrame(rows))
    kinds = {BUCKET: "date", END: "timestamp", START: "date", EARLIER: "date"}
    return table.select(**{name: table[name].cast(kind) for name, kind in kinds.items()})


def _earlier(care: Care, kpi: Lookback, period: Period) -> date:
    start, _ = stock.window(care, period, kpi.months)
    return Period.until(start, kpi.months).start if kpi.months else start


lookback = declaring(Lookback, "share")
