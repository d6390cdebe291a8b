"""A place where the command runs, as a scheduler would start it: a notebook, its data, and a folder of reports."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
from tiny import showing, tiny_data, tiny_notebook

SEEN = showing(figures=[{"kpi": "nps", "by": {}, "period": "2026-09", "value": 42.0}])


@dataclass(frozen=True)
class Place:
    """A folder with a notebook, its data, and where its reports go."""

    folder: Path

    @classmethod
    def of_three_customers(cls, folder: Path) -> Place:
        tiny_data(folder / "data")
        place = cls(folder)
        place.notebook(SEEN)
        return place

    @property
    def out(self) -> Path:
        return self.folder / "out"

    def notebook(self, *code: str) -> None:
        tiny_notebook(self.folder / "care.ipynb", *code)

    def command(self, *more: str, lang: str = "vi") -> list[str]:
        data, out = str(self.folder / "data"), str(self.out)
        given = ["--data", data, "--period", "2026-09", "--lang", lang, "--out", out, *more]
        return [sys.executable, "-m", "carestudy", "report", str(self.folder / "care.ipynb"), *given]

    def run(self, *more: str, lang: str = "vi", **options: object) -> subprocess.CompletedProcess[str]:
        command = self.command(*more, lang=lang)
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=600, **options)  # type: ignore[call-overload,no-any-return]

    def files(self) -> dict[str, bytes]:
        return {file.name: file.read_bytes() for file in self.out.rglob("*/*") if file.is_file()}

    def kernels(self) -> list[psutil.Process]:
        """The kernels of the place: processes of their own, or the one that loads the data and its copies."""
        found = []
        for process in psutil.process_iter():
            with suppress(psutil.Error):
                words = " ".join(process.cmdline())
                of_here = str(self.out) in words or str(self.out) in process.environ().get("CARESTUDY_MEMORY", "")
                if of_here and ("tether.py" in words or "forked.py" in words):
                    found.append(process)
        return found


def wait(until: Callable[[], object], seconds: float = 600) -> None:
    """Wait until something is so; that it never is, is a failure."""
    end = time.monotonic() + seconds
    while not until():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


@contextmanager
def running(place: Place, *more: str, lang: str = "both") -> Iterator[subprocess.Popen[str]]:
    """The command while it runs; it is killed where nobody did."""
    process = subprocess.Popen(
        place.command(*more, lang=lang), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    with process:
        try:
            yield process
        finally:
            process.kill()
