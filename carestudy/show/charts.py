"""Painters: each draws one kind of picture on an empty figure, with intervals, direct labels and one accent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from carestudy.measure import units
from carestudy.show import dates
from carestudy.show.change import FEW
from carestudy.show.looks import ACCENT, FAINT, INK, MUTED
from carestudy.show.numbers import Form, cases

Painter = Callable[[Any], None]
MOST_TICKS = 14
BAND = "#d3dee9"


def trend(frame: pd.DataFrame, form: Form) -> Painter:
    """One figure over time: a line in a band that is its interval, the first and the last value written beside it."""

    def painter(figure: Any) -> None:
        axes = figure.subplots()
        _line(axes, frame, form)
        _periods(axes, list(frame["period"]), form)
        value_axis(axes.yaxis, form)
        axes.set_xlim(-0.5, (len(frame) - 1) * 1.13 + 0.5)
        axes.margins(y=0.15)
        axes.grid(visible=False, axis="x")

    return painter


def multiples(panels: dict[str, pd.DataFrame], form: Form) -> Painter:
    """The same line for every group, side by side on one scale."""

    def painter(figure: Any) -> None:
        across = columns(len(panels))
        grid = figure.subplots(-(-len(panels) // across), across, sharex=True, sharey=True, squeeze=False)
        for axes, (name, frame) in zip(grid.flat, panels.items(), strict=False):
            _line(axes, frame, form, marked=False)
            axes.set_title(wrapped(name, 48 // across))
            axes.set_xlim(-0.5, (len(frame) - 1) * (1.1 + 0.1 * across) + 0.5)
            axes.grid(visible=False, axis="x")
            value_axis(axes.yaxis, form, most=4)
            names = dates.ticks(form.reader, list(frame["period"]))
            axes.set_xticks([0, len(frame) - 1], [names[0], names[-1].partition("\n")[0]])
            if not frame["value"].notna().any():
                few = form.reader.t("n below {n}", n=FEW)
                axes.text(0.5, 0.5, few, transform=axes.transAxes, ha="center", va="center", color=MUTED, fontsize=10)
        for axes in list(grid.flat)[len(panels) :]:
            axes.set_axis_off()

    return painter


def columns(panels: int) -> int:
    """How many panels stand side by side."""
    return 2 if panels <= 4 else 3


def dots(frame: pd.DataFrame, names: list[str], form: Form, overall: float | None) -> Painter:
    """One figure per group: a dot on its interval, the value and n written beside it; grey where it is not compared."""

    def painter(figure: Any) -> None:
        axes = figure.subplots()
        rows = np.arange(len(frame))
        colours = [ACCENT if compared else FAINT for compared in frame["compared"]]
        axes.hlines(rows, frame["low"], frame["high"], colors=colours, linewidth=2.2, label="interval")
        axes.scatter(frame["value"], rows, s=46, color=colours, zorder=3, label="value")
        if overall is not None:
            axes.axvline(overall, color=MUTED, linewidth=1, dashes=(4, 3), zorder=1, label="overall")
            note = form.reader.t("overall {value}", value=form.at(overall).value(overall))
            axes.annotate(
                note, (overall, 1), (0, 3), xycoords=("data", "axes fraction"), textcoords="offset points",
                ha="center", va="bottom", color=MUTED, fontsize=10,
            )  # fmt: skip
        axes.set_yticks(rows, [wrapped(name, 22) for name in names])
        axes.set_ylim(len(frame) - 0.4, -0.6)
        axes.tick_params(axis="y", labelcolor=INK, labelsize=10.5)
        axes.grid(visible=False, axis="y")
        value_axis(axes.xaxis, form, most=4 if units.of(form.unit).money else 6)  # sums are wide words
        _values_beside(axes, frame, form)

    return painter


def waterfall(steps: list[tuple[str, float, float]], form: Form) -> Painter:
    """Levels and the changes between them: a step that starts where it ends is a level, any other one floats."""

    def painter(figure: Any) -> None:
        axes = figure.subplots()
        for index, (name, start, end) in enumerate(steps):
            if start == end:
                axes.hlines(end, index - 0.36, index + 0.36, colors=INK, linewidth=4, label=name)
            else:
                colour = ACCENT if end > start else MUTED
                axes.bar(index, end - start, bottom=start, width=0.62, color=colour, label=name)
            written = form.value(end) if start == end else form.change(end - start)
            axes.annotate(
                written, (index, max(start, end)), (0, 5), textcoords="offset points",
                ha="center", va="bottom", fontweight="bold", fontsize=10.5,
            )  # fmt: skip
            if index:
                axes.hlines(start, index - 0.64, index - 0.36, colors=FAINT, linewidth=0.8)
        axes.set_xticks(range(len(steps)), [wrapped(name, 13) for name, _, _ in steps])
        axes.tick_params(axis="x", length=0, labelcolor=INK)
        axes.set_yticks([])
        ends = [end for step in steps for end in step[1:]]
        room = 0.18 * (max(ends) - min(ends) or 1)
        axes.set_ylim(min(ends) - room / 2, max(ends) + room)
        axes.grid(visible=False)
        axes.spines["bottom"].set_visible(False)

    return painter


def _line(axes: Any, frame: pd.DataFrame, form: Form, *, marked: bool = True) -> None:
    positions, values = np.arange(len(frame)), frame["value"].to_numpy(float)
    low, high = frame["low"].to_numpy(float), frame["high"].to_numpy(float)
    axes.fill_between(positions, low, high, color=BAND, linewidth=0, label="interval")
    axes.vlines(positions, low, high, colors=BAND, linewidth=1.6, label="limits")  # a lone period has no band
    drawn = np.flatnonzero(np.isfinite(values))
    if not len(drawn):
        return
    _runs(axes, positions, values, marked=marked)
    last, first = drawn[-1], drawn[0]
    axes.scatter([last], [values[last]], s=44, color=ACCENT, zorder=3, label="last")
    if len(in_part := np.flatnonzero(np.isfinite(values) & _noted(frame))):  # hollow: no whole periods
        axes.scatter(in_part, values[in_part], s=40, facecolors="white", edgecolors=ACCENT, zorder=4, label="in part")
    axes.annotate(
        form.at(values[last]).value(values[last]), (last, values[last]), (8, 0), textcoords="offset points",
        va="center", color=ACCENT, fontweight="bold", fontsize=11 if marked else 10,
    )  # fmt: skip
    if marked and len(drawn) > 1:
        axes.annotate(
            form.at(values[first]).value(values[first]), (first, np.nanmax([values[first], high[first]])), (-3, 3),
            textcoords="offset points", ha="left", va="bottom", color=MUTED, fontsize=10,
        )  # fmt: skip


def _noted(frame: pd.DataFrame) -> Any:
    """Which values are to be read with care, as a note beside them says."""
    return frame["note"].notna().to_numpy() if "note" in frame else np.zeros(len(frame), dtype=bool)


def _runs(axes: Any, places: Any, values: Any, *, marked: bool) -> None:
    """A line for each run of periods: seaborn leaves out what is missing, and one line would close the gaps."""
    from seaborn import lineplot  # heavy, and only pictures need it

    style = {"color": ACCENT, "linewidth": 2} | (
        {"marker": "o", "markersize": 5, "markeredgewidth": 0} if marked else {}
    )
    runs = np.isnan(values).cumsum()
    lineplot(x=places, y=values, units=runs, estimator=None, ax=axes, label="value", legend=False, **style)
    axes.set(xlabel="", ylabel="")


def _periods(axes: Any, periods: list[str], form: Form) -> None:
    step = -(-len(periods) // MOST_TICKS)
    shown = list(range(len(periods) - 1, -1, -step))[::-1]
    names = dates.ticks(form.reader, [periods[index] for index in shown])
    axes.set_xticks(shown, names)


def value_axis(axis: Any, form: Form, most: int = 6) -> None:
    """Write the numbers at an axis as the reader does, so many of them at most."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    class Locator(MaxNLocator):
        """Round places in the unit that the axis is written in."""

        def tick_values(self, vmin: float, vmax: float) -> Any:
            return np.asarray(super().tick_values(vmin * form.axis_unit, vmax * form.axis_unit)) / form.axis_unit

    axis.set_major_locator(Locator(most - 1, steps=[1, 2, 2.5, 5, 10]))
    axis.set_major_formatter(FuncFormatter(lambda amount, _: form.tick(amount)))


def _values_beside(axes: Any, frame: pd.DataFrame, form: Form) -> None:
    beside = axes.get_yaxis_transform()
    for row, (value, n, compared) in enumerate(zip(frame["value"], frame["n"], frame["compared"], strict=True)):
        colour = INK if compared else MUTED
        style = {"transform": beside, "va": "center", "fontsize": 10.5}
        axes.text(
            1.03, row, form.at(value).value(value), color=colour, fontweight="bold" if compared else "normal", **style
        )
        axes.text(1.03, row + 0.36, cases(form.reader, n), color=MUTED, **(style | {"fontsize": 9}))


def wrapped(name: str, width: int) -> str:
    """A name on two lines at most."""
    from textwrap import wrap

    lines = wrap(name, width, break_long_words=True, max_lines=2, placeholder="…")
    return "\n".join(lines)
