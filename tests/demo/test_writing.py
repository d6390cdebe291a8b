"""Writing the simulated company: the same bytes for the same seed, and the whole folder or nothing."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest
from asked import CUSTOMERS, PARQUET, SEED

from carestudy import demo
from carestudy.contract import CareError

SMALL = ("staff", "goals")


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo") / "small"
    demo.write(folder, customers=60)
    return folder


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


class TestTheSameSeed:
    def test_gives_the_same_bytes_with_another_number_of_threads_time_zone_and_locale(
        self, company: Path, tmp_path: Path
    ) -> None:
        code = (
            "import sys; from pathlib import Path; from carestudy import demo;"
            f"demo.write(Path(sys.argv[1]), customers={CUSTOMERS}, seed={SEED}, threads=1, memory_limit='400MB')"
        )
        elsewhere = {**os.environ, "TZ": "America/New_York", "LC_ALL": "C", "PYTHONHASHSEED": "5"}
        subprocess.run([sys.executable, "-c", code, str(tmp_path / "again")], env=elsewhere, check=True)
        assert content(tmp_path / "again") == content(company)

    def test_is_needed_for_the_same_data(self, small: Path, tmp_path: Path) -> None:
        demo.write(tmp_path / "other", customers=60, seed=2)
        this, other = content(small), content(tmp_path / "other")
        assert all(this[f"{table}.parquet"] != other[f"{table}.parquet"] for table in PARQUET)


class TestTheFolder:
    def test_holds_what_the_answer_counts(self, tmp_path: Path) -> None:
        folder = tmp_path / "new" / "demo"
        counted = demo.write(folder, customers=50)
        files = {table: duckdb.from_parquet(str(folder / f"{table}.parquet")) for table in PARQUET}
        lines = {table: (folder / f"{table}.csv").read_text(encoding="utf-8").count("\n") - 1 for table in SMALL}
        assert counted == {table: len(file) for table, file in files.items()} | lines
        assert counted["customers"] == 50

    def test_is_replaced_where_it_is_an_earlier_demo_even_by_a_company_of_one_customer(
        self, small: Path, tmp_path: Path
    ) -> None:
        shutil.copytree(small, tmp_path / "demo")
        assert demo.write(tmp_path / "demo", customers=1)["customers"] == 1
        assert len(duckdb.from_parquet(str(tmp_path / "demo" / "customers.parquet"))) == 1
        assert [path.name for path in tmp_path.iterdir()] == ["demo"]

    @pytest.mark.parametrize("name", ["khach_hang.csv", "truths.json", "customers.parquet"])
    def test_is_refused_and_left_alone_where_it_holds_something_else(self, tmp_path: Path, name: str) -> None:
        (tmp_path / name).write_text("{}", encoding="utf-8")
        with pytest.raises(CareError, match="not an earlier demo"):
            demo.write(tmp_path, customers=5)
        assert content(tmp_path) == {name: b"{}"}

    def test_is_refused_where_a_stranger_lies_among_an_earlier_demo(self, small: Path, tmp_path: Path) -> None:
        shutil.copytree(small, tmp_path / "demo")
        (tmp_path / "demo" / "mine.txt").write_text("keep me", encoding="utf-8")
        with pytest.raises(CareError, match="not an earlier demo"):
            demo.write(tmp_path / "demo", customers=5)
        assert (tmp_path / "demo" / "mine.txt").read_text(encoding="utf-8") == "keep me"

    def test_is_not_there_after_a_failure(self, tmp_path: Path) -> None:
        with pytest.raises(CareError, match="could not be written"):
            demo.write(tmp_path / "demo", customers=20_000, memory_limit="1MB")
        assert list(tmp_path.iterdir()) == []

    @pytest.mark.parametrize(
        ("options", "word"), [({"customers": 0}, "at least one"), ({"memory_limit": "x"}, "Memory")]
    )
    def test_is_refused_for_nonsense(self, tmp_path: Path, options: dict[str, Any], word: str) -> None:
        with pytest.raises(CareError, match=word):
            demo.write(tmp_path / "demo", **options)
        assert list(tmp_path.iterdir()) == []

    def test_cannot_be_a_file(self, tmp_path: Path) -> None:
        (tmp_path / "demo").write_text("", encoding="utf-8")
        with pytest.raises(CareError, match="is a file"):
            demo.write(tmp_path / "demo", customers=5)
