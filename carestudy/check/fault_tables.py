"""The check as tables for other programs: every fault, and every row set aside."""

from __future__ import annotations

from typing import Any

import pandas as pd

from carestudy.care import Care
from carestudy.check.check_sections import Found, notes
from carestudy.exports.text_cells import inert
from carestudy.load.faults import left_empty, set_aside
from carestudy.show.alarms import sentences
from carestudy.show.words import Reader

ASIDE = ["table", "source", "line", "column", "reason"]
FAULTS = ["done", "table", "column", "reason", "rows", "lines"]


def faults(report: Found) -> bytes:
    """Every fault: what stops a report, what was set aside and what was mended, and what is to be noted."""
    rows: list[tuple[Any, ...]] = [("stops a report", "", "", error, "", "") for error in report.errors]
    rows += [("most likely wrong", "", "", sentence, "", "") for sentence in sentences(Reader("en"), report.alarms)]
    if report.care is not None:
        rows += [
            (
                "set aside" if fault["set_aside"] else "mended",
                *(fault[name] for name in ("table", "column", "reason", "rows")),
                "; ".join(map(str, fault["examples"])),
            )
            for fault in report.care.faults.to_dict("records")
        ]  # fmt: skip
    rows += [(level.lower(), "", "", sentence, "", "") for level, sentence, _ in notes(Reader("en"), report)]
    return _csv(pd.DataFrame(rows, columns=FAULTS))


def aside(care: Care | None) -> bytes:
    """Every excluded row, and every cell left empty in a row that counts: file, line, column and reason."""
    if care is None:
        return _csv(pd.DataFrame(columns=ASIDE))
    rows, cells = set_aside(care), left_empty(care)
    return _csv(pd.concat([rows, cells]) if len(cells) else rows)


def _csv(frame: pd.DataFrame) -> bytes:
    """Text that a spreadsheet opens with its accents, and computes nothing of."""
    safe = frame.map(lambda cell: inert(cell) if isinstance(cell, str) else cell)
    return safe.to_csv(index=False, lineterminator="\n").encode("utf-8-sig")
