"""Whether two coders see the same themes: two people, or a person and the codebook."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from carestudy.contract import CareError
from carestudy.measure.front import validated
from carestudy.measure.intervals import z_value
from carestudy.measure.options import Level

AGREED = ["theme", "n", "both", "first_only", "second_only", "neither", "agreed", "kappa", "low", "high"]


@validated
def agreement(
    first_coder: pd.DataFrame, second_coder: pd.DataFrame, *, texts: Iterable[Any] | None = None, level: Level = 0.95
) -> pd.DataFrame:
    """Cohen's kappa of two coders for each theme: how far they agree beyond what chance would have them agree.

    Each coder is a frame of (text, theme), as ``coded`` gives; a row without a theme tells that a text was read and has
    none. ``texts`` are all that both have read; without them, those that either frame names. A text may have several
    themes, so each theme is a yes or no of its own: on it agree ``both`` and ``neither``, ``agreed`` being their share.
    ``kappa`` is 1 for full agreement and 0 for that of chance, with its large-sample interval; none where both coders
    gave one and the same answer to all texts. Sources: Cohen 1960, Educ Psychol Meas 20:37-46; Fleiss, Cohen & Everitt
    1969, Psychol Bull 72:323-327.

    >>> first = pd.DataFrame({"text": [0, 1, 2, 3], "theme": ["price", "price", "staff", None]})
    >>> second = pd.DataFrame({"text": [0, 1, 2, 3], "theme": ["price", None, "staff", None]})
    >>> agreement(first, second)[["theme", "both", "first_only", "agreed", "kappa"]]
       theme  both  first_only  agreed  kappa
    0  price     1           1    0.75    0.5
    1  staff     1           0    1.00    1.0
    """
    for frame in (first_coder, second_coder):
        if not {"text", "theme"} <= set(frame.columns):
            raise CareError(f"a coder is a frame with the columns text and theme; it has {', '.join(map(str, frame))}")
    read = set(texts) if texts is not None else set(first_coder["text"]) | set(second_coder["text"])
    sides = [_themes(frame, read) for frame in (first_coder, second_coder)]
    rows = []
    for theme in sorted(set(sides[0]) | set(sides[1])):
        first, second = (side.get(theme, set()) for side in sides)
        both, alone, added = len(first & second), len(first - second), len(second - first)
        rows.append((theme, *_kappa(both, alone, added, len(read) - both - alone - added, level)))
    return pd.DataFrame(rows, columns=AGREED)


def _themes(frame: pd.DataFrame, read: set[Any]) -> dict[str, set[Any]]:
    """The texts that a coder gave each theme."""
    coded = frame[frame["theme"].notna() & frame["text"].isin(list(read))]
    return {str(theme): set(rows["text"]) for theme, rows in coded.groupby("theme")}


def _kappa(both: int, first_only: int, second_only: int, neither: int, level: float) -> tuple[Any, ...]:
    n = both + first_only + second_only + neither
    counts = (n, both, first_only, second_only, neither, (both + neither) / n)
    if n in (both, neither):
        return (*counts, np.nan, np.nan, np.nan)
    from statsmodels.stats.inter_rater import cohens_kappa  # heavy, and only here

    with np.errstate(invalid="ignore", divide="ignore"):  # full agreement has the variance 0, or a last bit below it
        result = cohens_kappa(np.array([[both, first_only], [second_only, neither]]))
    half = z_value(level) * float(np.nan_to_num(result.std_kappa))
    return (*counts, result.kappa, max(result.kappa - half, -1.0), min(result.kappa + half, 1.0))
