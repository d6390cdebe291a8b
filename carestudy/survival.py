"""How long customers stay and cases take: curves, their comparison, and the projection of renewals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from carestudy.care import Care
from carestudy.contract import CareError
from carestudy.kpi import tenure
from carestudy.measure.front import reads
from carestudy.measure.kpi import Kpi
from carestudy.measure.lasted import Sides, by_group, curve_of
from carestudy.measure.lasting import ENDED, ENTERED, STILL, Duration, definition_of, in_days, tally
from carestudy.measure.options import Level
from carestudy.measure.premises import of_horizon, refused
from carestudy.measure.renewal import (
    BetaDiscreteWeibull,
    ShiftedBetaGeometric,
    beta_discrete_weibull,
    shifted_beta_geometric,
)
from carestudy.measure.rows import BUCKET, groups
from carestudy.measure.survival import LogRank, at_least, kaplan_meier, log_rank, quantile, share_after

__all__ = [
    "BetaDiscreteWeibull",
    "LogRank",
    "ShiftedBetaGeometric",
    "beta_discrete_weibull",
    "compare",
    "curve",
    "kaplan_meier",
    "log_rank",
    "quantile",
    "share_after",
    "shifted_beta_geometric",
]

HOUR, DAY = 60, 1440  # in minutes
WITHIN = "within"  # of a frame's attrs: the days in which a silent customer cannot be lost yet
DAY_MARKS = (30, 90, 180, 365, 730, 1095, 1460, 1825)


@reads()
def curve(
    care: Care,
    figure: Kpi = tenure,
    *,
    by: str | Sequence[str] | None = None,
    period: str | None = None,
    level: Level = 0.95,
) -> pd.DataFrame:
    """Share of customers still here, or of cases still open, after each duration at which somebody left.

    ``figure`` is ``kpi.tenure`` (days), ``kpi.resolution_time`` or ``kpi.first_response_time`` (hours, or days where
    the data tell no hours), with its options. Columns: the groups, duration, unit, at_risk, ended, value, error, low,
    high. Each group begins with a row at duration 0 (value 1), or, where customers came under observation late, where
    at least ten are at risk, has rows at round durations, and ends with the longest still open. In the band cases of
    one customer are independent. Where silence makes customers lost, nobody can be lost in the first
    ``inactive_after`` days: ``attrs["within"]`` says so, and the curve tells nothing there.

    >>> cases = pd.DataFrame({"opened_at": ["2026-10-05T08:00"] * 2, "resolved_at": ["2026-10-05T09:00", None]})
    >>> from carestudy import kpi
    >>> curve(cases, kpi.resolution_time)[["duration", "at_risk", "value"]]
       duration  at_risk  value
    0       0.0      2.0    1.0
    1       1.0      2.0    0.5
    2       4.0      1.0    0.5
    3       8.0      1.0    0.5
    4      16.0      1.0    0.5
    """
    wanted, dimensions = _asked(care, figure, groups(by))
    periods = figure.periods(care, period, None, None)
    unit, steps, marks = _scale(care, figure, wanted)
    frames = []
    for key, sides in by_group(tally(care, figure, dimensions, periods), [*dimensions, BUCKET]):
        ends = _with_ends(curve_of(sides, level), sides, marks)
        ends["duration"] = ends["duration"] / steps
        named = dict(zip(dimensions, key, strict=False)) | {"unit": unit}
        for index, (name, value) in enumerate(named.items()):
            ends.insert(index, name, pd.Series([value] * len(ends), index=ends.index, dtype=object))
        frames.append(ends)
    columns = [*dimensions, "duration", "unit", "at_risk", "ended", "value", "error", "low", "high"]
    found = pd.concat(frames, ignore_index=True)[columns] if frames else pd.DataFrame(columns=columns)
    if not isinstance(wanted, Duration) and of_horizon(care, 0):
        found.attrs[WITHIN] = care.inactive_after
    return found


@reads()
def compare(care: Care, figure: Kpi = tenure, *, by: str, period: str | None = None) -> LogRank:
    """Whether the groups of a dimension end alike, by the log-rank test over all durations.

    A nameless group takes part as "". ``groups`` of the answer has n, ended and expected of each.
    """
    _asked(care, figure, [by])
    counted = tally(care, figure, [by], figure.periods(care, period, None, None))
    counted[by] = counted[by].where(counted[by].notna(), "")
    late = counted[counted["what"] == ENTERED]
    lasted = counted[counted["what"] != ENTERED]
    # An entry is known by its count alone: it takes the weight off the risk set up to its own duration.
    long = pd.concat([lasted, late.assign(cases=-late["cases"], what=STILL)], ignore_index=True)
    n = lasted.groupby(by)["cases"].sum()
    found = log_rank(long["duration"], long["what"] == ENDED, long[by], weight=long["cases"].astype(float))
    told = found.groups.assign(n=found.groups["group"].map(n).to_numpy(int))
    return LogRank(found.chi_square, found.freedom, found.p, told)


def _scale(care: Care, figure: Kpi, wanted: Any) -> tuple[str, int, Sequence[int]]:
    """The unit of a curve, how many of the counted steps make one, and the round durations in steps."""
    if not isinstance(wanted, Duration):
        return "days", 1, DAY_MARKS
    if in_days(care, figure.tables[0], wanted):
        return "days", DAY, tuple(DAY * days for days in (1, 2, 3, 7, 14, 30))
    return "hours", HOUR, tuple(HOUR * hours for hours in (1, 4, 8, 24, 48, 168))


def _asked(care: Care, figure: Kpi, by: list[str]) -> tuple[Any, list[str]]:
    if not figure.is_lasting:
        raise CareError(f"{figure.name} is no duration: ask for tenure, resolution_time or first_response_time")
    wanted = definition_of(care, figure, by)
    if problem := refused(care, figure):
        raise problem
    if getattr(wanted, "plain", False):
        raise CareError(f"{figure.name} counts today's customers and has no curve: ask for tenure")
    return wanted, by


def _with_ends(survival: pd.DataFrame, sides: Sides, marks: Sequence[int]) -> pd.DataFrame:
    """The curve with the point where it begins, round durations at which nothing ended, and the longest still open."""
    late = len(sides[ENTERED][0]) > 0 and len(survival) > 0
    begun = float(survival["duration"].min()) if late else 0.0
    longest = float(sides[STILL][0].max()) if len(sides[STILL][0]) else 0.0
    wanted = [*([] if late else [0.0]), *(mark for mark in marks if begun < mark <= longest), longest]
    extra = sorted({float(one) for one in wanted} - set(survival["duration"]))
    extra = [one for one in extra if one >= begun]
    start = pd.DataFrame([{"duration": -1.0, "value": 1.0, "error": 0.0, "low": 1.0, "high": 1.0}])
    at_risk = at_least(extra, sides[ENDED], sides[STILL], sides[ENTERED])
    between = pd.DataFrame({"duration": extra, "at_risk": at_risk, "ended": 0.0})
    whole = pd.concat([one for one in (start, survival, between) if len(one)], ignore_index=True)
    whole = whole.sort_values("duration", kind="stable", ignore_index=True)
    blank = whole["value"].isna()
    told = ["value", "error", "low", "high"]
    # Only what was added is filled: a band that ends where nobody is left stays ended.
    whole.loc[blank, told] = whole[told].ffill()[blank]
    return whole.iloc[1:].reset_index(drop=True).astype(np.float64)


def __dir__() -> list[str]:
    return __all__
