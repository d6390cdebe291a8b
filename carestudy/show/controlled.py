"""Verdicts of a grid, controlled over all its cells: of many cells, chance alone colours some."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import special

from carestudy.show.change import BETTER, CANNOT_TELL, WORSE
from carestudy.stats.multiple_testing import adjusted

FALSE = 0.05  # share of false verdicts among those of a grid
NORMAL = special.ndtri(0.975)  # standard errors from a change to its limit of 95 %


def controlled(card: pd.DataFrame) -> pd.DataFrame:
    """A scorecard by groups whose verdicts still stand when every cell of it is allowed for (Benjamini-Hochberg).

    The p value of a change is read from its interval, on the side that faces zero.
    """
    clear = card["verdict"].isin([BETTER, WORSE])
    change = card["change"].astype(float)
    reach = (change - card["change_low"].astype(float)).where(change > 0, card["change_high"].astype(float) - change)
    with np.errstate(invalid="ignore", divide="ignore"):
        z = (change.abs() / reach * NORMAL).where(reach > 0)
    # A cell with too few cases was not judged, and is no comparison.
    p = pd.Series(2 * special.ndtr(-z.to_numpy(float)), card.index).where(card["verdict"].notna())
    stands = pd.Series(adjusted(p.to_numpy(float)), card.index) <= FALSE
    return card.assign(verdict=card["verdict"].astype(object).mask(clear & ~stands, CANNOT_TELL))
