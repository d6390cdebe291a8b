"""Many comparisons at once: p values adjusted so that chance alone seldom stands out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from carestudy.contract import CareError
from carestudy.measure.front import validated

METHODS = ("benjamini-hochberg", "holm", "bonferroni")


@validated
def adjusted(p: Any, *, method: str = "benjamini-hochberg") -> Any:
    """The smallest level at which each comparison would still be called a finding, all of them being looked at.

    "benjamini-hochberg" holds the expected share of false findings among all findings, "holm" and "bonferroni" the
    chance of even one. Takes p values in any order and gives as many, in the same order; a missing one (NaN) is no
    comparison, counts for nothing and stays missing. Raises CareError for what is no probability or an unknown method.
    Sources: Benjamini & Hochberg 1995, JRSS B 57:289-300; Holm 1979, Scandinavian Journal of Statistics 6:65-70.

    >>> adjusted([0.01, 0.04, 0.03]).round(3).tolist()
    [0.03, 0.04, 0.04]
    """
    given = np.asarray(p, float)
    if method not in METHODS:
        raise CareError(f"method='{method}' is not known: choose one of {', '.join(METHODS)}")
    if given.ndim != 1 or ((given < 0) | (given > 1)).any():
        raise CareError("p values are a list of numbers from 0 to 1")
    told = np.flatnonzero(~np.isnan(given))
    order = told[np.argsort(given[told], kind="stable")]
    result = np.full(len(given), np.nan)
    result[order] = np.clip(_BY_METHOD[method](given[order]), given[order], 1.0)
    return result


def _benjamini_hochberg(rising: Any) -> Any:
    ranks = np.arange(1, len(rising) + 1)
    return np.minimum.accumulate((rising * len(rising) / ranks)[::-1])[::-1]


def _holm(rising: Any) -> Any:
    return np.maximum.accumulate(rising * np.arange(len(rising), 0, -1))


def _bonferroni(rising: Any) -> Any:
    return rising * len(rising)


_BY_METHOD: dict[str, Callable[[Any], Any]] = dict(zip(METHODS, (_benjamini_hochberg, _holm, _bonferroni), strict=True))
