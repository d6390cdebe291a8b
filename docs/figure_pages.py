"""Writes a page for each figure: its definition in both languages, its call, an example, what it needs, a picture."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import carestudy as cs
from carestudy import kpi
from carestudy.show.words import catalogue

DEMO = Path(__file__).parents[1] / "data" / "demo"
PERIOD = "2026-10"


def write(folder: Path, *, pictures: bool) -> None:
    """Write a page for each figure into a folder, and a list of them; pages that no figure has any more are removed."""
    folder.mkdir(exist_ok=True)
    named: dict[str, list[Any]] = {}
    for figure in kpi.ALL.values():
        named.setdefault(figure.name, []).append(figure)
    show = cs.Show(cs.load(DEMO), period=PERIOD, lang="en") if pictures else None
    pages = {name: _page(figures, show) for name, figures in named.items()}
    pages["index"] = _list(named.values())
    for path in folder.glob("*.md"):
        if path.stem not in pages:
            path.unlink()
    for name, text in pages.items():
        path = folder / f"{name}.md"
        if not path.exists() or path.read_text("utf-8") != text:
            path.write_text(text, encoding="utf-8")


def _title(label: str) -> str:
    """The label of a figure that has variants, without the place of what varies."""
    return re.sub(r",? *\(?\{.*?\}\)?", "", label)


def _page(figures: list[Any], show: cs.Show | None) -> str:
    figure = figures[0]
    vietnamese = catalogue("vi")
    text = _description(figure)
    variants = [f"- `{other.id}`: {other.title}" for other in figures]
    return "\n".join(
        [
            f"# {_title(figure.label)}",
            "",
            f"**{_title(vietnamese[figure.label])}**: {vietnamese[figure.definition]}",
            "",
            "```python",
            f"kpi.{figure.name}{_signature(figure)}",
            "```",
            "",
            "```{eval-rst}",
            text,
            "```",
            "",
            f"Reads {' and '.join(figure.tables)}. {_better(figure)}",
            "",
            *(["In a scorecard:", "", *variants, ""] if len(figures) > 1 else []),
            *_picture(figure, show),
        ]
    )


def _description(figure: Any) -> str:
    """The docstring without the call that stands above it for help()."""
    text = inspect.getdoc(figure) or ""
    call, _, rest = text.partition("\n\n")
    return rest if call.startswith(f"{figure.name}(") else text


def _signature(figure: Any) -> str:
    parameters = inspect.signature(figure).parameters.values()
    bare = [parameter.replace(annotation=inspect.Parameter.empty) for parameter in parameters]
    return str(inspect.Signature(bare))


def _better(figure: Any) -> str:
    return {"higher": "Higher is better.", "lower": "Lower is better."}.get(str(figure.better), "")


def _picture(figure: Any, show: cs.Show | None) -> list[str]:
    if show is None:
        return []
    try:
        html = show.trend(figure)._repr_mimebundle_()["text/html"]
    except cs.CareError:  # a figure of one moment has no series
        return []
    return ["## The demo company", "", "```{raw} html", html, "```", ""]


def _list(named: Iterable[list[Any]]) -> str:
    rows = [f"| [{_title(group[0].label)}]({group[0].name}.md) | {group[0].definition} |" for group in named]
    names = [group[0].name for group in named]
    return "\n".join(
        [
            "# Figures",
            "",
            "| figure | definition |",
            "|---|---|",
            *rows,
            "",
            "```{toctree}",
            ":hidden:",
            "",
            *names,
            "```",
            "",
        ]
    )
