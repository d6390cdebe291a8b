"""Candidates: contacts that pile up unanswered."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from carestudy import kpi as kpis
from carestudy.findings.candidate import Candidate, Change, Cost
from carestudy.findings.context import YEAR, Context, since
from carestudy.findings.levels import FEWEST, SMALLEST, TWO_YEARS
from carestudy.measure.available import lack
from carestudy.measure.figures import sums
from carestudy.measure.shifts import shift


def waiting(asked: Context) -> Iterator[Candidate]:
    """The contacts open at the end of each month, in months of contacts: a company that grows has more of both."""
    if lack(asked.care, kpis.backlog) is not None or lack(asked.care, kpis.contact_count) is not None:
        return
    rows = sums(asked.care, [kpis.backlog, kpis.contact_count], by=[], periods=asked.months)
    wide = rows.pivot_table(index="period", columns="kpi", values="value", aggfunc="sum")
    wide = wide.reindex([month.text for month in asked.months])
    fine = (wide["contact_count"] >= SMALLEST) & (wide["backlog"] > 0)
    wide = wide.iloc[len(wide) - int(fine[::-1].cumprod().sum()) :]
    if len(wide) < FEWEST:
        return
    load = np.log(wide["backlog"].to_numpy(float) / wide["contact_count"].to_numpy(float))
    found = shift(load, season=YEAR if len(load) >= TWO_YEARS else None)
    now, was = float(wide["backlog"].iloc[-1]), float(wide["backlog"].iloc[max(len(wide) - 1 - YEAR, 0)])
    low, high = found.limits()
    yield Candidate(
        "service", "backlog", "backlog", found.p, Change(was, now, low, high), better=found.change < 0,
        since=since(list(wide.index), found),
        cost=Cost(customers=now), about={"months": float(np.exp(load[-1]))},
    )  # fmt: skip
