"""All figures of a period: the scorecard, what is missing for it, and the customer bridge."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from carestudy import engine
from carestudy.care import Care
from carestudy.kpi import ALL, annual_loss, retention_rate
from carestudy.measure import silence, stock
from carestudy.measure.available import lack
from carestudy.measure.compare import beside
from carestudy.measure.figures import figures
from carestudy.measure.front import Data, reads
from carestudy.measure.intervals import wilson
from carestudy.measure.kpi import Kpi, known_period
from carestudy.measure.options import Count, Level
from carestudy.measure.premises import LEAVING_DATED, NOTE, of_period, refused
from carestudy.measure.rows import groups
from carestudy.targets import with_targets

YEAR = 12  # months


@reads()
def scorecard(
    care: Care,
    *,
    period: str,
    by: str | Sequence[str] | None = None,
    kpis: Sequence[Kpi] | None = None,
    level: Level = 0.95,
) -> pd.DataFrame:
    """Every KPI that the data allow, beside the period before, a year ago, and its goal.

    Adds to the figures frame: ``before``, ``before_n``, ``change`` with its interval and ``verdict``; the same against
    a year ago; ``target``, the period it was set for (``target_from``: an earlier one where a goal is carried forward),
    and ``reached``, which compares the plain values (``people.goals`` allows for chance). A sum, such as what was
    invoiced, and a share of customers kept or lost over a period are compared at equal days: ``change`` is against the
    other period taken to the length of this one, a share at the same daily rate. Of twelve months each that overlap,
    the interval of the change knows that they share customers. A verdict is "better", "worse" or "cannot tell": where
    the interval of the change holds zero, where either side has fewer than 10 customers (a row of nobody counts as
    one), or where the figure grows with the days of a period that is not over.
    """
    chosen = list(ALL.values()) if kpis is None else kpis
    now, dimensions = known_period(care, period), groups(by)
    return with_targets(care, beside(care, chosen, now, by=dimensions, level=level), now, dimensions)


def history(care: Care, *, period: str, kpis: Sequence[Kpi], last: int = 13) -> pd.DataFrame:
    """Several KPIs in the periods that led up to one, oldest first; those that the data do not allow are left out."""
    allowed = [kpi for kpi in kpis if lack(care, kpi) is None and not kpi.timeless]
    now = known_period(care, period)
    if not allowed or now.unit is None:
        return pd.DataFrame(columns=["period", "kpi", "value"])
    return figures(care, allowed, by=[], periods=now.run(last))


@reads()
def missing(care: Care, kpis: Sequence[Kpi] | None = None) -> pd.DataFrame:
    """The KPIs that the data do not allow, each with the table and column that it lacks."""
    problems = {kpi.id: lack(care, kpi) for kpi in (ALL.values() if kpis is None else kpis)}
    rows = [(name, gap.table, gap.column, str(gap)) for name, gap in problems.items() if gap]
    return pd.DataFrame(rows, columns=["kpi", "table", "column", "message"])


@reads("transactions")
def silence_effect(care: Care, *, level: Level = 0.95) -> pd.DataFrame | None:
    """Which share of all customers counts as lost when the data end, at half, once and twice the silence window.

    Rows: times (0.5, 1, 2), days, customers, lost, value (share, 0 to 1) with its Wilson interval. No value where the
    window is as long as the data, in which nobody can be lost. ``leaps`` tells whether a few days more or less than
    these would turn more than a tenth of all customers from lost to here. None where contracts tell who left.
    """
    return silence.effect(care, level=level)


def left_by(data: Data, *, level: float = 0.95) -> dict[str, Any] | None:
    """Share of all customers who had left by the day of a list of leavers, where the leaving dates are that one day.

    ``day``, ``value`` (share, 0 to 1) with its Wilson interval, ``n`` and ``numerator``. None where the data say when
    customers left, or not who did.
    """
    care: Care = retention_rate.care(data)
    if LEAVING_DATED.failing(care) is None:
        return None
    stays = stock.spells(care, [])
    by_customer = stays.group_by("customer_id").aggregate(here=stays.left_on.isnull().ifelse(1, 0).max())
    (row,) = engine.answer(by_customer.aggregate(n=by_customer.count(), here=by_customer.here.sum())).to_pylist()
    day = engine.answer(stays.left_on.max()).as_py()
    n, left = int(row["n"]), int(row["n"] - row["here"])
    low, high = (float(limit) for limit in wilson(left, n, level))
    return {"day": day, "value": left / n, "low": low, "high": high, "n": n, "numerator": left}


def departures(care: Care, *, period: str) -> pd.DataFrame:
    """All who left in the twelve months up to the end of a period and are not here at its end, and what a rate counts.

    One row: ``base``, the customers at the start of these months, ``lost`` of them; ``left``, everybody who left, and
    ``newcomers`` among them, who also came within these months. ``note`` says why nobody can be seen to leave.
    """
    requested = known_period(care, period)

    def count(presence: stock.Presence) -> dict[str, Any]:
        return {
            "base": presence.at_start,
            "lost": presence.lost,
            "left": presence.gone,
            "newcomers": presence.newcomers_gone,
        }

    frame = stock.counts(care, count, [], [stock.window(care, requested, YEAR)])[0]
    problem = refused(care, annual_loss)
    reason = problem.why if problem else of_period(care, annual_loss, requested)
    return frame.assign(period=requested.text, note=pd.Series([reason], dtype=object))


@reads("customers")
def bridge(
    care: Care,
    *,
    by: str | Sequence[str] | None = None,
    period: str | None = None,
    every: str | None = None,
    last: Count | None = None,
) -> pd.DataFrame:
    """Customers at the start, less lost, plus new and returned: customers at the end, a row for each period and group.

    ``undecided`` are those at the end who have been silent since before the period began while their window is not
    over: without contracts they may yet turn out to be lost. ``came_and_left`` are customers who came and left within
    the period, who stand in none of the other columns. ``note`` says why nobody can be lost in a period, where that
    is so.
    """
    periods = retention_rate.periods(care, period, every, last)
    problem = refused(care, retention_rate)
    windows = [stock.window(care, window_period, None) for window_period in periods]
    frames = stock.counts(care, stock.bridge_counts, groups(by), windows)
    reasons = [problem.why if problem else of_period(care, retention_rate, window_period) for window_period in periods]
    noted = [
        frame.assign(period=window_period.text, note=pd.Series([reason] * len(frame), frame.index, dtype=object))
        for frame, window_period, reason in zip(frames, periods, reasons, strict=True)
    ]
    return pd.concat(noted, ignore_index=True)[[*groups(by), "period", *stock.PARTS, NOTE]]
