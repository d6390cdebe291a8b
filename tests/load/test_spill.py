"""What a killed process has put on disk is swept by the next one, and what others use stays."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from folders import folder

from carestudy.load import door, load, spill

STAFF = "agent,team\nLan,A\n"
# More than the memory that is allowed, and then waiting to be killed.
SPILLING = """
import sys, time
from carestudy.load import load
engine = load(sys.argv[1]).table("staff").get_backend().con
engine.execute("CREATE TEMP TABLE wide AS SELECT range AS n, repeat('x', 200) || hash(range) AS t FROM range(600000)")
print("spilt", flush=True)
time.sleep(600)
"""

# Copies of a process that has loaded the data, each with more than its memory; the first checks its rows at last.
COPIES = """
import os, sys, time
from carestudy.load import load
from carestudy.load.door import remember
path, seen = sys.argv[1], sys.argv[2]
remember(path)
copies = []
for number in range(2):
    copies.append(os.fork())
    if not copies[-1]:
        engine = load(path).table("staff").get_backend().con
        rows = "SELECT range AS n, repeat('x', 200) || hash(range + %d) AS t FROM range(300000)" % number
        engine.execute("CREATE TEMP TABLE wide AS " + rows)
        open(f"{seen}/spilt-{number}", "w").close()
        while len(os.listdir(seen)) < 2:
            time.sleep(0.05)
        wrong = f"SELECT count(*) FROM wide WHERE t <> repeat('x', 200) || hash(n + {number})"
        (found,) = engine.execute(wrong).fetchone()
        os._exit(int(found > 0))
endings = []
for copy in copies:
    endings.append(os.waitpid(copy, 0)[1])
print(endings)
"""


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a process that has swept nothing yet."""
    monkeypatch.setattr(spill, "_SWEPT", set())


def _spills(path: Path) -> list[Path]:
    return sorted(path.glob(f"{spill.PREFIX}-*"))


@pytest.mark.skipif(os.name != "posix", reason="the kill is one of POSIX")
@pytest.mark.parametrize("said", [".", "spill"])
def test_the_folder_of_a_killed_process_is_swept_by_the_next_load_and_that_of_a_running_one_stays(
    said: str, tmp_path: Path
) -> None:
    path = folder(tmp_path / "data", care=f'memory_limit = "40MB"\nspill_folder = "{said}"', staff=STAFF)
    (path / said).mkdir(exist_ok=True)
    command = [sys.executable, "-W", "ignore", "-c", SPILLING, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "spilt\n"
            (left,) = _spills(path / said)
            assert any(left.iterdir())
            load(path)
            assert left in _spills(path / said)
        finally:
            process.send_signal(signal.SIGKILL)
    assert left.is_dir()
    spill._SWEPT.clear()
    load(path)
    assert not left.exists()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are copied on Linux only")
def test_copies_of_a_process_spill_into_folders_of_their_own_and_keep_their_rows(tmp_path: Path) -> None:
    path = folder(tmp_path / "data", care='memory_limit = "40MB"\nspill_folder = "."', staff=STAFF)
    (tmp_path / "seen").mkdir()
    command = [sys.executable, "-W", "ignore", "-c", COPIES, str(path), str(tmp_path / "seen")]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert (ended.stdout, ended.returncode) == ("[0, 0]\n", 0), ended.stderr
    owners = {spilt.name.split("-")[-2] for spilt in _spills(path)}
    assert len(owners) == 2
    load(path)
    assert _spills(path) == []


def test_data_that_did_not_fit_into_memory_are_not_kept_for_copies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "_REMEMBERED", {})
    path = folder(tmp_path / "data", care='spill_folder = "."', staff=STAFF)
    door.remember(str(path))
    assert set(door._REMEMBERED) == {(str(path), None)}
    door._REMEMBERED.clear()
    many = "agent,team\n" + "".join(f"{number:0150d},A{number % 7}\n" for number in range(150_000))
    folder(path, care='memory_limit = "40MB"\nspill_folder = "."', staff=many)
    care = door.remember(str(path))
    assert care.table("staff").count().to_pyarrow().as_py() == 150_000
    assert door._REMEMBERED == {}


def test_only_folders_of_ended_processes_of_this_machine_are_swept(tmp_path: Path) -> None:
    own = spill.spill_folder(str(tmp_path)).name
    machine, number = own.removeprefix(f"{spill.PREFIX}-").split("-")[:2]
    assert int(number) == os.getpid()
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        pass
    time.sleep(0.01)
    stays = [own, f"{spill.PREFIX}-ffffffff-{ended.pid}-a", f"{spill.PREFIX}-{machine}-x-a", "carestudy-a", "reports"]
    gone = f"{spill.PREFIX}-{machine}-{ended.pid}-a"
    for name in [*stays, gone]:
        (tmp_path / name / "within").mkdir(parents=True)
    link = tmp_path / f"{gone}b"
    link.symlink_to(tmp_path / "reports", target_is_directory=True)
    spill.sweep(tmp_path)
    assert sorted(one.name for one in tmp_path.iterdir()) == sorted([*stays, link.name])
    assert (tmp_path / "reports" / "within").is_dir()
