"""Reasons for leaving, shown: a bar each with its interval and its change, and what could not be prevented."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from markupsafe import Markup

from carestudy.churn.given import INVOLUNTARY, UNKNOWN, UNTOLD, VOLUNTARY
from carestudy.churn.reasons import STATED
from carestudy.churn.shifts import CANNOT_TELL, LESS, MORE
from carestudy.show import dates, labels, refusals
from carestudy.show.charts import Painter, value_axis, wrapped
from carestudy.show.churn.words import reason
from carestudy.show.gaps import BOX
from carestudy.show.layers import beneath
from carestudy.show.looks import ACCENT, FAINT, INK, MUTED
from carestudy.show.numbers import MISSING, Form, is_missing, number
from carestudy.show.output import Output, figures
from carestudy.show.pictures import Told, drawn
from carestudy.show.tables import grid
from carestudy.show.words import Reader

SETTING = '[churn]\ninvoluntary = ["…", "…"]'


def reasons(reader: Reader, frame: pd.DataFrame) -> Output:
    """The frame of ``churn.reasons``: bars, what they say, and a table with the change of each."""
    names = [reason(reader, text, what) for text, what in zip(frame["reason"], frame["what"], strict=True)]
    form, t = Form(reader, "share"), reader.t
    period = dates.period(reader, str(frame["period"].iloc[0]))
    subject = t("Share of the customers who left, {period}, with simultaneous 95% intervals", period=period)
    if frame["numerator"].sum() > frame["n"].iloc[0]:
        subject = t("Share of the customers who left, {period}; a customer may give several reasons", period=period)
    if listed := _listed(reader, frame):
        subject = t("Share of all customers who had left, whenever that was")
    subject += ". " + t("Grey: outside the company's control, all others together, or not known")
    alt = t("Bar chart: {what}; {names}", what=subject, names=", ".join(names))
    said = " ".join(filter(None, [sentence(form, frame, names), listed]))
    texts = Told(_title(form, frame, names), subject, alt, said)
    payload = figures(frame.assign(kpi="leaving_reasons")[["reason", "period", "kpi", *_MEASURED]])
    picture = drawn(texts, _painter(frame, names, form), 0.5 + 0.46 * len(frame), payload)
    if listed:
        return picture
    table, text = _table(form, frame, names)
    return Output(beneath(picture.html, table), f"{picture.text}\n{text}", payload, looks=("figure", "table"))


_MEASURED = ("value", "low", "high", "n", "numerator", "denominator")


def sentence(form: Form, frame: pd.DataFrame, names: list[str]) -> str:
    """What the reasons say: how many left, what they say most, what changed, and what nobody knows."""
    t, reader = form.reader.t, form.reader
    n, listed = number(reader, frame["n"].iloc[0]), bool(_listed(reader, frame))
    sentences = [t("{n} customers left in this time, including those who joined in it.", n=n)]
    if listed:
        sentences = [t("{n} customers had left.", n=n)]
    first = frame.index[frame["what"] == STATED]
    if len(first):
        row = frame.loc[first[0]]
        fields = {"reason": names[int(first[0])], "value": form.value(row["value"])}
        sentences.append(t("The most frequent reason: {reason}, {value} (simultaneous 95% interval {interval}).",
                       interval=form.interval(row["low"], row["high"]), **fields))  # fmt: skip
        if len(first) > 1 and frame.loc[first[1], "high"] >= row["low"]:
            sentences.append(t("The intervals of the first two overlap, so their order is not certain."))
    silent = frame[frame["what"] == UNKNOWN]
    if len(silent):
        sentences.append(t("For {share} the reason is not known.", share=form.value(silent["value"].iloc[0])))
    return " ".join([*sentences, *([] if listed else [_changed(form, frame, names)])])


def _listed(reader: Reader, frame: pd.DataFrame) -> str:
    """What the data do not tell of a list of who had left; nothing where they say when each customer left."""
    return refusals.sentence(reader, frame["note"].iloc[0]) if "note" in frame else ""


def kinds(reader: Reader, frame: pd.DataFrame, involuntary: Sequence[str]) -> Output:
    """The frame of ``churn.kinds``: the share that could not be prevented, or how to have them told apart."""
    t, form = reader.t, Form(reader, "share")
    if UNTOLD in set(frame["kind"]):
        title = t("Reasons that the company can influence are not separated from others")
        why = t(
            "Moving away, death and unpaid bills are outside the company's control. State such reasons in care.toml:"
        )
        mend = Markup("<p><code>{}</code></p>").format(SETTING)
        html = BOX.format(title=title, reason=why, mend=mend)
        return Output(html, f"{title}. {why} {' '.join(SETTING.split())}", looks=("gap",))
    value = form.value(float(frame.loc[frame["kind"] == VOLUNTARY, "value"].iloc[0]))
    title = t("{value} of those who left did so for reasons that the company can influence", value=value)
    words = {
        VOLUNTARY: t("Reasons the company can influence"),
        INVOLUNTARY: t("Outside the company's control"),
        UNKNOWN: t("(reason not known)"),
    }
    heads = [t("Kind of reason"), labels.column(reader, "share"), t("95% interval"), t("Left")]
    lines = [
        [words[one["kind"]], form.value(one["value"]), form.interval(one["low"], one["high"]),
         number(reader, one["numerator"])] for one in frame.to_dict("records")
    ]  # fmt: skip
    named = ", ".join(map(labels.clean, involuntary))
    note = t("Outside the company's control, as care.toml states: {reasons}.", reasons=named)
    html = grid(title, heads, lines, numeric={1, 2, 3}) + Markup('<p class="muted">{}</p>').format(note)
    text = "\n".join([title, *("\t".join(line) for line in (heads, *lines)), note])
    return Output(html, text, figures(frame.assign(kpi="leaving_kinds")), looks=("table",))


def verdict(reader: Reader, said: str) -> str:
    """The verdict on the change of a reason in the reader's words."""
    t = reader.t
    return {MORE: t("more often"), LESS: t("less often"), CANNOT_TELL: t("no clear change")}[said]


def _title(form: Form, frame: pd.DataFrame, names: list[str]) -> str:
    t = form.reader.t
    first = frame.index[frame["what"] == STATED]
    if not len(first):
        return t("The reasons for leaving are not recorded")
    rows = frame.loc[first]
    risen = [f"{names[int(place)]}" for place in rows.index[rows["verdict"] == MORE]]
    head = f"{names[int(first[0])]}: {form.value(rows['value'].iloc[0])}"
    title = t("Reasons for leaving. Most frequent: {head}", head=head)
    return f"{title}; {t('given more often: {reasons}', reasons=', '.join(risen))}" if risen else title


def _changed(form: Form, frame: pd.DataFrame, names: list[str]) -> str:
    t = form.reader.t
    compared = frame["p"].notna().sum()
    if not frame["before_n"].iloc[0] or not compared:
        return t("Too few customers left in the period before to compare the reasons.")
    moved = frame[frame["verdict"] != CANNOT_TELL]
    if moved.empty:
        return t("No reason changed clearly against the period before.")
    told = [
        " ".join(
            filter(None, (names[int(str(place))], _change(form, row), f"({verdict(form.reader, row['verdict'])})"))
        )
        for place, row in moved.iterrows()
    ]
    return t("Clear changes against the period before: {reasons}.", reasons="; ".join(told))


def _change(form: Form, row: Any) -> str:
    """The change; nothing where the time before is not told."""
    return "" if is_missing(row["change"]) else form.change(row["change"])


def _painter(frame: pd.DataFrame, names: list[str], form: Form) -> Painter:
    def painter(figure: Any) -> None:
        axes = figure.subplots()
        rows = np.arange(len(frame))
        named = (frame["what"] == STATED) & (frame["kind"] != INVOLUNTARY)
        axes.barh(rows, frame["value"], height=0.62, color=[ACCENT if one else FAINT for one in named], label="value")
        axes.hlines(rows, frame["low"], frame["high"], colors=INK, linewidth=1.4, label="interval")
        axes.set_yticks(rows, [wrapped(name, 22) for name in names])
        axes.set_ylim(len(frame) - 0.45, -0.55)
        axes.set_xlim(0, None)
        axes.tick_params(axis="y", labelcolor=INK, labelsize=10.5)
        axes.grid(visible=False, axis="y")
        value_axis(axes.xaxis, form)
        beside = {"transform": axes.get_yaxis_transform(), "va": "center"}
        for row, (value, change) in enumerate(zip(frame["value"], frame["change"], strict=True)):
            above = 0 if is_missing(change) else 0.16
            axes.text(1.03, row - above, form.value(value), fontweight="bold", **beside)
            if not is_missing(change):
                axes.text(1.03, row + 0.24, form.change(change), color=MUTED, fontsize=9, **beside)

    return painter


def _table(form: Form, frame: pd.DataFrame, names: list[str]) -> tuple[Markup, str]:
    t, reader = form.reader.t, form.reader
    heads = [
        labels.column(reader, "reason"),
        t("Left"),
        t("Simultaneous 95% interval"),
        t("Before"),
        t("Change"),
        t("Verdict"),
    ]
    lines = []
    for name, row in zip(names, frame.to_dict("records"), strict=True):
        change = MISSING if is_missing(row["change"]) else form.changes(row["change_low"], row["change_high"])
        cells = [number(reader, row["numerator"]), form.interval(row["low"], row["high"]), form.value(row["before"])]
        lines.append([name, *cells, change, verdict(reader, row["verdict"])])
    return grid("", heads, lines, numeric={1, 2, 3, 4}), "\n".join("\t".join(line) for line in (heads, *lines))
