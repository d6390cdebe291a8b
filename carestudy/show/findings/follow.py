"""What a page knows of its findings from other reports: what became of the last ones, and where each is gone into.

A page is drawn before the other reports are known, so it holds empty marks, which are filled in or taken out when the
page is published.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from html import unescape
from typing import Any

from markupsafe import Markup

from carestudy.periods import Period
from carestudy.show import dates, labels
from carestudy.show.cover import TOPICS
from carestudy.show.numbers import number
from carestudy.show.words import Reader, t

FOLLOWED = Markup('<div class="care-followed"></div>')
REPEATED = Markup('<span class="care-repeated" data-key="{}"></span>')
DETAIL = Markup('<span class="care-detail" data-report="{}"></span>')
MARK = re.compile(r'<span class="care-(repeated|detail)" data-\w+="([^"]*)"></span>')
COUNT = Markup(' <em class="muted">({})</em>')
LINK = Markup(' · <a href="{}.{}.html">{}</a>')
SECTION = Markup('<details class="care care-nothing"><summary>{}</summary><ul>{}</ul></details>')
ITEM = Markup("<li>{}</li>")
ORDINALS = {2: t("second"), 3: t("third"), 4: t("fourth"), 5: t("fifth"), 6: t("sixth")}


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


def filled(main: str, reader: Reader, rows: Sequence[Mapping[str, Any]], reports: Collection[str]) -> str:
    """A page's body with its marks filled in: how often each finding has stood in a row, and links to detail reports.

    ``rows`` are those of ``followed``, ``reports`` the detail reports that stand beside the page.
    """
    repeated = {str(row.get("key")): row for row in rows if row.get("stands")}

    def replacement(mark: re.Match[str]) -> str:
        content = unescape(mark[2])
        if mark[1] == "detail":
            return LINK.format(content, reader.lang, reader.t(TOPICS[content])) if content in reports else ""
        return COUNT.format(_in_a_row(reader, repeated[content])) if content in repeated else ""

    return MARK.sub(replacement, main).replace(FOLLOWED, followed(reader, rows))


def _in_a_row(reader: Reader, row: Mapping[str, Any]) -> str:
    """In which month in a row a finding stands."""
    t, count = reader.t, int(row.get("reports") or 2)
    ordinal = t(ORDINALS[count]) if count in ORDINALS else None
    if Period.parse(str(row["period"])).unit != "month":
        return t("stands in report number {n} in a row", n=number(reader, count))
    return (
        t("{ordinal} month in a row", ordinal=ordinal) if ordinal else t("month {n} in a row", n=number(reader, count))
    )


def _line(reader: Reader, row: Mapping[str, Any]) -> str:
    t = reader.t
    headline = labels.clean(str(row["headline"].get(reader.lang, "")))
    n = number(reader, row.get("reports") or 1)
    state = t("stands in report number {n} in a row", n=n) if row.get("stands") else t("no longer stands out")
    owner = labels.clean(str(row.get("owner") or "")) or t("not assigned")
    answer = labels.clean(str(row.get("done") or ""))
    question = t("done? ({owner}, due {day})", owner=owner, day=_day(reader, row))
    return f"{headline}: {state} · {t('done: {done}', done=answer) if answer else question}"


def _day(reader: Reader, row: Mapping[str, Any]) -> str:
    try:
        return dates.day(reader, date.fromisoformat(str(row.get("due"))))
    except ValueError:
        return "–"
