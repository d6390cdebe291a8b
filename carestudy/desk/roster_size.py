"""How many agents are on the roster, so that enough of them take calls."""

from __future__ import annotations

import math

from carestudy.contract import CareError


def on_roster(agents: int, shrinkage: float) -> int:
    """The agents on the roster of whom so many take calls, the others being away.

    >>> on_roster(14, 0.3), on_roster(7, 0.3)
    (20, 10)
    """
    return math.ceil(agents / (1 - shrinkage) - 1e-9)  # 7 / (1 - 0.3) is a hair above 10 in binary


def refuse_shrinkage(shrinkage: float) -> None:
    """Raise ``CareError`` for a share of time away that is none."""
    if not 0 <= shrinkage < 1:
        raise CareError(f"shrinkage is a share of 0 or more and below 1, such as 0.3, not {shrinkage!r}")


def refuse_promise(promise: float) -> None:
    """Raise ``CareError`` for a promised share of calls that is none."""
    if not 0 < promise < 1:
        raise CareError(f"promise is a share above 0 and below 1, such as 0.8, not {promise!r}")
