"""Credit notes are matched alike on every engine."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest
from faulty import laid_down

import carestudy as cs
from carestudy import kpi

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]

SALES = [
    ("a", "k", "2026-01-01", 100), ("b", "k", "2026-01-05", 100), ("c", "k", "2026-01-09", 300),
    ("r1", "k", "2026-01-10", -100), ("r2", "k", "2026-01-11", -100), ("r3", "k", "2026-01-12", -50),
    ("d", "m", "2026-01-12", 70), ("r4", "m", "2026-01-12", -70), ("r5", None, "2026-02-01", -5),
    ("r6", "z", "2026-02-01", -7), ("e", "z", "2026-02-02", 7),
]  # fmt: skip
REFUNDED = {"a": 100, "b": 100, "c": 50, "d": 70, "r5": 5, "r6": 7}
WHO = {None: "NULL"}
VALUES = ", ".join(
    f"('{key}', {WHO.get(who, repr(who))}, TIMESTAMP '{day} 09:00:00', {amount})" for key, who, day, amount in SALES
)


def _told(care: Any) -> tuple[dict[str, int], list[tuple[int, int]]]:
    found = care.tables["transactions"].select("transaction_id", "refunded").to_pyarrow().to_pylist()
    rates = [kpi.return_rate(care, of=of, period="2026-Q1") for of in ("orders", "value")]
    counts = [(int(one["numerator"].iloc[0]), int(one["denominator"].iloc[0])) for one in rates]
    return {row["transaction_id"]: row["refunded"] for row in found if row["refunded"]}, counts


EXPECTED = (REFUNDED, [(6, 5), (332, 577)])


def test_credit_notes_of_frames_and_of_postgres_are_matched_alike(server: str) -> None:
    frame = pd.DataFrame(SALES, columns=["transaction_id", "customer_id", "occurred_at", "amount"])
    assert _told(cs.load({"transactions": frame}, as_of="2026-12-31")) == EXPECTED
    made = "CREATE TABLE transactions (transaction_id text, customer_id text, occurred_at timestamp, amount bigint);"
    laid_down(server, "credit_notes", f"{made} INSERT INTO transactions VALUES {VALUES};")  # noqa: S608 - our own rows
    care = cs.load(f"{server}/postgres/credit_notes", as_of="2026-12-31")
    assert {table.get_backend().name for table in care.tables.values()} == {"postgres"}
    assert _told(care) == EXPECTED


def test_credit_notes_of_spark_are_matched_alike(connected: Callable[[str], Any]) -> None:
    connection = connected("pyspark")
    names = "AS t(transaction_id, customer_id, occurred_at, amount)"
    query = f"SELECT * FROM VALUES {VALUES.replace('TIMESTAMP', 'TIMESTAMP_NTZ')} {names}"  # noqa: S608 - our own rows
    connection._session.sql(query).createOrReplaceTempView("sold")
    care = cs.load({"transactions": connection.table("sold")}, as_of="2026-12-31")
    assert {table.get_backend().name for table in care.tables.values()} == {"pyspark"}
    assert _told(care) == EXPECTED
    connection._session.catalog.dropTempView("sold")
