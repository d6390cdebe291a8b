"""Gamma-Gamma: how much a customer spends at a purchase, learnt from few purchases of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np
from scipy import special

from carestudy.contract import CareError
from carestudy.measure import smaller
from carestudy.measure.likelihood import Data, Found, Kept
from carestudy.value.collapse import collapsed, columns, kinds
from carestudy.value.model_limits import ALIKE, EQUAL, LEVEL, STEADY

FEWEST = 10
SAME = 1e-9  # of the mean: amounts that differ less are the same


@dataclass(frozen=True)
class GammaGamma(Kept):
    """The value of each purchase is spread as Gamma(p, nu), with nu spread as Gamma(q, v) between customers.

    ``correlation`` is Spearman's, of how often customers buy and how much they spend: the model takes it to be none.
    Source: Fader, Hardie & Lee 2005, Journal of Marketing Research 42(4):415-430; Fader & Hardie 2013, note 025.

    >>> model = GammaGamma(6.25, 3.74, 15.44, correlation=0.2, log_likelihood=-4058.6, n=946)
    >>> round(model.mean(), 1)
    35.2
    """

    PARAMETERS: ClassVar[tuple[str, ...]] = ("p", "q", "v")
    LIMITS: ClassVar[Mapping[str, Mapping[str, float]]] = {
        LEVEL: {"q": ALIKE},
        STEADY: {"p": ALIKE},
        EQUAL: {"p": ALIKE, "q": ALIKE, "v": 1.0},
    }

    p: float
    q: float
    v: float
    correlation: float
    log_likelihood: float
    n: int
    limit: str = ""

    @classmethod
    def fitted(cls, history: Any) -> Self:
        """The model fitted by maximum likelihood to x and value of those who bought again at a positive value.

        Where its maximum lies at a border, one of its limits: ``limit`` says which.
        """
        data = collapsed(history, "x", "value")
        paid = (data["x"] > 0) & (data["value"] > 0)
        data = {name: column[paid] for name, column in data.items()}
        if not paid.any():
            raise CareError("nobody bought again at a positive value: there is no spending to learn from")
        if data["weight"].sum() < FEWEST:
            raise CareError(f"at least {FEWEST} customers who bought again are needed")
        mean, n = float(np.average(data["value"], weights=data["weight"])), data["weight"].sum()
        if np.ptp(data["value"]) <= SAME * mean:
            fit = Found((ALIKE, ALIKE, mean * (ALIKE - 1) / ALIKE), float("nan"), np.zeros((0, 0)))
            return cls.of(fit, n, correlation=0.0, limit=EQUAL)

        def starts(held: Mapping[str, float]) -> list[tuple[float, ...]]:
            shapes = [(held.get("p", p), held.get("q", q)) for p, q in ((4.0, 4.0), (1.0, 3.0), (15.0, 2.0))]
            return [(p, q, mean * max(q - 1, 1) / p) for p, q in shapes]

        fit, limit = smaller.fitted(cls, cls.likelihood, data, starts)
        return cls.of(fit, n, correlation=_rank_correlation(data), limit=limit)

    @classmethod
    def likelihood(cls, parameters: Any, data: Data) -> tuple[Any, Any]:
        """The log-likelihood of each row and its derivatives."""
        p, q, v = parameters
        x, kind_index = kinds(data["x"])
        x = np.maximum(x, 1)  # no row has none
        size, spent = p * data["x"] + q, data["x"] * data["value"]
        log_sum, log_spent = np.log(v + spent), np.log(spent)
        counted = special.gammaln(p * x + q) - special.gammaln(p * x) - special.gammaln(q) + q * np.log(v)
        value = counted[kind_index] + p * data["x"] * log_spent - np.log(data["value"]) - size * log_sum
        psi = special.psi
        slopes = [
            (x * (psi(p * x + q) - psi(p * x)))[kind_index] + data["x"] * (log_spent - log_sum),
            (psi(p * x + q) - psi(q) + np.log(v))[kind_index] - log_sum,
            q / v - size / (v + spent),
        ]
        return value, np.array(slopes)

    def mean(self) -> float:
        """The mean value of a purchase over all customers; none where the spread is too wide for a mean (q up to 1)."""
        return self.p * self.v / (self.q - 1) if self.q > 1 else float("nan")

    def expected(self, history: Any) -> Any:
        """The mean value of a purchase of a customer with this x and value: between their own and everybody's."""
        data = columns(history, "x", "value")
        spent = np.where(data["x"] > 0, data["x"] * data["value"], 0.0)
        with np.errstate(divide="ignore", invalid="ignore"):
            mean_value = self.p * (self.v + spent) / (self.p * data["x"] + self.q - 1)
        return np.where(self.p * data["x"] + self.q > 1, mean_value, np.nan)


def gamma_gamma(history: Any) -> GammaGamma:
    """Gamma-Gamma fitted by maximum likelihood to a purchase history: an Ibis table or a frame with x and value."""
    return GammaGamma.fitted(history)


def _rank_correlation(data: Data) -> float:
    """Spearman's correlation of x and value; those who are alike share their middle rank."""
    ranks = [_ranks(data[name], data["weight"]) for name in ("x", "value")]
    apart = [ranks_of - np.average(ranks_of, weights=data["weight"]) for ranks_of in ranks]
    spread = [float(data["weight"] @ ranks_of**2) for ranks_of in apart]
    product = float(data["weight"] @ (apart[0] * apart[1]))
    return product / (spread[0] * spread[1]) ** 0.5 if min(spread) > 0 else 0.0


def _ranks(values: Any, weight: Any) -> Any:
    _, distinct_index = np.unique(values, return_inverse=True)
    cases = np.bincount(distinct_index, weight)
    return (np.cumsum(cases) - cases / 2)[distinct_index]
