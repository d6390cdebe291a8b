"""The figures of published reports as they stand in the folder, read only where they have the shape that we write."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from carestudy.contract import CareError

VALUES = ("value", "numerator", "denominator", "n")


def published(path: Path) -> dict[str, Any]:
    """The figures of a published report, by any of its files."""
    name = path.name
    for end in (".failed.html", ".html", ".figures.json"):
        name = name.removesuffix(end)
    stem = name if path.name.endswith(".figures.json") else name.rpartition(".")[0] or name
    file = path if path.suffix == ".json" else path.with_name(f"{stem}.figures.json")
    try:
        found = json.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        raise CareError(f"there is no {file.name} beside it: a report is known by its figures") from None
    except (OSError, ValueError, RecursionError):
        found = None
    if not _is_report(found):
        raise CareError(f"{file.name} holds no figures of a report")
    return dict(found)


def changes_in(file: Path) -> tuple[Any, list[dict[str, Any]], list[str]]:
    """What a file of restated figures holds: its group, the changes, and the reports that could not be compared.

    Nothing where there is no such file; ``CareError`` where it has another shape.
    """
    try:
        kept = json.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        return None, [], []
    except (OSError, ValueError, RecursionError):
        kept = None
    if not isinstance(kept, Mapping) or not isinstance(kept.get("parameters"), Mapping):
        raise CareError(f"{file.name} holds no restated figures")
    changes, unread = kept.get("restated"), kept.get("not_compared", [])
    if not _all(changes, _is_change) or not _all(unread, lambda one: isinstance(one, str)):
        raise CareError(f"{file.name} holds no restated figures")
    return kept["parameters"].get("only"), list(changes or []), list(unread)


def _is_report(found: Any) -> bool:
    return (
        isinstance(found, Mapping)
        and isinstance(found.get("notebook"), str)
        and _is_texts(found.get("parameters"), ("period",))
        and isinstance(found.get("as_of", ""), str)
        and isinstance(found.get("pages", {}), Mapping)
        and _all(found.get("tables", []), lambda one: _is_texts(one, ("table",)))
        and _all(found.get("figures"), _is_figure)
    )


def _is_figure(one: Any) -> bool:
    named = _is_texts(one, ("kpi",), optional=("period", "unit"))
    return named and _is_group(one.get("by")) and _are_numbers(one)


def _is_change(one: Any) -> bool:
    named = _is_texts(one, ("kpi", "period"), optional=("unit", "report")) and _is_group(one.get("by"))
    sides = named and all(isinstance(one.get(side), Mapping) and _are_numbers(one[side]) for side in ("old", "new"))
    return sides and _all(one.get("why", []), lambda word: isinstance(word, str))


def _is_group(by: Any) -> bool:
    return by is None or isinstance(by, Mapping)


def _are_numbers(one: Mapping[str, Any]) -> bool:
    numbers = (one.get(name) for name in VALUES)
    return all(value is None or (isinstance(value, int | float) and not isinstance(value, bool)) for value in numbers)


def _is_texts(one: Any, names: Iterable[str], optional: Iterable[str] = ()) -> bool:
    """Whether it is a mapping with texts under these names; what is optional may be null or not there."""
    if not isinstance(one, Mapping):
        return False
    wanted = all(isinstance(one.get(name), str) for name in names)
    return wanted and all(one.get(name) is None or isinstance(one[name], str) for name in optional)


def _all(found: Any, fit: Any) -> bool:
    return isinstance(found, list) and all(map(fit, found))
