"""Results that are computed once for the same data: in a process, and over the kernels of one run of reports.

The kernels of a run share a folder, which the environment variable ``CARESTUDY_MEMORY`` names. Each writes its results
into a file of its own there, and reads those of the kernels before it, so that the second language of a report repeats
no query. Only results of the data of the run are shared, and only under keys that mean the same in every process.
"""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import suppress
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from functools import cache
from pathlib import Path
from types import FunctionType
from typing import TypeVar

import pandas as pd

Result = TypeVar("Result")

FOLDER = "CARESTUDY_MEMORY"
SHARED = "$CARESTUDY_DATA"  # the address under which the kernels of a run load their data
LARGEST_FRAME = 100_000  # rows; larger results are computed again
LARGEST_RECORD = 4_000_000  # bytes
OURS = "carestudy."


def origin(source: object, *details: object) -> str | None:
    """A text that names where data come from, the same in every kernel of a run; None for other data."""
    return spelled((source, *details)) if source == SHARED else None


def spelled(key: object) -> str | None:
    """A key as a text that means the same in every process; None where there is no such text.

    >>> spelled(("nps", 0.95, None, ["team"]))
    "('nps', 0.95, None, ('team'))"
    >>> spelled(lambda: 1) is None
    True
    """
    if key is None or isinstance(key, str | int | float | date | Enum):
        return repr(key)
    if isinstance(key, tuple | list | set | frozenset):
        texts = [spelled(element) for element in key]
        ordered = sorted(map(str, texts)) if isinstance(key, set | frozenset) else texts
        return None if None in texts else f"({', '.join(map(str, ordered))})"
    if isinstance(key, Mapping):
        return spelled(tuple((name, key[name]) for name in sorted(key, key=repr)))
    if isinstance(key, FunctionType | type):
        is_ours = key.__module__.startswith(OURS) and "<" not in key.__qualname__
        return f"{key.__module__}.{key.__qualname__}" if is_ours else None
    if is_dataclass(key):
        return spelled((type(key), *(getattr(key, element.name) for element in fields(key))))
    return None


class Memory:
    """The results for one set of data; those of a shared ``origin`` are also read from and written to files."""

    def __init__(self, folder: Path | None = None, origin: str | None = None) -> None:
        self._results: dict[Hashable, object] = {}
        self._folder, self._origin = folder, origin
        self._earlier = dict(_records(folder, origin)) if folder and origin else {}

    def get(self, key: Hashable) -> object | None:
        """The result under a key; None where there is none yet."""
        if key not in self._results and self._earlier and (text := spelled(key)) in self._earlier:
            self._results[key] = pickle.loads(self._earlier[text])  # noqa: S301 - written by a kernel of this run
        return self._results.get(key)

    def keep(self, key: Hashable, result: object) -> None:
        """Keep a result under a key; results that are too large, or belong to one process, are not shared."""
        self._results[key] = result
        if self._folder is None or (text := spelled(key)) is None:
            return
        # Whatever cannot be pickled, such as a table of the engine, stays in this process.
        with suppress(pickle.PicklingError, TypeError, AttributeError):
            content = pickle.dumps(result, protocol=5)
            if len(content) <= LARGEST_RECORD:
                self._write(pickle.dumps((self._origin, text, content), protocol=5))

    def _write(self, record: bytes) -> None:
        # A full disk costs time, and no report.
        with suppress(OSError), Path(str(self._folder), f"{os.getpid()}.pickle").open("ab") as file:
            file.write(record)


def recalled(memory: Memory | None, key: Hashable, compute: Callable[[], Result]) -> Result:
    """The result under a key, computed if it is not there yet; frames are copies that may be changed."""
    if memory is None:
        return compute()
    known = memory.get(key)
    result: Result = compute() if known is None else known  # type: ignore[assignment] # what was kept under this key
    if known is None and not (isinstance(result, pd.DataFrame) and len(result) > LARGEST_FRAME):
        memory.keep(key, result)
    return result.copy() if isinstance(result, pd.DataFrame) else result


def memory_of(data_origin: str | None) -> Memory:
    """The memory for data: that of the run where a run shares one, and otherwise a new one."""
    folder = os.environ.get(FOLDER)
    return _of_run(folder, data_origin) if folder and data_origin else Memory()


@cache
def _of_run(folder: str, data_origin: str) -> Memory:
    return Memory(Path(folder), data_origin)


def _records(folder: Path, data_origin: str) -> Iterator[tuple[str, bytes]]:
    """The results of earlier kernels for the same data; of a kernel that was killed, those it wrote whole."""
    for file in sorted(folder.glob("*.pickle")):
        with file.open("rb") as content, suppress(EOFError, pickle.UnpicklingError):
            while True:
                of, text, result = pickle.load(content)  # noqa: S301 - written by a kernel of this run
                if of == data_origin:
                    yield text, result
