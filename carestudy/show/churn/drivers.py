"""What goes with leaving, shown: a dot for each level of a fact, and how well all of it foretells who leaves."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from markupsafe import Markup

from carestudy.churn.drivers import CANNOT_TELL, FEWER, MORE, Drivers
from carestudy.churn.given import VOLUNTARY
from carestudy.churn.holdout import Quality
from carestudy.churn.study import FEWEST_LEAVERS
from carestudy.show import dates
from carestudy.show.charts import Painter, wrapped
from carestudy.show.churn.words import fact, level
from carestudy.show.layers import beneath
from carestudy.show.looks import ACCENT, FAINT, INK, MUTED
from carestudy.show.numbers import Form, is_missing, number
from carestudy.show.output import Output
from carestudy.show.pictures import Told, drawn
from carestudy.show.tables import grid
from carestudy.show.words import Reader

MOST = 10  # levels drawn
FEWEST_TOLD = 3  # levels in the table, if there are no more findings


def drivers(reader: Reader, found: Drivers) -> Output:
    """The value of ``churn.drivers``: the levels that differ first, and of the others those nearest to it."""
    t, form = reader.t, Form(reader, "share")
    fields = {"left": number(reader, found.left), "n": number(reader, found.customers)}
    if found.effects["value"].isna().all():
        title = t("Factors linked to churn: too few have left for a result")
        words = t("{left} of {n} customers left; at least {fewest} are needed.", fewest=FEWEST_LEAVERS, **fields)
        return Output(Markup('<p class="care-title">{}</p><p>{}</p>').format(title, words), f"{title}. {words}")
    rows = _first(found.effects)
    names = _names(reader, rows)
    period = dates.period(reader, found.period)
    subject = t("Difference in the share that leaves in {span}, other factors being equal, {period}; 95% intervals",
             period=period, span=_span(reader, found))  # fmt: skip
    alt = t("Dot chart of differences: {what}; {names}", what=subject, names=", ".join(names))
    texts = Told(_title(form, found), subject, alt, sentence(reader, found))
    picture = drawn(texts, _painter(rows, names, form), 0.6 + 0.42 * len(rows), ())
    told_rows = max(int(rows["sure"].sum()), FEWEST_TOLD)
    table, text = _table(form, rows.head(told_rows), names[:told_rows])
    notes = _notes(reader, found)
    html = beneath(picture.html, table + Markup('<p class="muted">{}</p>').format(notes))
    return Output(html, f"{picture.text}\n{text}\n{notes}", looks=("figure", "table"))


def sentence(reader: Reader, found: Drivers) -> str:
    """What goes with leaving, and how well it foretells who leaves."""
    t, form = reader.t, Form(reader, "share")
    sure = found.found
    compared = int(found.effects["p"].notna().sum())
    if sure.empty:
        told = t("None of the {n} factors compared is clearly linked to churn.", n=compared)
    else:
        listed = "; ".join(_finding(form, row) for row in sure.head(3).to_dict("records"))
        told = t("{n} factors compared. Clearly linked to churn: {facts}.", n=compared, facts=listed)
        if len(sure) < compared:
            told = f"{told} {t('Differences of the other factors are too small to call.')}"
    return " ".join(filter(None, [told, t("A linked factor is not necessarily a cause."), _judged(reader, found)]))


def verdict(reader: Reader, said: str) -> str:
    """The verdict on a fact in the reader's words."""
    t = reader.t
    return {MORE: t("more leave"), FEWER: t("fewer leave"), CANNOT_TELL: t("no clear difference")}[said]


def _first(effects: pd.DataFrame) -> pd.DataFrame:
    """The levels that are drawn: the surest ones, those with findings first, the largest difference on top."""
    known = effects[effects["value"].notna()].sort_values(["p", "fact", "level"], kind="stable").head(MOST)
    sure = known["verdict"] != CANNOT_TELL
    order = known.assign(sure=sure).sort_values(["sure", "value"], ascending=[False, False], kind="stable")
    return order.reset_index(drop=True)


def _names(reader: Reader, rows: pd.DataFrame) -> list[str]:
    return [level(reader, name, held) for name, held in zip(rows["fact"], rows["level"], strict=True)]


def _title(form: Form, found: Drivers) -> str:
    t, sure = form.reader.t, found.found
    if sure.empty:
        return t("No factor known beforehand is clearly linked to churn")
    row = sure.iloc[0]
    fields = {"level": level(form.reader, row["fact"], row["level"]), "share": form.value(row["share"])}
    fields |= {"against": level(form.reader, row["fact"], row["against"]), "usual": form.value(row["share_against"])}
    return t(
        "Customers leaving in {span}: {level} {share}, {against} {usual}", span=_span(form.reader, found), **fields
    )


def _span(reader: Reader, found: Drivers) -> str:
    t = reader.t
    return {"week": t("a week"), "month": t("a month"), "quarter": t("a quarter"), "year": t("a year")}[found.every]


def _finding(form: Form, row: dict[Any, Any]) -> str:
    t, reader = form.reader.t, form.reader
    fields = {
        "level": level(reader, row["fact"], row["level"]),
        "against": level(reader, row["fact"], row["against"]),
        "change": form.change(row["value"]),
        "interval": form.changes(row["low"], row["high"]),
    }
    told = t("{level} {change} ({interval}) against {against}", **fields)
    ratio = _ratio(reader, row)
    if ratio is None:
        return told
    return f"{told}, {t('{ratio} times as likely among customers of the same tenure', ratio=ratio)}"


def _ratio(reader: Reader, row: dict[Any, Any]) -> str | None:
    """How many times as likely leaving is; None where that would point another way than the difference of shares.

    Both hold other facts equal, each by its own model: next to nothing may come out on either side.
    """
    ratio = row["hazard_ratio"]
    if is_missing(ratio) or (ratio > 1) != (row["value"] > 0):
        return None
    shown = [number(reader, ratio, digits) for digits in (1, 2)]
    even = [number(reader, 1, digits) for digits in (1, 2)]
    return next((text for text, one in zip(shown, even, strict=True) if text != one), None)


def _judged(reader: Reader, found: Drivers) -> str:
    """How well the facts foretell who leaves, in later windows than they were learnt from."""
    t = reader.t
    if not found.quality:
        return ""
    best = max(found.quality, key=lambda one: one.auc)
    parts = [_ranking(reader, best)]
    fields = {"expected": number(reader, round(best.expected)), "left": number(reader, best.left)}
    parts.append(t("In the later periods the model expected {expected} customers to leave; {left} did.", **fields))
    return " ".join(parts)


def _ranking(reader: Reader, best: Quality) -> str:
    t = reader.t
    form = Form(reader, "share")
    fields = {"auc": form.value(best.auc), "interval": form.interval(best.low, best.high)}
    if not best.ranks:
        return t("All factors together do not predict who leaves better than chance: of a leaver and a stayer the "
                 "model picks the leaver in {auc} of pairs (95% interval {interval}).", **fields)  # fmt: skip
    if best.auc < 0.6:
        return t("The model hardly predicts who leaves: of a leaver and a stayer it picks the leaver in {auc} of "
                 "pairs (95% interval {interval}; by chance 50%).", **fields)  # fmt: skip
    return t("The model predicts who leaves: of a leaver and a stayer it picks the leaver in {auc} of pairs (95% "
             "interval {interval}; by chance 50%).", **fields)  # fmt: skip


def _notes(reader: Reader, found: Drivers) -> str:
    t = reader.t
    fields = {"left": number(reader, found.left), "n": number(reader, found.customers), "windows": found.windows}
    sentences = [t("{n} customers, observed over {windows} consecutive periods; {left} left.", **fields)]
    sentences.append(t("Factors are those known before each period; customer attributes are those of today."))
    if found.leaving == VOLUNTARY:
        sentences.append(
            t("Only churn for reasons that care.toml does not name as outside the company's control counts.")
        )
    if found.by_silence:
        sentences.append(t("Churn is defined by the lack of purchases here, so purchases are not used as a factor."))
    changing = found.effects[(found.effects["proportional_p"] < 0.05) & (found.effects["verdict"] != CANNOT_TELL)]
    if len(changing):
        names = ", ".join(_names(reader, changing))
        sentences.append(t("The ratio changes with tenure for: {facts}.", facts=names))
    top = found.importance[found.importance["low"] > 0]
    if len(top):
        names = ", ".join(fact(reader, name) for name in top["fact"].head(3))
        sentences.append(t("A tree model uses above all: {facts}.", facts=names))
    return " ".join(sentences)


def _painter(rows: pd.DataFrame, names: list[str], form: Form) -> Painter:
    def painter(figure: Any) -> None:
        from matplotlib.ticker import FuncFormatter, MaxNLocator

        axes = figure.subplots()
        places = np.arange(len(rows))
        colours = [ACCENT if sure else FAINT for sure in rows["sure"]]
        axes.axvline(0, color=MUTED, linewidth=1, label="no difference")
        axes.hlines(places, rows["low"], rows["high"], colors=colours, linewidth=2.2, label="interval")
        axes.scatter(rows["value"], places, s=46, color=colours, zorder=3, label="value")
        axes.set_yticks(places, [wrapped(name, 26) for name in names])
        axes.set_ylim(len(rows) - 0.4, -0.6)
        axes.tick_params(axis="y", labelcolor=INK, labelsize=10)
        axes.grid(visible=False, axis="y")
        axes.xaxis.set_major_locator(MaxNLocator(4, steps=[1, 2, 2.5, 5, 10]))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda amount, _: form.change(amount)))
        for index, (value, sure) in enumerate(zip(rows["value"], rows["sure"], strict=True)):
            style = {"color": INK if sure else MUTED, "fontweight": "bold" if sure else "normal"}
            axes.text(1.03, index, form.change(value), transform=axes.get_yaxis_transform(), va="center", **style)

    return painter


def _table(form: Form, rows: pd.DataFrame, names: list[str]) -> tuple[Markup, str]:
    t, reader = form.reader.t, form.reader
    heads = [
        t("Factor"),
        t("Leave"),
        t("Compared with"),
        t("Leave in that group"),
        t("Difference, other factors equal"),
        t("Verdict"),
    ]
    lines = []
    for name, row in zip(names, rows.to_dict("records"), strict=True):
        against = level(reader, row["fact"], row["against"])
        spread = form.changes(row["low"], row["high"])
        shares = form.value(row["share"]), form.value(row["share_against"])
        lines.append([name, shares[0], against, shares[1], spread, verdict(reader, row["verdict"])])
    return grid("", heads, lines, numeric={1, 3, 4}), "\n".join("\t".join(line) for line in (heads, *lines))
