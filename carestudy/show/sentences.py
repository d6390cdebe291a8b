"""What a picture says, in a title and a sentence or two."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from carestudy.measure import units
from carestudy.periods import Period
from carestudy.show import dates, labels, refusals
from carestudy.show.change import BETTER, CANNOT_TELL, WORSE, Change, between, days, of_sums, over_equal_days, too_few
from carestudy.show.labels import Card
from carestudy.show.numbers import Form, cases, is_missing

ARROWS = {True: "▲", False: "▼"}
CLEAR = (BETTER, WORSE)
MOST_NOTES = 3
THIN = 1 / 3  # of the cases that a period usually has


@dataclass(frozen=True)
class Apart:
    """Groups whose figure differs from that of the whole, and of how many that were compared."""

    above: list[str]
    below: list[str]
    compared: int
    known: bool = True


def verdict_words(form: Form, verdict: str | None) -> str:
    """The verdict in the reader's words."""
    t = form.reader.t
    return {BETTER: t("better"), WORSE: t("worse"), CANNOT_TELL: t("no clear change")}.get(verdict or "", "")


def sign(verdict: str | None, change: Any) -> str:
    """An arrow where there is a change, and the sign of 'about the same' where nobody can tell."""
    if verdict == CANNOT_TELL or is_missing(change):
        return "≈"
    return ARROWS[change > 0]


def trend_title(kpi: Card, row: Any, form: Form, changes: Mapping[str, Change]) -> str:
    """The finding of a trend: where the figure stands, and how it has changed against what ``changes`` names."""
    t, form = form.reader.t, form.at(row["value"])
    fields = {"label": labels.label(form.reader, kpi), "value": form.value(row["value"])}
    if too_few(row["n"], kpi.unit):
        return t("{label}: too few cases in {period}", period=dates.period(form.reader, row["period"]), **fields)
    if is_missing(row["value"]):
        return t("{label}: no figure for {period}", period=dates.period(form.reader, row["period"]), **fields)
    clear = next(((against, change) for against, change in changes.items() if change.verdict in CLEAR), None)
    if clear:
        risen = clear[1].amount > 0
        moved = t("{label} has risen to {value}", **fields) if risen else t("{label} has fallen to {value}", **fields)
        words = verdict_words(form, clear[1].verdict)
        return t("{moved}: {verdict} against {before}", moved=moved, verdict=words, before=clear[0])
    if any(change.verdict == CANNOT_TELL for change in changes.values()):
        return t("{label} is {value}, no clear change", **fields)
    return t("{label} is {value}", **fields)


def trend(kpi: Card, row: Any, form: Form, changes: Mapping[str, Change]) -> str:
    """The so-what of a trend: the last value with its interval and n, and how it has changed."""
    if too_few(row["n"], kpi.unit) or is_missing(row["value"]):
        return where_it_stands(kpi, row, form)
    form = form.at(row["value"])
    told = [how_it_changed(change, before, form) for before, change in changes.items()]
    nothing = form.reader.t("There is no earlier figure to compare with.")
    return " ".join([where_it_stands(kpi, row, form), *(told or [nothing])])


def where_it_stands(kpi: Card, row: Any, form: Form) -> str:
    """A figure in a sentence: period, value, interval, n."""
    t, form = form.reader.t, form.at(row["value"])
    fields = {
        "period": dates.heading(form.reader, row["period"]),
        "label": labels.within(form.reader, kpi),
        "cases": cases(form.reader, row["n"]),
        "value": form.value(row["value"]),
        "interval": form.interval(row["low"], row["high"]),
    }
    if too_few(row["n"], kpi.unit):
        return t("{period}: too few cases to say anything of {label} ({cases}).", **fields)
    if is_missing(row["value"]):
        if reason := refusals.why(form.reader, row.get("note")):
            return t("{period}: {label} cannot be computed: {reason}.", reason=reason, **fields)
        return t("{period}: there is nothing to compute {label} from.", **fields)
    if is_missing(row["low"]) or is_missing(row["high"]):
        return t("{period}: {label} {value} ({cases}).", **fields)
    return t("{period}: {label} {value} (95% interval {interval}; {cases}).", **fields)


def few_at_the_end(kpi: Card, frame: pd.DataFrame, form: Form) -> str:
    """A warning where the last period has far fewer cases than the others, as while most of its cases are not over."""
    last, usual = frame["n"].iloc[-1], frame["n"].iloc[:-1].median()
    if kpi.adds or is_missing(last) or too_few(last, kpi.unit) or is_missing(usual) or last >= usual * THIN:
        return ""
    told = cases(form.reader, int(usual))
    return form.reader.t("Far fewer cases than usual ({usual}): read the last value with care.", usual=told)


def left_out(frame: pd.DataFrame, form: Form) -> str:
    """Why earlier periods have no value, where a premise of the figure does not hold in them."""
    if "note" not in frame or is_missing(frame["value"].iloc[-1]):
        return ""
    notes = frame.loc[frame["value"].isna(), "note"]
    reason = next((text for note in notes if (text := refusals.why(form.reader, note))), "")
    return form.reader.t("Not every period has a value: {reason}.", reason=reason) if reason else ""


def in_part(frame: pd.DataFrame, form: Form) -> str:
    """Which periods have a value that is not one of a whole period, and why."""
    if "note" not in frame:
        return ""
    notes = frame.loc[frame["value"].notna(), "note"].dropna()
    reasons = list(dict.fromkeys(text for note in notes if (text := refusals.why(form.reader, note))))
    sentence = form.reader.t("To be read with care: {reasons}.", reasons="; ".join(reasons[:MOST_NOTES]))
    return sentence if reasons else ""


def how_it_changed(change: Change, before: str, form: Form) -> str:
    """A change in a sentence, with its interval and what follows from it."""
    t = form.reader.t
    fields = {"before": before, "change": form.change(change.amount), "interval": form.changes(change.low, change.high)}
    if is_missing(change.low) or is_missing(change.high):
        return t("Against {before}: {change}, without an interval, so it is not judged.", **fields)
    if change.verdict == CANNOT_TELL:
        return t("Against {before}: {change} ({interval}), too small to call.", **fields)
    if change.verdict is None:
        return t("Against {before}: {change} ({interval}).", **fields)
    words = verdict_words(form, change.verdict)
    return t("Against {before}: {change} ({interval}), a clear change: {verdict}.", verdict=words, **fields)


def groups_over_time(kpi: Card, panels: Mapping[str, pd.DataFrame], form: Form) -> tuple[str, str]:
    """The finding and the so-what of several lines: the groups whose last change is more than chance explains."""
    t, found = form.reader.t, []
    changes = {name: last_change(kpi, frame, comparisons=len(panels)) for name, frame in panels.items()}
    for name, change in changes.items():
        if change and change.verdict != CANNOT_TELL:
            words = verdict_words(form, change.verdict)
            found.append(f"{name} {form.at(change.amount).change(change.amount)}" + (f" ({words})" if words else ""))
    compared, listed = sum(change is not None for change in changes.values()), "; ".join(found)
    if not compared:
        return "", t("No group has enough cases in the last two periods to be compared.")
    if not found:
        none = t("No group changed clearly against the period before ({n} compared).", n=compared)
        return _upper(t("no group clearly changed")), none
    fields = {"n": compared, "groups": listed}
    return listed, t("{n} groups compared with the period before. Clear changes: {groups}.", **fields)


def equal_days(kpi: Card, groups: Sequence[pd.DataFrame], form: Form) -> str:
    """A note that the last change of groups is one over equal days, where the last two periods differ in theirs."""
    ends = next((frame["period"].iloc[-2:].astype(str).tolist() for frame in groups if len(frame) > 1), None)
    if kpi.per_time is None or ends is None or days(ends[0]) == days(ends[1]):
        return ""
    return form.reader.t("For the comparison, the period before is taken to {n} days.", n=days(ends[1]))


def groups_title(kpi: Card, apart: Apart, form: Form) -> str:
    """The finding of groups side by side, if there is one."""
    found = _apart(kpi, apart, form)
    if not found and apart.known and apart.compared > 1:
        found = _upper(form.reader.t("no group differs clearly"))
    return found


def groups_apart(kpi: Card, apart: Apart, form: Form) -> str:
    """The so-what of groups side by side: which of them differ from the whole, without a ranking."""
    t = form.reader.t
    if apart.compared < 2:
        return t("There are too few groups with n of 30 or more for a comparison.")
    if not apart.known:
        return t("The overall figure is not known here, so the groups are not compared.")
    found = _apart(kpi, apart, form)
    fields = {"n": apart.compared, "groups": found}
    if not found:
        return t("None of the {n} groups compared differs clearly from the overall level.", **fields)
    return t("{n} groups compared. {groups}.", **fields)


def last_change(kpi: Card, frame: pd.DataFrame, comparisons: int = 1) -> Change | None:
    """The change from the last period but one to the last; none where either has too few cases.

    None where the figure looks back over more than its period: two such figures share customers, and their change
    stands on the scorecard, which knows which. Sums, and shares kept or lost over a period, are compared at equal days.
    """
    if kpi.overlaps and Period.parse(str(frame["period"].iloc[-1])).unit != "year":
        return None
    if "note" in frame and frame["note"].iloc[-2:].notna().any():
        return None  # a period that is not whole stands beside no other
    if len(frame) < 2 or too_few(frame["n"].iloc[-1], kpi.unit) or too_few(frame["n"].iloc[-2], kpi.unit):
        return None
    changed = of_sums if kpi.adds and not units.of(kpi.unit).part else between
    now, past = frame.iloc[-1], frame.iloc[-2]
    before = over_equal_days(now, past, kpi.per_time) if kpi.per_time else past
    return changed(now, before, kpi.better, comparisons=comparisons)


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _apart(kpi: Card, apart: Apart, form: Form) -> str:
    """The groups that differ clearly from the overall level, the worse first."""
    t, below, above = form.reader.t, ", ".join(apart.below), ", ".join(apart.above)
    if not kpi.better:
        sides = [
            below and t("{groups} below the overall level", groups=below),
            above and t("{groups} above the overall level", groups=above),
        ]
    else:
        worse, better = (below, above) if kpi.better == "higher" else (above, below)
        sides = [
            worse and t("{groups} worse than the overall level", groups=worse),
            better and t("{groups} better than the overall level", groups=better),
        ]
    return "; ".join(filter(None, sides))
