"""Compares two reports, and verifies a report by computing it again from its data and parameters."""

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
from carestudy.report.report_workbook import different_cells
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


def compared(old_report: Path, new_report: Path) -> list[str]:
    """List how two reports differ, a line each; empty where they agree on every figure that both have."""
    old, new = published(old_report), published(new_report)
    return _difference_lines(old, new)


def verified(report: Path, data: str, notebook: Path, tell: Callable[[str], object] = str) -> list[str]:
    """Compute a report again from data and notebook with its stated parameters, and list the differences."""
    old = published(report)
    parameters = old["parameters"]
    if "only" in parameters:
        raise CareError("a report of one group is verified with all of them: run the command with --each again")
    if not isinstance(parameters.get("lang"), list) or not set(parameters["lang"]) <= set(LOCALES):
        raise CareError(f"{report.name}: its figures do not say the languages of its pages")
    languages = tuple(parameters["lang"])
    with TemporaryDirectory(prefix="carestudy-") as folder:
        order = Order(notebook, data, parameters["period"], languages, Path(folder), parameters.get("as_of"))
        order = replace(order, unfinished=bool(old.get("unfinished")), beside=tuple(old.get("beside") or ()))
        order = replace(order, vanished=old.get("vanished") or {})
        _with_history(report, order, str(old["notebook"]))
        publish_report(order, tell)
        new = published(order.folder / order.name("figures", "json"))
        lines = _difference_lines(old, new) or _pages(report.parent, order, old)
        return lines + _workbooks(report.parent, str(old["notebook"]), old)


def _workbooks(folder: Path, stem: str, old: Mapping[str, Any]) -> list[str]:
    """List the cells of workbooks beside the report that do not hold what it says."""
    beside = {lang: folder / f"{stem}.{lang}.xlsx" for lang in old["parameters"]["lang"]}
    cells = [cell for lang, path in beside.items() if path.is_file() for cell in different_cells(path, old, lang)]
    return cells[:MOST]


def _with_history(report: Path, order: Order, stem: str) -> None:
    """Copy the earlier restated figures and what became of earlier findings, which the page shows too."""
    for kind in ("restated", "followed"):
        history = report.parent / f"{stem}.{kind}.json"
        if history.is_file():
            order.folder.mkdir(parents=True, exist_ok=True)
            copyfile(history, order.folder / order.name(kind, "json"))


def _difference_lines(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    changes = differences(old, new)
    lines = [_line(change) for change in changes[:MOST]]
    if len(changes) > MOST:
        lines.append(f"... and {len(changes) - MOST} more figures")
    if old["parameters"].get("period") == new["parameters"].get("period"):
        counts = len(old["figures"]), len(new["figures"])
        lines += [f"{counts[0]} figures there, {counts[1]} here"] if counts[0] != counts[1] else []
    changed = [f"other rows of {word[5:]}" if word.startswith("data:") else WORDS[word] for word in reasons(old, new)]
    return lines + ([f"changed in between: {', '.join(changed)}"] if changed else [])


def _line(change: Mapping[str, Any]) -> str:
    by = "".join(f", {name} = {value}" for name, value in (change.get("by") or {}).items())
    sides = [f"{_number(side['value'])} (n = {_number(side['n'])})" for side in (change["old"], change["new"])]
    return f"{change['kpi']} {change['period']}{by}: {sides[0]} -> {sides[1]}"


def _number(value: Any) -> str:
    return "none" if value is None else f"{value:.6g}" if isinstance(value, float) else str(value)


def _pages(folder: Path, order: Order, old: Mapping[str, Any]) -> list[str]:
    """List the pages whose bytes differ from the published ones, where all figures agree."""
    lines = []
    for name, digest in old.get("pages", {}).items():
        page = folder / name
        if not page.is_file() or hashlib.sha256(page.read_bytes()).hexdigest() != digest:
            lines.append(f"{name} is not the page that was published")
        digest_now = (
            hashlib.sha256((order.folder / name).read_bytes()).hexdigest() if (order.folder / name).is_file() else ""
        )
        if digest_now != digest:
            lines.append(f"{name} is written otherwise today, with the same figures")
    return lines
