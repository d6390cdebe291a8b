"""Figures that cross: KPIs by group, and one KPI by two dimensions."""

from __future__ import annotations

from typing import Any

import pandas as pd
from markupsafe import Markup

from carestudy.contract import CareError
from carestudy.measure import units
from carestudy.show import dates, labels, sentences
from carestudy.show.change import COMPARED_FROM, too_few
from carestudy.show.labels import Card
from carestudy.show.layers import folded
from carestudy.show.numbers import MISSING, Form, cases, is_missing
from carestudy.show.output import Output, dimensions, figures
from carestudy.show.pictures import form_of
from carestudy.show.tables import grid
from carestudy.show.tiles import Tile
from carestudy.show.words import Reader

FIGURE = Markup("{}<small>{}</small>")
GREY = Markup('<span class="muted">{}</span>')


def matrix(reader: Reader, scorecard: pd.DataFrame) -> Output:
    """KPIs by group: a row a KPI, a column a group; a verdict only where there is one."""
    by = dimensions(scorecard)
    cells: dict[str, dict[str, Any]] = {}
    for row in scorecard.to_dict("records"):
        tile = Tile(reader, row)
        cells.setdefault(tile.label, {})[labels.groups(reader, by, row)] = _judged(tile)
    keys = scorecard[by].drop_duplicates().to_dict("records")
    keys.sort(key=lambda key: tuple(labels.order(name, key[name]) for name in by))
    names = [labels.groups(reader, by, key) for key in keys]
    return _crossed(("", ""), [labels.column(reader, "kpi"), *names], cells, figures(scorecard))


def crossed(reader: Reader, kpi: Card, frame: pd.DataFrame) -> Output:
    """One KPI by two dimensions: every figure with its n, grey where there are too few cases to compare."""
    by, form = dimensions(frame), form_of(reader, kpi, frame)
    if len(by) != 2:
        raise CareError(f"a grid has two dimensions, and this one has {', '.join(by) or 'none'}")
    # A group that has nothing in either direction is no row and no column.
    frame = frame[_some(frame, by[0]) & _some(frame, by[1])]
    cells: dict[str, dict[str, Any]] = {name: {} for name in _in_order(reader, by[0], frame)}
    for row in frame.to_dict("records"):
        down, across = (labels.group(reader, name, row[name]) for name in by)
        cells[down][across] = _counted(form, row)
    t, heads = reader.t, [labels.column(reader, by[0]), *_in_order(reader, by[1], frame)]
    fields = {"label": labels.label(reader, kpi), "rows": labels.lowered(heads[0])}
    heading = t("{label} by {rows} and {columns}", columns=labels.lowered(labels.column(reader, by[1])), **fields)
    period = dates.period(reader, str(frame["period"].iloc[0]))
    note = t("Grey: n below {n}, not compared", n=COMPARED_FROM)
    return _crossed((f"{heading}, {period}", note), heads, cells, figures(frame, kpi))


def _crossed(words: tuple[str, str], heads: list[str], cells: dict[str, dict[str, Any]], payload: Any) -> Output:
    title, note = words
    lines = [[name, *(groups.get(head, MISSING) for head in heads[1:])] for name, groups in cells.items()]
    html = grid("" if note else title, heads, lines, numeric=set(range(1, len(heads))))
    if note:
        html = folded(
            Markup("<strong>{}</strong>").format(title), html + Markup('<p class="muted">{}</p>').format(note)
        )
    text = ["\t".join(map(_plain, line)) for line in (heads, *lines)]
    return Output(html, "\n".join(filter(None, [title, *text, note])), payload, looks=("table",))


def _some(frame: pd.DataFrame, name: str) -> Any:
    """Whether the group of a row has any cases at all."""
    return frame.groupby(name, dropna=False)["n"].transform(lambda n: n.fillna(1).sum()).to_numpy() > 0


def _in_order(reader: Reader, name: str, frame: pd.DataFrame) -> list[str]:
    groups = sorted(frame[name].unique(), key=lambda value: labels.order(name, value))
    return list(dict.fromkeys(labels.group(reader, name, value) for value in groups))


def _counted(form: Form, row: dict[Any, Any]) -> Any:
    if not row["n"]:
        return MISSING
    counted = cases(form.reader, row["n"])
    if is_missing(row["n"]) or too_few(row["n"], form.unit):
        return GREY.format(counted)
    cell = FIGURE.format(form.at(row["value"]).value(row["value"]), counted)
    return cell if row["n"] >= COMPARED_FROM else GREY.format(cell)


def _judged(tile: Tile) -> Any:
    if is_missing(tile.row["n"]):
        return GREY.format(cases(tile.reader, None))
    cell: Any = tile.value()
    if not tile.few and not is_missing(tile.row["value"]) and not units.of(tile.card.unit).count:
        cell = FIGURE.format(cell, cases(tile.reader, tile.row["n"]))
    if tile.verdict in sentences.CLEAR:
        words = f"{sentences.sign(tile.verdict, tile.row['change'])} {sentences.verdict_words(tile.form, tile.verdict)}"
        cell = Markup('{}<span class="verdict {}">{}</span>').format(cell, tile.verdict, words)
    return cell


def _plain(cell: Any) -> str:
    """A cell of several lines as one line."""
    if not isinstance(cell, Markup):
        return str(cell)
    return cell.replace(Markup("<small"), Markup(" <small")).replace(Markup("<span"), Markup(" <span")).striptags()
