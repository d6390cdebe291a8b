"""What matters most to customers beside how well it is done: importance and performance."""

from __future__ import annotations

from typing import Any

import pandas as pd
from markupsafe import Markup

from carestudy.expected.weights import FEWEST
from carestudy.show import dates, gaps, labels
from carestudy.show.layers import beneath
from carestudy.show.numbers import Form, cases, number
from carestudy.show.output import Output
from carestudy.show.pictures import Told, drawn
from carestudy.show.tables import grid
from carestudy.show.voice.plane import HEIGHT, plane
from carestudy.show.words import Reader

SURE, LIKELY = 0.95, 0.8
DRAWN = {"value": "importance", "low": "low", "high": "high", "n": "n"}
SMALL = Markup("{}<small>{}</small>")


def importance(reader: Reader, frame: pd.DataFrame, period: str) -> Output:
    """The attributes of the service by their weight in satisfaction and by the share of the satisfied."""
    t = reader.t
    if frame.empty:
        box = gaps.nothing(reader, t("What customers expect"))
        why = t("It takes {n} surveys of the period that rate csat and every attribute.", n=FEWEST)
        return Output(box.html + Markup("<p><small>{}</small></p>").format(why), f"{box.text} {why}", looks=box.looks)
    names = [labels.group(reader, "question", attribute) for attribute in frame["attribute"]]
    urgent = frame["urgent"].idxmax()
    marked = (frame.index == urgent) & (frame["urgent"] >= LIKELY)
    points = pd.DataFrame({
        "x": frame["importance"], "x_low": frame["low"], "x_high": frame["high"], "y": frame["satisfied"],
        "y_low": frame["satisfied_low"], "y_high": frame["satisfied_high"], "name": names, "marked": marked,
    })  # fmt: skip
    share = Form(reader, "share")
    painter = plane(
        points,
        (share, share),
        (t("weight in overall satisfaction"), t("satisfied with it")),
        parted=(float(frame["importance"].mean()), float(frame["satisfied"].mean())),
        corners=(
            t("less important, satisfying"),
            t("important, satisfying"),
            t("less important, less satisfying"),
            t("important, less satisfying"),
        ),
    )
    picture = drawn(_told(reader, frame, names, period), painter, HEIGHT, _payload(frame, period))
    html, lines = _table(reader, frame, names)
    return Output(beneath(picture.html, html), f"{picture.text}\n{lines}", picture.figures, looks=("figure", "table"))


def _told(reader: Reader, frame: pd.DataFrame, names: list[str], period: str) -> Told:
    t, share = reader.t, Form(reader, "share")
    first, worst, urgent = (int(place) for place in (0, frame["satisfied"].argmin(), frame["urgent"].argmax()))
    row, poor = frame.iloc[first], frame.iloc[worst]
    fields = {"first": names[first], "weight": share.value(row["importance"]), "often": share.value(row["first"])}
    fields |= {"interval": share.interval(row["low"], row["high"]), "worst": names[worst]}
    fields |= {
        "value": share.value(poor["satisfied"]),
        "within": share.interval(poor["satisfied_low"], poor["satisfied_high"]),
    }
    sentences = [
        t(
            "“{first}” has the largest weight: {weight} of what the aspects explain (95% interval {interval}); it "
            "is first in {often} of the bootstrap samples.",
            **fields,
        ),
        t("“{worst}” satisfies least: {value} are satisfied (95% interval {within}).", **fields),
        _urgent(reader, names[urgent], float(frame["urgent"].iloc[urgent])),
        t("A weight shows an association with overall satisfaction, not a cause."),
    ]  # fmt: skip
    heading = t("What customers expect")
    title = t("{heading}: “{first}” matters most, “{worst}” satisfies least", heading=heading, **fields)
    subject = t(
        "Weight and satisfaction of each aspect, {period}, with 95% intervals; the lines are the averages ({cases})",
        period=dates.period(reader, period), cases=cases(reader, frame["n"].iloc[0]),
    )  # fmt: skip
    alt = t("Scatter chart: {what}; {n} attributes: {names}", what=subject, n=len(frame), names=", ".join(names))
    return Told(title, subject, alt, " ".join(sentences))


def _urgent(reader: Reader, name: str, often: float) -> str:
    t = reader.t
    fields = {"attribute": name, "often": Form(reader, "share").value(often)}
    if often >= SURE:
        return t(
            "“{attribute}” is more important and less satisfying than average, in {often} of the bootstrap samples.",
            **fields,
        )
    if often >= LIKELY:
        return t(
            "“{attribute}” is probably more important and less satisfying than average ({often} of the bootstrap "
            "samples); not certain.",
            **fields,
        )
    return t("No aspect is clearly both more important and less satisfying than average.")


def _table(reader: Reader, frame: pd.DataFrame, names: list[str]) -> tuple[Markup, str]:
    t, share = reader.t, Form(reader, "share")
    heads = [t("Attribute"), t("Weight"), t("First"), t("Satisfied"), t("More important, less satisfying")]
    cells, lines = [], ["\t".join(heads)]
    for name, row in zip(names, frame.to_dict("records"), strict=True):
        weight, within = share.value(row["importance"]), share.interval(row["low"], row["high"])
        happy, around = share.value(row["satisfied"]), share.interval(row["satisfied_low"], row["satisfied_high"])
        first, urgent = (share.value(row[key]) for key in ("first", "urgent"))
        cells.append([name, SMALL.format(weight, within), first, SMALL.format(happy, around), urgent])
        lines.append("\t".join([name, f"{weight} ({within})", first, f"{happy} ({around})", urgent]))
    note = t(
        "First, and more important but less satisfying: share of the bootstrap samples; n = {n} surveys.",
        n=number(reader, frame["n"].iloc[0]),
    )
    html = grid("", heads, cells, numeric={1, 2, 3, 4}) + Markup('<p class="muted">{}</p>').format(note)
    return html, "\n".join([*lines, note])


def _payload(frame: pd.DataFrame, period: str) -> list[dict[str, Any]]:
    return [
        {
            "kpi": "importance", "by": {"question": row["attribute"]}, "period": period, "unit": "share",
            **{name: float(f"{row[key]:.12g}") for name, key in DRAWN.items()},
        }
        for row in frame.to_dict("records")
    ]  # fmt: skip
