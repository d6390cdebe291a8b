"""Publishing: readers find the last good report or a complete new one, whatever happens to the run."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import mkdtemp

from carestudy.contract import CareError
from carestudy.report.locks import FOLDER_MODE, WAIT, locked

WORK = ".carestudy-"
READY = f"{WORK}ready"
FILE_MODE = 0o640
PUBLISHED = "the report is published"


class NotSent(CareError):
    """The report is published; but it could not be delivered."""

    code = 5


def os_reason(problem: OSError) -> str:
    """The reason of an error of the operating system, without the paths in it."""
    return problem.strerror or type(problem).__name__


@contextmanager
def claimed(folder: Path, wait: float = WAIT) -> Iterator[Path]:
    """Hold a folder of reports for one run, and lend that run a private folder inside it to work in.

    It waits so many seconds for another run of the same folder. The lock ends with the process; while it is held, all
    other working folders in there belong to runs that have died.
    """
    for parent in reversed((folder, *folder.parents)):
        parent.mkdir(mode=FOLDER_MODE, exist_ok=True)
    try:
        with locked(folder, wait):
            settle(folder)
            try:
                yield Path(mkdtemp(prefix=WORK, dir=folder))
            finally:
                settle(folder)
    finally:
        _remove_if_empty(folder)


def publish(work: Path, files: Mapping[str, bytes], *, obsolete: Iterable[str] = ()) -> None:
    """Put files in the place of their older versions, all of them or none, and remove those that are obsolete."""
    staged = work / "staged"
    staged.mkdir()
    for name, content in files.items():
        _write(staged / name, content)
    _sync(staged)
    # From this moment on the new files are the report: a run that dies now is completed by the next.
    staged.rename(work.parent / READY)
    _sync(work.parent)
    settle(work.parent)
    for name in obsolete:
        (work.parent / name).unlink(missing_ok=True)


def sweep(out: Path) -> None:
    """Settle the working folders that dead runs of other periods have left."""
    for leftover in sorted([*out.glob(f"*/{WORK}*"), *out.glob(f"*/*/{WORK}*")]):
        with suppress(CareError, FileNotFoundError), locked(leftover.parent, 0):
            settle(leftover.parent)
        _remove_if_empty(leftover.parent)


def settle(folder: Path) -> None:
    """Publish files that are ready, pages first, and remove unfinished working folders."""
    ready = folder / READY
    if ready.is_dir():
        for file in sorted(ready.iterdir(), key=lambda file: (file.suffix == ".json", file.name)):
            _replace(file, folder / file.name)
        _sync(folder)
    for leftover in folder.glob(f"{WORK}*"):
        shutil.rmtree(leftover)


def _replace(new: Path, old: Path) -> None:
    """Put a file in the place of another; Windows refuses while a program has the other one open."""
    try:
        new.replace(old)
    except PermissionError:
        raise CareError(
            f"{old.name} cannot be replaced: it is open in another program, or this account may not write it. Close "
            "it; the next run completes the report"
        ) from None


def _remove_if_empty(folder: Path) -> None:
    with suppress(OSError):
        folder.rmdir()


def _write(path: Path, content: bytes) -> None:
    with open(path, "xb", opener=lambda name, flags: os.open(name, flags, FILE_MODE)) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    """Have the names in a folder on disk; Windows has no such request and needs none."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
