"""What makes a whole table doubtful: too many rows excluded, no rows at all, or ids that match nobody."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from carestudy.care import Care

EXCLUDED, EMPTY, NOBODY, TOTALS = "excluded", "no rows", "nobody", "totals"
# Rows that are excluded because something is wrong with them; the end of the data or a second export is no fault.
FAULTS = ("unusable", "repeated", "impossible", "currency")
STRANGERS = ("orphan", "ungrouped")  # what quality calls rows whose customer is not on file
ALMOST_ALL = 0.9  # rows whose customer is not on file, above which the ids are those of something else


@dataclass(frozen=True)
class Alarm:
    """A table that is most likely read wrong, and how many of its rows say so."""

    table: str
    check: str
    rows: int
    of: int


def alarms(care: Care, found: pd.DataFrame) -> list[Alarm]:
    """The tables that are most likely read wrong, as ``quality`` (``found``) and ``max_excluded`` tell, a line each."""
    told: list[Alarm] = []
    for count in care.counts:
        mine = found[found["table"] == count.table]
        wrong = int(mine.loc[mine["check"].isin(FAULTS), "rows"].sum())
        if not count.read:
            told.append(Alarm(count.table, EMPTY, 0, 0))
        elif wrong / count.read > care.settings.max_excluded:
            told.append(Alarm(count.table, EXCLUDED, wrong, count.read))
        if count.totals:
            told.append(Alarm(count.table, TOTALS, count.totals, count.documents or 0))
        strange = mine["check"].isin(STRANGERS) & (mine["column"] == "customer_id")
        orphans = mine[strange & (mine["share"] > ALMOST_ALL)]
        told += [Alarm(count.table, NOBODY, int(one["rows"]), int(one["of"])) for one in orphans.to_dict("records")]
    return told
