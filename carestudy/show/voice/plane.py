"""Attributes on a plane: a cross of two intervals for each, its name beside it, and two lines that part the plane."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from carestudy.show.charts import Painter, value_axis
from carestudy.show.looks import ACCENT, FAINT, INK, MUTED
from carestudy.show.numbers import Form

HEIGHT = 4.0
CORNERS = {(0, 1): ("left", "top"), (1, 1): ("right", "top"), (0, 0): ("left", "bottom"), (1, 0): ("right", "bottom")}


def plane(
    points: pd.DataFrame,
    forms: tuple[Form, Form],
    axes_named: tuple[str, str],
    *,
    parted: tuple[float, float],
    corners: Sequence[str],
) -> Painter:
    """Points with x, x_low, x_high, y, y_low, y_high, name and ``marked``; corners from the upper left, row by row."""

    def painter(figure: Any) -> None:
        axes = figure.subplots()
        colours = [ACCENT if is_marked else MUTED for is_marked in points["marked"]]
        axes.hlines(
            points["y"], points["x_low"], points["x_high"], colors=colours, linewidth=1.4, label="interval across"
        )
        axes.vlines(points["x"], points["y_low"], points["y_high"], colors=colours, linewidth=1.4, label="interval up")
        axes.scatter(points["x"], points["y"], s=52, color=colours, zorder=3, label="value")
        axes.axvline(parted[0], color=FAINT, linewidth=1, dashes=(4, 3), zorder=1, label="parted across")
        axes.axhline(parted[1], color=FAINT, linewidth=1, dashes=(4, 3), zorder=1, label="parted up")
        _names(axes, points)
        for (across, up), text in zip(CORNERS, corners, strict=True):
            side, edge = CORNERS[across, up]
            axes.text(
                0.015 + 0.97 * across, 0.02 + 0.96 * up, text, transform=axes.transAxes, ha=side, va=edge,
                color=MUTED, fontsize=9,
            )  # fmt: skip
        axes.margins(x=0.06, y=0.22)
        axes.set_xlabel(axes_named[0])
        axes.set_ylabel(axes_named[1])
        value_axis(axes.xaxis, forms[0], most=5)
        value_axis(axes.yaxis, forms[1], most=5)

    return painter


def _names(axes: Any, points: pd.DataFrame) -> None:
    """The names beside their points, towards the middle; those of neighbours one above and one below."""
    middle = (points["x"].min() + points["x"].max()) / 2
    for index, row in enumerate(points.sort_values("y", kind="stable").to_dict("records")):
        right = row["x"] > middle
        axes.annotate(
            row["name"], (row["x"], row["y"]), (-7 if right else 7, 5 if index % 2 else -5),
            textcoords="offset points", ha="right" if right else "left", va="bottom" if index % 2 else "top",
            color=ACCENT if row["marked"] else INK, fontsize=10.5, fontweight="bold" if row["marked"] else "normal",
        )  # fmt: skip
