"""A company small enough to know who may be contacted and why not."""

from __future__ import annotations

from typing import Any

import pandas as pd
from companies import people, table

import carestudy as cs

AS_OF = "2026-10-31"


def company(rows: int = 20, **given: Any) -> Any:
    """Customers C00, C01 ... here since 2024, each with consent and three purchases in this year, unless given."""
    ids = [f"C{k:02}" for k in range(rows)]
    customers = people(*((one, "2024-01-05", None) for one in ids), columns="")
    sold = [(one, f"2026-{month}-05", 1000 + k) for k, one in enumerate(ids) for month in ("03", "06", "09")]
    tables = {
        "customers": customers.assign(consent=[True] * rows),
        "transactions": table("customer_id occurred_at amount", *sold, amount="int64"),
    }
    return cs.load(tables | given, as_of=AS_OF)


def customers(*rows: tuple[Any, ...], columns: str = "", **more: Any) -> pd.DataFrame:
    """Customers as (customer_id, joined_on, left_on, further columns ...)."""
    return people(*rows, columns=columns).assign(**more)


def steps(found: Any) -> dict[str, int]:
    """How many fell out at each step."""
    return dict(zip(found.left_out["step"], found.left_out["customers"], strict=True))
