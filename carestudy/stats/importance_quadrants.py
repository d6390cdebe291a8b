"""What matters and how well it is done: importance and performance of attributes, crossed at their means."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from carestudy.arguments import validated
from carestudy.contract import CareError

CONCENTRATE, KEEP, LOW, OVERKILL = "concentrate here", "keep up", "low priority", "possible overkill"


@validated
def importance_performance(
    importance: Any, performance: Any, *, names: Sequence[str] | None = None,
    crosshair: tuple[float, float] | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Quadrants of importance and performance: what to improve, to keep up, to leave, and where too much is done.

    The lines cross at the means of the attributes, or at ``crosshair`` (importance, performance); an attribute on a
    line counts as above it. Columns name, importance, performance, gap (importance less performance, of use where both
    have one scale) and quadrant: "concentrate here" (important, badly done), "keep up", "low priority" or "possible
    overkill". The middle of the scale as a crosshair would put all attributes into one quadrant. CareError for fewer
    than two attributes or a missing value. Source: Martilla & James 1977, Journal of Marketing 41:77-79.

    >>> importance_performance([4.8, 4.5, 3.1, 3.0], [3.0, 4.6, 4.4, 3.2])["quadrant"].tolist()
    ['concentrate here', 'keep up', 'possible overkill', 'low priority']
    """
    matters, performs = np.asarray(importance, float), np.asarray(performance, float)
    if matters.shape != performs.shape or matters.ndim != 1 or len(matters) < 2:
        raise CareError("quadrants need the importance and the performance of two attributes or more")
    if not (np.isfinite(matters).all() and np.isfinite(performs).all()):
        raise CareError("quadrants need the importance and the performance of every attribute")
    across, up = (float(matters.mean()), float(performs.mean())) if crosshair is None else crosshair
    high, well = matters >= across, performs >= up
    quadrant = np.select([high & ~well, high & well, ~high & well], [CONCENTRATE, KEEP, OVERKILL], LOW)
    labels = [f"x{position}" for position in range(1, len(matters) + 1)] if names is None else list(names)
    if len(labels) != len(matters):
        raise CareError(f"names are of {len(labels)} attributes, and there are {len(matters)}")
    frame = pd.DataFrame({"name": labels, "importance": matters, "performance": performs, "gap": matters - performs})
    return frame.assign(quadrant=quadrant.astype(object))
