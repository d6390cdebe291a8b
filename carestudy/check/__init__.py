"""The check of a company's data: every fault at once, in the terminal and as a page, before any report is made."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from carestudy.check.check_sections import Found

__all__ = ["check"]


def check(data: str, as_of: str | None = None, out: Path | None = None) -> tuple[list[str], int]:
    """What is found in the data of a folder, care.toml, URL or $NAME, line by line, and the exit code.

    The code is 0 where all is well, 3 where there is something to look at, 1 where no report can be made. With
    ``out``, the page and the tables of the check are written there.
    """
    from carestudy.check import text
    from carestudy.show.words import Reader

    report = _found(data, as_of)
    result_lines = text.lines(Reader("en", report.reader.currency), report)
    if out is not None:
        result_lines += [str(path) for path in _written(report, out)]
    return [text.fitted(line, sys.stdout.encoding) for line in result_lines], report.code


def _found(data: str, as_of: str | None) -> Found:
    from carestudy.check.check_sections import Found
    from carestudy.load import examine
    from carestudy.quality import quality
    from carestudy.quality.alarms import alarms, unusable

    examined = examine(data, as_of=as_of)
    if examined.care is None:
        return Found(None, examined.errors, notes=examined.notes)
    care = examined.care
    errors = (*examined.errors, *filter(None, [unusable(care)]))
    return Found(care, errors, examined.sources, quality(care), examined.notes, tuple(alarms(care)))


def _written(report: Found, out: Path) -> list[Path]:
    """The page in the company's language and the tables, all of them new or none."""
    from carestudy.check import fault_tables, page
    from carestudy.report.publish import claimed, publish

    files = {
        "check.html": page.page(report.reader, report).encode(),
        "check.csv": fault_tables.faults(report),
        "set_aside.csv": fault_tables.aside(report.care),
    }
    with claimed(out) as work:
        publish(work, files)
    return [out / name for name in files]
