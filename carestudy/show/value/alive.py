"""How many of those who bought again still buy: customers by the chance that a model gives them."""

from __future__ import annotations

from typing import Any

from carestudy.show.charts import Painter, value_axis
from carestudy.show.looks import ACCENT
from carestudy.show.numbers import Form, number
from carestudy.show.output import Output
from carestudy.show.pictures import Told, drawn
from carestudy.show.value import words
from carestudy.show.words import Reader
from carestudy.value import LifetimeValue

HEIGHT = 2.4


def alive(reader: Reader, lifetime: LifetimeValue) -> Output:
    """A bar for each tenth of the chance of still buying; who bought once stands apart where nobody can tell."""
    t = reader.t
    if not lifetime.method:
        return words.no_forecast(reader, lifetime)
    if lifetime.contracts:
        title = t("Who is still a customer is known from the contracts")
        return words.box(title, t("No chance has to be worked out for it."))
    frame, share = lifetime.alive, Form(reader, "share")
    n, still = int(frame["customers"].sum()), float(frame["alive"].sum())
    if not n:
        return words.box(t("Nobody has bought again"), t("There are no customers to estimate."))
    fields = {"share": share.value(still / n), "n": number(reader, n)}
    title = t("By the model, {share} of the {n} repeat customers are still active", **fields)
    subject = t("customers who bought again, by their chance of still buying")
    doubtful = int(frame.loc[frame["high"] <= 0.5 + 1e-9, "customers"].sum())
    sentences = [
        t(
            "{n} of them have probably left: these are the ones to try to win back.",
            n=number(reader, doubtful),
        )
    ]
    if lifetime.once:
        sentences.append(
            t("Not shown: {n} customers with one purchase, whom the model always treats as active.",
              n=number(reader, lifetime.once))
        )  # fmt: skip
    texts = Told(title, subject, t("Bar chart: {what}", what=subject), " ".join(sentences))
    return drawn(texts, _painter(reader, lifetime), HEIGHT, ())


def _painter(reader: Reader, lifetime: LifetimeValue) -> Painter:
    def painter(figure: Any) -> None:
        axes, frame, form = figure.subplots(), lifetime.alive, Form(reader, "share")
        counts = frame["customers"].to_numpy(float)
        axes.bar(frame["low"] + 0.05, counts, width=0.09, color=ACCENT, label="customers")
        for low, count in zip(frame["low"], counts, strict=True):
            if count:
                axes.annotate(number(reader, count), (low + 0.05, count), (0, 3), textcoords="offset points",
                              ha="center", va="bottom", fontsize=9.5)  # fmt: skip
        axes.set_xlim(0, 1)
        axes.set_xticks([0, 0.2, 0.4, 0.6, 0.8, 1], [form.tick(one) for one in (0, 0.2, 0.4, 0.6, 0.8, 1)])
        axes.set_ylim(0, max(counts) * 1.15)
        value_axis(axes.yaxis, Form(reader, "count"), most=4)
        axes.grid(visible=False, axis="x")
        axes.set_xlabel(reader.t("chance of still buying"))

    return painter
