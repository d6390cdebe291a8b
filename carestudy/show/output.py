"""What a cell shows: a piece of HTML, the same as plain text for comparison, and the figures for machines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
from markupsafe import Markup

from carestudy.show.labels import Card, card
from carestudy.show.looks import LOOKS
from carestudy.show.numbers import is_missing

MIME = "application/vnd.carestudy.figures+json"
MEASURED = ("value", "low", "high", "numerator", "denominator", "n")
NAMED = ("period", "kpi")
TOLD = "note"  # why there is no value
COMPARED = (
    "before", "before_n", "change", "change_low", "change_high", "verdict", "year_ago", "year_n", "year_change",
    "year_change_low", "year_change_high", "year_verdict", "target", "target_from", "reached", "before_note",
    "year_note",
)  # fmt: skip


@dataclass(frozen=True)
class Output:
    """One thing shown in a notebook or a report."""

    html: Markup
    text: str
    figures: tuple[Mapping[str, Any], ...] = ()
    about: Mapping[str, Any] | None = None
    looks: tuple[str, ...] = ()
    findings: tuple[Mapping[str, Any], ...] = ()

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:  # noqa: ARG002 - IPython's signature
        styles = "".join(f'<style data-care="{look}">{LOOKS[look]}</style>' for look in ("care", *self.looks))
        payload: dict[str, Any] = {"figures": [dict(figure) for figure in self.figures]}
        if self.about is not None:
            payload["about"] = dict(self.about)
        if self.findings:
            payload["findings"] = [dict(finding) for finding in self.findings]
        html = f'{styles}<div class="care">{self.html}</div>'
        return {"text/html": html, "text/plain": self.text, MIME: payload}

    def __repr__(self) -> str:
        return self.text


def figures(frame: pd.DataFrame, kpi: Card | None = None) -> tuple[dict[str, Any], ...]:
    """The rows of a figures frame as plain records; what has no number is null."""
    return tuple(_record(row, kpi) for row in frame.to_dict("records"))


def dimensions(frame: pd.DataFrame) -> list[str]:
    """The columns by which a figures frame is grouped."""
    return [str(column) for column in frame.columns if column not in (*NAMED, TOLD, *MEASURED, *COMPARED)]


def _record(row: Mapping[Any, Any], kpi: Card | None) -> dict[str, Any]:
    shown = kpi or card(row.get("kpi"))
    groups = [str(name) for name in row if name not in (*NAMED, TOLD, *MEASURED, *COMPARED)]
    record: dict[str, Any] = {"kpi": shown.name, "by": {name: _plain(row[name]) for name in groups}}
    record["period"] = _plain(row.get("period"))
    record.update({name: _plain(row.get(name)) for name in MEASURED})
    return record | {"unit": shown.unit}


def _plain(value: Any) -> Any:
    if isinstance(value, (bool, str)):
        return value
    if pd.api.types.is_number(value):
        return None if is_missing(value) else float(f"{value:.12g}")
    return None if pd.isna(value) else str(value)
