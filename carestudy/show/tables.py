"""Tables: any small frame, formatted for its reader."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
from markupsafe import Markup

from carestudy.show import dates, labels
from carestudy.show.numbers import MISSING, Form, is_missing, number
from carestudy.show.output import MEASURED, Output, figures
from carestudy.show.words import Reader

MOST_ROWS = 60
SHARES = ("share",)
SCROLL = Markup('<div class="care-scroll" role="region" tabindex="0" aria-label="{label}">{table}</div>')


def table(reader: Reader, frame: pd.DataFrame, title: str = "") -> Output:
    """A frame as a table: numbers right-aligned in the reader's format, headings in words."""
    shown, title = frame.head(MOST_ROWS), labels.clean(title)
    columns = [str(column) for column in shown.columns]
    numeric = {name for name in columns if pd.api.types.is_numeric_dtype(shown[name]) and not _flag(shown[name])}
    rows = [[_cell(reader, name, row, numeric) for name in columns] for row in shown.to_dict("records")]
    heads = [labels.column(reader, name) for name in columns]
    if len(frame) > MOST_ROWS:
        cut = reader.t("(the first {n} of {rows} rows)", n=MOST_ROWS, rows=number(reader, len(frame)))
        title = f"{title} {cut}".lstrip()
    html = grid(title, heads, rows, numeric={columns.index(name) for name in numeric})
    lines = [title, *("\t".join(line) for line in (heads, *rows))]
    payload = figures(frame) if "value" in columns and "kpi" in columns else ()
    return Output(html, "\n".join(filter(None, lines)), payload, looks=("table",))


def grid(title: str, heads: list[str], rows: list[list[Any]], *, numeric: set[int]) -> Markup:
    """A table in HTML: the first column heads its row, and a wide one scrolls by itself."""
    look = [Markup(' class="number"') if place in numeric else Markup("") for place in range(len(heads))]
    head = Markup("").join(
        Markup('<th scope="col"{}>{}</th>').format(look[index], name) for index, name in enumerate(heads)
    )  # fmt: skip
    body = []
    for row in rows:
        cells = [
            (Markup("<td{}>{}</td>") if index else Markup('<th scope="row"{}>{}</th>')).format(look[index], cell)
            for index, cell in enumerate(row)
        ]
        body.append(Markup("<tr>{}</tr>").format(Markup("").join(cells)))
    caption = Markup('<caption class="care-title"><span>{}</span></caption>').format(title) if title else Markup("")
    whole = Markup('<table class="care-table">{}<thead><tr>{}</tr></thead><tbody>{}</tbody></table>').format(
        caption, head, Markup("").join(body)
    )
    return SCROLL.format(label=title or ", ".join(heads[:3]), table=whole)


def _cell(reader: Reader, name: str, row: dict[Any, Any], numeric: set[str]) -> str:
    value = row[name]
    if name not in numeric and labels.is_nameless(value):
        return labels.group(reader, name, None) if labels.names_groups(name) else MISSING
    if isinstance(value, bool):
        return reader.t("yes") if value else reader.t("no")
    if name == "kpi" and isinstance(value, str):
        return labels.label(reader, labels.card(value))
    if name == "period" and isinstance(value, str):
        return dates.heading(reader, value)
    if pd.api.types.is_number(value):
        return _number(reader, name, row)
    if isinstance(value, date):
        return dates.day(reader, value)
    return labels.group(reader, name, value)


def _number(reader: Reader, name: str, row: dict[Any, Any]) -> str:
    value = row[name]
    if name in ("value", "low", "high", "before", "year_ago", "target") and isinstance(row.get("kpi"), str):
        return Form(reader, labels.unit(reader, labels.card(row["kpi"])), abs(float(row["value"]))).value(value)
    if name in SHARES or name.endswith("_share"):
        return Form(reader, "share").value(value)
    if is_missing(value):
        return MISSING
    return number(reader, value, 0 if float(value).is_integer() or name in MEASURED[3:] else 2)


def _flag(column: pd.Series[Any]) -> bool:
    return bool(pd.api.types.is_bool_dtype(column))
