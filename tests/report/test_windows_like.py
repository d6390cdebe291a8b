"""The commands run where POSIX-only modules, functions and signals are missing and open files stay in place."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NOTEBOOK = ROOT / "notebooks" / "care_report.ipynb"


@pytest.fixture
def windows(tmp_path: Path) -> dict[str, str]:
    site = tmp_path / "site"
    site.mkdir()
    shutil.copy(Path(__file__).with_name("windows_like.py"), site / "sitecustomize.py")
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(site), str(ROOT)])}


def _run(windows: dict[str, str], *words: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "carestudy", *map(str, words)]
    return subprocess.run(command, env=windows, capture_output=True, text=True, check=False, timeout=600)


def test_what_is_missing_there_is_missing_here(windows: dict[str, str]) -> None:
    code = "import carestudy.report.publish as p; print(hasattr(p.os, 'fork'), hasattr(p.os, 'O_DIRECTORY'), p.os.name)"
    seen = subprocess.run([sys.executable, "-c", code], env=windows, capture_output=True, text=True, check=False)
    assert (seen.stdout, seen.stderr) == ("False False nt\n", "")


@pytest.mark.slow
def test_init_check_report_each_and_audience_run(windows: dict[str, str], tmp_path: Path) -> None:
    data, out = tmp_path / "data", tmp_path / "out"
    assert _run(windows, "demo", "--customers", 120, "--out", data).returncode == 0
    (data / "care.toml").unlink()
    assert _run(windows, "init", data).returncode in (0, 3)
    checked = _run(windows, "check", data, "--out", tmp_path / "checked")
    assert checked.returncode in (0, 3), checked.stderr
    assert (tmp_path / "checked" / "check.html").is_file()
    given = ("report", NOTEBOOK, "--data", data, "--period", "2026-09", "--lang", "vi", "--out", out)
    # Pages that are there already are replaced.
    (out / "2026-09").mkdir(parents=True)
    (out / "2026-09" / "care_report.vi.html").write_bytes(b"old")
    for more in ((), ("--each", "gender")):
        made = _run(windows, *given, *more)
        assert made.returncode == 0, made.stderr
    folder = out / "2026-09"
    assert (folder / "care_report.vi.html").stat().st_size > 10_000
    assert (folder / "care_report.each-gender" / "index.vi.html").is_file()
    assert [path.name for path in folder.rglob(".carestudy-*")] == []
    listed = _run(windows, "audience", "at_risk", "--data", data, "--out", tmp_path / "list.csv")
    assert listed.returncode == 0, listed.stderr
    assert (tmp_path / "list.csv").is_file()


def test_an_import_by_another_name_changes_nothing() -> None:
    code = (
        "import builtins, pathlib; before = builtins.__import__, pathlib.Path.replace, pathlib.Path.unlink; "
        "import windows_like; print(before == (builtins.__import__, pathlib.Path.replace, pathlib.Path.unlink))"
    )
    seen = subprocess.run(
        [sys.executable, "-c", code], cwd=Path(__file__).parent, capture_output=True, text=True, check=False
    )
    assert (seen.stdout, seen.stderr) == ("True\n", "")
