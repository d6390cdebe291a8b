"""What a figure is, and what its kind answers for it: needs, sums, comparison, segments, adding up, suppression.

A kind is a subclass of ``Kpi`` in a file of its own in ``carestudy.measure.kinds``. Whoever must know how a figure
behaves calls one of the methods here; nothing outside a kind's own file distinguishes kinds by name.
"""

from __future__ import annotations

import inspect
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal, Protocol

import pandas as pd

from carestudy.care import Care
from carestudy.contract import TABLES, CareError, Refused
from carestudy.measure import limits, units
from carestudy.measure.counted_rows import Counted, Side
from carestudy.measure.exposure import PerTime
from carestudy.measure.fractions import Fraction
from carestudy.measure.intervals import Limits, mover
from carestudy.measure.options import in_hours
from carestudy.measure.rows import groups, keeper
from carestudy.periods import Period

Unit = Literal["share", "points", "money", "count", "net", "hours", "score", "times"]
Segments = tuple[pd.DataFrame, pd.DataFrame]  # sums by segment and period, and their products over customers
SUMMED = ("numerator", "denominator")


class Requirement(Protocol):
    """What must hold in the data before a figure is computed, see ``carestudy.measure.premises``."""

    def failing(self, care: Care) -> Refused | None:
        """Why a figure is refused, or None."""


@dataclass(frozen=True)
class Needs:
    """What a figure is computed from: the tables whose rows it counts, and the expressions that it evaluates."""

    tables: tuple[str, ...]
    expressions: tuple[Any, ...]


@dataclass(frozen=True, eq=False)
class Compared:
    """The sums of a figure now and in the past, a row for each group, of the two ``periods``, now first.

    Without ``equal_days``, values that depend on the days of a period are compared as they stand.
    """

    care: Care
    now: pd.DataFrame
    past: pd.DataFrame
    periods: tuple[Period, Period]
    by: Sequence[str] = ()
    level: float = 0.95
    equal_days: bool = True

    @property
    def difference(self) -> Any:
        """The values now less those of the past."""
        return self.now["value"].to_numpy(float) - self.past["value"].to_numpy(float)


@dataclass(frozen=True, eq=False)
class Kind(ABC):
    """A figure as its kind knows it; ``adds_up`` is False where a row counts by what other rows say.

    ``per_time`` says whether it is a share of customers that a period keeps or loses, and so depends on its days.

    The class attributes are what holds for every figure of a kind: ``is_fraction`` where it is a plain fraction of
    cases, so that its segments are parts of it; ``is_split`` where it has a value for each part of a whole and none
    for the whole; ``of_an_end`` where it describes the end of a period; ``is_lasting`` where a survival curve stands
    behind it.
    """

    name: str
    label: str
    unit: Unit
    define: Callable[..., Any] = field(repr=False)
    better: Literal["higher", "lower"] | None = "higher"
    options: Mapping[str, Any] = field(default_factory=dict)
    months: int | None = None
    reads: tuple[str, ...] = ()
    premises: tuple[Requirement, ...] = ()
    adds_up: bool = True
    per_time: PerTime | None = None

    is_fraction: ClassVar[bool] = False
    is_split: ClassVar[bool] = False
    of_an_end: ClassVar[bool] = False
    is_lasting: ClassVar[bool] = False

    # --- what it is called

    @property
    def id(self) -> str:
        """The name under which frames and files list the figure, with the options that make it another figure."""
        options = ",".join(f"{name}={value}" for name, value in sorted(self.options.items()))
        return f"{self.name}({options})" if options else self.name

    @property
    def title(self) -> str:
        """What a reader calls the figure, denominator included."""
        options = {name: parameter.default for name, parameter in self._signature().items()} | dict(self.options)
        hours = [name for name in options if in_hours(self._signature()[name].annotation)]
        return self.label.format(**options | {name: f"{options[name]} hours" for name in hours})

    @property
    def definition(self) -> str:
        """The first sentence of the docstring, as printed in reports."""
        doc = inspect.getdoc(self.define) or ""
        return " ".join(doc.split("\n\n")[0].split())

    @property
    def tables(self) -> tuple[str, ...]:
        """The tables it reads: those its definition names as parameters."""
        return tuple(name for name in self._signature() if name in TABLES)

    def _signature(self) -> Mapping[str, inspect.Parameter]:
        return inspect.signature(self.define).parameters

    # --- what it needs

    @abstractmethod
    def needs(self, care: Care, by: Sequence[str] = ()) -> Needs:
        """What the figure is computed from; ``Missing`` names what the data lack. No query is run."""

    def fractions(self, care: Care) -> dict[str, Fraction]:  # noqa: ARG002
        """What each row counts above and below the line, by table; empty where the figure is no sum over rows."""
        return {}

    def timed(self, care: Care) -> list[str]:
        """The tables whose rows the figure places in time."""
        names = self.fractions(care) or self.tables
        return [name for name in names if TABLES[name].time and care.has(name, str(TABLES[name].time))]

    def days_of_loss(self, care: Care, period: Period) -> tuple[Any, Any] | None:  # noqa: ARG002
        """The first day of a period in which the figure counts who left, and the day after the last; None if none."""
        return None

    # --- how it is computed

    @staticmethod
    @abstractmethod
    def computed(
        care: Care, kpis: Sequence[Any], by: Sequence[str], periods: Sequence[Period], level: float
    ) -> dict[Any, pd.DataFrame]:
        """The rows of figures of this kind, from as few queries as possible: sums, value and interval of each."""

    @abstractmethod
    def counted(self, care: Care, by: Sequence[str], periods: Sequence[Period], side: Side) -> Counted:
        """The rows that the figure counts on one side, in at most one period, by its own expressions."""

    def family(self, fractions: Mapping[str, Fraction]) -> limits.Family:
        """The family of intervals of the figure."""
        stated = next((fraction.interval for fraction in fractions.values() if fraction.interval), None)
        return stated or limits.OF_UNIT[self.unit]

    def scale(self, care: Care) -> float:
        """What a plain fraction is multiplied by to be in the unit of the figure."""
        return units.of(self.unit).scale(care.settings.currency)

    def dimensions(self, by: str | Sequence[str] | None) -> list[str]:
        """The dimensions by which a call groups the figure."""
        return groups(by) or (list(self.reads) if self.is_split else [])

    @property
    def is_sum(self) -> bool:
        """Whether its value is what it sums, and not a part of it."""
        return units.of(self.unit).count

    @property
    def timeless(self) -> bool:
        """Whether it counts rows that have no time of their own, and so is the same in every period."""
        return False

    def in_days(self, care: Care) -> bool:  # noqa: ARG002
        """Whether the data allow to compute it in whole days only."""
        return False

    # --- how it is compared

    @property
    def comparable(self) -> bool:
        """Whether it can be compared between periods."""
        return not self.timeless

    def change(self, pair: Compared) -> tuple[Any, Limits]:
        """How far the figure has moved from the one period to the other, group by group, with its interval."""
        return pair.difference, mover(*with_limits(pair.now), *with_limits(pair.past))

    def grows(self, care: Care) -> bool:  # noqa: ARG002
        """Whether the figure is larger for a longer period."""
        return False

    @property
    def judged_from(self) -> int:
        """The number of cases from which the value can be judged against a goal."""
        return limits.FEWEST

    # --- how it is split over segments and followed over time

    def refuse_segments(self, care: Care) -> None:  # noqa: ARG002
        """Refuse a figure whose change cannot be split over segments."""
        raise CareError(f"{self.name} is no fraction that segments are parts of: ask for a share, a score or a mean")

    def segments(self, care: Care, by: str, periods: Sequence[Period]) -> Segments:  # noqa: ARG002
        """The sums of each segment and period, and of the products of every two of them over customers."""
        self.refuse_segments(care)
        raise NotImplementedError

    @property
    def is_series(self) -> bool:
        """Whether its periods are a series of shares of which a trend can be computed."""
        return self.is_fraction and units.of(self.unit).part

    # --- how it adds up and is suppressed

    def adding(self, care: Care, dimension: str, divided: Sequence[str]) -> Sequence[str]:
        """Which of numerator and denominator are the sums of those of the groups of a dimension.

        ``divided`` are the tables of which every row belongs to one group. Where customers are counted, they must do
        so as well.
        """
        if not set(self.tables) <= set(divided):
            return ()
        fractions = self.fractions(care)
        counts_rows = any(keeper(care, name, dimension) != "customers" for name in fractions)
        if counts_rows and any(fraction.of_customers for fraction in fractions.values()):
            return ()
        return SUMMED if self.adds_up else SUMMED[1:]

    @property
    def is_whole(self) -> bool:
        """Whether the values of groups are parts of a whole, and not compared with it."""
        return self.is_split

    @property
    def size(self) -> str:
        """Which of the sums is the number of customers behind a value: the one that suppression goes by."""
        return "numerator" if self.is_split else "units"


def with_limits(side: pd.DataFrame) -> tuple[Any, Limits]:
    """The values of one side, with their intervals."""
    value, low, high = (side[name].to_numpy(float) for name in ("value", "low", "high"))
    return value, (low, high)
