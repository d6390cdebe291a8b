"""Why did a figure change: because its segments changed, or because there are more of one and fewer of another?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from carestudy.care import Care
from carestudy.contract import CareError, Missing
from carestudy.measure import intervals, kept, kitagawa
from carestudy.measure.figures import sums
from carestudy.measure.front import of_figure
from carestudy.measure.kind import Compared
from carestudy.measure.kpi import Kpi, known_period
from carestudy.measure.limits import FEWEST
from carestudy.measure.options import Level
from carestudy.measure.segment_cells import Cells, cells
from carestudy.periods import Period
from carestudy.rendering import Rendered

POOLED = "(other)"
POOLED_BELOW = 30
PARTS = ("change", "mix", "rate")
CAVEATS = {
    "pooled": "Segments with fewer than {fewest} cases in either period are put together.",
    "new": "A segment that was empty in one period has no rate there: all that it did counts as mix.",
    "unfinished": "The period is not over, so the change cannot be judged.",
    "days": "The periods differ in their number of days: a verdict is one that also holds at equal days.",
    "few": "Fewer than {few} customers stand behind one of the periods: the change cannot be judged.",
    "not a cause": "The split says where a change sits, not what caused it.",
}


@dataclass(frozen=True, eq=False)
class Why(Rendered):
    """The change of a figure between two periods, split over segments into the effects of mix and of rates.

    ``frame`` has a row for each segment: its share of the denominator, its rate (the figure itself) and its n, before
    and now, and its ``mix`` and ``rate`` effects with their limits. A segment's mix effect is measured against the mean
    of the two wholes: more of what is worse than the whole pulls down. ``segments`` tells how many are put together in
    a row. ``total`` has the change and the two effects that add up to it, each with its limits and verdict.
    """

    kpi: str
    by: str
    period: str
    against: str
    unit: str
    better: str | None
    before: float
    now: float
    simpson: bool
    pooled: tuple[str, ...]
    caveats: tuple[str, ...]
    frame: pd.DataFrame
    total: pd.DataFrame

    @property
    def warnings(self) -> list[str]:
        """The caveats as sentences."""
        return [CAVEATS[name].format(fewest=POOLED_BELOW, few=FEWEST) for name in self.caveats]

    def to_json(self) -> str:
        """The split as text; ``from_json`` gives an equal one."""
        return kept.to_json(self)

    @staticmethod
    def from_json(text: str) -> Why:
        """The split that ``to_json`` wrote."""
        return kept.from_json(Why, text)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Why) and self.to_json() == other.to_json()

    def __hash__(self) -> int:
        return hash(self.to_json())

    def __repr__(self) -> str:
        lines = [f"{self.kpi} by {self.by}, {self.against} to {self.period}: {self.before:.6g} to {self.now:.6g}"]
        for row in self.total.to_dict("records"):
            limits = f"({row['low']:.4g} to {row['high']:.4g})"
            lines.append(f"  {row['part']} {row['value']:+.4g} {limits} {row['verdict'] or ''}".rstrip())
        if self.simpson:
            lines.append("  Simpson's paradox: no segment moved the way the whole did")
        if self.pooled:
            lines.append(f"  {POOLED}: {', '.join(self.pooled)}")
        return "\n".join([*lines, *(f"  {warning}" for warning in self.warnings), self.frame.to_string(index=False)])


@of_figure
def why(kpi: Kpi, care: Care, *, period: str, by: str, against: str | None = None, level: Level = 0.95) -> Why:
    """The change of a figure split over the segments of ``by``: what a changed mix did, and what changed rates did.

    For shares, NPS and means: whatever is a fraction. ``against`` is the period before unless it is "year_ago" or the
    text of another period of the same kind. Mix and rate effects add up to the change exactly (symmetric Kitagawa,
    which is Shapley's split). Limits are those of sums over independent customers, linearised, whichever segments and
    periods a customer stands in; they agree with a bootstrap over customers. Segments with fewer than 30 cases in
    either period are put together, a pool without rows in one of them takes its rate from the other; rows that name no
    segment are a segment. Says where Simpson's paradox holds: no segment moved the way the whole did.
    """
    asked = kpi.of()
    known = care
    asked.refuse_segments(known)
    now = known_period(known, period)
    before = _other(known, now, against)
    try:
        whole = sums(known, [asked], by=[], periods=[before, now], level=level)
        counted = cells(known, asked, by, before, now, fewest=POOLED_BELOW)
    except Missing as problem:
        raise problem.for_figure(kpi.name) from None
    sides = [whole[whole["period"] == one.text] for one in (before, now)]
    _refuse_what_does_not_add_up(asked, by, sides, counted)
    frame, half = _split(known, asked, counted, level)
    pair = Compared(known, sides[1], sides[0], (now, before), level=level)
    changes = asked.change(replace(pair, equal_days=False)), asked.change(pair)
    total = _total(changes[0], frame, half)
    caveats = _caveats(known, asked, now, sides, counted, uneven=bool(changes[0][0][0] != changes[1][0][0]))
    total["verdict"] = _verdicts(asked, total, _at_equal_days(total, changes[1]), caveats)
    there = counted.below.min(axis=0) > 0
    return Why(
        kpi=asked.id, by=by, period=now.text, against=before.text, unit=asked.unit, better=asked.better,
        before=float(sides[0]["value"].iloc[0]), now=float(sides[1]["value"].iloc[0]),
        simpson=kitagawa.simpson(frame["rate_before"][there], frame["rate_now"][there], float(total["value"].iloc[0])),
        pooled=tuple(str(name) for names in counted.segments if len(names) > 1 for name in names),
        caveats=caveats, frame=frame, total=total,
    )  # fmt: skip


def _other(care: Care, now: Period, against: str | None) -> Period:
    """The period that the change is told from."""
    if now.unit is None and against in (None, "year_ago"):
        raise CareError(
            f"'{now.text}' is a span: say against which other span it is compared, such as against='2025-01..2025-06'"
        )
    if against is None:
        return now.before()
    other = now.year_ago() if against == "year_ago" else known_period(care, against)
    if now.unit is None and other.unit is None and (other.end <= now.start or now.end <= other.start):
        return other
    if other.unit != now.unit or other.text == now.text:
        raise CareError(f"{now.text} cannot be compared with {other.text}: name another {now.unit}")
    return other


def _refuse_what_does_not_add_up(kpi: Kpi, by: str, sides: list[pd.DataFrame], counted: Cells) -> None:
    for index, side in enumerate(sides):
        (row,) = side.to_dict("records")
        if not row["denominator"]:
            raise CareError(f"{kpi.id} has nothing to be computed from in {row['period']}, so no change can be split")
        parts = counted.above[index].sum(), counted.below[index].sum()
        if any(abs(part - row[name]) > 0.5 for part, name in zip(parts, ("numerator", "denominator"), strict=True)):
            raise CareError(
                f"{kpi.id} counts a customer once, and some stand in several groups of '{by}', so the groups are no "
                "parts of the whole: choose a dimension of the customers, such as region"
            )


def _split(care: Care, kpi: Kpi, counted: Cells, level: float) -> tuple[pd.DataFrame, Any]:
    """The effects of every segment, and how far the limits of mix and rate in total lie from them."""
    error = kpi.scale(care) * kitagawa.errors(kitagawa.effects_of_sums, counted.above, counted.below, counted.products)
    half = intervals.z_value(level) * np.where(error > 0, error, np.nan)
    if len(counted.segments) == 1:
        half[[1, 3]] = 0.0  # a whole in one piece has no mix that could change
    return _frame(counted, kpi.scale(care), half), half[1:3]


def _total(change: tuple[Any, intervals.Limits], frame: pd.DataFrame, half: Any) -> pd.DataFrame:
    """The change and the two effects that add up to it; the limits of the change are those of the scorecard."""
    effects = np.array([change[0][0], frame["mix"].sum(), frame["rate"].sum()])
    low, high = (np.array([change[1][end][0], *(effects[1:] + sign * half)]) for end, sign in ((0, -1), (1, 1)))
    return pd.DataFrame({"part": PARTS, "value": effects, "low": low, "high": high})


def _at_equal_days(total: pd.DataFrame, change: tuple[Any, intervals.Limits]) -> pd.DataFrame:
    """The limits of the change and its effects at equal days: what the days do is no mix, so the rate has it."""
    (value,), ((low,), (high,)) = change
    days = total["value"].iloc[0] - value
    lows = [low, total["low"].iloc[1], total["low"].iloc[2] - days]
    return pd.DataFrame({"low": lows, "high": [high, total["high"].iloc[1], total["high"].iloc[2] - days]})


def _frame(counted: Cells, unit: float, half: Any) -> pd.DataFrame:
    with np.errstate(invalid="ignore", divide="ignore"):
        rates = counted.above / counted.below
    around = (counted.above.sum(axis=1) / counted.below.sum(axis=1)).sum() / 2
    split = kitagawa.kitagawa(counted.below[0], rates[0], counted.below[1], rates[1], around=around)
    size = len(counted.segments)
    names = [segment[0] if len(segment) == 1 else POOLED for segment in counted.segments]
    frame = pd.DataFrame({"segment": pd.Series(names, dtype=object), "segments": [len(s) for s in counted.segments]})
    frame["n_before"], frame["n_now"] = counted.n.astype("int64")
    frame = frame.join(split[["share_before", "share_now"]])
    frame["rate_before"], frame["rate_now"] = rates * unit
    for index, name in enumerate(("mix", "rate")):
        effect, spread = split[name].to_numpy() * unit, half[3 + index * size : 3 + (index + 1) * size]
        frame[name], frame[f"{name}_low"], frame[f"{name}_high"] = effect, effect - spread, effect + spread
    return frame


def _caveats(
    care: Care, kpi: Kpi, now: Period, sides: list[pd.DataFrame], counted: Cells, *, uneven: bool
) -> tuple[str, ...]:
    over = now.end <= care.known_until.date()
    holds = {
        "unfinished": not over and kpi.grows(care),
        "days": uneven,
        "few": min(int(side["units"].iloc[0]) for side in sides) < FEWEST,
        "pooled": any(len(names) > 1 for names in counted.segments),
        "new": bool((counted.below == 0).any()),
        "not a cause": True,
    }
    return tuple(name for name, true in holds.items() if true)


def _verdicts(kpi: Kpi, total: pd.DataFrame, even: pd.DataFrame, caveats: tuple[str, ...]) -> list[str | None]:
    """The verdicts on a change and its effects, each of which holds for the values as they stand and at equal days."""
    plain, at_equal_days = (
        [_verdict(kpi, low, high, caveats) for low, high in zip(side["low"], side["high"], strict=True)]
        for side in (total, even)
    )
    pairs = zip(plain, at_equal_days, strict=True)
    return [verdict if verdict == verdict_even else "cannot tell" for verdict, verdict_even in pairs]


def _verdict(kpi: Kpi, low: float, high: float, caveats: tuple[str, ...]) -> str | None:
    if {"few", "unfinished"} & set(caveats) or not (low > 0 or high < 0):
        return "cannot tell"
    if kpi.better is None:
        return None
    return "better" if (low > 0) == (kpi.better == "higher") else "worse"
