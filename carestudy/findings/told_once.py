"""One story is told once: a change and what lies behind it are one finding."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from carestudy.findings.candidate import Candidate, Cause

ALIKE = {"retention_rate": "gross_churn_rate", "net_growth_rate": "gross_churn_rate"}  # the same change, told otherwise


def once(candidates: Sequence[Candidate], explained: dict[str, tuple[Cause, ...]]) -> list[Candidate]:
    """The candidates that stand for themselves, each with the others that belong to it as causes or beside it.

    ``explained`` are the causes of changes of level, by the keys of their candidates.
    """
    left = _with_goals([replace(one, causes=(*one.causes, *explained.get(one.key, ()))) for one in candidates])
    return _behind(_one_a_group(_largest_mix(left)))


def figures(one: Candidate) -> list[str]:
    """The figures by which a group stands apart, the clearest first."""
    return [one.kpi, *(kpi for kpi, *_ in one.about.get("also", ()))]


def _with_goals(candidates: Sequence[Candidate]) -> list[Candidate]:
    """A goal missed by a figure that has changed is told with the change."""
    goals = {ALIKE.get(one.kpi, one.kpi): one for one in candidates if one.family == "goals"}
    changed = {one.kpi for one in candidates if one.family != "goals" and not one.groups}
    found = []
    for one in candidates:
        if one.family == "goals" and ALIKE.get(one.kpi, one.kpi) in changed:
            continue
        goal = goals.get(one.kpi) if one.family != "goals" and not one.groups else None
        told = {} if goal is None else {"goal": goal.change.before, "goal_of": goal.kpi, **goal.about}
        found.append(replace(one, about={**one.about, **told}))
    return found


def _largest_mix(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Of the groups of one dimension whose shares moved, the one that moved most: others gave or took."""
    largest: dict[str, float] = {}
    for one in candidates:
        if one.is_mix:
            name = one.groups[0][0]
            largest[name] = max(largest.get(name, 0.0), abs(one.change.difference))
    return [one for one in candidates if not one.is_mix or abs(one.change.difference) >= largest[one.groups[0][0]]]


def _one_a_group(candidates: Sequence[Candidate]) -> list[Candidate]:
    """A group that stands apart by several figures is one finding, told by the clearest of them."""
    found: dict[object, Candidate] = {}
    for one in sorted(candidates, key=lambda one: one.p):
        key = ("apart", one.groups, one.better) if one.is_apart else one.key
        if key in found:
            first = found[key]
            also = (*first.about.get("also", ()), (one.kpi, one.change.before, one.change.now))
            found[key] = replace(first, about={**first.about, "also": also})
        else:
            found[key] = one
    return list(found.values())


def _behind(candidates: Sequence[Candidate]) -> list[Candidate]:
    """A group that stands apart takes with it that there are more of it, and the changes that this explains."""
    apart = {one.groups: one for one in candidates if one.is_apart and not one.better}
    mixes = {one.groups: one for one in candidates if one.is_mix and one.groups in apart}
    moved = {one.key: group for one in candidates if (group := _cause(one, apart)) and not one.is_mix}
    grown = [kpi for group in mixes for kpi in figures(apart[group])]
    found = []
    for one in candidates:
        of_group = one.family == "goals" and one.kpi in grown and not one.better
        if one.key in moved or (one.is_mix and one.groups in mixes) or of_group:
            continue
        if one.is_apart and one.groups in apart:
            levels = [other for other in candidates if moved.get(other.key) == one.groups]
            one = _joined(one, mixes.get(one.groups), levels)
        found.append(one)
    return found


def _cause(one: Candidate, apart: Iterable[object]) -> object | None:
    """The group that stands apart and lies behind a change for the worse."""
    return next((cause.groups for cause in one.causes if not one.better and cause.groups in apart), None)


def _joined(one: Candidate, mix: Candidate | None, levels: Sequence[Candidate]) -> Candidate:
    causes = () if mix is None else (Cause("mix", mix.groups, None, mix.change.before, mix.change.now), *mix.causes)
    told = tuple((level.kpi, level.change.before, level.change.now) for level in levels)
    since = one.since if mix is None else mix.since
    about = {**one.about, **({"pulled": told} if told else {})}
    return replace(one, since=since, causes=(*one.causes, *causes), about=about)
