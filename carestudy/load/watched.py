"""Tables that stay in somebody's database, where they may change under the figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from carestudy import engine
from carestudy.contract import CareError
from carestudy.load.mapping import FILE


@dataclass(frozen=True)
class Watched:
    """A table, what is asked of it again, and what it answered when it was loaded."""

    source: str
    question: Any
    answer: Mapping[str, Any]

    @classmethod
    def of(cls, source: str, table: engine.Table) -> Watched:
        """Ask for the rows, and for the first and last of each day or moment: what changes if the table does."""
        days = [c for c, kind in table.schema().items() if kind.is_date() or kind.is_timestamp()]
        ends = {f"first_{c}": table[c].min().cast("string") for c in days}
        ends |= {f"last_{c}": table[c].max().cast("string") for c in days}
        question = table.aggregate(rows=table.count(), **ends)
        return cls(source, question, _answer(question))

    def refuse_if_changed(self) -> None:
        """Ask again; another answer is an error, as is none."""
        changed = f"{self.source} was changed while figures were computed from it"
        try:
            now = _answer(self.question)
        except CareError as error:
            raise CareError(f"{changed}, or is out of reach: {error}") from None
        if now != self.answer:
            rows = f"rows at first {self.answer['rows']:,}, now {now['rows']:,}"
            raise CareError(f"{changed} ({rows}): run it again, or say in_memory = true in {FILE}")


def _answer(question: Any) -> dict[str, Any]:
    (row,) = engine.answer(question).to_pylist()
    return dict(row)
