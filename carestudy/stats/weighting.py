"""Answers weighted so that they stand for all who were invited, and what that costs in certainty."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import special

from carestudy.arguments import Level, validated
from carestudy.contract import CareError
from carestudy.rendering import Rendered

CLOSE = 1e-10  # of a margin, when raking ends
STEPS = 10_000
MOST_EFFECT, FEWEST_EFFECTIVE = 3.0, 30.0  # Kish's effect, and answers left, beyond which weights carry too little


@dataclass(frozen=True)
class Weighted(Rendered):
    """A weighted mean with its standard error, interval, Kish's effect of the weights, and answers that are left.

    ``usable`` is False where the weights leave fewer than 30 answers, or triple the variance.
    """

    value: float
    error: float
    low: float
    high: float
    unweighted: float
    effect: float
    effective: float
    n: int

    @property
    def usable(self) -> bool:
        """Whether weights this uneven still carry a figure."""
        return self.effect <= MOST_EFFECT and self.effective >= FEWEST_EFFECTIVE


@validated
def kish_effect(weights: Any) -> float:
    """By how much uneven weights widen the variance of a mean to which they have no relation: n Σw² / (Σw)².

    Source: Kish 1965, Survey Sampling, section 11.7.

    >>> round(kish_effect([0, 1, 2, 3]), 4)
    1.5556
    """
    w = _checked(weights)
    return float(len(w) * (w @ w) / w.sum() ** 2)


@validated
def weighted_mean(values: Any, weights: Any, *, level: Level = 0.95) -> Weighted:
    """Mean of answers with given weights, its error by linearisation: Σ w² (y - mean)² / (Σ w)².

    Weights are no frequencies: twice all weights give the same interval. NPS is the mean of 100, 0 and -100. CareError
    for negative weights, or none above zero. Source: Särndal, Swensson & Wretman 1992, section 5.7.

    >>> found = weighted_mean([1, 2, 3, 4], [1, 2, 3, 4])
    >>> found.value, round(found.error**2, 2), round(found.low, 2), round(found.high, 2)
    (3.0, 0.24, 2.04, 3.96)
    """
    y, w = np.asarray(values, float), _checked(weights, len(np.asarray(values)))
    mean = float(w @ y / w.sum())
    return _result(mean, float(np.sqrt(w**2 @ (y - mean) ** 2) / w.sum()), y, w, level)


@validated
def weighted_share(values: Any, weights: Any, *, level: Level = 0.95) -> Weighted:
    """Share of answers that are 1, with given weights; its interval on the logit scale, by Student's t.

    Source: Korn & Graubard 1998, Survey Methodology 24:193-201; as R's svyciprop(method = "logit").

    >>> found = weighted_share([1, 1, 0, 0, 1, 0, 1, 1], [1, 2, 1, 1, 3, 1, 1, 2])
    >>> round(found.value, 3), round(found.low, 2), round(found.high, 2)
    (0.75, 0.31, 0.95)
    """
    y, w = np.asarray(values, float), _checked(weights, len(np.asarray(values)))
    if not np.isin(y, (0, 1)).all():
        raise CareError("a weighted share is of answers that are 1 or 0")
    n, mean = len(y), float(w @ y / w.sum())
    error = float(np.sqrt(n / max(n - 1, 1) * (w**2 @ (y - mean) ** 2)) / w.sum())
    found = _result(mean, error, y, w, level)
    if not 0 < mean < 1 or n < 2:
        return found
    half = float(special.stdtrit(n - 1, (1 + level) / 2)) * error / (mean * (1 - mean))
    low, high = (float(special.expit(special.logit(mean) + side * half)) for side in (-1, 1))
    return Weighted(mean, error, low, high, found.unweighted, found.effect, found.effective, n)


@validated
def poststratified_mean(
    values: Any, cells: Any, population: Mapping[Any, float], *, finite: bool = False, level: Level = 0.95
) -> Weighted:
    """Mean of answers as if each cell had answered as much as its part of all who were invited.

    ``cells`` says in which cell each answer lies, ``population`` how many of all there are. The error is of deviations
    from the means of the cells, by which post-stratification may be surer than no weights; with ``finite`` it is less
    for what part of all has answered. CareError where a cell of the population has no answer, or an answer no cell.
    Source: Lumley 2010, Complex Surveys, section 7.2; as R's survey package.

    >>> found = poststratified_mean([1, 2, 9, 8], ["a", "a", "b", "b"], {"a": 300, "b": 100})
    >>> found.value, found.unweighted
    (3.25, 5.0)
    """
    frame = pd.DataFrame({"y": np.asarray(values, float), "cell": np.asarray(cells, object)})
    sizes = pd.Series(dict(population), dtype=float)
    answered = frame["cell"].value_counts()
    if (absent := [cell for cell in sizes.index[sizes > 0] if cell not in answered.index]) or not len(frame):
        raise CareError(f"nobody answered in cells {absent[:5]}: put cells together before weighting")
    if unknown := sorted({str(cell) for cell in frame["cell"]} - {str(cell) for cell in sizes.index}):
        raise CareError(f"the population does not say how many there are in cells {unknown[:5]}")
    n, whole = len(frame), float(sizes.sum())
    weight = frame["cell"].map(sizes / answered).to_numpy(float)
    apart = (frame["y"] - frame.groupby("cell")["y"].transform("mean")).to_numpy(float)
    value = float(weight @ frame["y"].to_numpy(float) / whole)
    left = max(1 - n / whole, 0.0) if finite else 1.0
    error = float(np.sqrt(n / max(n - 1, 1) * left * (weight**2 @ apart**2))) / whole
    return _result(value, error, frame["y"].to_numpy(float), weight, level)


@validated
def rake(
    margins: Mapping[str, Any], population: Mapping[str, Mapping[Any, float]], *, start: Any = None
) -> NDArray[Any]:
    """Weights of answers whose sums over every margin are those of all who were invited.

    ``margins`` hold a column of classes for each margin, ``population`` the sizes of its classes; ``start`` are weights
    to begin with (equal ones unless given). Each margin is met in turn until all are, to ten digits. Cells of the same
    classes get the same weight, and odds ratios stay those of the answers. CareError where a class has no answer, the
    margins have different sums, or they cannot be met together. Source: Deming & Stephan 1940, Annals of Mathematical
    Statistics 11:427-444.

    >>> rake({"sex": ["f", "f", "m"], "age": ["y", "o", "y"]}, {"sex": {"f": 60, "m": 40}, "age": {"y": 70, "o": 30}})
    array([30., 30., 40.])
    """
    codes, targets = _margins(margins, population)
    n = len(codes[0])
    weights = np.ones(n) if start is None else np.array(_checked(start, n))
    for _ in range(STEPS):
        for code, target in zip(codes, targets, strict=True):
            sums = np.bincount(code, weights, len(target))
            weights = weights * np.divide(target, sums, out=np.zeros(len(target)), where=sums > 0)[code]
        apart = [
            np.abs(np.bincount(code, weights, len(target)) - target).max() / target.sum()
            for code, target in zip(codes, targets, strict=True)
        ]
        if max(apart) < CLOSE:
            return weights
    raise CareError("these margins cannot be met together: put classes together, or leave a margin out")


def _margins(
    margins: Mapping[str, Any], population: Mapping[str, Mapping[Any, float]]
) -> tuple[Sequence[Any], Sequence[Any]]:
    """The classes of the answers as numbers, and the sizes of the classes, for every margin."""
    if not margins or set(margins) != set(population):
        raise CareError("raking needs the sizes of the classes of the very margins that the answers have")
    codes, targets = [], []
    for name, classes in margins.items():
        sizes = {key: float(size) for key, size in population[name].items() if size > 0}
        column = list(classes)
        if unknown := sorted({str(one) for one in column if one not in sizes}):
            raise CareError(f"{name}: the population has nobody in {unknown[:5]}")
        if absent := sorted(str(size) for size in sizes if size not in set(column)):
            raise CareError(f"{name}: nobody answered in {absent[:5]}: put classes together before weighting")
        places = {key: index for index, key in enumerate(sizes)}
        codes.append(np.array([places[one] for one in column], int))
        targets.append(np.array(list(sizes.values())))
    if max(target.sum() for target in targets) > (1 + 1e-6) * min(target.sum() for target in targets):
        raise CareError("the margins have different sums: they are not of the same people")
    return codes, targets


def _result(value: float, error: float, values: NDArray[Any], weights: NDArray[Any], level: float) -> Weighted:
    half = float(special.ndtri((1 + level) / 2)) * error
    effect = kish_effect(weights)
    n = len(values)
    return Weighted(value, error, value - half, value + half, float(values.mean()), effect, n / effect, n)


def _checked(weights: NDArray[Any], size: int | None = None) -> NDArray[Any]:
    w = np.asarray(weights, float)
    if w.ndim != 1 or not len(w) or not (w >= 0).all() or not w.sum() > 0:
        raise CareError("weights are numbers of 0 or more, some of them above zero")
    if size is not None and len(w) != size:
        raise CareError(f"every answer needs a weight: {size:,} answers have {len(w):,}")
    return w
