"""Many comparisons at once: p values adjusted so that chance alone seldom stands out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from carestudy.arguments import Inside, validated
from carestudy.contract import CareError
from carestudy.rendering import Rendered


@dataclass(frozen=True)
class TwoStage(Rendered):
    """What the adaptive procedure finds: which comparisons are findings, how many the first stage found, nulls left."""

    rejected: tuple[bool, ...]
    first_stage: int
    true_nulls: int

    @property
    def rejections(self) -> int:
        """How many comparisons are findings."""
        return sum(self.rejected)


@dataclass(frozen=True)
class Families(Rendered):
    """Which families of comparisons hold a finding, and the adjusted p values inside all of them.

    ``p`` are the Simes p values of the families, ``p_adjusted`` those adjusted over all families; ``level_inside`` is
    the level at which comparisons inside a selected family are findings, and ``interval_level`` the level of intervals
    of what is selected, so that so many of them as promised hold.
    """

    p: tuple[float, ...]
    p_adjusted: tuple[float, ...]
    selected: tuple[bool, ...]
    rejected: tuple[tuple[bool, ...], ...]
    level_inside: float
    interval_level: float


@validated
def adjusted(p: Any, *, method: str = "benjamini-hochberg") -> NDArray[Any]:
    """The smallest level at which each comparison would still be called a finding, all of them being looked at.

    "benjamini-hochberg" holds the expected share of false findings among all findings; "benjamini-yekutieli" does so
    whatever the comparisons have to do with each other. "holm", "hochberg", "hommel", "hochberg-sidak" and "bonferroni"
    hold the chance of even one; the three in the middle need comparisons that are independent or go together. Takes p
    values in any order and gives as many, in the same order; a missing one (NaN) is no comparison, counts for nothing
    and stays missing. Raises CareError for what is no probability or an unknown method. Sources: Benjamini & Hochberg
    1995, JRSS B 57:289-300; Benjamini & Yekutieli 2001, Annals of Statistics 29:1165-1188; Holm 1979, Scandinavian
    Journal of Statistics 6:65-70; Hochberg 1988, Biometrika 75:800-802; Hommel 1988, 75:383-386.

    >>> adjusted([0.01, 0.04, 0.03]).round(3).tolist()
    [0.03, 0.04, 0.04]
    """
    values = np.asarray(p, float)
    if method not in METHODS:
        raise CareError(f"method='{method}' is not known: choose one of {', '.join(METHODS)}")
    if values.ndim != 1 or ((values < 0) | (values > 1)).any():
        raise CareError("p values are a list of numbers from 0 to 1")
    known = np.flatnonzero(~np.isnan(values))
    order = known[np.argsort(values[known], kind="stable")]
    result = np.full(len(values), np.nan)
    if len(order):
        result[order] = np.clip(METHODS[method](values[order]), values[order], 1.0)
    return result


@validated
def two_stage(p: ArrayLike, *, level: Inside = 0.05) -> TwoStage:
    """Findings of the adaptive procedure, which first estimates how many comparisons hide nothing.

    For independent comparisons only: figures of the same customers are not. Source: Benjamini, Krieger & Yekutieli
    2006, Biometrika 93:491-507.

    >>> two_stage([0.001, 0.01, 0.03, 0.04, 0.6]).rejections
    4
    """
    values = np.asarray(p, float)
    inner = level / (1 + level)
    first = int((adjusted(values) <= inner).sum())
    nulls = len(values) - first
    if first == 0 or nulls == 0:
        return TwoStage((first > 0,) * len(values), first, nulls)
    rejected = adjusted(values) <= inner * len(values) / nulls
    return TwoStage(tuple(bool(is_rejected) for is_rejected in rejected), first, nulls)


@validated
def simes(p: Any) -> float:
    """The p value that nothing at all is to be found among comparisons; NaN for none.

    Source: Simes 1986, Biometrika 73:751-754.

    >>> simes([0.01, 0.04, 0.9])
    0.03
    """
    rising = np.sort(np.asarray(p, float)[~np.isnan(np.asarray(p, float))])
    return float((rising * len(rising) / np.arange(1, len(rising) + 1)).min()) if len(rising) else float("nan")


@validated
def families(p: Sequence[Any], *, level: Inside = 0.1) -> Families:
    """Findings of families of comparisons, such as the questions of a page: first which families, then what in them.

    A family is selected by its Simes p value, families being adjusted by Benjamini and Hochberg; inside the selected
    ones the level is ``level`` times the share of selected families, so that the expected share of false findings is
    held on average over them. Source: Benjamini & Bogomolov 2014, JRSS B 76:297-318; of intervals Benjamini & Yekutieli
    2005, JASA 100:71-81.

    >>> found = families([[0.001, 0.2], [0.4, 0.6], [0.02, 0.03]])
    >>> found.selected, found.rejected
    ((True, False, True), ((True, False), (False, False), (True, True)))
    """
    groups = [np.asarray(family, float) for family in p]
    family_p = np.array([simes(family) for family in groups])
    over = adjusted(family_p)
    selected = over <= level
    inside = level * float(selected.sum()) / max(int((~np.isnan(family_p)).sum()), 1)
    rejected = [
        tuple(bool(family) for family in (adjusted(group) <= inside) & chosen)
        for group, chosen in zip(groups, selected, strict=True)
    ]
    compared, rejections = sum(int((~np.isnan(family)).sum()) for family in groups), sum(map(sum, rejected))
    interval = 1 - rejections * level / compared if rejections else 1 - level
    return Families(
        tuple(map(float, family_p)),
        tuple(map(float, over)),
        tuple(bool(family) for family in selected),
        tuple(rejected),
        inside,
        interval,
    )


def _benjamini_hochberg(rising: NDArray[Any]) -> NDArray[Any]:
    ranks = np.arange(1, len(rising) + 1)
    return np.minimum.accumulate((rising * len(rising) / ranks)[::-1])[::-1]


def _benjamini_yekutieli(rising: NDArray[Any]) -> NDArray[Any]:
    return np.asarray(_benjamini_hochberg(rising) * (1 / np.arange(1, len(rising) + 1)).sum())


def _holm(rising: NDArray[Any]) -> NDArray[Any]:
    return np.maximum.accumulate(rising * np.arange(len(rising), 0, -1))


def _hochberg(rising: NDArray[Any]) -> NDArray[Any]:
    return np.minimum.accumulate((rising * np.arange(len(rising), 0, -1))[::-1])[::-1]


def _hochberg_sidak(rising: NDArray[Any]) -> NDArray[Any]:
    return np.minimum.accumulate((1 - (1 - rising) ** np.arange(len(rising), 0, -1))[::-1])[::-1]


def _hommel(rising: NDArray[Any]) -> NDArray[Any]:
    """Wright's algorithm, as in R's p.adjust."""
    n = len(rising)
    best = np.full(n, (n * rising / np.arange(1, n + 1)).min())
    result = best.copy()
    for m in range(n - 1, 1, -1):
        first, last = np.arange(n - m + 1), np.arange(n - m + 1, n)
        least = (m * rising[last] / np.arange(2, m + 1)).min()
        best[first] = np.minimum(m * rising[first], least)
        best[last] = best[n - m]
        result = np.maximum(result, best)
    return np.asarray(np.maximum(result, rising))


def _bonferroni(rising: NDArray[Any]) -> NDArray[Any]:
    return rising * len(rising)


METHODS: dict[str, Callable[[Any], Any]] = {
    "benjamini-hochberg": _benjamini_hochberg,
    "benjamini-yekutieli": _benjamini_yekutieli,
    "holm": _holm,
    "hochberg": _hochberg,
    "hommel": _hommel,
    "hochberg-sidak": _hochberg_sidak,
    "bonferroni": _bonferroni,
}
