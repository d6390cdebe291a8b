"""Shrunken figures: the figure of a unit with few cases is drawn towards the usual figure of all units.

Units are taken as drawn from one population; how much they differ is read from all of them, and the fewer cases a unit
has, the more its figure is that of the population.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy import special

from carestudy.contract import CareError
from carestudy.measure.front import validated
from carestudy.measure.intervals import z_value
from carestudy.measure.options import Level
from carestudy.rendering import Rendered

Method = Literal["likelihood", "moments"]
ALIKE = 1e-6  # a correlation within units below it is none
SPREADS = (np.arange(40) + 0.5) / 40  # correlations within units that an interval allows for
FINE: Any = {"xatol": 1e-9, "fatol": 1e-11, "maxiter": 4000}
STEPS = np.linspace(-4, 4, 17)  # standard errors around the mean that goes with each of them


@dataclass(frozen=True)
class BetaBinomial(Rendered):
    """A population of units whose true shares follow a beta distribution; infinite parameters mean that all are alike.

    ``mean`` and ``sd`` are those of the true shares.
    """

    alpha: float
    beta: float
    mean: float
    sd: float

    def posterior(self, k: ArrayLike, n: ArrayLike, *, level: float = 0.95) -> pd.DataFrame:
        """The posterior of the true share of units that had k of n, given the population.

        A row for each unit: value (the mean), sd, low and high.

        >>> BetaBinomial(1.4, 8.6, 0.14, 0.105).posterior([4], [14]).round(3)
           value     sd    low   high
        0  0.225  0.084  0.085  0.408
        """
        above, size = np.atleast_1d(np.asarray(k, float)), np.atleast_1d(np.asarray(n, float))
        if np.isinf(self.alpha + self.beta):
            pooled = np.full(len(above), self.mean)
            return pd.DataFrame({"value": pooled, "sd": 0.0, "low": pooled, "high": pooled})
        a, b = self.alpha + above, self.beta + size - above
        value, tail = a / (a + b), (1 - level) / 2
        sd = np.sqrt(value * (1 - value) / (a + b + 1))
        low, high = special.betaincinv(a, b, tail), special.betaincinv(a, b, 1 - tail)
        return pd.DataFrame({"value": value, "sd": sd, "low": low, "high": high})


@validated
def beta_binomial(k: Any, n: Any, *, method: Method = "likelihood") -> BetaBinomial:
    """The population of shares that units with k of n cases come from.

    "likelihood" maximises the beta-binomial likelihood; "moments" gives the beta distribution with the mean and the
    standard deviation of the raw shares, which takes chance for spread. Units without cases are left out; counts may
    be fractional. Raises CareError below two units. Sources: Tarone 1982, Biometrics 38:215-220; Gelman et al.,
    Bayesian Data Analysis, section 5.1.

    >>> beta_binomial([1, 5, 9, 2, 8], [20, 20, 20, 20, 20], method="moments").mean
    0.25
    """
    above, size = _counts(k, n)
    if method == "moments":
        shares = above / size
        return _of(float(shares.mean()), float(shares.var(ddof=1)))
    if method != "likelihood":
        raise CareError(f"method='{method}' is not known: choose likelihood or moments")
    mean, alike = _maximum(above, size)
    if alike == 0:
        return BetaBinomial(np.inf, np.inf, mean, 0.0)
    return _of(mean, mean * (1 - mean) * alike)


@validated
def shrunken(k: ArrayLike, n: ArrayLike, *, level: Level = 0.95) -> pd.DataFrame:
    """The share of each unit, shrunken to the population by maximum likelihood, with its interval.

    A row for each unit: value, low, high. The value is the posterior mean at the maximum of the likelihood; the
    interval also allows for not knowing the population: it averages over how much units may differ (any correlation
    of cases within units being as likely as any other beforehand) and over their mean. With few units it is therefore
    hardly narrower than that of the raw share. Units without cases get the population's value.

    >>> shrunken([2, 30, 60], [10, 100, 200])["value"].round(2).tolist()
    [0.3, 0.3, 0.3]
    """
    above, size = np.asarray(k, float), np.asarray(n, float)
    value = beta_binomial(above, size).posterior(above, size)["value"].to_numpy()
    mean, variance = _averaged(above, size)
    room = np.maximum(mean * (1 - mean) / np.maximum(variance, 1e-300) - 1, 1e-9)
    tail = (1 - level) / 2
    low, high = (special.betaincinv(mean * room, (1 - mean) * room, end) for end in (tail, 1 - tail))
    return pd.DataFrame({"value": value, "low": np.minimum(low, value), "high": np.maximum(high, value)})


@validated
def shrunken_means(value: ArrayLike, error: ArrayLike, *, level: Level = 0.95) -> pd.DataFrame:
    """Any mean of each unit, shrunken to a normal population by maximum likelihood, with its interval.

    ``error`` is the standard error of each value by chance alone. The interval allows for not knowing the population,
    as in ``shrunken``. A row for each unit: value, low, high. Source: Morris 1983, JASA 78:47-55.

    >>> shrunken_means([20, 30, 40], [5, 5, 5]).round(1)["value"].tolist()
    [23.8, 30.0, 36.2]
    """
    values, chance = np.asarray(value, float), np.asarray(error, float) ** 2
    if len(values) < 2 or not (chance > 0).all():
        raise CareError("shrinking needs two units or more, with errors above zero")
    typical = len(chance) / (1 / chance).sum()
    between = np.concatenate([[0.0], typical * SPREADS / (1 - SPREADS)])
    fits = [_normal_fit(values, chance, variance) for variance in between]
    best = _best_between(values, chance, between[int(np.argmax([fit[2] for fit in fits]))])
    value_shrunken = _normal_fit(values, chance, best)[0]
    log_likelihoods = np.array([fit[3] for fit in fits[1:]])
    weight = (
        np.exp(log_likelihoods - log_likelihoods.max())[:, None] / np.exp(log_likelihoods - log_likelihoods.max()).sum()
    )
    means, variances = np.array([fit[0] for fit in fits[1:]]), np.array([fit[1] for fit in fits[1:]])
    mean = (weight * means).sum(axis=0)
    half = z_value(level) * np.sqrt((weight * (variances + (means - mean) ** 2)).sum(axis=0))
    return pd.DataFrame(
        {
            "value": value_shrunken,
            "low": np.minimum(mean - half, value_shrunken),
            "high": np.maximum(mean + half, value_shrunken),
        }
    )


def _counts(k: ArrayLike, n: ArrayLike) -> tuple[NDArray[Any], NDArray[Any]]:
    above, size = np.asarray(k, float), np.asarray(n, float)
    if above.shape != size.shape or ((above < 0) | (above > size)).any():
        raise CareError("each unit has a count k and a number n of cases, k from 0 to n")
    has_cases = size > 0
    if has_cases.sum() < 2:
        raise CareError("a population needs two units with cases, or more")
    return above[has_cases], size[has_cases]


def _of(mean: float, variance: float) -> BetaBinomial:
    """The beta distribution with this mean and variance; none is as wide as all units being 0 or 1."""
    both = mean * (1 - mean) / variance - 1 if variance > 0 else np.inf
    if not np.isfinite(both) or both <= 0:
        return BetaBinomial(np.inf, np.inf, mean, 0.0)
    return BetaBinomial(mean * both, (1 - mean) * both, mean, float(np.sqrt(variance)))


def _log_likelihood(above: NDArray[Any], size: NDArray[Any], mean: NDArray[Any], alike: NDArray[Any]) -> NDArray[Any]:
    """Of the units' counts, for arrays of means and of correlations within units (the last axis is the units)."""
    both = (1 / alike - 1)[..., None]
    a, b = mean[..., None] * both, (1 - mean)[..., None] * both
    result: NDArray[Any] = (special.betaln(a + above, b + size - above) - special.betaln(a, b)).sum(axis=-1)
    return result


def _maximum(above: NDArray[Any], size: NDArray[Any]) -> tuple[float, float]:
    """The mean and the correlation within units that make the counts most likely; 0 where all units are alike."""
    from scipy.optimize import minimize  # a moment to import, and only a fit needs it

    pooled = float(above.sum() / size.sum())
    if pooled in (0.0, 1.0):
        return pooled, 0.0

    def loss(at: NDArray[Any]) -> float:
        mean, alike = special.expit(np.clip(at, -30, 30))
        return -float(_log_likelihood(above, size, np.array(mean), np.array(alike)))

    fits = [minimize(loss, [special.logit(pooled), start], method="Nelder-Mead", options=FINE) for start in (-6, -2)]
    best = min(fits, key=lambda fit: fit.fun)
    mean, alike = (float(fit) for fit in special.expit(best.x))
    loss_if_alike = -float((above * np.log(pooled) + (size - above) * np.log1p(-pooled)).sum())
    # A gain in the sixth decimal is rounding, not spread.
    return (mean, alike) if alike > ALIKE and best.fun < loss_if_alike - 1e-6 else (pooled, 0.0)


def _averaged(above: NDArray[Any], size: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Mean and variance of each unit's true share, averaged over the populations that the counts allow."""
    has_cases = size > 0
    alike = np.repeat(SPREADS[:, None], len(STEPS), axis=1)
    weight = size[has_cases] / (1 + alike[..., None] * (size[has_cases] - 1))
    centre = (0.5 + (weight * above[has_cases] / size[has_cases]).sum(axis=-1)) / (1 + weight.sum(axis=-1))
    wide = 1 / np.sqrt(weight.sum(axis=-1) * centre * (1 - centre))
    mean = special.expit(special.logit(centre) + STEPS * wide)
    flat = np.log(wide * mean * (1 - mean))  # steps on the logit scale, a mean being as likely as any other
    fit = _log_likelihood(above[has_cases], size[has_cases], mean, alike) + flat
    share = np.exp(fit - fit.max())[..., None] / np.exp(fit - fit.max()).sum()
    both = (1 / alike - 1)[..., None] + size
    values = (mean[..., None] * (1 / alike - 1)[..., None] + above) / both
    middle = (share * values).sum(axis=(0, 1))
    spread = values * (1 - values) / (both + 1) + (values - middle) ** 2
    return middle, (share * spread).sum(axis=(0, 1))


def _normal_fit(value: NDArray[Any], chance: NDArray[Any], between: float) -> tuple[Any, Any, float, float]:
    """Posterior means and variances at one variance between units, its likelihood, and that without the mean."""
    weight = 1 / (chance + between)
    mean = (weight * value).sum() / weight.sum()
    own_weight = between / (between + chance)
    fit = -0.5 * float((np.log(chance + between) + weight * (value - mean) ** 2).sum())
    variance = own_weight * chance + (1 - own_weight) ** 2 / weight.sum()
    return mean + own_weight * (value - mean), variance, fit, fit - 0.5 * float(np.log(weight.sum()))


def _best_between(value: NDArray[Any], chance: NDArray[Any], near: float) -> float:
    """The variance between units of maximum likelihood, by golden section around the best of a grid."""
    from scipy.optimize import minimize_scalar  # a moment to import, and only a fit needs it

    if near == 0:
        near = 1e-3 * float(chance.min())
    optimum = minimize_scalar(
        lambda variance: -_normal_fit(value, chance, variance)[2],
        bounds=(0, 4 * near),
        method="bounded",
        options={"xatol": 1e-9},
    )
    fit_without = _normal_fit(value, chance, 0.0)[2]
    return float(optimum.x) if -optimum.fun > fit_without else 0.0
