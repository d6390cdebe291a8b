"""How revenue is spread over customers: the curve from the best customer on, and what the best fifth brings."""

from __future__ import annotations

from typing import Any

import pandas as pd

from carestudy.show.charts import Painter
from carestudy.show.looks import ACCENT, FAINT, MUTED
from carestudy.show.numbers import Form, cases, number
from carestudy.show.output import Output
from carestudy.show.pictures import Told, drawn
from carestudy.show.words import Reader

HEIGHT = 3.0


def spread(reader: Reader, best: pd.DataFrame, curve: pd.DataFrame) -> Output:
    """The share of revenue against the share of customers, the best first, with the finding in the title."""
    row, t, share = best.iloc[0], reader.t, Form(reader, "share")
    part = row["best"] / row["customers"]
    fields = {"part": share.tick(round(part, 3)), "value": share.value(row["value"])}
    title = t("The top {part} of the customers bring {value} of the revenue", **fields)
    subject = t("Share of revenue by share of customers, largest first; the straight line would be equal shares")
    alt = t("Line chart: {what}; {title}", what=subject, title=title)
    texts = Told(title, subject, alt, _sentence(reader, row))
    record = {
        "kpi": "pareto", "by": {}, "period": row["period"], "value": float(f"{row['value']:.12g}"), "low": None,
        "high": None, "numerator": float(row["best"]), "denominator": float(row["customers"]),
        "n": float(row["customers"]), "unit": "share",
    }  # fmt: skip
    return drawn(texts, _painter(reader, row, curve), HEIGHT, (record,))


def _sentence(reader: Reader, row: Any) -> str:
    t, money = reader.t, Form(reader, "money")
    fields = {"best": number(reader, row["best"]), "cases": cases(reader, row["customers"])}
    sentences = [
        t(
            "The {best} largest of all customers who bought ({cases}); revenue {revenue}.",
            revenue=money.value(row["revenue"]),
            **fields,
        )
    ]
    sentences.append(
        t(
            "Gini coefficient {gini}: 0 if all bring the same, near 1 if one brings everything.",
            gini=number(reader, row["gini"], 2),
        )
    )
    if row["without"]:
        sentences.append(
            t(
                "{n} customers brought no revenue, as goods were returned or free; they count as zero.",
                n=number(reader, row["without"]),
            )
        )
    sentences.append(t("This is a complete count, so there is no interval."))
    return " ".join(sentences)


def _painter(reader: Reader, row: Any, curve: pd.DataFrame) -> Painter:
    def painter(figure: Any) -> None:
        from matplotlib.ticker import FixedLocator, FuncFormatter

        axes, form = figure.subplots(), Form(reader, "share")
        x, y = 1 - curve["customers_share"][::-1], 1 - curve["revenue_share"][::-1]
        part = row["best"] / row["customers"]
        axes.plot([0, 1], [0, 1], color=FAINT, linewidth=1, dashes=(4, 3), label="equal")
        axes.plot(x, y, color=ACCENT, linewidth=2, label="revenue")
        axes.plot([part, part, 0], [0, row["value"], row["value"]], color=MUTED, linewidth=1, label="best")
        axes.scatter([part], [row["value"]], s=44, color=ACCENT, zorder=3, label="value")
        axes.annotate(
            form.value(row["value"]), (part, row["value"]), (8, -4), textcoords="offset points", va="top",
            color=ACCENT, fontweight="bold", fontsize=11,
        )  # fmt: skip
        axes.set_xlim(0, 1.02)
        axes.set_ylim(0, 1.03)
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_major_locator(FixedLocator([0, 0.2, 0.4, 0.6, 0.8, 1]))
            axis.set_major_formatter(FuncFormatter(lambda amount, _: form.tick(round(amount, 6))))
        axes.set_xlabel(reader.t("Share of customers, the best first"))
        axes.set_ylabel(reader.t("Share of revenue"))

    return painter
