"""Sizes and draws the sample of a survey: the answers that a margin needs, and a proportional stratified sample."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import pandas as pd

from carestudy.audiences.lots import draws
from carestudy.care import Care
from carestudy.contract import CareError, Missing
from carestudy.kpi import nps, response_rate
from carestudy.measure.intervals import z_value
from carestudy.rendering import Rendered

ENOUGH = 30  # answers and invitations from which on the company's own figures are used
WIDEST = 1.0  # variance of one answer when half are promoters and half detractors


@dataclass(frozen=True)
class Plan(Rendered):
    """What a survey needs for a margin: answers, by how many customers there are and how far they differ; invitations.

    ``eligible`` of the ``population`` may be invited now; ``expected_margin`` is what inviting as many as needed, or
    all of them, will give. ``assumed`` names what the company's own data could not tell.
    """

    margin: float
    population: int
    eligible: int
    variance: float
    response: float
    answers: int
    invitations: int
    expected_margin: float
    assumed: tuple[str, ...] = ()


def answers_needed(margin: float, population: int, *, variance: float = WIDEST, level: float = 0.95) -> int:
    """Answers after which the interval of the NPS reaches no further than the margin, in points, to each side.

    For a simple random sample from so many customers (finite population correction); ``variance`` is that of one
    answer counted as 1, 0 or -1, at most 1. Source: Cochran 1977, Sampling Techniques, section 4.4.

    >>> answers_needed(5, 10**9), answers_needed(5, 2000), answers_needed(5, 2000, variance=0.6)
    (1537, 870, 632)
    """
    if not margin > 0:
        raise CareError(f"margin={margin} is none: points of the NPS to each side, such as 5")
    if population < 1:
        return 0
    without_end = (z_value(level) * 100 / margin) ** 2 * variance
    # The smallest n with margin² >= z² variance / n x (N - n) / (N - 1).
    return min(math.ceil(without_end * population / (population - 1 + without_end) - 1e-9), population)


def plan(care: Care, population: int, *, eligible: int, margin: float, expected_response: float | None = None) -> Plan:
    """The answers and invitations that a margin needs, by the company's own spread of answers and response rate.

    The NPS answers of the last twelve months give the variance, and without thirty of them the widest there is is
    assumed; all invitations so far give the response rate, unless it is given.
    """
    variance, rate = _variance(care), expected_response or _response(care)
    if rate is None:
        raise CareError("nobody can tell how many will answer: give the response rate, such as 0.2")
    if not 0 < rate <= 1:
        raise CareError(f"a response rate of {rate} is none: a share above 0 and up to 1, such as 0.2")
    spread = WIDEST if variance is None else variance
    needed = answers_needed(margin, population, variance=spread)
    invitations = math.ceil(needed / rate - 1e-9)
    reached = _margin(min(invitations, eligible) * rate, population, spread)
    assumed = ("variance",) if variance is None else ()
    return Plan(margin, population, eligible, spread, rate, needed, invitations, reached, assumed)


def _margin(answers: float, population: int, variance: float) -> float:
    """The margin, in points to each side, of so many answers of so many customers."""
    if answers <= 0:
        return float("nan")
    correction = max(population - answers, 0) / (population - 1) if population > 1 else 0.0
    return 100 * z_value() * math.sqrt(variance / answers * correction)


def sample(ids: pd.Series[Any], size: int, *, strata: pd.Series[Any] | None = None, seed: int | str) -> pd.Series[Any]:
    """Which customers are drawn: from each stratum in proportion to its size, within it by a keyed hash.

    True where a customer is drawn. Parts of customers go to the strata with the largest remainders, of equal ones to
    the first by name.
    """
    size = min(size, len(ids))
    strata_filled = (
        pd.Series([""] * len(ids), ids.index) if strata is None else strata.map(lambda stratum: stratum or "")
    )
    sizes = strata_filled.value_counts().sort_index()
    exact = {name: int(count) * size for name, count in sizes.items()}
    quota = {name: share // len(ids) for name, share in exact.items()} if len(ids) else {}
    by_remainder = sorted(quota, key=lambda name: (-(exact[name] % len(ids)), str(name)))
    for name in by_remainder[: size - sum(quota.values())]:
        quota[name] += 1
    drawn = pd.DataFrame(
        {"stratum": strata_filled, "id": ids, "draw": draws(ids, seed=seed, purpose="survey")}, dtype=object
    )
    position = drawn.sort_values(["stratum", "draw", "id"]).groupby("stratum").cumcount()
    return position.reindex(ids.index) < strata_filled.map(quota)


def _variance(care: Care) -> float | None:
    from carestudy.measure.figures import sums
    from carestudy.periods import Period

    try:
        row = sums(care, [nps], by=[], periods=[Period.until(care.known_until)]).iloc[0]
    except Missing:
        return None
    if row["n"] < ENOUGH:
        return None
    return float(row["squares"] / row["n"] - (row["numerator"] / row["n"]) ** 2)


def _response(care: Care) -> float | None:
    try:
        row = response_rate(care).iloc[0]
    except Missing:
        return None
    return float(row["value"]) if row["denominator"] >= ENOUGH and row["numerator"] else None
