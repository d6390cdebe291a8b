"""How often charts alarm though nothing happened."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import sparse, special
from scipy.sparse import linalg

from carestudy.arguments import Count, Rate, validated
from carestudy.contract import CareError

RULES = (1, 2, 3, 4)
EDGES = (-3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0)
LONG = 8  # points on one side of the centre that signal
Past = tuple[tuple[int, ...], int]  # the zones of the last points, and how many lie on one side in a row (signed)


@validated
def run_length(rules: Sequence[int] = (1,), *, shift: float = 0.0) -> float:
    """Mean number of points until a chart with these Western Electric rules signals; without a shift, a false alarm.

    Rule 1: a point beyond 3 standard deviations; 2: two of three beyond 2 on one side; 3: four of five beyond 1 on one
    side; 4: eight in a row on one side. ``shift`` of the mean in standard deviations. Exact, by the chain of what the
    last points were. CareError for another rule. Source: Champ & Woodall 1987, Technometrics 29:393-399.

    >>> round(run_length([1]), 1), round(run_length([1, 4]), 2)
    (370.4, 152.73)
    """
    if not rules or not set(rules) <= set(RULES):
        raise CareError(f"rules={list(rules)} are not known: choose from {', '.join(map(str, RULES))}")
    bounds = special.ndtr(np.array([-np.inf, *EDGES, np.inf]) - shift)
    chance = dict(zip((-4, -3, -2, -1, 1, 2, 3, 4), np.diff(bounds), strict=True))
    start: Past = ((), 0)
    places, waiting = {start: 0}, [start]
    moves: list[tuple[int, int, float]] = []
    while waiting:
        past = waiting.pop()
        for zone, probability in chance.items():
            after = _after(past, zone, frozenset(rules))
            if after is None:
                continue
            if after not in places:
                places[after] = len(places)
                waiting.append(after)
            moves.append((places[past], places[after], float(probability)))
    rows, columns, chances = zip(*moves, strict=True)
    matrix = sparse.csc_matrix((chances, (rows, columns)), shape=(len(places),) * 2)
    steps = linalg.spsolve(sparse.identity(len(places), format="csc") - matrix, np.ones(len(places)))
    return float(np.atleast_1d(steps)[0])


@validated
def cusum_run_length(*, slack: Rate = 0.5, limit: Rate = 5.0, shift: float = 0.0, steps: Count = 400) -> float:
    """Mean number of points until a two-sided cumulative sum of normal values signals; without a shift, a false alarm.

    In standard deviations, by a Markov chain of ``steps`` states on each side. Source: Brook & Evans 1972, Biometrika
    59:539-549; Montgomery 2009, Table 9.3.

    >>> round(cusum_run_length(limit=4), 0), round(cusum_run_length(limit=5, shift=1), 1)
    (168.0, 10.4)
    """
    sides = [_one_sided(slack, limit, side * shift, steps) for side in (1, -1)]
    return 1 / sum(1 / length for length in sides)


@validated
def alarm_chance(charts: Count, points: Count, *, mean_run: float = 370.4) -> float:
    """Chance of at least one false alarm on so many independent charts of so many points each.

    ``mean_run`` is the mean number of points between false alarms of one chart, see ``run_length``.

    >>> round(alarm_chance(40, 1), 4), round(alarm_chance(40, 12), 2)
    (0.1025, 0.73)
    """
    if not mean_run >= 1:
        raise CareError(f"mean_run={mean_run:g} is no number of points of 1 or more")
    return float(-np.expm1(charts * points * np.log1p(-1 / mean_run)))


def _after(past: Past, zone: int, rules: frozenset[int]) -> Past | None:
    """What is remembered after one more point; None where a rule signals."""
    zones, run = past
    recent = (*zones, zone)
    side = 1 if zone > 0 else -1
    run = run + side if run * side > 0 else side
    far, out = (sum(zone_ * side >= least for zone_ in recent[-most:]) for least, most in ((3, 3), (2, 5)))
    signals = {1: abs(zone) == 4, 2: far >= 2, 3: out >= 4, 4: abs(run) >= LONG}
    if any(signals[rule] for rule in rules):
        return None
    # Only what a rule may still ask for is remembered.
    remembered = 4 if 3 in rules else 2 if 2 in rules else 0
    least = 2 if 3 in rules else 3
    worth = tuple(zone_ if abs(zone_) >= least else 1 for zone_ in recent[len(recent) - min(remembered, len(recent)) :])
    return worth, run if 4 in rules else 0


def _one_sided(slack: float, limit: float, shift: float, steps: int) -> float:
    """The mean run of one side: the sum is rounded to the middle of one of so many steps."""
    width = 2 * limit / (2 * steps - 1)
    middles = np.arange(steps) * width
    upper = special.ndtr(middles[None, :] + width / 2 - middles[:, None] + slack - shift)
    lower = special.ndtr(middles[None, :] - width / 2 - middles[:, None] + slack - shift)
    chances = upper - lower
    chances[:, 0] = upper[:, 0]
    return float(np.linalg.solve(np.eye(steps) - chances, np.ones(steps))[0])
