"""Reads the figures of published reports from their files, and refuses files of any other shape than ours."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, TypeGuard

from carestudy.contract import CareError

VALUES = ("value", "numerator", "denominator", "n")


def published(path: Path) -> dict[str, Any]:
    """The figures of a published report, found from any of its files."""
    name = path.name
    for suffix in (".failed.html", ".html", ".xlsx", ".figures.json"):
        name = name.removesuffix(suffix)
    stem = name if path.name.endswith(".figures.json") else name.rpartition(".")[0] or name
    file = path if path.suffix == ".json" else path.with_name(f"{stem}.figures.json")
    try:
        content = json.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        raise CareError(f"there is no {file.name} beside it: a report is read from its figures") from None
    except (OSError, ValueError, RecursionError):
        content = None
    if not _is_report(content):
        raise CareError(f"{file.name} holds no figures of a report")
    return dict(content)


def changes_in(file: Path) -> tuple[Any, list[dict[str, Any]], list[str]]:
    """Read a file of restated figures: its group, the changes, and the reports that could not be compared.

    All three are empty where the file does not exist; raises ``CareError`` where it has another shape.
    """
    try:
        content = json.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        return None, [], []
    except (OSError, ValueError, RecursionError):
        content = None
    if not isinstance(content, Mapping) or not isinstance(content.get("parameters"), Mapping):
        raise CareError(f"{file.name} holds no restated figures")
    changes, unread = content.get("restated"), content.get("not_compared", [])
    if not _all(changes, _is_change) or not _all(unread, lambda period: isinstance(period, str)):
        raise CareError(f"{file.name} holds no restated figures")
    return content["parameters"].get("only"), list(changes or []), list(unread)


def _is_report(content: object) -> bool:
    return (
        isinstance(content, Mapping)
        and isinstance(content.get("notebook"), str)
        and _is_texts(content.get("parameters"), ("period",))
        and isinstance(content.get("as_of", ""), str)
        and isinstance(content.get("pages", {}), Mapping)
        and _all(content.get("tables", []), _is_table)
        and _all(content.get("figures"), _is_figure)
    )


def _is_table(entry: object) -> bool:
    columns = entry.get("columns", []) if _is_texts(entry, ("table",)) else None
    return _all(columns, lambda column: isinstance(column, str))


def _is_figure(entry: object) -> bool:
    if not _is_texts(entry, ("kpi",), optional=("period", "unit")):
        return False
    return _is_group(entry.get("by")) and _are_numbers(entry)


def _is_change(entry: object) -> bool:
    if not _is_texts(entry, ("kpi", "period"), optional=("unit", "report")) or not _is_group(entry.get("by")):
        return False
    values = [entry.get(side) for side in ("old", "new")]
    sides = all(isinstance(value, Mapping) and _are_numbers(value) for value in values)
    return sides and _all(entry.get("why", []), lambda word: isinstance(word, str))


def _is_group(groups: object) -> bool:
    return groups is None or isinstance(groups, Mapping)


def _are_numbers(entry: Mapping[str, Any]) -> bool:
    numbers = (entry.get(name) for name in VALUES)
    return all(value is None or (isinstance(value, int | float) and not isinstance(value, bool)) for value in numbers)


def _is_texts(entry: object, names: Iterable[str], optional: Iterable[str] = ()) -> TypeGuard[Mapping[str, Any]]:
    """Whether an entry is a mapping with texts under these names; an optional text may be null or absent."""
    if not isinstance(entry, Mapping):
        return False
    has_required = all(isinstance(entry.get(name), str) for name in names)
    return has_required and all(entry.get(name) is None or isinstance(entry[name], str) for name in optional)


def _all(entries: object, predicate: Callable[[Any], bool]) -> bool:
    return isinstance(entries, list) and all(predicate(entry) for entry in entries)
