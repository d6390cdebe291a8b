"""Collects the figures that an executed notebook shows, for machines to read."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

from nbformat import NotebookNode

from carestudy.contract import CareError
from carestudy.show.output import MIME

SHARED = ("company", "period", "as_of", "tables", "versions")


def collected(notebook: NotebookNode) -> dict[str, Any]:
    """What a notebook shows, whatever its language: what it is about, and each figure once."""
    about: dict[str, Any] = {}
    figures: dict[str, Any] = {}
    for payload in _payloads(notebook):
        about.update({name: part for name, part in payload.get("about", {}).items() if name in SHARED})
        figures.update({text(figure): figure for figure in payload.get("figures", ())})
    return {"tables": [], **about, "figures": [figures[line] for line in sorted(figures)]}


def without_suppressed(figures: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The figures of a report without those of groups that are suppressed: a file needs no names of small groups."""
    return [one for one in figures if not (one.get("by") and is_suppressed(one))]


def is_suppressed(figure: Mapping[str, Any]) -> bool:
    """Whether a figure is withheld: neither its value nor how many cases stand behind it is told."""
    return figure.get("value") is None and figure.get("n") is None


def agreed(shown: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """What the notebooks of every language show alike; it is an error where they differ."""
    first, *others = shown
    for other in others:
        if text(shown[first]) != text(shown[other]):
            raise CareError(
                f"the figures differ between {first} and {other}: the data changed during the run, "
                "or a cell computes something that depends on the language"
            )
    return dict(shown[first])


def text(value: Any) -> str:
    """JSON that is the same for the same value: sorted, and without numbers that JSON does not know."""
    return json.dumps(_finite(value), ensure_ascii=False, allow_nan=False, sort_keys=True, indent=1)


def _payloads(notebook: NotebookNode) -> list[Mapping[str, Any]]:
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    return [output.data[MIME] for output in outputs if MIME in output.get("data", ())]


def _finite(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _finite(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(part) for part in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
