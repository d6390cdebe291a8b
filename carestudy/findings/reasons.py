"""What lies behind a change of level: more of a group that is worse, over the window of the change."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace

import numpy as np
from scipy import special

from carestudy import kpi as kpis
from carestudy.churn.reasons import STATED
from carestudy.churn.reasons import reasons as leaving
from carestudy.churn.shifts import MORE
from carestudy.contract import CareError
from carestudy.findings.candidate import Candidate, Cause
from carestudy.findings.context import YEAR, Context
from carestudy.findings.levels import window
from carestudy.findings.told_once import figures
from carestudy.measure.available import lack
from carestudy.periods import Period
from carestudy.targets import figure
from carestudy.whys import POOLED, Why, why

DIMENSIONS = ("channel", "topic", "kind", "region", "segment")
CHANCE = 0.01  # of finding a group that carries a change of which all groups have the same part
SURE = 0.99
NORMAL = 1.959963984540054  # standard errors from an effect to its limit of 95 %
HALF = 0.5  # of a change, from which on the mix of a dimension explains it


def reasons(asked: Context, candidate: Candidate) -> tuple[Cause, ...]:
    """What explains a change of level: more of a group, a group in which it sits, or reasons for leaving that rose.

    A mix explains where it makes up half of the change or more. A group carries the change where the rates of the
    groups of a dimension changed unlike each other by more than chance over all dimensions. Compared are the months
    since the change with as many before, as a share lost in a span grows with its length.
    """
    split = list(_splits(asked, candidate))
    mixed = sorted(filter(None, map(_more_of, split)), key=lambda cause: -(cause.share or 0.0))
    carried = [cause for cause, p in filter(None, map(_carried, split)) if p * len(split) <= CHANCE]
    return (*mixed[:1], *carried[:1], *_given(asked, candidate))


def or_none(asked: Context, candidate: Candidate) -> Candidate:
    """A change of level for which no cause was found although some were looked for, marked as such."""
    looked = not candidate.causes and not candidate.better and _spans(asked, candidate) is not None
    kpi = figure(candidate.kpi)
    if not looked or kpi is None or all(lack(asked.care, kpi, [by]) is not None for by in DIMENSIONS):
        return candidate
    return replace(candidate, causes=(Cause("none", ()),))


def _spans(asked: Context, candidate: Candidate) -> tuple[Period, Period] | None:
    """The months since a change, and as many before; None where no change of a whole is to be explained."""
    kpi = figure(candidate.kpi)
    if candidate.since is None or candidate.groups or kpi is None or not kpi.is_fraction:
        return None
    first, now = Period.parse(candidate.since.period), window(asked, candidate)
    return now, asked.span(first.before().run(len(now.split("month")))[0], first.before())


def _splits(asked: Context, candidate: Candidate) -> Iterator[Why]:
    kpi, spans = figure(candidate.kpi), _spans(asked, candidate)
    if kpi is None or spans is None:
        return
    now, before = spans
    for by in DIMENSIONS:
        if lack(asked.care, kpi, [by]) is None:
            with suppress(CareError):
                yield why(kpi, asked.care, period=now.text, against=before.text, by=by)


def _more_of(split: Why) -> Cause | None:
    """The group of which there is more or less, where the mix makes up half of the change or more."""
    change, mix = split.total["value"].iloc[0], split.total["value"].iloc[1]
    if not change or mix / change < HALF:
        return None
    row = split.frame.sort_values("mix", ascending=change < 0, kind="stable").iloc[0]
    group = ((split.by, str(row["segment"])),)
    return Cause("mix", group, float(mix / change), float(row["share_before"]), float(row["share_now"]))


def _carried(split: Why) -> tuple[Cause, float] | None:
    """The group whose rate changed most beyond the others', with the p value of their being alike (Cochran's Q)."""
    rows = split.frame.assign(weight=(split.frame["share_before"] + split.frame["share_now"]) / 2)
    rows = rows.assign(error=(rows["rate_high"] - rows["rate_low"]) / 2 / NORMAL / rows["weight"])
    rows = rows[rows["error"] > 0]
    if len(rows) < 2:
        return None
    moved, worth = rows["rate"] / rows["weight"], rows["error"] ** -2.0
    beyond = (moved - (moved * worth).sum() / worth.sum()) / rows["error"]
    change = float(split.total["value"].iloc[0])
    row = rows.loc[(beyond * np.sign(change)).idxmax()]
    share = float(row["rate"]) / change if change else 0.0
    if not isinstance(row["segment"], str) or row["segment"] == POOLED or share <= 0:
        return None
    cause = Cause("carried", ((split.by, row["segment"]),), min(share, 1.0))
    return cause, float(special.chdtrc(len(rows) - 1, float((beyond**2).sum())))


def _given(asked: Context, candidate: Candidate) -> Iterator[Cause]:
    """The reasons for leaving that are given more often since a change of churn than in as many months before."""
    spans = _spans(asked, candidate)
    if spans is None or candidate.kpi != kpis.gross_churn_rate.id or not asked.care.has("customers", "leave_reason"):
        return
    with suppress(CareError):
        told = leaving(asked.care, period=asked.month.text, months=len(spans[0].split("month")), level=SURE)
        rows = told[(told["what"] == STATED) & (told["verdict"] == MORE)]
        for row in rows.sort_values("change", ascending=False, kind="stable").head(1).to_dict("records"):
            group = (("leave_reason", str(row["reason"])),)
            yield Cause("reason", group, None, float(row["before"]), float(row["value"]))


def pulled(asked: Context, candidate: Candidate) -> Candidate:
    """A group that stands apart and has grown or shrunk, with what that did to its figures over all groups since then.

    Only figures of which the interval of the whole change lies on one side of zero, and half of it or more is mix.
    """
    if not candidate.is_apart or candidate.since is None:
        return candidate
    ((by, _),) = candidate.groups
    first = Period.parse(candidate.since.period)
    now, before = window(asked, candidate), asked.span(first.before().run(YEAR)[0], first.before())
    results = []
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
            results.append((name, split.before, split.now))
    return replace(candidate, about={**candidate.about, **({"pulled": tuple(results)} if results else {})})
