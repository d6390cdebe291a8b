"""How many groups there are, if any: silhouette, gap statistic and stability side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from carestudy.contract import CareError
from carestudy.rendering import Rendered
from carestudy.segments import clusters

MOST_ROWS = 2_000  # on more of them, cuts of a continuum come out alike for the sheer number
FEWEST = 30  # customers, below which nobody can tell groups from chance
AGAIN, APART = 0.8, 0.5
NATURAL, CUTS, UNSTABLE, ALL = "natural", "cuts", "unstable", "all"
Verdict = Literal["natural", "cuts", "unstable", "all"]
KS = range(2, 7)


@dataclass(frozen=True)
class Quality(Rendered):
    """How far so many groups are groups.

    ``natural``: they come out again (mean adjusted Rand index of bootstrap samples at least 0.8), lie apart (silhouette
    at least 0.5), and the gap is clearly above that of one group. ``cuts``: they come out again, but only as cuts of a
    continuum. ``unstable``: other customers like these would give other groups. ``all``: one group of all.
    """

    k: int
    inertia: float
    silhouette: float | None
    gap: float
    gap_error: float
    stability: float | None
    stability_low: float | None
    verdict: Verdict


def choose(rows: Any, ks: Sequence[int] = KS, *, seed: int = 0) -> tuple[Quality, ...]:
    """How far ``rows`` fall into 1 and each other number of groups; on 2,000 of the rows at most, drawn by the seed.

    Numbers of groups above that of different rows are left out: customers of three kinds, all of a kind being equal,
    can be three groups and not four.
    """
    values = np.asarray(rows, float)
    values = values[np.lexsort(values.T[::-1])]
    if len(values) > MOST_ROWS:
        values = values[np.random.default_rng(seed).choice(len(values), MOST_ROWS, replace=False)]
    different = len(np.unique(values, axis=0))
    if different < 2:
        return ()
    alone = _quality(values, 1, seed, None)
    return (alone, *(_quality(values, k, seed, alone) for k in sorted(set(ks) - {1}) if k <= different))


def chosen(qualities: Sequence[Quality]) -> int:
    """The number of natural groups with the highest silhouette; else the finest cuts that come out again; else 1.

    >>> chosen([Quality(2, 9, 0.4, 1, 0.1, 0.97, 0.9, "cuts"), Quality(3, 8, 0.4, 1, 0.1, 0.7, 0.5, "unstable")])
    2
    """
    natural = [quality for quality in qualities if quality.verdict == NATURAL]
    if natural:
        return max(natural, key=lambda quality: quality.silhouette or 0).k
    return max((quality.k for quality in qualities if quality.verdict == CUTS), default=1)


def table(qualities: Sequence[Quality]) -> pd.DataFrame:
    """The quality as a frame, a row for each number of groups."""
    return pd.DataFrame([asdict(quality) for quality in qualities], columns=list(Quality.__dataclass_fields__))


def checked(k: object) -> int | None:
    """A number of groups that was asked for; None where it is to be found."""
    if k == "auto":
        return None
    if isinstance(k, bool) or not isinstance(k, int) or k < 2:
        raise CareError(f'k is a number of segments from 2 up or "auto", and {k!r} is neither')
    return k


def _quality(values: Any, k: int, seed: int, alone: Quality | None) -> Quality:
    fit = clusters.kmeans(values, k, seed=seed)
    gap, error = clusters.gap(values, k, seed=seed, fitted=fit)
    estimates = [fit.inertia, gap, error]
    if alone is None:
        inertia, gap, error = (float(estimate) for estimate in clusters.rounded(estimates))
        return Quality(k, inertia, None, gap, error, None, None, "all")
    again = clusters.stability(values, k, seed=seed, fitted=fit)
    estimates += [
        clusters.silhouette(values, fit.labels, seed=seed),
        float(again.mean()),
        float(np.quantile(again, 0.1)),
    ]
    inertia, gap, error, apart, mean, low = (float(estimate) for estimate in clusters.rounded(estimates))
    verdict: Verdict = "unstable"
    if mean >= AGAIN:
        groups = apart >= APART and gap - alone.gap > max(error, alone.gap_error)
        verdict = "natural" if groups else "cuts"
    return Quality(k, inertia, apart, gap, error, mean, low, verdict)
