"""How well a model foretells who leaves, judged on later windows than it has learnt from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy import special, stats

from carestudy.churn.logistic import logistic
from carestudy.contract import CareError
from carestudy.measure.front import validated
from carestudy.measure.intervals import z_value
from carestudy.measure.options import Level
from carestudy.rendering import Rendered

A_COIN = 0.5


@dataclass(frozen=True)
class Quality(Rendered):
    """What a model is worth on windows it has not seen: who is ranked, and how many leave.

    ``auc`` is the chance that a leaver is ranked above a stayer, with its interval; ``expected`` and ``left`` are the
    leavers foretold and seen, ``slope`` says how far foretold risks spread as seen ones do: 1 is right, near 0 they say
    nothing; ``intercept`` sets their level right, with the slope held between 0 and 1. ``model`` is "trees" or "single
    facts".
    """

    model: str
    n: int
    left: int
    auc: float
    low: float
    high: float
    expected: float
    intercept: float
    slope: float
    slope_low: float
    slope_high: float

    @property
    def ranks(self) -> bool:
        """Whether it tells leavers from stayers better than a coin does, by more than chance."""
        return bool(self.low > A_COIN)

    def calibrated(self, risk: NDArray[Any]) -> NDArray[Any]:
        """Risks as the hold-out would have them: on its level, and drawn together where they spread too far."""
        slope = float(np.clip(self.slope, 0, 1))
        if slope <= 0:
            return np.full(len(risk), self.left / self.n)
        result: NDArray[Any] = special.expit(self.intercept + slope * special.logit(np.clip(risk, 1e-6, 1 - 1e-6)))
        return result


@validated
def auc(risk: ArrayLike, left: ArrayLike, level: Level = 0.95) -> tuple[float, float, float]:
    """The area under the ROC curve with its interval: the chance that a leaver has a higher risk than a stayer.

    Interval on the logit scale from DeLong's variance. Source: DeLong, DeLong & Clarke-Pearson 1988, Biometrics
    44:837-845.

    >>> [round(one, 2) for one in auc([0.1, 0.4, 0.35, 0.8, 0.7, 0.2], [0, 0, 1, 1, 1, 0])]
    [0.89, 0.26, 0.99]
    """
    risk, gone = np.asarray(risk, float), np.asarray(left, bool)
    leavers, stayers = risk[gone], risk[~gone]
    if not len(leavers) or not len(stayers):
        raise CareError("an area under the curve needs some who left and some who stayed")
    ranks = stats.rankdata(np.concatenate([leavers, stayers]))
    above = (ranks[: len(leavers)] - stats.rankdata(leavers)) / len(stayers)
    below = 1 - (ranks[len(leavers) :] - stats.rankdata(stayers)) / len(leavers)
    value = float(above.mean())
    error = np.sqrt(_variance(above) / len(leavers) + _variance(below) / len(stayers))
    if not 0 < value < 1:
        return value, value, value
    half = z_value(level) * error / (value * (1 - value))
    low, high = special.expit(special.logit(value) + np.array([-half, half]))
    return value, float(low), float(high)


def quality(model: str, risk: ArrayLike, left: ArrayLike, level: float = 0.95) -> Quality:
    """The quality of risks against who left. The slope is Cox's (1958) recalibration, by logistic regression."""
    value, low, high = auc(risk, left, level)
    gone = np.asarray(left, float)
    odds = special.logit(np.clip(risk, 1e-6, 1 - 1e-6))
    rows = pd.DataFrame({"odds": odds, "left": gone})
    fit = logistic(rows, outcome="left", columns=["odds"])
    slope, error = float(np.nan_to_num(fit.coefficients[1])), float(np.nan_to_num(fit.errors[1]))
    half = z_value(level) * error
    intercept = _level(odds * np.clip(slope, 0, 1), float(gone.mean()))
    calibration = {"slope": slope, "slope_low": slope - half, "slope_high": slope + half, "intercept": intercept}
    return Quality(model, len(gone), int(gone.sum()), value, low, high, float(np.sum(risk)), **calibration)


def _level(odds: Any, share: float) -> float:
    """What is to be added to all log odds so that this share leaves."""
    from scipy.optimize import brentq

    return float(brentq(lambda shift: special.expit(odds + shift).mean() - share, -50, 50))


def _variance(values: Any) -> float:
    return float(values.var(ddof=1)) if len(values) > 1 else 0.0
