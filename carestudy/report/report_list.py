"""The list of all published reports, rebuilt after every run from the files in the folder."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from html import unescape
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import Any
from urllib.parse import quote

from carestudy.contract import CareError
from carestudy.periods import Period
from carestudy.report.check import problems
from carestudy.report.followed import ACTIONS, actions
from carestudy.report.locks import locked
from carestudy.report.publish import PUBLISHED, WORK, NotSent, os_reason, publish, settle
from carestudy.show import archive
from carestudy.show.archive import Entry
from carestudy.show.words import LOCALES, Reader

TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
EACH = ".each-"
HEAD = 4096  # bytes of a page in which its title stands


def rebuild(out: Path, lang: str = "vi") -> None:
    """Write ``index.vi.html``, ``index.en.html`` and ``index.html``, the last of them in ``lang``; all or none."""
    with locked(out):
        entries = sorted(_entries(out), key=lambda entry: entry.name)
        entries.sort(key=lambda entry: (Period.parse(entry.period).end, Period.parse(entry.period).start), reverse=True)
        links = {quote(href) for entry in entries for href in entry.pages.values()}
        pages = {code: checked_html(archive.archive(Reader(code), entries), code, links) for code in LOCALES}
        files = {f"index.{code}.html": html.encode() for code, html in pages.items()}
        reports = [
            file for entry in entries for file in sorted((out / entry.period).glob(f"{entry.name}.figures.json"))
        ]
        listed = actions(out, reports, lang)
        _put(out, files | {"index.html": pages[lang].encode()} | ({ACTIONS: listed} if listed else {}))


def checked_html(html: str, lang: str, links: set[str], *, secrets: Sequence[str] = ()) -> str:
    """Return a page of links, or raise ``CareError`` where it fails the check that every page has to pass."""
    index_pages = {f"index.{code}.html" for code in LOCALES}
    if faults := problems(html, lang, links=links | index_pages, secrets=secrets):
        raise CareError(f"the list of reports has {', '.join(faults)}")
    return html


def _entries(out: Path) -> Iterator[Entry]:
    for folder in sorted(path for path in out.iterdir() if path.is_dir() and not path.name.startswith(".")):
        try:
            Period.parse(folder.name)
        except CareError:
            continue
        for file in sorted(folder.glob("*.figures.json")):
            yield _entry(folder, file.name.removesuffix(".figures.json"))
        for group in sorted(path for path in folder.iterdir() if EACH in path.name and path.is_dir()):
            pages = _pages(group, "index")
            if pages:
                base = f"{folder.name}/{group.name}"
                yield Entry(folder.name, {lang: f"{base}/{name}" for lang, name in pages.items()},
                            {lang: _title(group / name) for lang, name in pages.items()}, group.name)  # fmt: skip


def _entry(folder: Path, stem: str) -> Entry:
    pages, told = _pages(folder, stem), _json(folder / f"{stem}.figures.json")
    return Entry(
        folder.name,
        {lang: f"{folder.name}/{name}" for lang, name in pages.items()},
        {lang: _title(folder / name) for lang, name in pages.items()},
        stem,
        known=str(told.get("as_of", "")),
        first=_first_finding(told),
        restated=_restated(folder / f"{stem}.restated.json"),
        failed=any((folder / f"{stem}.{lang}.failed.html").exists() for lang in LOCALES),
    )


def _first_finding(report: Mapping[str, Any]) -> dict[str, str]:
    """The headline of a report's first finding for the worse, by language; empty where it has none."""
    findings = report.get("findings")
    for one in findings if isinstance(findings, list) else ():
        headline = one.get("headline") if isinstance(one, dict) and not one.get("better") else None
        if isinstance(headline, dict):
            return {lang: str(headline[lang]) for lang in LOCALES if lang in headline}
    return {}


def _pages(folder: Path, stem: str) -> dict[str, str]:
    return {lang: name for lang in LOCALES if (folder / (name := f"{stem}.{lang}.html")).is_file()}


def _title(page: Path) -> str:
    with page.open("rb") as file:
        match = TITLE.search(file.read(HEAD).decode("utf-8", "ignore"))
    return unescape(match[1]).strip() if match else ""


def _restated(file: Path) -> int:
    """How many figures a report lists as restated; 0 where its file has another shape than ours."""
    changes = _json(file).get("restated")
    return len(changes) if isinstance(changes, list) else 0


def _json(file: Path) -> dict[str, Any]:
    try:
        content = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}


def _put(out: Path, files: Mapping[str, bytes]) -> None:
    try:
        settle(out)
        work = Path(mkdtemp(prefix=WORK, dir=out))
        try:
            publish(work, files)
        finally:
            rmtree(work, ignore_errors=True)
    except OSError as problem:
        raise NotSent(f"{PUBLISHED}, and the list of all reports was not rebuilt: {os_reason(problem)}") from None
