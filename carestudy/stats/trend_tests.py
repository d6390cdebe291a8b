"""Is there a trend: Mann and Kendall's test with ties, Sen's slope, and shares explained by several columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import special

from carestudy.arguments import Level, validated
from carestudy.contract import CareError
from carestudy.rendering import Rendered

STEPS, CLOSE, STEEPEST = 100, 1e-10, 30.0


@dataclass(frozen=True)
class MannKendall(Rendered):
    """A test for a trend that only asks which of two values is larger, with the median slope of all pairs (Sen's).

    ``score`` is how many more pairs rise than fall, ``tau`` Kendall's correlation with time, ``z`` the score with
    continuity correction over its standard deviation, ``variance`` that of the score, ties taken into account.
    """

    score: int
    variance: float
    z: float
    p: float
    tau: float
    slope: float
    slope_low: float
    slope_high: float


@dataclass(frozen=True)
class QuasiBinomial(Rendered):
    """A regression of shares whose errors are stretched by how much they vary beyond chance.

    ``effects`` has a row for the constant and for each column: column, coefficient, error, t, p, odds_ratio with low
    and high. ``dispersion`` is Pearson's chi-square over ``df``.
    """

    effects: pd.DataFrame = field(compare=False)
    dispersion: float
    df: int
    deviance: float


@validated
def mann_kendall(values: Any, *, times: Any = None, level: Level = 0.95) -> MannKendall:
    """Test for a trend of any shape that goes one way, of values in the order of time; equal values count in part.

    ``times`` are 0, 1, 2 ... unless given, and only the slope reads their distances. Values that are missing (NaN) are
    left out. Neighbours that go together make p too small. Sen's slope is the median of the slopes of all pairs, its
    limits by Gilbert. CareError for fewer than three values. Sources: Mann 1945, Econometrica 13:245-259; Kendall 1975;
    Sen 1968, JASA 63:1379-1389; Gilbert 1987, section 16.

    >>> found = mann_kendall([10, 11, 11, 13, 12, 15, 16, 16])
    >>> found.score, round(found.p, 4), round(found.slope, 3)
    (24, 0.0039, 1.0)
    """
    y = np.asarray(values, float)
    x = np.arange(len(y), dtype=float) if times is None else np.asarray(times, float)
    if len(x) != len(y):
        raise CareError(f"a trend needs as many times as values, and got {len(x)} and {len(y)}")
    known = np.isfinite(y)
    order = np.argsort(x[known], kind="stable")
    y, x = y[known][order], x[known][order]
    n = len(y)
    if n < 3:
        raise CareError(f"a trend needs at least 3 values, and got {n}")
    rise, run = (np.subtract.outer(numbers, numbers)[np.tril_indices(n, -1)] for numbers in (y, x))
    score = int(np.sign(rise * run).sum())
    variance = _score_variance(y)
    z = (score - np.sign(score)) / np.sqrt(variance) if variance > 0 else 0.0
    pairs = n * (n - 1) / 2
    ties = [sum(count * (count - 1) / 2 for count in np.unique(numbers, return_counts=True)[1]) for numbers in (y, x)]
    spread = np.sqrt((pairs - ties[0]) * (pairs - ties[1]))
    slopes = np.sort(rise[run != 0] / run[run != 0])
    reach = float(special.ndtri((1 + level) / 2)) * np.sqrt(variance)
    ranks = ((len(slopes) - reach) / 2, (len(slopes) + reach) / 2 + 1)
    low, high = (float(np.interp(rank - 1, np.arange(len(slopes)), slopes)) for rank in ranks)
    return MannKendall(
        score, float(variance), float(z), float(2 * special.ndtr(-abs(z))),
        float(score / spread) if spread > 0 else float("nan"), float(np.median(slopes)), low, high,
    )  # fmt: skip


@validated
def quasi_binomial(
    count: Any, n: Any, columns: Any, *, names: Sequence[str] | None = None, level: Level = 0.95
) -> QuasiBinomial:
    """Logistic regression of shares (``count`` of ``n`` in each row) on any columns, with errors for overdispersion.

    ``columns`` have a row for each share; a constant is added. Errors are multiplied by the root of Pearson's
    chi-square over the degrees of freedom, and p is Student's, as of R's glm(family = quasibinomial). Rows without
    cases are left out. CareError for columns that repeat each other, or that tell exactly who is which. Source:
    McCullagh & Nelder 1989, section 4.5.

    >>> found = quasi_binomial([90, 88, 85, 86, 80, 79], [100] * 6, [[k, k % 2] for k in range(6)], names=["t", "odd"])
    >>> found.effects["coefficient"].round(3).tolist(), found.df
    ([2.139, -0.186, 0.134], 3)
    """
    y, size = np.asarray(count, float), np.asarray(n, float)
    told = np.asarray(columns, float)
    told = told[:, None] if told.ndim == 1 else told
    if not (len(y) == len(size) == len(told)) or not ((y >= 0) & (y <= size)).all():
        raise CareError("a regression of shares needs counts between 0 and n, and a row of columns for each")
    named = [f"x{place}" for place in range(1, told.shape[1] + 1)] if names is None else list(names)
    if len(named) != told.shape[1]:
        raise CareError(f"names are of {len(named)} columns, and there are {told.shape[1]}")
    used = size > 0
    design = np.column_stack([np.ones(used.sum()), told[used]])
    df = len(design) - design.shape[1]
    if df < 1 or np.linalg.matrix_rank(design) < design.shape[1]:
        raise CareError("the columns repeat each other, or there are as many of them as shares: leave some out")
    coefficients, spread, fitted = _fit(design, y[used] / size[used], size[used])
    expected = size[used] * fitted
    dispersion = float(((y[used] - expected) ** 2 / (expected * (1 - fitted))).sum() / df)
    errors = np.sqrt(np.diag(spread) * dispersion)
    t = np.divide(coefficients, errors, out=np.full(len(errors), np.nan), where=errors > 0)
    half = float(special.stdtrit(df, (1 + level) / 2)) * errors
    effects = pd.DataFrame({"column": ["constant", *named], "coefficient": coefficients, "error": errors, "t": t})
    effects = effects.assign(
        p=2 * special.stdtr(df, -np.abs(t)), odds_ratio=np.exp(coefficients), low=np.exp(coefficients - half),
        high=np.exp(coefficients + half),
    )  # fmt: skip
    rest = size[used] - y[used]
    deviance = 2 * (special.xlogy(y[used], y[used] / expected) + special.xlogy(rest, rest / (size[used] - expected)))
    return QuasiBinomial(effects, dispersion, df, float(deviance.sum()))


def _score_variance(values: NDArray[Any]) -> float:
    n = len(values)
    ties = np.unique(values, return_counts=True)[1]
    return float((n * (n - 1) * (2 * n + 5) - (ties * (ties - 1) * (2 * ties + 5)).sum()) / 18)


def _fit(design: NDArray[Any], share: NDArray[Any], n: NDArray[Any]) -> tuple[Any, Any, Any]:
    """Maximum likelihood by iteratively reweighted least squares: coefficients, covariance, fitted shares."""
    fitted, before = (n * share + 0.5) / (n + 1), np.full(len(n), np.inf)
    for _ in range(STEPS):
        weight = n * fitted * (1 - fitted)
        information = (design.T * weight) @ design
        target = special.logit(fitted) + (share - fitted) / (fitted * (1 - fitted))
        coefficients = np.linalg.lstsq(information, (design.T * weight) @ target, rcond=None)[0]
        logits = design @ coefficients
        if np.abs(logits).max() > STEEPEST:
            break
        fitted = special.expit(logits)
        if np.abs(logits - before).max() <= CLOSE:
            weight = n * fitted * (1 - fitted)
            return coefficients, np.linalg.inv((design.T * weight) @ design), fitted
        before = logits
    raise CareError("the columns tell exactly which shares are 0 or 1: their effects have no bound")
