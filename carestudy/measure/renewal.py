"""How contracts are renewed: the shifted-beta-geometric model, fitted to survivors and projected beyond them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import special

from carestudy.contract import CareError


@dataclass(frozen=True)
class ShiftedBetaGeometric:
    """Customers who leave at each renewal with a chance of their own, drawn from a beta distribution."""

    alpha: float
    beta: float
    log_likelihood: float

    def survival(self, renewals: int) -> Any:
        """Share still here at each renewal from 0 on.

        >>> ShiftedBetaGeometric(1.0, 1.0, 0.0).survival(3).round(2).tolist()
        [1.0, 0.5, 0.33, 0.25]
        """
        chances = self.retention(renewals)
        return np.concatenate([[1.0], np.cumprod(chances)])

    def retention(self, renewals: int) -> Any:
        """Share of those who are there before each renewal from the first on who renew; it rises as the doubtful go."""
        at = np.arange(1, renewals + 1)
        return (self.beta + at - 1) / (self.alpha + self.beta + at - 1)


def shifted_beta_geometric(survivors: Sequence[float]) -> ShiftedBetaGeometric:
    """The model fitted by maximum likelihood to how many of a cohort are here at each renewal, the start first.

    Source: Fader & Hardie 2007, Journal of Interactive Marketing 21(1):76-90. Check a projection with renewals that
    were held out: the model knows no seasons, prices or ages.

    >>> model = shifted_beta_geometric([1000, 631, 468, 382, 326, 289, 262, 241])
    >>> round(model.alpha, 3), round(model.beta, 3)
    (0.704, 1.182)
    """
    from scipy.optimize import minimize  # half a second to import, and only projections need it

    here = np.asarray(survivors, float)
    if len(here) < 3 or (np.diff(here) > 0).any() or not here[-1] >= 0 or here[0] == here[-1]:
        raise CareError("survivors are counts that never rise and somewhere fall: the start and two renewals or more")
    left = -np.diff(here)

    def unlikely(logs: Any) -> float:
        alpha, beta = np.exp(np.clip(logs, -12, 12))
        return -_log_likelihood(alpha, beta, left, here[-1])

    tight: Any = {"xatol": 1e-10, "fatol": 1e-12, "maxiter": 5000, "maxfev": 5000}
    starts = ([0.0, 0.0], [0.0, 2.0], [2.0, 4.0])
    fits = [minimize(unlikely, start, method="Nelder-Mead", options=tight) for start in starts]
    best = min(fits, key=lambda fit: float(fit.fun))
    alpha, beta = np.exp(np.clip(best.x, -12, 12))
    return ShiftedBetaGeometric(float(alpha), float(beta), -float(best.fun))


def _log_likelihood(alpha: float, beta: float, left: Any, here: float) -> float:
    """Of those who left at each renewal and of those still here after the last; betas, as products underflow."""
    at = np.arange(1, len(left) + 1)
    gone = special.betaln(alpha + 1, beta + at - 1) - special.betaln(alpha, beta)
    stayed = special.betaln(alpha, beta + len(left)) - special.betaln(alpha, beta)
    return float(left @ gone + here * stayed)
