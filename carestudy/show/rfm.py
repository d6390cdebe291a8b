"""Groups by recency, frequency and money: how many customers each has, and how much of the revenue."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from markupsafe import Markup

from carestudy.show.charts import Painter, wrapped
from carestudy.show.layers import beneath
from carestudy.show.looks import ACCENT, FAINT, INK, MUTED
from carestudy.show.numbers import MISSING, Form, is_missing, number
from carestudy.show.output import Output
from carestudy.show.pictures import Told, drawn
from carestudy.show.tables import grid
from carestudy.show.words import Reader, t

NAMES = {
    "champions": t("Champions"),
    "loyal": t("Loyal"),
    "promising": t("Promising"),
    "cooling": t("Cooling down"),
    "cannot_lose": t("Cannot lose"),
    "at_risk": t("At risk"),
    "hibernating": t("Hibernating"),
    "silent": t("Inactive for long"),
}
MEANINGS = {
    "champions": t("recent, frequent and large purchases"),
    "loyal": t("repeat purchases"),
    "promising": t("recent purchase, few so far"),
    "cooling": t("few purchases, the last some time ago"),
    "cannot_lose": t("frequent and large purchases before, none for long"),
    "at_risk": t("frequent or large purchases before, none for long"),
    "hibernating": t("few purchases, none for long"),
    "silent": t("few purchases, the last longest ago"),
}
SLIPPING = ("cannot_lose", "at_risk")
HEIGHT = 3.5
NAMED = Markup('{}<br><small style="font-weight:400">{}</small>')
SIZED = Markup("{}<small>{}</small>")
NOTE = Markup('<p class="muted">{}</p>')


def rfm(reader: Reader, frame: pd.DataFrame) -> Output:
    """The groups: their share of customers beside their share of revenue, what that says, and a table of medians."""
    t = reader.t
    names = [t(NAMES[group]) for group in frame["group"]]
    subject = t(
        "Groups by when customers last bought, on how many days and for how much: share of customers and revenue"
    )
    alt = t("Dot chart: {what}; {n} groups: {groups}", what=subject, n=len(names), groups=", ".join(names))
    texts = Told(_title(reader, frame, names), subject, alt, _sentence(reader, frame))
    picture = drawn(texts, _painter(reader, frame, names), HEIGHT, _payload(frame))
    html, lines = _table(reader, frame, names)
    return Output(beneath(picture.html, html), f"{picture.text}\n{lines}", picture.figures, looks=("figure", "table"))


def _title(reader: Reader, frame: pd.DataFrame, names: list[str]) -> str:
    """The finding: the group that brings most of the revenue for its size."""
    share = Form(reader, "share")
    if frame["revenue_share"].isna().all():
        return reader.t("Groups of customers by what they buy")
    most = int(frame["revenue_share"].to_numpy(float).argmax())
    fields = {"part": share.value(frame["share"][most]), "revenue": share.value(frame["revenue_share"][most])}
    return reader.t("{group}: {part} of the customers bring {revenue} of the revenue", group=names[most], **fields)


def _sentence(reader: Reader, frame: pd.DataFrame) -> str:
    t, share = reader.t, Form(reader, "share")
    slipping = frame[frame["group"].isin(SLIPPING)]
    parts = []
    if _of(frame) or len(frame) == len(NAMES):
        parts.append(
            t("{n} customers who have bought, without those known to have left.", n=number(reader, _of(frame)))
        )
    if slipping["customers"].sum() and len(slipping) == len(SLIPPING):
        fields = {"n": number(reader, int(slipping["customers"].sum()))}
        if frame["revenue_share"].notna().all():
            fields["revenue"] = share.value(slipping["revenue_share"].sum())
            parts.append(
                t(
                    "{n} of them bought often or much before and have not bought for long; they brought {revenue} "
                    "of the revenue.",
                    **fields,
                )
            )
        else:
            parts.append(t("{n} of them bought often or much before and have not bought for long.", **fields))
    parts.append(t("Groups compare customers with each other; the medians in the table show how long ago “long” is."))
    return " ".join(parts)


def _painter(reader: Reader, frame: pd.DataFrame, names: list[str]) -> Painter:
    def painter(figure: Any) -> None:
        from matplotlib.ticker import FuncFormatter, MaxNLocator

        axes, form, rows = figure.subplots(), Form(reader, "share"), np.arange(len(frame))
        share, revenue = frame["share"].to_numpy(float), frame["revenue_share"].to_numpy(float)
        known = np.where(np.isnan(revenue), share, revenue)
        axes.hlines(rows, np.minimum(share, known), np.maximum(share, known), colors=FAINT, linewidth=2, label="gap")
        axes.scatter(share, rows, s=46, color=MUTED, zorder=3, label="customers")
        axes.scatter(revenue, rows, s=46, color=ACCENT, zorder=4, label="revenue")
        heads: list[tuple[float, str, str]] = [
            (-0.85, reader.t("customers").replace(" ", "\n"), reader.t("revenue").replace(" ", "\n"))
        ]
        told = [(float(row), form.value(share[row]), form.value(revenue[row])) for row in rows]
        for row, left, last in [*heads, *told]:
            for words, right, colour, weight in zip(
                (left, last), (10, 60), (MUTED, ACCENT), ("normal", "bold"), strict=True
            ):
                axes.annotate(
                    words, (1, row), (right, 0), xycoords=axes.get_yaxis_transform(), textcoords="offset points",
                    va="center", color=colour, fontsize=9 if row < 0 else 10, fontweight=weight,
                )  # fmt: skip
        axes.set_yticks(rows, [wrapped(name, 22) for name in names])
        axes.set_ylim(len(frame) - 0.4, -1.3)
        axes.set_xlim(left=min(0.0, float(np.nanmin(known)) if len(known) else 0.0) - 0.01)
        axes.tick_params(axis="y", labelcolor=INK, labelsize=10.5)
        axes.grid(visible=False, axis="y")
        axes.xaxis.set_major_locator(MaxNLocator(4, steps=[1, 2, 2.5, 5, 10]))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda amount, _: form.tick(amount)))

    return painter


def _payload(frame: pd.DataFrame) -> tuple[dict[str, Any], ...]:
    """A record for each group: its share of the customers, with interval and count."""
    n = _of(frame)
    return tuple(
        {
            "kpi": "rfm", "by": {"group": row["group"]}, "period": None,
            **{to: None if is_missing(row[of]) else float(f"{row[of]:.12g}")
               for to, of in (("value", "share"), ("low", "low"), ("high", "high"))},
            "numerator": float(row["customers"]), "denominator": float(n), "n": float(n), "unit": "share",
        }
        for row in frame.to_dict("records")
    )  # fmt: skip


def _of(frame: pd.DataFrame) -> int:
    """How many bought, those of groups that are not told as well."""
    told = frame[frame["customers"] > 0]
    return 0 if told.empty else round(float(told["customers"].iloc[0] / told["share"].iloc[0]))


def _table(reader: Reader, frame: pd.DataFrame, names: list[str]) -> tuple[Any, str]:
    t, share = reader.t, Form(reader, "share")
    money = Form(reader, "money", float(frame["amount"].max()) if frame["amount"].notna().any() else 0.0)
    heads = [t("Group"), t("Customers"), t("Share of revenue")]
    heads += [t("Days since last purchase"), t("Days with a purchase"), t("Amount")]
    cells, lines = [], ["\t".join(heads)]
    for name, row in zip(names, frame.to_dict("records"), strict=True):
        meaning = t(MEANINGS[row["group"]])
        size = f"{share.value(row['share'])} ({share.interval(row['low'], row['high'])})"
        medians = [
            _whole(reader, row["recency_days"]),
            _whole(reader, row["purchase_days"]),
            money.value(row["amount"]),
        ]
        count, rest = number(reader, row["customers"]), [share.value(row["revenue_share"]), *medians]
        cells.append([NAMED.format(name, meaning), SIZED.format(count, size), *rest])
        lines.append("\t".join([name, meaning, count, size, *rest]))
    note = t("In brackets the 95% interval; the last three columns are medians of the group.")
    html = grid("", heads, cells, numeric=set(range(1, len(heads)))) + NOTE.format(note)
    return html, "\n".join([*lines, note])


def _whole(reader: Reader, amount: float) -> str:
    if is_missing(amount):
        return MISSING
    return number(reader, amount, 0 if float(amount).is_integer() else 1)
