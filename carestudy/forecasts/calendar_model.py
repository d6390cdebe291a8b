"""The three ways in which a count is foretold: by its calendar, by its last season, and by its mean."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from carestudy.forecasts.calendar_terms import LENGTHS, YEAR

SEASONS = {"day": 7, "week": 52}  # periods after which the same place comes again
FULL_YEARS = 2  # below which a season of the year is not told from a trend
LEVEL_OF = {"day": 28, "week": 8}  # the last periods, to whose level the model is brought
FARTHEST = 30.0  # of a logarithm: a weekday on which nobody ever came


def season_of(every: str, n: int) -> int:
    """How many periods the seasonal naive forecast looks back: a week of days; a year of weeks, if there are two.

    >>> season_of("day", 100), season_of("week", 100), season_of("week", 104)
    (7, 1, 52)
    """
    return SEASONS[every] if n >= 2 * SEASONS[every] else 1


def naive(past: NDArray[Any], every: str, steps: int) -> NDArray[Any]:
    """The value of the same place in the last season, for so many steps.

    >>> naive(np.arange(14.0), "day", 8).tolist()
    [7.0, 8.0, 9.0, 10.0, 11.0, 12.0, 13.0, 7.0]
    """
    season = season_of(every, len(past))
    return np.asarray(past[len(past) - season + np.arange(steps) % season])


def mean(past: NDArray[Any], steps: int) -> NDArray[Any]:
    """The mean of the past, for so many steps."""
    return np.full(steps, float(past.mean()))


def calendar_forecast(past: NDArray[Any], terms: pd.DataFrame, every: str) -> NDArray[Any]:
    """The expected counts of the periods after the past, by a quasi-Poisson regression on the terms of all of them.

    Terms that do not vary in the past are left out, and a season of the year unless the past has two of them. What the
    last 28 days or 8 weeks were above or below the model stays, for no straight trend follows every turn of a company.
    The dispersion of a quasi-Poisson model widens its standard errors and leaves its expectation as it is.
    """
    import statsmodels.api as sm  # heavy, and only a forecast by the calendar needs it

    n = len(past)
    short = n * LENGTHS[every] < FULL_YEARS * YEAR
    varies = np.ptp(terms.iloc[:n].to_numpy(float), axis=0) > 0
    kept = [one and not (short and str(name).startswith("season")) for name, one in zip(terms, varies, strict=True)]
    known = terms.loc[:, kept].to_numpy(float)
    design = np.column_stack([np.ones(len(terms)), known - known[:n].mean(axis=0)])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of weekdays on which nobody comes, whose expectation is as good as nought
        fit = sm.GLM(past, design[:n], family=sm.families.Poisson()).fit(scale="X2")
    expected = np.exp(np.clip(design @ fit.params, -FARTHEST, FARTHEST))
    lately = slice(max(0, n - LEVEL_OF[every]), n)
    return np.asarray(expected[n:] * (past[lately].sum() / expected[lately].sum()))
