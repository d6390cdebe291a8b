"""Findings: what stands out in a period among everything that was compared, and what to do about it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

import numpy as np

from carestudy.care import Care
from carestudy.findings import plays as library
from carestudy.findings.apart import apart
from carestudy.findings.candidate import Candidate, Cause, Change, Cost, Finding, Play, Since
from carestudy.findings.charge_of_findings import owned_goals, owner
from carestudy.findings.context import Context
from carestudy.findings.levels import is_news, levels
from carestudy.findings.missed import missed
from carestudy.findings.mixes import mixes, places
from carestudy.findings.ownership import ownership
from carestudy.findings.reasons import or_none, pulled, reasons
from carestudy.findings.told_once import once
from carestudy.findings.waiting import waiting
from carestudy.findings.worth import priced
from carestudy.measure.families import standing_out
from carestudy.measure.front import reads
from carestudy.measure.options import Level
from carestudy.targets import Goal

__all__ = ["Cause", "Change", "Cost", "Finding", "Play", "Since", "candidates", "findings"]

FALSE = 0.01  # the share of false findings among those of a family that is accepted
# Every source of candidates: a function of the context that yields them; a new one is added here.
SOURCES: tuple[Callable[[Context], Iterator[Candidate]], ...] = (levels, apart, mixes, ownership, missed, waiting)


@reads()
def findings(care: Care, *, period: str, level: Level = FALSE) -> tuple[Finding, ...]:
    """What stands out in a period among everything that was compared, the costliest first.

    Compared are the levels of figures over the last 24 months, groups with equal work (channels, teams, people,
    survey sources), the mix of contacts, customers without somebody in charge, goals of the company, and open
    contacts. One control of false discoveries goes over all of them, questions being families: ``level`` is the
    expected share of false findings. A finding for the worse stands before one for the better, those that cost money
    first, then by the number of customers. One story is one finding: what explains a change is told with it.
    """
    asked = Context.of(care, period)
    every = list(candidates(asked))
    p = standing_out([one.p for one in every], [one.family for one in every], level=level)
    chosen = [(one, float(q)) for one, q in zip(every, p, strict=True) if q <= level and _counts(one, asked)]
    q_of = {one.key: q for one, q in chosen}
    causes = {one.key: reasons(asked, one) for one, _ in chosen}
    placed = [replace(one, causes=places(asked, one)) if one.is_mix else one for one, _ in chosen]
    told = [priced(asked, or_none(asked, pulled(asked, one))) for one in once(placed, causes)]
    plays = {**library.shipped(), **(library.own(care.settings.plays) if care.settings.plays else {})}
    goals = owned_goals(asked)
    found = [_finding(asked, one, q_of[one.key], plays, goals) for one in told]
    return tuple(sorted(found, key=_rank))


def candidates(asked: Context) -> Iterator[Candidate]:
    """Everything that is compared in a period, whether it stands out or not."""
    for source in SOURCES:
        yield from source(asked)


def _counts(candidate: Candidate, asked: Context) -> bool:
    """Whether a candidate that stands out is news, and large enough to matter."""
    return (
        is_news(candidate.since, asked)
        and not candidate.about.get("small", False)
        and np.isfinite(candidate.change.now)
    )


def _rank(finding: Finding) -> tuple[bool, bool, float, float, float]:
    money, customers = finding.cost.money, finding.cost.customers
    return finding.better, money is None, -(money or 0.0), -(customers or 0.0), finding.p


def _finding(
    asked: Context, candidate: Candidate, q: float, plays: Mapping[str, Play], goals: Sequence[Goal]
) -> Finding:
    return Finding(
        kind=candidate.kind, kpi=candidate.kpi, groups=candidate.groups, change=candidate.change,
        better=candidate.better, since=candidate.since, p=candidate.p, p_adjusted=q, causes=candidate.causes,
        cost=candidate.cost, play=library.play(candidate, plays), owner=owner(candidate, goals), due=due(asked),
        about=candidate.about,
    )  # fmt: skip


def due(asked: Context) -> date:
    """The day by which something is to be done: so many days after the period, or the end of the next one."""
    period, days = asked.period, asked.care.settings.due_days
    if days is not None:
        return period.end + timedelta(days=days - 1)
    length = period.end - period.start
    return (period.after().end if period.unit else period.end + length) - timedelta(days=1)
