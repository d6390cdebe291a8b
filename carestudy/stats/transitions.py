"""Steps from state to state within each customer: counts, chances, and where they end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import special

from carestudy.arguments import Level, validated
from carestudy.contract import CareError
from carestudy.rendering import Rendered

CLOSE = 1e-9


@dataclass(frozen=True)
class SameSteps(Rendered):
    """Whether groups step from state to state alike: a likelihood ratio given the states that they leave."""

    statistic: float
    df: int
    p: float


@dataclass(frozen=True)
class Absorbing(Rendered):
    """Where steps end: visits expected in each state, steps until an end, and the chance of each end, by the start."""

    visits: Any
    steps: Any
    ends: Any


@validated
def transition_counts(customers: Any, times: Any, states: Any, *, order: Sequence[Any] | None = None) -> pd.DataFrame:
    """How many steps lead from each state (rows) to each (columns), within each customer, in the order of time.

    The step from the last record of one customer to the first of the next is none. ``order`` lists the states (sorted
    unless given); steps from a state to itself count. CareError for two records of a customer at one time, whose order
    nobody knows, and for a state that ``order`` lacks.

    >>> transition_counts(["A", "A", "B", "B"], [1, 2, 1, 2], ["new", "open", "open", "done"]).to_numpy().tolist()
    [[0, 0, 0], [0, 0, 1], [1, 0, 0]]

    The states there are done, new, open.
    """
    frame = pd.DataFrame({"customer": np.asarray(customers), "time": np.asarray(times), "state": np.asarray(states)})
    if frame.duplicated(["customer", "time"]).any():
        raise CareError("some customers have two records at one time: say which comes first")
    listed = sorted(frame["state"].unique()) if order is None else list(order)
    if unknown := sorted({str(one) for one in frame["state"].unique() if one not in listed}):
        raise CareError(f"order lacks the states {unknown[:5]}")
    frame = frame.sort_values(["customer", "time"], kind="stable")
    following = frame.groupby("customer", sort=False)["state"].shift(-1)
    places = {state: position for position, state in enumerate(listed)}
    steps = frame.assign(following=following)[following.notna()]
    counts = np.zeros((len(listed),) * 2, int)
    np.add.at(counts, (steps["state"].map(places).to_numpy(int), steps["following"].map(places).to_numpy(int)), 1)
    return pd.DataFrame(counts, index=listed, columns=listed)


@validated
def transition_chances(counts: Any, *, level: Level = 0.95) -> pd.DataFrame:
    """Chance of each step from a state, a row for each pair of states, with its error and Wilson's interval.

    Columns from, to (places unless ``counts`` is a frame), count, n, value, error, low, high. The error is the
    binomial one, not the wider one of a Poisson count that R's markovchain prints. Steps of one customer are taken to
    be independent. Source: Anderson & Goodman 1957, Annals of Mathematical Statistics 28:89-110.

    >>> transition_chances([[8, 2], [5, 5]])["value"].tolist()
    [0.8, 0.2, 0.5, 0.5]
    """
    table = _square(counts)
    names = list(counts.columns) if isinstance(counts, pd.DataFrame) else list(range(len(table)))
    n = np.repeat(table.sum(axis=1), len(table))
    z = float(special.ndtri((1 + level) / 2)) ** 2
    with np.errstate(invalid="ignore", divide="ignore"):
        value = table.ravel() / n
        error = np.sqrt(value * (1 - value) / n)
        centre, half = (value + z / n / 2) / (1 + z / n), np.sqrt(z * value * (1 - value) / n + (z / n / 2) ** 2)
        half = half / (1 + z / n)
    pairs = [(origin, target) for origin in names for target in names]
    frame = pd.DataFrame(pairs, columns=["from", "to"]).assign(count=table.ravel().astype(int), n=n.astype(int))
    return frame.assign(value=value, error=error, low=centre - half, high=centre + half)


@validated
def same_steps(tables: Sequence[Any]) -> SameSteps:
    """Test whether groups step alike from the same states; how often each is in a state does not matter.

    ``tables`` are the counts of two groups or more, states in one order. States from which only one group steps, and
    steps that nobody takes, tell nothing. Source: Anderson & Goodman 1957, section 3.

    >>> round(same_steps([[[80, 20], [30, 70]], [[60, 40], [30, 70]]]).p, 4)
    0.008
    """
    groups = np.stack([_square(table) for table in tables])
    if len(groups) < 2:
        raise CareError("whether groups step alike takes two of them or more")
    statistic, df = 0.0, 0
    for rows in np.moveaxis(groups, 1, 0):
        seen = rows[rows.sum(axis=1) > 0][:, rows.sum(axis=0) > 0]
        if len(seen) > 1:
            expected = np.outer(seen.sum(axis=1), seen.sum(axis=0)) / seen.sum()
            statistic += 2 * float(special.xlogy(seen, seen / expected).sum())
            df += (len(seen) - 1) * (seen.shape[1] - 1)
    return SameSteps(statistic, df, float(special.chdtrc(df, statistic)) if df else float("nan"))


@validated
def absorbing(within: Any, into: Any) -> Absorbing:
    """Where steps end: from chances between states that are left again, and those of steps into end states.

    Rows of the two together add up to 1. CareError where some state never reaches an end. Source: Grinstead & Snell
    1997, section 11.2.

    >>> found = absorbing([[0, 0.5, 0], [0.5, 0, 0.5], [0, 0.5, 0]], [[0.5, 0], [0, 0], [0, 0.5]])
    >>> found.steps.round(6).tolist(), found.ends[0].round(6).tolist()
    ([3.0, 4.0, 3.0], [0.75, 0.25])
    """
    inner, outer = _square(within), np.asarray(into, float)
    if len(outer) != len(inner) or np.abs(inner.sum(axis=1) + outer.sum(axis=1) - 1).max() > 1e-6:
        raise CareError("the chances of a state, to stay within and to end, must add up to 1")
    reached = outer.sum(axis=1) > 0
    for _ in range(len(inner)):
        reached = reached | (inner[:, reached].sum(axis=1) > 0)
    if not reached.all():
        raise CareError("some states never reach an end: there is no number of steps until one")
    visits = np.linalg.inv(np.eye(len(inner)) - inner)
    return Absorbing(visits, visits.sum(axis=1), visits @ outer)


@validated
def stationary(chances: Any) -> NDArray[Any]:
    """Shares in which states settle if the chances of steps never change; no forecast, for they do.

    CareError where the states fall into parts between which nobody steps. Source: Kemeny & Snell 1960.

    >>> stationary([[0.5, 0.25, 0.25], [0.5, 0, 0.5], [0.25, 0.25, 0.5]]).round(6).tolist()
    [0.4, 0.2, 0.4]
    """
    matrix = _chances(chances)
    size = len(matrix)
    equations = np.vstack([matrix.T - np.eye(size), np.ones(size)])
    if np.linalg.matrix_rank(equations) < size:
        raise CareError("states fall into parts between which nobody steps: there is no one mix that they settle in")
    return np.asarray(np.clip(np.linalg.lstsq(equations, np.append(np.zeros(size), 1.0), rcond=None)[0], 0, None))


@validated
def first_passage(chances: Any) -> NDArray[Any]:
    """Mean number of steps from each state (rows) until each other is first reached (columns); 0 on the diagonal.

    CareError where some state cannot be reached. Source: Grinstead & Snell 1997, section 11.5.

    >>> first_passage([[0.5, 0.25, 0.25], [0.5, 0, 0.5], [0.25, 0.25, 0.5]]).round(2).tolist()[0]
    [0.0, 4.0, 3.33]
    """
    matrix = _chances(chances)
    size = len(matrix)
    steps = np.zeros((size, size))
    for target in range(size):
        sources = [position for position in range(size) if position != target]
        equations = np.eye(size - 1) - matrix[np.ix_(sources, sources)]
        if np.linalg.matrix_rank(equations) < size - 1:
            raise CareError(f"state {target} cannot be reached from every other")
        steps[sources, target] = np.linalg.solve(equations, np.ones(size - 1))
    return steps


def _square(counts: NDArray[Any]) -> NDArray[Any]:
    table = np.asarray(counts, float)
    if table.ndim != 2 or table.shape[0] != table.shape[1] or not (table >= 0).all():
        raise CareError("steps between states are a square table of numbers that are not negative")
    return table


def _chances(chances: NDArray[Any]) -> NDArray[Any]:
    table = _square(chances)
    if np.abs(table.sum(axis=1) - 1).max() > 1e-6:
        raise CareError("the chances of the steps from a state must add up to 1")
    return table
