"""One company, with holes and ties in its data, on every engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import ibis
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from servers import COMMENTS, postgres_server, spark_session

import carestudy as cs
from carestudy import demo

COMPANY = {"currency": "VND", "hours": {"mon-fri": ["08:00-12:00", "13:00-17:30"]}, "holidays": ("VN",)}


@pytest.fixture(scope="session")
def tables(tmp_path_factory: pytest.TempPathFactory) -> dict[str, pa.Table]:
    """A small demo company in which some cells are empty, some customers equal, and some groups are of nobody."""
    folder = tmp_path_factory.mktemp("company")
    demo.write(folder / "demo", customers=400, seed=3)
    care = cs.load(folder / "demo")
    found = {name: table.to_pyarrow() for name, table in care.tables.items()}
    frame = found["responses"].to_pandas()
    frame.loc[frame.index % 7 == 0, "team"] = None
    frame.loc[frame.index % 11 == 0, "score"] = float("nan")
    for n, comment in enumerate(COMMENTS):
        frame.loc[frame.index % 29 == n, "comment"] = comment
    people = found["customers"].to_pandas(date_as_object=True)
    people.loc[people.index % 5 == 0, "segment"] = None
    people.loc[people.index % 6 == 1, "segment"] = "vip of f"
    people.loc[people.index % 6 == 2, "segment"] = "five"
    contacts = found["contacts"].to_pandas()
    answered = pa.array([None if n % 5 == 0 else bool(n % 3) for n in contacts.index])
    seconds = pa.array([None if n % 4 == 0 else float(n % 601) for n in contacts.index], pa.float64())
    found["contacts"] = found["contacts"].append_column("answered", answered).append_column("handling_seconds", seconds)
    found["responses"] = _like(frame, found["responses"])
    found["customers"] = _like(people, found["customers"])
    return found


@pytest.fixture(scope="session")
def here(tables: dict[str, pa.Table]) -> Any:
    """The company in the embedded engine."""
    return cs.load(tables, as_of="2026-10-31", **COMPANY)


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The address of a PostgreSQL."""
    with postgres_server() as address:
        yield address


@pytest.fixture(scope="session")
def connected(
    tables: dict[str, pa.Table], tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Callable[[str], Any]]:
    """The connection to an engine that holds the company; started when it is first asked for."""
    opened: dict[str, Any] = {}
    closing: list[Any] = []

    def connection(engine: str) -> Any:
        if engine not in opened:
            if engine == "postgres":
                opened[engine] = _in_postgres(request.getfixturevalue("server"), tables)
            else:
                context = spark_session()
                closing.append(context)
                opened[engine] = _in_spark(context.__enter__(), tables, tmp_path_factory.mktemp(engine))
        return opened[engine]

    yield connection
    for context in reversed(closing):
        context.__exit__(None, None, None)


@pytest.fixture(scope="session")
def there(connected: Callable[[str], Any]) -> Callable[[str], Any]:
    """The company as it stands in another engine."""
    known: dict[str, Any] = {}

    def care(engine: str) -> Any:
        if engine not in known:
            known[engine] = cs.load(connected(engine), as_of="2026-10-31", **COMPANY)
        return known[engine]

    return care


def _in_postgres(address: str, tables: dict[str, pa.Table]) -> Any:
    connection = ibis.connect(f"{address}/postgres")
    for name, table in tables.items():
        connection.create_table(name, table)
    return connection


def _in_spark(session: Any, tables: dict[str, pa.Table], folder: Path) -> Any:
    connection = ibis.pyspark.connect(session)
    for name, table in tables.items():
        pq.write_table(table, folder / f"{name}.parquet", coerce_timestamps="us")
        session.read.parquet(str(folder / f"{name}.parquet")).createOrReplaceTempView(name)
    return connection


def _like(frame: pd.DataFrame, table: pa.Table) -> pa.Table:
    return pa.Table.from_pandas(frame, schema=table.schema.remove_metadata(), preserve_index=False)
