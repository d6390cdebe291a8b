"""The order of a run (which report, from which data) and its outcome."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
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
    """The report of one notebook, from one set of data, for one period, in some languages, published in one place.

    ``only`` limits the report to a group of the company; ``group_file`` is the stem of its files in a ``folder`` of
    all groups, and ``called`` the name of the group for a reader. ``prints`` are the fingerprints of the tables before
    the run, which must find the same ones, and ``columns`` those of the contract that each table has. ``wait`` is how
    many seconds the run waits for another run that writes the same folder, ``cell_timeout`` how many seconds a cell
    may take. ``beside`` are the reports of the same folder that its page may link to. ``vanished`` states what the last
    report had and this one lacks, where that is known before the run.
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
    group_file: str = ""
    called: str = ""
    within: str = ""
    unfinished: bool = False
    prints: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, Sequence[str]] = field(default_factory=dict)
    wait: float = WAIT
    beside: tuple[str, ...] = ()
    vanished: Mapping[str, Any] | None = None

    @property
    def folder(self) -> Path:
        """The folder that the report is published in."""
        return self.out / self.period / self.within

    @property
    def stem(self) -> str:
        """The beginning of the names of its files."""
        return self.group_file or self.notebook.stem

    @property
    def title(self) -> str:
        """The name of the report in messages: its notebook, or the file of its group, and never a person."""
        return f"{self.notebook.name} {self.group_file}" if self.group_file else self.notebook.name

    def name(self, *suffixes: str) -> str:
        """The name of one of the report's files."""
        return ".".join((self.stem, *suffixes))

    def earlier(self, *, failed: bool) -> set[str]:
        """The files of an earlier run that this run removes; a failed run leaves a good report untouched."""
        pages = {self.name(lang, "failed", "html") for lang in self.languages}
        printouts = {self.name(lang, kind) for lang in self.languages for kind in ("pdf", "xlsx")}
        others = {self.name("set_aside", "csv"), self.name("restated", "json"), self.name("followed", "json")}
        return pages if failed else pages | printouts | others

    def changed(self, tables: Iterable[Mapping[str, Any]]) -> list[str]:
        """The tables whose fingerprint differs from the one before the run."""
        hashes = {table["table"]: table.get("hash") for table in tables}
        return [name for name in hashes if self.prints.get(name) and hashes[name] != self.prints[name]]

    @property
    def address(self) -> str:
        """The absolute address of the data."""
        kind, is_url, file = self.data.partition("://")
        if is_url:
            # A database in a file needs an absolute path: the kernel works in another folder.
            return f"{kind}://{Path(file).resolve()}" if Path(file).is_file() else self.data
        return str(Path(self.data).resolve())

    @property
    def secrets(self) -> tuple[str, ...]:
        """The texts that no page may contain: the paths of this machine."""
        return self.address, str(self.out.resolve())

    def parameters(self, lang: str) -> dict[str, Any]:
        """The parameters of the notebook; the address of the data stands in the kernel's environment only."""
        values: dict[str, Any] = {"data": f"${DATA}", "period": self.period, "lang": lang}
        values |= {"as_of": self.as_of} if self.as_of else {}
        return values | ({"only": dict(self.only)} if self.only else {})

    def about(self, source: Source) -> dict[str, Any]:
        """The facts of the report before its run: the notebook, its fingerprint and parameters, but not the data."""
        values = self.parameters("") | {"lang": list(self.languages)}
        public = {name: value for name, value in values.items() if name not in ("data", "only")}
        return {
            **program(),
            "notebook": self.notebook.stem,
            "notebook_hash": source.hash,
            "parameters": public | ({"only": self.called} if self.only else {}),
        }


@dataclass(frozen=True)
class Source:
    """A notebook as it was read, and its fingerprint."""

    notebook: NotebookNode
    hash: str


@dataclass(frozen=True)
class Outcome:
    """The files of a report, its figures, and why it was not published, if it was not."""

    files: Mapping[str, bytes]
    figures: Mapping[str, Any] = field(default_factory=dict)
    trouble: str = ""


class ReportFailed(CareError):
    """A report that was not published; the last good one stays published."""


def slug(text: str, longest: int = 40) -> str:
    """A text as part of a file name on any system.

    >>> slug("Đội Bắc / Chăm sóc")
    'doi-bac-cham-soc'
    """
    bare = unicodedata.normalize("NFKD", text.replace("Đ", "D").replace("đ", "d")).encode("ascii", "ignore").decode()
    words = "".join(letter if letter.isalnum() else " " for letter in bare.lower()).split()
    return "-".join(words)[:longest].strip("-")
