"""How the tests of the simulated company ask its files, and when a count fits a chance."""

from __future__ import annotations

from math import sqrt
from typing import Any

import duckdb

PARQUET = ("customers", "transactions", "contacts", "responses", "invitations")
CUSTOMERS, SEED = 9000, 7  # more orders than one row group holds, so that the number of threads could matter


def rows(engine: duckdb.DuckDBPyConnection, query: str, *values: object) -> list[tuple[Any, ...]]:
    return engine.execute(query, list(values)).fetchall()


def one(engine: duckdb.DuckDBPyConnection, query: str, *values: object) -> Any:
    return rows(engine, query, *values)[0][0]


def fits(count: int, n: int, share: float) -> bool:
    """Whether a count is within four standard deviations of what a share of n lets expect."""
    return n > 0 and abs(count - n * share) <= 4 * sqrt(n * share * (1 - share)) + 1e-9
