"""Writes files completely or not at all, readable only for their owner and group."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from tempfile import mkstemp

from carestudy.report.locks import FOLDER_MODE
from carestudy.report.publish import FILE_MODE


def write(files: Mapping[Path, bytes]) -> None:
    """Replace files by new versions once all of these are written; a failure replaces none."""
    ready: dict[Path, Path] = {}
    try:
        for path, content in files.items():
            for folder in reversed((path.parent, *path.parent.parents)):
                folder.mkdir(mode=FOLDER_MODE, exist_ok=True)
            ready[path] = _written(path, content)
        for path in list(ready):
            ready[path].replace(path)
            del ready[path]
    finally:
        for leftover in ready.values():
            leftover.unlink(missing_ok=True)


def _written(path: Path, content: bytes) -> Path:
    handle, name = mkstemp(prefix=".carestudy-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            if hasattr(os, "fchmod"):  # not on Windows, where a new file is its owner's
                os.fchmod(file.fileno(), FILE_MODE)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return Path(name)
