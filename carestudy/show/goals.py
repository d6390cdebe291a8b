"""Goals, shown: each figure beside its target in its own scope, and how far each scope attains its goals."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from markupsafe import Markup

from carestudy.people.goal_attainment import CANNOT_TELL, JUDGED, MISSED, NO_DATA, REACHED
from carestudy.show import dates, labels
from carestudy.show.charts import Painter
from carestudy.show.looks import BETTER, INK, RULE, WORSE
from carestudy.show.numbers import MISSING, Form, is_missing, number
from carestudy.show.output import MEASURED, NAMED, Output, figures
from carestudy.show.pictures import Told, drawn
from carestudy.show.tables import grid
from carestudy.show.words import Reader
from carestudy.targets import COUNTS, FIGURE, NO_DIRECTION, OTHER, PERIOD, SCOPE, SEVERAL, UNIT

COLOURS = {REACHED: BETTER, CANNOT_TELL: RULE, MISSED: WORSE}
ON = {REACHED: "white", CANNOT_TELL: INK, MISSED: "white"}
LOOKS = {REACHED: "better", MISSED: "worse"}
SMALL = Markup("{}<small>{}</small>")
CHIP = Markup('<span class="verdict {}">{}</span>')
NARROWEST = 0.08  # of a bar, that its share is written in it
LONGEST = 28  # letters of a name beside a bar
MOST_SCOPES = 12  # in a picture; more of them are a table


def goals(reader: Reader, frame: pd.DataFrame, attained: pd.DataFrame) -> Output:
    """The goals that hold in the period: the margin to each target with its interval, a table, and a sentence."""
    t = reader.t
    rows = frame[frame["statement"] != OTHER].reset_index(drop=True)
    if rows.empty:
        none = t("No goal is set for this period.")
        return Output(Markup("<p>{}</p>").format(none), none)
    period = dates.period(reader, str(rows["period"].iloc[0]))
    said = sentence(reader, frame, attained)
    html, lines = _table(reader, rows)
    columns = ["scope", *NAMED, *MEASURED]
    payload = figures(rows.reindex(columns=columns))
    if not 0 < len(attained) <= MOST_SCOPES:
        whole = Markup("<p>{}</p>").format(said) + html
        return Output(whole, f"{said}\n{lines}", payload, looks=("table",))
    subject = t("Goals of {period} by weight: green reached, grey too close to call, red not reached", period=period)
    alt = t("Bar chart: {what}; {n} scopes", what=subject, n=len(attained))
    texts = Told(_title(reader, rows), subject, alt, said)
    picture = drawn(texts, _painter(reader, attained), 0.4 + 0.42 * len(attained), payload)
    return Output(picture.html + html, f"{picture.text}\n{lines}", payload, looks=("figure", "table"))


def sentence(reader: Reader, frame: pd.DataFrame, attained: pd.DataFrame) -> str:
    """How many goals are reached, what each scope attains by weight, and what could not be judged and why."""
    t, share = reader.t, Form(reader, "share")
    counts = frame["statement"].value_counts()
    fields = {"reached": counts.get(REACHED, 0), "missed": counts.get(MISSED, 0), "unsure": counts.get(CANNOT_TELL, 0)}
    sentences = [
        t("{n} goals judged: {reached} reached, {missed} not reached, {unsure} too close to call.",
          n=sum(int(value) for value in fields.values()), **fields),
        t("Too close to call: the interval covers the target, cases are few, or the period is not over."),
    ]  # fmt: skip
    text = "; ".join(
        f"{scope(reader, row['scope'])} {share.value(row['attainment'])}"
        for row in attained.to_dict("records")
        if not is_missing(row["attainment"])
    )
    if text:
        sentences.append(t("Mean attainment by weight, no goal counting for more than 100%: {scopes}.", scopes=text))
    judged = frame[frame["statement"].isin(JUDGED)]
    if carried := int((judged["from_period"].notna() & (judged["from_period"] != judged["period"])).sum()):
        sentences.append(t("{n} of them were set for an earlier period and still hold.", n=carried))
    odd = frame[~frame["statement"].isin((*JUDGED, OTHER))]
    if len(odd):
        sentences.append(t("{n} goals could not be judged; the table says why.", n=len(odd)))
    if counts.get(OTHER, 0):
        sentences.append(t("{n} goals are for other periods.", n=int(counts[OTHER])))
    return " ".join(sentences)


def statement(reader: Reader, said: str) -> str:
    """The statement on a goal in the reader's words."""
    t = reader.t
    words = {
        REACHED: t("reached"), MISSED: t("not reached"), CANNOT_TELL: t("too close to call"), NO_DATA: t("no data"),
        FIGURE: t("unknown figure"), SCOPE: t("unknown scope"), PERIOD: t("unknown period"),
        NO_DIRECTION: t("no direction"), SEVERAL: t("given several times"), OTHER: t("other period"),
        UNIT: t("percent or part of 1?"),
    }  # fmt: skip
    return words[said]


def scope(reader: Reader, written: str) -> str:
    """Whose goal it is: the company, or the groups it names."""
    if written.casefold() == "company":
        return reader.t("Company")
    parts = [part.partition("=") for part in written.split(",") if part]
    named = (labels.group(reader, name.strip(), value.strip() or name) for name, _, value in parts)
    return labels.clean(" · ".join(named))


def name(reader: Reader, kpi: str) -> str:
    """The name of a KPI or of a count of the customer base."""
    t = reader.t
    counts = {"customers": t("Customers"), "new_customers": t("New customers"), "lost_customers": t("Lost customers")}
    return counts.get(kpi) or labels.label(reader, labels.card(kpi))


def _title(reader: Reader, rows: pd.DataFrame) -> str:
    missed = rows[rows["statement"] == MISSED]
    if missed.empty:
        return reader.t("Goals: none is clearly missed")
    return reader.t("Goals: {n} of {all} are not reached", n=len(missed), all=int(rows["statement"].isin(JUDGED).sum()))


def _form(reader: Reader, row: Any) -> Form:
    kpi = str(row["kpi"])
    return Form(
        reader,
        "count" if kpi in COUNTS else labels.unit(reader, labels.card(kpi)),
        0.0 if is_missing(row["target"]) else abs(float(row["target"])),
    ).at(row["value"])


def _table(reader: Reader, rows: pd.DataFrame) -> tuple[Markup, str]:
    t = reader.t
    owned = rows["owner"].notna().any()
    heads = [t("Figure"), t("Scope"), t("Value"), t("Target"), t("Weight"), t("Set for")]
    heads += [*([labels.column(reader, "owner")] if owned else []), t("Assessment")]
    cells, lines = [], ["\t".join(heads)]
    for row in rows.to_dict("records"):
        form, said = _form(reader, row), _said(reader, row)
        value, interval = form.value(row["value"]), form.interval(row["low"], row["high"])
        first, last = [name(reader, str(row["kpi"])), scope(reader, row["scope"])], _target(form, row)
        last += [labels.group(reader, "owner", row["owner"])] if owned else []
        own: Any = value if interval == MISSING else SMALL.format(value, interval)
        plain = value if interval == MISSING else f"{value} ({interval})"
        cells.append([*first, own, *last, CHIP.format(LOOKS.get(row["statement"], ""), said)])
        lines.append("\t".join([*first, plain, *last, said]))
    return grid("", heads, cells, numeric={2, 3, 4}), "\n".join(lines)


def _said(reader: Reader, row: dict[Any, Any]) -> str:
    """The statement on a goal, with the known name closest to one that nobody knows."""
    said = statement(reader, row["statement"])
    if not isinstance(row["near"], str):
        return said
    return reader.t("{statement}; did you mean “{near}”?", statement=said, near=labels.clean(row["near"]))


def _target(form: Form, row: dict[Any, Any]) -> list[str]:
    """The target with its direction, the weight, and the period it was set for."""
    sign = {"higher": "≥\xa0", "lower": "≤\xa0"}.get(str(row["better"]), "")
    weight = number(form.reader, row["weight"], 0 if float(row["weight"]).is_integer() else 1)
    since = row["from_period"]
    told = dates.period(form.reader, labels.clean(since)) if isinstance(since, str) else form.reader.t("every period")
    return [sign + form.value(row["target"]), weight, told]


def _painter(reader: Reader, attained: pd.DataFrame) -> Painter:
    """A bar for each scope: the weight of the goals reached, of those nobody can tell of, and of those missed."""

    def painter(figure: Any) -> None:
        axes, left = figure.subplots(), np.zeros(len(attained))
        for said, column in ((REACHED, "reached"), (CANNOT_TELL, "cannot_tell"), (MISSED, "not_reached")):
            width = attained[column].to_numpy(float)
            axes.barh(range(len(attained)), width, left=left, height=0.62, color=COLOURS[said], label=column)
            for place in np.flatnonzero(width >= NARROWEST):
                written = Form(reader, "share").tick(round(width[place], 2))
                axes.text(left[place] + width[place] / 2, place, written, ha="center", va="center", color=ON[said])
            left = left + width
        axes.set_yticks(range(len(attained)), [_short(scope(reader, one)) for one in attained["scope"]])
        axes.set_ylim(len(attained) - 0.5, -0.5)
        axes.set_xlim(0, 1)
        axes.tick_params(axis="y", labelcolor=INK)
        axes.set_xticks([])
        axes.grid(visible=False)
        axes.spines["bottom"].set_visible(False)

    return painter


def _short(name: str) -> str:
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"
