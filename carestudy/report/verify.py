"""Reports beside each other, and a report beside what its data and parameters give today."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory
from typing import Any

from carestudy.contract import CareError
from carestudy.report.archived import published
from carestudy.report.order import Order
from carestudy.report.restated import differences, reasons
from carestudy.report.run import publish_report
from carestudy.show.words import LOCALES

MOST = 40
WORDS = {
    "notebook": "the notebook",
    "as_of": "the day the data are known up to",
    "computation": "how the program computes",
    "versions": "versions of the programs",
}


def compared(one: Path, other: Path) -> list[str]:
    """What two reports say differently, a line each; nothing where they agree on all that both have."""
    old, new = published(one), published(other)
    return _told(old, new)


def verified(report: Path, data: str, notebook: Path, tell: Callable[[str], object] = str) -> list[str]:
    """What differs when a report is computed again from data and notebook with the parameters it names, a line each."""
    old = published(report)
    given = old["parameters"]
    if "only" in given:
        raise CareError("a report of one group is verified with all of them: run the command with --each again")
    if not isinstance(given.get("lang"), list) or not set(given["lang"]) <= set(LOCALES):
        raise CareError(f"{report.name}: its figures do not say the languages of its pages")
    languages = tuple(given["lang"])
    with TemporaryDirectory(prefix="carestudy-") as folder:
        order = Order(notebook, data, given["period"], languages, Path(folder), given.get("as_of"))
        order = replace(order, unfinished=bool(old.get("unfinished")))
        _with_history(report, order, str(old["notebook"]))
        publish_report(order, tell)
        new = published(order.folder / order.name("figures", "json"))
        found = _told(old, new)
        return found or _pages(report.parent, order, old)


def _with_history(report: Path, order: Order, stem: str) -> None:
    """What was restated before stands on the page too."""
    kept = report.parent / f"{stem}.restated.json"
    if kept.is_file():
        order.folder.mkdir(parents=True)
        copyfile(kept, order.folder / order.name("restated", "json"))


def _told(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    changes = differences(old, new)
    lines = [_line(change) for change in changes[:MOST]]
    if len(changes) > MOST:
        lines.append(f"... and {len(changes) - MOST} more figures")
    if old["parameters"].get("period") == new["parameters"].get("period"):
        counts = len(old["figures"]), len(new["figures"])
        lines += [f"{counts[0]} figures there, {counts[1]} here"] if counts[0] != counts[1] else []
    why = [f"other rows of {word[5:]}" if word.startswith("data:") else WORDS[word] for word in reasons(old, new)]
    return lines + ([f"changed in between: {', '.join(why)}"] if why else [])


def _line(change: Mapping[str, Any]) -> str:
    by = "".join(f", {name} = {value}" for name, value in (change.get("by") or {}).items())
    sides = [f"{_number(side['value'])} (n = {_number(side['n'])})" for side in (change["old"], change["new"])]
    return f"{change['kpi']} {change['period']}{by}: {sides[0]} -> {sides[1]}"


def _number(value: Any) -> str:
    return "none" if value is None else f"{value:.6g}" if isinstance(value, float) else str(value)


def _pages(folder: Path, order: Order, old: Mapping[str, Any]) -> list[str]:
    """Where the figures agree: whether the pages are the same bytes, and those that were published."""
    found = []
    for name, digest in old.get("pages", {}).items():
        there = folder / name
        if not there.is_file() or hashlib.sha256(there.read_bytes()).hexdigest() != digest:
            found.append(f"{name} is not the page that was published")
        again = (
            hashlib.sha256((order.folder / name).read_bytes()).hexdigest() if (order.folder / name).is_file() else ""
        )
        if again != digest:
            found.append(f"{name} is written otherwise today, with the same figures")
    return found
