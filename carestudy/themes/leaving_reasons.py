"""The reasons of customers who left, counted by theme."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from carestudy.care import Care
from carestudy.measure import limits, stock
from carestudy.measure.premises import LEAVING_DATED, demand
from carestudy.periods import Period
from carestudy.themes.codebook import Codebook

REASON = "leave_reason"
NONE = "none"


def counted(care: Care, book: Codebook, period: Period, by: Sequence[str], level: float) -> pd.DataFrame:
    """The sums of every theme among the reasons written down by customers lost in a period; each customer once."""
    care.table("customers", REASON)
    demand(care, LEAVING_DATED)
    window = stock.window(care, period, None)
    keys = [*(name for name in by if name != REASON), REASON]
    (lost,) = stock.counts(care, lambda presence: {"lost": presence.lost}, keys, [window])
    lost = lost[lost[REASON].notna() & (lost[REASON].astype("str").str.strip() != "")]
    tones_by_text = {
        text: {theme for theme, tone in book.found(text).items() if tone != "praise"} for text in set(lost[REASON])
    }
    rows_counted = []
    for group, rows in lost.groupby(list(by), dropna=False) if by else [((), lost)]:
        n = int(rows["lost"].sum())
        for theme in (*book.names, NONE):
            of_it = [
                theme in tones_by_text[text] if theme != NONE else not tones_by_text[text] for text in rows[REASON]
            ]
            rows_counted.append((*group, theme, int(rows["lost"][of_it].sum()), n))
    frame = pd.DataFrame(rows_counted, columns=[*by, "kpi", "numerator", "n"])
    above, below = frame["numerator"].astype("int64"), frame["n"].astype("int64")
    frame = frame.assign(numerator=above, n=below, denominator=below, units=below, squares=above, aa=above, ab=above)
    frame = frame.assign(bb=below)
    low, high = limits.OF_UNIT["share"].limits(frame, level)
    return frame.assign(value=limits.plain(frame), low=low, high=high)
