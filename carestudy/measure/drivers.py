"""How much of the whole's variation each part accounts for: what drives overall satisfaction."""

from __future__ import annotations

from itertools import combinations
from math import factorial
from typing import Any

import numpy as np

__all__ = ["correlations", "johnson", "lmg"]

LARGEST = 15  # beyond it, all subsets of the parts are too many


def lmg(correlations: Any) -> Any:
    """Shares of the explained variance by the part's average gain over all orders of entry, for each of many tables.

    ``correlations`` are those of the parts and, last, the whole; the shares of a table add up to its R squared.
    Source: Lindeman, Merenda & Gold 1980; Groemping 2006, J Stat Softw 17(1).

    >>> lmg(np.array([[1, 0, 0.6], [0, 1, 0.5], [0.6, 0.5, 1]])).round(2).tolist()
    [0.36, 0.25]
    """
    tables = np.asarray(correlations, float)
    parts = tables.shape[-1] - 1
    if parts > LARGEST:
        raise ValueError(f"{parts} parts have too many subsets: johnson takes any number")
    explained: dict[tuple[int, ...], Any] = {(): np.zeros(tables.shape[:-2])}
    for size in range(1, parts + 1):
        for chosen in combinations(range(parts), size):
            explained[chosen] = _explained(tables, list(chosen))
    return np.stack([_gain(explained, part, parts) for part in range(parts)], axis=-1)


def johnson(correlations: Any) -> Any:
    """Relative weights: shares of the explained variance by way of the nearest uncorrelated parts.

    Source: Johnson 2000, Multivar Behav Res 35:1-19. As ``lmg``, for any number of parts.

    >>> johnson(np.array([[1, 0, 0.6], [0, 1, 0.5], [0.6, 0.5, 1]])).round(2).tolist()
    [0.36, 0.25]
    """
    tables = np.asarray(correlations, float)
    values, vectors = np.linalg.eigh(tables[..., :-1, :-1])
    roots = np.sqrt(np.clip(values, 0, None))
    nearest = (vectors * roots[..., None, :]) @ np.swapaxes(vectors, -1, -2)
    weights = np.linalg.pinv(nearest, hermitian=True) @ tables[..., :-1, -1:]
    return (nearest**2 @ weights**2)[..., 0]


def correlations(rows: Any, weights: Any) -> Any:
    """The table of correlations of columns of rows that count so often; of many weightings, one table each.

    A column in which all rows are equal goes with nothing.
    """
    values, often = np.asarray(rows, float), np.asarray(weights, float)
    total = often.sum(axis=-1)[..., None]
    mean = often @ values / total
    products = np.einsum("...n,ni,nj->...ij", often, values, values, optimize=True) / total[..., None]
    spread = products - mean[..., :, None] * mean[..., None, :]
    deviation = np.sqrt(np.diagonal(spread, axis1=-2, axis2=-1))
    with np.errstate(divide="ignore", invalid="ignore"):
        found = spread / (deviation[..., :, None] * deviation[..., None, :])
    found = np.where(np.isfinite(found), found, 0.0)
    found[..., range(values.shape[1]), range(values.shape[1])] = 1.0
    return found


def _explained(tables: Any, chosen: list[int]) -> Any:
    """R squared of some of the parts."""
    among = tables[..., chosen, :][..., :, chosen]
    whole = tables[..., chosen, -1]
    # Two attributes that always have the same score say one thing: the generalised inverse shares it between them.
    return (whole * (np.linalg.pinv(among, hermitian=True) @ whole[..., None])[..., 0]).sum(axis=-1)


def _gain(explained: dict[tuple[int, ...], Any], part: int, parts: int) -> Any:
    """What a part adds on average, whatever came before it."""
    gain = np.zeros_like(explained[()])
    for before, alone in explained.items():
        if part not in before:
            orders = factorial(len(before)) * factorial(parts - len(before) - 1) / factorial(parts)
            gain = gain + orders * (explained[tuple(sorted((*before, part)))] - alone)
    return gain


def __dir__() -> list[str]:
    return __all__
