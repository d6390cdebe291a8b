"""What customers are worth, shown: what they brought, what they will bring, and how far that can be trusted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from typing import Any

from carestudy.contract import Missing
from carestudy.periods import Period
from carestudy.show.asked import Asked
from carestudy.show.output import Output
from carestudy.show.value import ahead, alive, brought, projection, tracking
from carestudy.value import LifetimeValue, lifetime_value, value_to_date

YEARS = (6, 12, 24, 36, 60)  # months


@dataclass(frozen=True)
class Value:
    """Pictures of what customers are worth, for the company, period and language of a report."""

    asked: Asked

    def brought(self, *, months: Sequence[int] = YEARS) -> Output:
        """What customers have brought in their first months: counted, without any forecast."""
        return self.asked.tried(
            None, lambda: brought.brought(self.asked.reader, value_to_date(self._then, months=months))
        )

    def lifetime(
        self,
        *,
        horizon: str = "12M",
        discount: float = 0.10,
        margin: float | None = None,
        by: str | Sequence[str] | None = None,
        model: str = "bg_nbd",
    ) -> Lifetime:
        """The forecast that is shown: made at the end of the period, once for all pictures of it."""
        try:
            options: dict[str, Any] = {"horizon": horizon, "discount": discount, "margin": margin, "model": model}
            then = replace(self.asked.merged(by), as_of=self._then.as_of)
            return Lifetime(self.asked, lifetime_value(then, by=by, **options), None)
        except Missing as gap:
            return Lifetime(self.asked, None, gap)

    @property
    def _then(self) -> Any:
        """The data as they were known at the end of the period."""
        care = self.asked.care
        end = datetime.combine(Period.parse(self.asked.period).end, time(), care.zone)
        return replace(care, as_of=min(care.as_of, end))


@dataclass(frozen=True)
class Lifetime:
    """A forecast of a report: each method shows one side of it, or what is missing for it."""

    asked: Asked
    found: LifetimeValue | None
    gap: Missing | None

    def ahead(self) -> Output:
        """What a customer of each group will bring within the horizon, beside what they have brought so far."""
        return self._tried(ahead.ahead)

    def tracking(self) -> Output:
        """The forecast made at an earlier day against what came."""
        return self._tried(tracking.tracking)

    def alive(self) -> Output:
        """How many who bought again still buy; with contracts that is known."""
        return self._tried(alive.alive)

    def projection(self) -> Output:
        """How many customers are still here after each month, and how it goes on; of contracts only."""
        return self._tried(projection.projection)

    def here(self) -> Output:
        """Who is still here: from contracts how long customers stay, from purchases the chance that they still buy."""
        contracts = self.found is not None and self.found.contracts
        return self.projection() if contracts else self.alive()

    def _tried(self, draw: Callable[..., Output]) -> Output:
        if self.gap or self.found is None:
            return self.asked.missing(
                self.gap or Missing("transactions"), self.asked.reader.t("Customer lifetime value")
            )
        return draw(self.asked.reader, self.found)
