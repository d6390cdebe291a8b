"""Publishing: readers find the last good report or a complete new one, whatever happens to the run."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import mkdtemp

from carestudy.contract import CareError

WORK = ".carestudy-"
READY = f"{WORK}ready"
FOLDER_MODE, FILE_MODE = 0o750, 0o640
PUBLISHED = "the report is published"


class NotSent(CareError):
    """The report is published; it could not be handed on."""

    code = 5


def told(problem: OSError) -> str:
    """What the machine refused, without the names of its folders."""
    return problem.strerror or type(problem).__name__


@contextmanager
def claimed(folder: Path) -> Iterator[Path]:
    """Hold a folder of reports for one run, and lend that run a private folder inside it to work in.

    The lock is on the folder itself and ends with the process, so that nothing is left to clean up; whoever holds it
    knows that all other working folders in there belong to runs that have died.
    """
    for part in reversed((folder, *folder.parents)):
        part.mkdir(mode=FOLDER_MODE, exist_ok=True)
    with _locked(folder):
        settle(folder)
        try:
            yield Path(mkdtemp(prefix=WORK, dir=folder))
        finally:
            settle(folder)
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


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold a folder for the moment that a file of its own takes to write; wait for whoever holds it."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def sweep(out: Path) -> None:
    """Settle what dead runs of other periods have left."""
    for left in sorted([*out.glob(f"*/{WORK}*"), *out.glob(f"*/*/{WORK}*")]):
        with suppress(CareError, FileNotFoundError), _locked(left.parent):
            settle(left.parent)
            _remove_if_empty(left.parent)


def settle(folder: Path) -> None:
    """Complete what was ready to be published, pages first, and remove what was not."""
    ready = folder / READY
    if ready.is_dir():
        for file in sorted(ready.iterdir(), key=lambda file: (file.suffix == ".json", file.name)):
            file.replace(folder / file.name)
        _sync(folder)
    for left in folder.glob(f"{WORK}*"):
        shutil.rmtree(left)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CareError(f"another run is writing {folder.name}: wait for it, or stop it") from None
        yield
    finally:
        os.close(handle)


def _remove_if_empty(folder: Path) -> None:
    with suppress(OSError):
        folder.rmdir()


def _write(path: Path, content: bytes) -> None:
    with open(path, "xb", opener=lambda name, flags: os.open(name, flags, FILE_MODE)) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
