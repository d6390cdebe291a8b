"""Speed and memory side by side, in one run, as ratios: `make bench`, or `make bench SIZES="1 10 50"`.

A size is millions of transactions. Every piece of work is done by carestudy and by each of its peers on the same
Parquet files, in processes of their own, one at a time and in turn; an answer that differs from carestudy's ends the
run. What was measured is kept in measured.json and told at the end of README.md.
"""

from __future__ import annotations

import argparse
import json
import math
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from typing import Any

import company
import told

HERE = Path(__file__).parent
VENVS = HERE.parent / ".venv"
ELSEWHERE = {"lifetimes": VENVS / "lifetimes/bin/python", "pymc-marketing": VENVS / "pymc/bin/python"}
TABLES = ["carestudy", "SQL", "SQL with intervals", "pandas", "polars"]
WORKS = {
    "load": ["carestudy"],
    "summary": ["carestudy", "SQL", "pandas", "polars", *ELSEWHERE],
    "kpi": TABLES,
    "recontact": TABLES,
    "cohorts": ["carestudy", "SQL", "pandas", "polars"],
    "scorecard": ["carestudy"],
    "segments": ["carestudy", "scikit-learn"],
}
SPREAD = 1.001  # scikit-learn's groups are other ones; theirs may lie so much closer together


def main() -> None:
    """Measure every size that was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sizes", type=int, nargs="*", default=[1], help="millions of transactions")
    parser.add_argument("--data", type=Path, help="a folder to keep the companies in, for the next run")
    parser.add_argument("--no-report", action="store_true", help="leave out the whole report")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        for size in asked.sizes:
            folder = (asked.data or Path(scratch)) / f"{size}M"
            if not folder.exists():
                print(f"writing a company of {size} million transactions ...", flush=True)
                company.write(folder, size)
            found = _measured(folder, size)
            if not asked.no_report and size == min(asked.sizes):
                found["report"] = _report(folder, Path(scratch))
            told.keep(size, found)
    told.write()


def _measured(folder: Path, size: int) -> dict[str, Any]:
    """What each work took each library: seconds and CPU seconds in the median, and the most memory."""
    rounds = 7 if size <= 1 else 3 if size <= 10 else 1
    found: dict[str, Any] = {}
    for work, libraries in WORKS.items():
        found[work] = {}
        for library in libraries:
            python = ELSEWHERE.get(library, Path(sys.executable))
            if not python.exists():
                continue
            one = [str(python), str(HERE / "one.py"), work, library, str(folder), str(rounds)]
            done = subprocess.run(one, capture_output=True, text=True, check=False)
            if done.returncode:
                raise SystemExit(f"{work} by {library} failed:\n{done.stderr}")
            taken = json.loads(done.stdout.splitlines()[-1])
            _refuse_if_unequal(work, library, found[work].get("carestudy", taken)["answer"], taken["answer"])
            found[work][library] = {
                **{name: statistics.median(taken[name]) for name in ("wall", "cpu")},
                "peak": taken["peak"],
                "answer": taken["answer"],
            }
            print(
                f"{size} M, {work}, {library}: {statistics.median(taken['wall']):.3f} s, {taken['peak']:.2f} GB",
                flush=True,
            )
    for libraries in found.values():
        for one in libraries.values():
            del one["answer"]
    return found


def _refuse_if_unequal(work: str, library: str, ours: list[Any], theirs: list[Any]) -> None:
    same = len(ours) == len(theirs) and all(map(_alike, ours, theirs))
    if library == "scikit-learn":
        same = ours[0] == theirs[0] and ours[1] <= theirs[1] * SPREAD
    if not same:
        apart = next(
            ((one, other) for one, other in zip(ours, theirs, strict=False) if not _alike(one, other)), "length"
        )
        raise SystemExit(f"{work}: {library} has another answer than carestudy: {apart}")


def _alike(one: Any, other: Any) -> bool:
    if isinstance(one, list):
        return len(one) == len(other) and all(map(_alike, one, other))
    return one == other if isinstance(one, str) else math.isclose(one, other, rel_tol=1e-9)


def _report(folder: Path, scratch: Path) -> dict[str, Any]:
    """The monthly report from the command to the page, beside a notebook of one empty cell."""
    from nbformat import v4, write

    notebook = HERE.parent / "notebooks" / "care_report.ipynb"
    write(v4.new_notebook(cells=[v4.new_code_cell("pass")]), scratch / "empty.ipynb")
    at = ["--data", str(folder), "--period", "2026-10", "--lang", "vi", "--out", str(scratch / "reports")]
    commands = {
        "carestudy": ["-m", "carestudy", "report", str(notebook), *at],
        "empty notebook": [
            "-m",
            "papermill",
            "-k",
            "python3",
            str(scratch / "empty.ipynb"),
            str(scratch / "done.ipynb"),
        ],
    }
    taken: dict[str, list[tuple[float, float]]] = {who: [] for who in commands}
    for _ in range(3):
        for who, command in commands.items():
            wall, before = time.perf_counter(), getrusage(RUSAGE_CHILDREN)
            subprocess.run([sys.executable, *command], check=True, capture_output=True)
            after = getrusage(RUSAGE_CHILDREN)
            cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            taken[who].append((time.perf_counter() - wall, cpu))
    return {
        who: {
            name: statistics.median(column)
            for name, column in zip(("wall", "cpu"), zip(*times, strict=True), strict=True)
        }
        for who, times in taken.items()
    }


if __name__ == "__main__":
    main()
