"""BG/NBD and MBG/NBD: customers who buy at a rate of their own until, after some purchase, they are gone."""

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
from carestudy.value.until_gone import bought


@dataclass(frozen=True)
class BgNbd(Kept):
    """Purchases come at rates spread as Gamma(r, alpha); after each repeat purchase a customer is gone with a chance
    spread as Beta(a, b).

    Time is in the unit of the history it was fitted to. Who bought once cannot be gone in this model: their P(alive)
    is 1 by construction, and nothing that was learnt of them. Source: Fader, Hardie & Lee 2005, Marketing Science
    24(2):275-284.

    >>> model = BgNbd(0.2426, 4.4137, 0.7930, 2.4262, log_likelihood=-9582.43, n=2357)
    >>> round(float(model.expected(52)), 2)
    1.44
    """

    PARAMETERS: ClassVar[tuple[str, ...]] = ("r", "alpha", "a", "b")
    LIMITS: ClassVar[Mapping[str, Mapping[str, float]]] = {
        STAY: {"a": NONE, "b": 1.0},
        CHANCE: {"b": ALIKE},
        RATE: {"r": ALIKE},
        f"{RATE}, {STAY}": {"r": ALIKE, "a": NONE, "b": 1.0},
        f"{RATE}, {CHANCE}": {"r": ALIKE, "b": ALIKE},
    }
    FIRST: ClassVar[int] = 0  # whether the first purchase, too, may be the last

    r: float
    alpha: float
    a: float
    b: float
    log_likelihood: float
    n: int
    limit: str = ""

    @classmethod
    def fitted(cls, history: Any) -> Self:
        """The model fitted by maximum likelihood to a purchase history with x, t_x and T, alike ones counted once.

        Where its maximum lies at a border, one of its limits: ``limit`` says which.
        """
        data = collapsed(history, "x", "t_x", "T")
        repeaters_needed(data)
        pace = float(np.average(data["T"], weights=data["weight"]))
        rate = float(data["weight"] @ data["x"] / (data["weight"] @ data["T"]))

        def starts(held: Mapping[str, float]) -> list[tuple[float, ...]]:
            alpha = ALIKE / rate if "r" in held else pace
            size = ALIKE / 20 if "b" in held else 1.0
            return [(1.0, alpha, size, 2.0), (0.3, alpha / 8, size / 2, 3.0), (5.0, alpha * 2, size * 2, 20.0)]

        fit, limit = smaller.fitted(cls, cls.likelihood, data, starts)
        return cls.of(fit, data["weight"].sum(), limit=limit)

    @classmethod
    def likelihood(cls, parameters: Any, data: Data) -> tuple[Any, Any]:
        """The log-likelihood of each row and its derivatives: psi functions once for each number of purchases."""
        r, alpha, a, b = parameters
        x, kind_index = kinds(data["x"])
        k = x + cls.FIRST
        bought = special.gammaln(r + x) - special.gammaln(r) + r * np.log(alpha) + special.betaln(a, b + k)
        both = special.psi(a + b) - special.psi(a + b + k)
        paced = special.psi(r + x) - special.psi(r) + np.log(alpha)
        stayed = special.psi(b + k) - special.psi(b) + both
        size, late, early = r + data["x"], alpha + data["T"], alpha + data["t_x"]
        since = np.log(late)
        gone, either, stretch = cls._gone(parameters, (x, kind_index), size, since - np.log(early))
        slopes = np.empty((4, len(size)))
        slopes[0] = paced[kind_index] - since + gone * stretch
        slopes[1] = r / alpha - size * (1 / late + gone * (1 / early - 1 / late))
        slopes[2] = both[kind_index] + gone / a
        slopes[3] = stayed[kind_index] - gone * (1 / np.maximum(b + k - 1, b))[kind_index]
        return (bought - special.betaln(a, b))[kind_index] - size * since + either, slopes

    @classmethod
    def _gone(cls, parameters: Any, bought: tuple[Any, Any], size: Any, stretch: Any) -> tuple[Any, Any, Any]:
        """The chance of being gone after a silence, the logarithm of one plus its odds, and the silence.

        ``bought`` are the numbers of purchases that there are, and the place of each row among them.
        """
        _, _, a, b = parameters
        x, kind_index = bought
        k = x + cls.FIRST
        first = np.where(k > 0, np.log(a / np.maximum(b + k - 1, b)), -np.inf)
        odds = first[kind_index] + size * stretch
        small = np.exp(-np.abs(odds))
        gone = np.where(odds > 0, 1.0, small) / (1 + small)
        return gone, np.maximum(odds, 0) + np.log1p(small), stretch

    def alive(self, history: Any) -> Any:
        """The chance that a customer with this x, t_x and T still buys.

        >>> model = BgNbd(0.2425967, 4.413659, 0.7929869, 2.426164, log_likelihood=-9582.43, n=2357)
        >>> model.alive({"x": [26], "t_x": [30.857143], "T": [31]}).round(4).tolist()
        [0.9689]
        """
        data = columns(history, "x", "t_x", "T")
        stretch = np.log((self.alpha + data["T"]) / (self.alpha + data["t_x"]))
        bought = kinds(data["x"])
        return 1 - self._gone(self.parameters, bought, self.r + data["x"], stretch)[0]

    def expected(self, time: Any) -> Any:
        """Repeat purchases of a new customer within this time after the first."""
        share = self.b / (self.a + self.b) if self.FIRST else 1.0
        return share * bought(self.r, np.asarray(time, float) / self.alpha, self.a, self.b + self.FIRST)

    def conditional(self, history: Any, time: float) -> Any:
        """Purchases within this time after T of a customer with this x, t_x and T."""
        data = columns(history, "x", "t_x", "T")
        return self.alive(data) * self._while_alive(data, time)

    def discounted(self, history: Any, *, rate: float, time: float | None = None) -> Any:
        """The same, each purchase discounted at a continuous rate per unit of time; without a time, for ever."""
        data = columns(history, "x", "t_x", "T")
        alike, kind_index = np.unique(
            data["x"] + 1j * data["T"], return_inverse=True
        )  # all that it needs of who is here
        few = {"x": alike.real, "T": alike.imag}
        return self.alive(data) * discounted(lambda after: self._while_alive(few, after), rate, time)[kind_index]

    def _while_alive(self, data: Data, time: float) -> Any:
        """Purchases within this time of customers who are still here."""
        return bought(self.r + data["x"], time / (self.alpha + data["T"]), self.a, self.b + data["x"] + self.FIRST)


@dataclass(frozen=True)
class MbgNbd(BgNbd):
    """BG/NBD in which the first purchase, too, may be the last, so that P(alive) of who bought once can be told.

    Source: Batislam, Denizel & Filiztekin 2007, International Journal of Research in Marketing 24(3):201-209.
    """

    FIRST: ClassVar[int] = 1


def bg_nbd(history: Any) -> BgNbd:
    """BG/NBD fitted by maximum likelihood to a purchase history: an Ibis table or a frame with x, t_x and T."""
    return BgNbd.fitted(history)


def mbg_nbd(history: Any) -> MbgNbd:
    """MBG/NBD fitted by maximum likelihood to a purchase history: an Ibis table or a frame with x, t_x and T."""
    return MbgNbd.fitted(history)
