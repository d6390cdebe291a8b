"""Where the embedded engine puts what does not fit into memory: a folder for each engine, swept after a killed run."""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
import tempfile
import uuid
from contextlib import suppress
from pathlib import Path

PREFIX = "carestudy-spill"
_SWEPT: set[Path] = set()


def spill_folder(root_named: str | None) -> Path:
    """A folder of an engine's own, in the one that care.toml names or in that of the system; not made yet.

    Two engines in one folder would take each other's rows: their files have the same names. The first engine of a
    process sweeps what killed processes of this machine have left there.
    """
    root = Path(root_named or tempfile.gettempdir())
    if root not in _SWEPT:
        _SWEPT.add(root)
        sweep(root)
    return root / f"{PREFIX}-{_machine()}-{os.getpid()}-{uuid.uuid4().hex}"


def sweep(root: Path) -> None:
    """Remove the folders of processes of this machine that have ended; those of other machines may be in use."""
    for folder in root.glob(f"{PREFIX}-{_machine()}-*-*"):
        number = folder.name.split("-")[-2]
        if number.isdecimal() and not _runs(int(number)):
            with suppress(OSError):
                _remove(folder)


def _remove(folder: Path) -> None:
    if os.name != "posix":
        # Windows moves no folder in which a program has a file open: its process runs.
        folder = folder.rename(folder.with_name(f"{folder.name}.swept"))
    shutil.rmtree(folder)


def _machine() -> str:
    """This machine, or the container in which numbers of processes are the same, among those that share a folder."""
    space = ""
    with suppress(OSError):
        space = str(Path("/proc/self/ns/pid").readlink())
    return hashlib.sha256(f"{platform.node()} {space}".encode()).hexdigest()[:8]


def _runs(process: int) -> bool:
    """Whether a process runs, where a system tells without touching it."""
    if os.name != "posix":
        return process == os.getpid()
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
