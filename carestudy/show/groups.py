"""How many groups of customers and how sure, how large they are and what they bring, and what could be tried next."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from markupsafe import Markup

from carestudy.segments import Segments
from carestudy.segments.choose import AGAIN, ALL, APART, CUTS, NATURAL, UNSTABLE
from carestudy.segments.names import read
from carestudy.show import dates, feature_words
from carestudy.show.charts import Painter, wrapped
from carestudy.show.labels import lowered
from carestudy.show.layers import beneath
from carestudy.show.looks import ACCENT, FAINT, INK, MUTED
from carestudy.show.numbers import Form, is_missing, number
from carestudy.show.output import Output
from carestudy.show.pictures import Told, drawn
from carestudy.show.tables import grid
from carestudy.show.words import Reader, t

TWO = Markup("{}<small>{}</small>")
BOX = Markup('<p class="care-title">{title}</p><p>{sentence}</p>{more}')


VERDICTS = {
    NATURAL: t("distinct groups"),
    CUTS: t("repeatable division"),
    UNSTABLE: t("division by chance"),
    ALL: t("a single group"),
}
STEPS = {
    "first": t(
        "Bring {money_share} of the revenue: first make sure that everyone here has an account owner and no open "
        "request."
    ),
    ("high", "low"): t("Frequent, small orders: offer bundles to a random part of them and compare."),
    ("low", "high"): t("Rare, large orders: remind a random part of them when the next order is due and compare."),
    ("low", "low"): t("Rare, small orders: ask some of them what they buy elsewhere before spending on this group."),
    ("high", "middle"): t(
        "Frequent orders: thank them, and ask some of them what would make a larger order worthwhile."
    ),
    ("middle", "high"): t(
        "Large orders at a medium rate: tell a random part of them early about the next product "
        "they may need and compare."
    ),
    "else": t("Nothing stands out: serve as usual and review next month."),
}


def found(reader: Reader, segments: Segments) -> Output:
    """The verdict on the groups in words, with the measures of each number of groups."""
    t, said = reader.t, {"k": number(reader, segments.k)}
    title = {
        NATURAL: t("{k} distinct groups of customers", **said),
        CUTS: t("Customers form no natural groups; divided into {k} for practical use", **said),
        UNSTABLE: t("Customers form no natural groups; the division into {k} would differ in another sample", **said),
        ALL: t("No groups can be distinguished"),
    }[segments.verdict]
    sentence = " ".join(filter(None, (_who(reader, segments), _how_sure(reader, segments))))
    html, lines = _quality(reader, segments) if segments.quality else (Markup(""), [])
    return Output(
        BOX.format(title=title, sentence=sentence, more=html), "\n".join([title, sentence, *lines]), looks=("table",)
    )


def sizes(reader: Reader, frame: pd.DataFrame) -> Output:
    """Each segment's share of the customers beside its share of the money, with the finding in the title."""
    t, rows = reader.t, frame.iloc[by_worth(frame)].reset_index(drop=True)
    names = [feature_words.segment(reader, code) for code in rows["segment"]]
    paid, share = bool(rows["money_share"].notna().all()), Form(reader, "share")
    title = t("Customers by segment")
    if paid and len(rows) > 1:
        most = int(rows["money_share"].to_numpy(float).argmax())
        fields = {"part": share.value(rows["share"][most]), "money": share.value(rows["money_share"][most])}
        title = t("“{name}”: {part} of the customers bring {money} of the revenue", name=names[most], **fields)
    subject = t("Share of customers, with 95% intervals") if not paid else t(
        "Share of customers, with 95% intervals, and of their revenue in twelve months, less returns"
    )  # fmt: skip
    sentence = t("Customers at the end of the period; those who have left and their revenue are not included.")
    alt = t("Dot chart: {what}; {n} segments: {names}", what=subject, n=len(names), names="; ".join(names))
    picture = drawn(
        Told(title, subject, alt, sentence),
        _painter(reader, rows, names, paid=paid),
        1.0 + 0.55 * len(rows),
        _payload(rows),
    )
    html, lines = _sizes(reader, rows, names, paid=paid)
    text = "\n".join([picture.text, *lines])
    return Output(beneath(picture.html, html), text, picture.figures, looks=("figure", "table"))


def by_worth(frame: pd.DataFrame) -> list[int]:
    """The places of the segments in the order of what a customer brings, the most first; without a segment last."""
    each = (frame["money"] / frame["customers"].replace(0, np.nan)).fillna(-np.inf).to_numpy(float)
    return sorted(range(len(frame)), key=lambda place: (pd.isna(frame["segment"].iloc[place]), -each[place], place))


def drift(reader: Reader, segments: Segments, frame: pd.DataFrame) -> Output:
    """One sentence: whether the segments still fit, and what has moved where they do not."""
    t, day = reader.t, dates.day(reader, date.fromisoformat(segments.as_of))
    off = [_drifted(reader, row) for row in frame.to_dict("records") if row["verdict"] != "same"]
    if not off:
        sentence = t(
            "The segments of {day} still fit: neither their sizes nor what they are made of has shifted.", day=day
        )
    elif (frame["verdict"] == "refit").any():
        sentence = t("The segments of {day} no longer fit ({what}): fit them anew.", day=day, what="; ".join(off))
    else:
        sentence = t(
            "The segments of {day} fit less well ({what}): look again next month.", day=day, what="; ".join(off)
        )
    return Output(Markup("<p>{}</p>").format(sentence), sentence)


def steps(reader: Reader, frame: pd.DataFrame) -> Output:
    """What could be tried in each segment: by rule from its name and its share of the money."""
    t, share = reader.t, Form(reader, "share")
    rows = frame[frame["segment"].notna()]
    rows = rows.iloc[by_worth(rows)]
    most = rows["money_share"].max()
    cells = []
    for row in rows.to_dict("records"):
        levels = dict(read(row["segment"])[0])
        pace, size = (
            levels.get(name, "middle").removeprefix("very_") for name in ("orders_per_month", "typical_order")
        )
        key: Any = "first" if row["money_share"] == most > row["share"] else (pace, size)
        message = STEPS.get(key, STEPS["else"])
        sentence = t(message, money_share=share.value(row["money_share"])) if key == "first" else t(message)
        cells.append([feature_words.segment(reader, row["segment"]), number(reader, row["customers"]), sentence])
    title = t("What could be tried, by rule")
    note = t(
        "The rules use only the names of the segments, not causes: try on a random part and compare with the rest."
    )
    html = grid(title, [t("Segment"), t("Customers"), t("Try")], cells, numeric={1})
    html += Markup('<p class="muted">{}</p>').format(note)
    return Output(html, "\n".join([title, *("\t".join(map(str, line)) for line in cells), note]), looks=("table",))


def _who(reader: Reader, segments: Segments) -> str:
    used = [lowered(feature_words.feature(reader, name)) for name in segments.features]
    fields = {"n": number(reader, segments.customers), "day": dates.day(reader, date.fromisoformat(segments.as_of))}
    text = reader.t("{n} customers on {day}, grouped by: {features}.", features=", ".join(used), **fields)
    if segments.without:
        sentence = reader.t(
            "{n} more have no segment, as one of these is not known.", n=number(reader, segments.without)
        )
        text = f"{text} {sentence}"
    return text


def _how_sure(reader: Reader, segments: Segments) -> str:
    t = reader.t
    mine = next((one for one in segments.quality if one.k == segments.k), None)
    if mine is None or mine.stability is None:
        return t("No number of groups is repeatable in other samples of these customers.") if segments.quality else ""
    fields = {"stability": number(reader, mine.stability, 2), "again": number(reader, AGAIN, 1)}
    text = t(
        "Random samples of these customers give the same groups with an agreement of {stability} (1 is identical; "
        "{again} or more counts as repeatable).", **fields,
    )  # fmt: skip
    if segments.verdict == NATURAL:
        return text
    sentence = t("There are no gaps between the segments: use them to organise work, not as types of people.")
    return f"{text} {sentence}"


def _quality(reader: Reader, segments: Segments) -> tuple[Markup, list[str]]:
    t = reader.t
    heads = [t("Groups"), t("Stability (ARI)"), t("Silhouette"), t("Gap (± error)"), t("Assessment of the division")]
    cells = []
    for one in segments.quality:
        gap = f"{number(reader, one.gap, 2)} ± {number(reader, one.gap_error, 2)}"
        mark = f"{one.k} ✓" if one.k == segments.k else str(one.k)
        cells.append(
            [mark, number(reader, one.stability, 2), number(reader, one.silhouette, 2), gap, t(VERDICTS[one.verdict])]
        )
    note = t(
        "Stability: agreement with groups of bootstrap samples, repeatable from {again}. Silhouette: 1 is fully "
        "separate, 0 is not, reasonable from {apart}. Gap: above that of one group only where groups exist. ✓ is "
        "used below.",
        again=number(reader, AGAIN, 1), apart=number(reader, APART, 1),
    )  # fmt: skip
    html = grid("", heads, cells, numeric={1, 2, 3}) + Markup('<p class="muted">{}</p>').format(note)
    return html, ["\t".join(line) for line in (heads, *cells)] + [note]


def _sizes(reader: Reader, rows: pd.DataFrame, names: list[str], *, paid: bool) -> tuple[Markup, list[str]]:
    t, share = reader.t, Form(reader, "share")
    each = rows["money"] / rows["customers"].replace(0, np.nan)
    money, one = (
        Form(reader, "money", 0.0 if is_missing(top := series.max()) else float(top))
        for series in (rows["money"], each)
    )
    heads = [t("Segment"), t("Customers"), t("Share")]
    heads += [t("Revenue in twelve months"), t("Share of revenue"), t("Revenue per customer")] if paid else []
    cells, lines = [], ["\t".join(heads)]
    for index, row in enumerate(rows.to_dict("records")):
        interval = share.interval(row["low"], row["high"])
        told = [number(reader, row["customers"]), share.value(row["share"])]
        more = [money.value(row["money"]), share.value(row["money_share"]), one.value(each[index])] if paid else []
        cells.append([names[index], told[0], TWO.format(told[1], interval), *more])
        lines.append("\t".join([names[index], told[0], f"{told[1]} ({interval})", *more]))
    return grid("", heads, cells, numeric=set(range(1, len(heads)))), lines


def _painter(reader: Reader, rows: pd.DataFrame, names: list[str], *, paid: bool) -> Painter:
    def painter(figure: Any) -> None:
        from matplotlib.ticker import FuncFormatter, MaxNLocator

        axes, form, places = figure.subplots(), Form(reader, "share"), np.arange(len(rows))
        axes.hlines(places, rows["low"], rows["high"], colors=MUTED, linewidth=2.2, label="interval")
        columns = [("share", MUTED, reader.t("customers"), "normal", 8)]
        if paid:
            ends = rows[["share", "money_share"]]
            axes.hlines(places, ends.min(axis=1), ends.max(axis=1), colors=FAINT, linewidth=1, zorder=1, label="gap")
            columns.append(("money_share", ACCENT, reader.t("revenue"), "bold", 66))
        beside = axes.get_yaxis_transform()
        for name, colour, words, weight, at in columns:
            axes.scatter(rows[name], places, s=46, color=colour, zorder=3, label=name)
            # Set off in points and not in parts of the width, which itself follows from the room they need.
            style = {"xycoords": beside, "textcoords": "offset points", "va": "center", "color": colour}
            axes.annotate(words.replace(" ", "\n"), (1, -0.8), (at, 0), fontsize=9, **style)
            for index, value in enumerate(rows[name]):
                axes.annotate(form.value(value), (1, index), (at, 0), fontsize=10, fontweight=weight, **style)
        axes.set_yticks(places, [wrapped(name, 24) for name in names])
        axes.tick_params(axis="y", labelcolor=INK, labelsize=10)
        axes.set_ylim(len(rows) - 0.4, -1.1)
        axes.set_xlim(left=0)
        axes.grid(visible=False, axis="y")
        axes.xaxis.set_major_locator(MaxNLocator(4, steps=[1, 2, 2.5, 5, 10]))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: form.tick(value)))

    return painter


def _payload(rows: pd.DataFrame) -> list[dict[str, Any]]:
    def plain(value: Any) -> float | None:
        return None if is_missing(value) else float(f"{value:.12g}")

    return [
        {
            "kpi": "segment_share", "by": {"segment": row["segment"]}, "period": None, "value": plain(row["share"]),
            "low": plain(row["low"]), "high": plain(row["high"]), "numerator": plain(row["customers"]),
            "denominator": plain(row["of"]), "n": plain(row["of"]), "unit": "share", "money": plain(row["money"]),
        }
        for row in rows.to_dict("records")
    ]  # fmt: skip


def _drifted(reader: Reader, row: dict[Any, Any]) -> str:
    t = reader.t
    what = {"segments": t("sizes"), "distance": t("distance to the centres")}.get(row["what"])
    name = what or lowered(feature_words.feature(reader, row["what"]))
    return f"{name} {number(reader, row['value'], 2)}"
