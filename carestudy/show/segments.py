"""Groups of customers, shown: how many and how sure, who they are, what they bring, who moved, what to try next."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

import pandas as pd

from carestudy.contract import CareError, Missing
from carestudy.periods import Period
from carestudy.segments import Segments as Fitted
from carestudy.segments import segment
from carestudy.show import gaps, groups, withheld
from carestudy.show.asked import Asked
from carestudy.show.output import Output
from carestudy.show.words import Reader


@dataclass(frozen=True)
class Segments:
    """Pictures of groups of customers, for the company, period and language of a report."""

    asked: Asked

    def groups(self, k: int | str | Fitted = "auto", *, features: Sequence[str] | None = None) -> Groups:
        """The segments that are shown: fitted at the end of the period, or such as were fitted and kept before."""
        try:
            fitted = k if isinstance(k, Fitted) else segment(self.asked.care, k, features=features, period=self._period)
        except CareError as gap:
            return Groups(self.asked, None, gap)
        return Groups(self.asked, fitted, None)

    def rfm(self, *, classes: int = 5) -> Output:
        """Groups by when customers last bought, how often and for how much, as of the end of the period."""
        from carestudy.segments import rfm
        from carestudy.segments.bought import span
        from carestudy.show.rfm import rfm as shown

        def draw() -> Output:
            last = span(self.asked.care, self._period).end - timedelta(days=1)
            large_enough = withheld.large_enough(
                self.asked.care, rfm(self.asked.care, as_of=str(last), classes=classes), "group"
            )
            return withheld.drawn(self.asked, large_enough, lambda frame: shown(self.asked.reader, frame))

        return self.asked.tried(None, draw, self.asked.reader.t("Groups of customers by what they buy"))

    def spread(self, *, top: float = 0.2) -> Output:
        """What the best customers brought in the twelve months up to the end of the period, and the curve of all."""
        from carestudy.segments import lorenz, pareto
        from carestudy.show.spread import spread

        def draw() -> Output:
            care, year = self.asked.care, Period.parse(self._period).year().text
            try:
                return spread(self.asked.reader, pareto(care, top=top, period=year), lorenz(care, period=year))
            except Missing:
                raise
            except CareError:  # nobody bought anything
                return gaps.nothing(self.asked.reader, self.asked.reader.t("Share of revenue"))

        return self.asked.tried(None, draw, self.asked.reader.t("Share of revenue"))

    def profile(self, *, by: str | Sequence[str]) -> Output:
        """Classes of customers by who they are: how many, what they bring, how many stay, how they answer."""
        from carestudy.segments import profile
        from carestudy.show.profile import profile as shown

        care = self.asked.care
        least = max(care.settings.min_group, 1)
        return self.asked.tried(
            None,
            lambda: shown(self.asked.reader, profile(care, by=by, period=self._period, smallest=least)),
            self.asked.reader.t("Customer segments"),
        )

    @property
    def _period(self) -> str:
        return self.asked.period


@dataclass(frozen=True)
class Groups:
    """Segments of a report: each method shows one side of them, or what is missing for them."""

    asked: Asked
    segments: Fitted | None
    gap: CareError | None

    def found(self) -> Output:
        """How many groups there are, and how far they are groups at all."""
        return self._tried(lambda fitted: groups.found(self.asked.reader, fitted))

    def sizes(self) -> Output:
        """How many customers each segment has, and how much of the money they bring."""
        return self._by_segment(groups.sizes)

    def medians(self) -> Output:
        """What the customers of each segment are like: those features in which segments differ."""
        from carestudy.show.medians import medians

        def draw(fitted: Fitted) -> Output:
            large_enough = fitted.profile(self.asked.care, period=self._period)
            return medians(self.asked.reader, fitted, large_enough, fitted.sizes(self.asked.care, period=self._period))

        return self._tried(draw)

    def moves(self, *, since: str | None = None) -> Output:
        """Who moved to which segment since the end of a period, by default the one before."""
        from carestudy.show.moved import moved

        def draw(fitted: Fitted) -> Output:
            care, named = self.asked.care, Period.parse(self._period)
            first = since or named.before().text
            sizes = fitted.sizes(care, period=self._period)
            ways = fitted.moves(care, since=first, period=self._period)
            return moved(self.asked.reader, sizes, ways, (first, self._period), least=care.settings.min_group)

        return self._tried(draw)

    def drift(self) -> Output:
        """Whether the segments still fit the customers at the end of the period."""
        return self._tried(
            lambda fitted: groups.drift(self.asked.reader, fitted, fitted.drift(self.asked.care, period=self._period))
        )

    def steps(self) -> Output:
        """What could be tried next in each segment, by rule."""
        return self._by_segment(groups.steps)

    @property
    def _period(self) -> str:
        return self.asked.period

    def _by_segment(self, shown: Callable[[Reader, pd.DataFrame], Output]) -> Output:
        """What is shown of the sizes of the segments: of those with enough customers to be told."""

        def draw(fitted: Fitted) -> Output:
            sizes = fitted.sizes(self.asked.care, period=self._period)
            large_enough = withheld.large_enough(self.asked.care, sizes, "segment")
            return withheld.drawn(self.asked, large_enough, lambda frame: shown(self.asked.reader, frame))

        return self._tried(draw)

    def _tried(self, draw: Callable[[Fitted], Output]) -> Output:
        label = self.asked.reader.t("Customer segments")
        try:
            if self.gap:
                raise self.gap
            assert self.segments is not None  # noqa: S101 - one of the two is there
            return draw(self.segments)
        except Missing as gap:
            return self.asked.missing(gap, label)
        except CareError:
            return gaps.nothing(self.asked.reader, label)
