"""Stores notebooks with their outputs, the same bytes in every run: ``python -m carestudy.report.store NOTEBOOK ...``.

What is stored is what nbval compares with: each notebook is executed as it stands, with its default parameters and in
its own folder, and keeps nothing that differs from run to run.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import nbformat
from nbformat import NotebookNode

from carestudy.contract import CareError
from carestudy.report.execute import Run, execute
from carestudy.report.kernel import Kernels
from carestudy.report.parameters import declared

KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


def store(path: Path) -> None:
    """Execute a notebook, and write it back with its outputs."""
    notebook = nbformat.read(path, as_version=4)
    with TemporaryDirectory(prefix="carestudy-") as folder:
        kernel = Kernels(Path(folder), data="").kind("kernel")
        lang = str(declared(notebook).get("lang", "vi"))
        executed = execute(notebook, Run({}, lang, kernel, path.resolve().parent), print)
    if executed.failure:
        raise CareError(f"{path.name}: {executed.failure}")
    text = nbformat.writes(stored(executed.notebook), version=4)
    fresh = path.with_suffix(".fresh")
    fresh.write_text(f"{text}\n", encoding="utf-8", newline="\n")
    fresh.replace(path)


def stored(notebook: NotebookNode) -> NotebookNode:
    """A notebook without times, versions and settings of the machine that executed it."""
    cells = [NotebookNode(cell, metadata=_tags(cell)) for cell in notebook.cells]
    metadata = NotebookNode(kernelspec=KERNEL, language_info={"name": "python"})
    return NotebookNode(cells=cells, metadata=metadata, nbformat=4, nbformat_minor=5)


def _tags(cell: NotebookNode) -> NotebookNode:
    tags = cell.metadata.get("tags")
    return NotebookNode(tags=tags) if tags else NotebookNode()


def main(argv: Sequence[str]) -> int:
    """Store every notebook that is named."""
    try:
        for path in argv:
            store(Path(path))
    except CareError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
