"""How long customers stay and cases stay open, when not all of them have ended yet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import special

from carestudy.contract import CareError
from carestudy.measure.front import validated
from carestudy.measure.intervals import Limits, wilson, z_value
from carestudy.measure.options import Level
from carestudy.rendering import Rendered

CLOSE = 1e-9  # the curve is a product of fractions: at a half it is a half but for the last digits


@validated
def kaplan_meier(
    duration: Any, ended: Any, *, entry: Any = None, weight: Any = None, level: Level = 0.95
) -> pd.DataFrame:
    """Share still here after each duration at which somebody left, counting those who have not left yet as at risk.

    ``entry`` is the duration at which somebody came under observation (at risk only beyond it), ``weight`` how many
    are alike. Gives duration, at_risk, ended, value, its standard error (Greenwood), and its log-log interval, which
    does not exist where nobody is left. Source: Kaplan & Meier 1958, JASA 53:457-481; Greenwood 1926; the interval is
    that of R's survfit with conf.type="log-log".

    >>> kaplan_meier([1, 2, 2, 3], [True, True, False, False])["value"].round(2).tolist()
    [0.75, 0.5]
    """
    length, ends, since, alike = _cases(duration, ended, entry, weight)
    entered = np.isfinite(since)
    return curve(
        (length[ends], alike[ends]), (length[~ends], alike[~ends]), (since[entered], alike[entered]), level=level
    )


def curve(ended: Any, still: Any, entered: Any, *, level: float = 0.95, error: float = 1.0) -> pd.DataFrame:
    """The same from counts: pairs of durations and how many ended at each, were last seen at it, and entered at it.

    ``error`` is by how much the standard error grows, as when cases of one customer resemble each other.

    >>> curve(([1, 2], [1, 1]), ([2, 3], [1, 1]), ([], []))["at_risk"].tolist()
    [4.0, 3.0]
    """
    lengths, counts = _pair(ended)
    lengths, counts = lengths[counts > 0], counts[counts > 0]
    times = np.unique(lengths)
    left = np.zeros(len(times))
    np.add.at(left, np.searchsorted(times, lengths), counts)
    at_risk = at_least(times, ended, still, entered)
    value = np.cumprod(1 - np.divide(left, at_risk, out=np.ones(len(times)), where=at_risk > 0))
    with np.errstate(divide="ignore", invalid="ignore"):
        greenwood = error * np.sqrt(np.cumsum(left / (at_risk * (at_risk - left))))
        spread = np.exp(z_value(level) * greenwood / np.abs(np.log(value)))
        low, high = value**spread, value ** (1 / spread)
        columns = {"value": value, "error": value * greenwood, "low": low, "high": high}
    return pd.DataFrame({"duration": times, "at_risk": at_risk, "ended": left} | columns)


def at_least(times: Any, ended: Any, still: Any, entered: Any) -> Any:
    """How many are at risk at each time: have lasted as long, and came under observation before."""
    times = np.asarray(times, float)
    return _reaching(ended, times) + _reaching(still, times) - _reaching(entered, times)


@validated
def quantile(survival: pd.DataFrame, at: float = 0.5) -> tuple[float, float, float]:
    """The duration by which this share has ended, with its interval: where the curve and its band fall that low.

    A duration that the curve does not reach is NaN, an upper limit that the band does not reach is infinite. Where the
    curve lies exactly on the level, it is the middle of that stretch, so that without open cases the median is the
    ordinary one. Source: Brookmeyer & Crowley 1982, Biometrics 38:29-41, on the log-log band;
    ties as R's quantile.survfit.

    >>> quantile(kaplan_meier([1, 2, 3, 4, 9], [True, True, True, True, False]))[0]
    3.0
    """
    if not 0 < at < 1:
        raise CareError(f"at={at} is no quantile: give a share between 0 and 1, such as 0.5 or 0.9")
    times, reached = survival["duration"].to_numpy(float), 1 - at
    value, low, high = (_crossing(times, survival[name].to_numpy(float), reached) for name in ("value", "low", "high"))
    return value, low, float("inf") if np.isnan(high) else high


@validated
def share_after(survival: pd.DataFrame, duration: float, at_risk: float, level: Level = 0.95) -> tuple[float, Limits]:
    """The share that lasts at least so long, with its interval; ``at_risk`` have been seen to do so.

    The log-log band does not exist where nobody or everybody has left: there it is Wilson's interval, on those who
    were followed to the end or so long.

    >>> value, limits = share_after(kaplan_meier([1, 2, 2, 3], [True, True, False, False]), 2, at_risk=3)
    >>> round(value, 2), round(float(limits[0]), 2)
    (0.75, 0.13)
    """
    before = survival[survival["duration"] < duration]
    last = before.iloc[-1] if len(before) else None
    value = 1.0 if last is None else float(last["value"])
    if last is not None and CLOSE < value < 1 - CLOSE:
        return value, (float(last["low"]), float(last["high"]))
    followed = float(before["ended"].sum()) + at_risk
    return value, wilson(round(value) * followed, followed, level)


@dataclass(frozen=True)
class LogRank(Rendered):
    """Whether groups end alike: chi-square with its degrees of freedom and p, and the events expected if they do."""

    chi_square: float
    freedom: int
    p: float
    groups: pd.DataFrame


@validated
def log_rank(duration: Any, ended: Any, group: Any, *, entry: Any = None, weight: Any = None) -> LogRank:
    """Test of whether several groups have the same curve: at each duration, who ended against who was at risk.

    ``groups`` has a row a group: n, ended, and the number expected to end if all were alike. Sensitive to one group
    always ending sooner; curves that cross can hide from it. Source: Mantel 1966; Peto & Peto 1972.

    >>> log_rank([1, 2, 3, 8, 9, 9], [1, 1, 1, 1, 1, 0], list("aaabbb")).groups["expected"].round(2).tolist()
    [1.15, 3.85]
    """
    length, ends, since, alike = _cases(duration, ended, entry, weight)
    labels = pd.Series(np.asarray(group, object))
    codes, names = pd.factorize(labels, sort=True, use_na_sentinel=False)
    if len(names) < 2:
        raise CareError("a log-rank test compares two groups or more")
    times, places = np.unique(length[ends]), range(len(names))
    at_risk = np.array([_at_risk(times, length, since, alike, codes == number) for number in places])
    left = np.array([_left(times, length, ends, alike, codes == number) for number in places])
    total_at_risk, out = at_risk.sum(axis=0), left.sum(axis=0)
    share = at_risk / total_at_risk
    expected = (share * out).sum(axis=1)
    ties = np.divide(out * (total_at_risk - out), total_at_risk - 1, out=np.zeros(len(times)), where=total_at_risk > 1)
    spread = np.diag((share * ties).sum(axis=1)) - (share * ties) @ share.T
    apart = left.sum(axis=1) - expected
    # One group follows from the others: without it the matrix can be inverted.
    chi_square = float(apart[:-1] @ np.linalg.pinv(spread[:-1, :-1]) @ apart[:-1])
    n = np.bincount(codes, alike, len(names))
    table = pd.DataFrame({"group": names, "n": n, "ended": left.sum(axis=1), "expected": expected})
    freedom = len(names) - 1
    return LogRank(chi_square, freedom, float(special.chdtrc(freedom, chi_square)), table)


def _cases(duration: Any, ended: Any, entry: Any, weight: Any) -> tuple[Any, Any, Any, Any]:
    """Durations, ends, entries and weights; who was gone before coming under observation was never seen."""
    length, ends = np.asarray(duration, float), np.asarray(ended, bool)
    since = np.full(len(length), -np.inf) if entry is None else np.asarray(entry, float)
    alike = np.ones(len(length)) if weight is None else np.asarray(weight, float)
    if np.isnan(length).any():
        raise CareError("a duration is missing: what has not ended has lasted up to the day the data are known to")
    # A place for each case, so that a group's mask still fits: the unseen weigh nothing.
    return length, ends, np.minimum(since, length), np.where(since < length, alike, 0.0)


def _at_risk(times: Any, length: Any, since: Any, alike: Any, in_group: Any) -> Any:
    entered = in_group & np.isfinite(since)
    return _reaching((length[in_group], alike[in_group]), times) - _reaching((since[entered], alike[entered]), times)


def _left(times: Any, length: Any, ends: Any, alike: Any, in_group: Any) -> Any:
    chosen = in_group & ends
    return np.bincount(np.searchsorted(times, length[chosen]), alike[chosen], len(times))


def _reaching(counted: Any, times: Any) -> Any:
    """How many of the counted reach each of the times."""
    lengths, counts = _pair(counted)
    order = np.argsort(lengths, kind="stable")
    before = np.concatenate([[0.0], np.cumsum(counts[order])])
    return before[-1] - before[np.searchsorted(lengths[order], times)]


def _pair(counted: Any) -> tuple[Any, Any]:
    return np.asarray(counted[0], float), np.asarray(counted[1], float)


def _crossing(times: Any, falling: Any, level: float) -> float:
    """Where a falling step function first reaches a level."""
    below = np.flatnonzero(falling <= level + CLOSE)
    if not len(below):
        return float("nan")
    first = below[0]
    if abs(falling[first] - level) <= CLOSE and first + 1 < len(times):
        return float((times[first] + times[first + 1]) / 2)
    return float(times[first])
