"""Figures as a manager reads them: the only place that formats, colours, translates or knows HTML."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from carestudy.contract import CareError, Missing
from carestudy.overview import bridge, scorecard
from carestudy.show import (
    appendix,
    bars,
    bridges,
    cover,
    gaps,
    given_back,
    labels,
    matrices,
    opening,
    pictures,
    quality,
    refusals,
    tables,
    tiles,
    withheld,
)
from carestudy.show.asked import Asked
from carestudy.show.change import changes
from carestudy.show.controlled import controlled
from carestudy.show.labels import Card, card
from carestudy.show.output import MIME, Output, dimensions

if TYPE_CHECKING:
    from carestudy.show.churn import Churn
    from carestudy.show.segments import Segments
    from carestudy.show.service import Service
    from carestudy.show.value import Value
    from carestudy.show.voice import Voice

__all__ = ["MIME", "Output", "Show"]

What = Any  # a KPI of carestudy.kpi, or a figures frame
By = str | Sequence[str] | None


@dataclass(frozen=True)
class Show(Asked):
    """Shows figures of a company for one period in one language; every method gives an ``Output``."""

    def cover(self, topic: str = "care", *, title: cover.Title = None) -> Output:
        """The head of the report: whose, on what (or a ``title``), which period, known up to when, from what rows."""
        return cover.cover(self.reader, self.care, self.period, topic, title)

    def findings(self, topic: str | None = None) -> Output:
        """What stands out in the period, since when, why, at what cost, what to do, who and by when; first of all.

        With a ``topic`` ("churn", "segments", "value", "voice" or "service"), only what belongs to that report.
        """
        from carestudy.findings import findings
        from carestudy.findings.topics import on_topic
        from carestudy.show.findings import findings as shown
        from carestudy.show.findings import of_topic

        standing_out = findings(self.care, period=self.period)
        if topic is None:
            return shown(self.reader, standing_out)
        return of_topic(self.reader, on_topic(standing_out, topic))

    def board(self, card: pd.DataFrame | None = None) -> Output:
        """What needs attention first, then a tile per KPI; of the headlines unless a scorecard is given."""
        if card is not None:
            return tiles.board(self.reader, card) if len(card) else gaps.nothing(self.reader, "")
        return self.tried(None, lambda: opening.board(self), self.reader.t("Summary"))

    def questions(self) -> Output:
        """The eight questions, each with its answer and interval, and in one line those that lack data."""
        return opening.questions(self)

    def opening(self) -> Output:
        """Where there are neither customers nor sales: the service, or the scores of a survey; nothing elsewhere."""
        return opening.opening(self)

    def control(self, kpi: Any, *, every: str = "month", last: int = 24) -> Output:
        """Whether a share is changing: its series within control limits, and one verdict."""
        # Here and below: loaded with the engine where it is used.
        from carestudy.show.trendline import trendline
        from carestudy.trends import trend

        return self.tried(
            kpi,
            lambda: trendline(
                self.reader, card(kpi), trend(kpi, self.care, every=every, last=last, period=self.period)
            ),
        )

    def why(self, kpi: Any, *, by: str, against: str | None = None) -> Output:
        """Why a figure changed: what other groups did, and what the same groups did otherwise."""
        from carestudy.show.why import why as shown
        from carestudy.whys import why

        return self.tried(
            kpi,
            lambda: shown(
                self.reader, card(kpi), why(kpi, self.merged(by), period=self.period, by=by, against=against)
            ),
        )

    def funnel(self, kpi: Any, *, by: str | Sequence[str]) -> Output:
        """People, teams or branches beside the usual figure, within the limits of chance; never a ranking."""
        from carestudy.people import compare
        from carestudy.show.funnel import funnel

        def draw() -> Output:
            told = withheld.sides(self.care, compare(kpi, self.care, by=by, period=self.period), [kpi], self.period)
            return withheld.drawn(self, told, lambda rows: funnel(self.reader, card(kpi), rows))

        return self.tried(kpi, draw)

    def survival(self, kpi: Any, *, by: str | None = None) -> Output:
        """How long customers stay, or cases stay open, with those that have not ended yet."""
        from carestudy.show.survival import survival
        from carestudy.survival import compare, curve

        def draw() -> Output:
            care = self.merged(by)
            test = compare(care, kpi, by=by, period=self.period) if by else None
            return survival(self.reader, card(kpi), curve(care, kpi, by=by, period=self.period), test)

        return self.tried(kpi, draw)

    def cohorts(self, *, every: str = "month") -> Output:
        """Of the customers who came together, how many are still here after each month."""
        from carestudy.cohorts import cohorts
        from carestudy.show.cohorts import cohorts as shown

        label = self.reader.t("Customers by time of joining")
        return self.tried(None, lambda: shown(self.reader, cohorts(self.care, every=every), every), label)

    def owners(self, *, by: By = None) -> Output:
        """Customers and contacts that have not exactly one person in charge who is still there."""
        from carestudy.people import owners
        from carestudy.show.owners import owners as shown

        care, label = self.merged(by), self.reader.t("Account owners")
        return self.tried(None, lambda: shown(self.reader, owners(care, by=by, period=self.period)), label)

    def goals(self) -> Output:
        """Every goal that holds in the period, in its own scope, and how far each scope attains its goals."""
        from carestudy.people import attained, goals
        from carestudy.show.goals import goals as shown

        def draw() -> Output:
            found = goals(self.care, period=self.period)
            return shown(self.reader, found, attained(found))

        return self.tried(None, draw, self.reader.t("Goals"))

    def desk(self) -> Output:
        """When contacts come by weekday and hour, and whether somebody is there."""
        from carestudy.desk import coverage, load
        from carestudy.show.desk import load as shown

        def draw() -> Output:
            try:
                inside = coverage(self.care, period=self.period)
            except CareError:  # nobody said when the desk is staffed
                inside = None
            return shown(self.reader, load(self.care, period=self.period), inside)

        return self.tried(None, draw, self.reader.t("Contacts by weekday and hour"))

    def interviews(self) -> Output:
        """Whether somebody talked with enough of the customers who left."""
        from carestudy.exits import interviews
        from carestudy.show.exits import interviews as shown

        return self.tried(None, lambda: shown(self.reader, interviews(self.care)), self.reader.t("Exit interviews"))

    def trend(self, what: What, *, every: str = "month", last: int = 13, by: By = None) -> Output:
        """A KPI over time with its interval; by group, one small line for each."""

        def draw(kpi: Card, frame: pd.DataFrame) -> Output:
            if dimensions(frame):
                return pictures.trends(self.reader, kpi, frame, every)
            shown = pictures.trend(self.reader, kpi, frame, every, changes(self, what, every))
            return given_back.noted(self.reader, self.care, self.period, [what], shown)

        return self._drawn(what, draw, every=every, last=last, by=by)

    def bars(self, what: What, *, by: By = None, period: str | None = None) -> Output:
        """A KPI of several groups side by side, in a fixed order, with the figure of all of them together."""
        when = period or self.period

        def draw(kpi: Card, frame: pd.DataFrame) -> Output:
            whole = None if isinstance(what, pd.DataFrame) else what(self.care, period=when)["value"].iloc[0]
            return bars.bars(self.reader, kpi, frame, whole)

        return self._drawn(what, draw, by=by, period=when)

    def grid(self, what: What, *, by: Sequence[str] = (), period: str | None = None) -> Output:
        """A KPI by two dimensions: a row for each group of the first, a column for each of the second."""
        when = period or self.period
        return self._drawn(what, lambda kpi, frame: matrices.crossed(self.reader, kpi, frame), by=by, period=when)

    def bridge(self, steps: pd.DataFrame | None = None) -> Output:
        """How the customers at the start of the period became those at its end."""
        try:
            frame = bridge(self.care, period=self.period) if steps is None else steps
        except Missing as gap:
            return self.missing(gap, self.reader.t("Customers"))
        if (rows := frame[frame["period"] == self.period]).empty:
            return gaps.nothing(self.reader, self.reader.t("Customers"))
        return bridges.bridge(self.reader, rows, self.period)

    def table(self, frame: pd.DataFrame, title: str = "") -> Output:
        """A small frame as a readable table."""
        return tables.table(self.reader, frame, title)

    def scorecards(
        self, card: pd.DataFrame | None = None, *, by: By = None, kpis: Sequence[Any] | None = None
    ) -> Output:
        """KPIs by group: a row a KPI, a column a group."""
        try:
            rows = controlled(scorecard(self.care, period=self.period, by=by, kpis=kpis)) if card is None else card
            told = withheld.sides(self.care, rows, kpis if card is None else (), self.period)
        except Missing as gap:
            return self.missing(gap, labels.label(self.reader, labels.card(gap.asked_by)))
        if rows.empty:
            return gaps.nothing(self.reader, "")
        return withheld.drawn(self, told, lambda shown: matrices.matrix(self.reader, shown))

    def definitions(self, kpis: Sequence[Any] | None = None) -> Output:
        """What every KPI that the data allow means, or each of those named, and which direction is good."""
        there = self.allowed(kpis)
        return appendix.definitions(self.reader, map(card, there)) if there else gaps.nothing(self.reader, "")

    def sources(self) -> Output:
        """What the report was computed from: rows, faults, versions, settings."""
        return appendix.sources(self.reader, self.care, self.period)

    def quality(self, found: pd.DataFrame | None = None) -> Output:
        """How far the data bear the report: warnings, notices, and what every table covers."""
        from carestudy.quality import quality as checked  # here, so that a page can be shown without loading the engine

        return quality.quality(self.reader, self.care, checked(self.care) if found is None else found)

    @property
    def churn(self) -> Churn:
        """Why customers leave: the reasons they give, when they go, what goes with it."""
        from carestudy.show.churn import Churn

        return Churn(self)

    @property
    def voice(self) -> Voice:
        """What customers say: themes of their texts, what they expect, whose voice it is."""
        from carestudy.show.voice import Voice

        return Voice(self)

    @property
    def service(self) -> Service:
        """The service desk: how quick it is, when it is asked, how many it takes, what each person has to do."""
        from carestudy.show.service import Service

        return Service(self)

    @property
    def segments(self) -> Segments:
        """Groups of customers: who they are, what they bring, who moved."""
        from carestudy.show.segments import Segments

        return Segments(self)

    @property
    def value(self) -> Value:
        """What customers are worth: what they brought, what they will bring, how far to trust it."""
        from carestudy.show.value import Value

        return Value(self)

    def _drawn(self, what: What, draw: Callable[[Card, pd.DataFrame], Output], **asked: Any) -> Output:
        def shown() -> Output:
            kpi, frame = self._asked(what, {name: value for name, value in asked.items() if value is not None})
            if frame["n"].fillna(0).sum() == 0:
                return gaps.nothing(self.reader, labels.label(self.reader, kpi), refusals.first(self.reader, frame))
            return withheld.drawn(self, withheld.told(self.care, frame, kpi), lambda rows: draw(kpi, rows))

        return self.tried(what, shown)

    def _asked(self, what: What, asked: dict[str, Any]) -> tuple[Card, pd.DataFrame]:
        if not isinstance(what, pd.DataFrame):
            return card(what), withheld.sized(self.care, what, **{"period": self.period, **asked})
        kpis = what["kpi"].unique()
        if len(kpis) > 1:
            raise CareError(f"one picture shows one KPI, and this frame has {', '.join(map(str, kpis))}")
        return card(str(kpis[0])) if len(kpis) else Card("", ""), what.reset_index(drop=True)
