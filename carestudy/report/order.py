"""What is wanted of a run, and what came of it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from carestudy.contract import CareError
from carestudy.report.kernel import DATA
from carestudy.report.locks import WAIT
from carestudy.report.program import program
from carestudy.report.time_limit import LIMIT


@dataclass(frozen=True, eq=False)
class Order:
    """Which report is wanted: of which notebook, from which data, for which period, in which languages, and where.

    ``only`` is the group of the company it is about, if not the whole; ``part`` names the files of one report among
    many in a ``folder`` of their own, and ``called`` is what a reader calls that part. ``prints`` are the fingerprints
    of the tables when they were looked at before the run: it must find the same. ``wait`` is how many seconds the run
    waits for another one that writes the same folder, ``cell_timeout`` how many seconds a cell may take.
    """

    notebook: Path
    data: str
    period: str
    languages: tuple[str, ...]
    out: Path
    as_of: str | None = None
    set_aside: bytes = b""
    cell_timeout: int = round(LIMIT)
    only: Mapping[str, Any] | None = None
    part: str = ""
    called: str = ""
    within: str = ""
    unfinished: bool = False
    prints: Mapping[str, str] = field(default_factory=dict)
    wait: float = WAIT

    @property
    def folder(self) -> Path:
        """Where the report is published."""
        return self.out / self.period / self.within

    @property
    def stem(self) -> str:
        """The beginning of the names of its files."""
        return self.part or self.notebook.stem

    @property
    def title(self) -> str:
        """What a message calls the report: a notebook, or the file of a part, and never a person."""
        return f"{self.notebook.name} {self.part}" if self.part else self.notebook.name

    def name(self, *parts: str) -> str:
        """The name of one of the report's files."""
        return ".".join((self.stem, *parts))

    def earlier(self, *, failed: bool) -> set[str]:
        """The files of an earlier run that this one removes; one that failed touches nothing of a good report."""
        pages = {self.name(lang, "failed", "html") for lang in self.languages}
        printouts = {self.name(lang, "pdf") for lang in self.languages}
        return pages if failed else pages | printouts | {self.name("set_aside", "csv"), self.name("restated", "json")}

    def changed(self, tables: Iterable[Mapping[str, Any]]) -> list[str]:
        """The tables that are others now than before the run."""
        found = {one["table"]: one.get("hash") for one in tables}
        return [name for name in found if self.prints.get(name) and found[name] != self.prints[name]]

    @property
    def address(self) -> str:
        """Where the data are, whatever folder one is in."""
        kind, given, file = self.data.partition("://")
        if given:
            # A database in a file: its kernel works in another folder.
            return f"{kind}://{Path(file).resolve()}" if Path(file).is_file() else self.data
        return str(Path(self.data).resolve())

    @property
    def secrets(self) -> tuple[str, ...]:
        """What no page may say: where things are on this machine."""
        return self.address, str(self.out.resolve())

    def parameters(self, lang: str) -> dict[str, Any]:
        """What the notebook is given; where the data are stands in the kernel's environment only."""
        given: dict[str, Any] = {"data": f"${DATA}", "period": self.period, "lang": lang}
        given |= {"as_of": self.as_of} if self.as_of else {}
        return given | ({"only": dict(self.only)} if self.only else {})

    def about(self, source: Source) -> dict[str, Any]:
        """What the run knows of the report: the notebook, its fingerprint and its parameters, but not the data."""
        given = self.parameters("") | {"lang": list(self.languages)}
        told = {name: value for name, value in given.items() if name not in ("data", "only")}
        return {
            **program(),
            "notebook": self.notebook.stem,
            "notebook_hash": source.hash,
            "parameters": told | ({"only": self.called} if self.only else {}),
        }


@dataclass(frozen=True)
class Source:
    """A notebook as it was read, and its fingerprint."""

    notebook: NotebookNode
    hash: str


@dataclass(frozen=True)
class Outcome:
    """The files of a report, its figures, and what kept it from being published, if anything did."""

    files: Mapping[str, bytes]
    figures: Mapping[str, Any] = field(default_factory=dict)
    trouble: str = ""


class ReportFailed(CareError):
    """A report that was not published; the last good one is still in its place."""


def slug(text: str, longest: int = 40) -> str:
    """A text as part of a file name on any system.

    >>> slug("Đội Bắc / Chăm sóc")
    'doi-bac-cham-soc'
    """
    bare = unicodedata.normalize("NFKD", text.replace("Đ", "D").replace("đ", "d")).encode("ascii", "ignore").decode()
    words = "".join(letter if letter.isalnum() else " " for letter in bare.lower()).split()
    return "-".join(words)[:longest].strip("-")
