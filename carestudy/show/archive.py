"""Around the reports: the list of all that were published, of the groups of one, and of what was restated."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from markupsafe import Markup

from carestudy.show import dates, labels, tables
from carestudy.show.cover import small
from carestudy.show.labels import Card
from carestudy.show.looks import LOOKS
from carestudy.show.numbers import Form, number
from carestudy.show.words import LOCALES, Reader

MOST = 15  # restated figures on a page; all of them stand in the file beside it
LANGUAGES = {"vi": "Tiếng Việt", "en": "English"}
POLICY = Markup("default-src 'none'; img-src data:; style-src 'unsafe-inline'")
STYLE = """body{margin:0;background:#fff}
.care{margin:0 auto;padding:1.5rem 1.25rem 3rem;max-width:46rem}
.care h1{font-size:1.75rem;line-height:1.25;margin:.5rem 0}
.care h2{font-size:1.2rem;line-height:1.3;margin:2rem 0 .3rem;padding-top:.7rem;border-top:1px solid #16202a}
.care a{color:#12436d;text-underline-offset:.15em;padding:.2rem 0}
.care a:focus-visible,.care [tabindex]:focus-visible{outline:3px solid #12436d;outline-offset:2px}
.care ul{padding-left:1.1rem}
.care li{margin:.35rem 0}
@page{size:A4;margin:16mm}"""
PAGE = Markup(
    '<!DOCTYPE html>\n<html lang="{lang}">\n<head>\n<meta charset="utf-8">\n'
    '<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
    '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    '<meta name="referrer" content="no-referrer">\n<title>{title}</title>\n<style>\n{style}\n</style>\n</head>\n'
    '<body>\n<main class="care">\n<nav>{other}</nav>\n<h1>{title}</h1>\n{body}\n</main>\n</body>\n</html>\n'
)
LINK = Markup('<a href="{}">{}</a>')
IN_LANGUAGE = Markup('<a href="{}" hreflang="{}" lang="{}">{}</a>')


@dataclass(frozen=True)
class Entry:
    """A published report: its period, its pages by language, and what a reader is told of each."""

    period: str
    pages: Mapping[str, str]
    title: Mapping[str, str]
    name: str
    known: str = ""
    restated: int = 0
    failed: bool = False
    first: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Listed:
    """One group of a company with the pages of its report; none where it failed."""

    group: str | None
    pages: Mapping[str, str]
    customers: int | None = None
    merged: int = 0
    whole: bool = False


def archive(reader: Reader, entries: Sequence[Entry]) -> str:
    """The list of all reports, the newest period first; ``entries`` stand in that order."""
    t = reader.t
    parts = []
    for period in dict.fromkeys(entry.period for entry in entries):
        mine = [_entry(reader, entry) for entry in entries if entry.period == period]
        heading = Markup("<h2>{}</h2>").format(dates.heading(reader, period))
        parts.append(Markup("{}<ul>{}</ul>").format(heading, Markup("").join(mine)))
    body = Markup("\n").join(parts) or Markup("<p>{}</p>").format(t("No report has been published yet."))
    return _page(reader, t("Reports"), body)


def each(reader: Reader, title: str, rows: Iterable[Listed], *, dimension: str, checked: str) -> str:
    """The list of the reports of all groups, after that of the whole; ``checked`` says how they add up."""
    t = reader.t
    lines = [
        [_linked(reader, _group(reader, dimension, row), row.pages), _customers(reader, row), _others(reader, row)]
        for row in rows
    ]
    heads = [labels.column(reader, dimension), t("Customers"), t("Other language")]
    grid = tables.grid("", heads, lines, numeric={1})
    return _page(reader, title, Markup("<p>{}</p>{}").format(checked, grid))


def restated(reader: Reader, changes: Sequence[Mapping[str, Any]], not_compared: Sequence[str] = ()) -> Markup:
    """The section that says which published figures are told otherwise now, and what changed in between.

    ``not_compared`` are the periods of earlier reports whose figures could not be read.
    """
    if not changes and not not_compared:
        return Markup("")
    told, grid = _changes(reader, changes) if changes else ("", Markup(""))
    unread = [_not_compared(reader, period) for period in not_compared]
    words = Markup("").join(Markup("<p>{}</p>").format(line) for line in [*filter(None, [told]), *unread])
    return Markup('<section class="prose"><h2>{}</h2>{}</section><div class="care">{}</div>').format(
        reader.t("Figures restated"), words, grid
    )


def _not_compared(reader: Reader, period: str) -> str:
    return reader.t(
        "The figures of the earlier report of {period} could not be read, so this report could not be compared with "
        "it: whether it restates figures is not known.",
        period=dates.period(reader, period),
    )


def _changes(reader: Reader, changes: Sequence[Mapping[str, Any]]) -> tuple[str, Markup]:
    """The sentence over the restated figures, and their table."""
    t = reader.t
    heads = [t("Figure"), t("Period"), t("Was"), t("Is now"), t("Changed in between")]
    rows = [_change(reader, change) for change in changes[:MOST]]
    sentence = t("An earlier report gave these figures otherwise, although their period was over then.")
    if len(changes) > MOST:
        sentence += " " + t(
            "{shown} of {all} are shown; the file beside this page lists them all.",
            shown=MOST, all=number(reader, len(changes)),
        )  # fmt: skip
    return sentence, tables.grid(t("Restated figures"), heads, rows, numeric={2, 3})


def notices(reader: Reader, vanished: Mapping[str, Sequence[str]] | None, *, unfinished: bool) -> Markup:
    """The warnings at the top of a report: data that are not complete, and figures that the last report had."""
    lines = [_vanished(reader, vanished["kpis"], vanished["columns"])] if vanished else []
    if unfinished:
        lines.append(reader.t("Not all tables reach to the end of the period: this report is preliminary."))
    box = Markup('<div class="failure" role="note"><strong>{}</strong></div>')
    return Markup("").join(box.format(line) for line in lines)


def _vanished(reader: Reader, kpis: Sequence[str], columns: Sequence[str]) -> str:
    figures = ", ".join(labels.label(reader, labels.card(kpi)) for kpi in kpis[:MOST])
    if len(kpis) > MOST:
        figures = reader.t("{figures} and {n} more", figures=figures, n=len(kpis) - MOST)
    if not columns:
        return reader.t("The last report had {figures}: they cannot be computed from these data.", figures=figures)
    names = [f"{labels.column(reader, column.partition('.')[2])} ({labels.clean(column)})" for column in columns]
    return reader.t(
        "The last report had {figures}: they cannot be computed, as the data no longer have {columns}. Where a column "
        "has another name now, name it in care.toml.",
        figures=figures, columns=", ".join(names),
    )  # fmt: skip


def _page(reader: Reader, title: str, body: Markup) -> str:
    others = [lang for lang in LOCALES if lang != reader.lang]
    other = [IN_LANGUAGE.format(f"index.{lang}.html", lang, lang, LANGUAGES[lang]) for lang in others]
    style = Markup("\n".join((LOOKS["care"], LOOKS["table"], STYLE)))  # noqa: S704 - our own
    return str(
        PAGE.format(lang=reader.lang, policy=POLICY, title=title, style=style, other=Markup(" ").join(other), body=body)
    )


def _entry(reader: Reader, entry: Entry) -> Markup:
    t = reader.t
    name, day = labels.clean(entry.name), dates.last_day(reader, entry.known)
    title = labels.clean(entry.title.get(reader.lang) or next(iter(entry.title.values()), entry.name))
    notes = [t("{notebook}, known up to {day}", notebook=name, day=day)] if day else [name]
    if entry.restated:
        notes.append(t("{n} figures restated", n=number(reader, entry.restated)))
    if entry.failed:
        notes.append(t("the last run failed"))
    others = _others(reader, entry)
    finding = labels.clean(entry.first.get(reader.lang, ""))
    first = Markup("<br><strong>{}</strong>").format(finding) if finding else ""
    return Markup("<li>{} {}{}<br><small>{}</small></li>").format(
        _linked(reader, title, entry.pages), others, first, "; ".join(notes)
    )


def _linked(reader: Reader, text: str, pages: Mapping[str, str]) -> Markup:
    href = pages.get(reader.lang) or next(iter(pages.values()), "")
    return LINK.format(quote(href), text) if href else Markup("{}").format(text)


def _others(reader: Reader, row: Entry | Listed) -> Markup:
    others = {lang: href for lang, href in row.pages.items() if lang != reader.lang and reader.lang in row.pages}
    return Markup(" ").join(
        IN_LANGUAGE.format(quote(href), lang, lang, LANGUAGES[lang]) for lang, href in others.items()
    )


def _group(reader: Reader, dimension: str, row: Listed) -> str:
    t = reader.t
    if row.whole:
        return t("The whole company")
    name = small(reader, row.merged) if row.merged else labels.group(reader, dimension, row.group)
    return name if row.pages else t("{name}: no report, its run failed", name=name)


def _customers(reader: Reader, row: Listed) -> str:
    return "" if row.customers is None else number(reader, row.customers)


def _change(reader: Reader, change: Mapping[str, Any]) -> list[Any]:
    old, new = change["old"].get("value"), change["new"].get("value")
    form = Form(reader, str(change.get("unit") or "number"), max(abs(float(one or 0)) for one in (old, new)))
    by = change.get("by") or {}
    name = " · ".join([_label(reader, str(change["kpi"])), *(labels.group(reader, key, by[key]) for key in by)])
    why = ", ".join(_why(reader, str(word)) for word in change.get("why", ())) or reader.t("nothing that is recorded")
    return [name, dates.heading(reader, str(change["period"])), form.value(old), form.value(new), why]


def _label(reader: Reader, name: str) -> str:
    """The label of a KPI by the name that files list it under, options included."""
    from carestudy.kpi import ALL  # here, so that pages without figures do without the engine

    base, _, told = name.rstrip(")").partition("(")
    if base not in ALL:
        return labels.label(reader, Card(name, labels.clean(name.replace("_", " "))))
    options = dict(re.findall(r"(\w+)=([^,]+)", told))
    kpi = ALL[base]
    return labels.label(reader, labels.card(kpi.of(**options) if options else kpi))


def _why(reader: Reader, word: str) -> str:
    t = reader.t
    kind, _, table = word.partition(":")
    match kind:
        case "data":
            return t("rows of {table}", table=labels.lowered(labels.table(reader, table)))
        case "notebook":
            return t("the notebook")
        case "as_of":
            return t("the day the data are known up to")
        case "computation":
            return t("how the program computes")
        case _:
            return t("the version of the program")
