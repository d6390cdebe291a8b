"""Groups side by side: in a fixed order, never ranked; parts of a whole with the largest first."""

from __future__ import annotations

from typing import Any

import pandas as pd

from carestudy.measure import units
from carestudy.show import charts, dates, labels, sentences
from carestudy.show.change import COMPARED_FROM, widening
from carestudy.show.labels import Card
from carestudy.show.numbers import Form
from carestudy.show.output import Output, dimensions, figures
from carestudy.show.pictures import Told, drawn, form_of, group_names, only_enough, with_intervals
from carestudy.show.sentences import Apart
from carestudy.show.words import Reader

LARGEST = 3
UNEQUAL_WORK = {"team", "agent", "source"}  # what is given other work than its neighbours, and does not choose it


def bars(reader: Reader, kpi: Card, frame: pd.DataFrame, whole: float | None) -> Output:
    """A KPI of several groups side by side; ``whole`` is the figure of all of them together, where it is known."""
    by, form = dimensions(frame), form_of(reader, kpi, frame)
    happened = frame.index[frame["n"].ne(0)]  # a group in which nothing did has nothing to show beside others
    rows = frame.loc[
        sorted(happened if len(happened) else frame.index, key=lambda row: _place(kpi, frame.loc[row], by))
    ].reset_index(drop=True)
    rows["compared"] = rows["value"].notna() & (kpi.adds | (rows["n"] >= COMPARED_FROM))
    names = [labels.groups(reader, by, row) for _, row in rows.iterrows()]
    overall = None if kpi.adds else _overall(rows) if whole is None else whole
    apart = _apart(rows, names, overall)
    unequal = bool(UNEQUAL_WORK & set(by)) and bool(apart.above or apart.below)
    calm = kpi.adds or unequal or (apart.known and not (apart.above or apart.below))
    compared = _unadjusted if unequal else _compared
    title, sentence = _parts(kpi, rows, names, form, whole) if kpi.adds else compared(kpi, apart, form)
    fields = {"label": labels.label(reader, kpi), "groups": group_names(reader, by)}
    heading = fields["label"] if kpi.adds and units.of(kpi.unit).part else reader.t("{label} by {groups}", **fields)
    subject = _what(reader, rows, heading)
    alt = reader.t("Dot chart: {what}; {n} groups: {groups}", what=subject, n=len(rows), groups=", ".join(names))
    sentence = f"{sentence} {sentences.in_part(frame, form)}".strip()
    texts = Told(f"{heading}. {title}" if title else heading, subject, alt, sentence, calm)
    painter = charts.dots(only_enough(rows, kpi), names, form, overall)
    return drawn(texts, painter, 0.85 + 0.4 * len(rows), figures(frame, kpi))


def _place(kpi: Card, row: Any, by: list[str]) -> tuple[Any, ...]:
    """Where a group stands: parts of a whole by their size, the unnamed last; others as their names are ordered."""
    named = tuple(labels.order(name, row[name]) for name in by)
    size = -float(row["value"]) if kpi.adds and pd.notna(row["value"]) else 0.0
    return (any(labels.is_nameless(row[name]) for name in by), size, named)


def _what(reader: Reader, rows: pd.DataFrame, heading: str) -> str:
    period = dates.period(reader, str(rows["period"].iloc[0]))
    what = with_intervals(reader, f"{heading}, {period}", rows)
    grey = "" if rows["compared"].all() else ". " + reader.t("Grey: n below {n}, not compared", n=COMPARED_FROM)
    return what + grey


def _compared(kpi: Card, apart: Apart, form: Form) -> tuple[str, str]:
    return sentences.groups_title(kpi, apart, form), sentences.groups_apart(kpi, apart, form)


def _unadjusted(kpi: Card, apart: Apart, form: Form) -> tuple[str, str]:  # noqa: ARG001 - as _compared
    """Groups whose work differs: none of them is called worse for the hard work that it gets."""
    t = form.reader.t
    return t("Not adjusted for the work that each gets"), t(
        "{n} groups compared as they stand: a group that gets more of the hard channels or topics scores lower. The "
        "monthly report's findings compare them with equal work.",
        n=apart.compared,
    )


def _parts(kpi: Card, rows: pd.DataFrame, names: list[str], form: Form, whole: float | None) -> tuple[str, str]:
    """Parts of a whole: what they add up to, or which shares are the largest."""
    t = form.reader.t
    if not units.of(kpi.unit).part:
        together = "" if whole is None else t("total {value}", value=Form(form.reader, kpi.unit).value(whole))
        return together[:1].upper() + together[1:], ""
    largest = rows["value"].dropna().sort_values(ascending=False, kind="stable").head(LARGEST)
    told = [f"{names[int(str(row))]} {form.value(share)}" for row, share in largest.items()]
    sentence = t("Largest shares: {groups}. Where intervals overlap, the order is not certain.", groups="; ".join(told))
    return (told[0], sentence) if told else ("", "")


def _overall(rows: pd.DataFrame) -> float | None:
    """The figure of all groups together, where every group is the same multiple of a fraction, so that they add up."""
    known = rows[rows["numerator"].ne(0) & rows["value"].notna()]
    unit = known["value"].astype(float) * known["denominator"] / known["numerator"]
    total = rows["denominator"].sum()
    if not total or not len(unit) or unit.max() - unit.min() > 1e-6 * abs(unit.max()):
        return None
    return float(unit.iloc[0] * rows["numerator"].sum() / total)


def _level(rows: pd.DataFrame, overall: float, low: Any, high: Any) -> float:
    """The figure of the groups that remain when the most distant ones are taken out, one after the other.

    One group that is far off moves the overall figure, and a large ordinary one would then seem to lie apart from it.
    """
    inside, level = rows["compared"], overall
    while inside.sum() > 2:
        outside = inside & ((low > level) | (high < level))
        width = (rows["high"] - rows["low"]).where(outside)
        if not outside.any():
            break
        inside = inside & (rows.index != ((rows["value"] - level).abs() / width).astype(float).idxmax())
        together = _overall(rows[inside])
        level = level if together is None else together
    return level


def _apart(rows: pd.DataFrame, names: list[str], overall: float | None) -> Apart:
    """The groups whose interval, widened for so many comparisons, does not reach the whole."""
    compared = int(rows["compared"].sum())
    if overall is None:
        return Apart([], [], compared, known=False)
    wider = widening(compared)
    low = rows["value"] - wider * (rows["value"] - rows["low"])
    high = rows["value"] + wider * (rows["high"] - rows["value"])
    level = _level(rows, overall, low, high)
    above = rows["compared"] & (low > max(overall, level))
    below = rows["compared"] & (high < min(overall, level))
    return Apart([names[row] for row in rows.index[above]], [names[row] for row in rows.index[below]], compared)
