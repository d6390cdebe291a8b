"""Companies small enough to count by hand, and the demo company, loaded once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

import carestudy as cs

DATA = Path(__file__).parents[1] / "data"


@cache
def demo() -> Any:
    """The committed demo company."""
    return cs.load(DATA / "demo")


@cache
def desk() -> Any:
    """The demo company, whose contacts also say whether they were answered and how long somebody worked on them."""
    contacts = demo().table("contacts")
    seconds = (contacts.opened_at.minute() * 60 + contacts.opened_at.hour()).cast("float64")
    more = contacts.mutate(answered=contacts.first_reply_at.notnull(), handling_seconds=seconds)
    return demo().with_table("contacts", more)


def table(columns: str, *rows: Sequence[Any], **dtypes: Any) -> pd.DataFrame:
    """Rows under the names of their columns; text unless told otherwise, so that an empty column has a type."""
    names = columns.split()
    frame = pd.DataFrame([list(row) for row in rows], columns=names, dtype=object)
    return frame.astype({name: dtypes.get(name, "str") for name in names})


def people(*rows: Sequence[Any], columns: str = "") -> pd.DataFrame:
    """Customers as (customer_id, joined_on, left_on, further columns ...)."""
    return table(f"customer_id joined_on left_on {columns}", *rows)


def answers(scores: Sequence[Any], question: str = "csat", **columns: Any) -> pd.DataFrame:
    """One answer for each score, None where the question was left open."""
    return pd.DataFrame({"question": question, "score": pd.Series(scores, dtype="float64"), **columns})


def fraction(figures: pd.DataFrame) -> tuple[int, int]:
    """Numerator and denominator of a figure that has one row."""
    (row,) = figures.to_dict("records")
    return int(row["numerator"]), int(row["denominator"])


def by_group(figures: pd.DataFrame, name: str, of: str = "value") -> dict[Any, Any]:
    """One column of figures for each group."""
    return dict(zip(figures[name], figures[of], strict=True))
