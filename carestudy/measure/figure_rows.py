"""The rows behind a figure, fetched: which they are, for whom, and what each adds to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from carestudy import engine
from carestudy.care import Care
from carestudy.contract import TABLES, CareError, Missing, listed
from carestudy.measure import premises, units
from carestudy.measure.counted_rows import COUNTS, CUSTOMERS, Counted, Side, identity_of
from carestudy.measure.figures import figures
from carestudy.measure.kind import Kind
from carestudy.measure.rows import OURS
from carestudy.periods import Period

Group = Mapping[str, str | None]


@dataclass(frozen=True)
class FigureRows:
    """The rows behind one side of a figure; its printed form says how many they are, and never which.

    ``of`` names the table whose rows they are, or customers; ``total`` is the sum of what they count, which is the
    figure's numerator or denominator. ``rows`` has the groups, the ids and the moment of each row, the columns that
    the definition reads, and ``counts``, what the row adds: 1 for a case, -1 for a detractor, an amount in the
    smallest unit of the currency.
    """

    kpi: str
    title: str
    side: Side
    period: str
    as_of: str
    of: str
    total: int
    rows: pd.DataFrame = field(repr=False)

    def __len__(self) -> int:
        return len(self.rows)

    def __repr__(self) -> str:
        counted = f"{len(self):,} {'customers' if self.of == CUSTOMERS else f'rows of {self.of}'}"
        return f"{self.kpi}, {self.side}, {self.period}: {counted} that sum to {self.total:,}; known up to {self.as_of}"


def rows_of(
    care: Care,
    kpi: Kind,
    periods: Sequence[Period],
    side: Side,
    by: Sequence[str] = (),
    where: Group | None = None,
    columns: Sequence[str] = (),
) -> FigureRows:
    """The rows behind a figure of one period or of all time; ``where`` takes those of one group."""
    if problem := premises.refused(care, kpi):
        raise problem
    group = dict(where or {})
    dimensions = kpi.dimensions([*dict.fromkeys([*by, *group])])
    counted = kpi.counted(care, dimensions, periods, side)
    rows = counted.rows.filter(counted.rows[COUNTS] != 0)
    for dimension, name in {} if kpi.is_split and side == "denominator" else group.items():
        cell = rows[dimension].cast("string")
        rows = rows.filter(cell.isnull() if name is None else cell == name)
    frame = _fetched(care, rows, counted, dimensions, columns)
    if frame.empty and group:
        _refuse_unknown(care, kpi, periods, group)
    period = periods[0].text if periods else "all"
    total = sum(frame[COUNTS].tolist())
    return FigureRows(kpi.id, kpi.title, side, period, care.as_of.isoformat(), counted.of, total, frame)


def _fetched(
    care: Care, rows: engine.Table, counted: Counted, dimensions: Sequence[str], columns: Sequence[str]
) -> pd.DataFrame:
    for column in columns:
        if column not in rows.columns or column.startswith(OURS):
            raise Missing(counted.of, column, [name for name in rows.columns if not name.startswith(OURS)])
    identity = [column for column in identity_of(counted.of) if column in rows.columns]
    shown = dict.fromkeys([*identity, *counted.shows, *columns])
    names = [name for name in shown if name in rows.columns and name not in (*dimensions, COUNTS)]
    wanted = rows.select(*[rows[d].cast("string").name(d) for d in dimensions], *names, rows[COUNTS].cast("int64"))
    frame: pd.DataFrame = engine.answer(wanted).to_pandas()
    kinds = TABLES[counted.of].columns if counted.of in TABLES else {}
    scale = units.of("money").scale(care.settings.currency)
    money = {name: frame[name] * scale for name in names if kinds.get(name) == "money"}
    order = [name for name in (*dimensions, *reversed(identity)) if name in frame]
    return frame.assign(**money).sort_values(order, ignore_index=True) if order else frame


def _refuse_unknown(care: Care, kpi: Kind, periods: Sequence[Period], group: Group) -> None:
    """Refuse a group of which the figure has no row at all: its name is not in the data."""
    known = figures(care, [kpi], by=list(group), periods=periods)
    for dimension, name in group.items():
        if name not in (names := known[dimension].tolist()):
            there = listed(dict.fromkeys("(none)" if other is None else str(other) for other in names))
            raise CareError(f"{kpi.name}: no row has {dimension} = {name!r}; there are {there}")
