"""A forecast made at an earlier day against what came: two lines, and where the forecast begins."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from carestudy.show import dates
from carestudy.show.charts import Painter, value_axis
from carestudy.show.looks import ACCENT, FAINT, MUTED
from carestudy.show.numbers import Form
from carestudy.show.output import Output
from carestudy.show.pictures import Told, drawn
from carestudy.show.value import words
from carestudy.show.words import Reader
from carestudy.value import HoldOut, LifetimeValue

HEIGHT, TICKS = 2.8, 4


def tracking(reader: Reader, lifetime: LifetimeValue) -> Output:
    """What came of the forecast that was made with less data: the verdict is the title."""
    if not lifetime.method:
        return words.no_forecast(reader, lifetime)
    if lifetime.check is None:
        title = reader.t("The forecast cannot be tested on past data")
        return words.box(title, words.why_not(reader, lifetime))
    t, check = reader.t, lifetime.check
    what = {
        "purchases": t("repeat purchases, cumulative: actual and expected"),
        "losses": t("customers who left, cumulative: actual and expected"),
    }[check.events]
    sentence = words.checked(reader, check)
    if lifetime.trusted == "cannot tell":
        sentence += " " + t("A forecast holds if both come within a quarter of what was expected, intervals included.")
    texts = Told(words.verdict(reader, lifetime), what, t("Line chart: {what}", what=what), sentence)
    return drawn(texts, _painter(reader, check), HEIGHT, ())


def _painter(reader: Reader, check: HoldOut) -> Painter:
    def painter(figure: Any) -> None:
        axes, frame = figure.subplots(), check.tracking
        days = _days(frame["day"])
        actual, expected = (frame[name].to_numpy(float) for name in ("actual", "expected"))
        axes.plot(days, actual, color=ACCENT, linewidth=2, label="actual")
        axes.plot(days, expected, color=MUTED, linewidth=1.6, dashes=(4, 3), label="expected")
        since = _days([check.since])[0]
        if (~frame["held_out"]).any():
            axes.axvline(since, color=FAINT, linewidth=1, label="held out")
            note = reader.t("forecast from here")
            axes.annotate(note, (since, 1), (-5, -2), xycoords=("data", "axes fraction"), textcoords="offset points",
                          ha="right", va="top", color=MUTED, fontsize=9.5)  # fmt: skip
        _ends(axes, reader, days[-1], (actual[-1], expected[-1]))
        value_axis(axes.yaxis, Form(reader, "count"), most=5)
        places = np.linspace(0, len(days) - 1, TICKS).round().astype(int)
        axes.set_xticks(days[places], [_month(reader, frame["day"].iloc[place]) for place in places])
        axes.set_ylim(0, max(actual.max(), expected.max()) * 1.08)
        axes.set_xlim(days[0], days[0] + (days[-1] - days[0]) * 1.24)
        axes.grid(visible=False, axis="x")

    return painter


def _ends(axes: Any, reader: Reader, day: float, ends: tuple[float, float]) -> None:
    """The names of both lines at their ends, the higher one above."""
    t, form = reader.t, Form(reader, "count")
    names = (t("actual {value}", value=form.value(ends[0])), t("expected {value}", value=form.value(ends[1])))
    above = ends[0] >= ends[1]
    for name, end, colour, up in zip(names, ends, (ACCENT, MUTED), (above, not above), strict=True):
        axes.annotate(name, (day, end), (6, 6 if up else -6), textcoords="offset points", ha="left", va="center",
                      color=colour, fontsize=10, fontweight="bold" if colour == ACCENT else "normal")  # fmt: skip


def _days(days: Any) -> Any:
    return (pd.to_datetime(pd.Series(list(days))) - pd.Timestamp("1970-01-01")).dt.days.to_numpy(float)


def _month(reader: Reader, day: Any) -> str:
    """The month of a day, its year below it."""
    return dates.ticks(reader, [f"{day:%Y-%m}"])[0]
