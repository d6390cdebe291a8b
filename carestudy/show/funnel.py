"""Fair comparison, shown: a funnel of units around the usual figure, only those outside named, and a table."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from markupsafe import Markup

from carestudy.people.fair import ABOVE, APART, BELOW, BETTER, FEWEST_CASES, USUAL, WORSE
from carestudy.show import dates, labels
from carestudy.show.charts import BAND, Painter
from carestudy.show.labels import Card
from carestudy.show.layers import beneath
from carestudy.show.looks import ACCENT, FAINT, MUTED
from carestudy.show.numbers import MISSING, Form, cases, is_missing, number
from carestudy.show.output import MEASURED, NAMED, Output, figures
from carestudy.show.pictures import Told, drawn, form_of, group_names
from carestudy.show.tables import grid
from carestudy.show.words import Reader

HEIGHT = 2.8
SIDES = (WORSE, BETTER, BELOW, ABOVE)
SMALL = Markup("{}<small>{}</small>")
CHIP = Markup('<span class="verdict {}">{}</span>')


def funnel(reader: Reader, kpi: Card, frame: pd.DataFrame) -> Output:
    """Units compared fairly: the funnel, what it says, and every unit's figure, shrunken figure and statement."""
    by = [str(name) for name in frame.columns[: list(frame.columns).index("period")]]
    order = sorted(frame.index, key=lambda row: tuple(labels.order(name, frame.loc[row, name]) for name in by))
    rows = frame.loc[order].reset_index(drop=True)
    names = [labels.groups(reader, by, row) for row in rows.to_dict("records")]
    form = form_of(reader, kpi, rows)
    told = _told(reader, kpi, rows, names, by)
    payload = figures(rows[[*by, *NAMED, *MEASURED]], kpi)
    picture = drawn(told, _painter(rows, names, form), HEIGHT, payload)
    html, lines = _table(form, rows, names, group_names(reader, by))
    return Output(beneath(picture.html, html), f"{picture.text}\n{lines}", payload, looks=("figure", "table"))


def sentence(reader: Reader, kpi: Card, rows: pd.DataFrame, names: list[str]) -> str:
    """What a fair comparison says: the usual figure, who stands apart and by how much, and what it does not say."""
    t, form = reader.t, form_of(reader, kpi, rows)
    compared = rows["statement"] != APART
    if not compared.any():
        return t("Fewer than two units have n of {n} or more (and ten customers): none is compared.", n=FEWEST_CASES)
    fields = {"n": int(compared.sum()), "all": len(rows), "usual": form.value(rows["usual"].iloc[0])}
    sentences = [t("Overall: {usual}. {n} of {all} units have enough cases to be compared.", **fields)]
    outside = [place for place in rows.index if rows.loc[place, "statement"] in SIDES]
    if outside:
        listed = "; ".join(_unit(form, names[place], rows.loc[place]) for place in outside)
        sentences.append(t("Differ clearly, adjusted for the number of comparisons: {units}.", units=listed))
    else:
        sentences.append(t("None differs clearly, adjusted for the number of comparisons."))
    phi = float(rows["phi"].iloc[0])
    if phi > 1:
        times = number(reader, float(np.sqrt(phi)), 1)
        sentences.append(
            t(
                "Units vary {phi} times as much as chance alone would make them, and the limits are "
                "widened accordingly.",
                phi=times,
            )
        )
    else:
        sentences.append(t("The limits account for chance only."))
    sentences.append(
        t("Units with other customers, channels or topics may differ for that reason: this is no ranking.")
    )
    return " ".join(sentences)


def statement(reader: Reader, said: str) -> str:
    """The statement on a unit in the reader's words."""
    t = reader.t
    words = {
        BETTER: t("clearly better"), WORSE: t("clearly worse"),
        USUAL: t("no clear difference"), APART: t("not compared"),
        ABOVE: t("clearly above"), BELOW: t("clearly below"),
    }  # fmt: skip
    return words[said]


def _told(reader: Reader, kpi: Card, rows: pd.DataFrame, names: list[str], by: list[str]) -> Told:
    t = reader.t
    heading = t("{label} by {groups}", label=labels.label(reader, kpi), groups=group_names(reader, by))
    found = "; ".join(
        f"{statement(reader, said)}: {', '.join(names[place] for place in mine)}"
        for said in SIDES
        if len(mine := rows.index[rows["statement"] == said])
    )
    if not found:
        compared = (rows["statement"] != APART).any()
        found = t("none differs clearly") if compared else t("too few cases to compare")
    period = dates.period(reader, str(rows["period"].iloc[0]))
    subject = t(
        "{heading}, {period}, against the number of cases. Within the band lie 95% and between the lines 99.8% of "
        "usual units; grey is not compared",
        heading=heading, period=period,
    )  # fmt: skip
    alt = t("Funnel plot: {what}; {n} units: {units}", what=subject, n=len(rows), units=", ".join(names))
    return Told(f"{heading}. {found[:1].upper()}{found[1:]}", subject, alt, sentence(reader, kpi, rows, names))


def _unit(form: Form, name: str, row: Any) -> str:
    fields = {
        "unit": name,
        "value": form.value(row["value"]),
        "interval": form.interval(row["low"], row["high"]),
        "cases": cases(form.reader, row["n"]),
        "verdict": statement(form.reader, row["statement"]),
    }
    return form.reader.t("{unit} {value} (95% interval {interval}; {cases}; {verdict})", **fields)


def _painter(rows: pd.DataFrame, names: list[str], form: Form) -> Painter:
    def painter(figure: Any) -> None:
        from matplotlib.ticker import FuncFormatter, MaxNLocator

        axes = figure.subplots()
        usual = float(rows["usual"].iloc[0])
        limits = rows.dropna(subset=["far_low"]).sort_values("worth", kind="stable")
        band = limits["usual_low"], limits["usual_high"]
        axes.fill_between(limits["worth"], *band, color=BAND, linewidth=0, label="95%")
        for name in ("far_low", "far_high"):
            axes.plot(limits["worth"], limits[name], color=FAINT, linewidth=1, label="99.8%")
        axes.axhline(usual, color=ACCENT, linewidth=1.4, label="usual")
        _points(axes, rows, names)
        axes.set_xlabel(form.reader.t("number of cases"))
        axes.margins(x=0.12, y=0.12)
        axes.grid(visible=False, axis="x")
        for axis, writes in ((axes.yaxis, form.tick), (axes.xaxis, lambda n: number(form.reader, n))):
            axis.set_major_locator(MaxNLocator(4, steps=[1, 2, 2.5, 5, 10]))
            axis.set_major_formatter(FuncFormatter(lambda amount, _, writes=writes: writes(amount)))

    return painter


def _points(axes: Any, rows: pd.DataFrame, names: list[str]) -> None:
    """Every unit a point; only those outside have a name, so that nobody is looked up in a ranking."""
    outside = rows["statement"].isin(SIDES)
    grey = rows["statement"] == APART
    # One colour for whoever stands apart: the words beside the picture say which side is the good one.
    for mine, colour, size in ((grey, FAINT, 30), (~grey & ~outside, MUTED, 36), (outside, ACCENT, 70)):
        label = {FAINT: "not compared", MUTED: "as usual", ACCENT: "apart"}[colour]
        axes.scatter(rows.loc[mine, "worth"], rows.loc[mine, "value"], s=size, color=colour, zorder=3, label=label)
    # Names of neighbours stand one above and one below their point.
    for turn, place in enumerate(rows[outside].sort_values("worth", kind="stable").index):
        axes.annotate(
            names[place], (rows.loc[place, "worth"], rows.loc[place, "value"]), (6, 3 if turn % 2 else -3),
            textcoords="offset points", va="bottom" if turn % 2 else "top",
            color=ACCENT, fontweight="bold", fontsize=10,
        )  # fmt: skip


def _table(form: Form, rows: pd.DataFrame, names: list[str], unit: str) -> tuple[Markup, str]:
    t = form.reader.t
    heads = [unit[:1].upper() + unit[1:], t("Value"), t("n"), t("95% range for this n, without adjustment")]
    heads += [t("Value adjusted for sample size"), t("Assessment")]
    cells, lines = [], ["\t".join(heads)]
    for name, row in zip(names, rows.to_dict("records"), strict=True):
        said = statement(form.reader, row["statement"])
        written = [
            (form.value(row["value"]), form.interval(row["low"], row["high"])),
            (form.value(row["shrunken"]), form.interval(row["shrunken_low"], row["shrunken_high"])),
        ]
        own, drawn_in = (SMALL.format(*one) if not is_missing(row["low"]) else MISSING for one in written)
        usual, n = form.interval(row["usual_low"], row["usual_high"]), number(form.reader, row["n"])
        cells.append([name, own, n, usual, drawn_in, CHIP.format(_look(row["statement"]), said)])
        plain = (f"{value} ({interval})" for value, interval in written)
        lines.append("\t".join([name, next(plain), n, usual, next(plain), said]))
    note = t("Adjusted: moved towards the overall level, the more the fewer cases there are.")
    html = grid("", heads, cells, numeric={1, 2, 3, 4}) + Markup('<p class="muted">{}</p>').format(note)
    return html, "\n".join([*lines, note])


def _look(said: str) -> str:
    return {BETTER: "better", WORSE: "worse"}.get(said, "")
