"""Logistic regression told in shares of customers: by how much a fact goes with more, or fewer, who leave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy import special

from carestudy.contract import CareError
from carestudy.measure.front import validated
from carestudy.measure.intervals import z_value
from carestudy.measure.options import Level
from carestudy.rendering import Rendered

STEPS, CLOSE = 50, 1e-8
DEPENDENT = 1e-9  # of a column's length: what is left of it after the columns before are taken out


@dataclass(frozen=True)
class Logistic(Rendered):
    """A fitted logistic regression: the constant first, then the columns; ``covariance`` is that of coefficients.

    A column that follows from those before it, or that never varies, has no coefficient (NaN).
    """

    columns: tuple[str, ...]
    coefficients: tuple[float, ...]
    errors: tuple[float, ...]
    log_likelihood: float
    covariance: Any

    def linear(self, rows: ArrayLike) -> NDArray[Any]:
        """The log odds of each row of columns."""
        known = np.nan_to_num(np.array(self.coefficients))
        result: NDArray[Any] = known[0] + np.asarray(rows, float) @ known[1:]
        return result


@validated
def logistic(
    frame: pd.DataFrame, *, outcome: str, columns: Sequence[str], cluster: str | None = None, firth: bool = False
) -> Logistic:
    """Logistic regression of a yes or no on columns of numbers, by maximum likelihood.

    ``firth`` takes off the bias of rare events and keeps coefficients finite where a group has none (Firth 1993,
    Biometrika 80:27-38); ``cluster`` names whose rows are not independent, for sandwich errors (Liang & Zeger 1986).

    >>> rows = pd.DataFrame({"left": [1, 1, 0, 1, 0, 0], "owned": [0, 0, 0, 1, 1, 1]})
    >>> [round(one, 2) for one in logistic(rows, outcome="left", columns=["owned"]).coefficients]
    [0.69, -1.39]
    """
    y, rows = frame[outcome].to_numpy(float), frame[list(columns)].to_numpy(float)
    if not np.isfinite(rows).all() or not np.isin(y, (0, 1)).all():
        raise CareError("a logistic regression needs numbers in every column and an outcome of 0 and 1")
    if len(set(y)) < 2:
        raise CareError("a logistic regression needs some who left and some who stayed")
    full = np.column_stack([np.ones(len(rows)), rows])
    independent = _independent(full)
    design = full[:, independent]
    estimates, information = _fitted(design, y, firth=firth)
    covariance = np.linalg.inv(information)
    chance = special.expit(design @ estimates)
    if cluster is not None:
        covariance = covariance @ _meat(design * (y - chance)[:, None], frame[cluster]) @ covariance
    size = full.shape[1]
    coefficients, spread = np.full(size, np.nan), np.zeros((size, size))
    coefficients[independent], spread[np.ix_(independent, independent)] = estimates, covariance
    errors = np.where(np.isnan(coefficients), np.nan, np.sqrt(np.diag(spread)))
    likelihood = float(special.xlogy(y, chance).sum() + special.xlogy(1 - y, 1 - chance).sum())
    return Logistic(tuple(columns), tuple(map(float, coefficients)), tuple(map(float, errors)), likelihood, spread)


@validated
def marginal_effects(
    frame: pd.DataFrame, model: Logistic, *, alternatives: Sequence[Sequence[str]] = (), dummy: bool = True,
    level: Level = 0.95,
) -> pd.DataFrame:  # fmt: skip
    """By how much the share of those who left differs, on average, with each column and all others as they are.

    A column of 0 and 1 is switched on and off in every row (``dummy=False``: its slope); of ``alternatives``, columns
    of which at most one is 1, the others are switched off. Of a number it is the mean slope, per unit. Gives column,
    value (a difference of shares), error (delta method), low, high and p. Source: Greene 2012, section 17.3.

    >>> rows = pd.DataFrame({"left": [1, 1, 0, 1, 0, 0], "owned": [0, 0, 0, 1, 1, 1]})
    >>> marginal_effects(rows, logistic(rows, outcome="left", columns=["owned"]))["value"].round(3).tolist()
    [-0.333]
    """
    rows = np.column_stack([np.ones(len(frame)), frame[list(model.columns)].to_numpy(float)])
    positions = {name: at for at, name in enumerate(model.columns, start=1)}
    beside = {name: [positions[other_level] for other_level in group] for group in alternatives for name in group}
    effect_rows = []
    for name, at in positions.items():
        binary = dummy and bool(np.isin(rows[:, at], (0, 1)).all())
        value, slope = _switched(rows, model, at, beside.get(name, [at])) if binary else _slope(rows, model, at)
        error = float(np.sqrt(slope @ model.covariance @ slope))
        effect_rows.append((name, value, error) if np.isfinite(model.coefficients[at]) else (name, np.nan, np.nan))
    effects = pd.DataFrame(effect_rows, columns=["column", "value", "error"])
    half = z_value(level) * effects["error"]
    with np.errstate(divide="ignore", invalid="ignore"):
        p = 2 * special.ndtr(-np.abs(effects["value"] / effects["error"]))
    return effects.assign(low=effects["value"] - half, high=effects["value"] + half, p=p)


def _fitted(design: NDArray[Any], y: Any, *, firth: bool) -> tuple[Any, Any]:
    """Newton's steps, halved where they would go too far."""
    estimates = np.zeros(design.shape[1])
    estimates[0] = special.logit(np.clip(y.mean(), 1e-6, 1 - 1e-6))
    information = np.eye(len(estimates))
    for _ in range(STEPS):
        chance = special.expit(design @ estimates)
        weight = chance * (1 - chance)
        information = (design.T * weight) @ design
        residual = y - chance
        if firth:
            root = np.linalg.cholesky(np.linalg.inv(information))
            hat = weight * ((design @ root) ** 2).sum(axis=1)
            residual = residual + hat * (0.5 - chance)
        step = np.linalg.solve(information, design.T @ residual)
        step *= min(1.0, 5 / max(np.abs(step).max(), 1e-300))
        estimates = estimates + step
        if np.abs(step).max() < CLOSE:
            return estimates, information
        if np.abs(estimates).max() > 1 / CLOSE or not np.isfinite(estimates).all() or weight.max() < CLOSE:
            break
    raise CareError("the logistic regression has no solution: a column tells exactly who left")


def _independent(design: Any) -> NDArray[Any]:
    """The places of the columns that do not follow from those before them."""
    length = np.linalg.norm(design, axis=0)
    triangle = np.linalg.qr(design / np.where(length > 0, length, 1), mode="r")
    return np.flatnonzero((np.abs(np.diag(triangle)) > DEPENDENT) & (length[: len(triangle)] > 0))


def _meat(scores: NDArray[Any], cluster: pd.Series[Any]) -> NDArray[Any]:
    codes, names = pd.factorize(cluster, use_na_sentinel=False)
    sums = np.zeros((len(names), scores.shape[1]))
    np.add.at(sums, codes, scores)
    return sums.T @ sums * len(names) / max(len(names) - 1, 1)


def _switched(rows: Any, model: Logistic, at: int, off: Sequence[int]) -> tuple[float, Any]:
    """The mean change as one column is switched on and its alternatives off; and its derivatives."""
    known = np.nan_to_num(np.array(model.coefficients))
    without = rows @ known - rows[:, off] @ known[list(off)]
    low, high = special.expit(without), special.expit(without + known[at])
    steep_low, steep_high = low * (1 - low), high * (1 - high)
    slope = (steep_high - steep_low) @ rows
    slope[list(off)] = 0.0
    slope[at] = steep_high.sum()
    return float((high - low).mean()), slope / len(rows)


def _slope(rows: Any, model: Logistic, at: int) -> tuple[float, Any]:
    known = np.nan_to_num(np.array(model.coefficients))
    chance = special.expit(rows @ known)
    density = chance * (1 - chance)
    slope = known[at] * ((density * (1 - 2 * chance)) @ rows) / len(rows)
    slope[at] += density.mean()
    return float(known[at] * density.mean()), slope
