"""Notebooks of a few cells that tests make, and the data they are run on."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from carestudy.periods import months_later

PARAMETERS = 'data = "../data/demo"\nperiod = "2026-09"\nlang = "vi"'
CLOCKS, SCORES = ("09:00:00", "10:00:00", "11:00:00"), (9, 10, 3)
MIME = "application/vnd.carestudy.figures+json"


def tiny_notebook(path: Path, *code: str, parameters: str | None = PARAMETERS) -> Path:
    """A notebook with a title, a parameters cell, and a section in two languages for each piece of code."""
    cells = [new_markdown_cell("# Báo cáo", metadata={"tags": ["lang-vi"]})]
    cells.append(new_markdown_cell("# Report", metadata={"tags": ["lang-en"]}))
    if parameters is not None:
        cells.append(new_code_cell(parameters, metadata={"tags": ["parameters"]}))
    for number, source in enumerate(code, start=1):
        cells.append(new_markdown_cell(f"## Phần {number}", metadata={"tags": ["lang-vi"]}))
        cells.append(new_markdown_cell(f"## Part {number}", metadata={"tags": ["lang-en"]}))
        cells.append(new_code_cell(source))
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(new_notebook(cells=cells, metadata={"kernelspec": kernel}), path)
    return path


def showing(html: str = "<p>42 %</p>", text: str = "42 %", **payload: Any) -> str:
    """Code that shows a piece of HTML with figures behind it, as ``carestudy.show`` does."""
    bundle = {"text/html": html, "text/plain": text, MIME: {"figures": [], **payload}}
    return f"import json\nfrom IPython.display import display\ndisplay(json.loads({json.dumps(bundle)!r}), raw=True)"


def tiny_data(folder: Path, month: date = date(2026, 9, 1)) -> Path:
    """A company with three customers and as many answers, known up to the end of a month: September 2026."""
    folder.mkdir(parents=True, exist_ok=True)
    last, before = months_later(month, 1) - timedelta(days=1), months_later(month, -1)
    joined = [months_later(month, -8).replace(day=5), months_later(month, -7).replace(day=10), before]
    rows = [f"A{number},{day}" for number, day in enumerate(joined, start=1)]
    customers = "\n".join(["customer_id,joined_on", *rows, ""])
    days = [before.replace(day=15), month.replace(day=2), last]
    answers = [f"{day}T{clock},{score}" for day, clock, score in zip(days, CLOCKS, SCORES, strict=True)]
    lines = [f"R{number},A{number},{answer},nps" for number, answer in enumerate(answers, start=1)]
    head = "response_id,customer_id,answered_at,score,question"
    (folder / "customers.csv").write_text(customers, "utf-8")
    (folder / "responses.csv").write_text("\n".join([head, *lines, ""]), "utf-8")
    return folder
