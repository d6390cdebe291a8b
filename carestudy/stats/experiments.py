"""Did a campaign work: was the split fair, and what it did to all assigned and to those reached."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import special

from carestudy.arguments import Level, validated
from carestudy.contract import CareError
from carestudy.rendering import Rendered

UNFAIR = 0.001  # p, below which a split is not what was planned


@dataclass(frozen=True)
class Split(Rendered):
    """Whether arms have the sizes that were planned; below p = 0.001 no effect is to be read before that is explained.

    ``p_corrected`` has Yates' correction, for two arms.
    """

    statistic: float
    df: int
    p: float
    p_corrected: float

    @property
    def fair(self) -> bool:
        """Whether the split may be what was planned."""
        return self.p >= UNFAIR


@dataclass(frozen=True)
class Effect(Rendered):
    """A difference of treated less control, with interval and p; ``control`` and ``treated`` are the two sides."""

    value: float
    low: float
    high: float
    p: float
    control: float
    treated: float


@dataclass(frozen=True)
class Compliance(Rendered):
    """What a campaign did to all assigned, and to those whom assignment reached.

    ``itt`` is the difference of all assigned; ``reached`` the share reached; ``cace`` the effect on those reached, with
    its interval. ``per_protocol`` and ``as_treated`` compare whom it reached with others, which is not by chance: they
    stand here to be seen, not to be reported.
    """

    itt: float
    itt_low: float
    itt_high: float
    reached: float
    cace: float
    cace_low: float
    cace_high: float
    per_protocol: float
    as_treated: float


@validated
def sample_ratio(counts: Sequence[int], planned: Sequence[float] | None = None) -> Split:
    """Test whether arms have the planned sizes, equal ones unless given: a chi-square of counts.

    A tiny difference of large arms may be fatal: it says that something drops customers from one of them. Source:
    Fabijan et al. 2019, KDD 25:2156-2164; Kohavi, Tang & Xu 2020, chapter 21.

    >>> split = sample_ratio([821_588, 815_482])
    >>> round(split.p, 8), split.fair
    (1.82e-06, False)
    """
    seen = np.asarray(counts, float)
    plan = np.ones(len(seen)) if planned is None else np.asarray(planned, float)
    if len(seen) < 2 or len(plan) != len(seen) or not (plan > 0).all() or not seen.sum() > 0:
        raise CareError("a test of the split needs two arms or more, each with a count and a planned size above zero")
    expected = seen.sum() * plan / plan.sum()
    statistic = float(((seen - expected) ** 2 / expected).sum())
    less = np.maximum(np.abs(seen - expected) - (0.5 if len(seen) == 2 else 0.0), 0.0)
    corrected = float((less**2 / expected).sum())
    df = len(seen) - 1
    return Split(statistic, df, float(special.chdtrc(df, statistic)), float(special.chdtrc(df, corrected)))


@validated
def compliance(
    assigned_received: tuple[int, int], assigned_not: tuple[int, int], control: tuple[int, int], *, level: Level = 0.95
) -> Compliance:
    """What a campaign did where it did not reach all whom it was assigned to; each arm is (without, with the event).

    The effect on those reached is that on all assigned over the share reached: whoever was not reached is taken to be
    as without the campaign. Its interval by the delta method. Source: Imbens & Rubin 1997, Annals of Statistics
    25:305-327; Sommer & Zeger 1991, Statistics in Medicine 10:45-52.

    >>> found = compliance((9_663, 12), (2_385, 34), (11_514, 74))
    >>> round(1000 * found.itt, 2), round(1000 * found.cace, 2), round(1000 * found.per_protocol, 2)
    (-2.58, -3.23, -5.15)
    """
    received, missed, controls = (np.asarray(counts, float) for counts in (assigned_received, assigned_not, control))
    assigned = received + missed
    if not (received.sum() > 0 and controls.sum() > 0):
        raise CareError("an effect on those reached needs some who were, and a control group")
    n, n_control = assigned.sum(), controls.sum()
    itt, reached = float(assigned[1] / n - controls[1] / n_control), float(received.sum() / n)
    share, base = assigned[1] / n, controls[1] / n_control
    variance = share * (1 - share) / n + base * (1 - base) / n_control
    # The share reached goes with the events of the same arm.
    both = received[1] / n - share * reached
    spread = variance - 2 * itt / reached * both / n + (itt / reached) ** 2 * reached * (1 - reached) / n
    z = _z((1 + level) / 2)
    half, half_cace = z * np.sqrt(variance), z * np.sqrt(max(spread, 0.0)) / reached
    per_protocol = float(received[1] / received.sum() - base)
    untreated = missed + controls
    as_treated = float(received[1] / received.sum() - untreated[1] / untreated.sum())
    cace = itt / reached
    return Compliance(
        itt, float(itt - half), float(itt + half), reached, cace, float(cace - half_cace), float(cace + half_cace),
        per_protocol, as_treated,
    )  # fmt: skip


@validated
def welch(treated: Any, control: Any, *, level: Level = 0.95) -> Effect:
    """Difference of two means, their spreads not taken to be equal.

    >>> found = welch([5, 6, 7, 9], [4, 5, 5, 6])
    >>> round(found.value, 2), round(found.p, 3)
    (1.75, 0.133)
    """
    sides = [np.asarray(treated, float), np.asarray(control, float)]
    if min(map(len, sides)) < 2:
        raise CareError("a difference of means needs two values or more in each arm")
    squared_errors = [side.var(ddof=1) / len(side) for side in sides]
    error = np.sqrt(sum(squared_errors))
    squares = sum(squared_error**2 / (len(side) - 1) for squared_error, side in zip(squared_errors, sides, strict=True))
    df = sum(squared_errors) ** 2 / squares if squares > 0 else np.inf
    value = float(sides[0].mean() - sides[1].mean())
    half = float(special.stdtrit(df, (1 + level) / 2)) * error
    p = float(2 * special.stdtr(df, -abs(value) / error)) if error > 0 else float("nan")
    return Effect(value, float(value - half), float(value + half), p, float(sides[1].mean()), float(sides[0].mean()))


@validated
def cuped(outcome: Any, before: Any, treated: Any, *, level: Level = 0.95) -> Effect:
    """Effect on a mean, what was known of each customer before being taken out of it first, which makes it surer.

    ``before`` is the same measure before customers were assigned (never after), ``treated`` 1 or 0. The slope is that
    of all rows together, and the difference is Welch's. Source: Deng, Xu, Kohavi & Walker 2013, WSDM 6:123-132.

    >>> found = cuped([6, 8, 9, 12, 5, 5, 9, 10], [1, 2, 4, 7, 1, 2, 5, 6], [1, 1, 1, 1, 0, 0, 0, 0])
    >>> round(found.value, 2), round(found.p, 3)
    (1.5, 0.005)
    """
    y, x, arm = (np.asarray(values, float) for values in (outcome, before, treated))
    if not (len(y) == len(x) == len(arm)) or not np.isin(arm, (0, 1)).all():
        raise CareError("cuped needs an outcome, a value before and an arm of 1 or 0 for every customer")
    spread = x.var(ddof=1) if len(x) > 1 else 0.0
    slope = np.cov(y, x)[0, 1] / spread if spread > 0 else 0.0
    residuals = y - slope * (x - x.mean())
    return welch(residuals[arm == 1], residuals[arm == 0], level=level)


@validated
def adjusted_effects(
    outcome: Any, arms: Any, covariates: Any, *, control: Any, names: Sequence[str] | None = None, level: Level = 0.95
) -> pd.DataFrame:
    """Effects of several arms against a control on a mean, adjusted for what was known before (least squares).

    ``arms`` say which arm each row has, ``covariates`` have a column for each fact from before assignment. A row for
    the constant, each covariate and each arm: column, value, error, t, p, low, high. CareError for an unknown control,
    or columns that repeat each other. Source: Fisher 1932; Venables & Ripley 2002, section 6.1.

    >>> effects = adjusted_effects([1, 2, 4, 5, 6, 8], list("aaabbb"), [[1], [2], [3], [1], [2], [3]], control="a")
    >>> effects.set_index("column").loc["b", "value"].round(2).item()
    4.0
    """
    y, arm, facts = np.asarray(outcome, float), np.asarray(arms, object), np.asarray(covariates, float)
    facts = facts[:, None] if facts.ndim == 1 else facts
    treatments = [treatment for treatment in pd.unique(arm) if treatment != control]
    if len(treatments) == len(pd.unique(arm)) or not treatments:
        raise CareError(f"control={control!r} is none of the arms, or the only one")
    listed = list(getattr(covariates, "columns", [f"x{position}" for position in range(1, facts.shape[1] + 1)]))
    labels = listed if names is None else list(names)
    design = np.column_stack([np.ones(len(y)), facts, *((arm == treatment).astype(float) for treatment in treatments)])
    df = len(y) - design.shape[1]
    if df < 1 or np.linalg.matrix_rank(design) < design.shape[1]:
        raise CareError("the columns repeat each other, or there are too few rows for them")
    inverse = np.linalg.inv(design.T @ design)
    value = inverse @ design.T @ y
    residuals = y - design @ value
    error = np.sqrt(np.diag(inverse) * (residuals @ residuals) / df)
    t = np.divide(value, error, out=np.full(len(value), np.nan), where=error > 0)
    half = float(special.stdtrit(df, (1 + level) / 2)) * error
    frame = pd.DataFrame({"column": ["constant", *labels, *treatments], "value": value, "error": error, "t": t})
    return frame.assign(p=2 * special.stdtr(df, -np.abs(t)), low=value - half, high=value + half)


def _z(share: float) -> float:
    return float(special.ndtri(share))
