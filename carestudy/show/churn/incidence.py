"""Cumulative incidence, shown: a rising curve for each reason with its name beside it, and round ages in a table."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from markupsafe import Markup

from carestudy.churn.incidence import YEAR
from carestudy.measure.limits import FEWEST
from carestudy.show.charts import BAND, Painter, value_axis
from carestudy.show.churn.words import reason
from carestudy.show.labels import column
from carestudy.show.layers import beneath
from carestudy.show.looks import ACCENT, FAINT, INK, MUTED
from carestudy.show.numbers import MISSING, Form, is_missing, number
from carestudy.show.output import Output
from carestudy.show.pictures import Told, drawn
from carestudy.show.survival import shortened
from carestudy.show.tables import grid
from carestudy.show.words import Reader

MOST = 7  # curves that can be told apart
LANDMARKS = (1, 2, 3, 5)  # years
APART = 0.075  # of the height of the picture, between two names


def incidence(reader: Reader, frame: pd.DataFrame) -> Output:
    """The frame of ``churn.incidence``: curves, what they say, and the shares after whole years."""
    t, form = reader.t, Form(reader, "share")
    last = frame[frame["duration"] == frame["duration"].max()].sort_values("value", ascending=False, kind="stable")
    curves = {reason(reader, one): _curve(frame, one) for one in last["reason"]}
    years = [mark for mark in LANDMARKS if frame.loc[frame["duration"] == YEAR * mark, "at_risk"].ge(FEWEST).any()]
    subject = t("Share of all customers who have left for each reason, by time since joining (competing risks)")
    alt = t("Rising curves: {what}; {names}", what=subject, names=", ".join(curves))
    texts = Told(_title(form, frame, curves, years), subject, alt, _sentence(form, frame, curves, years))
    shown = dict(list(curves.items())[:MOST])
    picture = drawn(texts, _painter(shown, form), 3.1, ())
    table, text = _table(form, curves, years)
    return Output(beneath(picture.html, table), f"{picture.text}\n{text}", looks=("figure", "table"))


def _curve(frame: pd.DataFrame, name: object) -> pd.DataFrame:
    mine = frame["reason"].isna() if name is None or name != name else frame["reason"] == name
    return frame[mine].reset_index(drop=True)


def _at(curve: pd.DataFrame, years: int) -> Any:
    return curve[curve["duration"] == YEAR * years].iloc[0]


def _title(form: Form, frame: pd.DataFrame, curves: dict[str, pd.DataFrame], years: list[int]) -> str:
    t = form.reader.t
    if not years:
        return t("No customer has been observed for a year: when customers leave is not known yet")
    gone = frame.loc[frame["duration"] == YEAR * years[0], "value"].sum()
    first = max(curves, key=lambda name: float(_at(curves[name], years[0])["value"]))
    fields = {"share": form.value(gone), "years": _years(form.reader, years[0]), "reason": first}
    return t("Within {years}, {share} have left, most often for: {reason}", **fields)


def _sentence(form: Form, frame: pd.DataFrame, curves: dict[str, pd.DataFrame], years: list[int]) -> str:
    t = form.reader.t
    if not years:
        return t("Customers who have not left count for the time observed so far.")
    parts = []
    for mark in years:
        name = max(curves, key=lambda one, mark=mark: float(_at(curves[one], mark)["value"]))  # type: ignore[misc]
        row = _at(curves[name], mark)
        gone = frame.loc[frame["duration"] == YEAR * mark, "value"].sum()
        fields = {"years": _years(form.reader, mark), "share": form.value(gone), "value": form.value(row["value"])}
        interval = form.interval(row["low"], row["high"])
        parts.append(t("Within {years}: {share} have left, {value} for {reason} (95% interval {interval}).",
                       reason=name, interval=interval, **fields))  # fmt: skip
    note = t(
        "Shares of all reasons and of those still here add up to 100%; customers still here count for the "
        "time observed."
    )
    return " ".join([*parts, note])


def _years(reader: Reader, count: int) -> str:
    return reader.t("{n} year", n=count) if count == 1 else reader.t("{n} years", n=count)


def _painter(curves: dict[str, pd.DataFrame], form: Form) -> Painter:
    def painter(figure: Any) -> None:
        axes = figure.subplots()
        colours = [ACCENT, INK, MUTED, *[FAINT] * MOST]
        longest = max(float(value["duration"].max()) for value in curves.values())
        highest = max(float(value["high"].max()) for value in curves.values()) or 1.0
        first = next(iter(curves.values()))
        axes.fill_between(first["duration"], first["low"], first["high"], color=BAND, linewidth=0, label="interval")
        for index, (name, curve) in enumerate(curves.items()):
            style = {"color": colours[index], "linewidth": 2 if index == 0 else 1.5}
            axes.plot(curve["duration"], curve["value"], label=name, **style)
        ends = _spread([float(curve["value"].iloc[-1]) for curve in curves.values()], APART * highest)
        for index, (name, height) in enumerate(zip(curves, ends, strict=True)):
            style = {"color": colours[min(index, 2)], "fontweight": "normal" if index else "bold"}
            axes.text(longest * 1.02, height, shortened(name, 26), va="center", fontsize=9.5, **style)
        axes.set_xlim(0, longest * 1.5)
        axes.set_ylim(0, max(highest, *ends) * 1.05)
        marks = np.arange(0, longest / YEAR + 1e-9, 0.5 if longest <= 2 * YEAR else 1)
        axes.set_xticks(marks * YEAR, [_age(form.reader, mark) for mark in marks])
        axes.grid(visible=False, axis="x")
        value_axis(axes.yaxis, form)

    return painter


def _age(reader: Reader, years: float) -> str:
    if years == 0:
        return "0"
    if years == int(years):
        return _years(reader, int(years))
    return reader.t("{n} months", n=number(reader, 12 * years))


def _spread(heights: list[float], apart: float) -> list[float]:
    """Heights moved up where they would stand closer than so much, from the lowest on."""
    placed = dict.fromkeys(range(len(heights)), 0.0)
    below = -np.inf
    for place in sorted(placed, key=lambda one: heights[one]):
        placed[place] = below = max(heights[place], below + apart)
    return [placed[place] for place in range(len(heights))]


def _table(form: Form, curves: dict[str, pd.DataFrame], years: list[int]) -> tuple[Markup, str]:
    if not years:
        return Markup(), ""
    reader = form.reader
    heads = [column(reader, "reason"), *(reader.t("Within {years}", years=_years(reader, mark)) for mark in years)]
    lines = []
    for name, curve in curves.items():
        rows = [_at(curve, mark) for mark in years]
        lines.append([name, *(f"{form.value(row['value'])} ({form.interval(row['low'], row['high'])})"
                              if not is_missing(row["value"]) else MISSING for row in rows)])  # fmt: skip
    risk = [number(reader, _at(next(iter(curves.values())), mark)["at_risk"]) for mark in years]
    lines.append([reader.t("still observed"), *risk])
    html = grid("", heads, lines, numeric=set(range(1, len(heads))))
    return html, "\n".join("\t".join(line) for line in (heads, *lines))
