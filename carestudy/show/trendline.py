"""Is it changing? A control chart with the levels found in it, the verdict, and what the verdict rests on."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from carestudy.show import charts, dates, labels, sentences, tables
from carestudy.show.change import too_few
from carestudy.show.labels import Card
from carestudy.show.layers import beneath
from carestudy.show.looks import ACCENT, FAINT
from carestudy.show.numbers import MISSING, Form, is_missing, number
from carestudy.show.output import Output, figures
from carestudy.show.pictures import Told, drawn, form_of
from carestudy.show.words import Reader
from carestudy.trends import CAVEATS, FEWEST, Trend

NAMED = 4  # periods named one by one; more are counted
MOST_TICKS = 7


def trendline(reader: Reader, kpi: Card, trend: Trend) -> Output:
    """The verdict on a share over time, its control chart, and the numbers behind both."""
    frame, form = trend.frame, form_of(reader, kpi, trend.frame)
    subject = _what(reader, kpi, trend)
    alt = reader.t("Control chart: {what}; {n} periods, {outside} outside the limits", what=subject, n=len(frame),
                   outside=len(trend.outside))  # fmt: skip
    texts = Told(title(kpi, trend, form), subject, alt, sentence(kpi, trend, form))
    picture = drawn(texts, _painter(_enough(frame, kpi), form), 2.4, figures(_measured(frame), kpi))
    heads, rows = [reader.t("Evidence"), reader.t("Value")], evidence(trend, form)
    table = tables.grid("", heads, [list(row) for row in rows], numeric=set())
    lines = "\n".join("\t".join(row) for row in rows)
    return Output(beneath(picture.html, table), f"{picture.text}\n{lines}", picture.figures, looks=("figure", "table"))


def title(kpi: Card, trend: Trend, form: Form) -> str:
    """The finding: which way the share goes, or that nobody can tell."""
    t = form.reader.t
    fields = {"label": labels.label(form.reader, kpi), "first": form.value(trend.first), "last": form.value(trend.last)}
    if trend.changes and trend.verdict in ("better", "worse", None):
        return _title_of_level(trend, form, fields["label"])
    if trend.verdict == "better":
        return t("{label} is improving: from {first} to {last}", **fields)
    if trend.verdict == "worse":
        return t("{label} is getting worse: from {first} to {last}", **fields)
    if trend.verdict is None:
        return t("{label} is changing: from {first} to {last}", **fields)
    return t("{label}: no clear change", **fields)


def _title_of_level(trend: Trend, form: Form, label: str) -> str:
    """Since when a figure stands at another level: a line through both levels would name values that no period has."""
    t, level = form.reader.t, trend.changes[-1]
    fields = {"label": label, "period": dates.period(form.reader, level.period)}
    fields |= {"after": form.value(level.after), "before": form.value(level.before)}
    if trend.verdict == "better":
        return t("{label} has been better since {period}: {after}, before {before}", **fields)
    if trend.verdict == "worse":
        return t("{label} has been worse since {period}: {after}, before {before}", **fields)
    return t("{label} has changed since {period}: {after}, before {before}", **fields)


def sentence(kpi: Card, trend: Trend, form: Form) -> str:
    """The so-what: the trend with its interval and verdict, changes of level, odd periods, and the caveats."""
    parts = [_trend(kpi, trend, form), *(_level(change, form) for change in trend.changes), _outside(trend, form)]
    correlation = number(form.reader, trend.autocorrelation, 2)
    fields = {"fewest": FEWEST, "correlation": correlation, "days": trend.days}
    parts += [form.reader.t(CAVEATS[name], **fields) for name in trend.caveats]
    return " ".join(filter(None, parts))


def evidence(trend: Trend, form: Form) -> list[tuple[str, str]]:
    """The numbers behind the verdict, each with what it is called."""
    reader, t = form.reader, form.reader.t
    season = t("with a yearly season") if trend.seasonal else t("without a season")
    baseline = t("{low} to {high}", **_ends(reader, *trend.baseline))
    rows = [
        (
            t("Trend over the periods"),
            t("{first} to {last}", first=form.value(trend.first), last=form.value(trend.last)),
        ),
        *_effect_of_a_year(trend, form),
        (_test(reader, trend), f"{_p(reader, trend.p)}, {season}"),
        (t("Dispersion (1 = chance alone)"), number(reader, trend.dispersion, 2)),
        (t("Correlation of neighbouring periods"), number(reader, trend.autocorrelation, 2)),
        (_limits_of(reader, trend), baseline if trend.baseline[0] else MISSING),
    ]
    rows += [
        (
            t("New level from {period}", period=dates.period(reader, change.period)),
            t("{first} to {last}", first=form.value(change.before), last=form.value(change.after)),
        )
        for change in trend.changes
    ]
    return rows


def _effect_of_a_year(trend: Trend, form: Form) -> list[tuple[str, str]]:
    """The row that says what a year does: to the odds of a share, to an amount, or to points."""
    reader, t = form.reader, form.reader.t
    limits = t("{low} to {high}", low=number(reader, trend.low, 2), high=number(reader, trend.high, 2))
    if trend.effect == "odds":
        return [(t("Odds ratio of a year (95% interval)"), f"{number(reader, trend.odds_ratio, 2)} ({limits})")]
    if trend.effect == "ratio":
        return [(t("Ratio of a year (95% interval)"), f"{number(reader, trend.odds_ratio, 2)} ({limits})")]
    changes = form.changes(trend.low, trend.high)
    return [(t("Change of a year (95% interval)"), f"{form.change(trend.odds_ratio)} ({changes})")]


def _test(reader: Reader, trend: Trend) -> str:
    if trend.effect == "odds":
        return reader.t("p value (quasi-binomial, Student's t)")
    return reader.t("p value (weighted least squares, Student's t)")


def _limits_of(reader: Reader, trend: Trend) -> str:
    if trend.effect == "odds":
        return reader.t("Limits (Laney p′) learnt from")
    return reader.t("Limits (XmR) learnt from")


def _of_a_year(trend: Trend, form: Form) -> str:
    """What a year does, within a sentence."""
    reader, t = form.reader, form.reader.t
    limits = {"low": number(reader, trend.low, 2), "high": number(reader, trend.high, 2), "p": _p(reader, trend.p)}
    value = number(reader, trend.odds_ratio, 2)
    if trend.effect == "odds":
        return t(
            "its odds are multiplied by {odds} in a year (95% interval {low} to {high}; {p})", odds=value, **limits
        )
    if trend.effect == "ratio":
        return t("it is multiplied by {ratio} in a year (95% interval {low} to {high}; {p})", ratio=value, **limits)
    fields = {"change": form.change(trend.odds_ratio), "interval": form.changes(trend.low, trend.high)}
    return t("a year adds {change} (95% interval {interval}; {p})", p=limits["p"], **fields)


def _trend(kpi: Card, trend: Trend, form: Form) -> str:
    reader, t = form.reader, form.reader.t
    used = trend.frame.loc[trend.frame["used"], ["period", "n"]]
    if not len(used) or is_missing(trend.p):
        return t("There are not enough periods with a change in them for a test.")
    fields = {
        "label": labels.within(reader, kpi), "n": len(used), "cases": number(reader, used["n"].sum()),
        "first": form.value(trend.first), "last": form.value(trend.last),
        "from_": dates.heading(reader, used["period"].iloc[0]), "until": dates.period(reader, used["period"].iloc[-1]),
    }  # fmt: skip
    line = t(
        "{from_} to {until}, {n} periods, {cases} cases in all: the trend of {label} goes from {first} to {last};"
        " {effect}",
        **fields,
        effect=_of_a_year(trend, form),
    )
    if trend.verdict == "cannot tell":
        return t("{trend}: too small to call.", trend=line)
    words = sentences.verdict_words(form, trend.verdict)
    return t("{trend}. Verdict: {verdict}.", trend=line, verdict=words) if words else f"{line}."


def _level(change: Any, form: Form) -> str:
    return form.reader.t(
        "Since {period} the level is {after}; before, it was {before}.",
        period=dates.period(form.reader, change.period),
        before=form.value(change.before), after=form.value(change.after),
    )  # fmt: skip


def _outside(trend: Trend, form: Form) -> str:
    reader, t = form.reader, form.reader.t
    if not trend.frame["limit_low"].notna().any():
        return t("The baseline does not vary, so there are no control limits.")
    fields = {"baseline": t("{low} to {high}", **_ends(reader, *trend.baseline))}
    names = [dates.period(reader, period) for period in trend.outside]
    if not names:
        return t("No period lies outside the limits computed from {baseline}.", **fields)
    if len(names) <= NAMED:
        return t("Outside the limits computed from {baseline}: {periods}.", periods=", ".join(names), **fields)
    return t(
        "{n} periods lie outside the limits computed from {baseline}, the last {last}.", n=len(names), last=names[-1],
        **fields,
    )  # fmt: skip


def _ends(reader: Reader, first: str, last: str) -> dict[str, str]:
    return {"low": dates.period(reader, first), "high": dates.period(reader, last)}


def _p(reader: Reader, p: float) -> str:
    return f"p < {number(reader, 0.001, 3)}" if p < 0.001 else f"p = {number(reader, p, 3)}"


def _what(reader: Reader, kpi: Card, trend: Trend) -> str:
    t = reader.t
    each = {"week": t("by week"), "month": t("by month"), "quarter": t("by quarter"), "year": t("by year")}[trend.every]
    signs = [t("band: control limits")]
    signs += [t("grey: levels")] if trend.changes else []
    signs += [t("diamonds: outside the limits")] if trend.outside else []
    signs += [] if trend.frame["used"].all() else [t("hollow: not over, or without rows")]
    return f"{labels.label(reader, kpi)} {each}; {', '.join(signs)}"


def _measured(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[["period", "kpi", "value", "low", "high", "n", "numerator", "denominator"]]


def _enough(frame: pd.DataFrame, kpi: Card) -> pd.DataFrame:
    hidden = pd.Series([too_few(n, kpi.unit) for n in frame["n"]], frame.index, dtype=bool)
    return frame.assign(value=frame["value"].mask(hidden))


def _painter(frame: pd.DataFrame, form: Form) -> charts.Painter:
    def painter(figure: Any) -> None:
        axes, places = figure.subplots(), np.arange(len(frame))
        axes.fill_between(places, frame["limit_low"], frame["limit_high"], color=charts.BAND, linewidth=0, step="mid",
                          label="limits")  # fmt: skip
        for name, line in frame.groupby("level"):
            axes.hlines(name, line.index[0] - 0.4, line.index[-1] + 0.4, colors=FAINT, linewidth=3, label="level")
        if frame["level"].isna().all():
            axes.plot(places, frame["centre"], color=FAINT, linewidth=0.9, label="centre")
        axes.plot(places, frame["value"].where(frame["used"]), color=ACCENT, linewidth=1.6, label="value")
        for mask, name, style in _points(frame):
            if mask.any():
                axes.scatter(places[mask], frame["value"][mask], zorder=3, label=name, **style)
        _labelled(axes, frame, form)
        _few_periods(axes, list(frame["period"]), form)
        charts.value_axis(axes.yaxis, form, most=5)
        axes.set_xlim(-0.5, max(len(frame) - 1, 1) * 1.12 + 0.5)
        axes.margins(y=0.12)
        axes.grid(visible=False)

    return painter


def _points(frame: pd.DataFrame) -> list[tuple[Any, str, dict[str, Any]]]:
    used, outside = frame["used"].to_numpy(bool), frame["outside"].to_numpy(bool)
    return [
        (outside, "outside", {"s": 34, "color": ACCENT, "marker": "D"}),
        (~used, "not used", {"s": 34, "facecolors": "white", "edgecolors": ACCENT}),
    ]


def _few_periods(axes: Any, periods: list[str], form: Form) -> None:
    """Names of a few periods, the last among them: a long series has room for no more."""
    every = max(-(-len(periods) // MOST_TICKS), 1)
    shown = list(range(len(periods) - 1, -1, -every))[::-1]
    axes.set_xticks(shown, dates.ticks(form.reader, [periods[place] for place in shown]))


def _labelled(axes: Any, frame: pd.DataFrame, form: Form) -> None:
    """The last value, written beside it."""
    known = frame["value"].dropna()
    if len(known):
        axes.annotate(
            form.value(known.iloc[-1]), (known.index[-1], known.iloc[-1]), (8, 0), textcoords="offset points",
            va="center", color=ACCENT, fontweight="bold", fontsize=11,
        )  # fmt: skip
