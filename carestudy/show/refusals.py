"""Why a figure is not told, in the reader's words; and what hangs on the days after which silence counts as leaving."""

from __future__ import annotations

from datetime import date
from typing import Any

from carestudy.contract import Reason
from carestudy.show import dates, labels
from carestudy.show.numbers import Form, is_missing, number
from carestudy.show.words import Reader


def why(reader: Reader, note: object) -> str:
    """The sentence that says why there is no figure; nothing where there is nothing to say."""
    if isinstance(note, Reason):
        return reader.t(note.message, **{name: _written(reader, name, one) for name, one in note.values.items()})
    return reader.t(note) if isinstance(note, str) and note else ""


def sentence(reader: Reader, note: object) -> str:
    """The same as a sentence of its own."""
    text = why(reader, note)
    return text[:1].upper() + text[1:] + "." if text else ""


def first(reader: Reader, frame: Any) -> str:
    """The first reason that a frame of figures notes, as a sentence; nothing where it notes none."""
    notes = list(frame["note"].dropna()) if "note" in frame else []
    return sentence(reader, notes[0]) if notes else ""


def _written(reader: Reader, name: str, value: Any) -> str:
    if isinstance(value, date):
        return dates.day(reader, value)
    if isinstance(value, int):
        return number(reader, value)
    if name in ("table", "other"):
        return labels.lowered(labels.table(reader, str(value)))
    return dates.period(reader, str(value)) if name == "period" else labels.clean(str(value))


def silence(reader: Reader, care: Any) -> str:
    """After how many days without a purchase a customer counts as lost, and which share is, with half and twice these.

    Nothing where contracts tell who left.
    """
    from carestudy.overview import silence_effect  # loaded with the engine where it is used

    effect, t, form = silence_effect(care), reader.t, Form(reader, "share")
    if effect is None or effect.empty:
        return ""
    half, once, twice = effect.to_dict("records")
    shares = {
        name: t("not known") if is_missing(row["value"]) else form.value(row["value"])
        for name, row in (("half", half), ("once", once), ("twice", twice))
    }
    days = {f"{name}_days": number(reader, row["days"]) for name, row in (("half", half), ("twice", twice))}
    if care.silence is not None and not care.silence.sure:
        return t(
            "These data cannot tell after how many days without a purchase a customer is lost: until care.toml says "
            "inactive_after (at most {longest} days can be judged here), nothing is said of who left. With {half_days} "
            "days {half} of all customers would count as lost at the end of the data, with {days} days {once}, with "
            "{twice_days} days {twice}.",
            longest=number(reader, care.silence.longest), days=number(reader, once["days"]), **shares, **days,
        )  # fmt: skip
    said = t(
        "Customers who buy nothing for {days} days count as lost: {once} of all at the end of the data; with "
        "{half_days} days {half}, with {twice_days} days {twice}.", days=number(reader, once["days"]), **shares, **days,
    )  # fmt: skip
    if once["leaps"]:
        leaps = t("A few days more or less would change that much: choose the days by how your customers buy.")
        said = f"{said} {leaps}"
    return said


def leavers(reader: Reader, care: Any) -> str:
    """How many had left where the data are a list of who had, and that they do not tell when; elsewhere nothing."""
    from carestudy.overview import left_by  # loaded with the engine where it is used

    row = left_by(care)
    if row is None:
        return ""
    form = Form(reader, "share")
    fields = {
        "left": number(reader, row["numerator"]),
        "n": number(reader, row["n"]),
        "day": dates.day(reader, row["day"]),
    }
    return reader.t(
        "By {day}, {left} of {n} customers had left ({share}; 95% interval {interval}). The data do not state "
        "when, so retention, 12-month churn and time as a customer are not reported.",
        share=form.value(row["value"]), interval=form.interval(row["low"], row["high"]), **fields,
    )  # fmt: skip
