"""Whether a whole mix of categories, such as the reasons of leavers, has changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special

from carestudy.arguments import Count, Seed, validated
from carestudy.contract import CareError
from carestudy.rendering import Rendered

FEWEST_EXPECTED = 5.0  # in a cell, below which the distribution of chi-square does not hold
MOST_TABLES = 200_000  # that an exact p value may look at


@dataclass(frozen=True)
class MixTest(Rendered):
    """Whether two mixes are one: Pearson's chi-square, its degrees of freedom, p, and how p was found.

    ``method`` is "chi-square" where all expected counts are 5 or more, else "exact" or, of too many possible tables,
    "simulated". ``effect`` is Cramér's V, 0 to 1. ``residuals`` are the adjusted residuals of the first mix: beyond 2
    or so a category is what differs.
    """

    statistic: float
    df: int
    p: float
    method: str
    effect: float
    residuals: tuple[float, ...]


@validated
def mix_test(counts: Any, other_counts: Any, *, resamples: Count = 20_000, seed: Seed = 1) -> MixTest:
    """Test whether the mix of categories is the same in two samples, such as the reasons of two periods.

    Small counts get an exact p value (the chance, given all totals, of a table at least as far from equal mixes), or
    one simulated by drawing tables with these totals. Categories that nobody has count for nothing. CareError without
    two categories or two samples with cases. Sources: Freeman & Halton 1951, Biometrika 38:141-149; Patefield 1981,
    Applied Statistics 30:91-97.

    >>> found = mix_test([30, 50, 20], [45, 35, 20])
    >>> round(found.statistic, 2), found.df, round(found.p, 4), found.method
    (5.65, 2, 0.0594, 'chi-square')
    >>> mix_test([3, 0, 1], [0, 4, 1]).method
    'exact'
    """
    table = np.stack([_counts(counts), _counts(other_counts)])
    table = table[:, table.sum(axis=0) > 0]
    sizes, totals = table.sum(axis=1), table.sum(axis=0)
    if table.shape[1] < 2 or not (sizes > 0).all():
        raise CareError("a test of a mix needs two samples with cases, in two categories or more")
    expected = np.outer(sizes, totals) / table.sum()
    statistic = float(((table - expected) ** 2 / expected).sum())
    df = table.shape[1] - 1
    residuals = (table - expected)[0] / np.sqrt(expected[0] * (1 - sizes[0] / table.sum()) * (1 - totals / table.sum()))
    p, method = float(special.chdtrc(df, statistic)), "chi-square"
    if expected.min() < FEWEST_EXPECTED:
        exact = _exact(table, statistic)
        p, method = (
            (exact, "exact") if exact is not None else (_simulated(table, statistic, resamples, seed), "simulated")
        )
    effect = float(np.sqrt(statistic / table.sum()))
    return MixTest(statistic, df, p, method, effect, tuple(float(residual) for residual in residuals))


@validated
def mix_against(counts: Any, shares: Any, *, resamples: Count = 20_000, seed: Seed = 1) -> MixTest:
    """Test whether a sample has a known mix: counts of categories against the shares that they should have.

    The exact multinomial or a simulated p value where an expected count is below 5, as in ``mix_test``.

    >>> round(mix_against([18, 55, 27], [0.25, 0.5, 0.25]).p, 4)
    0.2698
    """
    seen, planned = _counts(counts), np.asarray(shares, float)
    if len(planned) != len(seen) or not (planned > 0).all() or not seen.sum() > 0:
        raise CareError("a mix is tested against a share above zero of every category")
    planned = planned / planned.sum()
    n, expected = int(seen.sum()), seen.sum() * planned
    statistic = float(((seen - expected) ** 2 / expected).sum())
    df = len(seen) - 1
    residuals = (seen - expected) / np.sqrt(expected * (1 - planned))
    p, method = float(special.chdtrc(df, statistic)), "chi-square"
    if expected.min() < FEWEST_EXPECTED:
        drawn = np.random.default_rng(seed).multinomial(n, planned, resamples)
        far = ((drawn - expected) ** 2 / expected).sum(axis=1) >= statistic * (1 - 1e-9)
        p, method = float((far.sum() + 1) / (resamples + 1)), "simulated"
    effect = float(np.sqrt(statistic / n))
    return MixTest(statistic, df, p, method, effect, tuple(float(residual) for residual in residuals))


def _exact(table: NDArray[Any], statistic: float) -> float | None:
    """The chance of a table at least as far off, over all with these totals; None where they are too many."""
    totals, size = table.sum(axis=0).astype(int), int(table.sum(axis=1)[0])
    n = int(totals.sum())
    # Sums so far, with the log chance and the part of the statistic that the categories so far make.
    rows = np.zeros((1, 3))
    for position, total in enumerate(totals):
        if len(rows) * (total + 1) > MOST_TABLES:
            return None
        taken = np.arange(total + 1)
        mean = size * total / n
        contribution = (taken - mean) ** 2 * (1 / mean + 1 / (total - mean))
        chance = special.gammaln(total + 1) - special.gammaln(taken + 1) - special.gammaln(total - taken + 1)
        rows = (rows[:, None, :] + np.stack([taken, chance, contribution], axis=1)[None, :, :]).reshape(-1, 3)
        left = totals[position + 1 :].sum()
        rows = rows[(rows[:, 0] <= size) & (rows[:, 0] + left >= size)]
    log_total = special.gammaln(n + 1) - special.gammaln(size + 1) - special.gammaln(n - size + 1)
    far = rows[:, 2] >= statistic * (1 - 1e-9)
    return float(min(np.exp(rows[far, 1] - log_total).sum(), 1.0))


def _simulated(table: NDArray[Any], statistic: float, resamples: int, seed: int) -> float:
    totals, size = table.sum(axis=0).astype(int), int(table.sum(axis=1)[0])
    drawn = np.random.default_rng(seed).multivariate_hypergeometric(totals, size, resamples)
    mean = size * totals / totals.sum()
    values = ((drawn - mean) ** 2 * (1 / mean + 1 / (totals - mean))).sum(axis=1)
    return float((1 + (values >= statistic * (1 - 1e-9)).sum()) / (resamples + 1))


def _counts(counts: NDArray[Any]) -> NDArray[Any]:
    values = np.asarray(counts, float)
    if values.ndim != 1 or not (values >= 0).all() or not (values == np.floor(values)).all():
        raise CareError("a mix is a list of whole counts, none of them negative")
    return values
