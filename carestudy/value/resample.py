"""How far a forecast could differ by chance: customers drawn again and again, and the models fitted anew."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from carestudy.measure.likelihood import Data, Rows, bend, refit
from carestudy.measure.smaller import holding

DRAWS, MOST, SEED = 100, 8_000, 20050501
STEP = 1e-4


@dataclass(frozen=True)
class Fit:
    """A fitted model as it is drawn anew: its likelihood, the row of each customer, and what a shift does to each.

    ``place`` is the row of ``data`` in which a customer was counted, -1 for those it was not fitted to; ``slopes`` are
    the derivatives of the logarithm of each customer's forecast, a line for each parameter's logarithm.
    """

    rows: Rows
    data: Data
    place: Any
    point: Any
    slopes: Any


def spread(fits: Sequence[Fit], customers: int, tell: Callable[[Any, Any], Any]) -> Any:
    """The standard deviations, over resampled customers, of the logarithms of what ``tell`` says of each draw.

    ``tell(counts, factor)`` gets how often each customer was drawn, and by what the refitted models change each one's
    forecast, to first order in the logarithms. Of many customers a regular part is drawn from, and what it spreads is
    shrunk by the root of its share (m out of n). Deterministic: one seed.
    """
    sampled = np.arange(0, customers, max(customers // MOST, 1))
    random = np.random.default_rng(SEED)
    curved = [(fit, bend(fit.rows, _drawn(fit, sampled, np.ones(len(sampled))), fit.point)) for fit in fits]
    draws = []
    for _ in range(DRAWS):
        drawn = np.bincount(random.integers(0, len(sampled), len(sampled)), minlength=len(sampled)).astype(float)
        factor = np.zeros(customers)
        for fit, curve in curved:
            point = refit(fit.rows, _drawn(fit, sampled, drawn), fit.point, curve)
            factor = factor + (point - fit.point) @ fit.slopes
        counts = np.zeros(customers)
        counts[sampled] = drawn
        draws.append(tell(counts, np.exp(np.clip(factor, -5, 5))))
    drawn_values = np.array(draws)
    known = drawn_values > 0
    logs = np.log(np.where(known, drawn_values, 1.0))
    n = np.maximum(known.sum(axis=0), 1)
    mean = np.where(known, logs, 0).sum(axis=0) / n
    apart = np.sqrt(np.where(known, (logs - mean) ** 2, 0).sum(axis=0) / n)
    # So many draws tell two digits; the third is kept, and what processors compute differently beyond it is not.
    return _rounded(np.where(known.sum(axis=0) > 1, apart, np.nan) * np.sqrt(len(sampled) / customers))


def _rounded(deviations: NDArray[Any]) -> NDArray[Any]:
    """Numbers to three significant digits."""
    with np.errstate(divide="ignore", invalid="ignore"):
        unit = 10.0 ** (np.floor(np.log10(deviations)) - 2)
        rounded: NDArray[Any] = np.where(deviations > 0, np.round(deviations / unit) * unit, deviations)
    return rounded


def fit_of(model: Any, rows: pd.DataFrame, forecast: Callable[[Any], Any]) -> Fit:
    """A model as it is drawn anew: customers who are alike in one row, those of whom a value is missing in none."""
    groups = rows.groupby(list(rows.columns), sort=True)
    sizes = groups.size()
    data = {name: sizes.index.get_level_values(name).to_numpy(float) for name in rows.columns}
    data["weight"] = sizes.to_numpy(float)
    row_index = groups.ngroup().fillna(-1).to_numpy(int)
    point, free = np.log(model.parameters), model.free
    rows_of = holding(type(model).likelihood, model.parameters, free)
    return Fit(rows_of, data, row_index, point[free], _slopes(forecast, point)[free])


def _slopes(forecast: Callable[[Any], Any], point: Any) -> Any:
    """The derivatives of the logarithm of each customer's forecast by the logarithms of the parameters."""
    derivatives = []
    for move in np.eye(len(point)) * STEP:
        with np.errstate(divide="ignore", invalid="ignore"):
            change = np.log(forecast(np.exp(point + move))) - np.log(forecast(np.exp(point - move)))
        derivatives.append(np.nan_to_num(change / (2 * STEP), posinf=0.0, neginf=0.0))
    return np.array(derivatives)


def _drawn(fit: Fit, sampled: Any, drawn: Any) -> Data:
    """The rows of a fit, each with how many of its customers were drawn."""
    row_index = fit.place[sampled]
    known = row_index >= 0
    weight = np.bincount(row_index[known], drawn[known], len(fit.data["weight"]))
    is_drawn = weight > 0
    return {name: column[is_drawn] for name, column in fit.data.items() if name != "weight"} | {
        "weight": weight[is_drawn]
    }
