"""Fair comparison of people, teams and branches: who differs from the usual by more than chance and spread explain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import special

from carestudy.care import Care
from carestudy.contract import CareError, Missing
from carestudy.measure import limits
from carestudy.measure.figures import COLUMNS, sums
from carestudy.measure.front import of_figure
from carestudy.measure.kpi import Kpi, known_period
from carestudy.measure.options import Level
from carestudy.measure.rows import groups
from carestudy.people import funnel_plot, shrink
from carestudy.stats.multiple_testing import adjusted

FEWEST_CASES = 30
FEWEST_CUSTOMERS = limits.FEWEST
FEWEST_UNITS = 10  # from which on the usual spread between units can be told
BETTER, WORSE, USUAL, APART = "better than usual", "worse than usual", "as usual", "not compared"
ABOVE, BELOW = "above usual", "below usual"
LIMITS = ("far_low", "usual_low", "usual_high", "far_high")


@dataclass(frozen=True)
class _Cases:
    """Units as a funnel sees them: values, how many independent cases each is worth, and the error of chance."""

    value: Any
    worth: Any
    error: Any
    usual: float
    shares: bool
    ends: tuple[float, float]


@of_figure
def compare(
    kpi: Kpi, care: Care, *, by: str | Sequence[str], period: str | None = None, level: Level = 0.95
) -> pd.DataFrame:
    """Every unit's figure beside the usual one: better, worse, as usual, or not compared.

    A row for each unit in the order of the alphabet, never of the figure. Adds to the figures frame ``usual``, the
    figure of all units together, those without a name included; ``worth``, how many independent cases a unit's
    cases are worth, answers of one customer being as alike as they are over all units; ``usual_low`` to ``usual_high``
    and ``far_low`` to ``far_high``, between which 95 % and 99.8 % of usual units of that worth lie (shares: exact
    binomial; scores and means: normal with the variance of a case); ``phi``, the overdispersion by which they are
    widened; ``shrunken`` with its interval; ``p`` against the usual figure and ``p_adjusted`` (Benjamini-Hochberg);
    and the ``statement``. A unit stands apart where ``p_adjusted`` is at most 1 - level.

    Not compared are units with n below 30 or fewer than 10 customers, the unit without a name, and a lone unit. The
    overdispersion is the mean squared z score (10 % winsorised at each end), used from 10 compared units on and only
    where it is clearly above 1; with fewer units the limits allow for chance alone, and phi is 1. Sums, quantiles and
    reasons have no usual figure that is the same for units of every size: CareError.
    Source: Spiegelhalter 2005, Statistics in Medicine 24:1185-1202.

    >>> import carestudy as cs
    >>> from carestudy import kpi
    >>> scores = [5] * 36 + [1] * 4 + [5] * 20 + [1] * 20
    >>> answers = pd.DataFrame({"team": ["A"] * 40 + ["B"] * 40, "question": "csat", "score": scores})
    >>> care = cs.load({"responses": answers})
    >>> compare(kpi.csat, care, by="team")[["team", "value", "usual", "statement"]]
      team  value  usual          statement
    0    A    0.9    0.7  better than usual
    1    B    0.5    0.7   worse than usual
    """
    dimensions = groups(by)
    if not kpi.is_fraction:
        raise CareError(
            f"{kpi.name} is no rate or mean of cases, so units of different sizes have no usual figure in common"
        )
    if not dimensions:
        raise CareError("a comparison needs the units to compare: by='agent', 'team' or another column")
    periods = [known_period(care, period)] if period else kpi.periods(care, None, None, None)
    try:
        units = sums(care, [kpi], by=dimensions, periods=periods, level=level)
    except Missing as problem:
        raise problem.for_figure(kpi.name) from None
    units = units[units["denominator"] > 0].reset_index(drop=True)
    identified = units[[*dimensions, *COLUMNS]]
    return identified.assign(**_judged(kpi, units, _cases(care, kpi, units), _comparable(units, dimensions), level))


def _comparable(units: pd.DataFrame, by: Sequence[str]) -> NDArray[Any]:
    """Which units can be compared: those with a name and enough cases, if there are two or more of them."""
    has_name = units[list(by)].notna().all(axis=1)
    enough = (units["n"] >= FEWEST_CASES) & (units["units"] >= FEWEST_CUSTOMERS)
    comparable = (has_name & enough).to_numpy()
    result: NDArray[Any] = comparable & (comparable.sum() > 1)
    return result


def _cases(care: Care, kpi: Kpi, units: pd.DataFrame) -> _Cases:
    kind, unit = kpi.family(kpi.fractions(care)), kpi.scale(care)
    above, below = units["numerator"].to_numpy(float), units["denominator"].to_numpy(float)
    usual = above.sum() / below.sum() if len(units) else np.nan
    shares = isinstance(kind, limits.Shares)
    if shares or isinstance(kind, limits.Points):
        squares = above if shares else units["squares"].to_numpy(float)
        worth = below / _likeness(units, squares)
        variance = max(squares.sum() / below.sum() - usual**2, 0.0) if len(units) else 0.0
        error = np.sqrt(variance / worth)
    else:
        error = np.sqrt(_chance(units)) if len(units) else np.empty(0)
        worth = units["n"].to_numpy(float)
    scaled = 1.0 if shares else unit
    ends = (-unit, unit) if isinstance(kind, limits.Points) else _ends(kind)
    return _Cases(units["value"].to_numpy(float), worth, error * scaled, usual * scaled, shares, ends)


def _ends(kind: limits.Family) -> tuple[float, float]:
    """The values between which a figure must lie: those of a share, unless its family says otherwise."""
    return (kind.floor, kind.ceiling) if isinstance(kind, limits.Means) else (0.0, 1.0)


def _likeness(units: pd.DataFrame, squares: NDArray[Any]) -> NDArray[Any]:
    """The design effect: how much more the cases of a unit vary than those of as many customers with one case each.

    The correlation of cases of one customer is estimated over all units; the number of cases of each, in each unit.
    """
    below, bb = units["denominator"].to_numpy(float), units["bb"].to_numpy(float)
    value = limits.plain(units)
    alone = np.maximum(squares / below - value**2, 0)
    extra = limits.robust_variance(units) * below**2 - alone * below
    room = float((alone * (bb - below)).sum())
    alike = float(np.clip(extra.sum() / room, 0, 1)) if room > 0 else 0.0
    result: NDArray[Any] = 1 + alike * (bb / below - 1)
    return result


def _chance(units: pd.DataFrame) -> NDArray[Any]:
    """The variance of each unit's ratio by chance alone, a case varying as it does over all units.

    The denominator counts cases or sums amounts: an amount weighs by its square.
    """
    below, bb = units["denominator"].to_numpy(float), units["bb"].to_numpy(float)
    residual = limits.robust_variance(units) * below**2
    size = below if (units["denominator"] == units["n"]).all() else bb
    result: NDArray[Any] = residual.sum() / size.sum() * size / below**2
    return result


def _limits(cases: _Cases, phi: float) -> tuple[NDArray[Any], NDArray[Any]]:
    """The limits of chance around the usual value, and the p-value of each unit."""
    if cases.shares:
        bounds = funnel_plot.funnel_limits(cases.usual, cases.worth, phi=phi)
        return bounds, funnel_plot.two_sided(cases.value * cases.worth, cases.worth, cases.usual, phi=phi)
    bounds = np.clip(funnel_plot.normal_limits(cases.usual, cases.error, phi=phi), *cases.ends)
    with np.errstate(divide="ignore", invalid="ignore"):
        p = 2 * special.ndtr(-np.abs((cases.value - cases.usual) / (cases.error * np.sqrt(phi))))
    return bounds, p


def _judged(kpi: Kpi, units: pd.DataFrame, cases: _Cases, comparable: NDArray[Any], level: float) -> dict[str, Any]:
    phi = _phi(cases, comparable)
    bounds, p = _limits(cases, phi) if len(units) else (np.empty((0, 4)), np.empty(0))
    p = np.where(comparable, p, np.nan)
    least = adjusted(p)
    return {
        "usual": cases.usual,
        "worth": cases.worth,
        **dict(zip(LIMITS, bounds.T, strict=True)),
        "phi": phi,
        **_shrunken(cases, level),
        "p": p,
        "p_adjusted": least,
        "statement": _statements(kpi, cases, least <= 1 - level, comparable),
    }


def _phi(cases: _Cases, comparable: NDArray[Any]) -> float:
    """The spread between units that is usual, where there are enough of them to tell it from chance."""
    if comparable.sum() < FEWEST_UNITS or not (cases.error[comparable] > 0).all():
        return 1.0
    spread = funnel_plot.overdispersion(cases.value[comparable], cases.error[comparable], cases.usual)
    return spread.phi if spread.clear else 1.0


def _shrunken(cases: _Cases, level: float) -> dict[str, Any]:
    names = ("shrunken", "shrunken_low", "shrunken_high")
    if len(cases.value) < 2 or not (cases.shares or (cases.error > 0).all()):
        return dict.fromkeys(names, np.full(len(cases.value), np.nan))
    if cases.shares:
        estimates = shrink.shrunken(cases.value * cases.worth, cases.worth, level=level)
    else:
        estimates = shrink.shrunken_means(cases.value, cases.error, level=level)
    within = (np.clip(estimates[name].to_numpy(), *cases.ends) for name in ("value", "low", "high"))
    return dict(zip(names, within, strict=True))


def _statements(kpi: Kpi, cases: _Cases, apart: NDArray[Any], comparable: NDArray[Any]) -> NDArray[Any]:
    up, down = {"higher": (BETTER, WORSE), "lower": (WORSE, BETTER), None: (ABOVE, BELOW)}[kpi.better]
    above = cases.value > cases.usual
    return np.select([~comparable, apart & above, apart & ~above], [APART, up, down], USUAL).astype(object)
