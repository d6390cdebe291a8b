"""Committed notebooks are clean, hold what they show, and nbval sees when a figure, a format or a word changes."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pandas as pd
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output
from tiny import MIME, showing, tiny_notebook

from carestudy.report.parameters import declared
from carestudy.report.store import store, stored

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
TAGS = {"parameters", "lang-vi", "lang-en", "notebook-only"}
LOGIC = (ast.FunctionDef, ast.ClassDef, ast.Lambda, ast.For, ast.While, ast.If, ast.Try, ast.comprehension)
LONGEST_CELL = 10
SMALL = 5_000_000
# What differs from run to run or machine to machine, and so must not be stored.
CHANGING = {
    "an address in memory": re.compile(r"\b0x[0-9a-f]{6,}"),
    "an address": re.compile(r"\bhttps?://"),
    "a path": re.compile(r"(?<![\w/.:])/(?:home|root|Users|tmp|var|opt|usr|mnt|srv|private|work)/\w|\b[A-Z]:\\\w"),
    "a time of day": re.compile(r"\b(?!00:00:00)\d{1,2}:\d{2}:\d{2}\b"),
}

each_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def _faults(notebook: Any) -> Iterator[str]:
    """What a committed notebook must not have, one line each."""
    numbers = [cell.execution_count for cell in notebook.cells if cell.cell_type == "code"]
    if numbers != list(range(1, len(numbers) + 1)):
        # nbval compares nothing where the number is null, and says that all is well.
        yield "cells are not numbered from 1"
    for cell in notebook.cells:
        if not set(cell.metadata.get("tags", ())) <= TAGS:
            yield "a tag that may let a cell off"
        if cell.cell_type == "code":
            yield from _faults_of_code(cell.source)
            for output in cell.outputs:
                yield from _faults_of_output(output)


def _faults_of_code(source: str) -> Iterator[str]:
    if re.search(r"#\s*(NBVAL|PYTEST_VALIDATE)", source):
        yield "a comment that lets a cell off"
    if source.rstrip().endswith(";"):
        yield "a trailing semicolon"
    if len(source.splitlines()) > LONGEST_CELL:
        yield "a long cell"
    try:
        tree = ast.parse(source)
    except SyntaxError:
        yield "something that is not Python"
    else:
        if any(isinstance(node, LOGIC) for node in ast.walk(tree)):
            yield "logic that belongs into the package"


def _faults_of_output(output: Any) -> Iterator[str]:
    if output.output_type == "error":
        yield "an error"
    if output.get("name") == "stderr":
        yield "something on stderr"
    shown = output.get("data", {})
    html, plain = shown.get("text/html", ""), shown.get("text/plain", output.get("text", ""))
    if any(not re.search(r'\balt="[^"]', image) for image in re.findall(r"<img\b[^>]*>", html)):
        yield "an image without alt text"
    if "image/png" in shown and (not plain or plain.startswith("<")):
        yield "an image without alt text"
    for what, pattern in CHANGING.items():
        if pattern.search(html) or pattern.search(plain):
            yield what


def test_there_are_notebooks() -> None:
    assert NOTEBOOKS


@each_notebook
def test_a_committed_notebook_is_clean(path: Path) -> None:
    assert list(_faults(nbformat.read(path, as_version=4))) == []


@each_notebook
def test_a_committed_notebook_is_stored_in_the_one_form(path: Path) -> None:
    text = path.read_text("utf-8")
    notebook = nbformat.reads(text, as_version=4)
    assert f"{nbformat.writes(stored(notebook), version=4)}\n" == text
    ids = [cell.id for cell in notebook.cells]
    assert len(set(ids)) == len(ids)


@each_notebook
def test_prose_stands_in_both_languages(path: Path) -> None:
    tags = [set(cell.metadata.get("tags", ())) for cell in nbformat.read(path, as_version=4).cells]
    for here, after in zip(tags, [*tags[1:], set()], strict=True):
        if "lang-vi" in here:
            assert "lang-en" in after
    assert sum("lang-vi" in each for each in tags) == sum("lang-en" in each for each in tags)


@each_notebook
def test_the_data_of_a_committed_notebook_are_small_and_committed(path: Path) -> None:
    data = (path.parent / declared(nbformat.read(path, as_version=4))["data"]).resolve()
    assert data.is_relative_to(ROOT)
    files = [file for file in data.rglob("*") if file.is_file()]
    assert files
    assert sum(file.stat().st_size for file in files) < SMALL
    ignored = subprocess.run(
        ["git", "check-ignore", *map(str, files)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ignored.stdout == ""


BAD = {
    "cells are not numbered from 1": new_code_cell("x"),
    "a tag that may let a cell off": new_markdown_cell("x", metadata={"tags": ["nbval-ignore-output"]}),
    "a comment that lets a cell off": new_code_cell("x  # NBVAL_IGNORE_OUTPUT", execution_count=1),
    "a trailing semicolon": new_code_cell("x;\n", execution_count=1),
    "a long cell": new_code_cell("x\n" * 11, execution_count=1),
    "something that is not Python": new_code_cell("!ls", execution_count=1),
    "logic that belongs into the package": new_code_cell("[a for a in b]", execution_count=1),
}
BAD_OUTPUTS = {
    "an error": new_output("error", ename="E", evalue="", traceback=[]),
    "something on stderr": new_output("stream", name="stderr", text="warning"),
    "an image without alt text": new_output("display_data", {"image/png": "AA==", "text/plain": "<Figure size 1x1>"}),
    "an address in memory": new_output("display_data", {"text/plain": "<object at 0x7f3a2b1c>"}),
    "an address": new_output("display_data", {"text/html": "<a href='https://example.com'>"}),
    "a path": new_output("stream", name="stdout", text="/home/an/data"),
    "a time of day": new_output("stream", name="stdout", text="2026-11-01 08:31:07"),
}


@pytest.mark.parametrize("fault", BAD)
def test_what_breaks_the_rules_is_refused(fault: str) -> None:
    assert list(_faults(nbformat.v4.new_notebook(cells=[BAD[fault]]))) == [fault]


@pytest.mark.parametrize("fault", BAD_OUTPUTS)
def test_an_output_that_breaks_the_rules_is_refused(fault: str) -> None:
    cell = new_code_cell("x", execution_count=1, outputs=[BAD_OUTPUTS[fault]])
    assert list(_faults(nbformat.v4.new_notebook(cells=[cell]))) == [fault]


def _nbval(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    strict = [
        "--nbval",
        "--nbval-current-env",
        "--nbval-cell-timeout=120",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:randomly",
    ]
    command = [sys.executable, "-m", "pytest", *strict, "--color=no", "-q", "notebooks"]
    given = {**os.environ, "IPYTHONDIR": str(folder / ".ipython"), **environment}
    return subprocess.run(command, cwd=folder, env=given, capture_output=True, text=True, check=False, timeout=600)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The committed notebooks and data, to be run without leaving anything in the checkout."""
    shutil.copytree(ROOT / "notebooks", tmp_path / "notebooks", ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    (tmp_path / "data").symlink_to(ROOT / "data")
    return tmp_path


# What is changed, in which file of the package, from what to what; and the cell of the report that has to tell.
MUTATIONS = {
    "a mean": ("kpi/voice.py", "responses.score <= 6", "responses.score <= 5", "show.trend(kpi.nps)"),
    "a number format": (
        "show/numbers.py",
        'amount, unit.decimals) + "%"',
        'amount, unit.decimals + 1) + "%"',
        "show.trend(kpi.csat)",
    ),
    "a Vietnamese word": (
        "locale/vi/report.po",
        "{label} {value} (khoảng tin cậy",
        "{label} {value} (khoảng ước lượng",
        "show.trend(kpi.csat)",
    ),
    "seven days": (
        "kpi/service.py",
        "days(within)), over)",
        "days(within - 2)), over)",
        "show.bars(kpi.recontact_rate",
    ),
    "error bars": ("measure/intervals.py", "centre - half)", "centre - half / 2)", "show.trend(kpi.response_rate)"),
}


@pytest.mark.slow
@pytest.mark.parametrize("mutation", MUTATIONS)
def test_a_changed_meaning_is_seen_in_the_report(copy: Path, mutation: str) -> None:
    file, old, new, shown = MUTATIONS[mutation]
    shutil.copytree(ROOT / "carestudy", copy / "mutant" / "carestudy", ignore=shutil.ignore_patterns("__pycache__"))
    mutant = copy / "mutant" / "carestudy" / file
    source = mutant.read_text("utf-8")
    assert source.count(old) == 1, "the line to change has itself been changed: choose another"
    mutant.write_text(source.replace(old, new), "utf-8")
    _keep_only(copy / "notebooks" / "care_report.ipynb", shown)
    assert "Cell outputs differ" in _nbval(copy, PYTHONPATH=str(copy / "mutant")).stdout


@pytest.mark.slow
def test_a_changed_mix_is_seen_in_the_report(copy: Path) -> None:
    (copy / "data").unlink()
    shutil.copytree(ROOT / "data", copy / "data")
    file = copy / "data" / "demo" / "customers.parquet"
    customers = pd.read_parquet(file)
    customers.loc[customers.index[:50], "segment"] = customers["segment"].iloc[::-1].iloc[:50].to_numpy()
    customers.to_parquet(file)
    _keep_only(copy / "notebooks" / "care_report.ipynb", "show.bars(kpi.invoiced")
    assert "Cell outputs differ" in _nbval(copy).stdout


def _keep_only(path: Path, shown: str) -> None:
    """Leave of all notebooks one, and of it what loads the data, and one cell that shows something."""
    for notebook_path in path.parent.glob("*.ipynb"):
        if notebook_path != path:
            notebook_path.unlink()
    notebook = nbformat.read(path, as_version=4)
    kept = [cell for cell in notebook.cells if not cell.source.startswith("show.") or cell.source.startswith(shown)]
    assert sum(cell.source.startswith(shown) for cell in kept) == 1
    notebook.cells = kept
    nbformat.write(notebook, path)


@pytest.mark.slow
@pytest.mark.parametrize("part", ["text/plain", "text/html", MIME])
def test_a_change_in_any_form_of_an_output_is_seen(tmp_path: Path, part: str) -> None:
    path = tiny_notebook(tmp_path / "notebooks" / "tiny.ipynb", showing(figures=[{"kpi": "nps", "value": 42.5}]))
    store(path)
    notebook = nbformat.read(path, as_version=4)
    shown = notebook.cells[-1].outputs[0].data
    shown[part] = {"figures": [{"kpi": "nps", "value": 42.6}]} if part == MIME else shown[part].replace("42", "43")
    nbformat.write(notebook, path)
    assert "Cell outputs differ" in _nbval(tmp_path).stdout
