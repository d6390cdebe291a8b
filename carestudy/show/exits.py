"""Exit interviews in a sentence, and the list of whom to call in the words of those who call."""

from __future__ import annotations

from typing import Any

import pandas as pd
from markupsafe import Markup

from carestudy.show import dates, labels
from carestudy.show.numbers import Form, cases, is_missing, number
from carestudy.show.output import Output
from carestudy.show.words import Reader, t

BOX = Markup('<p class="care-title">{title}</p><p>{sentence}</p><p><small>{rule}</small></p>')


REASONS = {
    "recent": t("left in the last 30 days"),
    "valuable": t("among the fifth who bought most"),
    "unhappy": t("unhappy in the last answer"),
    "not contacted": t("no contact since leaving"),
}


def interviews(reader: Reader, frame: pd.DataFrame) -> Output:
    """How many lost customers somebody has talked to, whether they are enough, and what would tell if nobody knows."""
    row, t = frame.iloc[0], reader.t
    fields = {name: number(reader, row[name]) for name in ("lost", "lost_reached", "reached", "interviews", "wanted")}
    period = dates.period(reader, row["period"])
    title = {
        "yes": t("Exit interviews: {reached} lost customers reached, target {wanted}: met", **fields),
        "no": t("Exit interviews: {reached} lost customers reached, target {wanted}: not met", **fields),
    }.get(row["enough"], t("Exit interviews: not known whether the target of {wanted} was met", **fields))
    words = [
        t("{period}: staff talked with {reached} customers after they had left.", period=period, **fields),
        t("{interviews} of these talks were recorded as exit interviews.", **fields) if row["reached"] else "",
        _of_the_lost(reader, row),
        _unclear(reader, row),
    ]
    rule = t(
        "Only answered contacts after leaving count, with an agent's name, by phone, in person or by chat; not "
        "chatbots or mass messages."
    )
    sentence = " ".join(filter(None, words))
    html = BOX.format(title=title, sentence=sentence, rule=rule)
    return Output(html, "\n".join([title, sentence, rule]), looks=("table",))


def call_list(reader: Reader, frame: pd.DataFrame) -> pd.DataFrame:
    """The frame of ``exits.to_call`` with its reasons in the reader's language: for a file, and never for a page."""
    return frame.assign(reasons=[reasons(reader, text) for text in frame["reasons"]])


def reasons(reader: Reader, text: str) -> str:
    """The reasons to call a customer, in the reader's words."""
    return ", ".join(reader.t(REASONS[one]) for one in text.split(", ") if one)


def _of_the_lost(reader: Reader, row: Any) -> str:
    if is_missing(row["value"]):
        return ""
    form = Form(reader, "share")
    return reader.t(
        "Of the {lost} customers who left in this time, {reached} were reached: {value} (95% interval {interval}; "
        "{cases}).",
        lost=number(reader, row["lost"]),
        reached=number(reader, row["lost_reached"]),
        value=form.value(row["value"]),
        interval=form.interval(row["low"], row["high"]),
        cases=cases(reader, row["lost"]),
    )


def _unclear(reader: Reader, row: Any) -> str:
    if row["missing"] and row["undecided"]:
        return reader.t(
            "For {n} more it is not known, as {missing} is missing or unclear.",
            n=number(reader, row["undecided"]),
            missing=labels.clean(row["missing"]),
        )
    if row["missing"]:
        return reader.t("Missing: {missing}.", missing=labels.clean(row["missing"]))
    more = row["wanted"] - row["reached"]
    return reader.t("{n} more are needed.", n=number(reader, more)) if row["enough"] == "no" else ""
