"""``carestudy new``: a folder of one's own with notebooks, a place for the data and instructions."""

from __future__ import annotations

import re
from pathlib import Path
from tempfile import TemporaryDirectory

import nbformat

from carestudy.contract import CareError
from carestudy.report.notebooks import OWN, shipped
from carestudy.report.parameters import TAG

TEMPLATES = Path(__file__).parent
FILES = {"README.md": "README.md", "README.vi.md": "README.vi.md", "gitignore": ".gitignore"}
FOLDERS = ("data", "reports")
DATA = re.compile(r'^data = ".*"$', re.MULTILINE)


def new(folder: Path) -> tuple[list[str], int]:
    """Lay out a project in a folder that does not exist or is empty; nothing is written over, and nothing half-written.

    The notebooks are copies without outputs that read ``data/``. Returns the lines to print, and 0.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CareError(f"{folder} is there already and not empty: name a new folder")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as work:
        layout = Path(work) / "layout"
        _write(layout)
        if folder.exists():
            folder.rmdir()
        layout.rename(folder)
    return [
        f"Written to {folder}: notebooks, data, reports, README.md, README.vi.md",
        f"1. Put your exports into {folder / 'data'}",
        f"2. carestudy init {folder / 'data'}    and answer its questions in care.toml",
        f"3. cd {folder} && carestudy check data",
        "4. carestudy report care_report --data data --period last-month --out reports",
    ], 0


def _write(folder: Path) -> None:
    for name in (*FOLDERS, OWN.name):
        (folder / name).mkdir(parents=True)
    for template, name in FILES.items():
        (folder / name).write_bytes((TEMPLATES / template).read_bytes())
    for name, path in shipped().items():
        (folder / OWN / f"{name}.ipynb").write_text(_without_outputs(path), encoding="utf-8", newline="\n")


def _without_outputs(path: Path) -> str:
    """A shipped notebook without its outputs, which are those of the demo, reading the data of the project."""
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
        if TAG in cell.metadata.get("tags", ()):
            cell.source = DATA.sub('data = "../data"', cell.source)
    return f"{nbformat.writes(notebook, version=4)}\n"
