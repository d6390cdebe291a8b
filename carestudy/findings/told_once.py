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
    left = _with_goals(
        [replace(candidate, causes=(*candidate.causes, *explained.get(candidate.key, ()))) for candidate in candidates]
    )
    return _behind(_one_a_group(_largest_mix(left)))


def figures(candidate: Candidate) -> list[str]:
    """The figures by which a group stands apart, the clearest first."""
    return [candidate.kpi, *(kpi for kpi, *_ in candidate.about.get("also", ()))]


def _with_goals(candidates: Sequence[Candidate]) -> list[Candidate]:
    """A goal missed by a figure that has changed is told with the change."""
    goals = {
        ALIKE.get(candidate.kpi, candidate.kpi): candidate for candidate in candidates if candidate.family == "goals"
    }
    changed = {candidate.kpi for candidate in candidates if candidate.family != "goals" and not candidate.groups}
    results = []
    for candidate in candidates:
        if candidate.family == "goals" and ALIKE.get(candidate.kpi, candidate.kpi) in changed:
            continue
        goal = goals.get(candidate.kpi) if candidate.family != "goals" and not candidate.groups else None
        fields = {} if goal is None else {"goal": goal.change.before, "goal_of": goal.kpi, **goal.about}
        results.append(replace(candidate, about={**candidate.about, **fields}))
    return results


def _largest_mix(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Of the groups of one dimension whose shares moved, the one that moved most: others gave or took."""
    largest: dict[str, float] = {}
    for candidate in candidates:
        if candidate.is_mix:
            name = candidate.groups[0][0]
            largest[name] = max(largest.get(name, 0.0), abs(candidate.change.difference))
    return [
        candidate
        for candidate in candidates
        if not candidate.is_mix or abs(candidate.change.difference) >= largest[candidate.groups[0][0]]
    ]


def _one_a_group(candidates: Sequence[Candidate]) -> list[Candidate]:
    """A group that stands apart by several figures is one finding, told by the clearest of them."""
    results: dict[object, Candidate] = {}
    for one in sorted(candidates, key=lambda one: one.p):
        key = ("apart", one.groups, one.better) if one.is_apart else one.key
        if key in results:
            first = results[key]
            also = (*first.about.get("also", ()), (one.kpi, one.change.before, one.change.now))
            results[key] = replace(first, about={**first.about, "also": also})
        else:
            results[key] = one
    return list(results.values())


def _behind(candidates: Sequence[Candidate]) -> list[Candidate]:
    """A group that stands apart takes with it that there are more of it, and the changes that this explains."""
    apart = {candidate.groups: candidate for candidate in candidates if candidate.is_apart and not candidate.better}
    mixes = {candidate.groups: candidate for candidate in candidates if candidate.is_mix and candidate.groups in apart}
    moved = {
        candidate.key: group for candidate in candidates if (group := _cause(candidate, apart)) and not candidate.is_mix
    }
    grown = [kpi for group in mixes for kpi in figures(apart[group])]
    results = []
    for one in candidates:
        of_group = one.family == "goals" and one.kpi in grown and not one.better
        if one.key in moved or (one.is_mix and one.groups in mixes) or of_group:
            continue
        if one.is_apart and one.groups in apart:
            levels = [candidate for candidate in candidates if moved.get(candidate.key) == one.groups]
            one = _joined(one, mixes.get(one.groups), levels)
        results.append(one)
    return results


def _cause(candidate: Candidate, apart: Iterable[object]) -> object | None:
    """The group that stands apart and lies behind a change for the worse."""
    return next((cause.groups for cause in candidate.causes if not candidate.better and cause.groups in apart), None)


def _joined(candidate: Candidate, mix: Candidate | None, levels: Sequence[Candidate]) -> Candidate:
    causes = () if mix is None else (Cause("mix", mix.groups, None, mix.change.before, mix.change.now), *mix.causes)
    told = tuple((level.kpi, level.change.before, level.change.now) for level in levels)
    since = candidate.since if mix is None else mix.since
    about = {**candidate.about, **({"pulled": told} if told else {})}
    return replace(candidate, since=since, causes=(*candidate.causes, *causes), about=about)
