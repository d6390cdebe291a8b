"""The page to send with a question: everything that matters, nothing personal, and whether a report can be made."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from carestudy.__main__ import main
from carestudy.doctor import doctor, hidden


def _run(*words: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    known = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
    command = [sys.executable, "-m", "carestudy", "doctor", *words]
    return subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=120, cwd=cwd, env=known | environment
    )


def _line(lines: list[str], what: str) -> str:
    (found,) = [line.strip() for line in lines if what in line]
    return found


@pytest.mark.slow
def test_a_machine_on_which_these_tests_run_can_make_a_report(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    lines, code = doctor(tmp_path / "data", tmp_path / "reports")
    assert (lines[0], lines[-1], code) == ("carestudy doctor", "A report can be made", 0)
    assert f"  ok       carestudy {version('carestudy')}" in lines
    assert f"  ok       duckdb {version('duckdb')}" in lines
    assert "  ok       a Jupyter kernel starts" in lines
    assert "  ok       DuckDB opens" in lines
    assert "  ok       font of charts: DejaVu Sans" in lines
    assert "  ok       time zones (Asia/Ho_Chi_Minh)" in lines
    assert "(will be made)" in _line(lines, "folder of reports")
    assert not (tmp_path / "reports").exists()


@pytest.mark.slow
def test_every_line_says_how_it_is_and_the_bad_ones_what_to_do(tmp_path: Path) -> None:
    lines, _ = doctor(tmp_path / "nowhere", tmp_path)
    levels = {line.split()[0] for line in lines if line.startswith("  ")}
    assert levels <= {"ok", "warning", "missing"}
    assert all(": " in line for line in lines if line.startswith(("  warning", "  missing")))


@pytest.mark.slow
def test_nothing_on_the_page_is_personal(tmp_path: Path) -> None:
    home, other = tmp_path / "nguyenvana", tmp_path / "mnt" / "nguyenvana"
    (home / "data").mkdir(parents=True)
    result = _run(
        "--data", str(home / "data"), "--out", str(other / "reports"), cwd=home, HOME=str(home), USER="nguyenvana",
        LOGNAME="nguyenvana", CARE_DATABASE="postgresql://care:mật-khẩu@db.example.vn/care",
    )  # fmt: skip
    assert result.returncode == 0, result.stdout + result.stderr
    assert "data folder ~/data" in result.stdout
    assert "/mnt/~/reports" in result.stdout
    assert [secret for secret in ("nguyenvana", "example.vn", "CARE_DATABASE") if secret in result.stdout] == []


@pytest.mark.slow
def test_a_folder_that_stands_in_the_way_is_a_reason_for_no_report(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "reports").write_text("a file")
    assert main(["doctor", "--data", str(tmp_path / "nowhere"), "--out", str(tmp_path / "reports")]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert _line(lines, "data folder").startswith("missing")
    assert _line(lines, "folder of reports").endswith("a file is in its place: name another")
    assert lines[-1] == "No report can be made: 2 missing"


@pytest.mark.slow
def test_a_terminal_without_our_letters_is_a_warning_and_no_traceback(tmp_path: Path) -> None:
    folder = tmp_path / "Dữ liệu"
    folder.mkdir()
    result = _run("--data", str(folder), cwd=tmp_path, PYTHONIOENCODING="ascii", PYTHONUTF8="0", LC_ALL="C.UTF-8")
    assert result.returncode == 0, result.stderr
    assert result.stdout.isascii()
    said = _line(result.stdout.splitlines(), "encoding of the terminal")
    assert said.startswith("warning  encoding of the terminal: ascii")


@pytest.mark.slow
def test_no_kernel_is_left_and_nothing_is_written_where_the_doctor_looks(tmp_path: Path) -> None:
    result = _run(cwd=tmp_path, TMPDIR=str(tmp_path))
    assert result.returncode == 0, result.stdout + result.stderr
    assert _line(result.stdout.splitlines(), "data folder").startswith("missing")
    assert list(tmp_path.iterdir()) == []


def test_the_home_folder_is_written_as_a_tilde(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/an")
    monkeypatch.setenv("LOGNAME", "an")
    assert hidden("/home/an/data, /mnt/an/x /mnt/an") == "~/data, /mnt/~/x /mnt/~"
    assert hidden("lan, /banana, \x1b[31m") == "lan, /banana, ?[31m"
