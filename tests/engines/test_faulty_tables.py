"""Tables with faults that stay in PostgreSQL or Spark give the figures of the same rows read into our own engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import ibis
import pandas as pd
import pytest
from faulty import CARE, SPARK, TABLES, laid_down

import carestudy as cs
from carestudy import kpi
from carestudy.load import load
from carestudy.load.faults import left_empty, set_aside

at = partial(datetime, tzinfo=None)
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]


@pytest.fixture(scope="module")
def faulty(server: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose care.toml names a database of tables with faults."""
    laid_down(server, "faulty", TABLES)
    folder = tmp_path_factory.mktemp("faulty")
    (folder / "care.toml").write_text(f'database = "{server}/postgres/faulty"\n{CARE}', "utf-8")
    return folder


@pytest.fixture(scope="module")
def both(faulty: Path) -> tuple[Any, Any]:
    """The company as it stands in PostgreSQL, and as it is read into our own engine."""
    return load(faulty), load(faulty, in_memory=True)


def _rows(care: Any, name: str, *columns: str) -> list[tuple[Any, ...]]:
    rows = care.tables[name].order_by(columns[0]).select(*columns).to_pyarrow().to_pylist()
    return [tuple(row.values()) for row in rows]


def test_each_engine_is_the_one_that_was_asked_for(both: tuple[Any, Any]) -> None:
    assert [{table.get_backend().name for table in care.tables.values()} for care in both] == [{"postgres"}, {"duckdb"}]


def test_rows_with_faults_are_set_aside_where_they_stand(both: tuple[Any, Any]) -> None:
    there, here = both
    found = set_aside(there)
    pd.testing.assert_frame_equal(found, set_aside(here))
    assert found.groupby("table").size().to_dict() == {
        "customers": 3, "responses": 7, "staff": 2, "transactions": 3,
    }  # fmt: skip
    emptied = left_empty(there)
    pd.testing.assert_frame_equal(emptied, left_empty(here))
    assert sorted(emptied[["table", "line", "column"]].itertuples(index=False, name=None)) == [
        ("contacts", 2, "first_reply_at"), ("customers", 4, "left_on"), ("customers", 6, "consent"),
    ]  # fmt: skip
    pd.testing.assert_frame_equal(there.faults, here.faults)
    assert there.counts == tuple(one for one in there.counts if one.read == one.used + one.set_aside)


@pytest.mark.parametrize("table", ["customers", "transactions", "contacts", "responses", "staff"])
def test_what_is_used_is_the_same_cell_by_cell(table: str, both: tuple[Any, Any]) -> None:
    there, here = (sorted(map(repr, care.tables[table].to_pyarrow().to_pylist())) for care in both)
    assert there == here


def test_text_times_amounts_and_flags_are_as_the_contract_has_them(both: tuple[Any, Any]) -> None:
    there, _ = both
    assert _rows(there, "customers", "customer_id", "region", "segment", "birth_year", "consent") == [
        ("C1", "Huế", "a", 1980, True), ("C2", "Hà Nội", "a", 1981, False),
        ("C3", "Huế", "b", None, None), ("C6", "Huế", None, 1990, None), ("C7", None, None, 1990, True),
    ]  # fmt: skip
    assert _rows(there, "transactions", "transaction_id", "occurred_at", "amount", "channel") == [
        ("1", at(2026, 10, 1, 6, 30), 951, "Shop"), ("3", at(2026, 10, 31, 23, 59), 2, "Shop"),
        ("4", at(2026, 11, 1, 0, 1), 7, "Shop"), ("5", at(2026, 10, 16, 0, 1), None, "Shop"),
        ("7", at(2026, 10, 17, 0, 1), -3, "Shop"), ("8", at(2026, 10, 18, 0, 1), 100_000_000_000, "Shóp"),
    ]  # fmt: skip
    assert _rows(there, "responses", "response_id", "answered_at", "question", "score")[0] == (
        "r1", at(2026, 10, 6, 3, 0), "nps", 9.0,
    )  # fmt: skip
    assert [kind for _, kind in _rows(there, "contacts", "contact_id", "kind")] == ["complaint", "question", "question"]
    assert _rows(there, "staff", "from", "team", "until") == [
        (date(2026, 1, 1), "A", date(2026, 10, 1)), (date(2026, 10, 1), "B", None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "figure",
    [
        lambda care: cs.scorecard(care, period="2026-10"),
        lambda care: kpi.nps(care, every="month", last=2, by="region"),
        lambda care: kpi.return_rate(care, every="month", last=2, by=["region", "channel"]),
    ],
)
def test_figures_are_the_same(figure: Callable[[Any], pd.DataFrame], both: tuple[Any, Any]) -> None:
    there, here = map(figure, both)
    pd.testing.assert_frame_equal(there, here, check_dtype=False, rtol=1e-9)


@pytest.fixture(scope="module")
def spark(connected: Callable[[str], Any]) -> Iterator[Any]:
    """Tables of moments and of clocks in Spark."""
    connection = connected("pyspark")
    for name, query in SPARK.items():
        connection._session.sql(query).createOrReplaceTempView(name)
    yield connection
    for name in SPARK:
        connection._session.catalog.dropTempView(name)


def test_a_moment_of_spark_is_shown_by_the_companys_clock(spark: Any) -> None:
    care = load({"transactions": spark.table("moments"), "contacts": spark.table("clocks")})
    assert {table.get_backend().name for table in care.tables.values()} == {"pyspark"}
    assert _rows(care, "transactions", "transaction_id", "occurred_at", "amount", "returned") == [
        ("1", at(2026, 10, 1, 6, 30), 951, False), ("2", at(2026, 11, 1, 0, 1), -3, True),
    ]  # fmt: skip
    assert _rows(care, "contacts", "contact_id", "opened_at") == [("k1", at(2026, 9, 30, 23, 30))]
    assert [row[-3:] for row in set_aside(care).drop(columns="source").itertuples(index=False, name=None)] == [
        (3, "returned", "is neither yes nor no")
    ]


def test_letters_that_spark_cannot_join_are_refused_and_read_in_memory(spark: Any) -> None:
    table = {"customers": spark.table("apart")}
    with pytest.raises(cs.CareError, match=r"customers: region: letters .* in_memory = true"):
        load(table)
    assert _rows(load(table, in_memory=True), "customers", "customer_id", "region") == [("C1", "Hà Nội")]


def test_moments_of_spark_are_moments_in_memory_as_well(spark: Any) -> None:
    care = load({"transactions": spark.table("moments")}, in_memory=True)
    assert _rows(care, "transactions", "transaction_id", "occurred_at")[0] == ("1", at(2026, 10, 1, 6, 30))


def test_a_connection_in_memory_is_a_setting_of_the_call_too(server: str, faulty: Path) -> None:
    connection = ibis.connect(f"{server}/postgres/faulty")
    care = load({"staff": connection.table("staff")}, in_memory=True)
    assert care.tables["staff"].get_backend().name == "duckdb"
    with pytest.raises(cs.CareError, match="in_memory is true or false"):
        load({"staff": connection.table("staff")}, in_memory="yes")
    connection.disconnect()
