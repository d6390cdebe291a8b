"""What lies behind a change of level: more of a group that is worse, over the window of the change."""

from __future__ import annotations

from dataclasses import replace

from carestudy.contract import CareError
from carestudy.findings.candidate import Candidate, Cause
from carestudy.findings.context import YEAR, Context
from carestudy.findings.levels import window
from carestudy.findings.told_once import figures
from carestudy.measure.available import lack
from carestudy.periods import Period
from carestudy.targets import figure
from carestudy.whys import why

DIMENSIONS = ("channel", "topic", "kind", "region", "segment")
HALF = 0.5  # of a change, from which on the mix of a dimension explains it


def reasons(asked: Context, candidate: Candidate) -> tuple[Cause, ...]:
    """The group of which there is more or less now, where that explains half of a change of level or more."""
    kpi = figure(candidate.kpi)
    if candidate.since is None or candidate.groups or kpi is None or not kpi.is_fraction:
        return ()
    first = Period.parse(candidate.since.period)
    now, before = window(asked, candidate), asked.span(first.before().run(YEAR)[0], first.before())
    found = []
    for by in DIMENSIONS:
        if lack(asked.care, kpi, [by]) is None:
            try:
                split = why(kpi, asked.care, period=now.text, against=before.text, by=by)
            except CareError:
                continue
            change, mix = split.total["value"].iloc[0], split.total["value"].iloc[1]
            if change and mix / change >= HALF:
                row = split.frame.sort_values("mix", ascending=change < 0, kind="stable").iloc[0]
                group = ((by, str(row["segment"])),)
                found.append(
                    Cause("mix", group, float(mix / change), float(row["share_before"]), float(row["share_now"]))
                )
    return tuple(sorted(found, key=lambda cause: -(cause.share or 0.0))[:1])


def pulled(asked: Context, candidate: Candidate) -> Candidate:
    """A group that stands apart and has grown or shrunk, with what that did to its figures over all groups since then.

    Only figures of which the interval of the whole change lies on one side of zero, and half of it or more is mix.
    """
    if not candidate.is_apart or candidate.since is None:
        return candidate
    ((by, _),) = candidate.groups
    first = Period.parse(candidate.since.period)
    now, before = window(asked, candidate), asked.span(first.before().run(YEAR)[0], first.before())
    found = []
    for name in figures(candidate):
        kpi = figure(name)
        if kpi is None or not kpi.is_fraction:
            continue
        try:
            split = why(kpi, asked.care, period=now.text, against=before.text, by=by)
        except CareError:
            continue
        change, mix = (split.total.iloc[place] for place in (0, 1))
        if (change["low"] > 0 or change["high"] < 0) and mix["value"] / change["value"] >= HALF:
            found.append((name, split.before, split.now))
    return replace(candidate, about={**candidate.about, **({"pulled": tuple(found)} if found else {})})
