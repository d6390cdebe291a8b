"""Why customers leave, shown: the reasons they give, when in their life they go, and what goes with it."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from carestudy import churn
from carestudy.churn.given import UNKNOWN
from carestudy.churn.reasons import STATED
from carestudy.contract import CareError, Missing
from carestudy.kpi import leaving_reasons
from carestudy.show import gaps, withheld
from carestudy.show.asked import Asked
from carestudy.show.output import Output


@dataclass(frozen=True)
class Churn:
    """Pictures of leaving, for the company, period and language of a report."""

    asked: Asked

    def reasons(self, *, top: int = 5, months: int | None = 12) -> Output:
        """The most frequent reasons for leaving in twelve months, and whether they changed."""
        from carestudy.show.churn.reasons import reasons

        def draw() -> Output:
            result = self._told(top, months)
            return reasons(self.asked.reader, self._earlier(result)) if result["n"].sum() else self._nothing()

        return self.asked.tried(leaving_reasons, draw)

    def kinds(self, *, months: int | None = 12) -> Output:
        """How many left for reasons that are not the company's to win back; or how to tell."""
        from carestudy.show.churn.reasons import kinds

        def draw() -> Output:
            care = self.asked.care
            result = churn.kinds(care, period=self.asked.period, months=months)
            return kinds(self.asked.reader, result, care.settings.involuntary) if result["n"].sum() else self._nothing()

        return self.asked.tried(leaving_reasons, draw)

    def incidence(self) -> Output:
        """How many have left for each reason by each age, the reasons competing."""
        from carestudy.show.churn.incidence import incidence

        def draw() -> Output:
            result = churn.incidence(self.asked.merged("leave_reason"), period=self.asked.period)
            return incidence(self.asked.reader, result) if len(result) else self._nothing()

        return self.asked.tried(leaving_reasons, draw)

    def drivers(self) -> Output:
        """What goes with leaving, of all that was known before; and how well it foretells who leaves."""
        from carestudy.show.churn.drivers import drivers

        def draw() -> Output:
            try:
                result = churn.drivers(self.asked.care, period=self.asked.period)
            except Missing:
                raise
            except CareError:  # no window is over yet
                return self._nothing()
            return drivers(self.asked.reader, result) if len(result.effects) else self._nothing()

        return self.asked.tried(None, draw, self.asked.reader.t("Leaving customers"))

    def _told(self, top: int, months: int | None) -> pd.DataFrame:
        """The most frequent reasons that customers enough have given; the others together, enough of them too."""
        least, care = self.asked.care.settings.min_group, self.asked.care
        while True:
            rows = churn.reasons(care, period=self.asked.period, top=top, months=months)
            few = rows["numerator"].between(1, least - 1) & rows["what"].ne(UNKNOWN)
            stated = int(rows["what"].eq(STATED).sum())
            if not few.any() or not stated:
                return rows
            # Sorted by how frequent they are: what is left over joins the smallest that is told.
            top = min(int((rows["what"].eq(STATED) & ~few).sum()), stated - 1)

    def _earlier(self, rows: pd.DataFrame) -> pd.DataFrame:
        """The same without shares of the time before that few customers stand behind, and what betrays them."""
        size = (rows["before"] * rows["before_n"]).astype(float).fillna(0).round()
        hidden = withheld.kept_back(size, rows[["reason"]], self.asked.care.settings.min_group)
        return withheld.blank(rows, hidden, ("before", "change", "change_low", "change_high"))

    def _nothing(self) -> Output:
        return gaps.nothing(self.asked.reader, self.asked.reader.t("Leaving customers"))
