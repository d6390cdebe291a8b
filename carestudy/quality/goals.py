"""Goals that name no figure, group or period that anybody knows, or several targets at once: nothing meets them."""

from __future__ import annotations

from collections.abc import Sequence

from carestudy.care import Care
from carestudy.quality.findings import Finding
from carestudy.targets import FIGURE, PERIOD, PERSONS, SCOPE, UNIT, Goal, checked, contradicted, read_goals

MOST_WORDS, LONGEST = 5, 40


def found_in_goals(care: Care) -> list[Finding]:
    """What is wrong with the goals, each finding with the names it is about and the known names closest to them."""
    if not care.has("goals", "kpi", "target"):
        return []
    goals = checked(care, read_goals(care))
    several = contradicted([goal for goal in goals if goal.statement is None])
    wrong = {
        "unknown figure": ("kpi", [goal for goal in goals if goal.statement == FIGURE]),
        "unknown scope": ("scope", [goal for goal in goals if goal.statement == SCOPE]),
        "unknown period": ("period", [goal for goal in goals if goal.statement == PERIOD]),
        "other unit": ("target", [goal for goal in goals if goal.restated]),
        "unclear unit": ("target", [goal for goal in goals if goal.statement == UNIT]),
        "several targets": ("target", [goal for goal in goals if (goal.of, goal.period) in several]),
    }
    return [
        Finding("goals", column, check, len(mine), len(goals), words=_words(column, mine))
        for check, (column, mine) in wrong.items()
    ]


def _words(column: str, goals: Sequence[Goal]) -> tuple[str, ...]:
    """The names that the goals use, if they are a few short ones; never that of a person."""
    names = list(dict.fromkeys(_name(column, goal) for goal in goals))
    return tuple(names) if len(names) <= MOST_WORDS and max(map(len, names), default=0) <= 2 * LONGEST else ()


def _name(column: str, goal: Goal) -> str:
    written = {"kpi": goal.written, "period": goal.period, "target": goal.written}.get(column, goal.scope)
    if column == "scope" and any(name in PERSONS for name, _ in goal.groups or ()):
        written = ", ".join(f"{name}=…" for name, _ in goal.groups or ())
    return f"{written} → {goal.near}?" if goal.near else written
