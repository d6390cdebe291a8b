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
    """Collect what a notebook shows in any language: the facts of its data, and each figure once."""
    about: dict[str, Any] = {}
    figures: dict[str, Any] = {}
    findings: dict[str, Any] = {}
    for payload in _payloads(notebook):
        about.update({name: value for name, value in payload.get("about", {}).items() if name in SHARED})
        figures.update({text(figure): figure for figure in payload.get("figures", ())})
        findings.update({text(finding): finding for finding in payload.get("findings", ())})
    fields = {"findings": list(findings.values())} if findings else {}
    return {"tables": [], **about, "figures": [figures[line] for line in sorted(figures)], **fields}


def without_suppressed(figures: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The figures of a report without those of groups that are suppressed: a file needs no names of small groups."""
    return [figure for figure in figures if not (figure.get("by") and is_suppressed(figure))]


def is_suppressed(figure: Mapping[str, Any]) -> bool:
    """Whether a figure is suppressed: it has neither a value nor a number of cases."""
    return figure.get("value") is None and figure.get("n") is None


def agreed(shown: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return the figures that the notebooks of all languages show; raises ``CareError`` where they differ."""
    first, *other_languages = shown
    for lang in other_languages:
        if text(shown[first]) != text(shown[lang]):
            raise CareError(
                f"the figures differ between {first} and {lang}: the data changed during the run, "
                "or a cell computes something that depends on the language"
            )
    return dict(shown[first])


def text(value: object) -> str:
    """Serialize a value as JSON, always the same for the same value: sorted, and null for NaN and infinity."""
    return json.dumps(_finite(value), ensure_ascii=False, allow_nan=False, sort_keys=True, indent=1)


def _payloads(notebook: NotebookNode) -> list[Mapping[str, Any]]:
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    return [output.data[MIME] for output in outputs if MIME in output.get("data", ())]


def _finite(value: object) -> object:
    if isinstance(value, Mapping):
        return {str(key): _finite(element) for key, element in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(element) for element in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
