"""The bridge: how the customers at the start of a period became those at its end."""

from __future__ import annotations

from typing import Any

import pandas as pd

from carestudy.contract import Reason, Refused
from carestudy.show import charts, dates, gaps
from carestudy.show.numbers import Form
from carestudy.show.output import Output, figures
from carestudy.show.pictures import Told, drawn
from carestudy.show.words import Reader

PARTS = ("start", "lost", "new", "returned", "end", "undecided", "came_and_left")


def bridge(reader: Reader, frame: pd.DataFrame, period: str) -> Output:
    """Customers at the start, less the lost, and the new and returned ones, as steps to those at the end."""
    if "note" in frame and isinstance(reason := frame["note"].iloc[0], Reason):
        return gaps.refused(reader, Refused(reason, "customers"), reader.t("How the number of customers changed"))
    counts = {part: float(frame[part].fillna(0).sum()) if part in frame else 0.0 for part in PARTS}
    form = Form(reader, "count")
    fields = {part: form.value(count) for part, count in counts.items()}
    subject = reader.t(
        "Customers in {period}; the axis does not start at zero, the steps are to scale",
        period=dates.period(reader, period),
    )
    sentence = _sentence(reader, counts, fields, dates.heading(reader, period))
    alt = reader.t("Waterfall chart: {what}", what=subject)
    texts = Told(_title(reader, counts, fields, dates.period(reader, period)), subject, alt, sentence)
    return drawn(texts, charts.waterfall(_steps(reader, counts), form), 2.5, _figures(frame))


def _steps(reader: Reader, counts: dict[str, float]) -> list[tuple[str, float, float]]:
    t, level = reader.t, counts["start"]
    steps = [(t("At start"), level, level)]
    for name, change in ((t("Lost"), -counts["lost"]), (t("New"), counts["new"]), (t("Returned"), counts["returned"])):
        if change:
            steps.append((name, level, level + change))
        level += change
    return [*steps, (t("At end"), counts["end"], counts["end"])]


def _title(reader: Reader, counts: dict[str, float], said: dict[str, str], period: str) -> str:
    t, net = reader.t, counts["end"] - counts["start"]
    if not net:
        return t("As many customers at the end of {period} as at its start", period=period)
    come = [t("{new} new", **said), *([t("{returned} returned", **said)] if counts["returned"] else [])]
    gone = t("{lost} lost", **said)
    size = Form(reader, "count").value(abs(net))
    if net > 0:
        return t(
            "Customers grew by {size} in {period}: {steps}", size=size, period=period, steps=", ".join([*come, gone])
        )
    return t(
        "Customers shrank by {size} in {period}: {steps}", size=size, period=period, steps=", ".join([gone, *come])
    )


def _sentence(reader: Reader, counts: dict[str, float], said: dict[str, str], period: str) -> str:
    t, asked = reader.t, {"period": period, **said}
    sentence = t("{period}: {start} customers at the start, {lost} lost, {new} new, {end} at the end.", **asked)
    if counts["returned"]:
        sentence = t(
            "{period}: {start} customers at the start, {lost} lost, {new} new, {returned} returned, {end} at the end.",
            **asked,
        )
    if counts["came_and_left"]:
        sentence += " " + t("Joined and left within the period, not included above: {came_and_left}.", **asked)
    if counts["undecided"]:
        sentence += " " + t(
            "Still counted as customers, without a purchase for some time and not yet decided: {undecided}.", **asked
        )
    return sentence


def _figures(frame: pd.DataFrame) -> list[dict[str, Any]]:
    parts = [part for part in PARTS if part in frame]
    kept = [name for name in frame.columns if name not in (*parts, "note")]
    long = frame.melt(kept, parts, "kpi", "value")
    long["kpi"] = "customers_" + long["kpi"].astype(str)
    return [record | {"unit": "count"} for record in figures(long)]
