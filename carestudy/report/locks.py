"""One run at a time in a folder of reports, on Linux, macOS and Windows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from carestudy.contract import CareError

FOLDER_MODE = 0o750
LOCK = ".carestudy.lock"
WAIT = 30 * 60.0  # seconds that a run waits for another one of the same folder
POLL = 0.2


@contextmanager
def locked(folder: Path, seconds: float = WAIT) -> Iterator[None]:
    """Hold a folder, waiting so long for whoever holds it; the lock ends with the process, whatever ends that.

    The lock is a file in the folder for as long as it is held. Raises ``CareError`` when the time is over.
    """
    while True:
        lock = FileLock(folder / LOCK, timeout=seconds, poll_interval=POLL)
        try:
            lock.acquire()
            break
        except Timeout:
            waited = f" (waited {seconds / 60:.0f} minutes)" if seconds >= 60 else ""
            raise CareError(
                f"another run is writing {folder.name}{waited}: run again when it is over, or stop it"
            ) from None
        except (FileNotFoundError, FileExistsError):
            # A run that failed has just removed the folder it had made.
            with suppress(FileExistsError):
                folder.mkdir(mode=FOLDER_MODE)
    try:
        yield
    finally:
        # A waiting run checks that the file it locked is still there. On Windows an open file cannot be removed;
        # there filelock removes it after the release.
        with suppress(OSError):
            (folder / LOCK).unlink()
        lock.release()
