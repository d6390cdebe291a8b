"""One simulated company for all tests of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb
import pytest
from asked import CUSTOMERS, PARQUET, SEED

from carestudy import demo


@pytest.fixture(scope="session")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo") / "company"
    demo.write(folder, customers=CUSTOMERS, seed=SEED, threads=2)
    return folder


@pytest.fixture(scope="session")
def engine(company: Path) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    for table in PARQUET:
        connection.from_parquet(str(company / f"{table}.parquet")).create_view(table)
    for table in ("staff", "goals"):
        connection.from_csv_auto(str(company / f"{table}.csv")).create_view(table)
    return connection


@pytest.fixture(scope="session")
def truths(company: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((company / "truths.json").read_text(encoding="utf-8"))["truths"]
    return told
