"""What is found of the data, and from which share of the rows on it is worth a notice or a warning."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

Level = Literal["fine", "notice", "warning"]
NEVER = float("inf")
ALL = 1 - 1e-9  # a share above it is the whole


@dataclass(frozen=True)
class Rule:
    """Above which share a finding is a notice, and a warning; of fewer rows than ``least`` nothing is said.

    Most checks count the rows that are wrong; those that ``lack`` count the rows that are right, and judge the rest.
    """

    notice: float
    warning: float = NEVER
    least: int = 1
    lack: bool = False

    def level(self, rows: int, of: int) -> Level:
        """What so many rows of so many are."""
        if of < self.least or not of:
            return "fine"
        share = (of - rows if self.lack else rows) / of
        if share > self.warning:
            return "warning"
        return "notice" if share > self.notice else "fine"


RULES = {
    # Columns: rows that have a value; those by which figures are only grouped are never worth more than a notice.
    "coverage": Rule(0.05, 0.20, lack=True),
    "grouping": Rule(0.50, lack=True),
    "in no base": Rule(0.0, 0.05, lack=True),
    # Rows that some figure waits for: in a small table there may be none of them.
    "never": Rule(NEVER, ALL, least=30, lack=True),
    "word": Rule(NEVER, ALL, least=100, lack=True),
    "scale": Rule(NEVER, ALL, least=30, lack=True),
    "only good": Rule(ALL, least=30, lack=True),
    "five points": Rule(0.0),
    "open scale": Rule(0.0),
    # Rows that the door set aside or mended.
    "unusable": Rule(0.0, 0.02),
    "repeated": Rule(0.0, 0.05),
    "differing": Rule(0.0, 0.05),
    "impossible": Rule(0.0, 0.02),
    "currency": Rule(0.0, 0.0),
    "mended": Rule(0.05),
    "emptied": Rule(0.0, 0.02),
    "errors": Rule(0.0, 0.02),
    "exchanged": Rule(0.0, 0.0),
    "not data": Rule(NEVER),
    # Rows that name somebody or something nobody knows.
    "before joining": Rule(0.01),
    "after the end": Rule(0.0),
    "orphan": Rule(0.01, 0.10),
    "ungrouped": Rule(0.05),
    "unknown word": Rule(0.0),
    "unmet words": Rule(0.0, lack=True),  # of the words of a condition in care.toml, those that a cell holds
    "left out": Rule(0.0),
    "unknown question": Rule(ALL),  # surveys ask for more than figures count
    # Goals that nothing meets.
    "unknown figure": Rule(0.0),
    "unknown scope": Rule(0.0),
    "unknown period": Rule(0.0),
    "other unit": Rule(0.0),
    "unclear unit": Rule(0.0, 0.0),
    "several targets": Rule(0.0),
    # Text and ids.
    "letters": Rule(0.0, 0.05),
    "alike": Rule(0.0),
    "no key": Rule(0.0),
    "phones": Rule(0.0, 0.0),
    # Amounts and days.
    "amount": Rule(0.0, 0.0),
    "new negatives": Rule(0.0),
    "stopped": Rule(0.0, 0.0),
    "gap": Rule(0.005, 0.02),
    "closed": Rule(0.005),
    "early": Rule(0.0),
    "late": Rule(0.0, 0.0),
}


@dataclass(frozen=True)
class Finding:
    """One statement about a table: so many rows of so many, and the figures that it touches."""

    table: str
    column: str
    check: str
    rows: int
    of: int
    figures: tuple[str, ...] = ()
    first: date | None = None
    last: date | None = None
    words: tuple[str, ...] = ()

    @property
    def share(self) -> float:
        """The rows as a share; none of no rows."""
        return self.rows / self.of if self.of else 0.0

    @property
    def level(self) -> Level:
        """How much it matters, by the rule of its check."""
        return RULES[self.check].level(self.rows, self.of)
