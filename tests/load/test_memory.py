"""What the embedded engine may use of the machine is said in care.toml."""

from __future__ import annotations

from pathlib import Path

import ibis
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from folders import counts, folder
from pyarrow import parquet

from carestudy.contract import CareError
from carestudy.load import load

STAFF = "agent,team\nLan,A\n"


def test_the_engine_keeps_to_its_memory_and_its_folder(tmp_path: Path) -> None:
    path = folder(tmp_path, care='memory_limit = "300MB"\nspill_folder = "spill"', staff=STAFF)
    (path / "spill").mkdir()
    backend = load(path).table("staff").get_backend()
    said = "SELECT current_setting('memory_limit'), current_setting('temp_directory')"
    limit, spill = backend.con.execute(said).fetchone()
    assert (limit, Path(spill).parent) == ("286.1 MiB", path / "spill")


@pytest.mark.parametrize(("limit", "cores"), [("60MB", 1), ("3.9GB", 1), ("4GB", 2), ("4000000 KB", 2), ("1TB", 3)])
def test_every_core_has_memory_enough(monkeypatch: pytest.MonkeyPatch, limit: str, cores: int) -> None:
    monkeypatch.setattr(ibis.duckdb, "connect", lambda connect=ibis.duckdb.connect: connect(threads=3))
    engine = load({"staff": pd.DataFrame({"agent": ["Lan"]})}, memory_limit=limit).table("staff").get_backend()
    assert engine.con.execute("SELECT current_setting('threads')").fetchone() == (cores,)


def test_engines_do_not_put_what_does_not_fit_into_the_same_files(tmp_path: Path) -> None:
    path = folder(tmp_path, care='spill_folder = "."', staff=STAFF)
    engines = [load(path).table("staff").get_backend().con for _ in range(2)]
    spills = [one.execute("SELECT current_setting('temp_directory')").fetchone()[0] for one in engines]
    assert len(set(spills)) == 2


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("memory_limit = 2", "care.toml: memory_limit is what the engine may use, such as"),
        ('memory_limit = "much"', "care.toml: memory_limit is what the engine may use, such as"),
        ('spill_folder = "nowhere"', "care.toml: spill_folder is a folder that exists"),
        ('in_memory = "yes"', "care.toml: in_memory is true or false"),
    ],
)
def test_what_makes_no_sense_is_refused(tmp_path: Path, said: str, told: str) -> None:
    with pytest.raises(CareError) as error:
        load(folder(tmp_path, care=said, staff=STAFF))
    assert told in str(error.value)


def test_what_does_not_fit_into_memory_is_put_into_the_folder_and_taken_away(tmp_path: Path) -> None:
    path = folder(tmp_path, care='memory_limit = "60MB"\nspill_folder = "."', staff=STAFF)
    care = load(path)
    backend = care.table("staff").get_backend()
    wide = """SELECT count(*) FROM (SELECT h, t, row_number() OVER (ORDER BY h, t) AS n
        FROM (SELECT hash(range) AS h, repeat('x', 20) || range AS t FROM range(1500000))) WHERE n > 0"""
    assert backend.con.execute(wide).fetchone() == (1_500_000,)
    backend.disconnect()
    assert sorted(one.name for one in path.iterdir()) == ["care.toml", "staff.csv"]


def test_keys_of_many_months_are_counted_in_less_memory_than_they_take(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Each thread takes memory of its own.
    monkeypatch.setattr(ibis.duckdb, "connect", lambda connect=ibis.duckdb.connect: connect(threads=2))
    months, each = 24, 85_000
    for month in range(months):
        ids = pa.array([f"{number:024}" for number in range(month, months * each, months)])
        opened = pa.array(np.full(each, np.datetime64("2026-01-01", "us") + np.timedelta64(month, "D")))
        parquet.write_table(pa.table({"contact_id": ids, "opened_at": opened}), tmp_path / f"c_{month}.parquet")
    said = 'memory_limit = "55MB"\nspill_folder = "."\n[contacts]\nsource = "c_*.parquet"'
    care = load(folder(tmp_path, care=said))
    assert care.watched
    assert counts(care, "contacts") == (months * each, months * each, 0)
