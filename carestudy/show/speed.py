"""How quick help is: median and ninth decile of first reply and solution, by the calendar and in business hours."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
from markupsafe import Markup

from carestudy.measure import units
from carestudy.show import dates, labels, sentences
from carestudy.show.numbers import MISSING, Form, is_missing, number
from carestudy.show.output import Output, figures
from carestudy.show.tables import grid
from carestudy.show.words import Reader

CHIP = Markup('{}<small>{}</small><span class="verdict {}">{}</span>')
SMALL = Markup("{}<small>{}</small>")
CLOCKS = ("calendar", "business")
TIMES = ("first_response_time", "resolution_time")
SHARES = ("median", "p90")


def kpis(*, business: bool) -> list[Any]:
    """The figures of the page: two times, their median and p90, by one clock or both."""
    from carestudy import kpi

    clocks = CLOCKS if business else CLOCKS[:1]
    asked = [(time, clock, at) for time in TIMES for clock in clocks for at in SHARES]
    return [getattr(kpi, time).of(**_options(clock, at)) for time, clock, at in asked]


def speed(reader: Reader, card: pd.DataFrame, *, business: bool, hourless: Sequence[str] = ()) -> Output:
    """A table of waiting times with what has changed, under the finding in a sentence.

    ``hourless`` are columns of moments that hold days without hours.
    """
    rows = {str(row["kpi"]): row for row in card.to_dict("records")}
    t = reader.t
    heads = [t("Waiting time"), t("half within"), t("nine of ten within"), t("Cases"), t("Still open")]
    lines = [
        _line(reader, time, clock, rows)
        for time in TIMES for clock in CLOCKS if _id(time, clock, "median") in rows
    ]  # fmt: skip
    title, said = _title(reader, rows), _sentence(reader, card, business=business or bool(hourless))
    if hourless:
        said += " " + t(
            "Days without hours stand in {columns}: their times are in whole days of the calendar, not in business "
            "hours.", columns=", ".join(hourless),
        )  # fmt: skip
    html = grid(title, heads, lines, numeric={1, 2, 3, 4}) + Markup("<p>{}</p>").format(said)
    text = "\n".join([title, *("\t".join(map(_plain, line)) for line in (heads, *lines)), said])
    return Output(html, text, figures(card), looks=("table",))


def _options(clock: str, at: str) -> dict[str, str]:
    """The options of a figure, as far as they say anything that does not hold without them."""
    return ({} if at == "median" else {"at": at}) | ({} if clock == "calendar" else {"clock": clock})


def _id(time: str, clock: str, at: str) -> str:
    told = ",".join(f"{name}={value}" for name, value in sorted(_options(clock, at).items()))
    return f"{time}({told})" if told else time


def _named(reader: Reader, time: str) -> str:
    return reader.t("first reply") if time == TIMES[0] else reader.t("solution")


def _line(reader: Reader, time: str, clock: str, rows: dict[str, Any]) -> list[Any]:
    by_clock = {"calendar": reader.t("calendar time"), "business": reader.t("business hours")}
    median = rows[_id(time, clock, "median")]
    unit = labels.unit(reader, labels.card(_id(time, clock, "median")))
    written = [_cell(Form(reader, unit), rows.get(_id(time, clock, at))) for at in SHARES]
    n = int(median["n"])
    open_ = number(reader, n - int(median["numerator"]))
    return [f"{_named(reader, time)}, {by_clock[clock]}", *written, number(reader, n), open_]


def _cell(form: Form, row: Any) -> Any:
    """A time with its interval, and the verdict against the period before where there is one."""
    if row is None or is_missing(row["value"]):
        return MISSING
    form = form.at(row["value"])
    value, interval = form.value(row["value"]), form.interval(row["low"], row["high"])
    verdict = row["verdict"] if isinstance(row["verdict"], str) else None
    if verdict not in sentences.CLEAR:
        return SMALL.format(value, interval)
    words = f"{sentences.sign(verdict, row['change'])} {sentences.verdict_words(form, verdict)}"
    return CHIP.format(value, interval, verdict, words)


def _title(reader: Reader, rows: dict[str, Any]) -> str:
    """The finding: how long half of the customers wait, and nine of ten, for a first reply or else for a solution."""
    t = reader.t
    for time in TIMES:
        at = [rows.get(_id(time, "calendar", share)) for share in SHARES]
        known = [None if row is None or is_missing(row["value"]) else float(row["value"]) for row in at]
        if known[0] is None:
            continue
        fields = {name: _length(reader, time, one) for name, one in zip(("half", "most"), known, strict=True)}
        if time == TIMES[0]:
            return t("Half of the customers get a first reply within {half}, nine of ten within {most}", **fields)
        return t("Half of the cases are solved within {half}, nine of ten within {most}", **fields)
    return t("How long customers wait")


def _length(reader: Reader, time: str, hours: float | None) -> str:
    """How long it took, within a sentence: of days without hours, none is the same day."""
    unit = labels.unit(reader, labels.card(time))
    if units.of(unit).days and hours == 0:
        return reader.t("the same day")
    return Form(reader, unit).at(hours).value(hours)


def _sentence(reader: Reader, card: pd.DataFrame, *, business: bool) -> str:
    """What the times count, what they are compared with, and what is missing for the others."""
    t, rows = reader.t, card.to_dict("records")
    before = dates.previous(reader, str(rows[0]["period"]))
    clear = [row for row in rows if row["verdict"] in sentences.CLEAR]
    period = dates.period(reader, str(rows[0]["period"]))
    open_ = t(
        "Cases opened in {period}; open cases count for the time they have waited.", period=period,
    )  # fmt: skip
    parts = [open_]
    parts.append(_changed(reader, clear, before) if clear else t(
        "None of these times changed clearly against {before}.", before=before))  # fmt: skip
    if missing := [time for time in TIMES if not any(str(row["kpi"]).startswith(time) for row in rows)]:
        columns = {"first_response_time": "first_reply_at", "resolution_time": "resolved_at"}
        parts.append(t("Missing: {missing}.", missing=", ".join(f"contacts.{columns[one]}" for one in missing)))
    if not business:
        parts.append(t("Times in business hours are missing: the opening hours are not known."))
    return " ".join(parts)


def _changed(reader: Reader, clear: Sequence[Any], before: str) -> str:
    """The times that have clearly changed, each with its interval."""
    told = []
    for row in clear:
        card = labels.card(row["kpi"])
        form = Form(reader, labels.unit(reader, card)).at(row["value"])
        change, interval = form.change(row["change"]), form.changes(row["change_low"], row["change_high"])
        told.append(f"{labels.within(reader, card)} {change} ({interval})")
    fields = {"before": before, "times": "; ".join(told)}
    return reader.t("Clear changes against {before}: {times}.", **fields)


def _plain(cell: Any) -> str:
    if not isinstance(cell, Markup):
        return str(cell)
    return str(cell.replace(Markup("<small"), Markup(" <small")).replace(Markup("<span"), Markup(" <span")).striptags())
