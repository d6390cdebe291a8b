"""What became of last month's findings and of what was to be done about them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from markupsafe import Markup

from carestudy.show import dates, labels
from carestudy.show.numbers import number
from carestudy.show.words import Reader

HERE = '<div class="care-followed"></div>'  # where it stands in a page
SECTION = Markup('<details class="care care-nothing"><summary>{}</summary><ul>{}</ul></details>')
ITEM = Markup("<li>{}</li>")


def followed(reader: Reader, rows: Sequence[Mapping[str, Any]]) -> Markup:
    """A line for each finding of the last report: whether it stands, for how many reports, and what was done."""
    if not rows:
        return Markup("")
    counts = {
        "period": dates.period(reader, str(rows[0].get("period"))),
        "n": number(reader, len(rows)),
        "standing": number(reader, sum(bool(row.get("stands")) for row in rows)),
        "done": number(reader, sum(bool(row.get("done")) for row in rows)),
    }
    title = reader.t("Of the {n} findings of {period}, {standing} still stand; {done} reported as done", **counts)
    return SECTION.format(title, Markup("").join(ITEM.format(_line(reader, row)) for row in rows))


def _line(reader: Reader, row: Mapping[str, Any]) -> str:
    t = reader.t
    headline = labels.clean(str(row["headline"].get(reader.lang, "")))
    n = number(reader, row.get("reports") or 1)
    state = t("stands in report number {n} in a row", n=n) if row.get("stands") else t("no longer stands out")
    owner = labels.clean(str(row.get("owner") or "")) or t("not assigned")
    done = labels.clean(str(row.get("done") or ""))
    asked = (
        t("done: {done}", done=done) if done else t("done? ({owner}, due {day})", owner=owner, day=_day(reader, row))
    )
    return f"{headline}: {state} · {asked}"


def _day(reader: Reader, row: Mapping[str, Any]) -> str:
    try:
        return dates.day(reader, date.fromisoformat(str(row.get("due"))))
    except ValueError:
        return "–"
