"""When in their life customers leave, and for which reason: reasons compete, for each customer leaves but once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from carestudy.care import Care
from carestudy.churn.given import first, kind_of
from carestudy.contract import CareError
from carestudy.kpi import tenure
from carestudy.measure import stock
from carestudy.measure.front import reads, validated
from carestudy.measure.intervals import z_value
from carestudy.measure.lasted import begins, by_group
from carestudy.measure.lasting import ENDED, ENTERED, STILL, tally
from carestudy.measure.limits import FEWEST
from carestudy.measure.options import Level
from carestudy.measure.premises import LEAVING_DATED, LOSS_SHOWS, demand
from carestudy.measure.rows import BUCKET
from carestudy.measure.survival import at_least

YEAR = 365
ROUNDING = 1e-9
TOLD = ("duration", "at_risk", "ended", "value", "error", "low", "high")
Counted = tuple[Any, Any]  # durations, and how many cases at each


@validated
def cumulative_incidence(
    durations: ArrayLike, events: ArrayLike, *, entry: ArrayLike | None = None, times: Any = None, level: Level = 0.95
) -> pd.DataFrame:
    """Share that has ended for each reason by each time, the reasons competing and those still open counted at risk.

    ``events`` has 0 or None where a case is still open and otherwise the reason it ended for; ``entry`` is the duration
    at which it came under observation. Gives event, duration, at_risk, ended (for this reason so far), value, error,
    low and high, for each reason at ``times``, or at all durations at which a case ended. The values of all reasons
    and the share still open add up to 1, which one minus Kaplan-Meier per reason does not: that pretends that who
    left for another reason would have stayed at risk. Limits on the log-log scale. Source: Aalen & Johansen 1978,
    Scand J Stat 5:141-150, with delayed entry; the error is that of the linearised estimate (R's survfit agrees).

    >>> cumulative_incidence([1, 2, 3, 4], ["price", "moved", 0, 0], times=[2])[["event", "value"]]
       event  value
    0  moved   0.25
    1  price   0.25
    """
    length, reason = np.asarray(durations, float), pd.Series(np.asarray(events, object))
    since = np.full(len(length), -np.inf) if entry is None else np.asarray(entry, float)
    seen, ended = since < length, (reason.notna() & (reason != 0)).to_numpy()
    late = seen & np.isfinite(since)
    ones = np.ones(len(length))
    names = sorted(reason[ended & seen].unique(), key=str)
    chosen = {name: seen & ended & (reason == name).to_numpy() for name in names}
    return from_counts(
        {name: (length[of_reason], ones[of_reason]) for name, of_reason in chosen.items()},
        (length[seen & ~ended], ones[seen & ~ended]), (since[late], ones[late]), times=times, level=level,
    )  # fmt: skip


def from_counts(
    ended: Mapping[Any, Counted],
    still: Counted,
    entered: Counted,
    *,
    times: ArrayLike | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """The same from counts: durations with how many ended at each, for each reason; were last seen; and entered."""
    everybody = _together(ended.values())
    at = np.unique(everybody[0])
    requested = at if times is None else np.asarray(times, float)
    at_risk = at_least(at, everybody, still, entered)
    leaving = np.divide(_at(everybody, at), at_risk, out=np.zeros(len(at)), where=at_risk > 0)
    staying = np.concatenate([[1.0], np.cumprod(1 - leaving)])[:-1]
    position = np.searchsorted(at, requested, side="right")
    risk_then, frames = at_least(requested, everybody, still, entered), []
    for name, sides in ended.items():
        count = _at(sides, at)
        hazard = np.divide(count, at_risk, out=np.zeros(len(at)), where=at_risk > 0)
        curve = np.concatenate([[0.0], np.cumsum(staying * hazard)])[position]
        error = np.sqrt(np.concatenate([[0.0], _variance(staying, hazard, leaving, at_risk)])[position])
        low, high = _limits(curve, error, level)
        columns = {
            "duration": requested,
            "at_risk": risk_then,
            "ended": np.concatenate([[0.0], np.cumsum(count)])[position],
        }
        events = pd.Series([name] * len(requested), dtype=object)
        frames.append(
            pd.DataFrame({"event": events, **columns, "value": curve, "error": error, "low": low, "high": high})
        )
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=["event", *TOLD])


@reads("customers")
def incidence(
    care: Care, *, by: str = "leave_reason", period: str | None = None, times: Sequence[float] | None = None,
    level: Level = 0.95,
) -> pd.DataFrame:  # fmt: skip
    """Share of customers who have left for each reason by each age, among all who ever joined.

    ``by`` is "leave_reason" or "kind" (voluntary or not, by ``involuntary`` of care.toml). Of several reasons of a
    leaver the first counts; leavers without one are a reason of their own (None). Columns: reason, duration (days since
    joining), at_risk, ended, value, error, low, high; rows at the end of each month of a customer's life while ten or
    more are at risk, or at ``times``. As known at the end of the period. Where the data tell of leavers only from some
    day on, customers count from that day, and the shares are of those who had lasted until ten were at risk.
    """
    if by not in ("leave_reason", "kind"):
        raise CareError(f"by='{by}' is not known: choose leave_reason or kind")
    if stock.has_contracts(care):
        care.table("customers", "leave_reason")
    demand(care, LOSS_SHOWS)
    demand(care, LEAVING_DATED)
    counted = tally(care, tenure, ["leave_reason"], tenure.periods(care, period, None, None))
    counted["leave_reason"] = _named(care, counted["leave_reason"], by)
    everybody = list(by_group(counted.assign(leave_reason="", **{BUCKET: ""}), ["leave_reason", BUCKET]))
    if not everybody:
        return pd.DataFrame(columns=["reason", *TOLD])
    sides = everybody[0][1]
    begun = begins(sides) if len(sides[ENTERED][0]) else 0.0
    ended, before = {}, [sides[STILL]]
    for (name, _), of_reason in by_group(counted.assign(**{BUCKET: ""}), ["leave_reason", BUCKET]):
        lengths, cases = of_reason[ENDED]
        if len(lengths):
            ended[name] = (lengths[lengths >= begun], cases[lengths >= begun])
        # Who left before the curves begin is only no longer there.
        before.append((lengths[lengths < begun], cases[lengths < begun]))
    at = _months(begun, sides) if times is None else times
    return from_counts(ended, _together(before), sides[ENTERED], times=at, level=level).rename(
        columns={"event": "reason"}
    )


def _named(care: Care, reasons: pd.Series[Any], by: str) -> pd.Series[Any]:
    texts = [text if isinstance(text, str) else None for text in reasons]
    reason_names = [first(text) for text in texts]
    if by == "kind":
        reason_names = [kind_of(text, care.settings.involuntary) for text in texts]
    return pd.Series(reason_names, reasons.index, dtype=object)


def _months(begun: float, sides: Any) -> Any:
    """The ends of months of a customer's life while enough customers are followed."""
    lengths = np.concatenate([sides[side][0] for side in (ENDED, STILL)])
    cases = np.concatenate([sides[side][1] for side in (ENDED, STILL)])
    order = np.argsort(-lengths, kind="stable")
    enough = np.flatnonzero(np.cumsum(cases[order]) >= FEWEST)
    longest = lengths[order][enough[0]] if len(enough) else lengths.max(initial=0)
    ends = np.round(np.arange(int(longest * 12 / YEAR) + 1) * YEAR / 12)
    return ends[(ends >= begun) & (ends <= longest)]


def _together(counted: Iterable[Counted]) -> Counted:
    listed = [*counted]
    durations, cases = (
        np.concatenate([np.zeros(0), *(counted_of_group[side] for counted_of_group in listed)]) for side in (0, 1)
    )
    return durations, cases


def _at(counted: Counted, times: NDArray[Any]) -> NDArray[Any]:
    return np.bincount(np.searchsorted(times, counted[0]), counted[1], len(times)) if len(times) else np.zeros(0)


def _variance(staying: Any, hazard: Any, leaving: Any, at_risk: NDArray[Any]) -> NDArray[Any]:
    """The variance of the incidence at each duration: chance at every one before moves it, and all that follows.

    At each duration the counts are multinomial. One more leaver of this reason adds ``staying`` and takes away what the
    curve would have gained later; one of any other reason only takes away. The sum is a square of the later gain
    F(t) - F(s), so running sums of its coefficients do.
    """
    curve = np.cumsum(staying * hazard)
    risk, stay = np.maximum(at_risk, 1), np.where(leaving < 1, 1 - leaving, 1)
    square, line = leaving / stay / risk, -2 * staying * hazard / risk
    constant = staying**2 * hazard * (1 - hazard) / risk
    sums = [np.cumsum(terms) for terms in (square, square * curve, square * curve**2 + constant - line * curve, line)]
    result: NDArray[Any] = np.maximum(curve**2 * sums[0] - 2 * curve * sums[1] + sums[2] + curve * sums[3], 0)
    return result


def _limits(value: NDArray[Any], error: Any, level: float) -> tuple[Any, Any]:
    # Sums of floating-point numbers may miss 1 by a rounding error; such a value is 1.
    inside = (value > ROUNDING) & (value < 1 - ROUNDING)
    within = np.where(inside, value, 0.5)
    spread = np.exp(z_value(level) * error / (within * np.abs(np.log(within))))
    return np.where(inside, within**spread, value), np.where(inside, within ** (1 / spread), value)
