"""What a KPI is: a definition with a unit, a direction and a sentence, that can be asked of any data."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, get_type_hints

import pandas as pd

from carestudy.care import Care
from carestudy.contract import TABLES, CareError, Missing, Unable
from carestudy.engine import overheard
from carestudy.measure.counted_rows import Side
from carestudy.measure.figure_rows import FigureRows, Group, rows_of
from carestudy.measure.figures import figures
from carestudy.measure.front import Data, checked_tables
from carestudy.measure.kind import SUMMED, Kind, Unit
from carestudy.measure.options import Count, Level, accepted, checked
from carestudy.measure.rows import groups
from carestudy.measure.signatures import of_figure
from carestudy.periods import Period
from carestudy.rendering import Rendered


@dataclass(frozen=True, eq=False)
class Kpi(Kind, Rendered):
    """A figure that management knows by name; call it with data to get its values.

    ``by`` are dimensions, ``period`` a text such as "2026-10" (without it, all rows up to ``as_of``, and of figures
    about the customer base the twelve months up to it); ``every`` splits the time into days, weeks, months, quarters
    or years, ``last`` takes so many of them. Returns the frame described in ``carestudy.measure.figures``.
    """

    means: ClassVar[str] = "a figure such as carestudy.kpi.nps"  # where an argument is to be one

    def __post_init__(self) -> None:
        signature = of_figure(type(self).__call__, self.define, TABLES, self.options)
        described = f"{self.name}{signature.replace(return_annotation=inspect.Signature.empty)}"
        object.__setattr__(self, "__signature__", signature)
        object.__setattr__(self, "__doc__", f"{described}\n\n{inspect.getdoc(self.define) or ''}")

    def __call__(
        self,
        data: Data,
        *,
        by: str | Sequence[str] | None = None,
        period: str | None = None,
        every: str | None = None,
        last: Count | None = None,
        level: Level = 0.95,
        **options: Any,
    ) -> pd.DataFrame:
        """The figure for every group and period; see ``Kpi``."""
        figure = self.of(**options)
        for name, value in {"by": by, "period": period, "every": every, "last": last, "level": level}.items():
            accepted(self.name, name, CALLED[name], value)
        care = figure.care(data)
        try:
            periods = figure.periods(care, period, every, last)
            return figures(care, [figure], by=figure.dimensions(by), periods=periods, level=level)
        except (Missing, Unable) as problem:
            raise problem.for_figure(self.name) from None

    def rows(
        self,
        data: Data,
        *,
        period: str | None = None,
        side: Side = "numerator",
        by: str | Sequence[str] | None = None,
        where: Group | None = None,
        columns: str | Sequence[str] | None = None,
        **options: Any,
    ) -> FigureRows:
        """The rows behind the figure: those its own definition counts above or below the line, with what each adds.

        ``side`` is "numerator" or "denominator"; ``by`` adds dimensions as columns, ``where`` takes one group, such as
        ``{"team": "Nam"}``, with None for rows that name none; ``columns`` adds further columns of the table. Without
        a ``period`` it is that of a call. The sum of ``counts`` is the numerator or denominator of the figure.

        >>> from carestudy.kpi import nps
        >>> answers = pd.DataFrame({"customer_id": ["A", "B", "C"], "question": "nps", "score": [10, 8, 3]})
        >>> nps.rows(answers).rows[["customer_id", "score", "counts"]]
          customer_id  score  counts
        0           A   10.0       1
        1           C    3.0      -1
        """
        figure = self.of(**options)
        for name, value in {"by": by, "period": period, "side": side, "where": where, "columns": columns}.items():
            accepted(self.name, name, LISTED[name], value)
        if side not in SUMMED:
            raise CareError(f"{self.name}: side is numerator or denominator, not {side!r}")
        care = figure.care(data)
        try:
            periods = figure.periods(care, period, None, None)
            return rows_of(care, figure, periods, side, groups(by), where, groups(columns))
        except (Missing, Unable) as problem:
            raise problem.for_figure(self.name) from None

    def sql(self, data: Any, **call: Any) -> str:
        """What the engine is asked for the figure: its queries, in the SQL of that engine; ``asked`` as in a call."""
        with overheard() as queries:
            self(data, **call)
        return ";\n\n".join(queries) + ";"

    def of(self, **options: Any) -> Kpi:
        """The same figure with these options, such as ``complaint_rate.of(per="transactions")``."""
        known = [name for name in self._signature() if name not in TABLES]
        for name in options:
            if name not in known:
                raise CareError(f"{self.name} has no option '{name}'; it has {', '.join(known) or 'none'}")
        signature = self._signature()
        options_of = {**self.options, **{name: checked(self.name, signature[name], options[name]) for name in options}}
        for name in known:
            if name not in options_of and self._signature()[name].default is inspect.Parameter.empty:
                raise CareError(f"{self.name} needs to be told {name}=...: it means something else with each")
        return replace(self, options=options_of)

    def care(self, data: Data) -> Care:
        """The data as checked tables; a single frame is the table that the figure reads first."""
        return checked_tables(self.name, self.tables[0], data)

    def periods(self, care: Care, period: str | None, every: str | None, last: int | None) -> list[Period]:
        """The periods that a call asks for, oldest first; none means all rows."""
        if (time := TABLES[self.tables[0]].time) and (period or every):
            care.table(self.tables[0], time)
        requested = None if period is None else known_period(care, period)
        if self.timeless:
            return []
        if every is None:
            if requested:
                return requested.run(last or 1)
            return [Period.until(care.known_until)] if self.of_an_end else []
        if last:
            last_period = requested if requested and requested.unit == every else _last_whole(requested, care, every)
            return last_period.run(last)
        if requested:
            return [period_ for period_ in requested.split(every) if period_.start < care.known_until.date()]
        return self._all_whole(care, every)

    def _all_whole(self, care: Care, every: str) -> list[Period]:
        spans = [care.spans[name] for name in (*self.tables, "transactions") if name in care.spans]
        if not spans:
            care.table(self.tables[0], TABLES[self.tables[0]].time or "joined_on")
            return []
        first = Period.holding(spans[0][0], every)
        periods = Period(first.text, first.start, care.known_until.date()).split(every)
        return [period for period in periods if period.end <= care.known_until.date()]


CALLED = get_type_hints(Kpi.__call__, include_extras=True)
LISTED = get_type_hints(Kpi.rows, include_extras=True)


def known_period(care: Care, text: str) -> Period:
    """The period that a text names, where the data have begun to know it."""
    requested = Period.parse(text, as_of=care.known_until)
    if requested.start >= care.known_until.date():
        raise CareError(f"period {requested.text} lies after {care.as_of.isoformat()}, up to which the data are known")
    return requested


def _last_whole(requested: Period | None, care: Care, every: str) -> Period:
    """The last whole week, month ... of a longer period, or before the data end."""
    end = min(requested.end, care.known_until.date()) if requested else care.known_until.date()
    holding = Period.holding(end, every)
    return holding.before()


def declaring(kind: type[Kpi], usual: Unit) -> Callable[..., Callable[[Callable[..., Any]], Kpi]]:
    """The decorator that makes a figure of this kind out of its definition; ``usual`` is the unit of most of them."""

    def decorate(*, label: str, unit: Unit = usual, **fields: Any) -> Callable[[Callable[..., Any]], Kpi]:
        def made(define: Callable[..., Any]) -> Kpi:
            return kind(define.__name__, label, unit, define, **fields)

        return made

    return decorate
