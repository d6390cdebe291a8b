"""How contracts are renewed: models of when customers leave, fitted to survivors and projected beyond them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np
import pandas as pd
from scipy import special

from carestudy.contract import CareError
from carestudy.measure.likelihood import Data, Kept, maximise

TENURES = ("entered", "renewals", "left", "customers")


@dataclass(frozen=True)
class _Renewals(Kept):
    """What the models share: a survival curve over renewals, its likelihood, and what is read off it."""

    STARTS: ClassVar[tuple[tuple[float, ...], ...]] = ()

    @classmethod
    def fitted(cls, tenures: Any) -> Self:
        """The model fitted by maximum likelihood: to survivors at each renewal, or to a frame of tenures."""
        data = _tenures(tenures, len(cls.PARAMETERS))
        maximum = maximise(cls.likelihood, data, cls.PARAMETERS, cls.STARTS)
        return cls.of(maximum, data["weight"].sum())

    @classmethod
    def likelihood(cls, parameters: Any, data: Data) -> tuple[Any, Any]:
        """The log-likelihood of each row and its derivatives: of who left at a renewal, and of who is still here.

        Both given that they were here when they came under observation.
        """
        last, entered, left = data["renewals"].astype(int), data["entered"].astype(int), data["left"] > 0
        stay, slope = cls.log_survival(parameters, np.arange(last.max() + 1.0))
        before = np.maximum(last - 1, 0)
        renewed = np.exp(np.minimum(stay[last] - stay[before], -1e-16))  # of those there before, the share that renews
        gone = stay[before] + np.log1p(-np.where(left, renewed, 0))
        moved = (slope[:, before] - renewed * slope[:, last]) / np.where(left, 1 - renewed, 1)
        value = np.where(left, gone, stay[last]) - stay[entered]
        return value, np.where(left, moved, slope[:, last]) - slope[:, entered]

    @classmethod
    def log_survival(cls, parameters: Any, times: Any) -> tuple[Any, Any]:
        """The logarithm of the share that is here at each time, and its derivatives, a line a parameter."""
        raise NotImplementedError

    def survival(self, renewals: int) -> Any:
        """Share still here at each renewal from 0 on."""
        return np.exp(self.log_survival(self.parameters, np.arange(renewals + 1.0))[0])

    def retention(self, renewals: int) -> Any:
        """Share of those who are there before each renewal from the first on who renew."""
        stay = self.log_survival(self.parameters, np.arange(renewals + 1.0))[0]
        return np.exp(np.diff(stay))


@dataclass(frozen=True)
class Geometric(_Renewals):
    """Customers who all leave at the same rate: what is left where nothing tells them apart.

    >>> Geometric(0.5, 0.0).survival(2).round(2).tolist()
    [1.0, 0.61, 0.37]
    """

    PARAMETERS: ClassVar[tuple[str, ...]] = ("rate",)
    STARTS: ClassVar[tuple[tuple[float, ...], ...]] = ((0.05,),)

    rate: float
    log_likelihood: float
    n: int = 0

    @classmethod
    def log_survival(cls, parameters: Any, times: Any) -> tuple[Any, Any]:
        """The logarithm of the share that is here at each time, and its derivatives, a line a parameter."""
        return -parameters[0] * times, -times[None, :]


@dataclass(frozen=True)
class ShiftedBetaGeometric(_Renewals):
    """Customers who leave at each renewal with a chance of their own, drawn from a beta distribution.

    >>> ShiftedBetaGeometric(1.0, 1.0, 0.0).survival(3).round(2).tolist()
    [1.0, 0.5, 0.33, 0.25]
    """

    PARAMETERS: ClassVar[tuple[str, ...]] = ("alpha", "beta")
    STARTS: ClassVar[tuple[tuple[float, ...], ...]] = ((1.0, 3.0), (0.5, 1.0), (3.0, 60.0))

    alpha: float
    beta: float
    log_likelihood: float
    n: int = 0

    @classmethod
    def log_survival(cls, parameters: Any, times: Any) -> tuple[Any, Any]:
        """The logarithm of the share that is here at each time, and its derivatives, a line a parameter."""
        value, slopes = BetaDiscreteWeibull.log_survival((*parameters, 1.0), times)
        return value, slopes[:2]


@dataclass(frozen=True)
class BetaDiscreteWeibull(_Renewals):
    """The same with a chance of leaving that also changes with the time a customer is there: falling where c < 1.

    At c = 1 it is the shifted-beta-geometric model.

    >>> BetaDiscreteWeibull(1.0, 1.0, 1.0, 0.0).survival(3).round(2).tolist()
    [1.0, 0.5, 0.33, 0.25]
    """

    PARAMETERS: ClassVar[tuple[str, ...]] = ("gamma", "delta", "c")
    STARTS: ClassVar[tuple[tuple[float, ...], ...]] = ((1.0, 3.0, 1.0), (0.5, 1.0, 1.2), (3.0, 60.0, 0.8))

    gamma: float
    delta: float
    c: float
    log_likelihood: float
    n: int = 0

    @classmethod
    def log_survival(cls, parameters: Any, times: Any) -> tuple[Any, Any]:
        """The logarithm of the share that is here at each time, and its derivatives, a line a parameter."""
        gamma, delta, c = parameters
        power = times**c
        value = special.betaln(gamma, delta + power) - special.betaln(gamma, delta)
        both = special.psi(gamma + delta) - special.psi(gamma + delta + power)
        alone = special.psi(delta + power) - special.psi(gamma + delta + power)
        slopes = [both, special.psi(delta + power) - special.psi(delta) + both]
        return value, np.array([*slopes, alone * power * np.log(np.maximum(times, 1e-300)) * (times > 0)])


def shifted_beta_geometric(survivors: Sequence[float] | pd.DataFrame) -> ShiftedBetaGeometric:
    """The model fitted by maximum likelihood to how many of a cohort are here at each renewal, the start first.

    Or to a frame of tenures: customers of any cohorts with ``renewals`` (the one at which they left, or the last they
    are known to have made), ``left``, ``entered`` (the renewal at which they came under observation, 0 if from the
    start) and ``customers`` (how many are alike). Source: Fader & Hardie 2007, Journal of Interactive Marketing
    21(1):76-90. Check a projection with renewals that were held out: the model knows no seasons, prices or ages.

    >>> model = shifted_beta_geometric([1000, 631, 468, 382, 326, 289, 262, 241])
    >>> round(model.alpha, 3), round(model.beta, 3)
    (0.704, 1.182)
    """
    return ShiftedBetaGeometric.fitted(survivors)


def beta_discrete_weibull(survivors: Sequence[float] | pd.DataFrame) -> BetaDiscreteWeibull:
    """The beta-discrete-Weibull model fitted by maximum likelihood to the same data as ``shifted_beta_geometric``.

    Source: Fader, Hardie, Liu, Davin & Steenburgh 2018, Journal of Interactive Marketing 43:1-16.

    >>> beta_discrete_weibull([1000, 869, 743, 653, 593, 551, 517, 491]).survival(12)[-1].round(2)
    np.float64(0.4)
    """
    return BetaDiscreteWeibull.fitted(survivors)


def _tenures(tenures: Any, parameters: int) -> Data:
    """Tenures as columns, each row with its weight; counts of survivors are tenures from the start."""
    if isinstance(tenures, pd.DataFrame):
        data = {name: tenures[name].to_numpy(float) for name in TENURES}
        if not len(tenures) or not (data["left"] * data["customers"]).sum() > 0:
            raise CareError("nobody has left: there is nothing to learn of when customers leave")
        usable = (data["renewals"] > data["entered"]) & (data["customers"] > 0)
        data = {name: column[usable] for name, column in data.items()}
        return {"weight": data.pop("customers"), **data}
    survivors = np.asarray(tenures, float)
    enough = len(survivors) > parameters
    if not enough or (np.diff(survivors) > 0).any() or not survivors[-1] >= 0 or survivors[0] == survivors[-1]:
        many = {1: "one renewal", 2: "two renewals"}.get(parameters, "three renewals")
        raise CareError(f"survivors are counts that never rise and somewhere fall: the start and {many} or more")
    at = np.arange(1.0, len(survivors))
    renewals, left = np.append(at, at[-1]), np.append(np.ones(len(at)), 0.0)
    counts = np.append(-np.diff(survivors), survivors[-1])
    return {"weight": counts, "renewals": renewals, "left": left, "entered": np.zeros(len(counts))}
