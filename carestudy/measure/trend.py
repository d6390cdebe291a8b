"""Whether a share follows a trend: tests that know that months differ by more than the toss of a coin."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import special

from carestudy.contract import CareError
from carestudy.measure.front import validated
from carestudy.measure.options import Times
from carestudy.rendering import Rendered

STEPS, CLOSE = 100, 1e-10  # of the fit: at most so many, until no logit moves by more than this
STEEPEST = 30.0  # on the logit scale; beyond it the fit runs away because the groups do not overlap


@dataclass(frozen=True)
class ProportionTrend(Rendered):
    """A linear trend of shares over ordered groups: chi-square, its degrees of freedom, the two-sided p value."""

    chi2: float
    df: int
    p: float


@dataclass(frozen=True)
class LogisticTrend(Rendered):
    """A trend on the logit scale, per step of time; NaN throughout where none can be fitted.

    ``dispersion`` is Pearson's chi-square over ``df``: 1 if rows were tosses of one coin, more where periods differ by
    more. ``fitted`` are the shares the trend expects, ``level`` the same without the seasons, ``residuals`` Pearson's,
    in standard deviations of a coin.
    """

    slope: float
    error: float
    dispersion: float
    t: float
    df: int
    p: float
    naive_z: float
    fitted: tuple[float, ...]
    level: tuple[float, ...]
    residuals: tuple[float, ...]

    def odds_ratio(self, steps: float = 1, level: float = 0.95) -> tuple[float, float, float]:
        """By how much the odds are multiplied in so many steps, with the limits of Student's interval."""
        ratio, low, high = np.exp(slope_limits(self.slope, self.error, self.df, steps, level))
        return float(ratio), float(low), float(high)

    effect = odds_ratio

    @property
    def autocorrelation(self) -> float:
        """How alike neighbouring periods are once the trend is taken out: the lag-1 correlation of the residuals."""
        return lag_one_correlation(self.residuals)


def slope_limits(slope: float, error: float, df: int, steps: float, level: float) -> Any:
    """A slope over so many steps of time, and the limits of its Student interval."""
    half = float(special.stdtrit(df, (1 + level) / 2)) * error if df > 0 else np.nan
    return steps * np.array([slope, slope - half, slope + half])


def lag_one_correlation(residuals: Any) -> float:
    """How alike neighbouring residuals are: sum of their products over sum of squares; missing ones are left out."""
    left = np.array(residuals)
    left = left[np.isfinite(left)]
    square = float(left @ left)
    return float(left[1:] @ left[:-1]) / square if square > 0 else np.nan


@validated
def cochran_armitage(count: Any, n: Any, scores: Any = None) -> ProportionTrend:
    """Test for a linear trend in shares over ordered groups, whose scores are 1, 2, 3 ... unless given.

    Every row is taken to be independent, so it suits samples of people and not months of one customer base. Source:
    Armitage 1955, Biometrics 11:375-386; without a continuity correction, as R's prop.trend.test.

    >>> smokers = cochran_armitage([83, 90, 129, 70], [86, 93, 136, 82])
    >>> round(smokers.chi2, 4), round(smokers.p, 6)
    (8.2249, 0.004132)
    """
    count, n = _counts(count, n)
    scores = np.arange(1.0, len(n) + 1) if scores is None else np.asarray(scores, float)
    share = count.sum() / n.sum() if n.sum() else np.nan
    lean = scores @ (count - n * share)
    spread = share * (1 - share) * (n @ scores**2 - (n @ scores) ** 2 / n.sum()) if n.sum() else 0.0
    chi2 = lean**2 / spread if spread > 0 else np.nan
    return ProportionTrend(float(chi2), 1, float(special.chdtrc(1, chi2)))


@validated
def quasi_binomial_trend(
    count: Any, n: Any, *, time: Any = None, season: float | None = None, pairs: Times = 1
) -> LogisticTrend:
    """Logistic trend of a share over time whose standard error is stretched by how much the periods really differ.

    ``count`` of ``n`` rows in each period, at ``time`` 0, 1, 2 ... unless given. With ``season``, the steps in a year,
    so many ``pairs`` of sine and cosine follow the year. Periods without rows are left out. The p value is Student's
    on the residual degrees of freedom. Source: McCullagh & Nelder 1989, section 4.5; R's glm(family=quasibinomial).

    >>> trend = quasi_binomial_trend([90, 88, 85, 86, 80, 79], [100] * 6)
    >>> round(trend.slope, 3), trend.df, round(trend.p, 4)
    (-0.174, 4, 0.0025)
    """
    count, n = _counts(count, n)
    time = np.arange(len(n), dtype=float) if time is None else np.asarray(time, float)
    used = n > 0
    design = trend_design(time, season, pairs)
    coefficients, spread = _fit(design[used], count[used] / n[used], n[used])
    df = max(int(used.sum()) - design.shape[1], 0)
    logits = design @ coefficients
    fitted = special.expit(logits)
    with np.errstate(invalid="ignore", divide="ignore"):
        residuals = (count / n - fitted) / np.sqrt(fitted * (1 - fitted) / n)
        dispersion = float(np.sum(residuals[used] ** 2)) / df if df else np.nan
        naive = float(np.sqrt(spread[1, 1]))
        error, slope = naive * np.sqrt(dispersion), float(coefficients[1])
        t = float(np.divide(slope, error))
    level = special.expit(logits - design[:, 2:] @ coefficients[2:])
    p = float(2 * special.stdtr(df, -abs(t))) if df else np.nan
    shares = (tuple(map(float, column)) for column in (fitted, level, residuals))
    return LogisticTrend(slope, float(error), dispersion, t, df, p, slope / naive, *shares)


def _counts(count: Any, n: Any) -> tuple[Any, Any]:
    count, n = np.asarray(count, float), np.asarray(n, float)
    if count.shape != n.shape or count.ndim != 1:
        raise CareError(f"a trend needs as many counts as sizes, and got {count.size} and {n.size}")
    if not ((count >= 0) & (count <= n)).all():
        raise CareError("a trend of shares needs counts between 0 and the size of their group")
    return count, n


def trend_design(time: Any, season: float | None, pairs: int = 1) -> Any:
    """A constant, the time from its middle, and the seasons."""
    columns = [np.ones(len(time)), time - time.mean() if len(time) else time]
    for pair in range(1, pairs + 1) if season else ():
        angle = 2 * np.pi * pair * time / season
        columns += [np.sin(angle), np.cos(angle)]
    return np.column_stack(columns)


def _fit(design: Any, share: Any, n: Any) -> tuple[Any, Any]:
    """Maximum likelihood by iteratively reweighted least squares: coefficients and their covariance for one coin."""
    nothing = np.full(design.shape[1], np.nan), np.full((design.shape[1],) * 2, np.nan)
    if len(n) < design.shape[1] or (share == share[0]).all():
        return nothing
    expected, before = (n * share + 0.5) / (n + 1), np.full(len(n), np.inf)
    for _ in range(STEPS):
        weight = n * expected * (1 - expected)
        information = (design.T * weight) @ design
        target = special.logit(expected) + (share - expected) / (expected * (1 - expected))
        if not np.isfinite(information).all() or np.linalg.cond(information) > 1 / np.finfo(float).eps:
            return nothing
        coefficients = np.linalg.solve(information, (design.T * weight) @ target)
        logits = design @ coefficients
        if np.abs(logits).max() > STEEPEST:
            return nothing
        expected = special.expit(logits)
        # Not the likelihood: of large counts, its rounding alone is more than any such limit.
        if np.abs(logits - before).max() <= CLOSE:
            weight = n * expected * (1 - expected)
            return coefficients, np.linalg.inv((design.T * weight) @ design)
        before = logits
    return nothing
