"""The documentation builds without a warning, has a page for each figure, and loads nothing from elsewhere."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from carestudy import kpi, stats

ROOT = Path(__file__).parents[1]
LOADED = re.compile(r'<(?:script|img|iframe)[^>]*\ssrc="(https?:)?//|<link[^>]*rel="stylesheet"[^>]*href="(https?:)?//')


@pytest.mark.slow
def test_the_documentation_builds_and_every_link_leads_somewhere(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-d", tmp_path / "trees", ROOT / "docs"]
    built = subprocess.run([*map(str, command), str(tmp_path / "site")], capture_output=True, text=True, check=False)
    assert (built.returncode, built.stderr) == (0, "")
    pages = {path.stem: path.read_text("utf-8") for path in (tmp_path / "site" / "figures").glob("*.html")}
    assert set(pages) == {"index", *(figure.name for figure in kpi.ALL.values())}
    for figure in kpi.ALL.values():
        assert figure.definition.split(":")[0][:40] in pages["index"]
    assert [path.name for path in (tmp_path / "site").rglob("*.html") if LOADED.search(path.read_text("utf-8"))] == []


def test_documents_name_files_that_exist() -> None:
    for path in (ROOT / "README.md", ROOT / "README.vi.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")):
        links = re.findall(r"\]\((?!https?:|#)([^)#]+)", path.read_text("utf-8"))
        generated = {link for link in links if link.startswith("figures/")}
        assert [link for link in links if link not in generated and not (path.parent / link).exists()] == [], path.name


def test_every_freestanding_statistic_is_in_the_documentation() -> None:
    listed = re.findall(r"carestudy\.stats\.(\w+)", (ROOT / "docs" / "statistics.md").read_text("utf-8"))
    assert sorted(listed) == sorted(stats.__all__)
