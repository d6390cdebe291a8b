"""Pareto/NBD: customers who buy at a rate of their own until, at any moment, they are gone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np
from scipy import special

from carestudy.measure import smaller
from carestudy.measure.likelihood import Data, Kept
from carestudy.value.collapse import collapsed, columns, kinds, repeaters_needed
from carestudy.value.discount import discounted
from carestudy.value.model_limits import ALIKE, CHANCE, NONE, RATE, STAY

NODES = 32
FAR = 45.0  # e**-45 of a chance is none


@dataclass(frozen=True)
class ParetoNbd(Kept):
    """Purchases come at rates spread as Gamma(r, alpha), and customers go at rates spread as Gamma(s, beta).

    Time is in the unit of the history it was fitted to. Source: Schmittlein, Morrison & Colombo 1987, Management
    Science 33(1):1-24; discounted purchases: Fader, Hardie & Lee 2005, Journal of Marketing Research 42(4):415-430.

    >>> model = ParetoNbd(0.553, 10.578, 0.606, 11.669, log_likelihood=-9595.0, n=2357)
    >>> round(float(model.expected(39)), 2)
    1.21
    """

    PARAMETERS: ClassVar[tuple[str, ...]] = ("r", "alpha", "s", "beta")
    LIMITS: ClassVar[Mapping[str, Mapping[str, float]]] = {
        STAY: {"s": NONE, "beta": 1.0},
        CHANCE: {"s": ALIKE},
        RATE: {"r": ALIKE},
        f"{RATE}, {STAY}": {"r": ALIKE, "s": NONE, "beta": 1.0},
        f"{RATE}, {CHANCE}": {"r": ALIKE, "s": ALIKE},
    }

    r: float
    alpha: float
    s: float
    beta: float
    log_likelihood: float
    n: int
    limit: str = ""

    @classmethod
    def fitted(cls, history: Any) -> Self:
        """The model fitted by maximum likelihood to a purchase history with x, t_x and T, alike ones counted once."""
        data = collapsed(history, "x", "t_x", "T")
        repeaters_needed(data)
        pace = float(np.average(data["T"], weights=data["weight"]))
        rate = float(data["weight"] @ data["x"] / (data["weight"] @ data["T"]))

        def starts(held: Mapping[str, float]) -> list[tuple[float, ...]]:
            alpha, far = ALIKE / rate if "r" in held else pace, ALIKE if held.get("s") == ALIKE else 1.0
            return [
                (1.0, alpha / 2, 1.0, far * pace / 2),
                (0.3, alpha / 8, 0.5, far * pace / 4),
                (5.0, alpha, 2.0, far * pace * 4),
            ]

        fit, limit = smaller.fitted(cls, cls.likelihood, data, starts)
        return cls.of(fit, data["weight"].sum(), limit=limit)

    @classmethod
    def likelihood(cls, parameters: Any, data: Data) -> tuple[Any, Any]:
        """The log-likelihood of each row and its derivatives: means over when a customer may have gone."""
        r, alpha, s, beta = parameters
        x, kind_index = kinds(data["x"])
        size = r + data["x"]
        bought = special.gammaln(r + x) - special.gammaln(r) + r * np.log(alpha)
        log_likelihood, alive_chance, gone, moment = cls._when(parameters, data)
        buying, going = alpha + moment, beta + moment
        end_buying, end_going = alpha + data["T"], beta + data["T"]

        def mean(of_gone: Any, of_here: Any) -> Any:
            return np.einsum("ij,ij->i", gone, of_gone) + alive_chance * of_here

        value = bought[kind_index] + s * np.log(beta) + log_likelihood
        slopes = [
            (special.psi(r + x) - special.psi(r) + np.log(alpha))[kind_index]
            - mean(np.log(buying), np.log(end_buying)),
            r / alpha - size * mean(1 / buying, 1 / end_buying),
            np.log(beta) + (1 - alive_chance) / s - mean(np.log(going), np.log(end_going)),
            s / beta - mean((s + 1) / going, s / end_going),
        ]
        return value, np.array(slopes)

    @staticmethod
    def _when(parameters: Any, data: Data) -> tuple[Any, Any, Any, Any]:
        """The log-integral over the moment of going, the chance of still being here, those of the nodes, the nodes.

        Gauss-Legendre nodes between the last purchase and the end, in the logarithm of time, as far as going there has
        a chance at all: every term is positive, so that nothing cancels as it does between hypergeometric functions.
        """
        r, alpha, s, beta = parameters
        size, least = r + data["x"], min(alpha, beta)
        with np.errstate(over="ignore"):
            far = data["t_x"] + (alpha + data["t_x"]) * np.expm1(np.minimum(FAR / size, 600))
        start, end = np.log(least + data["t_x"]), np.log(least + np.minimum(data["T"], far))
        node, weight = np.polynomial.legendre.leggauss(NODES)
        half = (end - start) / 2
        point = start[:, None] + half[:, None] * (1 + node)
        moment = np.maximum(np.exp(point) - least, 0)
        with np.errstate(divide="ignore"):
            step = np.log(half[:, None] * weight) + point + np.log(s)
        gone = step - size[:, None] * np.log(alpha + moment) - (s + 1) * np.log(beta + moment)
        alive_weight = -size * np.log(alpha + data["T"]) - s * np.log(beta + data["T"])
        top = np.maximum(gone.max(axis=1), alive_weight)
        gone, alive_weight = np.exp(gone - top[:, None]), np.exp(alive_weight - top)
        total = gone.sum(axis=1) + alive_weight
        return np.log(total) + top, alive_weight / total, gone / total[:, None], moment

    def alive(self, history: Any) -> Any:
        """The chance that a customer with this x, t_x and T still buys."""
        return self._when(self.parameters, columns(history, "x", "t_x", "T"))[1]

    def expected(self, time: Any) -> Any:
        """Repeat purchases of a new customer within this time after the first."""
        return self.r / self.alpha * self._stay(0.0, np.asarray(time, float))

    def conditional(self, history: Any, time: float) -> Any:
        """Purchases within this time after T of a customer with this x, t_x and T."""
        data = columns(history, "x", "t_x", "T")
        return self.alive(data) * self._while_alive(data, time)

    def discounted(self, history: Any, *, rate: float, time: float | None = None) -> Any:
        """The same, each purchase discounted at a continuous rate per unit of time; without a time, for ever."""
        data = columns(history, "x", "t_x", "T")
        return self.alive(data) * discounted(lambda after: self._while_alive(data, after), rate, time)

    def _while_alive(self, data: Data, time: float) -> Any:
        pace = (self.r + data["x"]) / (self.alpha + data["T"])
        return pace * self._stay(data["T"], time)

    def _stay(self, since: Any, time: Any) -> Any:
        """How long, of a time, customers who are here will still be: at s = 1 a logarithm."""
        begun, power = self.beta + since, self.s - 1
        left = np.log1p(time / begun)
        return begun * left * special.exprel(-power * left)


def pareto_nbd(history: Any) -> ParetoNbd:
    """Pareto/NBD fitted by maximum likelihood to a purchase history: an Ibis table or a frame with x, t_x and T."""
    return ParetoNbd.fitted(history)
