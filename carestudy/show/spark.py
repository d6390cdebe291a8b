"""A line without axes: what matters is where it goes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from carestudy.show.numbers import is_missing

LINE = Markup('<svg class="care-line" viewBox="0 0 240 40" {said}>{lines}{end}</svg>')
PART = Markup('<polyline points="{}"/>')
END = Markup('<circle cx="{:.0f}" cy="{:.0f}" r="5"/>')
LEFT, RIGHT, TOP, BOTTOM = 6, 234, 6, 34


def spark(values: Sequence[Any], alt: str = "") -> Markup:
    """A small line through the values, broken where there is none, with a dot where it ends.

    Without ``alt`` it only repeats what stands beside it, and is passed over when the page is read aloud.
    """
    known = [float(value) for value in values if not is_missing(value)]
    if len(known) < 2:
        return Markup()
    least, height = min(known), (max(known) - min(known)) or 1.0
    step = (RIGHT - LEFT) / (len(values) - 1)
    runs: list[list[tuple[float, float]]] = [[]]
    for index, value in enumerate(values):
        if is_missing(value):
            runs.append([])
        else:
            runs[-1].append((LEFT + step * index, BOTTOM - (BOTTOM - TOP) * (float(value) - least) / height))
    lines = (PART.format(" ".join(f"{x:.0f},{y:.0f}" for x, y in run)) for run in runs if run)
    description = Markup('role="img" aria-label="{}"').format(alt) if alt else Markup('aria-hidden="true"')
    return LINE.format(said=description, lines=Markup().join(lines), end=END.format(*runs[-1][-1]) if runs[-1] else "")
