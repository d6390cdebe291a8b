"""The mathematics of groups: k-means, and how far its groups are groups at all."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from carestudy.contract import CareError
from carestudy.measure.front import validated
from carestudy.measure.options import Count, Seed
from carestudy.rendering import Rendered

__all__ = ["KMeans", "adjusted_rand", "gap", "kmeans", "nearest", "rounded", "silhouette", "stability"]

STARTS = 20
DIGITS = 9  # of a centre: beyond them it depends on the order in which threads add up
LEAST = 1e-12  # of all squares: what groups of equal rows have as inertia
MOST_POINTS = 5_000  # the silhouette compares every two of them


@dataclass(frozen=True)
class KMeans(Rendered):
    """Groups by nearest centre: the centres in order, which row belongs to which, how many, and the inertia.

    ``inertia`` is the sum of squared distances of the rows to the centre of their group.
    """

    centres: Any
    labels: Any
    sizes: Any
    inertia: float


@validated
def kmeans(rows: Any, k: Count, *, seed: Seed = 0, starts: Count = STARTS) -> KMeans:
    """Groups such that rows lie as close as possible to the mean of their group, the best of 20 random starts.

    Rows are sorted before, and centres rounded and sorted after, so that neither their order nor the number of
    processors matters. CareError where fewer than ``k`` rows differ. Source: Lloyd 1982; Arthur & Vassilvitskii 2007.

    >>> found = kmeans([[0.0], [1.0], [10.0], [11.0]], 2)
    >>> found.centres.tolist(), found.labels.tolist(), found.inertia
    ([[0.5], [10.5]], [0, 0, 1, 1], 1.0)
    """
    from sklearn.cluster import KMeans as Lloyd  # heavy: loaded when groups are looked for

    values = _matrix(rows)
    ordered = values[np.lexsort(values.T[::-1])]
    different = 1 + int((np.diff(ordered, axis=0) != 0).any(axis=1).sum()) if len(ordered) else 0
    if not 1 <= k <= different:
        raise CareError(f"{k} groups need at least {max(k, 1)} different rows, and there are {different}")
    with _threads().limit(limits=1):  # more cost more than they bring where others work beside, and add up in any order
        fitted = Lloyd(k, n_init=starts, random_state=seed, algorithm="lloyd").fit(ordered)
    centres = rounded(fitted.cluster_centers_)
    centres = centres[np.lexsort(centres.T[::-1])]
    labels, distances = nearest(values, centres)
    return KMeans(centres, labels, np.bincount(labels, minlength=k), float(distances.sum()))


@validated
def nearest(rows: Any, centres: Any) -> tuple[Any, Any]:
    """The number of the nearest centre of every row, the first of equally near ones, and the squared distance to it."""
    values, places = _matrix(rows), np.asarray(centres, float)
    squares = np.stack([((values - centre) ** 2).sum(axis=1) for centre in places], axis=1)
    labels = squares.argmin(axis=1)
    return labels, squares[np.arange(len(values)), labels]


@validated
def silhouette(rows: Any, labels: Any, *, seed: Seed = 0) -> float:
    """Mean of how much nearer rows are to their own group than to the next one, -1 to 1; of 5,000 rows at most.

    Above 0.5 groups are reasonably apart, below 0.25 hardly. Source: Rousseeuw 1987, J Comput Appl Math 20:53-65.

    >>> round(silhouette([[0.0], [1.0], [10.0], [11.0]], [0, 0, 1, 1]), 4)
    0.8997
    """
    from sklearn.metrics import silhouette_score

    values, groups = _matrix(rows), np.asarray(labels)
    if len(values) > MOST_POINTS:
        chosen = np.random.default_rng(seed).choice(len(values), MOST_POINTS, replace=False)
        values, groups = values[chosen], groups[chosen]
    if not 2 <= len(np.unique(groups)) < len(values):
        return float("nan")
    return float(silhouette_score(values, groups))


@validated
def adjusted_rand(labels: Any, other_labels: Any) -> float:
    """How far two groupings of the same rows agree: 1 the same, 0 as by chance; the names of groups do not matter.

    Source: Hubert & Arabie 1985, J Classif 2:193-218.

    >>> adjusted_rand(["a", "a", "b", "b"], [1, 1, 0, 0])
    1.0
    """
    from sklearn.metrics import adjusted_rand_score

    return float(adjusted_rand_score(np.asarray(labels), np.asarray(other_labels)))


@validated
def gap(
    rows: Any, k: Count, *, seed: Seed = 0, references: Count = 20, fitted: KMeans | None = None
) -> tuple[float, float]:
    """By how much the log inertia lies below that of rows without groups, and the error of that by simulation.

    The rows without groups are spread evenly over a box along the principal axes. There are groups where the gap of
    some k is clearly above that of one group. Rows that all equal the centre of their group have an inertia of a part
    in a million million of all squares, so that the gap is a number; rows that are all equal have none. ``fitted`` are
    the groups of the rows where they are known already. Source: Tibshirani, Walther & Hastie 2001, JRSS B 63:411-423.
    """
    values = _matrix(rows)
    values = values[np.lexsort(values.T[::-1])]
    squares = float(((values - values.mean(axis=0)) ** 2).sum())
    if not squares > 0:
        return 0.0, 0.0
    axes = np.linalg.svd(values - values.mean(axis=0), full_matrices=False)[2]
    turned = (values - values.mean(axis=0)) @ axes.T
    rng = np.random.default_rng(seed)
    low, high = turned.min(axis=0), turned.max(axis=0)
    chance = [np.log(kmeans(rng.uniform(low, high, turned.shape), k, starts=2).inertia) for _ in range(references)]
    inertia = max((fitted or kmeans(values, k, seed=seed)).inertia, LEAST * squares)
    spread = float(np.std(chance)) * np.sqrt(1 + 1 / references)
    return float(np.mean(chance) - np.log(inertia)), float(spread)


@validated
def stability(rows: Any, k: Count, *, seed: Seed = 0, samples: Count = 20, fitted: KMeans | None = None) -> Any:
    """How far the groups of bootstrap samples agree with those of all rows: an adjusted Rand index for each sample.

    Groups that are there come out again, above about 0.8.
    ``fitted`` as for ``gap``. Source: Hennig 2007, Comput Stat Data Anal 52:258-271.
    """
    values = _matrix(rows)
    values = values[np.lexsort(values.T[::-1])]
    labels = nearest(values, (fitted or kmeans(values, k, seed=seed)).centres)[0]
    rng = np.random.default_rng(seed)
    agreements = []
    for _ in range(samples):
        drawn = values[rng.integers(0, len(values), len(values))]
        if len(np.unique(drawn, axis=0)) < k:
            agreements.append(0.0)
            continue
        again = kmeans(drawn, k, seed=seed, starts=3)
        agreements.append(adjusted_rand(labels, nearest(values, again.centres)[0]))
    return np.array(agreements)


@cache
def _threads() -> Any:
    """What holds the threads of the numeric libraries; to find these takes longer than a fit."""
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


def rounded(numbers: Any) -> Any:
    """Numbers to nine significant digits; a negative zero is zero."""
    return np.array([float(f"{number:.{DIGITS}g}") + 0.0 for number in np.ravel(numbers)]).reshape(np.shape(numbers))


def _matrix(rows: Any) -> Any:
    values = np.asarray(rows, float)
    if values.ndim != 2 or not np.isfinite(values).all():
        raise CareError("groups are looked for in rows and columns of numbers, none of them missing")
    return values


def __dir__() -> list[str]:
    return __all__
