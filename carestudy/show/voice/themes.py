"""Themes, shown: the share of each with its interval, what changed, and the table behind it."""

from __future__ import annotations

from typing import Any

import pandas as pd
from markupsafe import Markup

from carestudy.show import charts, dates, labels
from carestudy.show.change import FEW
from carestudy.show.layers import beneath
from carestudy.show.numbers import Form, cases, is_missing, number
from carestudy.show.output import Output
from carestudy.show.pictures import Told, drawn
from carestudy.show.tables import grid
from carestudy.show.voice.heard import box
from carestudy.show.words import Reader
from carestudy.themes import Codebook
from carestudy.themes.counts import LESS, MORE

TOP = 3
NAMED, SMALL = Markup("{}<br><small>{}</small>"), Markup("{}<small>{}</small>")


def themes(reader: Reader, frame: pd.DataFrame, book: Codebook, whose: str, least: int) -> Output:
    """The themes of comments, the commonest first; a theme of fewer comments than ``least`` is not shown."""
    title = heading(reader, whose)
    n = int(frame["n"].max()) if len(frame) else 0
    if n < FEW:
        period = dates.heading(reader, str(frame["period"].iloc[0]))
        few = reader.t("{period}: too few comments to assess ({cases}).", period=period, cases=cases(reader, n))
        return box(title, few, reader.t("Below n = {n} only counts are told.", n=FEW))
    rows = frame[frame["theme"].notna() & (frame["count"] >= max(least, 1))]
    rows = rows.sort_values("count", ascending=False, kind="stable").reset_index(drop=True)
    names = [book.name(theme, reader.lang) for theme in rows["theme"]]
    told = _told(reader, frame, rows, names, whose)
    if not len(rows):
        return box(told.title, told.sentence, "")
    shape = rows.assign(value=rows["share"], n=rows["count"], compared=True)
    painter = charts.dots(shape, names, Form(reader, "share"), None)
    picture = drawn(told, painter, 0.6 + 0.4 * len(rows), _payload(rows, whose))
    html, lines = _table(reader, rows, names, whose)
    return Output(beneath(picture.html, html), f"{picture.text}\n{lines}", picture.figures, looks=("figure", "table"))


def heading(reader: Reader, whose: str) -> str:
    """Whose texts these are."""
    t = reader.t
    return {
        "unhappy": t("What unhappy customers write about"),
        "happy": t("What happy customers write about"),
        "left": t("What customers who left give as their reason"),
    }.get(whose, t("What customers write about"))


def _told(reader: Reader, frame: pd.DataFrame, rows: pd.DataFrame, names: list[str], whose: str) -> Told:
    t, said = reader.t, heading(reader, whose)
    period = dates.period(reader, str(frame["period"].iloc[0]))
    title = _title(reader, said, rows, names)
    subject = t(
        "{heading}, {period}: share of their texts on each theme, with 95% intervals; n is the number of texts on it",
        heading=said, period=period,
    )  # fmt: skip
    alt = t("Dot chart: {what}; {n} groups: {groups}", what=subject, n=len(rows), groups=", ".join(names))
    return Told(title, subject, alt, " ".join(filter(None, _sentences(reader, frame, rows, names, whose))))


def _title(reader: Reader, said: str, rows: pd.DataFrame, names: list[str]) -> str:
    """The finding: the commonest theme, or the first two where chance may have put them in order."""
    t = reader.t
    if not names:
        return said
    if len(names) == 1 or rows["low"].iloc[0] > rows["high"].iloc[1]:
        return t("{heading}: most often {theme}", heading=said, theme=labels.lowered(names[0]))
    first, second = map(labels.lowered, names[:2])
    return t("{heading}: most often {theme}; {second}", heading=said, theme=first, second=second)


def _sentences(reader: Reader, frame: pd.DataFrame, rows: pd.DataFrame, names: list[str], whose: str) -> list[str]:
    t, share = reader.t, Form(reader, "share")
    none = frame[frame["theme"].isna()].iloc[0]
    fields = {"n": number(reader, none["n"]), "share": share.value(1 - none["share"])}
    sentences = [t("{n} comments were read; {share} of them have a theme.", **fields)]
    top = [_one(reader, name, row) for name, row in zip(names[:TOP], rows.to_dict("records"), strict=False)]
    if top:
        sentences.append(
            t("Most often: {themes}. Where intervals overlap, the order is not certain.", themes="; ".join(top))
        )
    sentences.append(_changes(reader, rows, names))
    hidden = int((frame["theme"].notna() & (frame["count"] > 0)).sum()) - len(rows)
    if hidden:
        sentences.append(t("Themes with very few comments, not shown: {n}.", n=number(reader, hidden)))
    if whose in ("unhappy", "left"):
        sentences.append(t("A comment may have several themes; praise is not counted."))
    else:
        sentences.append(t("A comment may have several themes."))
    return sentences


def _one(reader: Reader, name: str, row: Any) -> str:
    share = Form(reader, "share")
    fields = {"theme": name, "value": share.value(row["share"]), "interval": share.interval(row["low"], row["high"])}
    return reader.t("{theme} {value} (95% interval {interval}; {cases})", cases=cases(reader, row["count"]), **fields)


def _changes(reader: Reader, rows: pd.DataFrame, names: list[str]) -> str:
    t, share = reader.t, Form(reader, "share")
    if not len(rows) or rows["before_n"].max() < FEW:
        return t("The period before has too few comments to compare with.")
    clear = [
        f"{name} {share.change(row['change'])} ({verdict(reader, row['verdict'])})"
        for name, row in zip(names, rows.to_dict("records"), strict=True)
        if row["verdict"] in (MORE, LESS)
    ]
    if not clear:
        return t("No theme changed clearly against the period before.")
    return t("Clear changes against the period before: {themes}.", themes="; ".join(clear))


def verdict(reader: Reader, said: str) -> str:
    """What is said of a change in how often a theme comes up."""
    t = reader.t
    return {MORE: t("more often"), LESS: t("less often")}.get(said, t("no clear change"))


def _table(reader: Reader, rows: pd.DataFrame, names: list[str], whose: str) -> tuple[Markup, str]:
    t, share = reader.t, Form(reader, "share")
    heads = [t("Theme of the comment"), t("Comments"), t("Share"), t("Change")]
    heads += [t("Of them unhappy")] if whose == "all" else []
    cells, lines = [], ["\t".join(heads)]
    for name, row in zip(names, rows.to_dict("records"), strict=True):
        line = [name, number(reader, row["count"]), share.value(row["share"]), share.change(row["change"])]
        line += [share.value(row["unhappy"])] if whose == "all" else []
        interval = share.interval(row["low"], row["high"])
        said = "" if is_missing(row["change"]) else verdict(reader, row["verdict"])
        named = NAMED.format(name, cases(reader, row["count"]))
        cells.append([named, SMALL.format(line[2], interval), SMALL.format(line[3], said), *line[4:]])
        lines.append("\t".join([*line[:2], f"{line[2]} ({interval})", f"{line[3]} {said}".strip(), *line[4:]]))
    return grid("", [heads[0], *heads[2:]], cells, numeric={1, 2, 3}), "\n".join(lines)


def _payload(rows: pd.DataFrame, whose: str) -> list[dict[str, Any]]:
    """The figures behind the picture, for machines."""
    return [
        {
            "kpi": f"themes({whose})", "by": {"theme": row["theme"]}, "period": row["period"],
            "value": float(f"{row['share']:.12g}"), "low": float(f"{row['low']:.12g}"),
            "high": float(f"{row['high']:.12g}"), "numerator": float(row["count"]), "denominator": float(row["n"]),
            "n": float(row["n"]), "unit": "share",
        }
        for row in rows.to_dict("records")
    ]  # fmt: skip
