"""Which parts of a whole have changed, when many are looked at."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy import special

from carestudy.measure import intervals
from carestudy.measure.front import validated
from carestudy.measure.limits import FEWEST
from carestudy.measure.options import Level
from carestudy.stats.multiple_testing import adjusted

EXPECTED = 5  # so many cases a part needs on both sides, were both alike, to be compared
MORE, LESS, CANNOT_TELL = "more often", "less often", "cannot tell"


@validated
def changes(count: Any, n: ArrayLike, count_before: Any, n_before: ArrayLike, level: Level = 0.95) -> pd.DataFrame:
    """Which parts of a whole changed between two samples: adjusted residuals, with p values for so many looks.

    Gives change, change_low, change_high, p, p_adjusted and verdict for each part. A part of which fewer than five
    would be expected on a side, or a side with fewer than ten cases, cannot be told and has no p. Source: Haberman
    1973, Biometrics 29:205-220; Benjamini & Hochberg 1995.

    >>> changes([30, 70], 100, [10, 90], 100)["verdict"].tolist()
    ['more often', 'less often']
    """
    now, past, n, n_before = (np.asarray(numbers, float) for numbers in (count, count_before, n, n_before))
    low, high = intervals.newcombe(now, n, past, n_before)
    with np.errstate(divide="ignore", invalid="ignore"):
        both = (now + past) / (n + n_before)
        change = now / n - past / n_before
        residual = change / np.sqrt(both * (1 - both) * (1 / n + 1 / n_before))
    smaller = np.minimum(n, n_before)
    enough = (np.minimum(both, 1 - both) * smaller >= EXPECTED) & (smaller >= FEWEST)
    p = np.where(enough, 2 * special.ndtr(-np.abs(residual)), np.nan)
    least = adjusted(p)
    sure = least <= 1 - level
    verdict = np.select([sure & (change > 0), sure & (change < 0)], [MORE, LESS], CANNOT_TELL).astype(object)
    columns = {
        "change": change,
        "change_low": low,
        "change_high": high,
        "p": p,
        "p_adjusted": least,
        "verdict": verdict,
    }
    return pd.DataFrame(columns)
