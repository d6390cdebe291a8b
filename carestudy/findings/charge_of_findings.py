"""Who is in charge of a finding: whoever the goals of the company name for its figure, or for the team it sits in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from carestudy.findings.candidate import Candidate, Groups
from carestudy.findings.context import Context
from carestudy.findings.told_once import ALIKE, figures
from carestudy.targets import Goal, in_force, read_goals


def owned_goals(asked: Context) -> list[Goal]:
    """The goals in force in the period that name somebody in charge."""
    if not asked.care.has("goals", "kpi", "target", "owner"):
        return []
    goals = in_force(read_goals(asked.care), asked.period)
    return [goal for goal in goals if goal.owner and goal.statement is None and goal.groups is not None]


def owner(candidate: Candidate, goals: Sequence[Goal]) -> str | None:
    """Who is in charge of a candidate; None where the goals name nobody, or several people.

    Asked in this order are the goals of its figures for the groups it names, then for the group that holds it (such as
    the team in which it grew), then all goals of these groups, and last the goals of its figures for the whole company.
    """
    fields = {ALIKE.get(name, name) for name in figures(candidate)}
    places = list(_places(candidate))
    of_figures = [goal for goal in goals if _figure(goal) in fields]
    narrow = [(place, some) for some in (of_figures, goals) for place in places]
    for place, some in [*narrow, ((), of_figures)]:
        people = {goal.owner for goal in some if set(goal.groups or ()) == set(place)}
        if people:
            return people.pop() if len(people) == 1 else None
    return None


def _places(candidate: Candidate) -> Iterator[Groups]:
    """The groups that a candidate names, and those in which its causes sit."""
    if candidate.groups:
        yield candidate.groups
    yield from (cause.within for cause in candidate.causes if cause.within)


def _figure(goal: Goal) -> str:
    name = goal.kpi.id if goal.kpi else goal.count or goal.written
    return ALIKE.get(name, name)
