"""What every source of candidates is given: the data, the period, and the whole months that lead up to its end."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

from carestudy.care import Care
from carestudy.findings.candidate import Since
from carestudy.measure.available import lack
from carestudy.measure.kpi import Kpi, known_period
from carestudy.measure.shifts import Shift
from carestudy.periods import Period

MONTHS = 24  # that are looked at
YEAR = 12


@dataclass(frozen=True)
class Context:
    """The company and the period of a report."""

    care: Care
    period: Period

    @staticmethod
    def of(care: Care, period: str) -> Context:
        """The context of a period that the data have begun to know."""
        return Context(care.remembering(), known_period(care, period))

    @cached_property
    def month(self) -> Period:
        """The last whole month of the period that the data know to its end."""
        last = Period.holding(self.period.end - timedelta(days=1), "month")
        while last.end > self.care.known_until.date() or last.end > self.period.end:
            last = last.before()
        return last

    @cached_property
    def months(self) -> list[Period]:
        """The months up to that one, oldest first."""
        return self.month.run(MONTHS)

    @property
    def year(self) -> Period:
        """The twelve months up to the end of that month."""
        return self.month.year()

    def there(self, figures: Iterable[Kpi], by: Sequence[str] = ()) -> list[Kpi]:
        """Those of some figures that the data allow, grouped like this."""
        return [kpi for kpi in figures if lack(self.care, kpi, list(by)) is None]

    def span(self, first: Period, last: Period | None = None) -> Period:
        """From the first of these months to the last, or to the month of the report."""
        return Period.parse(f"{first.text}..{(last or self.month).text}")


def since(names: Sequence[str], shift: Shift) -> Since | None:
    """The month of a change with its interval; None of a gradual one."""
    if shift.first is None or shift.earliest is None or shift.latest is None:
        return None
    return Since(*(names[place] for place in (shift.first, shift.earliest, shift.latest)))
