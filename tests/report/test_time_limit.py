"""What takes longer than it may is ended in one clear line: the load, a cell, and what reacts to nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from places import SEEN, Place

from carestudy.__main__ import main
from carestudy.report.forks import POSSIBLE, forks
from carestudy.report.kernel import environment
from carestudy.report.time_limit import limited

DEAF = """
import sys, time
from carestudy.report import time_limit
time_limit.GRACE = 0.2
with time_limit.limited("loading the data", 1.1, lambda words: sys.stderr.write(f"carestudy: {words}\\n")):
    while True:
        try:
            time.sleep(60)
        except KeyboardInterrupt:
            pass
"""
# Limits that a busy machine does not reach before the block begins.
# In processes of their own: what is interrupted is the main thread, which belongs to the runner of the tests.
WAITING = """
import sys, time
from carestudy.report.time_limit import TookTooLong, limited
try:
    with limited("waiting", 1.2, lambda words: print("ended", words, flush=True)):
        time.sleep(60)
except TookTooLong as problem:
    print(problem)
    sys.exit(3)
"""
QUERY = """
import os, duckdb
from carestudy.report.time_limit import TookTooLong, limited
connection = duckdb.connect()
try:
    with limited("a query", 1.3, lambda words: print(words, flush=True)):
        connection.execute("SELECT count(*) FROM range(40000000000) AS a(i) WHERE (i * i) % 7 = 3").fetchall()
except TookTooLong as problem:
    print(problem, flush=True)
    os._exit(1)
"""


def test_a_block_that_takes_longer_is_interrupted() -> None:
    ended = subprocess.run([sys.executable, "-c", WAITING], capture_output=True, text=True, check=False, timeout=120)
    assert (ended.returncode, ended.stderr) == (3, "")
    assert ended.stdout.startswith("waiting took longer than 1.2 seconds, the limit set by --time-limit")


def test_a_query_of_the_engine_is_interrupted_or_ended_with_its_process() -> None:
    # On a busy machine the engine may notice the interruption too late.
    ended = subprocess.run([sys.executable, "-c", QUERY], capture_output=True, text=True, check=False, timeout=120)
    assert (ended.returncode, ended.stderr) == (1, "")
    words = "a query took longer than 1.3 seconds, the limit set by --time-limit. Nothing was published\n"
    assert ended.stdout == words


def test_a_block_that_ends_in_time_is_left_alone_and_so_are_its_errors() -> None:
    with limited("this", 60, str):
        pass
    with pytest.raises(KeyError), limited("this", 60, str):
        raise KeyError("its own")
    with pytest.raises(KeyboardInterrupt), limited("this", 60, str):
        raise KeyboardInterrupt


def test_a_block_that_reacts_to_nothing_is_ended_with_its_process_and_one_line() -> None:
    ended = subprocess.run([sys.executable, "-c", DEAF], capture_output=True, text=True, check=False, timeout=60)
    assert ended.returncode == 1
    assert ended.stderr == (
        "carestudy: loading the data took longer than 1.1 seconds, the limit set by --time-limit. "
        "Nothing was published\n"
    )


@pytest.mark.slow
def test_a_load_that_takes_longer_is_one_line_and_stands_in_the_log(tmp_path: Path) -> None:
    place = Place.of_three_customers(tmp_path)
    ended = place.run("--time-limit", "0.0001", "--log", str(tmp_path / "log"))
    assert (ended.returncode, ended.stdout) == (1, "")
    reason = "loading the data took longer than 0.006 seconds, the limit set by --time-limit. Nothing was published"
    assert ended.stderr == f"carestudy: {reason}\n"
    assert reason in (tmp_path / "log").read_text("utf-8")
    assert not place.out.exists()


@pytest.mark.slow
def test_a_cell_that_takes_longer_is_one_line_and_keeps_the_last_good_report(tmp_path: Path) -> None:
    place = Place.of_three_customers(tmp_path)
    assert place.run().returncode == 0
    good = place.files()["care.vi.html"]
    place.notebook(SEEN, "import time; time.sleep(600)")
    ended = place.run("--time-limit", "0.5")
    assert ended.returncode == 1
    last = ended.stderr.splitlines()[-1]
    assert last.startswith(
        "carestudy: care.ipynb: 'Phần 2': a cell took longer than 30 seconds, the limit set by --time-limit"
    )
    assert place.files()["care.vi.html"] == good
    assert place.kernels() == []


@pytest.mark.skipif(not POSSIBLE, reason="kernels are copied on Linux only")
@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_shared_load_that_never_ends_is_a_timeout_and_its_process_is_gone(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "care.toml")  # nobody ever writes to it
    with forks(environment(tmp_path, str(tmp_path)), None, 3) as started:
        with pytest.raises(TimeoutError, match=r"loading the data took longer than 3 seconds"):
            started.fork([], str(tmp_path), str(tmp_path))
        assert started._process.wait(10) != 0


@pytest.mark.parametrize("minutes", ["0", "-1", "1e9", "nan", "soon"])
def test_a_limit_is_a_number_of_minutes(minutes: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = Place.of_three_customers(tmp_path)
    with pytest.raises(SystemExit) as ended:
        main([*place.command()[3:], f"--time-limit={minutes}"])
    assert ended.value.code == 2
    assert "--time-limit" in capsys.readouterr().err
