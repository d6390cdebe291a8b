"""Groups of one time matched to those of another."""

from __future__ import annotations

from typing import Any

import numpy as np

from carestudy.arguments import Rate, validated
from carestudy.contract import CareError

CEILING = 0.5  # of the distance between the two nearest old centres, beyond which nothing is matched


@validated
def match_centres(centres: Any, old: Any, *, ceiling: Rate | None = None) -> list[int | None]:
    """Which old centre each new one stands for, one to one, so that the distances are least in sum; None for a new one.

    Beyond ``ceiling`` nothing is matched: half the distance between the two nearest old centres unless given. CareError
    for centres of other features. Source: Kuhn 1955, Naval Research Logistics Quarterly 2:83-97 (the Hungarian method).

    >>> match_centres([[9.8, 0.1], [0.2, 0.0], [50.0, 50.0]], [[0.0, 0.0], [10.0, 0.0]])
    [1, 0, None]
    """
    from scipy.optimize import linear_sum_assignment

    new, before = (np.asarray(points, float) for points in (centres, old))
    if new.ndim != 2 or before.ndim != 2 or new.shape[1] != before.shape[1] or not len(before):
        raise CareError("centres are matched by the same features, a row for each centre")
    far = np.sqrt(((new[:, None, :] - before[None, :, :]) ** 2).sum(axis=2))
    between = np.sqrt(((before[:, None, :] - before[None, :, :]) ** 2).sum(axis=2))
    if ceiling is None:
        ceiling = CEILING * float(between[~np.eye(len(before), dtype=bool)].min()) if len(before) > 1 else np.inf
    partners: list[int | None] = [None] * len(new)
    for position, partner in zip(*linear_sum_assignment(far), strict=True):
        if far[position, partner] <= ceiling:
            partners[int(position)] = int(partner)
    return partners
