"""What customers will bring, group by group: dots on their intervals, beside what they have brought so far."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from markupsafe import Markup

from carestudy.show import charts, labels
from carestudy.show.layers import beneath
from carestudy.show.numbers import Form, is_missing, number
from carestudy.show.output import Output
from carestudy.show.pictures import Told, drawn, group_names
from carestudy.show.tables import grid
from carestudy.show.value import words
from carestudy.show.value.brought import PROSE
from carestudy.show.words import Reader
from carestudy.value import LifetimeValue

MEASURED = ("value", "low", "high", "customers", "brought")
FORECAST, DIGITS = ("value", "low", "high"), 3  # what is expected, and how many digits of it are shown


def ahead(reader: Reader, lifetime: LifetimeValue) -> Output:
    """The value of a customer within the horizon: of each group and of all, with intervals, trusted or not."""
    if not lifetime.method or lifetime.whole["value"].isna().all():
        return _brought_only(reader, lifetime)
    t, whole = reader.t, lifetime.whole.iloc[0]
    by = [str(name) for name in lifetime.frame.columns if name not in MEASURED]
    form = Form(reader, "money", float(max(lifetime.frame["value"].max(), whole["value"])))
    rows = lifetime.frame if by else lifetime.whole
    order = sorted(rows.index, key=lambda row: tuple(labels.order(name, rows.loc[row, name]) for name in by))
    rows = rows.loc[order].reset_index(drop=True)
    names = [labels.groups(reader, by, row) for row in rows.to_dict("records")] if by else []
    html, text = _table(form, lifetime, (rows, names), group_names(reader, by) if by else t("Customers"))
    told = _told(reader, form, lifetime, by)
    if not by:
        head = f"{told.title}. {told.sentence}"
        return Output(_prose(told) + html, f"{head}\n{text}", _records(lifetime, rows, by), looks=("figure", "table"))
    drawable = rows.assign(n=rows["customers"], compared=rows["value"].notna())
    painter = charts.dots(drawable, names, form, float(whole["value"]))
    payload = _records(lifetime, rows, by)
    shown = drawn(told, painter, 0.9 + 0.52 * len(rows), payload)
    return Output(beneath(shown.html, html), f"{shown.text}\n{text}", payload, looks=("figure", "table"))


def _rounded(frame: pd.DataFrame) -> pd.DataFrame:
    """A forecast with the digits that it can have: its seventh digit would be as exact as a count."""
    return frame.assign(**{name: frame[name].map(lambda value: float(f"{value:.{DIGITS}g}")) for name in FORECAST})


def _records(lifetime: LifetimeValue, rows: pd.DataFrame, by: list[str]) -> tuple[dict[str, Any], ...]:
    """The figures for machines: of each group, and of all."""
    told = [(row, {name: row[name] for name in by}) for row in rows.to_dict("records")] if by else []
    told.append((lifetime.whole.iloc[0].to_dict(), {}))
    return tuple(
        {"kpi": "lifetime_value", "by": groups, "period": f"{lifetime.horizon} from {lifetime.as_of}", "unit": "money",
         "numerator": None, "denominator": None, "n": float(row["customers"])}
        | {name: None if is_missing(row[name]) else float(f"{row[name]:.9g}") for name in ("value", "low", "high")}
        for row, groups in told
    )  # fmt: skip


def _told(reader: Reader, form: Form, lifetime: LifetimeValue, by: list[str]) -> Told:
    t, whole = reader.t, _rounded(lifetime.whole).iloc[0]
    fields = {"value": form.value(whole["value"]), "time": words.ahead(reader, lifetime)}
    title = t("A customer will bring {value} in {time}", **fields)
    if lifetime.trusted == "no":
        title = t("Not to be used yet: the model says about {value} per customer in {time}", **fields)
    title = labels.clean(title)
    subject = t("expected per customer in {time}, with 95% intervals", time=fields["time"])
    if by:
        subject = t("{what}, by {groups}", what=subject, groups=group_names(reader, by))
    interval = t(
        "95% interval {interval}; {n} customers.",
        interval=form.interval(whole["low"], whole["high"]),
        n=number(reader, whole["customers"]),
    )
    sentence = f"{interval} {words.verdict(reader, lifetime)}. {words.basis(reader, lifetime)}"
    return Told(title, subject, t("Dots: {what}", what=subject), sentence)


def _table(form: Form, lifetime: LifetimeValue, groups: tuple[pd.DataFrame, list[str]], head: str) -> tuple[Any, str]:
    t, (rows, names) = form.reader.t, groups
    most = float(np.nanmax([*rows["brought"], *lifetime.whole["brought"]]))
    so_far = Form(form.reader, "money", most)
    heads = [
        head[:1].upper() + head[1:], t("Expected revenue"), t("95% interval"), t("Revenue to date"),
        labels.column(form.reader, "customers"),
    ]  # fmt: skip
    whole = [(t("All customers"), _rounded(lifetime.whole).iloc[0].to_dict())]
    told = [*zip(names, _rounded(rows).to_dict("records"), strict=True), *whole] if names else whole
    lines = [
        [
            name, form.value(row["value"]), form.interval(row["low"], row["high"]), so_far.value(row["brought"]),
            number(form.reader, row["customers"]),
        ]
        for name, row in told
    ]  # fmt: skip
    text = "\n".join("\t".join(line) for line in (heads, *lines))
    return grid("", heads, lines, numeric={1, 2, 3, 4}), text


def _brought_only(reader: Reader, lifetime: LifetimeValue) -> Output:
    """What was brought, and why nothing is said of what is to come."""
    t, row = reader.t, lifetime.whole.iloc[0]
    form = Form(reader, "money", float(np.nan_to_num(row["brought"])))
    fields = {"value": form.value(row["brought"]), "n": number(reader, row["customers"])}
    sentence = t("So far {n} customers have brought {value} each on average.", **fields)
    gap = words.no_forecast(reader, lifetime)
    return Output(gap.html + Markup("<p>{}</p>").format(sentence), f"{gap.text}\n{sentence}", looks=("gap",))


def _prose(told: Told) -> Markup:
    return PROSE.format(told.title, told.sentence)
