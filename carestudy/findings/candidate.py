"""What may stand out in a report: one shape for every kind of candidate, and for the findings that remain of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from carestudy.rendering import Rendered

Groups = tuple[tuple[str, str], ...]

MIX, APART = "mix", "apart"  # kinds of candidates that others explain or belong to


@dataclass(frozen=True)
class Since(Rendered):
    """The first period of a change, and the interval that it lies in."""

    period: str
    earliest: str
    latest: str


@dataclass(frozen=True)
class Change(Rendered):
    """What a figure was, or what was expected of it, what it is, and the interval of the difference."""

    before: float
    now: float
    low: float
    high: float

    @property
    def difference(self) -> float:
        """The figure now less the one before."""
        return self.now - self.before


@dataclass(frozen=True)
class Cost(Rendered):
    """What a finding costs: ``customers`` concerned and the ``money`` they brought in a year; None where unknown.

    ``lost`` says that these customers left; others were served worse, or wait.
    """

    customers: float | None = None
    money: float | None = None
    lost: bool = False


@dataclass(frozen=True)
class Cause(Rendered):
    """What lies behind a finding: the groups concerned, and how much of the change they explain.

    ``share`` of the change; ``before`` and ``now`` are the shares of these groups among all cases, where their number
    changed. ``within`` names the groups in which that happened.
    """

    kind: str
    groups: Groups
    share: float | None = None
    before: float | None = None
    now: float | None = None
    within: Groups = ()


@dataclass(frozen=True)
class Candidate:
    """Something that may stand out: its family of comparisons, its kind, its p value and its effect.

    ``kind`` is what the plays are listed by. ``better`` says whether the figure moved, or stands, on the good side.
    ``about`` are numbers that the sentence of this kind needs.
    """

    family: str
    kind: str
    kpi: str
    p: float
    change: Change
    better: bool = False
    groups: Groups = ()
    since: Since | None = None
    cost: Cost = Cost()
    causes: tuple[Cause, ...] = ()
    about: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_mix(self) -> bool:
        """Whether the share of a group among all contacts moved."""
        return self.kind == MIX

    @property
    def is_apart(self) -> bool:
        """Whether a group differs from what its work would lead to expect."""
        return self.kind == APART

    @property
    def key(self) -> str:
        """What identifies the same candidate in the reports of other months.

        >>> Candidate("voice", "level", "nps", 0.001, Change(40, 30, -15, -5), groups=(("channel", "Chat"),)).key
        'level nps channel=Chat'
        """
        return " ".join([self.kind, self.kpi, *(f"{name}={value}" for name, value in self.groups)])


@dataclass(frozen=True)
class Play(Rendered):
    """What to do about a finding, in both languages, and the arguments of ``carestudy audience`` that list for whom."""

    vi: str
    en: str
    audience: str = ""


@dataclass(frozen=True)
class Finding(Rendered):
    """A candidate that stands out among all: what, since when, how sure, why, at what cost, what to do, who, by when.

    ``p`` allows for the search for a date, ``p_adjusted`` for all comparisons of the page. ``owner`` is None where
    nobody is named in goals or staff.
    """

    kind: str
    kpi: str
    groups: Groups
    change: Change
    better: bool
    since: Since | None
    p: float
    p_adjusted: float
    causes: tuple[Cause, ...]
    cost: Cost
    play: Play | None
    owner: str | None
    due: date
    months: int = 1
    about: Mapping[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """What identifies the same finding in the reports of other months."""
        return " ".join([self.kind, self.kpi, *(f"{name}={value}" for name, value in self.groups)])
