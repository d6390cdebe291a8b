"""Is a figure changing? Control limits, a test for a trend, changes of level, and one verdict with its caveats."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import pandas as pd

from carestudy.care import Care
from carestudy.contract import CareError, Missing, Refused
from carestudy.measure import kept
from carestudy.measure.control import individuals_limits, laney_limits, p_limits
from carestudy.measure.front import of_figure
from carestudy.measure.kpi import Kpi
from carestudy.measure.options import Count
from carestudy.measure.premises import LOSS_SHOWS, NOTE, comparable
from carestudy.measure.seasonal_levels import seasonal_levels
from carestudy.measure.series_fit import Effect, Fit, effect, fitted, worth
from carestudy.measure.silence import by_last_purchase
from carestudy.measure.steps import ChangePoint, change_point, change_points
from carestudy.measure.stock import has_contracts
from carestudy.measure.trend import LogisticTrend, ProportionTrend, cochran_armitage, quasi_binomial_trend
from carestudy.periods import Period
from carestudy.rendering import Rendered

__all__ = [
    "ChangePoint", "LevelChange", "LogisticTrend", "ProportionTrend", "Trend", "change_point", "change_points",
    "cochran_armitage", "individuals_limits", "laney_limits", "p_limits", "quasi_binomial_trend", "trend",
]  # fmt: skip

Verdict = Literal["better", "worse", "cannot tell"]
A_YEAR = {"week": 365.25 / 7, "month": 12.0, "quarter": 4.0, "year": 1.0}
EFFECTS = {"odds": "odds in a year times", "ratio": "in a year times", "difference": "added in a year:"}
FEWEST = 8  # periods; below it no trend is told from chance
LEVEL = 0.95
# What a reader has to know before acting on the verdict; the report translates these sentences.
CAVEATS = {
    "short": "There are fewer than {fewest} complete periods: too few for a trend.",
    "season": "The series is shorter than two years, so a season can look like a trend.",
    "alike": "Neighbouring periods are correlated beyond the trend ({correlation}), so chance can look like a "
    "trend: read the verdict with care.",
    "dependence": "If neighbouring periods are strongly correlated, this test reports a false trend in about 20 "
    "of 100 cases instead of 5; a series this short cannot rule that out.",
    "against": "The test and the last change of level have opposite directions.",
    "unfinished": "The last period is not over: it is shown, but excluded from the limits and tests.",
    "constant": "The figure is the same in all periods, so there is nothing to test.",
    "unseen": "Periods for which the figure cannot be computed are excluded: nobody can count as lost in them "
    "yet, or the data cover them only in part.",
    "lag": "Customers count as lost only after {days} days without a purchase, so the figure drifts while their "
    "number grows or shrinks: counted by the last purchase it shows no clear change.",
}


@dataclass(frozen=True)
class LevelChange(Rendered):
    """The first period of a new level, and the levels before and after."""

    period: str
    before: float
    after: float


@dataclass(frozen=True, eq=False)
class Trend(Rendered):
    """Whether a share is changing: one verdict, what it rests on, and the series with its control limits.

    ``frame`` has a row for each period: the figure with its interval and counts, the control limits ``limit_low`` and
    ``limit_high`` around ``centre``, ``outside`` of them or not, what the trend expects (``fitted``), the ``level`` of
    its segment, and whether it was ``used``. ``odds_ratio`` is by how much the odds are multiplied in a year; of
    figures that are no shares, by how much the figure is (``effect`` is "ratio") or what is added ("difference").
    """

    kpi: str
    every: str
    better: str | None
    verdict: Verdict | None
    odds_ratio: float
    low: float
    high: float
    p: float
    first: float
    last: float
    dispersion: float
    autocorrelation: float
    seasonal: bool
    baseline: tuple[str, str]
    changes: tuple[LevelChange, ...]
    caveats: tuple[str, ...]
    frame: pd.DataFrame
    days: int | None = None  # after which a silent customer is lost
    effect: Effect = "odds"

    @property
    def outside(self) -> tuple[str, ...]:
        """The periods outside the control limits."""
        return tuple(self.frame.loc[self.frame["outside"], "period"])

    @property
    def warnings(self) -> list[str]:
        """The caveats as sentences."""
        fields = {"fewest": FEWEST, "correlation": f"{self.autocorrelation:.2f}", "days": self.days}
        return [CAVEATS[name].format(**fields) for name in self.caveats]

    def to_json(self) -> str:
        """The trend as text; ``from_json`` gives an equal one."""
        return kept.to_json(self)

    @staticmethod
    def from_json(text: str) -> Trend:
        """The trend that ``to_json`` wrote."""
        return kept.from_json(Trend, text)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Trend) and self.to_json() == other.to_json()

    def __hash__(self) -> int:
        return hash(self.to_json())

    def __repr__(self) -> str:
        used = self.frame.loc[self.frame["used"], "period"]
        span = f"{used.iloc[0]} to {used.iloc[-1]}, {len(used)} {self.every}s" if len(used) else "no periods"
        lines = [f"{self.kpi}, {span}: {self.verdict or 'no direction is better'}"]
        lines.append(f"  trend: {self.first:.4f} to {self.last:.4f}")
        lines.append(
            f"  {EFFECTS[self.effect]} {self.odds_ratio:.3f} ({self.low:.3f} to {self.high:.3f}), p = {self.p:.4f}"
        )
        lines.append(f"  dispersion {self.dispersion:.2f}, autocorrelation {self.autocorrelation:.2f}")
        lines.append(f"  control limits from {self.baseline[0]} to {self.baseline[1]}; outside: {self._listed()}")
        lines += [
            f"  new level from {change.period}: {change.before:.4f} to {change.after:.4f}" for change in self.changes
        ]
        return "\n".join([*lines, *(f"  {warning}" for warning in self.warnings), self.frame.to_string(index=False)])

    def _listed(self) -> str:
        return ", ".join(self.outside) or "none"


@of_figure
def trend(
    kpi: Kpi,
    care: Care,
    *,
    every: str = "month",
    last: Count = 24,
    period: str | None = None,
    baseline: int | str | None = None,
) -> Trend:
    """Whether a figure has been changing over the last periods: better, worse, or cannot tell.

    For figures that stand alone in every period, such as ``kpi.retention_rate`` or ``kpi.nps``; ``last`` periods up to
    ``period`` or to the last whole one. The verdict is that of a quasi-binomial logistic trend at 5 %, or of a weighted
    straight one for figures that are no shares (of amounts, counts and durations on the log scale), with yearly seasons
    from 24 months on, and "cannot tell" below 8 whole periods or where the last change of level points the other way.
    Limits (Laney's p', XmR for figures that are no shares) come from a frozen ``baseline``: the first half of the
    periods, the first so many, or a span such as "2025-01..2025-12". A period that is not over is shown and not used;
    one in which a premise of the figure fails (nobody can be lost yet, the data cover a part of it) is not used either.
    Where silence makes customers lost, a
    verdict holds only if the share that stays after a purchase changes the same way: a base that grows moves the other
    one. In simulations of 24 months without a trend the test errs 5 times in 100, and 20 times where neighbouring
    months correlate by 0.6: ``caveats`` say so.
    """
    asked = kpi.of()
    _refuse_what_is_no_series_of_shares(asked, every)
    known: Care = asked.care(care)
    try:
        frame = asked(known, every=every, last=last, period=period)
    except Missing as problem:
        raise problem.for_figure(kpi.name) from None
    periods = [Period.parse(text) for text in frame["period"]]
    reasons = [comparable(known, asked, one) for one in periods]
    alike = np.array([reason is None for reason in reasons], bool)
    seen = alike & frame["value"].notna().to_numpy()
    if (told := [reason for reason in reasons if reason]) and not seen.any():
        raise Refused(told[-1], asked.tables[0], asked_by=asked.name)
    over = np.array([one.end <= known.known_until.date() for one in periods], bool)
    begun = (frame["n"] > 0).to_numpy().cumsum() > 0
    unseen = bool((begun & ~alike).any())
    # Before the first period that counts there is nothing to show.
    frame = frame.assign(used=over & seen)[seen.cumsum() > 0].drop(columns=NOTE, errors="ignore").reset_index(drop=True)
    found = _told(asked, every, frame, baseline)
    return _with_premises(known, asked, found, unseen=unseen)


def _with_premises(care: Care, kpi: Kpi, found: Trend, *, unseen: bool) -> Trend:
    """The trend with what its premises say: periods left out, and no verdict that rests on a growing number alone."""
    caveats = [*found.caveats, *(["unseen"] if unseen else [])]
    silent = LOSS_SHOWS in kpi.premises and not has_contracts(care)
    used = [Period.parse(text) for text in found.frame.loc[found.frame["used"], "period"]]
    if not silent or found.verdict == "cannot tell" or not used:
        return replace(found, caveats=tuple(caveats), days=care.inactive_after if silent else None)
    stayed = by_last_purchase(care, used)
    season = A_YEAR[found.every] if found.seasonal else None
    fit = quasi_binomial_trend(stayed["stayed"].to_numpy(float), stayed["bought"].to_numpy(float), season=season)
    rising = fit.slope > 0 if kpi.better == "higher" else fit.slope < 0
    if fit.p < 1 - LEVEL and rising == (found.odds_ratio > 1):
        return replace(found, caveats=tuple(caveats), days=care.inactive_after)
    without = [caveat for caveat in caveats if caveat != "dependence"]
    return replace(found, verdict="cannot tell", caveats=(*without, "lag"), days=care.inactive_after)


def _refuse_what_is_no_series_of_shares(kpi: Kpi, every: str) -> None:
    if every not in A_YEAR:
        raise CareError(f"every='{every}' is not known: choose one of {', '.join(A_YEAR)}")
    if kpi.is_split or kpi.timeless:
        raise CareError(f"{kpi.name} has no one value in each period, so no trend: try retention_rate or csat")
    if kpi.months and kpi.months > 12 / A_YEAR[every]:
        raise CareError(
            f"{kpi.name} looks back {kpi.months} months, so its {every}s overlap and are no series of their own: "
            "ask for every='year', or for the figure of one period, such as gross_churn_rate"
        )


def _told(kpi: Kpi, every: str, frame: pd.DataFrame, baseline: int | str | None) -> Trend:
    used, learnt = frame["used"].to_numpy(), _baseline(frame, baseline)
    two_years = bool(used.sum() >= 2 * A_YEAR[every])
    seasonal = two_years and every != "year"
    year = A_YEAR[every] if seasonal else None
    fit, chart = fitted(kpi, frame, learnt, year)
    frame = frame.assign(centre=chart["centre"], limit_low=chart["low"], limit_high=chart["high"])
    frame["outside"] = chart["outside"].to_numpy() & used
    season = np.nan_to_num((np.array(fit.fitted) - np.array(fit.level))[used])
    value, weight = frame.loc[used, "value"].to_numpy(float), worth(kpi, frame)[used]
    levels, places = seasonal_levels(value, season, weight, np.flatnonzero(used), year=year)
    names = frame.loc[used, "period"].to_numpy()
    changes = tuple(LevelChange(str(names[place]), before, after) for place, before, after in places)
    frame["fitted"] = fit.fitted
    frame["level"] = pd.Series(levels, frame.index[used], dtype=float).reindex(frame.index)
    verdict, against = _verdict(kpi, fit, changes, int(used.sum()))
    ratio, low, high = fit.effect(A_YEAR[every], LEVEL)
    ends, named = np.array(fit.level)[used], [*frame.loc[learnt, "period"]] or [""]
    return Trend(
        kpi=kpi.id, every=every, better=kpi.better, verdict=verdict, odds_ratio=ratio, low=low, high=high, p=fit.p,
        first=float(ends[0]) if len(ends) else np.nan, last=float(ends[-1]) if len(ends) else np.nan,
        dispersion=fit.dispersion, autocorrelation=fit.autocorrelation, seasonal=seasonal,
        baseline=(named[0], named[-1]), changes=changes,
        caveats=_caveats(frame, fit, verdict, against=against, two_years=two_years), frame=frame,
        effect=effect(kpi, fit),
    )  # fmt: skip


def _baseline(frame: pd.DataFrame, asked: int | str | None) -> Any:
    """The periods that the control limits are learnt from, as a mask."""
    used = frame["used"].to_numpy()
    if isinstance(asked, str):
        span = Period.parse(asked)
        starts = [Period.parse(text).start for text in frame["period"]]
        within = used & np.array([span.start <= start < span.end for start in starts], bool)
        if within.sum() < 2:
            raise CareError(f"baseline='{asked}' holds fewer than two of the periods shown; they are {_span(frame)}")
        return within
    size = max(used.sum() // 2, min(used.sum(), FEWEST)) if asked is None else asked
    if asked is not None and not 2 <= asked <= used.sum():
        raise CareError(f"baseline={asked} is not known: ask for 2 to {used.sum()} of the whole periods shown")
    return used & (used.cumsum() <= size)


def _span(frame: pd.DataFrame) -> str:
    return f"{frame['period'].iloc[0]} to {frame['period'].iloc[-1]}" if len(frame) else "none"


def _verdict(kpi: Kpi, fit: Fit, changes: tuple[LevelChange, ...], periods: int) -> tuple[Verdict | None, bool]:
    """Better, worse or cannot tell; and whether the last change of level contradicts the test."""
    if periods < FEWEST or not fit.p < 1 - LEVEL:
        return "cannot tell", False
    rising = fit.slope > 0
    if changes and (changes[-1].after > changes[-1].before) != rising:
        return "cannot tell", True
    if kpi.better is None:
        return None, False
    return "better" if rising == (kpi.better == "higher") else "worse", False


def _caveats(frame: pd.DataFrame, fit: Fit, verdict: str | None, *, against: bool, two_years: bool) -> tuple[str, ...]:
    periods = int(frame["used"].sum())
    enough = periods >= FEWEST
    alike = enough and fit.autocorrelation > 2 / np.sqrt(periods)
    holds = {
        "against": against,
        "constant": enough and not np.isfinite(fit.p),
        "short": not enough,
        "season": not two_years,
        "alike": alike,
        "dependence": verdict != "cannot tell" and not alike,
        "unfinished": len(frame) > 0 and bool(frame["n"].iloc[-1] > 0) and not frame["used"].iloc[-1],
    }
    return tuple(name for name, true in holds.items() if true)
