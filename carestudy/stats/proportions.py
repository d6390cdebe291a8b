"""Shares of independent cases: intervals, and the share behind an imperfect label."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special

from carestudy.arguments import Inside, Level, validated
from carestudy.contract import CareError
from carestudy.rendering import Rendered

Limits = tuple[Any, Any]


@dataclass(frozen=True)
class TrueShare(Rendered):
    """The share that has a property, estimated from an imperfect label, with its interval.

    ``possible`` is False where the estimate lies outside 0 to 1: then sensitivity and specificity cannot be those of
    this label, and no share is to be reported.
    """

    value: float
    low: float
    high: float
    possible: bool


@validated
def jeffreys(count: Any, n: Any, level: Level = 0.95) -> Limits:
    """Jeffreys interval of a share: the equal-tailed interval of a beta distribution with half a case added each way.

    With none of n the lower limit is 0, with all of n the upper one is 1; NaN for no cases. Numbers or arrays.
    CareError where a count is not between 0 and n. Source: Brown, Cai & DasGupta 2001, Statistical Science 16:101-133.

    >>> low, high = jeffreys(7, 20)
    >>> round(float(low), 4), round(float(high), 4)
    (0.1723, 0.5678)
    """
    count, n = _cases(count, n)
    tail = (1 - level) / 2
    low = np.where(count == 0, 0.0, special.betaincinv(count + 0.5, n - count + 0.5, tail))
    high = np.where(count == n, 1.0, special.betaincinv(count + 0.5, n - count + 0.5, 1 - tail))
    return np.where(n > 0, low, np.nan), np.where(n > 0, high, np.nan)


@validated
def clopper_pearson(count: Any, n: Any, level: Level = 0.95) -> Limits:
    """Exact interval of a share: it holds at least as often as it says, and so mostly more often.

    Of 100 cases without a single harm the share of harm may still be 3.6 %. Numbers or arrays; NaN for no cases.
    CareError where a count is not between 0 and n. Source: Clopper & Pearson 1934, Biometrika 26:404-413.

    >>> low, high = clopper_pearson(0, 100)
    >>> float(low), round(float(high), 4)
    (0.0, 0.0362)
    """
    count, n = _cases(count, n)
    tail = (1 - level) / 2
    with np.errstate(invalid="ignore"):
        low = np.where(count == 0, 0.0, special.betaincinv(np.maximum(count, 1e-9), n - count + 1, tail))
        high = np.where(count == n, 1.0, special.betaincinv(count + 1, np.maximum(n - count, 1e-9), 1 - tail))
    return np.where(n > 0, low, np.nan), np.where(n > 0, high, np.nan)


@validated
def true_share(
    count: int, n: int, *, sensitivity: Inside | int, specificity: Inside | int,
    audited: tuple[int, int] | None = None, level: Level = 0.95,
) -> TrueShare:  # fmt: skip
    """Share of cases that truly have a property, from ``count`` of ``n`` that an imperfect label says have it.

    ``sensitivity`` is the share of true cases with the label, ``specificity`` that of others without it. Where both are
    known the interval is the exact one of the labelled share, carried over; with ``audited`` (how many true and how
    many other cases they were found in) their own uncertainty is added by the delta method. An estimate outside 0 to 1
    is impossible: it is returned with ``possible`` False and is not to be reported. CareError where sensitivity and
    specificity tell no more than chance. Source: Rogan & Gladen 1978, American Journal of Epidemiology 107:71-76.

    >>> found = true_share(45, 150, sensitivity=0.96, specificity=0.89)
    >>> round(found.value, 3), round(found.low, 2), round(found.high, 2)
    (0.224, 0.14, 0.32)
    """
    telling = sensitivity + specificity - 1
    if not 0 < telling <= 1:
        raise CareError(f"a label of sensitivity {sensitivity} and specificity {specificity} tells no more than chance")
    labelled = count / n if n else np.nan
    value = (labelled + specificity - 1) / telling
    low, high = ((float(limit) + specificity - 1) / telling for limit in clopper_pearson(count, n, level))
    if audited is not None:
        trues, negatives = audited
        variance = labelled * (1 - labelled) / n
        variance += value**2 * sensitivity * (1 - sensitivity) / trues
        variance += (1 - value) ** 2 * specificity * (1 - specificity) / negatives
        half = float(special.ndtri((1 + level) / 2)) * np.sqrt(variance) / telling
        low, high = min(low, value - half), max(high, value + half)
    return TrueShare(float(value), float(low), float(high), possible=bool(0 <= value <= 1))


def _cases(count: NDArray[Any], n: NDArray[Any]) -> tuple[Any, Any]:
    count, n = np.asarray(count, float), np.asarray(n, float)
    if not ((count >= 0) & (count <= n)).all():
        raise CareError("a share needs counts between 0 and the number of cases")
    return count, n
