"""Many comparisons in families: which families hold something, and what in them stands out, all being looked at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from carestudy.contract import CareError
from carestudy.measure.front import validated
from carestudy.measure.options import Level
from carestudy.stats.multiple_testing import adjusted, simes


@validated
def standing_out(p: Any, families: Sequence[str], *, level: Level = 0.1) -> Any:
    """The p values adjusted for all comparisons of all families, and whether each stands out.

    Families are selected by Benjamini and Hochberg over their Simes p values; within the R of m selected ones, by
    Benjamini and Hochberg at ``level`` times R / m, so that the expected share of false findings among those of a
    selected family stays at ``level`` on average (Benjamini & Bogomolov 2014, JRSS B 76:297-318). Gives an array of
    adjusted values, of which those up to ``level`` stand out; a missing p value is no comparison.

    >>> standing_out([0.001, 0.9, 0.9, 0.9], ["a", "a", "b", "b"], level=0.05).round(4).tolist()
    [0.004, 1.0, 1.0, 1.0]
    """
    given, names = np.asarray(p, float), np.asarray(families, object)
    if given.shape != names.shape or given.ndim != 1:
        raise CareError(f"each p value needs the name of its family: {given.size} values and {names.size} names")
    kinds = list(dict.fromkeys(names.tolist()))
    whole = adjusted([simes(given[names == kind]) for kind in kinds])
    selected = max(int(np.nansum(whole <= level)), 1)
    result = np.full(len(given), np.nan)
    for kind, of_family in zip(kinds, whole, strict=True):
        within = adjusted(given[names == kind]) * len(kinds) / selected
        result[names == kind] = np.minimum(np.maximum(within, of_family), 1.0)
    return result


def __dir__() -> list[str]:
    return ["simes", "standing_out"]
