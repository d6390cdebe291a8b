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

from carestudy.load import load, spill

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
