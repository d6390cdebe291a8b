"""Goals: the targets that were set, for whom and from when, and whether they are reached by more than chance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from carestudy.care import Care
from carestudy.contract import CareError, Missing
from carestudy.measure import stock
from carestudy.measure.available import lack
from carestudy.measure.figures import figures
from carestudy.measure.front import reads, validated
from carestudy.measure.kpi import known_period
from carestudy.measure.premises import LEAVING_DATED, NOTE, demand, demand_days
from carestudy.measure.rows import with_dimensions
from carestudy.periods import Period
from carestudy.targets import COUNTS, Goal, checked, in_force, number, read_goals

REACHED, MISSED, CANNOT_TELL, NO_DATA = "reached", "not reached", "cannot tell", "no data"
JUDGED = (REACHED, MISSED, CANNOT_TELL)
COLUMNS = (
    "scope", "kpi", "period", "from_period", "value", "low", "high", "n", "target", "better", "statement",
    "attainment", "weight", "owner", "lacks", "near",
)  # fmt: skip
NUMBERS = ("value", "low", "high", "target", "attainment", "weight")


@reads()
def goals(care: Care, *, period: str) -> pd.DataFrame:
    """Every goal in its own scope: the figure beside the target, and whether it is reached by more than chance.

    A row for each row of the goals, in their order. ``scope`` is empty or "company", or names groups as "team=Đội Bắc,
    channel=phone". A goal holds from the period it is given for until a later period of the same kind has one of its
    own (``from_period``); one without a period holds wherever there is no other. "cannot tell": the interval
    of the figure covers the target, n is below 10, or the figure still grows because the period is not over. Other
    statements say why a goal is not judged: "unknown figure" and "unknown scope" (``near`` is the closest known name,
    never another person's), "unknown period", "no data" (``lacks`` tells which), "no direction", "unit not clear"
    (0.5 beside 85 is 0.5% or 50%), "given several times" (for one figure, scope and period), and "other period" (of
    another kind, later, or replaced). The direction ``better`` is the KPI's, unless the goals have a column ``better``
    or ``direction`` with "higher" or "lower". ``attainment`` is value / target, or target / value where lower is
    better, between 0 and 1; missing for targets of zero or below. Beside KPIs, "customers", "new_customers" and
    "lost_customers" can have goals, and the objectives "keep" (retention rate) and "win" (new customers).
    ``Missing`` where there are no goals.
    """
    now = known_period(care, period)
    goals_in_force = in_force(checked(care, read_goals(care)), now)
    values = _values(care, [goal for goal in goals_in_force if goal.statement is None], now)
    lines = [
        _judged(care, goal, values.get(goal.of, {}) if goal.statement is None else {}, now) for goal in goals_in_force
    ]
    frame = pd.DataFrame(lines, columns=list(COLUMNS)).astype(dict.fromkeys(NUMBERS, float))
    return frame.astype({"n": "Int64"})


@validated
def attained(goals: pd.DataFrame, *, by: str = "scope") -> pd.DataFrame:
    """How far each scope, or with ``by="owner"`` each person in charge, attains their goals, each goal by its weight.

    A row for each, in the order of the alphabet, the company first and goals of nobody last: goals (judged), weight
    (their sum), the shares of weight ``reached``, ``not_reached`` and ``cannot_tell``, which add up to 1, and
    ``attainment``, the weighted mean of the goals' attainments. A goal more than reached does not make up for one that
    is missed.
    """
    if by not in ("scope", "owner"):
        raise CareError(f"by='{by}' is not known: goals are attained by scope or by owner")
    judged = goals[goals["statement"].isin(JUDGED) & (goals["weight"] > 0)]
    rows = [
        {by: _none(of), **_attained(scope_goals)} for of, scope_goals in judged.groupby(by, sort=True, dropna=False)
    ]
    rows.sort(key=lambda row: (row[by] is None, row[by] != "company", row[by] or ""))
    frame = pd.DataFrame(rows, columns=[by, "goals", "weight", "reached", "not_reached", "cannot_tell", "attainment"])
    return frame.assign(**{by: pd.Series([row[by] for row in rows], dtype=object)})


def _attained(scope_goals: pd.DataFrame) -> dict[str, Any]:
    """The shares of weight by statement, and the weighted mean of the attainments that are known."""
    weight = scope_goals["weight"].to_numpy()
    shares = {
        name: float(weight[scope_goals["statement"] == statement].sum() / weight.sum())
        for name, statement in zip(("reached", "not_reached", "cannot_tell"), JUDGED, strict=True)
    }
    known = scope_goals["attainment"].notna().to_numpy()
    mean = np.average(scope_goals["attainment"].to_numpy()[known], weights=weight[known]) if known.any() else np.nan
    return {"goals": len(scope_goals), "weight": weight.sum(), **shares, "attainment": float(mean)}


def _none(of: object) -> str | None:
    return of if isinstance(of, str) else None


def _values(care: Care, judged_goals: Sequence[Goal], now: Period) -> dict[tuple[Any, ...], dict[str, Any]]:
    """Compute the figure of each goal; goals of the same dimensions are computed in one query."""
    figures_by_goal: dict[tuple[Any, ...], dict[str, Any]] = {}
    dimensions = {goal.dimensions: None for goal in judged_goals}
    for by in dimensions:
        same_dimensions = [goal for goal in judged_goals if goal.dimensions == by]
        frame = _figures(care, same_dimensions, list(by), now, figures_by_goal)
        if frame is None:
            continue
        rows = {(row["kpi"], tuple((name, row[name]) for name in by)): row for row in frame.to_dict("records")}
        figures_by_goal.update({goal.of: rows[goal.of] for goal in same_dimensions if goal.of in rows})
    return figures_by_goal


def _figures(
    care: Care, same_dimensions: Sequence[Goal], by: list[str], now: Period, figures_by_goal: dict[Any, Any]
) -> Any:
    """Compute the figures of goals of the same dimensions; the gaps of the others are added to ``figures_by_goal``."""
    frames, computable = [], []
    for kpi in {goal.kpi.id: goal.kpi for goal in same_dimensions if goal.kpi}.values():
        if gap := lack(care, kpi, by):
            figures_by_goal.update(
                {goal.of: {"gap": gap} for goal in same_dimensions if goal.kpi and goal.kpi.id == kpi.id}
            )
        else:
            computable.append(kpi)
    if computable:
        frames.append(figures(care, computable, by=by, periods=[now]))
    if any(goal.count for goal in same_dimensions):
        try:
            frames.append(_base(care, by, now))
        except Missing as gap:
            figures_by_goal.update({goal.of: {"gap": gap} for goal in same_dimensions if goal.count})
    return pd.concat(frames, ignore_index=True) if frames else None


def _base(care: Care, by: list[str], now: Period) -> pd.DataFrame:
    """Customers at the end, new and lost ones of a period: counts of all of them, without an interval."""
    window = stock.window(care, now, None)
    demand(care, LEAVING_DATED)
    demand_days(care, *window)
    if by and stock.has_contracts(care):
        with_dimensions(care, "customers", by)
    frame = stock.counts(care, stock.bridge_counts, by, [window])[0]
    long = frame.melt(by, sorted({column for column, _ in COUNTS.values()}), "kpi", "value")
    return long.assign(low=np.nan, high=np.nan, n=long["value"], value=long["value"].astype(float))


def _judged(care: Care, goal: Goal, row: Mapping[str, Any], now: Period) -> dict[str, Any]:
    gap, value = row.get("gap"), number(row.get("value"))
    low, high, n = number(row.get("low")), number(row.get("high")), row.get("n")
    statement = goal.statement or (NO_DATA if np.isnan(value) else _statement(care, goal, row, now))
    lacks = None if gap is None else gap.table if gap.column is None else f"{gap.table}.{gap.column}"
    cells = (
        goal.scope, _shown(goal), now.text, goal.period or None, value, low, high, n if n is None else int(n),
        goal.target, goal.better, statement, _attainment(goal, value), goal.weight, goal.owner, lacks,
        goal.near,
    )  # fmt: skip
    return dict(zip(COLUMNS, cells, strict=True))


def _shown(goal: Goal) -> str:
    """The name under which the figure is listed."""
    if goal.kpi:
        return goal.kpi.id
    return next((name for name, (column, _) in COUNTS.items() if column == goal.count), goal.written)


def _statement(care: Care, goal: Goal, row: Mapping[str, Any], now: Period) -> str:
    value, low, high = (number(row[name]) for name in ("value", "low", "high"))
    few = goal.kpi is not None and row["n"] < goal.kpi.judged_from
    unfinished = now.end > care.known_until.date()
    in_part = isinstance(
        row.get(NOTE), str
    )  # the data cover only a part of the period, so the figure of the whole is unknown
    if few or in_part or (unfinished and (goal.kpi is None or goal.kpi.grows(care))):
        return CANNOT_TELL
    if low < high and low <= goal.target <= high:
        return CANNOT_TELL
    return REACHED if goal.reached(value) else MISSED


def _attainment(goal: Goal, value: float) -> float:
    if np.isnan(value) or not goal.target > 0:
        return np.nan
    if goal.better == "lower":
        return 1.0 if value <= goal.target else goal.target / value
    return min(max(value / goal.target, 0.0), 1.0)
