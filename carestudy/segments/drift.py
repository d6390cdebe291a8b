"""Whether segments still fit the customers, and how new ones are matched to old ones."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from carestudy import engine
from carestudy.care import Care
from carestudy.segments import names
from carestudy.segments.placed import TALLY, tallied
from carestudy.stats.centre_matching import match_centres

WATCH, REFIT = 0.1, 0.25
SAME = "same"
DRIFT = ["what", "value", "chance", "n", "verdict"]


def drift(segments: Any, care: Care, *, period: str | None = None) -> pd.DataFrame:
    """How far the customers at the end of a period are from those of the fit.

    The population stability index of the segments and of each feature in the tenths of the fit: the sum of
    (p - q) log(p / q), ``chance`` being what 95 of 100 samples without a change would stay below; and, as "distance",
    by how much the mean squared distance to the centre has grown. ``verdict``: "same" below 0.1 or within chance,
    "watch", and from 0.25 on "refit". Source: Siddiqi 2006; Yurdakul 2018.
    """
    table = segments.assign(care, period=period)
    table = table.filter(table.here & table.segment.notnull())
    counted = tallied(table).set_index("segment")
    now = counted["customers"].reindex(segments.names).fillna(0).to_numpy(float)
    n, then = int(now.sum()), np.array([group.size for group in segments.groups], float)
    if not n:
        return pd.DataFrame(columns=DRIFT)
    rows = [_index("segments", now, then / then.sum(), (n, segments.customers))]
    for scale_ in segments.scales:
        if len(scale_.shares) > 1:
            tenths = _tenths(table, scale_)
            rows.append(_index(scale_.feature, tenths, np.array(scale_.shares), (n, segments.customers)))
    if segments.spread > 0:
        grown = float(counted["squares"].sum()) / TALLY / n / segments.spread - 1
        rows.append(("distance", grown, np.nan, n, _verdict(grown, 0.0)))
    return pd.DataFrame(rows, columns=DRIFT)


def named_after(segments: Any, new: Any) -> Any:
    """New segments by the features of old ones; one that stands where an old one stood keeps its name and ``since``.

    Matched one to one so that the distances on the old scale are least in sum (Kuhn 1955); beyond half the distance
    between the two nearest old centres nothing is matched, and the segment is a new one.
    """
    old = np.array([group.centre for group in segments.groups])
    moved = np.array([_on_scale_of(segments, new, group.centre) for group in new.groups])
    old_groups = {
        position: segments.groups[old_position]
        for position, old_position in enumerate(match_centres(moved, old))
        if old_position is not None
    }
    taken = [group.name for group in old_groups.values()]
    fresh = iter(
        names.unique([group.name for position, group in enumerate(new.groups) if position not in old_groups], taken)
    )
    groups = tuple(
        replace(group, name=old_groups[position].name, since=old_groups[position].since)
        if position in old_groups
        else replace(group, name=next(fresh))
        for position, group in enumerate(new.groups)
    )
    return replace(new, groups=groups)


def _tenths(table: Any, scale_: Any) -> Any:
    scaled = scale_.expression(table[scale_.feature])
    passed = sum(((scaled > edge).ifelse(1, 0) for edge in scale_.edges[1:]), (scaled > scale_.edges[0]).ifelse(1, 0))
    counted = engine.fetch(table.group_by(tenth=passed.cast("int64")).aggregate(n=table.count()), ("tenth", "n"))
    counts = counted.set_index("tenth")["n"].reindex(range(len(scale_.shares))).fillna(0)
    return counts.to_numpy(float)


def _index(name: str, counts: Any, expected: Any, sizes: tuple[int, int]) -> tuple[str, float, float, int, str]:
    from scipy.stats import chi2

    n, fitted = sizes
    now, then = (np.maximum(share, 0.5 / size) for share, size in ((counts / n, n), (expected, fitted)))
    value = float(((now - then) * np.log(now / then)).sum())
    chance = float(chi2.ppf(0.95, max(len(now) - 1, 1))) * (1 / n + 1 / fitted)
    return name, value, chance, n, _verdict(value, chance)


def _verdict(value: float, chance: float) -> str:
    if value < WATCH or value <= chance:
        return SAME
    return "refit" if value >= REFIT else "watch"


def _on_scale_of(old: Any, new: Any, centre: tuple[float, ...]) -> list[float]:
    """A centre of the new segments on the scale of the old ones."""
    return [
        (coordinate * now.spread + now.middle - then.middle) / then.spread
        for coordinate, now, then in zip(centre, new.scales, old.scales, strict=True)
    ]
