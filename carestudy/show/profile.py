"""Classes of a profile in one table: how many customers, what they bring, how many stay, and how they answer."""

from __future__ import annotations

from typing import Any

import pandas as pd
from markupsafe import Markup

from carestudy.show import dates, labels
from carestudy.show.change import FEW
from carestudy.show.numbers import MISSING, Form, is_missing, number
from carestudy.show.output import Output
from carestudy.show.tables import grid
from carestudy.show.words import Reader

SMALL = Markup("{}<small>{}</small>")
NOTE = Markup('<p class="muted">{}</p>')


def profile(reader: Reader, frame: pd.DataFrame) -> Output:
    """The classes with their figures and intervals; a figure of fewer than ten cases is not shown."""
    t = reader.t
    by = [str(name) for name in frame.columns[: list(frame.columns).index("period")]]
    order = sorted(frame.index, key=lambda row: (frame["merged"][row] > 0, *_places(by, frame.loc[row])))
    rows = [frame.loc[row] for row in order]
    known = [name for name in ("revenue_share", "retention", "nps") if frame[name].notna().any()]
    words = {"revenue_share": t("Share of revenue"), "retention": t("Stayed"), "nps": t("NPS")}
    groups = ", ".join(labels.lowered(_heading(reader, name)) for name in by)
    title = t("Customers by {groups}, {period}", groups=groups, period=dates.period(reader, frame["period"].iloc[0]))
    heads = [*(_heading(reader, name) for name in by), t("Customers"), *(words[name] for name in known)]
    cells, lines = [], [title, "\t".join(heads)]
    for row in rows:
        figures = [_sized(reader, row), *(_figure(reader, name, row) for name in known)]
        named = _names(reader, by, row)
        cells.append([*named, *(SMALL.format(*figure) if figure[1] else figure[0] for figure in figures)])
        lines.append("\t".join([*named, *(" ".join(filter(None, figure)) for figure in figures)]))
    note = t(
        "Below customers: their share; below other figures: the 95% interval. Figures of fewer than {n} "
        "cases are not shown.",
        n=FEW,
    )
    html = grid(title, heads, cells, numeric=set(range(len(by), len(heads)))) + NOTE.format(note)
    return Output(html, "\n".join([*lines, note]), looks=("table",))


def _places(by: list[str], row: Any) -> list[tuple[int, int, str]]:
    return [labels.order(name, row[name]) for name in by]


def _heading(reader: Reader, name: str) -> str:
    words = {"age_band": reader.t("Age"), "tenure_band": reader.t("Years as a customer")}
    return words.get(name) or labels.column(reader, name)


def _names(reader: Reader, by: list[str], row: Any) -> list[str]:
    if row["merged"]:
        return [reader.t("{n} small classes together", n=row["merged"]), *([""] * (len(by) - 1))]
    return [labels.group(reader, name, row[name]) for name in by]


def _sized(reader: Reader, row: Any) -> tuple[str, str]:
    return number(reader, row["customers"]), Form(reader, "share").value(row["share"])


def _figure(reader: Reader, name: str, row: Any) -> tuple[str, str]:
    if name == "revenue_share":
        return Form(reader, "share").value(row[name]), ""
    form, cases = {"retention": (Form(reader, "share"), "at_start"), "nps": (Form(reader, "points"), "answers")}[name]
    if is_missing(row[name]) or row[cases] < FEW:
        return MISSING, ""
    return form.value(row[name]), form.interval(row[f"{name}_low"], row[f"{name}_high"])
