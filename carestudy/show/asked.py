"""Whose figures are shown, for which period and in which language; what stands where a figure cannot."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from carestudy.care import own_columns
from carestudy.contract import Missing, Premise
from carestudy.measure.front import checked_tables
from carestudy.periods import Period
from carestudy.show import gaps, labels
from carestudy.show.labels import card
from carestudy.show.output import Output
from carestudy.show.words import Reader, catalogue


@dataclass(frozen=True)
class Asked:
    """A company, a period and a language: what every picture is made for."""

    care: Any
    period: str
    lang: str = "vi"

    def __post_init__(self) -> None:
        # A language or a period that nobody knows is refused here and not in the tenth cell.
        catalogue(self.lang)
        object.__setattr__(self, "care", checked_tables("Show", None, self.care))
        object.__setattr__(self, "period", Period.parse(self.period, as_of=self.care.known_until).text)
        # Pictures of one figure in different words, such as a tile and its trend, ask for it once.
        object.__setattr__(self, "care", self.care.remembering())

    @property
    def reader(self) -> Reader:
        """The language and the currency everything is written in, and which durations are known in days only."""
        if not self.care.days_only:
            return Reader(self.lang, self.care.settings.currency)
        from carestudy.kpi import ALL  # loaded with the engine where it is used
        from carestudy.measure.lasting import told_in_days

        return Reader(self.lang, self.care.settings.currency, told_in_days(self.care, ALL.values()))

    def merged(self, by: str | Sequence[str] | None) -> Any:
        """The company with the groups of too few customers as one, for what tells groups otherwise than by figures."""
        from carestudy.show.withheld import merged  # loaded with the engine where it is used

        return merged(self.care, by)

    def allowed(self, kpis: Sequence[Any] | None = None) -> list[Any]:
        """Those of some KPIs, or of all, that the data allow."""
        from carestudy.kpi import ALL  # loaded with the engine where it is used
        from carestudy.measure.available import lack

        return [kpi for kpi in (ALL.values() if kpis is None else kpis) if lack(self.care, kpi) is None]

    def tried(self, kpi: Any, draw: Callable[[], Output], label: str = "") -> Output:
        """What is drawn, or the box that says what is missing for it: for a KPI, or for what is called ``label``."""
        try:
            return draw()
        except Missing as gap:
            return self.missing(gap, label or self._called(kpi, gap))

    def _called(self, kpi: Any, gap: Missing) -> str:
        """What a KPI is called where something is missing for it, or only for telling it by groups."""
        from carestudy.measure.available import lack  # loaded with the engine where it is used

        label = labels.label(self.reader, card(kpi))
        if gap.column is None or isinstance(gap, Premise) or lack(self.care, kpi):
            return label
        dimension = labels.lowered(labels.column(self.reader, gap.column))
        return self.reader.t("{label} by {groups}", label=label, groups=dimension)

    def missing(self, gap: Missing, label: str = "") -> Output:
        """The box that says which table or column is missing, and how to give it."""
        has = own_columns(self.care.tables[gap.table]) if gap.table in self.care.tables else self.care.tables
        return gaps.missing(
            self.reader,
            gap,
            label,
            has,
            ", ".join(labels.lowered(labels.column(self.reader, dimension)) for dimension in self.care.only),
        )
