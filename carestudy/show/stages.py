"""Before, during and after a purchase, channel by channel: volume, speed, satisfaction, complaints, recommendation."""

from __future__ import annotations

from typing import Any

import pandas as pd
from markupsafe import Markup

from carestudy.contract import Missing
from carestudy.measure import units
from carestudy.show import dates, labels, withheld
from carestudy.show.asked import Asked
from carestudy.show.change import COMPARED_FROM, too_few
from carestudy.show.numbers import MISSING, Form, cases, is_missing, number
from carestudy.show.output import Output, figures
from carestudy.show.tables import grid
from carestudy.show.words import Reader

STAGE, CHANNEL = "stage", "channel"
NOTE = Markup('<p class="muted">{}</p>')
TOTAL, PART = Markup("<strong>{}</strong>"), Markup("{}")
COUNTED = Markup("{}<small>{}</small>")
GREY = Markup('<span class="muted">{}</span>')
Cells = dict[tuple[Any, ...], dict[str, Any]]


def kpis() -> list[Any]:
    """The figures of the table: how many, how fast, how satisfied, how many complain, how many would recommend."""
    from carestudy import kpi  # loaded with the engine where it is used

    return [kpi.contact_count, kpi.first_response_time, kpi.csat, kpi.complaint_rate.of(per="contact"), kpi.nps]


def stages(asked: Asked) -> Output:
    """A table of the stages, each with its channels under it; one line where no stage is recorded."""
    reader, care = asked.reader, asked.care
    care.table("contacts", "opened_at")
    if not care.has("contacts", STAGE):
        return line(reader.t("Stages are not known: table contacts has no column stage (before, during, after)."))
    levels = [[STAGE], *([[STAGE, CHANNEL]] if care.has("contacts", CHANNEL) else [])]
    cells: Cells = {}
    known, lacks, some = [], [], False
    payload: list[dict[str, Any]] = []
    for kpi in kpis():
        card = labels.card(kpi)
        try:
            frames = [withheld.told(care, withheld.sized(care, kpi, by=by, period=asked.period), card) for by in levels]
        except Missing as gap:
            lacks.append(_lack(reader, card, gap))
            continue
        known.append(card)
        for by, (frame, hidden) in zip(levels, frames, strict=True):
            some = some or hidden
            payload += figures(frame, card)
            for row in frame.to_dict("records"):
                cells.setdefault(tuple(row[name] for name in by), {})[card.name] = row
    cells = {key: rows for key, rows in cells.items() if rows.get("contact_count", {"n": 0})["n"] != 0}
    if not cells:
        return line(reader.t("There are no contacts in this period."))
    output = _table(reader, known, cells, asked.period, tuple(payload))
    return withheld.drawn(asked, (pd.DataFrame(), some), lambda _: with_notes(output, lacks))


def line(words: str) -> Output:
    """A page's single line: what a table cannot be made without."""
    return Output(NOTE.format(words), words)


def with_notes(output: Output, notes: list[str]) -> Output:
    """The table with what it lacks, in a line under it."""
    html = output.html + Markup("").join(NOTE.format(note) for note in notes)
    return Output(html, "\n".join([output.text, *notes]), output.figures, looks=output.looks)


def _lack(reader: Reader, card: labels.Card, gap: Missing) -> str:
    fields = {"label": labels.label(reader, card), "table": gap.table, "column": gap.column or ""}
    if gap.column is None:
        return reader.t("Not here: {label}, which needs table {table}.", **fields)
    return reader.t("Not here: {label}, which needs column {column} of table {table}.", **fields)


def _table(reader: Reader, known: list[labels.Card], cells: Cells, period: str, payload: Any) -> Output:
    keys = sorted(cells, key=lambda key: tuple(labels.order(n, v) for n, v in zip((STAGE, CHANNEL), key, strict=False)))
    heads = [f"{labels.column(reader, STAGE)}, {labels.lowered(labels.column(reader, CHANNEL))}"]
    heads += [labels.label(reader, card) for card in known]
    lines = []
    for key in keys:
        name = labels.group(reader, (STAGE, CHANNEL)[len(key) - 1], key[-1])
        first = (TOTAL if len(key) == 1 else PART).format(name)
        lines.append([first, *(_cell(reader, card, cells[key].get(card.name)) for card in known)])
    title = f"{_title(reader, cells)}, {dates.period(reader, period)}"
    note = reader.t("Grey: n below {n}, not compared", n=COMPARED_FROM)
    html = grid(title, heads, lines, numeric=set(range(1, len(heads)))) + NOTE.format(note)
    text = "\n".join([title, *("\t".join(map(_plain, row)) for row in (heads, *lines)), note])
    return Output(html, text, payload, looks=("table",))


def _title(reader: Reader, cells: Cells) -> str:
    """The stage in which most of the contacts come."""
    counts = {key[0]: _contacts(rows) for key, rows in cells.items() if len(key) == 1}
    whole = sum(counts.values())
    counts = {stage: n for stage, n in counts.items() if not labels.is_nameless(stage)}
    if not counts or not whole:
        return reader.t("Before, during and after a purchase")
    most = max(counts, key=lambda stage: counts[stage])
    share = Form(reader, "share").value(counts[most] / whole)
    return reader.t("{stage}: {share} of the contacts", stage=labels.group(reader, STAGE, most), share=share)


def _contacts(rows: dict[str, Any]) -> float:
    """The number of contacts of a stage, 0 where it has none or may not be told."""
    value = rows.get("contact_count", {}).get("value")
    return 0.0 if is_missing(value) else float(value)


def _cell(reader: Reader, card: labels.Card, row: Any) -> Any:
    """A figure with its cases; grey where these are too few to compare, and a dash where there are none."""
    if row is None or row["n"] == 0:
        return MISSING
    counted = cases(reader, row["n"])
    if is_missing(row["n"]) or is_missing(row["value"]):
        return GREY.format(counted)
    form = Form(reader, card.unit).at(row["value"])
    if units.of(card.unit).count:
        return number(reader, row["value"])
    if too_few(row["n"], card.unit):
        return GREY.format(counted)
    cell = COUNTED.format(form.value(row["value"]), counted)
    return cell if row["n"] >= COMPARED_FROM else GREY.format(cell)


def _plain(cell: Any) -> str:
    return str(cell.replace(Markup("<small"), Markup(" <small")).striptags()) if isinstance(cell, Markup) else str(cell)
