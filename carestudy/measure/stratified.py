"""Units compared within equal cases: what each gave beside what its cases would give with the others, and a test."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy import special

from carestudy.measure.front import validated
from carestudy.measure.options import Level

SUMMED = ["above", "n", "squares"]
COLUMNS = ("n", "observed", "expected", "difference", "low", "high", "p")


@validated
def compare(cells: pd.DataFrame, *, unit: str, strata: Sequence[str], level: Level = 0.95) -> pd.DataFrame:
    """Every unit beside the others within equal cases: observed, expected, their difference, and its p value.

    ``cells`` has a row for each unit and stratum: ``above`` (what was counted, such as satisfied answers), ``n`` (of
    how many cases), ``squares`` (the sum of the squares of the cases), ``likeness`` (by how much more a case varies
    because customers have several; 1 where they have not). A stratum in which one unit stands alone tells nothing.
    ``expected`` is what the cases of a unit in strata shared with others give at the rate of all there (indirect
    standardisation), ``observed`` what they gave, ``n`` how many they are; ``difference`` is the mean difference of a
    case from those of the other units, with its limits. The p value is that of Cochran, Mantel and Haenszel (Mantel
    1963, JASA 58:690-700).

    >>> rows = [("A", "easy", 90, 100), ("A", "hard", 10, 20), ("B", "easy", 18, 20), ("B", "hard", 50, 100)]
    >>> cells = pd.DataFrame(rows, columns=["team", "work", "above", "n"]).assign(likeness=1.0)
    >>> compare(cells.assign(squares=cells["above"]), unit="team", strata=["work"])["difference"].tolist()
    [0.0, 0.0]
    """
    keys = list(strata)
    summed = cells.groupby([unit, *keys], dropna=False, sort=True)[[*SUMMED, "likeness"]]
    cells_of_units = (
        summed.agg({**dict.fromkeys(SUMMED, "sum"), "likeness": "max"})
        .reset_index()
        .astype(dict.fromkeys(SUMMED, float))
    )
    everybody = cells_of_units[SUMMED] * 0 + cells_of_units[SUMMED].sum()
    strata_sums = cells_of_units.groupby(keys, dropna=False)[SUMMED].transform("sum") if keys else everybody
    within = _within(cells_of_units, strata_sums).assign(**{unit: cells_of_units[unit]})
    return _tested(within.groupby(unit, dropna=False, sort=True).sum().reset_index(), level)


def _within(own_sums: pd.DataFrame, strata_sums: pd.DataFrame) -> pd.DataFrame:
    """The hypergeometric mean and variance of what each unit has in each stratum that it shares with others."""
    n, size = own_sums["n"].to_numpy(), strata_sums["n"].to_numpy()
    shared = (n > 0) & (size > n)
    mean, square = (_ratio(strata_sums[name].to_numpy(), size) for name in ("above", "squares"))
    remaining = np.where(shared, size - n, 0.0)
    spread = np.maximum(square - mean**2, 0) * own_sums["likeness"].to_numpy(float)
    return pd.DataFrame(
        {
            "n": np.where(shared, n, 0.0),
            "observed": np.where(shared, own_sums["above"].to_numpy(), 0.0),
            "expected": np.where(shared, n * mean, 0.0),
            "variance": n * remaining / np.maximum(size - 1, 1) * spread,
            "weight": _ratio(n * remaining, size),
        }
    )


def _ratio(above: Any, below: Any) -> Any:
    return np.divide(above, below, out=np.zeros(len(above)), where=below > 0)


def _tested(rows: pd.DataFrame, level: float) -> pd.DataFrame:
    lean, weight = (rows["observed"] - rows["expected"]).to_numpy(float), rows["weight"].to_numpy(float)
    error = np.sqrt(rows["variance"].to_numpy(float))
    with np.errstate(invalid="ignore", divide="ignore"):
        z = np.where(error > 0, lean / error, np.nan)
        difference, half = lean / weight, special.ndtri((1 + level) / 2) * error / weight
    tested = rows.drop(columns=["variance", "weight"])
    ends = {"difference": difference, "low": difference - half, "high": difference + half}
    return tested.assign(**ends, p=2 * special.ndtr(-np.abs(z)))


def __dir__() -> list[str]:
    return ["compare"]
