"""Customers at their nearest centre: an expression in the engine, however many they are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from carestudy import engine

OURS = "carestudy_"
TALLY = 1_000_000  # squared distances are added up as whole millionths


def complete(table: Any, used: Sequence[str]) -> Any:
    """Whether all of these features of a customer are known."""
    known = table[used[0]].notnull()
    for name in used[1:]:
        known = known & table[name].notnull()
    return known


def placed(table: Any, segments: Any) -> Any:
    """The table with the segment of the nearest centre, the first of equally near ones, and the distance to it."""
    columns = table.columns
    scaled = table.mutate(
        **{
            f"{OURS}z{position}": scale.expression(table[scale.feature])
            for position, scale in enumerate(segments.scales)
        }
    )
    far = scaled.mutate(
        **{f"{OURS}d{number}": _square(scaled, group.centre) for number, group in enumerate(segments.groups)}
    )
    distances = [far[f"{OURS}d{number}"] for number in range(segments.k)]
    least = engine.least(*distances) if len(distances) > 1 else distances[0]
    near = far.mutate(**{f"{OURS}near": least})
    cases = [
        (near[f"{OURS}d{number}"] <= near[f"{OURS}near"], group.name) for number, group in enumerate(segments.groups)
    ]
    known = complete(near, [scale.feature for scale in segments.scales])
    return near.select(
        *columns,
        segment=known.ifelse(engine.cases(*cases), engine.null("string")),
        distance=known.ifelse(near[f"{OURS}near"].sqrt(), engine.null("float64")),
    )


def tallied(placed_: Any, **sums: Any) -> pd.DataFrame:
    """Customers and whole millionths of squared distances by segment, and whole-number sums of more columns."""
    square = (placed_.distance * placed_.distance * TALLY).round().cast("int64")
    aggregates = {"customers": placed_.count(), "squares": engine.total(square), **sums}
    return engine.fetch(placed_.group_by("segment").aggregate(**aggregates).order_by("segment"), tuple(aggregates))


def _square(scaled: Any, centre: Sequence[float]) -> Any:
    total = None
    for position, middle in enumerate(centre):
        away = scaled[f"{OURS}z{position}"] - middle
        total = away * away if total is None else total + away * away
    return total
