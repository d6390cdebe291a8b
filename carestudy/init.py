"""``carestudy init``: the care.toml of a folder, written from what its files look like."""

from __future__ import annotations

import tomllib
from itertools import count
from pathlib import Path

from carestudy.care import Settings
from carestudy.contract import CareError
from carestudy.load.mapping import FILE
from carestudy.load.settings import changed, interpret
from carestudy.recognise import propose
from carestudy.report.publish import claimed, publish

ANSWERED, QUESTIONS = 0, 3


def init(
    data: Path, *, replace: bool, company: str | None, currency: str | None, timezone: str | None
) -> tuple[list[str], int]:
    """Write care.toml for a folder; returns what was recognised, line by line, and 3 if questions remain, else 0.

    ``data`` may be a single file, such as an SQLite database: care.toml is written beside it. A care.toml that is
    there already is replaced only where that is requested, and kept under another name.
    """
    settings = {"company": company, "currency": currency, "timezone": timezone}
    changed(Settings(), {name: value for name, value in settings.items() if value is not None}, "init")
    folder = data.parent if data.is_file() else data
    toml = folder / FILE
    if toml.exists() and not replace:
        raise CareError(
            f"{FILE} is there already: carestudy check reads it; init --replace writes it anew and keeps it"
        )
    proposal = propose(data, company=company, currency=currency, timezone=timezone)
    written = proposal.toml()
    interpret(tomllib.loads(written))  # what the other commands would refuse is never written
    files = {FILE: written.encode()}
    lines = [*proposal.lines(), "", f"Written to {toml}: read it, then run carestudy check {folder}"]
    if toml.exists():
        files[old_name := _free(folder)] = toml.read_bytes()
        lines.append(f"The one that was there is {old_name}.")
    with claimed(folder) as work:
        publish(work, files)
    return lines, QUESTIONS if proposal.questions() else ANSWERED


def _free(folder: Path) -> str:
    """A free name beside care.toml."""
    names = (f"{FILE}.old{number or ''}" for number in count())
    return next(name for name in names if not (folder / name).exists())
