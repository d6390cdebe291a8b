"""Who moved between segments: up, down, in and out, with what they brought; and the ways most money took."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from markupsafe import Markup

from carestudy.show import dates, feature_words
from carestudy.show.change import FEW
from carestudy.show.numbers import Form, number
from carestudy.show.output import Output
from carestudy.show.tables import grid
from carestudy.show.withheld import kept_back, noted
from carestudy.show.words import Reader, t

LARGEST = 5
SMALL = Markup("{}<small>{}</small>")
SAME, UP, DOWN, LEFT, CAME, OTHER = "same", "up", "down", "left", "came", "other"


KINDS = {
    SAME: t("In the same segment"),
    UP: t("To a segment that brings more per customer"),
    DOWN: t("To a segment that brings less per customer"),
    LEFT: t("Left the company"),
    CAME: t("New or came back"),
    OTHER: t("Without a segment before or now"),
}


def moved(
    reader: Reader, sizes: pd.DataFrame, frame: pd.DataFrame, periods: tuple[str, str], *, least: int = 1
) -> Output:
    """Who stayed, rose, fell, left and came since a period, and the ways that most money took.

    Kinds of moves of fewer than ``least`` customers are not told.
    """
    t, rows = reader.t, frame.assign(kind=_kinds(sizes, frame))
    before, now = (dates.period(reader, period) for period in periods)
    counts = rows.groupby("kind")["customers"].sum().reindex(list(KINDS), fill_value=0)
    told = _told(counts, least)
    of = int(counts.drop(CAME).sum())
    title = t("Moves between segments from {before} to {now}", before=before, now=now)
    sentence = _sentence(reader, before, of, told)
    note = t(
        "Both dates use the same rules. Revenue is that of the twelve months up to each date. Customers near a "
        "border may move by chance: a single move means little."
    )
    kinds, lines = _by_kind(reader, rows[rows["kind"].isin(told.index)])
    ways, more = _largest(reader, rows, sizes, max(FEW, least))
    html = Markup('<p class="care-title">{}</p><p>{}</p>').format(title, sentence) + kinds + ways
    html += Markup('<p class="muted">{}</p>').format(note)
    output = Output(html, "\n".join([title, sentence, *lines, *more, note]), looks=("table",))
    return output if len(told) == len(counts) else noted(reader, output, least)


def _told(counts: pd.Series[int], least: int) -> pd.Series[int]:
    """How many moved in each way, of the ways that are told: those who came are no part of those who were here."""
    parts = [one.astype(float) for one in (counts.drop(CAME), counts[[CAME]])]
    hidden = pd.concat([kept_back(one, one.index.to_frame(), least) for one in parts])
    return counts[~hidden[counts.index]]


def _sentence(reader: Reader, before: str, of: int, told: pd.Series[int]) -> str:
    t, share = reader.t, Form(reader, "share")
    if not of:
        return t("Nobody was in a segment at the end of {before}.", before=before)
    if SAME not in told:
        return ""
    known = {"of": number(reader, of), "before": before, "share": share.value(int(told[SAME]) / of)}
    if not {UP, DOWN, LEFT} - set(told.index):
        up, down, left = (number(reader, int(told[name])) for name in (UP, DOWN, LEFT))
        return t(
            "Of {of} customers at the end of {before}, {share} are in the same segment; {up} moved up, {down} "
            "moved down, {left} left.", up=up, down=down, left=left, **known,
        )  # fmt: skip
    return t("Of {of} customers at the end of {before}, {share} are in the same segment.", **known)


def _kinds(sizes: pd.DataFrame, frame: pd.DataFrame) -> Any:
    """Up and down by what a customer of the segment brings now; without money nobody rises or falls."""
    each = (sizes["money"] / sizes["customers"].replace(0, np.nan)).to_numpy(float)
    worth = dict(zip(sizes["segment"], each, strict=True))
    was, is_ = (frame[side].map(worth).astype(float) for side in ("from", "to"))
    came, left = frame["from"].isin(["new", "returned"]), frame["to"] == "left"
    return np.select(
        [came, left, frame["from"] == frame["to"], is_ > was, is_ < was], [CAME, LEFT, SAME, UP, DOWN], OTHER
    )


def _by_kind(reader: Reader, rows: pd.DataFrame) -> tuple[Markup, list[str]]:
    t, sums = reader.t, rows.groupby("kind")[["customers", "before", "after"]].sum(min_count=1)
    heads = ["", t("Customers"), t("Revenue before"), t("Revenue now")]
    top = float(np.nan_to_num(sums[["before", "after"]].to_numpy(float)).max(initial=0.0))
    form = Form(reader, "money", top)
    cells = [
        [
            t(KINDS[kind]),
            number(reader, sums["customers"][kind]),
            *(form.value(sums[side][kind]) for side in ("before", "after")),
        ]
        for kind in KINDS
        if kind in sums.index
    ]
    return grid("", heads, cells, numeric={1, 2, 3}), ["\t".join(line) for line in (heads, *cells)]


def _largest(reader: Reader, rows: pd.DataFrame, sizes: pd.DataFrame, few: int) -> tuple[Markup, list[str]]:
    """The moves between segments that most money took, of enough customers to be spoken of."""
    t, names = reader.t, sizes["segment"].dropna()
    ways = rows[rows["from"].isin(names) & (rows["from"] != rows["to"]) & (rows["customers"] >= few)]
    ways = ways.sort_values(["after", "customers"], ascending=False, kind="stable").head(LARGEST)
    if ways.empty:
        return Markup(""), []
    form, share = Form(reader, "money", float(np.nan_to_num(ways["after"]).max())), Form(reader, "share")
    heads = [t("From"), t("To"), t("Customers"), t("Share of the earlier segment"), t("Revenue now")]
    cells, lines = [], ["\t".join(heads)]
    for row in ways.to_dict("records"):
        value, interval = share.value(row["share"]), share.interval(row["low"], row["high"])
        ends = [feature_words.segment(reader, row[side]) for side in ("from", "to")]
        count, money = number(reader, row["customers"]), form.value(row["after"])
        cells.append([*ends, count, SMALL.format(value, interval), money])
        lines.append("\t".join([*ends, count, f"{value} ({interval})", money]))
    title = t("Moves out of a segment with the most revenue")
    return grid(title, heads, cells, numeric={2, 3, 4}), [title, *lines]
