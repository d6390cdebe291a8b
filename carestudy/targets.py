"""Reads the goals, row by row: the figure, scope, period and direction of each, and which goals hold now.

The scorecard, the attainment of goals and the check of the data all read the goals here, so that they never disagree.
"""

from __future__ import annotations

import inspect
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any

import numpy as np
import pandas as pd

from carestudy import engine
from carestudy import kpi as kpis
from carestudy.care import Care
from carestudy.contract import CareError
from carestudy.measure import units
from carestudy.measure.kpi import Kpi
from carestudy.periods import Period

FIGURE, SCOPE, PERIOD = "unknown figure", "unknown scope", "unknown period"
NO_DIRECTION, SEVERAL, OTHER = "no direction", "given several times", "other period"
UNIT = "unit not clear"
SURELY_PERCENT = 1.5  # a share of more is written in percent
# Counts of the customer base, for the objectives to keep customers and to win them.
COUNTS = {"customers": ("end", "higher"), "new_customers": ("new", "higher"), "lost_customers": ("lost", "lower")}
OBJECTIVES = {"keep": "retention_rate", "win": "new_customers"}
COMPANY = ("", "company")
PERSONS = ("agent", "owner", "customer_id")  # of whom no other's name is proposed for a misspelt one
MOST_GROUPS = 1000  # of a dimension, among which a close name is looked for


@dataclass(frozen=True)
class Goal:
    """One row of the goals: what it names, and how that was resolved."""

    written: str
    scope: str
    period: str
    target: float
    weight: float
    better: str | None
    owner: str | None
    kpi: Kpi | None = None
    count: str | None = None
    groups: tuple[tuple[str, str], ...] | None = ()
    set_for: Period | None = None
    statement: str | None = None
    restated: bool = False  # whether its target was written in another unit
    near: str | None = None  # the known name closest to an unknown one

    @property
    def dimensions(self) -> tuple[str, ...]:
        """The dimensions of its scope, in the order of the alphabet."""
        return tuple(sorted(name for name, _ in self.groups or ()))

    def reached(self, value: float) -> bool:
        """Whether a value is on the good side of the target, or on it."""
        return bool(value >= self.target if self.better == "higher" else value <= self.target)

    @property
    def of(self) -> tuple[Any, ...]:
        """What the goal is a goal of."""
        name = self.count or (self.kpi.id if self.kpi else self.written)
        return (name, tuple(sorted(self.groups or ())))


def read_goals(care: Care) -> list[Goal]:
    """Read the goals, and look up the figure, period and direction of each row; groups are not looked up.

    ``statement`` states what is unknown. ``Missing`` where the data have no goals.
    """
    rows = engine.fetch(care.table("goals", "kpi", "target"))
    return _in_one_unit([_named(row) for row in rows.to_dict("records")])


def checked(care: Care, goals: Sequence[Goal]) -> list[Goal]:
    """Mark the goals whose scope names a column or a group that no table has."""
    wanted: dict[str, set[str]] = {}
    for goal in goals:
        for dimension, value in goal.groups or ():
            wanted.setdefault(dimension, set()).add(value)
    known = {dimension: _known(care, dimension, sorted(values)) for dimension, values in wanted.items()}
    return [_with_scope(care, goal, known) for goal in goals]


def with_targets(care: Care, card: pd.DataFrame, now: Period, by: Sequence[str]) -> pd.DataFrame:
    """A scorecard with the goal in force for each figure and group: ``target``, the period it was set for, ``reached``.

    ``target_from`` is that period's text, None where the goal names none; ``reached`` compares the plain values.
    """
    goals = in_force(read_goals(care), now) if care.has("goals", "kpi", "target") else []
    goals_in_force = {goal.of: goal for goal in goals if goal.statement is None and not np.isnan(goal.target)}
    rows = []
    for row in card.to_dict("records"):
        goal = goals_in_force.get((row["kpi"], tuple(sorted((name, str(row[name])) for name in by))))
        reached = None if goal is None or np.isnan(row["value"]) else goal.reached(row["value"])
        rows.append((goal.target if goal else np.nan, goal.period or None if goal else None, reached))
    target, since, reached_ = zip(*rows, strict=True) if rows else ((), (), ())
    index = card.index
    return card.assign(
        target=pd.Series(target, index, dtype=float),
        target_from=pd.Series(since, index, dtype=object),
        reached=pd.Series(reached_, index, dtype=object),
    )


def _named(row: Mapping[Any, Any]) -> Goal:
    goal = Goal(
        _text(row["kpi"]), _text(row.get("scope")) or "company", _text(row.get("period")), number(row["target"]),
        number(row.get("weight"), 1.0), _direction(row), _text(row.get("owner")) or None,
    )  # fmt: skip
    name = OBJECTIVES.get(goal.written.casefold(), goal.written)
    if name.casefold() in COUNTS:
        column, better = COUNTS[name.casefold()]
        goal = replace(goal, count=column, better=goal.better or better)
    else:
        kpi = figure(name)
        goal = replace(goal, kpi=kpi, better=goal.better or (kpi.better if kpi else None))
    if goal.kpi is None and goal.count is None:
        return replace(goal, groups=_groups(goal.scope), statement=FIGURE, near=_near(name, _figures()))
    goal = replace(goal, groups=_groups(goal.scope))
    if goal.groups is None:
        return replace(goal, statement=SCOPE)
    try:
        set_for = Period.parse(goal.period) if goal.period else None
    except CareError:
        return replace(goal, statement=PERIOD)
    return replace(goal, set_for=set_for, statement=None if goal.better else NO_DIRECTION)


def _in_one_unit(goals: Sequence[Goal]) -> list[Goal]:
    """The goals with their targets in the units of their figures, all shares read alike.

    Where a share of more than 1.5 stands, such as 85, bare numbers are percent: one of 1 or less among them may be 0.5%
    as well as 50%, and nobody can tell. Where none does, shares are parts of 1, and a lone 1.05 cannot be told either.
    85% is 0.85 already. An NPS of 0.5 is one of 50 points, as "50%" says. What was read in another unit is
    ``restated``.
    """
    sizes = [abs(goal.target) for goal in goals if goal.kpi and units.of(goal.kpi.unit).percent and goal.target]
    percent, fractions = any(size > SURELY_PERCENT for size in sizes), any(size <= 1 for size in sizes)
    return [_in_its_unit(goal, percent=percent, fractions=fractions) for goal in goals]


def _in_its_unit(goal: Goal, *, percent: bool, fractions: bool) -> Goal:
    unit, size = units.of(goal.kpi.unit if goal.kpi else "count"), abs(goal.target)
    if unit.points and 0 < size < 1:
        return replace(goal, target=round(goal.target * 100, 9), restated=True)
    if not unit.percent or not 0 < size <= 100:
        return goal
    if percent and size > 1:
        return replace(goal, target=goal.target / 100, restated=True)
    if percent or (size > 1 and not fractions):
        return replace(goal, statement=goal.statement or UNIT)
    return goal


def _with_scope(care: Care, goal: Goal, known: Mapping[str, set[str] | None]) -> Goal:
    """The goal, marked where no table has a group that it names."""
    if goal.statement in (FIGURE, SCOPE):
        return goal
    for dimension, value in goal.groups or ():
        groups = known[dimension]
        if groups is None:
            columns = sorted({column for table in care.tables.values() for column in table.columns})
            return replace(goal, statement=SCOPE, near=_near(dimension, columns))
        if value not in groups:
            known_values: set[str] = set() if dimension in PERSONS else _known(care, dimension) or set()
            near = _near(value, sorted(known_values))
            return replace(goal, statement=SCOPE, near=f"{dimension}={near}" if near else None)
    return goal


def _near(name: str, names: Sequence[str]) -> str | None:
    """The known name that looks most like an unknown one, capitals apart."""
    plain = {known.casefold(): known for known in names}
    matches = get_close_matches(name.casefold(), plain, n=1)
    return plain[matches[0]] if matches else None


def _figures() -> list[str]:
    return [*kpis.ALL, *{kpi.name for kpi in kpis.ALL.values()} - set(kpis.ALL), *COUNTS, *OBJECTIVES]


def _text(value: object) -> str:
    return unicodedata.normalize("NFC", value.strip()) if isinstance(value, str) else ""


def number(value: Any, otherwise: float = np.nan) -> float:
    """A number, or another one where there is none."""
    return otherwise if value is None or value != value else float(value)


def _direction(row: Mapping[Any, Any]) -> str | None:
    written = (_text(row.get("better")) or _text(row.get("direction"))).casefold()
    return written if written in ("higher", "lower") else None


def figure(name: str) -> Kpi | None:
    """The KPI that goes by a name, with its options: "nps", "complaint_rate(per=customer)"."""
    match = re.fullmatch(r"(\w+)(?:\((.*)\))?", name.casefold())
    kpi = getattr(kpis, match[1], None) if match else None
    if not isinstance(kpi, Kpi) or kpi.is_split or match is None:
        return None
    pairs = [pair.partition("=")[::2] for pair in (match[2] or "").split(",") if pair.strip()]
    options = {key.strip(): _option(value.strip()) for key, value in pairs}
    usual = {key: parameter.default for key, parameter in inspect.signature(kpi.define).parameters.items()}
    try:
        # An option with its default value makes no other figure.
        return kpi.of(**{key: value for key, value in options.items() if usual.get(key, value is None) != value})
    except CareError:
        return None


def _option(written: str) -> int | float | str:
    """The value of an option: a number where it is one."""
    if re.fullmatch(r"\d+", written):
        return int(written)
    return float(written) if re.fullmatch(r"\d*\.\d+", written) else written


def _groups(scope: str) -> tuple[tuple[str, str], ...] | None:
    """The groups that a scope names; None where it cannot be read."""
    if scope.casefold() in COMPANY:
        return ()
    pairs = [pair.partition("=") for pair in re.split(r",(?=\s*\w+\s*=)", scope)]
    if not all(name.strip() and equal and value.strip() for name, equal, value in pairs):
        return None
    return tuple((name.strip(), value.strip()) for name, _, value in pairs)


def _known(care: Care, dimension: str, values: Sequence[str] | None = None) -> set[str] | None:
    """The requested groups, or the first of all groups, that any table has; None where no table has the column."""
    holding = [table for table in care.tables.values() if dimension in table.columns]
    if not holding:
        return None
    known_groups: set[str] = set()
    for table in holding:
        groups = table.select(group=table[dimension].cast("string")).distinct()
        groups = groups.filter(groups.group.isin(list(values)) if values is not None else groups.group.notnull())
        known_groups.update(engine.fetch(groups.order_by("group").limit(MOST_GROUPS))["group"])
    return known_groups


def in_force(goals: list[Goal], now: Period) -> list[Goal]:
    """Mark the goals that another row contradicts, or that a later period replaces."""
    latest: dict[tuple[Any, ...], Any] = {}
    usable = [goal for goal in goals if goal.statement in (None, NO_DIRECTION)]
    for goal in usable:
        if (since := _since(goal, now)) is not None:
            latest[goal.of] = max(since, latest.get(goal.of, since))
    first: dict[tuple[Any, ...], float] = {}
    told_twice = contradicted(usable)
    result = []
    for goal in goals:
        if goal.statement in (None, NO_DIRECTION):
            key = (goal.of, goal.period)
            if key in told_twice or key in first:
                goal = replace(goal, statement=SEVERAL)
            elif _since(goal, now) is None or _since(goal, now) != latest[goal.of]:
                goal = replace(goal, statement=OTHER)
            first.setdefault(key, goal.target)
        result.append(goal)
    return result


def _since(goal: Goal, now: Period) -> str | None:
    """The day from which a goal holds, if it may hold now; goals without a period hold from the beginning."""
    if goal.set_for is None:
        return ""
    if goal.set_for.unit is None:
        return str(goal.set_for.start) if goal.set_for == now else None
    in_force_now = goal.set_for.unit == now.unit and goal.set_for.start <= now.start
    return str(goal.set_for.start) if in_force_now else None


def contradicted(goals: Sequence[Goal]) -> set[tuple[Any, ...]]:
    """The keys of goals that have several targets for one period, so that none of them can hold."""
    targets: dict[tuple[Any, ...], set[float]] = {}
    for goal in goals:
        targets.setdefault((goal.of, goal.period), set()).add(goal.target)
    return {key for key, values in targets.items() if len(values) > 1}
