"""What the goals say, row by row: the figure, scope, period and direction they name, and which of them hold now."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from carestudy import kpi as kpis
from carestudy.care import Care
from carestudy.contract import CareError
from carestudy.measure.kpi import Kpi
from carestudy.periods import Period

FIGURE, SCOPE, PERIOD = "unknown figure", "unknown scope", "unknown period"
NO_DIRECTION, SEVERAL, OTHER = "no direction", "given several times", "other period"
WRONG = (FIGURE, SCOPE, PERIOD, NO_DIRECTION, SEVERAL)
# Counts of the customer base, for the objectives to keep customers and to win them.
COUNTS = {"customers": ("end", "higher"), "new_customers": ("new", "higher"), "lost_customers": ("lost", "lower")}
OBJECTIVES = {"keep": "retention_rate", "win": "new_customers"}
COMPANY = ("", "company")


@dataclass(frozen=True)
class Goal:
    """One row of the goals: what it names, and what has been found of it."""

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

    @property
    def dimensions(self) -> tuple[str, ...]:
        """The dimensions of its scope, in the order of the alphabet."""
        return tuple(sorted(name for name, _ in self.groups or ()))

    @property
    def of(self) -> tuple[Any, ...]:
        """What the goal is a goal of."""
        name = self.count or (self.kpi.id if self.kpi else self.written)
        return (name, tuple(sorted(self.groups or ())))


def named(care: Care, row: Mapping[Any, Any]) -> Goal:
    """A goal with what it names looked up; its statement says what nobody knows."""
    goal = Goal(
        _text(row["kpi"]), _text(row.get("scope")) or "company", _text(row.get("period")), number(row["target"]),
        number(row.get("weight"), 1.0), _direction(row), _text(row.get("owner")) or None,
    )  # fmt: skip
    name = OBJECTIVES.get(goal.written.casefold(), goal.written)
    if name.casefold() in COUNTS:
        part, better = COUNTS[name.casefold()]
        goal = replace(goal, count=part, better=goal.better or better)
    else:
        found = _kpi(name)
        goal = replace(goal, kpi=found, better=goal.better or (found.better if found else None))
    goal = replace(goal, groups=_groups(goal.scope))
    if goal.kpi is None and goal.count is None:
        return replace(goal, statement=FIGURE)
    if goal.groups is None or not all(_known(care, *group) for group in goal.groups):
        return replace(goal, statement=SCOPE)
    try:
        set_for = Period.parse(goal.period) if goal.period else None
    except CareError:
        return replace(goal, statement=PERIOD)
    return replace(goal, set_for=set_for, statement=None if goal.better else NO_DIRECTION)


def _text(value: Any) -> str:
    return unicodedata.normalize("NFC", value.strip()) if isinstance(value, str) else ""


def number(value: Any, otherwise: float = np.nan) -> float:
    """A number, or another one where there is none."""
    return otherwise if value is None or value != value else float(value)


def _direction(row: Mapping[Any, Any]) -> str | None:
    written = (_text(row.get("better")) or _text(row.get("direction"))).casefold()
    return written if written in ("higher", "lower") else None


def _kpi(name: str) -> Kpi | None:
    """The KPI that goes by a name, with its options: "nps", "complaint_rate(per=customer)"."""
    found = re.fullmatch(r"(\w+)(?:\((.*)\))?", name.casefold())
    one = getattr(kpis, found[1], None) if found else None
    if not isinstance(one, Kpi) or one.kind == "mix" or found is None:
        return None
    pairs = [part.partition("=")[::2] for part in (found[2] or "").split(",") if part.strip()]
    options = {key.strip(): int(value) if value.strip().isdecimal() else value.strip() for key, value in pairs}
    try:
        return one.of(**options)
    except CareError:
        return None


def _groups(scope: str) -> tuple[tuple[str, str], ...] | None:
    """The groups that a scope names; None where it cannot be read."""
    if scope.casefold() in COMPANY:
        return ()
    parts = [part.partition("=") for part in re.split(r",(?=\s*\w+\s*=)", scope)]
    if not all(name.strip() and equal and value.strip() for name, equal, value in parts):
        return None
    return tuple((name.strip(), value.strip()) for name, _, value in parts)


def _known(care: Care, dimension: str, value: str) -> bool:
    """Whether any table has this group."""
    for table in care.tables.values():
        if dimension in table.columns:
            same = table.filter(table[dimension].cast("string") == value).limit(1).count()
            if same.to_pyarrow().as_py():
                return True
    return False


def in_force(told: list[Goal], now: Period) -> list[Goal]:
    """The goals, those that another period or another row takes the place of being marked."""
    latest: dict[tuple[Any, ...], Any] = {}
    fine = [goal for goal in told if goal.statement in (None, NO_DIRECTION)]
    for goal in fine:
        if (since := _since(goal, now)) is not None:
            latest[goal.of] = max(since, latest.get(goal.of, since))
    first: dict[tuple[Any, ...], float] = {}
    told_twice = _contradicted(fine)
    result = []
    for goal in told:
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
    same = goal.set_for.unit == now.unit and goal.set_for.start <= now.start
    return str(goal.set_for.start) if same else None


def _contradicted(told: Sequence[Goal]) -> set[tuple[Any, ...]]:
    """What has several targets for one period: nobody knows which of them holds."""
    targets: dict[tuple[Any, ...], set[float]] = {}
    for goal in told:
        targets.setdefault((goal.of, goal.period), set()).add(goal.target)
    return {key for key, given in targets.items() if len(given) > 1}
