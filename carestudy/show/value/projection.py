"""How many customers are still here after each month, and how the model goes on from there."""

from __future__ import annotations

from typing import Any

import numpy as np

from carestudy.show import dates
from carestudy.show.charts import Painter
from carestudy.show.looks import ACCENT, FAINT, MUTED
from carestudy.show.numbers import Form, number
from carestudy.show.output import Output
from carestudy.show.pictures import Told, drawn
from carestudy.show.value import words
from carestudy.show.words import Reader
from carestudy.value import LifetimeValue

HEIGHT = 2.8


def projection(reader: Reader, lifetime: LifetimeValue) -> Output:
    """The share still here: counted, by the model of today, and by the model of the earlier day it was tried on."""
    t = reader.t
    if not lifetime.method:
        return words.no_forecast(reader, lifetime)
    if not lifetime.contracts:
        title = t("How long customers stay is not projected")
        return words.box(title, t("The data have no contracts, so the time of leaving is not known."))
    form, curve = Form(reader, "share"), lifetime.curve
    last = curve.iloc[-1]
    fields = {"share": form.value(last["projected"]), "n": int(last["months"])}
    title = t("Of new customers, {share} are still here after {n} months by the model", **fields)
    subject = t("share of customers still here by months since joining: observed and projected")
    known = curve.dropna(subset=["at_risk"])
    parts = []
    if len(known):
        row = known.iloc[-1]
        fields = {
            "n": int(row["months"]),
            "share": form.value(row["observed"]),
            "cases": number(reader, row["at_risk"]),
        }
        parts.append(t("Observed up to {n} months: {share} ({cases} customers observed that long).", **fields))
    if lifetime.check:
        day = dates.day(reader, lifetime.check.since)
        parts.append(t("The grey line is the model's forecast with the data of {day}.", day=day))
    texts = Told(title, subject, t("Line chart: {what}", what=subject), " ".join(parts))
    return drawn(texts, _painter(reader, lifetime), HEIGHT, ())


def _painter(reader: Reader, lifetime: LifetimeValue) -> Painter:
    def painter(figure: Any) -> None:
        axes, curve, form = figure.subplots(), lifetime.curve, Form(reader, "share")
        months = curve["months"].to_numpy(float)
        if lifetime.check:
            before = lifetime.check.models[0].survival(int(months[-1]))
            axes.plot(months, before, color=FAINT, linewidth=1.6, label="earlier")
        axes.plot(months, curve["projected"], color=MUTED, linewidth=1.6, dashes=(4, 3), label="projected")
        counted = curve["observed"].notna()
        axes.step(months[counted], curve["observed"][counted], where="post", color=ACCENT, linewidth=2, label="counted")
        end = float(curve["projected"].iloc[-1])
        axes.annotate(form.value(end), (months[-1], end), (4, 0), textcoords="offset points", va="center",
                      color=MUTED, fontsize=10)  # fmt: skip
        place = int(np.flatnonzero(counted)[-1])
        axes.annotate(reader.t("counted"), (months[place], float(curve["observed"].iloc[place])), (0, -10),
                      textcoords="offset points", ha="right", va="top", color=ACCENT, fontsize=10)  # fmt: skip
        axes.set_ylim(0, 1.02)
        axes.set_yticks([0, 0.25, 0.5, 0.75, 1], [form.tick(one) for one in (0, 0.25, 0.5, 0.75, 1)])
        axes.set_xlim(0, months[-1] * 1.1)
        step = 6 if months[-1] <= 36 else 12
        axes.set_xticks(np.arange(0, months[-1] + 1, step))
        axes.set_xlabel(reader.t("months"))
        axes.grid(visible=False, axis="x")

    return painter
