"""The voice of the customer, shown: what they write about, and what they expect."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from carestudy.contract import Missing
from carestudy.show.asked import Asked
from carestudy.show.output import Output


@dataclass(frozen=True)
class Voice:
    """Pictures and sentences of what customers say; ``period`` is that of the report unless another is named."""

    asked: Asked

    def board(self) -> Output:
        """Recommendation, satisfaction, effort and who answers, each beside the period before."""
        from carestudy.overview import scorecard
        from carestudy.show import tiles

        return self._tried(
            self.asked.reader.t("The scores of surveys"),
            lambda: tiles.board(
                self.asked.reader, scorecard(self.asked.care, period=self.asked.period, kpis=_figures())
            ),
        )

    def definitions(self) -> Output:
        """What the figures of this page mean."""
        from carestudy.show import appendix
        from carestudy.show.labels import card

        return appendix.definitions(self.asked.reader, map(card, _figures()))

    def heard(self, *, period: str | None = None) -> Output:
        """How many answered, how many of them wrote something, and of how many customers."""
        from carestudy.show.voice.heard import heard as shown
        from carestudy.themes import heard  # here and below: loaded with the engine where it is used

        label = self.asked.reader.t("How many customers answered")
        return self._tried(
            label, lambda: shown(self.asked.reader, heard(self.asked.care, period=period or self.asked.period))
        )

    def themes(self, what: str = "comments", *, of: str = "unhappy", period: str | None = None) -> Output:
        """What customers write about, or the reasons of those who left: the share of each theme, and what changed."""
        from carestudy.show.voice.themes import heading
        from carestudy.show.voice.themes import themes as shown
        from carestudy.themes import codebook, themes

        care, when = self.asked.care, period or self.asked.period
        whose = of if what == "comments" else "left"

        def draw() -> Output:
            rows = themes(care, what, period=when, of=of if what == "comments" else "all")
            return shown(self.asked.reader, rows, codebook(care.settings.themes), whose, care.settings.min_group)

        return self._tried(heading(self.asked.reader, whose), draw)

    def missed(self, *, period: str | None = None) -> Output:
        """How many comments the codebook found no theme in: a count, and no text."""
        from carestudy.show.voice.heard import missed as shown
        from carestudy.show.voice.themes import heading
        from carestudy.themes import leftovers, themes

        care, when = self.asked.care, period or self.asked.period
        label = heading(self.asked.reader, "all")
        return self._tried(
            label, lambda: shown(self.asked.reader, themes(care, period=when), leftovers(care, period=when))
        )

    def expectations(self, *, period: str | None = None) -> Output:
        """What matters most to customers, beside how well it is done."""
        from carestudy.expected import expectations
        from carestudy.show.voice.importance import importance

        when = period or self.asked.period
        label = self.asked.reader.t("What customers expect")
        return self._tried(
            label, lambda: importance(self.asked.reader, expectations(self.asked.care, period=when), when)
        )

    def kano(self, frame: Any = None, *, period: str | None = None) -> Output:
        """Which attributes delight, which are taken for granted; of a frame of pairs, or of the company's surveys."""
        from carestudy.expected import kano
        from carestudy.show.voice.kano import kano as shown

        data = self.asked.care if frame is None else frame
        label = self.asked.reader.t("What delights customers and what they take for granted")
        return self._tried(
            label, lambda: shown(self.asked.reader, kano(data, period=None if frame is not None else period))
        )

    def quotes(self, theme: str, *, of: str = "unhappy", n: int = 3, period: str | None = None) -> Output:
        """A few comments on a theme, with what may point to a person masked; read them before others do."""
        from carestudy.show.voice.quotes import quotes as shown
        from carestudy.show.voice.themes import heading
        from carestudy.themes.masked_quotes import quotes

        care, when = self.asked.care, period or self.asked.period
        label = heading(self.asked.reader, of)
        return self._tried(
            label, lambda: shown(self.asked.reader, quotes(care, theme, of=of, n=n, period=when), theme, care)
        )

    def _tried(self, label: str, draw: Callable[[], Output]) -> Output:
        """What is drawn, or the box that says which table or column is missing for it."""
        try:
            return draw()
        except Missing as gap:
            return self.asked.missing(gap, label)


def _figures() -> list[Any]:
    """The scores that surveys give, and how many answer them."""
    from carestudy import kpi

    return [kpi.nps, kpi.csat, kpi.ces, kpi.response_rate]
