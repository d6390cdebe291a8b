"""The service desk by weekday and hour: when contacts come, and how many agents they need."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time, timedelta
from typing import Any

import numpy as np
import pandas as pd
from babel.dates import format_date, format_time
from markupsafe import Markup

from carestudy.contract import CareError
from carestudy.hours import WEEKDAYS
from carestudy.show import charts, dates
from carestudy.show.labels import Card
from carestudy.show.layers import beneath
from carestudy.show.looks import ACCENT, INK, MUTED, WASH
from carestudy.show.numbers import MISSING, Form, cases, is_missing, number
from carestudy.show.output import Output, dimensions, figures
from carestudy.show.pictures import Told, drawn
from carestudy.show.tables import grid
from carestudy.show.words import Reader

MONDAY = date(2024, 1, 1)
SHADES = ("#ffffff", WASH, "#d3dee9", "#a9c0d6", "#7295b8", "#3b6794", ACCENT)
DARK = 4  # from this shade on the numbers are white
CELL = Markup('<span style="display:block;padding:0 .3em;background:{};color:{}">{}</span>')
BESIDE = Markup("{}<small>{}</small>")
Place = tuple[str, int]  # weekday and hour
Cells = Mapping[Place, str]
OWN = ("weekday", "hour", "contacts", "share", "staffed", "agents", "with_shrinkage", "service_level", "occupancy",
       "promise", "within_seconds", "handling_minutes", "weeks")  # fmt: skip


def load(reader: Reader, frame: pd.DataFrame, coverage: pd.DataFrame | None = None) -> Output:
    """A heat table of ``desk.load``, with what ``desk.coverage`` says of staffed hours where it is given."""
    rows, t = _one_group(frame), reader.t
    form = Form(reader, "number")
    busiest = _largest(rows)
    period = dates.period(reader, str(busiest["period"]))
    fields = {"when": _when(reader, busiest), "value": form.value(busiest["value"])}
    spread = {"interval": form.interval(busiest["low"], busiest["high"]), "weeks": number(reader, busiest["n"])}
    if is_missing(busiest["low"]):
        sentence = t(
            "The busiest hour is {when}: {value} contacts a week (n = {weeks} weeks).", **fields, weeks=spread["weeks"]
        )
    else:
        sentence = t(
            "The busiest hour is {when}: {value} contacts a week (95% interval {interval}; n = {weeks} weeks).",
            **fields,
            **spread,
        )
    words = [sentence, _covered(reader, coverage), _alone(reader, rows), t("Holidays count as ordinary days.")]
    subject = t("Contacts by weekday and hour, mean of {n} weeks, {period}", n=_weeks(reader, rows), period=period)
    subject += ". " + t("Dots: not staffed") if len(_unstaffed(rows)) else ""
    title = t("The busiest hour is {when}: {value} contacts a week", **fields)
    cells = {place: form.value(row["value"]) for place, row in _places(rows)}
    beside = {place: form.interval(row["low"], row["high"]) for place, row in _places(rows)}
    payload = figures(rows[["weekday", "hour", "period", "value", "low", "high", "n"]], Card("desk_load", "", "number"))
    return _heat(reader, rows, (title, subject, " ".join(filter(None, words))), (cells, beside), payload)


def staffing(reader: Reader, frame: pd.DataFrame) -> Output:
    """A heat table of ``desk.staffing``: agents by weekday and hour, and what the whole week takes."""
    rows, t = _one_group(frame).assign(calls=frame["value"].to_numpy()), reader.t
    rows = rows.assign(value=rows["agents"].astype(float), low=np.nan, high=np.nan)
    most, form = _largest(rows), Form(reader, "count")
    fields = {
        "when": _when(reader, most),
        "agents": form.value(most["agents"]),
        "roster": form.value(most["with_shrinkage"]),
        "calls": form.value(most["calls"]),
        "hours": form.value(rows["agents"].sum()),
        "paid": form.value(rows["with_shrinkage"].sum()),
    }
    words = [
        t("Most agents are needed {when}: {agents} at work ({roster} rostered) for {calls} contacts.", **fields),
        t("A week takes {hours} agent hours at work, {paid} rostered.", **fields),
        _promised(reader, most, _weeks(reader, rows)),
        t("Each hour is computed at a steady rate: peaks within an hour make waits longer."),
    ]
    subject = t("Agents needed at work by weekday and hour, {period}", period=dates.period(reader, str(most["period"])))
    title = t("Most agents are needed {when}: {agents}", **fields)
    cells = {place: form.value(row["agents"]) for place, row in _places(rows)}
    beside = {place: t("{n} rostered", n=form.value(row["with_shrinkage"])) for place, row in _places(rows)}
    payload = figures(rows[["weekday", "hour", "period", "value", "low", "high", "n"]], Card("agents", ""))
    return _heat(reader, rows, (title, subject, " ".join(words)), (cells, beside), payload)


def _promised(reader: Reader, row: Any, n: str) -> str:
    """What the agents are there for: the promise, in how many weeks it is kept, and how long a contact takes."""
    share = Form(reader, "share")
    return reader.t(
        "Target assumed: {promise} answered within {seconds} seconds, met in {weeks} of the {n} weeks, at "
        "{minutes} a contact.",
        promise=share.value(row["promise"]),
        seconds=number(reader, row["within_seconds"]),
        weeks=share.value(row["weeks"]),
        minutes=Form(reader, "minutes").value(row["handling_minutes"]),
        n=n,
    )


def _weeks(reader: Reader, rows: pd.DataFrame) -> str:
    """How many weeks there are of a weekday: of some there may be one more than of others."""
    fewest, most = int(rows["n"].min()), int(rows["n"].max())
    ends = {"low": number(reader, fewest), "high": number(reader, most)}
    return ends["high"] if fewest == most else reader.t("{low} to {high}", **ends)


def _heat(
    reader: Reader, rows: pd.DataFrame, words: tuple[str, str, str], cells: tuple[Cells, Cells], payload: Any
) -> Output:
    """The picture with its words, and below it every cell as a number with what stands beside it."""
    title, what, sentence = words
    busy = sorted(rows.loc[rows["value"].astype(float) > 0, "hour"].unique())
    hours = list(range(int(busy[0]), int(busy[-1]) + 1)) if busy else [0]
    days = [day for day in WEEKDAYS if (rows["weekday"] == day).any()]
    shades = _shades(rows)
    alt = reader.t("Heat table: {what}; {hours} hours of {days} days", what=what, hours=len(hours), days=len(days))
    largest = _largest(rows)
    scale = [number(reader, 0), cells[0][str(largest["weekday"]), int(largest["hour"])]]
    alone = [(hours.index(hour), days.index(day)) for day, hour in _unstaffed(rows) if hour in hours]
    painter = _painter(reader, [[shades[day, hour] for hour in hours] for day in days], (days, hours, scale), alone)
    picture = drawn(Told(title, what, alt, sentence), painter, 0.6 + 0.22 * len(days), payload)
    heads = [reader.t("Hour"), *(weekday(reader, day, "EEEE") for day in days)]
    lines = [[_hour(reader, hour), *(_cell(cells, (day, hour), shades) for day in days)] for hour in hours]
    table = grid(reader.t("All numbers"), heads, lines, numeric=set(range(1, len(heads))))
    told = [[_hour(reader, hour), *(" ".join(cell[day, hour] for cell in cells) for day in days)] for hour in hours]
    text = "\n".join([picture.text, *("\t".join(line) for line in (heads, *told))])
    return Output(beneath(picture.html, table), text, tuple(payload), looks=("figure", "table"))


def _painter(
    reader: Reader,
    shades: list[list[int]],
    axis: tuple[list[str], list[int], list[str]],
    alone: list[tuple[int, int]],
) -> charts.Painter:
    days, hours, scale = axis

    def painter(figure: Any) -> None:
        from matplotlib.colors import ListedColormap  # heavy, and only pictures need it

        axes, colours = figure.subplots(), ListedColormap(SHADES)
        image = axes.imshow(shades, cmap=colours, vmin=0, vmax=len(SHADES), aspect="auto", interpolation="nearest")
        if alone:
            axes.scatter(*zip(*alone, strict=True), s=7, color=MUTED, linewidth=0, label="nobody there")
        axes.set_xticks(range(0, len(hours), 2), [str(hour) for hour in hours[::2]])
        axes.set_yticks(range(len(days)), [weekday(reader, day, "EEE") for day in days])
        axes.grid(visible=False)
        axes.spines["bottom"].set_visible(False)
        bar = figure.colorbar(image, ax=axes, fraction=0.03, pad=0.02, ticks=[0, len(SHADES)])
        bar.ax.set_yticklabels(scale)
        bar.outline.set_visible(False)

    return painter


def _cell(cells: tuple[Cells, Cells], place: Place, shades: Mapping[Place, int]) -> Any:
    shade = shades[place]
    number_, beside = (cell[place] for cell in cells)
    shown = CELL.format(SHADES[shade], "#ffffff" if shade >= DARK else INK, number_)
    return BESIDE.format(shown, beside) if beside != MISSING else shown


def _shades(rows: pd.DataFrame) -> dict[Place, int]:
    """A shade for each cell: none for nothing, and equal steps up to the largest."""
    most, steps = float(rows["value"].max()), len(SHADES) - 1
    shares = {
        place: 0.0 if is_missing(row["value"]) else float(row["value"]) / (most or 1) for place, row in _places(rows)
    }
    return {place: min(steps, 1 + int(share * steps)) if share else 0 for place, share in shares.items()}


def _covered(reader: Reader, coverage: pd.DataFrame | None) -> str:
    if coverage is None or not len(coverage) or is_missing(coverage["value"].iloc[0]):
        return ""
    row, form = coverage.iloc[0], Form(reader, "share")
    fields = {"inside": form.value(row["value"]), "outside": form.value(1 - row["value"])}
    spread = {"interval": form.interval(row["low"], row["high"]), "cases": cases(reader, row["n"])}
    return reader.t(
        "{inside} of the contacts come in staffed hours (95% interval {interval}; {cases}), {outside} outside them.",
        **fields,
        **spread,
    )


def _unstaffed(rows: pd.DataFrame) -> list[Place]:
    """Hours in which contacts come and for most of which nobody is there."""
    if "staffed" not in rows:
        return []
    return [place for place, row in _places(rows) if row["staffed"] < 0.5 and row["value"] > 0]


def _alone(reader: Reader, rows: pd.DataFrame) -> str:
    """The busiest hour in which nobody is there."""
    places = _unstaffed(rows)
    if not places:
        return ""
    mine = rows[[place in places for place, _ in _places(rows)]].reset_index(drop=True)
    busiest, form = _largest(mine), Form(reader, "number")
    fields = {"when": _when(reader, busiest), "value": form.value(busiest["value"])}
    return reader.t("Outside staffed hours, most contacts come {when}: {value} a week.", **fields)


def _one_group(frame: pd.DataFrame) -> pd.DataFrame:
    others = [name for name in dimensions(frame) if name not in OWN]
    if others:
        raise CareError(f"a heat table shows one group, and this frame has several by {', '.join(others)}")
    return frame.reset_index(drop=True)


def _largest(rows: pd.DataFrame) -> Any:
    return rows.iloc[int(np.nan_to_num(rows["value"].to_numpy(float), nan=-1.0).argmax())]


def _places(rows: pd.DataFrame) -> list[tuple[Place, dict[Any, Any]]]:
    return [((str(row["weekday"]), int(row["hour"])), row) for row in rows.to_dict("records")]


def _when(reader: Reader, row: Any) -> str:
    """An hour of a weekday within a sentence."""
    hour = int(row["hour"])
    fields = {"day": weekday(reader, str(row["weekday"]), "EEEE"), "start": _hour(reader, hour)}
    return reader.t("on {day} from {start} to {end}", end=_hour(reader, hour + 1), **fields)


def weekday(reader: Reader, day: str, form: str) -> str:
    """The name of a weekday, long or short."""
    return format_date(MONDAY + timedelta(days=WEEKDAYS.index(day)), form, locale=reader.locale)


def _hour(reader: Reader, hour: int) -> str:
    return format_time(time(hour % 24), "H:mm", locale=reader.locale) if hour < 24 else "24:00"
