"""Kano's classes, shown: how far each attribute moves satisfaction up, and how far down where it is missing."""

from __future__ import annotations

import pandas as pd
from markupsafe import Markup

from carestudy.expected.kano_table import CANNOT_TELL, CLASSES
from carestudy.show import gaps, labels
from carestudy.show.layers import beneath
from carestudy.show.numbers import Form, number
from carestudy.show.output import Output
from carestudy.show.pictures import Told, drawn
from carestudy.show.tables import grid
from carestudy.show.voice.plane import HEIGHT, plane
from carestudy.show.words import Reader


def kano(reader: Reader, frame: pd.DataFrame) -> Output:
    """The attributes on the plane of better and worse, and how many answers each class has."""
    t = reader.t
    heading = t("What delights customers and what they take for granted")
    rows = frame.dropna(subset=["better"]).reset_index(drop=True)
    if rows.empty:
        return gaps.nothing(reader, heading)
    names = [labels.group(reader, "question", attribute) for attribute in rows["attribute"]]
    points = pd.DataFrame({
        "x": -rows["worse"], "x_low": -rows["worse_high"], "x_high": -rows["worse_low"], "y": rows["better"],
        "y_low": rows["better_low"], "y_high": rows["better_high"], "name": names,
        "marked": rows["verdict"] != CANNOT_TELL,
    })  # fmt: skip
    share = Form(reader, "share")
    painter = plane(
        points,
        (share, share),
        (t("less satisfied where it is missing"), t("more satisfied where it is there")),
        parted=(0.5, 0.5),
        corners=(t("attractive"), t("one-dimensional"), t("indifferent"), t("must-be")),
    )
    picture = drawn(_told(reader, rows, names, heading), painter, HEIGHT, ())
    html, lines = _table(reader, rows, names)
    return Output(beneath(picture.html, html), f"{picture.text}\n{lines}", looks=("figure", "table"))


def class_name(reader: Reader, said: str) -> str:
    """The name of a class in the reader's words."""
    t = reader.t
    return {
        "must-be": t("must-be"), "one-dimensional": t("one-dimensional"), "attractive": t("attractive"),
        "indifferent": t("indifferent"), "reverse": t("reverse"), "questionable": t("questionable"),
    }.get(said, t("not clear"))  # fmt: skip


def _told(reader: Reader, rows: pd.DataFrame, names: list[str], heading: str) -> Told:
    t = reader.t
    classed: dict[str, list[str]] = {}
    for name, said in zip(names, rows["verdict"], strict=True):
        classed.setdefault(said, []).append(name)
    order = [*CLASSES.values(), CANNOT_TELL]
    parts = [f"{class_name(reader, said)}: {', '.join(classed[said])}" for said in order if said in classed]
    found = "; ".join(parts)
    sentence = t(
        "{classes}. A must-be is not noticed until it is missing; an attractive attribute is not missed, and pleases "
        "where it is there.",
        classes=f"{found[:1].upper()}{found[1:]}",
    )
    subject = t(
        "Share of customers whom the attribute makes more satisfied, and less satisfied where it is missing, with 95% "
        "intervals"
    )
    alt = t("Scatter chart: {what}; {n} attributes: {names}", what=subject, n=len(rows), names=", ".join(names))
    return Told(heading, subject, alt, sentence)


def _table(reader: Reader, rows: pd.DataFrame, names: list[str]) -> tuple[Markup, str]:
    t, share = reader.t, Form(reader, "share")
    heads = [t("Attribute"), t("Class"), *map(str, CLASSES), t("More"), t("Less")]
    cells = [
        [
            name, class_name(reader, row["verdict"]), *(number(reader, row[letter]) for letter in CLASSES),
            share.value(row["better"]), share.value(row["worse"]),
        ]
        for name, row in zip(names, rows.to_dict("records"), strict=True)
    ]  # fmt: skip
    note = t(
        "M must-be, O one-dimensional, A attractive, I indifferent, R reverse, Q questionable: pairs of answers. R "
        "and Q stay out of the shares; not clear: the commonest class is not clearly commoner than the next."
    )
    html = grid("", heads, cells, numeric=set(range(2, len(heads)))) + Markup('<p class="muted">{}</p>').format(note)
    return html, "\n".join(["\t".join(heads), *("\t".join(map(str, line)) for line in cells), note])
