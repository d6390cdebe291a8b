"""Cohorts as a table of shades: a row for those who came together, a column for each age."""

from __future__ import annotations

from typing import Any

import pandas as pd
from markupsafe import Markup

from carestudy.cohorts import ALL
from carestudy.contract import CareError
from carestudy.show import dates, refusals
from carestudy.show.change import FEW
from carestudy.show.numbers import Form, cases, number
from carestudy.show.output import Output
from carestudy.show.tables import grid
from carestudy.show.words import Reader

MOST = 13  # cohorts and ages; older ones are in the frame
SHADES = ("#ffffff", "#eef3f7", "#dde7ef", "#ccdbe7", "#bbcfdf", "#aac3d7", "#99b7cf")
CELL = Markup('<span style="display:block;background:{};padding:.1em .25em">{}</span>')
ROUND = {"month": (12, 6, 3, 1), "quarter": (4, 2, 1), "year": (2, 1), "week": (26, 13, 4, 1)}


def cohorts(reader: Reader, frame: pd.DataFrame, every: str = "month") -> Output:
    """A table of ``carestudy.cohorts``: shares by cohort and age, the average below; what is not over is empty."""
    others = [name for name in frame.columns if name in ("team", "region", "segment")]
    if frame.duplicated(["cohort", "age"]).any() or others:
        raise CareError("a cohort table shows one group: choose one before it is shown")
    t, form, mixed = reader.t, Form(reader, "share"), ""
    if "note" in frame:
        mixed = refusals.sentence(reader, frame["note"].dropna().iloc[0])
        new = frame[frame["note"].isna()]
        frame = new if (new["cohort"] != ALL).any() else frame
    ages = sorted(frame["age"].unique())[:MOST]
    names = [name for name in frame["cohort"].unique() if name != ALL][-MOST:]
    scale = frame.loc[frame["age"] > 0, "value"]
    low, high = float(scale.min()), float(scale.max())
    lines = []
    for name in [*names, ALL]:
        row = frame[frame["cohort"] == name].set_index("age")
        head = t("All complete") if name == ALL else dates.period(reader, name)
        cells = [_cell(form, row.loc[age], low, high) for age in ages]
        lines.append([head, number(reader, row["n"].iloc[0]), *cells])
    heads = [t("Joined"), "n", *(number(reader, age) for age in ages)]
    unit = {"week": t("weeks"), "month": t("months"), "quarter": t("quarters"), "year": t("years")}[every]
    title = t("Share of customers still here, by {unit} since joining", unit=unit)
    sentence = f"{_sentence(reader, frame, every, unit)} {_caveat(reader)} {mixed}".strip()
    html = grid(title, heads, lines, numeric=set(range(1, len(heads)))) + Markup("<p>{}</p>").format(sentence)
    text = ["\t".join(_plain(cell) for cell in line) for line in (heads, *lines)]
    return Output(html, "\n".join([title, *text, sentence]), looks=("table",))


def _cell(form: Form, row: Any, low: float, high: float) -> Any:
    """A share on its shade; nothing where the period is not over, and no shade where few stand behind it."""
    if row["value"] != row["value"]:
        return ""
    written = number(form.reader, 100 * row["value"]) + "%"
    if row["n"] < FEW or row.name == 0 or not high > low:
        return Markup('<span class="muted">{}</span>').format(written) if row["n"] < FEW else written
    place = (row["value"] - low) / (high - low)
    return CELL.format(SHADES[round(place * (len(SHADES) - 1))], written)


def _sentence(reader: Reader, frame: pd.DataFrame, every: str, unit: str) -> str:
    """The average at the longest round age that enough complete cohorts have reached."""
    t, form = reader.t, Form(reader, "share")
    average: dict[int, Any] = {row["age"]: row for row in frame[frame["cohort"] == ALL].to_dict("records")}
    known = [age for age in ROUND[every] if age in average and average[age]["n"] >= FEW]
    if not known:
        return t("No cohort is old enough yet to tell how many stay.")
    row = average[known[0]]
    fields = {"age": number(reader, known[0]), "unit": unit, "share": form.value(row["value"])}
    fields |= {"interval": form.interval(row["low"], row["high"]), "cases": cases(reader, row["n"])}
    return t("After {age} {unit}, {share} are still here (95% interval {interval}; {cases}).", **fields)


def _caveat(reader: Reader) -> str:
    return reader.t(
        "Periods that are not over are left empty; averages are weighted by customers and over complete periods only."
    )


def _plain(cell: Any) -> str:
    return str(cell.striptags()) if isinstance(cell, Markup) else str(cell)
