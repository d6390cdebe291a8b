"""Who moved from which segment to which, and with how much money."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from carestudy import engine
from carestudy.care import Care
from carestudy.contract import CareError
from carestudy.features import available, last_day
from carestudy.kpi import invoiced
from carestudy.measure.intervals import wilson
from carestudy.segments.described import MONEY

NEW, BACK, LEFT, UNKNOWN = "new", "returned", "left", "unknown"
MOVES = ["from", "to", "customers", "of", "share", "low", "high", "before", "after"]


def moves(segments: Any, care: Care, *, since: str, period: str | None = None, level: float = 0.95) -> pd.DataFrame:
    """Where the customers of each segment at the end of ``since`` are at the end of ``period`` (or of what is known).

    Both times by the same scales and centres. A row for each way that somebody took: customers, ``of`` how many in
    ``from``, their share with a Wilson interval, and what they had brought in the twelve months ``before`` the first
    and ``after`` up to the second day, in the currency's main unit (null without purchases in the data). ``from`` is
    also "new" (came in between) or "returned" (had left before), without a share; ``to`` is also "left", and either is
    "unknown" where a feature is not known.
    """
    first, now = last_day(care, period=since), last_day(care, period=period)
    if first >= now:
        raise CareError(f"moves go from an earlier day to a later one, and {since} ends on {first}, not before {now}")
    money = [MONEY] if MONEY in available(care) else []
    then = segments.assign(care, as_of=first.isoformat(), columns=money)
    then = then.select(
        earlier="customer_id", was="here", origin="segment", **({"before": then[MONEY]} if money else {})
    )
    both = segments.assign(care, as_of=now.isoformat(), columns=money).left_join(then, [("customer_id", "earlier")])
    was, known = engine.true(both.was), both.earlier.notnull()
    both = both.filter(both.here | was)
    ways = both.group_by(
        origin_=was.ifelse(both.origin.fill_null(UNKNOWN), known.ifelse(BACK, NEW)),
        target=both.here.ifelse(both.segment.fill_null(UNKNOWN), LEFT),
    )
    sums = {"before": engine.total(both.before), "after": engine.total(both[MONEY])} if money else {}
    counted = engine.fetch(ways.aggregate(customers=both.count(), **sums), ("customers", *sums))
    return _shared(counted, care, segments.names, level)


def _shared(counted: pd.DataFrame, care: Care, names: tuple[str, ...], level: float) -> pd.DataFrame:
    order = {name: position for position, name in enumerate([*names, UNKNOWN, LEFT, BACK, NEW])}
    counted = counted.rename(columns={"origin_": "from", "target": "to"})
    counted = counted.sort_values(["from", "to"], key=lambda column: column.map(order), ignore_index=True)
    count = counted["customers"].astype("int64")
    of = count.groupby(counted["from"]).transform("sum")
    came = counted["from"].isin([NEW, BACK]).to_numpy()
    low, high = wilson(count.to_numpy(), of.to_numpy(), level)
    shares = {"share": count / of, "low": low, "high": high}
    share_columns = {name: np.where(came, np.nan, np.asarray(value, float)) for name, value in shares.items()}
    unit = invoiced.scale(care)
    money = {name: counted[name].astype(float) * unit if name in counted else np.nan for name in ("before", "after")}
    return counted[["from", "to"]].assign(customers=count, of=of, **share_columns, **money)[MOVES]
