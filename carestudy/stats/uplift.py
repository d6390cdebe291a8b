"""Whether a score finds the customers whom a campaign moves."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from carestudy.arguments import Count, Level, Seed, validated
from carestudy.contract import CareError
from carestudy.rendering import Rendered

FEWEST_EVENTS = 100  # an arm


@dataclass(frozen=True)
class Uplift(Rendered):
    """Whether a score finds those whom a campaign moves: the Qini coefficient with its bootstrap interval.

    ``curve`` has a row for each tenth of customers, the highest scores first: share, gain (more events than without the
    campaign) and chance (the gain of as many customers drawn by lot).
    """

    value: float
    low: float
    high: float
    curve: pd.DataFrame = field(compare=False)


@validated
def qini(
    outcome: Any, score: Any, treated: Any, *, level: Level = 0.95, resamples: Count = 200, seed: Seed = 1
) -> Uplift:
    """How well a score finds the customers whom a campaign moves: the area between its curve and that of chance.

    Along the customers, the highest scores first, the gain is events of the treated less those of the control, scaled
    to as many customers; the coefficient is the mean gain beyond chance, a customer. The interval resamples customers
    within arms. ``outcome`` and ``treated`` are 1 or 0. CareError with fewer than 100 events in an arm. Source:
    Radcliffe 2007, Direct Marketing Analytics Journal 1:14-21.
    """
    y, rank, arm = (np.asarray(part, float) for part in (outcome, score, treated))
    events = [int(y[arm == side].sum()) for side in (1, 0)]
    if min(events) < FEWEST_EVENTS:
        raise CareError(
            f"a curve of uplift needs {FEWEST_EVENTS} events in each arm, and they have {events[0]} and {events[1]}"
        )
    rng = np.random.default_rng(seed)
    sides = [np.flatnonzero(arm == side) for side in (1, 0)]
    drawn = []
    for _ in range(resamples):
        rows = np.concatenate([rng.choice(side, len(side)) for side in sides])
        drawn.append(_area(*_gains(y[rows], rank[rows], arm[rows])))
    shares, gain = _gains(y, rank, arm)
    places = np.searchsorted(shares, np.arange(1, 11) / 10 - 1e-12)
    curve = pd.DataFrame({"share": shares[places], "gain": gain[places], "chance": gain[-1] * shares[places]})
    low, high = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2])
    return Uplift(_area(shares, gain), float(low), float(high), curve)


def _gains(outcome: NDArray[Any], score: NDArray[Any], arm: NDArray[Any]) -> tuple[Any, Any]:
    """The share of customers so far and the gain in events a customer, one point for each different score."""
    order = np.argsort(-score, kind="stable")
    y, t = outcome[order], arm[order]
    last = np.append(np.diff(-score[order]) != 0, [True])
    treated, control = np.cumsum(t), np.cumsum(1 - t)
    hits, misses = np.cumsum(y * t), np.cumsum(y * (1 - t))
    scaled = np.divide(misses * treated, control, out=np.zeros(len(y)), where=control > 0)
    gain = (hits - scaled) / treated[-1]
    return (np.arange(1, len(y) + 1) / len(y))[last], gain[last]


def _area(shares: NDArray[Any], gain: NDArray[Any]) -> float:
    x, y = np.concatenate([[0.0], shares]), np.concatenate([[0.0], gain])
    return float(np.trapezoid(y - y[-1] * x, x))
