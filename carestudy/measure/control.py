"""Control charts: what a figure does when nothing happens, learnt from a baseline, and the periods that fall out of it.

Every chart is a frame with a row for each period: value, centre, low, high, outside, and the spread it was made with.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from carestudy.contract import CareError
from carestudy.measure.front import validated

D2 = 1.128  # the mean distance of two neighbours, in standard deviations, as every chart table prints it
SIGMAS = 3.0


@validated
def laney_limits(count: Any, n: Any, *, baseline: Any = None) -> pd.DataFrame:
    """Laney's p' chart of shares: limits that widen by how much neighbouring periods really differ.

    The limits are learnt from the periods of ``baseline`` (positions or a mask; all of them unless given) and hold for
    all. ``sigma_z`` is that spread in standard deviations of a coin, from moving ranges. A period without rows has no
    limits, and a baseline without any change gives none. Source: Laney 2002, Quality Engineering 14:531-537; Mohammed
    et al. 2013, BMJ Quality & Safety 22:362-368.

    >>> laney_limits([90, 80, 95, 85], [100, 100, 100, 100])[["centre", "sigma_z"]].iloc[0].round(3).tolist()
    [0.875, 3.127]
    """
    return _shares(count, n, baseline, by_range=True)


@validated
def p_limits(count: Any, n: Any, *, baseline: Any = None) -> pd.DataFrame:
    """The plain p chart of shares: limits as wide as chance alone makes them.

    With thousands of rows a period almost every period falls outside: see ``laney_limits``. Source: Shewhart 1931.

    >>> p_limits([90, 80, 95, 85], [100, 100, 100, 100])[["low", "high"]].iloc[0].round(3).tolist()
    [0.776, 0.974]
    """
    return _shares(count, n, baseline, by_range=False)


@validated
def individuals_limits(values: Any, *, baseline: Any = None) -> pd.DataFrame:
    """The individuals (XmR) chart: limits three standard deviations away, told from the moving ranges.

    ``mr_bar`` is the mean distance of neighbouring periods. The standard deviation of all points would take a shift for
    noise. Source: NIST/SEMATECH e-Handbook, section 6.3.2.2.

    >>> chart = individuals_limits([49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1])
    >>> chart[["low", "high"]].iloc[0].round(4).tolist()
    [45.8159, 55.8041]
    """
    value = np.asarray(values, float)
    known = value[_chosen(baseline, len(value)) & np.isfinite(value)]
    centre = known.mean() if len(known) else np.nan
    mr_bar = _moving_range(known)
    half = np.full(len(value), SIGMAS * mr_bar / D2)
    return _chart(value, centre, centre - half, centre + half).assign(mr_bar=mr_bar)


def _shares(count: Any, n: Any, baseline: Any, *, by_range: bool) -> pd.DataFrame:
    count, n = np.asarray(count, float), np.asarray(n, float)
    learnt = _chosen(baseline, len(n)) & (n > 0)
    with np.errstate(invalid="ignore", divide="ignore"):
        centre = count[learnt].sum() / n[learnt].sum()
        value, coin = count / n, np.sqrt(centre * (1 - centre) / n)
        sigma_z = _moving_range(((value - centre) / coin)[learnt]) / D2 if by_range else 1.0
        half = SIGMAS * coin * sigma_z
    half = np.where((n > 0) & (half > 0), half, np.nan)
    return _chart(value, centre, np.maximum(centre - half, 0), np.minimum(centre + half, 1)).assign(sigma_z=sigma_z)


def _chart(value: Any, centre: float, low: Any, high: Any) -> pd.DataFrame:
    outside = (value < low) | (value > high)
    return pd.DataFrame({"value": value, "centre": centre, "low": low, "high": high, "outside": outside})


def _chosen(baseline: Any, size: int) -> Any:
    if baseline is None:
        return np.ones(size, bool)
    chosen = np.zeros(size, bool)
    places = np.asarray(baseline)
    if places.dtype == bool and len(places) != size:
        raise CareError(f"a baseline given as a mask needs a flag for each of the {size} periods, not {len(places)}")
    chosen[places] = True
    return chosen


def _moving_range(values: Any) -> float:
    return float(np.abs(np.diff(values)).mean()) if len(values) > 1 else np.nan
