"""The customer bridge: from the customers at the start to those at the end of a period."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from carestudy.care import Care
from carestudy.kpi import retention_rate
from carestudy.measure import stock
from carestudy.measure.rows import groups


def bridge(
    data: Any,
    *,
    by: str | Sequence[str] | None = None,
    period: str | None = None,
    every: str | None = None,
    last: int | None = None,
) -> pd.DataFrame:
    """Customers at the start, less lost, plus new and returned: customers at the end, a row for each period and group.

    ``undecided`` are those at the end who have been silent since before the period began while their window is not
    over: without contracts they may yet turn out to be lost.
    """
    care: Care = retention_rate.care(data)
    periods = retention_rate.periods(care, period, every, last)
    windows = [stock.window(care, one, None) for one in periods]
    frames = stock.counts(care, stock.bridge_counts, groups(by), windows)
    named = [frame.assign(period=one.text) for frame, one in zip(frames, periods, strict=True)]
    return pd.concat(named, ignore_index=True)[[*groups(by), "period", *stock.PARTS]]
