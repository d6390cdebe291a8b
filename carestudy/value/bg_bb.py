"""BG/BB: customers with a chance to buy at each of several occasions, until at one of them they are gone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np
from scipy import special

from carestudy.contract import CareError
from carestudy.measure import smaller
from carestudy.measure.likelihood import Data, Kept
from carestudy.value.collapse import collapsed, columns, repeaters_needed
from carestudy.value.model_limits import ALIKE, CHANCE, NONE, RATE, STAY


@dataclass(frozen=True)
class BgBb(Kept):
    """At each occasion a customer who is still here buys with a chance spread as Beta(alpha, beta), and before each is
    gone with a chance spread as Beta(gamma, delta).

    Of n occasions after the first purchase x were used, the last of them t_x. Source: Fader, Hardie & Shang 2010,
    Marketing Science 29(6):1086-1108.

    >>> model = BgBb(1.204, 0.750, 0.657, 2.783, log_likelihood=-33225.6, n=11104)
    >>> round(float(model.expected(6)), 2)
    2.22
    """

    PARAMETERS: ClassVar[tuple[str, ...]] = ("alpha", "beta", "gamma", "delta")
    LIMITS: ClassVar[Mapping[str, Mapping[str, float]]] = {
        STAY: {"gamma": NONE, "delta": 1.0},
        CHANCE: {"delta": ALIKE},
        RATE: {"beta": ALIKE},
        f"{RATE}, {STAY}": {"beta": ALIKE, "gamma": NONE, "delta": 1.0},
        f"{RATE}, {CHANCE}": {"beta": ALIKE, "delta": ALIKE},
    }

    alpha: float
    beta: float
    gamma: float
    delta: float
    log_likelihood: float
    n: int
    limit: str = ""

    @classmethod
    def fitted(cls, history: Any) -> Self:
        """The model fitted by maximum likelihood to a history with x, t_x and n, alike ones counted once.

        Where its maximum lies at a border, one of its limits: ``limit`` says which.
        """
        data = collapsed(history, "x", "t_x", "n")
        repeaters_needed(data, "n")
        if any((data[name] % 1 > 0).any() for name in ("x", "t_x", "n")):
            raise CareError("x, t_x and n are whole numbers: occasions are counted")
        if (data["x"] > data["t_x"]).any():
            raise CareError("x is larger than t_x: at an occasion one buys once")

        def starts(held: Mapping[str, float]) -> list[tuple[float, ...]]:
            buys, goes = (ALIKE if "beta" in held else 1.0), (ALIKE / 10 if "delta" in held else 1.0)
            return [(buys, 1.0, goes, 3.0), (buys / 2, 2.0, goes / 2, 2.0), (buys * 3, 3.0, goes, 10.0)]

        fit, limit = smaller.fitted(cls, cls.likelihood, data, starts)
        return cls.of(fit, data["weight"].sum(), limit=limit)

    @classmethod
    def likelihood(cls, parameters: Any, data: Data) -> tuple[Any, Any]:
        """The log-likelihood of each row and its derivatives: means over the occasion at which a customer has gone."""
        alpha, beta, gamma, delta = parameters
        log_likelihood, chance, until, missed, gone = cls._when(parameters, data)
        bought = data["x"][:, None]

        def mean(value: Any) -> Any:
            return np.einsum("ij,ij->i", chance, value)

        psi = special.psi
        buys, goes = (
            psi(alpha + beta) - psi(alpha + beta + until),
            psi(gamma + delta) - psi(gamma + delta + until + gone),
        )
        slopes = [
            mean(psi(alpha + bought) - psi(alpha) + buys),
            mean(psi(beta + missed) - psi(beta) + buys),
            mean(psi(gamma + gone) - psi(gamma) + goes),
            mean(psi(delta + until) - psi(delta) + goes),
        ]
        return log_likelihood, np.array(slopes)

    @staticmethod
    def _when(parameters: Any, data: Data) -> tuple[Any, Any, Any, Any, Any]:
        """The log-likelihood, and for each occasion up to which a customer may have been here, its chance and counts.

        A line a row, a column an occasion from the last used on; the column of n is that of being here still.
        """
        alpha, beta, gamma, delta = parameters
        x, last, n = (data[name][:, None] for name in ("x", "t_x", "n"))
        until = np.minimum(last + np.arange(int((n - last).max()) + 1), n)
        twice = np.concatenate([np.zeros((len(n), 1), bool), until[:, 1:] == until[:, :-1]], axis=1)
        gone = (until < n).astype(float)
        buys = special.betaln(alpha + x, beta + until - x) - special.betaln(alpha, beta)
        goes = special.betaln(gamma + gone, delta + until) - special.betaln(gamma, delta)
        by_occasion = np.where(twice, -np.inf, buys + goes)
        log_likelihood = special.logsumexp(by_occasion, axis=1)
        return log_likelihood, np.exp(by_occasion - log_likelihood[:, None]), until, until - x, gone

    def alive(self, history: Any) -> Any:
        """The chance that a customer with this x, t_x and n is here at the next occasion."""
        data = columns(history, "x", "t_x", "n")
        _, chance, _, _, gone = self._when(self.parameters, data)
        still = (self.delta + data["n"]) / (self.gamma + self.delta + data["n"])
        return np.where(gone == 0, chance, 0).sum(axis=1) * still

    def expected(self, occasions: int) -> Any:
        """Purchases of a new customer at this many occasions after the first purchase."""
        new = {"x": np.zeros(1), "n": np.zeros(1)}
        return self._while_here(new, occasions, 0.0)[0]

    def conditional(self, history: Any, occasions: int) -> Any:
        """Purchases at this many occasions after n of a customer with this x, t_x and n."""
        return self.discounted(history, rate=0.0, time=occasions)

    def discounted(self, history: Any, *, rate: float, time: int | None = None) -> Any:
        """The same, each discounted at a rate per occasion from the first after n on; without a number, for ever.

        Counted from the occasion n on: at the first one after it, a purchase counts 1 / (1 + rate).
        """
        if time is None and rate <= 0:
            raise CareError("purchases for ever need a discount rate above zero")
        data = columns(history, "x", "t_x", "n")
        _, chance, _, _, gone = self._when(self.parameters, data)
        alive = np.where(gone == 0, chance, 0).sum(axis=1)
        return alive * self._while_here(data, time, rate)

    def _while_here(self, data: Data, occasions: int | None, rate: float) -> Any:
        """Purchases of customers who were here at n: their chance to buy times how many occasions they still see."""
        buys = (self.alpha + data["x"]) / (self.alpha + self.beta + data["n"])
        many = int(np.ceil(21 / np.log1p(rate))) if occasions is None else int(occasions)
        ahead = np.arange(1, many + 1)
        n = data["n"][:, None]
        stays = special.betaln(self.gamma, self.delta + n + ahead) - special.betaln(self.gamma, self.delta + n)
        return buys * np.exp(stays - ahead * np.log1p(rate)).sum(axis=1)


def bg_bb(history: Any) -> BgBb:
    """BG/BB fitted by maximum likelihood to a history of occasions: an Ibis table or a frame with x, t_x and n."""
    return BgBb.fitted(history)
