"""How far raters, or a label and an audit, agree beyond chance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from carestudy.arguments import Level, validated
from carestudy.contract import CareError
from carestudy.rendering import Rendered


@dataclass(frozen=True)
class Kappa(Rendered):
    """Agreement of two raters: the share seen, that by chance, kappa with interval, and its errors.

    ``error_of_none`` is the error where they agree by chance alone, of which ``p`` is the test.
    """

    agreement: float
    by_chance: float
    value: float
    low: float
    high: float
    error: float
    error_of_none: float
    p: float


@validated
def kappa(table: ArrayLike, *, weights: Literal["none", "linear", "quadratic"] = "none", level: Level = 0.95) -> Kappa:
    """Cohen's kappa of two raters: their agreement beyond chance, 1 where they always agree and 0 as by chance.

    ``table`` counts cases by the class that the one gave (rows) and the other (columns), classes in one order; with
    ``weights`` near classes agree in part. CareError for a table that is not square, or of one class. Source: Fleiss,
    Levin & Paik 2003, section 18.1; Fleiss, Cohen & Everitt 1969, Psychological Bulletin 72:323-327.

    >>> found = kappa([[75, 1, 4], [5, 4, 1], [0, 0, 10]])
    >>> round(found.agreement, 2), round(found.by_chance, 2), round(found.value, 3), round(found.error, 3)
    (0.89, 0.66, 0.676, 0.088)
    """
    counts = np.asarray(table, float)
    if counts.ndim != 2 or counts.shape[0] != counts.shape[1] or len(counts) < 2 or not counts.sum() > 0:
        raise CareError("kappa needs a square table of counts, of two classes or more")
    n, size = counts.sum(), len(counts)
    shares, apart = counts / n, np.abs(np.subtract.outer(np.arange(size), np.arange(size))) / (size - 1)
    near = {"none": (apart == 0).astype(float), "linear": 1 - apart, "quadratic": 1 - apart**2}[weights]
    rows, columns = shares.sum(axis=1), shares.sum(axis=0)
    seen, chance = float((near * shares).sum()), float(rows @ near @ columns)
    if chance >= 1:
        raise CareError("both raters gave one class to all cases: agreement beyond chance cannot be told")
    value = (seen - chance) / (1 - chance)
    both = (near @ columns)[:, None] + (rows @ near)[None, :]
    spread = (shares * (near - both * (1 - value)) ** 2).sum() - (value - chance * (1 - value)) ** 2
    none = (np.outer(rows, columns) * (near - both) ** 2).sum() - chance**2
    error, error_of_none = (float(np.sqrt(max(variance, 0.0) / n) / (1 - chance)) for variance in (spread, none))
    half = float(special.ndtri((1 + level) / 2)) * error
    p = float(2 * special.ndtr(-abs(value) / error_of_none)) if error_of_none > 0 else float("nan")
    return Kappa(seen, chance, float(value), float(value - half), float(value + half), error, error_of_none, p)


@validated
def krippendorff_alpha(ratings: ArrayLike, *, scale: Literal["nominal", "interval"] = "nominal") -> float:
    """Agreement of any number of raters who need not all rate every case: 1 always, 0 as by chance.

    ``ratings`` have a row for each rater and a column for each case, NaN where not rated; cases with one rating count
    for nothing. "interval" takes near scores as near. NaN where all ratings are alike. CareError without two ratings of
    one case. Source: Krippendorff 2011, Computing Krippendorff's Alpha-Reliability.

    >>> nan = float("nan")
    >>> round(krippendorff_alpha([[1, 2, 3, 3, 2, 1, 4, 1, 2, nan], [1, 2, 3, 3, 2, 2, 4, 1, 2, 5]]), 3)
    0.852
    """
    values = np.asarray(ratings, float)
    if values.ndim != 2:
        raise CareError("ratings have a row for each rater and a column for each case")
    values = values[:, (~np.isnan(values)).sum(axis=0) > 1]
    if not values.size:
        raise CareError("no case has two ratings")
    classes, codes = np.unique(values[~np.isnan(values)], return_inverse=True)
    counts = np.zeros((values.shape[1], len(classes)))
    np.add.at(counts, (np.nonzero(~np.isnan(values))[1], codes), 1)
    far = 1 - np.eye(len(classes)) if scale == "nominal" else np.subtract.outer(classes, classes).astype(float) ** 2
    ratings_of_unit = counts.sum(axis=1)
    apart = (np.einsum("ij,jk,ik->i", counts, far, counts) / (ratings_of_unit - 1)).sum()
    ratings_of_value = counts.sum(axis=0)
    chance = ratings_of_value @ far @ ratings_of_value / (ratings_of_value.sum() - 1)
    return float(1 - apart / chance) if chance > 0 else float("nan")


@validated
def mcnemar(only_first: int, only_second: int) -> float:
    """Exact p value that two labels of the same cases are given equally often, from the cases that have just one.

    Source: McNemar 1947, Psychometrika 12:153-157, by the binomial.

    >>> round(mcnemar(3, 12), 4)
    0.0352
    """
    from scipy import stats  # a second to import

    if only_first < 0 or only_second < 0:
        raise CareError("counts of cases are not negative")
    n = only_first + only_second
    return float(stats.binomtest(only_first, n, 0.5).pvalue) if n else 1.0
