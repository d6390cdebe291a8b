"""A project of one's own: what ``carestudy new`` lays out, names of notebooks, and the built wheel by itself."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import nbformat
import pytest

from carestudy.__main__ import main
from carestudy.contract import CareError
from carestudy.project import new
from carestudy.report.notebooks import notebook, shipped
from carestudy.report.parameters import declared

ROOT = Path(__file__).parents[1]
NAMES = {path.stem for path in (ROOT / "notebooks").glob("*.ipynb")}


def test_a_new_project_has_every_notebook_without_the_figures_of_the_demo(tmp_path: Path) -> None:
    lines, code = new(tmp_path / "care")
    assert code == 0
    assert str(tmp_path / "care") in lines[0]
    copies = {path.stem: nbformat.read(path, as_version=4) for path in (tmp_path / "care" / "notebooks").iterdir()}
    assert set(copies) == NAMES
    for copy in copies.values():
        nbformat.validate(copy)
        assert declared(copy)["data"] == "../data"
        assert not any(cell.get("outputs") or cell.get("execution_count") for cell in copy.cells)
    assert {path.name for path in (tmp_path / "care").iterdir()} == {
        ".gitignore", "README.md", "README.vi.md", "data", "notebooks", "reports",
    }  # fmt: skip
    assert [path.name for path in tmp_path.iterdir()] == ["care"]


def test_an_empty_folder_is_filled_and_one_with_files_is_left_as_it_is(tmp_path: Path) -> None:
    new(tmp_path)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(CareError, match="is there already and not empty"):
        new(tmp_path)
    assert sorted(tmp_path.rglob("*")) == before
    (tmp_path / "file").write_text("")
    with pytest.raises(CareError, match="is there already"):
        new(tmp_path / "file")


def test_the_instructions_name_commands_that_exist(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    commands = capsys.readouterr().out
    for name in ("README.md", "README.vi.md"):
        text = (ROOT / "carestudy" / "project" / name).read_text("utf-8")
        used = set(re.findall(r"(?:^|`)carestudy (\w+)", text, re.MULTILINE)) - {"new"}
        assert used >= {"init", "check", "report"}
        assert [word for word in used if word not in commands] == []
        assert [word for word in NAMES if f"`{word}`" not in text] == []


def test_a_name_means_the_own_notebook_then_the_shipped_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert notebook("churn") == shipped()["churn"]
    assert shipped()["churn"].is_file()
    for word in ("churn.ipynb", "notebooks/churn", "nothing"):
        assert notebook(word) == Path(word)
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks" / "churn.ipynb").write_text("{}")
    assert notebook("churn") == Path("notebooks/churn.ipynb")


def test_a_wrong_name_lists_the_reports(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["report", "chrun", "--data", str(ROOT / "data" / "demo"), "--period", "2026-10", "--out", str(tmp_path)]
    assert main(words) == 1
    assert "there is no notebook chrun; carestudy ships care_report, churn, segments" in capsys.readouterr().err


@pytest.mark.slow
def test_the_wheel_alone_lays_out_a_project_and_makes_its_report(tmp_path: Path) -> None:
    # Libraries keep templates in the environment that they are installed in.
    environment = {**os.environ, "JUPYTER_PATH": str(Path(sys.prefix) / "share" / "jupyter")}

    def run(*words: object, cwd: Path = tmp_path) -> None:
        command = [*map(str, words)]
        done = subprocess.run(
            command, cwd=cwd, env=environment, capture_output=True, text=True, check=False, timeout=600
        )
        assert done.returncode == 0, done.stdout + done.stderr

    run(sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", tmp_path / "wheels", ROOT)
    (wheel,) = (tmp_path / "wheels").iterdir()
    assert {Path(name).stem for name in zipfile.ZipFile(wheel).namelist() if name.endswith(".ipynb")} == NAMES

    # A fresh environment: the libraries are those of this one, carestudy is the wheel and not this checkout.
    run(sys.executable, "-m", "venv", tmp_path / "env")
    scripts = tmp_path / "env" / ("Scripts" if sys.platform == "win32" else "bin")
    run(scripts / "python", "-m", "pip", "install", "-q", "--no-deps", "--no-index", wheel)
    site = Path(sysconfig.get_path("purelib", vars={"base": str(tmp_path / "env")}))
    (site / "libraries.pth").write_text(f"{sysconfig.get_path('purelib')}\n")
    where = "import carestudy, pathlib, sys; sys.exit(not pathlib.Path(carestudy.__file__).is_relative_to(sys.prefix))"
    run(scripts / "python", "-c", where)

    project = tmp_path / "care"
    run(scripts / "carestudy", "new", project)
    run(scripts / "carestudy", "demo", "--customers", 150, "--out", project / "data")
    (project / "notebooks" / "voice.ipynb").unlink()  # the shipped one takes its place
    for name in ("churn", "voice"):
        words = (name, "--data", "data", "--period", "2026-09", "--lang", "vi", "--out", "reports")
        run(scripts / "carestudy", "report", *words, cwd=project)
        figures = json.loads((project / "reports" / "2026-09" / f"{name}.figures.json").read_text("utf-8"))
        assert len(figures) > 1
        assert (project / "reports" / "2026-09" / f"{name}.vi.html").stat().st_size > 10_000
