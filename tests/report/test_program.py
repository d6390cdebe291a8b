"""figures.json names the program: a definition that changed is told from data that changed."""

from __future__ import annotations

import json
import shutil
import subprocess
from importlib.metadata import version
from pathlib import Path

import pytest
from tiny import showing, tiny_notebook

from carestudy.report import program
from carestudy.report.restated import reasons
from carestudy.report.run import Order, publish_report

COMMIT = "0123456789abcdef0123456789abcdef01234567"


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A copy of the package as it is installed elsewhere."""
    here = tmp_path / "elsewhere" / "carestudy"
    shutil.copytree(program.PACKAGE, here, ignore=shutil.ignore_patterns("__pycache__"))
    return here


def test_a_changed_definition_is_another_fingerprint_and_a_changed_page_is_not(package: Path) -> None:
    same = program.fingerprint(package)
    shutil.copytree(package, package.parent / "again" / "carestudy")
    assert program.fingerprint(package.parent / "again" / "carestudy") == same
    for name, alike in (("kpi/voice.py", False), ("contract.py", False), ("show/cover.py", True)):
        file, before = package / name, (package / name).read_bytes()
        file.write_bytes(before + b"\n# another line\n")
        program.fingerprint.cache_clear()
        assert (program.fingerprint(package) == same) == alike, name
        file.write_bytes(before.replace(b"\n", b"\r\n"))
        program.fingerprint.cache_clear()
        assert program.fingerprint(package) == same, name
        file.write_bytes(before)


def test_the_commit_is_that_of_the_checkout_of_its_worktree_or_of_no_one(tmp_path: Path) -> None:
    def git(*words: str) -> str:
        command = ["git", "-c", "user.name=a", "-c", "user.email=a@example.vn", "-C", str(tmp_path / "one"), *words]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    (tmp_path / "one").mkdir()
    git("init", "-q", "-b", "main")
    git("commit", "-q", "--allow-empty", "-m", "Begin")
    commit = git("rev-parse", "HEAD")
    assert program.checked_out(tmp_path / "one") == commit
    git("worktree", "add", "-q", str(tmp_path / "other"), "-b", "other/branch")
    assert program.checked_out(tmp_path / "other") == commit
    git("pack-refs", "--all")
    assert program.checked_out(tmp_path / "one") == program.checked_out(tmp_path / "other") == commit
    git("checkout", "-q", "--detach")
    assert program.checked_out(tmp_path / "one") == commit
    assert program.checked_out(tmp_path) == ""
    (tmp_path / "one" / ".git" / "HEAD").write_text("ref: refs/heads/gone\n", "utf-8")
    assert program.checked_out(tmp_path / "one") == ""


def test_other_definitions_are_named_as_what_changed_and_another_commit_alone_is_not() -> None:
    table = {"table": "responses", "hash": "a"}
    old = {"tables": [table], "carestudy": "0.1", "computation": "c1", "commit": COMMIT}
    assert reasons(old, {**old, "commit": COMMIT[::-1]}) == []
    assert reasons(old, {**old, "computation": "c2"}) == ["computation"]
    assert reasons(old, {**old, "tables": [{**table, "hash": "b"}]}) == ["data:responses"]


@pytest.mark.slow
def test_figures_name_the_version_the_fingerprint_and_the_commit_and_are_the_same_bytes_again(tmp_path: Path) -> None:
    code = showing(figures=[{"kpi": "nps", "by": {}, "period": "2026-09", "value": 1.0}])
    order = Order(tiny_notebook(tmp_path / "care.ipynb", code), str(tmp_path), "2026-09", ("vi",), tmp_path / "out")
    publish_report(order)
    file = order.folder / "care.figures.json"
    first, found = file.read_bytes(), json.loads(file.read_text("utf-8"))
    assert found["carestudy"] == version("carestudy")
    assert found["computation"] == program.fingerprint(program.PACKAGE)
    assert found.get("commit", "") == program.checked_out(program.PACKAGE.parent)
    page = (order.folder / "care.vi.html").read_text("utf-8")
    assert not found.get("commit") or found["commit"] not in page
    publish_report(order)
    assert file.read_bytes() == first
