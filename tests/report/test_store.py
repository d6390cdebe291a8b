"""Stored notebooks are the same bytes in every run, and carry the outputs that nbval compares with."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from tiny import showing, tiny_notebook

pytestmark = pytest.mark.slow

HERE = "import os; print(os.path.basename(os.getcwd()), period)"


def _store(path: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "carestudy.report.store", str(path)]
    return subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, **environment})


def test_two_runs_store_the_same_bytes(tmp_path: Path) -> None:
    path = tiny_notebook(tmp_path / "notebooks" / "tiny.ipynb", showing(), HERE, "{1, 2}")
    assert _store(path).returncode == 0
    first = path.read_bytes()
    assert _store(path, TZ="Asia/Tokyo", LC_ALL="C", PYTHONHASHSEED="7", COLUMNS="20").returncode == 0
    assert path.read_bytes() == first
    assert list(path.parent.iterdir()) == [path]


def test_what_is_stored_is_outputs_and_tags_and_nothing_of_the_machine(tmp_path: Path) -> None:
    path = tiny_notebook(tmp_path / "notebooks" / "tiny.ipynb", showing(), HERE)
    assert _store(path).returncode == 0
    notebook = nbformat.read(path, as_version=4)
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    assert notebook.metadata == {"kernelspec": kernel, "language_info": {"name": "python"}}
    assert [cell.execution_count for cell in notebook.cells if cell.cell_type == "code"] == [1, 2, 3]
    assert {name for cell in notebook.cells for name in cell.metadata} == {"tags"}
    assert notebook.cells[-1].outputs[0].text == "notebooks 2026-09\n"
    assert str(tmp_path) not in path.read_text("utf-8")


def test_a_notebook_that_fails_is_left_as_it_was(tmp_path: Path) -> None:
    path = tiny_notebook(tmp_path / "tiny.ipynb", "1 / 0")
    before = path.read_bytes()
    result = _store(path)
    assert (result.returncode, result.stderr) == (1, "tiny.ipynb: 'Phần 1' failed with ZeroDivisionError\n")
    assert path.read_bytes() == before
