"""What the customers of each segment are like: a row a feature, a column a segment, the more the darker."""

from __future__ import annotations

from typing import Any

import pandas as pd
from markupsafe import Markup

from carestudy.measure import units
from carestudy.segments import Segments
from carestudy.show import feature_words
from carestudy.show.change import FEW
from carestudy.show.cohorts import CELL, SHADES
from carestudy.show.groups import by_worth
from carestudy.show.numbers import MISSING, Form, is_missing, number
from carestudy.show.output import Output
from carestudy.show.tables import grid
from carestudy.show.words import Reader

MOST = 6  # features beside those that segments are made of
TOLD_ELSEWHERE = ("orders", "monetary", "csat_answers", "nps_answers")  # by another feature, or of no interest
NOTABLE = 0.15  # of the whole: below it segments are alike in a feature
DIGITS = {"rate": 1, "score": 1}


def medians(reader: Reader, segments: Segments, frame: pd.DataFrame, sizes: pd.DataFrame) -> Output:
    """The medians of the features in which segments differ, of counts the means, on shades from least to most."""
    t = reader.t
    if frame.empty:
        return Output(Markup("<p>{}</p>").format(t("No customer has a segment.")), t("No customer has a segment."))
    rows = frame.assign(shown=frame["mean"].where(frame["unit"] == "count", frame["median"]))
    there = set(rows["segment"])
    codes = [code for code in sizes["segment"].iloc[by_worth(sizes)] if code in there]
    table = rows.pivot_table(index="feature", columns="segment", values="shown", dropna=False, sort=False)[codes]
    n = rows.pivot_table(index="feature", columns="segment", values="n", sort=False)[codes]
    units = dict(zip(rows["feature"], rows["unit"], strict=True))
    chosen = _chosen(table.where(n >= FEW), segments)
    heads = ["", *(feature_words.segment(reader, code) for code in codes)]
    cells = [
        [_name(reader, name, units[name]), *_shaded(reader, table.loc[name], n.loc[name], units[name])]
        for name in chosen
    ]
    title = t("What the customers of each segment are like")
    note = t(
        "Medians; for counts, the mean per customer. Darker is higher within the row. Below the features used for "
        "grouping are those that differ most; n below {few} is not shown.", few=FEW,
    )  # fmt: skip
    html = grid(title, heads, cells, numeric=set(range(1, len(heads)))) + Markup('<p class="muted">{}</p>').format(note)
    lines = ["\t".join(_plain(cell) for cell in line) for line in (heads, *cells)]
    return Output(html, "\n".join([title, *lines, note]), looks=("table",))


def _chosen(table: pd.DataFrame, segments: Segments) -> list[str]:
    """The features that make the segments, then those that differ most between them."""
    middle = table.abs().mean(axis=1)
    apart = ((table.max(axis=1) - table.min(axis=1)) / middle.where(middle > 0)).fillna(0)
    rest = apart[~apart.index.isin([*segments.features, *TOLD_ELSEWHERE])]
    rest = rest[rest >= NOTABLE].sort_values(ascending=False, kind="stable").head(MOST)
    return [*segments.features, *(name for name in table.index if name in rest.index)]


def _shaded(reader: Reader, values: Any, n: Any, unit: str) -> list[Any]:
    known = values[(n >= FEW) & values.notna()]
    low, high = known.min(), known.max()
    top = 0.0 if is_missing(high) else float(high)
    cells: list[Any] = []
    for code, value in values.items():
        if code not in known.index:
            cells.append(MISSING)
            continue
        written = _written(reader, float(value), unit, top)
        place = (value - low) / (high - low) if high > low else 0.0
        cells.append(CELL.format(SHADES[round(place * (len(SHADES) - 1))], written))
    return cells


def _written(reader: Reader, value: float, unit: str, top: float) -> str:
    if units.of(unit).money or units.of(unit).part:
        return Form(reader, unit, top).value(value)
    digits = 1 if units.of(unit).count and top < 100 else DIGITS.get(unit, 0)
    return number(reader, value, digits)


def _name(reader: Reader, name: str, unit: str) -> str:
    label = feature_words.feature(reader, name)
    return reader.t("{feature} (mean)", feature=label) if units.of(unit).count else label


def _plain(cell: Any) -> str:
    return str(cell.striptags()) if isinstance(cell, Markup) else str(cell)
