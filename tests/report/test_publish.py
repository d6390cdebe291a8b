"""Whatever happens to a run, readers find the last good report or a complete new one, and nothing stays behind."""

from __future__ import annotations

import os
import random
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from carestudy.contract import CareError
from carestudy.report.locks import LOCK
from carestudy.report.publish import READY, WORK, claimed, publish, settle, sweep

NAMES = ("report.vi.html", "report.en.html", "report.figures.json")
# Publishes report after report in a process of its own, which is killed; then again from the number it is given.
WRITER = """
import os, sys
from pathlib import Path
from carestudy.report.publish import claimed, publish

def write(number):
    while True:
        with claimed(Path(sys.argv[1])) as work:
            content = (f"{number:09} " * 20_000 + "end").encode()
            os.write(1, f"{number}\\n".encode())
            publish(work, dict.fromkeys(sys.argv[2:], content))
        number += 1

for line in sys.stdin:
    child = os.fork()
    if not child:
        write(int(line))
    os.waitpid(child, 0)
    os.write(1, b"gone\\n")
"""


@pytest.fixture
def any_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


def _published(folder: Path, *names: str) -> dict[str, str]:
    return {name: (folder / name).read_text("utf-8") for name in names}


def test_files_take_the_place_of_their_older_versions(tmp_path: Path) -> None:
    for version in (b"old", b"new"):
        with claimed(tmp_path / "2026-09") as work:
            publish(work, dict.fromkeys(NAMES, version), obsolete=["report.vi.failed.html"])
    assert _published(tmp_path / "2026-09", *NAMES) == dict.fromkeys(NAMES, "new")
    assert sorted(file.name for file in (tmp_path / "2026-09").iterdir()) == sorted(NAMES)


def test_what_is_obsolete_is_removed(tmp_path: Path) -> None:
    (tmp_path / "report.vi.failed.html").touch()
    with claimed(tmp_path) as work:
        publish(work, {"report.vi.html": b"good"}, obsolete=["report.vi.failed.html"])
    assert [file.name for file in tmp_path.iterdir()] == ["report.vi.html"]


def test_a_run_that_fails_leaves_the_old_files_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "report.vi.html").write_bytes(b"old")
    with suppress(OSError), claimed(tmp_path) as work:
        (work / "half").write_bytes(b"x")
        raise OSError("disk full")
    assert [file.name for file in tmp_path.iterdir()] == ["report.vi.html"]


def test_a_first_run_that_fails_leaves_no_folder(tmp_path: Path) -> None:
    with pytest.raises(CareError), claimed(tmp_path / "2026-09"):
        raise CareError("no")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_is_written_by_one_run_at_a_time(tmp_path: Path) -> None:
    with claimed(tmp_path / "2026-09") as work:
        with pytest.raises(CareError, match="another run is writing 2026-09"), claimed(tmp_path / "2026-09", 0):
            pass
        assert work.is_dir()
    with claimed(tmp_path / "2026-09"):
        pass


def test_a_run_waits_for_another_and_then_has_the_folder(tmp_path: Path) -> None:
    held, entered = threading.Event(), []

    def second() -> None:
        held.wait(60)
        with claimed(tmp_path / "2026-09", 60) as work:
            entered.append("second")
            publish(work, {"report.en.html": b"second"})

    waiting = threading.Thread(target=second)
    waiting.start()
    with claimed(tmp_path / "2026-09") as work:
        held.set()
        time.sleep(0.5)
        entered.append("first")
        publish(work, {"report.vi.html": b"first"})
    waiting.join(60)
    assert entered == ["first", "second"]
    assert sorted(file.name for file in (tmp_path / "2026-09").iterdir()) == ["report.en.html", "report.vi.html"]


def test_many_runs_of_one_folder_never_hold_it_together(tmp_path: Path) -> None:
    """Each makes the folder, holds it, and removes it when it is empty, while the others do the same."""
    code = f"""
import os, sys
from pathlib import Path
from carestudy.report import locks
from carestudy.report.publish import claimed
locks.POLL = 0.001
for _ in range(40):
    with claimed(Path({str(tmp_path / "2026-09")!r}), 60):
        mark = os.open({str(tmp_path / "held")!r}, os.O_CREAT | os.O_EXCL)
        os.close(mark)
        os.unlink({str(tmp_path / "held")!r})
"""
    runs = [subprocess.Popen([sys.executable, "-c", code]) for _ in range(3)]
    assert [run.wait(120) for run in runs] == [0, 0, 0]
    assert list(tmp_path.iterdir()) == []


def test_a_page_that_is_open_elsewhere_is_one_line_and_the_next_run_completes_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on Windows, where a file cannot be replaced while a program has it open."""
    (tmp_path / NAMES[0]).write_bytes(b"old")
    replace = Path.replace

    def refusing(self: Path, target: Path) -> Path:
        if Path(target).name == NAMES[0]:
            raise PermissionError(13, "The process cannot access the file")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", refusing)
    with pytest.raises(CareError, match=r"report.vi.html cannot be replaced: .*Close it"), claimed(tmp_path) as work:
        publish(work, {NAMES[0]: b"new"})
    monkeypatch.setattr(Path, "replace", replace)
    assert (tmp_path / NAMES[0]).read_bytes() == b"old"
    with claimed(tmp_path):
        assert (tmp_path / NAMES[0]).read_bytes() == b"new"


def test_nobody_else_can_read_what_is_published(tmp_path: Path, any_umask: None) -> None:
    with claimed(tmp_path / "reports" / "2026-09") as work:
        assert stat.S_IMODE(work.stat().st_mode) == 0o700
        publish(work, {"report.vi.html": b"x"})
    for path in (tmp_path / "reports", *(tmp_path / "reports").rglob("*")):
        assert stat.S_IMODE(path.stat().st_mode) & 0o027 == 0


def test_a_run_that_died_between_two_files_is_completed_by_the_next(tmp_path: Path) -> None:
    for name in NAMES:
        (tmp_path / name).write_bytes(b"old")
    (tmp_path / NAMES[0]).write_bytes(b"new")
    (tmp_path / READY).mkdir()
    for name in NAMES[1:]:
        (tmp_path / READY / name).write_bytes(b"new")
    settle(tmp_path)
    assert _published(tmp_path, *NAMES) == dict.fromkeys(NAMES, "new")
    assert not (tmp_path / READY).exists()


def test_a_run_that_died_before_it_was_ready_leaves_nothing(tmp_path: Path) -> None:
    dead = tmp_path / "2026-08" / f"{WORK}abc" / "staged"
    dead.mkdir(parents=True)
    (dead / NAMES[0]).write_bytes(b"half")
    sweep(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_sweeping_leaves_a_run_that_lives(tmp_path: Path) -> None:
    with claimed(tmp_path / "2026-08") as work:
        sweep(tmp_path)
        assert work.is_dir()


@pytest.mark.slow
def test_a_kill_at_any_moment_tears_no_file(tmp_path: Path) -> None:
    dice = random.Random(20261101)  # noqa: S311 - moments, not secrets
    good = -1
    command = [sys.executable, "-c", WRITER, str(tmp_path), *NAMES]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as writer:
        for _ in range(25):
            begun = _begun_until_killed(writer, good + 1, dice.uniform(0, 0.06))
            # Before the very first report is published there is none; what there is, is whole.
            there = [tmp_path / name for name in NAMES if (tmp_path / name).exists()]
            assert all(path.read_text("utf-8").endswith("end") for path in there)
            settle(tmp_path)
            texts = {path.read_text("utf-8") for path in tmp_path.iterdir() if path.name != LOCK}
            assert len(texts) <= 1
            number = int(next(iter(texts), "-1")[:9])
            assert number in ([good, *begun][-1], [good, *begun][-2:][0])
            good = number
        writer.stdin.close()  # type: ignore[union-attr]
    assert good > 0


def _begun_until_killed(writer: subprocess.Popen[str], number: int, seconds: float) -> list[int]:
    """Which reports a writer began before it was killed."""
    assert writer.stdin is not None
    assert writer.stdout is not None
    print(number, file=writer.stdin, flush=True)
    begun = [int(writer.stdout.readline())]
    time.sleep(seconds)
    (child,) = psutil.Process(writer.pid).children()
    child.kill()
    return begun + [int(line) for line in iter(writer.stdout.readline, "gone\n")]
