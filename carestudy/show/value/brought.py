"""What customers have brought in their first months, as dots on their intervals, and the numbers below."""

from __future__ import annotations

from typing import Any

import pandas as pd
from markupsafe import Markup

from carestudy.show import gaps
from carestudy.show.charts import BAND, Painter, value_axis
from carestudy.show.layers import beneath
from carestudy.show.looks import ACCENT, MUTED
from carestudy.show.numbers import Form, cases, is_missing, number
from carestudy.show.output import Output
from carestudy.show.pictures import Told, drawn
from carestudy.show.tables import grid
from carestudy.show.words import Reader

HEIGHT, A_YEAR = 2.4, 12
PROSE = Markup('<figure class="care-figure"><figcaption><strong>{}</strong></figcaption><p>{}</p></figure>')


def brought(reader: Reader, frame: pd.DataFrame) -> Output:
    """A frame of ``carestudy.value_to_date``: the mean amount per customer after each number of months."""
    t, known = reader.t, frame.dropna(subset=["value"])
    if known.empty:
        return gaps.nothing(reader, t("What customers have brought"), _left_out(reader, frame))
    form = Form(reader, "money", float(known["high"].fillna(known["value"]).max()))
    months = [int(month) for month in known["months"]]
    row = known.iloc[months.index(A_YEAR) if A_YEAR in months else 0]
    fields = {"value": form.value(row["value"]), "n": int(row["months"])}
    title = t("A customer brings {value} in the first {n} months", **fields)
    subject = t("mean revenue per customer by months since the first day, with 95% intervals")
    sentence = " ".join(
        filter(
            None,
            [t("Without returned purchases; customers who bought nothing count as zero."), _left_out(reader, frame)],
        )
    )
    alt = t("Dots: {what}", what=subject)
    html, text = _table(form, known)
    if len(known) == 1:  # one dot is no picture
        words = PROSE.format(title, f"{subject[:1].upper()}{subject[1:]}. {sentence}")
        return Output(words + html, "\n".join([title, subject, sentence, text]), looks=("figure", "table"))
    shown = drawn(Told(title, subject, alt, sentence), _painter(form, known), HEIGHT, ())
    return Output(beneath(shown.html, html), f"{shown.text}\n{text}", looks=("figure", "table"))


def _left_out(reader: Reader, frame: pd.DataFrame) -> str:
    n = int(frame["left_out"].max())
    if not n:
        return ""
    return reader.t(
        "Not included: {n} customers who were customers before the sales data begin, or may have been, as their "
        "first months are not all in the data.",
        n=number(reader, n),
    )


def _table(form: Form, frame: pd.DataFrame) -> tuple[Any, str]:
    t, reader = form.reader.t, form.reader
    heads = [t("First months"), t("Per customer"), t("95% interval"), "n"]
    lines = [
        [
            number(reader, row["months"]), form.value(row["value"]),
            form.interval(row["low"], row["high"]), number(reader, row["customers"]),
        ]
        for row in frame.to_dict("records")
    ]  # fmt: skip
    text = "\n".join("\t".join(line) for line in (heads, *lines))
    return grid("", heads, lines, numeric={1, 2, 3}), text


def _painter(form: Form, frame: pd.DataFrame) -> Painter:
    def painter(figure: Any) -> None:
        axes = figure.subplots()
        places = range(len(frame))
        values, low, high = (frame[name].to_numpy(float) for name in ("value", "low", "high"))
        axes.vlines(places, low, high, color=BAND, linewidth=9, label="interval")
        axes.scatter(places, values, s=46, color=ACCENT, zorder=3, label="value")
        for index, row in enumerate(frame.to_dict("records")):
            top = row["value"] if is_missing(row["high"]) else row["high"]
            style = {"textcoords": "offset points", "ha": "center", "va": "bottom"}
            axes.annotate(form.value(row["value"]), (index, top), (0, 15), color=ACCENT, fontweight="bold", **style)
            axes.annotate(cases(form.reader, row["customers"]), (index, top), (0, 4), color=MUTED, fontsize=9, **style)
        axes.set_xticks(list(places), [form.reader.t("{n} months", n=int(month)) for month in frame["months"]])
        axes.set_xlim(-0.6, len(frame) - 0.4)
        axes.set_ylim(0, float(frame["high"].fillna(frame["value"]).max()) * 1.3)
        value_axis(axes.yaxis, form, most=5)
        axes.grid(visible=False, axis="x")

    return painter
