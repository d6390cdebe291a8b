"""Responsibility, shown: what has nobody in charge of it, and how much each person has to look after."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from markupsafe import Markup

from carestudy.people.responsibility import CONTACTS, CUSTOMERS, OPEN, TWICE
from carestudy.show import labels
from carestudy.show.charts import Painter
from carestudy.show.looks import ACCENT, FAINT, INK, MUTED
from carestudy.show.numbers import MISSING, Form, number
from carestudy.show.output import Output
from carestudy.show.pictures import Told, drawn
from carestudy.show.tables import grid
from carestudy.show.words import Reader

LOADS = ("customers", "contacts")


def owners(reader: Reader, frame: pd.DataFrame) -> Output:
    """What has not exactly one person in charge who is still there: a sentence, and a table by group."""
    t, by = reader.t, _groups(frame, "check", "n")
    heads = [t("Check"), *(labels.column(reader, name) for name in by), t("Number"), t("Of"), t("Share")]
    rows = sorted(frame.to_dict("records"), key=lambda row: _order(row, by))
    lines = [_line(reader, row, by) for row in rows]
    title, said = _found(reader, frame, by), _sentence(reader, frame)
    start = 1 + len(by)
    html = grid(title, heads, lines, numeric={start, start + 1, start + 2}) + Markup("<p>{}</p>").format(said)
    text = "\n".join([title, *("\t".join(line) for line in (heads, *lines)), said])
    return Output(html, text, looks=("table",))


def load(reader: Reader, caseloads: pd.DataFrame, frame: pd.DataFrame) -> Output:
    """Load per person: every person a nameless dot, the median a line, and what it says; with groups, a table."""
    by = _groups(frame, None, "load")
    sentences = [_load_sentence(reader, row) for row in frame.to_dict("records")]
    if by or frame.empty:
        return _load_table(reader, frame, by)
    subject = reader.t("Each dot is a person, the line the median; no names and no ranking")
    alt = reader.t("Dot plot: {what}; {n} persons", what=subject, n=len(caseloads))
    texts = Told(reader.t("Load per person"), subject, alt, " ".join([*sentences, _caveat(reader)]))
    return drawn(texts, _painter(reader, caseloads), 1.2 + 0.55 * len(frame), ())


def check(reader: Reader, name: str) -> str:
    """What a check finds, in the reader's words."""
    t = reader.t
    words = {
        CUSTOMERS[0]: t("Customers without an owner"),
        CUSTOMERS[1]: t("Customers with several owners"),
        CUSTOMERS[2]: t("Customers whose owner has left"),
        CUSTOMERS[3]: t("Customers whose owner is unknown to staff"),
        CONTACTS[0]: t("Contacts without an agent"),
        CONTACTS[1]: t("Contacts with an agent unknown to staff"),
        OPEN[0]: t("Open contacts of an agent who has left"),
        TWICE: t("Customer rows excluded as duplicates"),
    }
    return words[name]


def _groups(frame: pd.DataFrame, after: str | None, until: str) -> list[str]:
    columns = [str(name) for name in frame.columns]
    return columns[columns.index(after) + 1 if after else 0 : columns.index(until)]


def _order(row: dict[Any, Any], by: list[str]) -> tuple[Any, ...]:
    checks = [*CUSTOMERS, *CONTACTS, *OPEN, TWICE]
    return (checks.index(row["check"]), *(labels.order(name, row[name]) for name in by))


def _line(reader: Reader, row: dict[Any, Any], by: list[str]) -> list[str]:
    named = [check(reader, row["check"])]
    if isinstance(row["lacks"], str):
        lacks = reader.t("needs {what}", what=labels.clean(str(row["lacks"])))
        return [*named, *(MISSING for _ in by), lacks, MISSING, MISSING]
    share = Form(reader, "share").value(row["share"])
    groups = [labels.group(reader, name, row[name]) for name in by]
    return [*named, *groups, number(reader, row["n"]), number(reader, row["of"]), share]


def _totals(frame: pd.DataFrame) -> dict[str, tuple[int, int]]:
    known = frame[frame["lacks"].isna()]
    summed = known.groupby("check", sort=False)[["n", "of"]].sum()
    return {str(name): (int(row["n"]), int(row["of"])) for name, row in summed.iterrows()}


def _found(reader: Reader, frame: pd.DataFrame, by: list[str]) -> str:
    """The finding: how many active customers have not exactly one owner who is there."""
    t, totals = reader.t, _totals(frame)
    known = [totals[name] for name in CUSTOMERS if name in totals]
    title = t("Account owners")
    if by:
        names = ", ".join(labels.lowered(labels.column(reader, name)) for name in by)
        title = t("Account owners by {groups}", groups=names)
    if not known:
        return title
    open_, of = sum(n for n, _ in known), known[0][1]
    if not open_:
        return f"{title}. " + t("All {of} active customers have an account owner", of=number(reader, of))
    fields = {"n": number(reader, open_), "of": number(reader, of)}
    return f"{title}. " + t(
        "{n} of {of} active customers lack an account owner who is still with the company", **fields
    )


def _sentence(reader: Reader, frame: pd.DataFrame) -> str:
    t, share = reader.t, Form(reader, "share")
    sentences = [
        t("{check}: {n} of {of} ({share}).", check=check(reader, name), n=number(reader, n), of=number(reader, of),
          share=share.value(n / of))
        for name, (n, of) in _totals(frame).items()
        if n and of
    ]  # fmt: skip
    sentences.append(t("These are complete counts at the end of the data, so they have no interval."))
    lacking = sorted({labels.clean(str(lack)) for lack in frame["lacks"] if isinstance(lack, str)})
    if lacking:
        sentences.append(t("Some checks need {what}, which the data do not have.", what=", ".join(lacking)))
    return " ".join(sentences)


def _load_sentence(reader: Reader, row: dict[Any, Any]) -> str:
    t = reader.t
    fields = {name: number(reader, row[name]) for name in ("persons", "n", "smallest", "largest")}
    fields["median"] = number(reader, row["median"], 0 if float(row["median"]).is_integer() else 1)
    if row["load"] == "customers":
        return t(
            "Customers per owner: median {median}, from {smallest} to {largest} ({persons} owners, {n} customers).",
            **fields,
        )
    return t(
        "Contacts per agent: median {median}, from {smallest} to {largest} ({persons} agents, {n} contacts).", **fields
    )


def _caveat(reader: Reader) -> str:
    return reader.t("Part-time work and short months are not taken into account.")


def _load_table(reader: Reader, frame: pd.DataFrame, by: list[str]) -> Output:
    t = reader.t
    kinds = {"customers": t("Customers per owner"), "contacts": t("Contacts per agent")}
    groups = [labels.column(reader, name) for name in by]
    heads = [*groups, t("Load"), t("Persons"), t("Median"), t("Smallest"), t("Largest")]
    rows = sorted(frame.to_dict("records"), key=lambda row: tuple(labels.order(name, row[name]) for name in by))
    lines = []
    for row in rows:
        names = [labels.group(reader, name, row[name]) for name in by]
        median = number(reader, row["median"], 0 if float(row["median"]).is_integer() else 1)
        counts = [number(reader, row[name]) for name in ("persons", "smallest", "largest")]
        lines.append([*names, kinds[row["load"]], counts[0], median, *counts[1:]])
    title, start = t("Load per person"), len(by) + 1
    html = grid(title, heads, lines, numeric=set(range(start, start + 4)))
    html += Markup("<p>{}</p>").format(_caveat(reader))
    text = "\n".join([title, *("\t".join(line) for line in (heads, *lines)), _caveat(reader)])
    return Output(html, text, looks=("table",))


def _painter(reader: Reader, caseloads: pd.DataFrame) -> Painter:
    kinds = [name for name in LOADS if (caseloads[name] > 0).any()]
    names = {"customers": reader.t("Customers per owner"), "contacts": reader.t("Contacts per agent")}

    def painter(figure: Any) -> None:
        from matplotlib.ticker import FuncFormatter, MaxNLocator

        axes = figure.subplots()
        for index, kind in enumerate(kinds):
            held = np.sort(caseloads.loc[caseloads[kind] > 0, kind].to_numpy(float))
            # Dots of like loads stand above each other; the places are fixed, so the picture is always the same.
            lift = (np.arange(len(held)) % 3 - 1) * 0.12
            axes.scatter(held, index + lift, s=26, color=ACCENT, alpha=1, linewidth=0, label=kind)
            middle = float(np.median(held))
            axes.vlines(middle, index - 0.32, index + 0.32, colors=INK, linewidth=2, label="median")
            written = number(reader, middle, 0 if middle.is_integer() else 1)
            axes.annotate(
                written, (middle, index - 0.34), (0, 2), textcoords="offset points",
                ha="center", va="bottom", color=INK, fontweight="bold", fontsize=10,
            )  # fmt: skip
        axes.set_yticks(range(len(kinds)), [names[kind] for kind in kinds])
        axes.set_ylim(len(kinds) - 0.5, -0.7)
        axes.tick_params(axis="y", labelcolor=INK)
        axes.tick_params(axis="x", labelcolor=MUTED, color=FAINT)
        axes.set_xlim(left=0)
        axes.grid(visible=False, axis="y")
        axes.xaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 2.5, 5, 10], integer=True))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda amount, _: number(reader, amount)))

    return painter
