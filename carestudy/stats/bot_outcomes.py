"""What a bot achieves: answered, handed over, abandoned, resolved alone, and resolved for good."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from carestudy.arguments import Days, Level, validated
from carestudy.contract import CareError
from carestudy.rendering import Rendered
from carestudy.stats.proportions import Limits

COLUMNS = ("customer", "reason", "closed", "bot_answered", "to_human", "abandoned")
LATER = ("customer", "reason", "at")


@dataclass(frozen=True)
class BotOutcomes(Rendered):
    """Conversations by what became of them, and the share of those resolved alone that stayed resolved.

    ``mature`` are those resolved alone whose days are over, ``durable`` those of them without a return. ``containment``
    counts what was abandoned as well, and is here to be seen beside ``share``.
    """

    conversations: int
    handled: int
    handed_off: int
    abandoned: int
    resolved_alone: int
    mature: int
    durable: int
    share: float
    low: float
    high: float
    containment: float
    cost: float | None


@validated
def bot_outcomes(
    conversations: pd.DataFrame, later: pd.DataFrame, *, until: str, within: Days = 7, cost: float | None = None,
    level: Level = 0.95,
) -> BotOutcomes:  # fmt: skip
    """What became of conversations with a bot: the share it resolves alone and for good, by customers' returns.

    ``conversations`` have customer, reason, closed, and flags bot_answered, to_human, abandoned; ``later`` are contacts
    with customer, reason and at. Resolved alone is what the bot answered and nobody took over or abandoned; durable if
    the customer does not come again for the same reason within so many days of closing, the last moment included.
    Conversations younger than that as the data end (``until``) are not counted yet. ``cost`` is that of the mature
    ones, and ``cost`` of the result a durable one's share of it. Wilson interval. CareError for missing columns.

    >>> rows = pd.DataFrame({"customer": ["A", "B", "C"], "reason": "bill", "closed": pd.Timestamp("2026-03-01"),
    ...                      "bot_answered": 1, "to_human": [0, 0, 1], "abandoned": 0})
    >>> back = pd.DataFrame({"customer": ["B"], "reason": ["bill"], "at": [pd.Timestamp("2026-03-03")]})
    >>> found = bot_outcomes(rows, back, until="2026-03-15")
    >>> found.resolved_alone, found.durable, found.share
    (2, 1, 0.5)
    """
    for frame, names, frame_name in ((conversations, COLUMNS, "conversations"), (later, LATER, "later")):
        if lacking := [name for name in names if name not in frame.columns]:
            raise CareError(f"{frame_name} lack the columns {', '.join(lacking)}")
    rows = conversations.reset_index(drop=True)
    closed, span = pd.to_datetime(rows["closed"]), pd.Timedelta(days=within)
    flags = {name: rows[name].fillna(0).astype(bool) for name in ("bot_answered", "to_human", "abandoned")}
    handled = flags["bot_answered"]
    alone = handled & ~flags["to_human"] & ~flags["abandoned"]
    mature = alone & (closed + span <= pd.Timestamp(until))
    durable = mature & ~_returned(rows.assign(closed=closed), later, span)
    n, good = int(mature.sum()), int(durable.sum())
    low, high = _wilson(good, n, level)
    contained = float((handled & ~flags["to_human"]).sum() / handled.sum()) if handled.any() else float("nan")
    return BotOutcomes(
        len(rows), int(handled.sum()), int((handled & flags["to_human"]).sum()),
        int((handled & flags["abandoned"]).sum()), int(alone.sum()), n, good, good / n if n else float("nan"),
        low, high, contained, cost / good if cost is not None and good else None,
    )  # fmt: skip


def _returned(rows: pd.DataFrame, later: pd.DataFrame, span: pd.Timedelta) -> pd.Series[bool]:
    """Whether a customer came again for the same reason within the span after closing."""
    pairs = (
        rows[["customer", "reason", "closed"]]
        .reset_index()
        .merge(later[list(LATER)].assign(at=pd.to_datetime(later["at"])), on=["customer", "reason"])
    )
    again = pairs[(pairs["at"] > pairs["closed"]) & (pairs["at"] <= pairs["closed"] + span)]
    return pd.Series(rows.index.isin(again["index"]), index=rows.index)


def _wilson(count: int, n: int, level: float) -> Limits:
    from scipy import special

    if not n:
        return float("nan"), float("nan")
    square, share = float(special.ndtri((1 + level) / 2)) ** 2, count / n
    centre = (count + square / 2) / (n + square)
    half = np.sqrt(square * share * (1 - share) / n + (square / n / 2) ** 2) / (1 + square / n)
    return float(max(centre - half, 0.0)), float(min(centre + half, 1.0))
