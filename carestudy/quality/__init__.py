"""How far the data bear the figures: what is lacking, doubled, unknown, late or unlikely, and what it touches."""

from __future__ import annotations

import pandas as pd

from carestudy.care import Care
from carestudy.measure import front
from carestudy.quality.amounts import found_in_amounts
from carestudy.quality.calendar import found_in_time
from carestudy.quality.columns import found_in
from carestudy.quality.door import found_at_the_door
from carestudy.quality.goals import found_in_goals
from carestudy.quality.joining import found_after_the_end, found_before_joining
from carestudy.quality.phones import found_in_phones
from carestudy.quality.reads import reads
from carestudy.quality.spelling import found_in_text

__all__ = ["quality"]

COLUMNS = ["table", "column", "check", "rows", "of", "share", "level", "figures", "first", "last", "words"]


@front.reads()
def quality(care: Care) -> pd.DataFrame:
    """Every check of the data with its result, a row each: which table and column, how many rows of how many, how bad.

    ``level`` is "fine", "notice" or "warning" by the rule of the check (``carestudy.quality.findings.RULES``),
    ``figures`` are the KPIs that it touches, as their definitions tell. ``rows`` counts what is wrong, or, of checks
    that ask whether there is enough, what is right. ``first`` and ``last`` are days, ``words`` the names it is about.
    """
    readers = reads(care)
    findings = [*found_at_the_door(care, readers), *found_in_time(care, readers), *found_in_amounts(care, readers)]
    for name in care.tables:
        findings += [*found_in(care, name, readers), *found_in_text(care, name, readers)]
    findings += [*found_in_phones(care, readers), *found_in_goals(care), *found_before_joining(care, readers)]
    findings += found_after_the_end(care, readers)
    rows = [[getattr(finding, column) for column in COLUMNS] for finding in findings]
    frame = pd.DataFrame(rows, columns=COLUMNS)
    return frame.astype({"rows": "int64", "of": "int64", "share": "float64", "first": object, "last": object})
