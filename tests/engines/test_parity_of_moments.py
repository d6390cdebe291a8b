"""Moments that stay in their database: clocks that change, and days without hours, as in our own engine."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from servers import ENGINES

import carestudy as cs
from carestudy import kpi
from carestudy.zones import IN_UTC

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]  # Spark has something to say of pandas
LONDON = "Europe/London"


@pytest.fixture
def load(connected: Callable[[str], Any], tmp_path: Path) -> Callable[..., Any]:
    """Loads a table of contacts that stands in an engine under a name of its own."""

    def loaded(engine: str, name: str, table: pa.Table, **given: Any) -> Any:
        connection = connected(engine)
        if engine == "postgres":
            connection.create_table(name, table, overwrite=True)
            return cs.load({"contacts": connection.table(name)}, **given)
        pq.write_table(table, tmp_path / f"{name}.parquet", coerce_timestamps="us")
        session = connection._session  # Ibis lends no other way to a session's files
        session.read.parquet(str(tmp_path / f"{name}.parquet")).createOrReplaceTempView(name)
        return cs.load({"contacts": connection.table(name)}, **given)

    return loaded


def zoned() -> pa.Table:
    """A case every quarter of an hour over the end of summer time, solved after 30 minutes."""
    opened = pd.date_range("2026-10-24T22:10Z", periods=32, freq="15min")
    names = {"opened_at": opened, "resolved_at": opened + pd.Timedelta(minutes=30)}
    return pa.table({name: pa.array(cells, pa.timestamp("us", "UTC")) for name, cells in names.items()})


@pytest.mark.parametrize("engine", ENGINES)
def test_clocks_that_change_make_no_time(engine: str, load: Callable[..., Any]) -> None:
    care = load(engine, "changing", zoned(), timezone=LONDON)
    assert care.counts[0].used == 32
    assert IN_UTC + "opened_at" in care.tables["contacts"].columns
    for at in (0.01, 0.99):
        assert kpi.resolution_time(care, at=at)["value"].item() == 0.5


@pytest.mark.parametrize("engine", ENGINES)
def test_clocks_without_a_zone_are_those_of_the_company(engine: str, load: Callable[..., Any]) -> None:
    clocks = pd.to_datetime(["2026-03-29 00:50"] * 3), pd.to_datetime(["2026-03-29 02:10"] * 3)
    names = dict(zip(("opened_at", "resolved_at"), clocks, strict=True))
    table = pa.table({name: pa.array(cells, pa.timestamp("us")) for name, cells in names.items()})
    care = load(engine, "clocks", table, timezone=LONDON)
    assert kpi.resolution_time(care)["value"].item() == pytest.approx(1 / 3)


@pytest.mark.parametrize("engine", ENGINES)
def test_days_are_days(engine: str, load: Callable[..., Any]) -> None:
    opened = pd.date_range("2026-10-05 09:30", periods=8)
    replied = pa.array((opened + pd.Timedelta(days=2)).date)
    care = load(
        engine, "days", pa.table({"opened_at": pa.array(opened, pa.timestamp("us")), "first_reply_at": replied})
    )
    assert care.days_only == {("contacts", "first_reply_at")}
    assert care.counts[0].set_aside == 0
    assert kpi.first_response_time(care)["value"].item() == 48
    assert not [column for column in care.tables["contacts"].columns if column.startswith(IN_UTC)]
