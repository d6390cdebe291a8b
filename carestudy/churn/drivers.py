"""What goes with leaving: facts known before, each with its difference in shares; no fact is called a cause."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from carestudy.care import Care
from carestudy.churn import facts, window
from carestudy.churn.cox import cox
from carestudy.churn.holdout import Quality, quality
from carestudy.churn.study import FEWEST_LEAVERS, Study, effects, foretelling, study
from carestudy.churn.trees import boosted
from carestudy.measure import stock
from carestudy.measure.front import reads
from carestudy.measure.options import Count, Level
from carestudy.rendering import Rendered

MORE, FEWER, CANNOT_TELL = "more leave", "fewer leave", "cannot tell"
EFFECTS = ("value", "low", "high", "p", "p_adjusted")
HAZARDS = ("hazard_ratio", "hazard_low", "hazard_high", "hazard_p", "proportional_p")
FINE = 12  # windows of age that are compared each by itself
IMPORTANCE = ("fact", "value", "low", "high")


@dataclass(frozen=True)
class Drivers(Rendered):
    """What goes with leaving in some windows of time.

    ``effects`` has a row for each level of each fact: n (customers times windows), left, share, and against the level
    named in ``against``: value (difference of shares in a window), low, high, p, p_adjusted, verdict, hazard ratio.
    ``importance`` tells on which facts the trees rest; ``quality`` how well trees and single facts foretell later
    windows. ``leaving`` is "all", or "voluntary" where the company tells them apart; ``by_silence`` where no contract
    says who left.
    """

    period: str
    every: str
    windows: int
    leaving: str
    by_silence: bool
    customers: int
    n: int
    left: int
    effects: pd.DataFrame = field(compare=False)
    importance: pd.DataFrame = field(compare=False)
    quality: tuple[Quality, ...]

    @property
    def found(self) -> pd.DataFrame:
        """The effects that many looks and chance do not explain, the largest first."""
        sure = self.effects[self.effects["verdict"].isin([MORE, FEWER])]
        return sure.loc[sure["value"].abs().sort_values(ascending=False, kind="stable").index]

    def __repr__(self) -> str:
        lines = [f"What goes with leaving ({self.leaving}), {self.period}, {self.windows} windows"]
        lines.append(f"  {self.left:,} left of {self.n:,} at the start of a window ({self.customers:,} customers)")
        lines += [
            f"  {judged.model} on later windows: AUC {judged.auc:.3f} ({judged.low:.3f} to {judged.high:.3f}), "
            f"{judged.expected:.0f} expected to leave, {judged.left} left"
            for judged in self.quality
        ]
        shown = self.effects.to_string(index=False, float_format="{:.4f}".format)
        return "\n".join([*lines, shown, self.importance.to_string(index=False, float_format="{:.4f}".format)])


@reads("customers")
def drivers(
    care: Care,
    *,
    period: str | None = None,
    columns: Sequence[str] | None = None,
    last: Count = 12,
    level: Level = 0.95,
) -> Drivers:
    """What goes with leaving: by how much more, or fewer, leave in a window of customers of whom something was known.

    The windows are the ``last`` periods up to ``period`` that are over, or the months of a longer span; a customer is
    at risk in each at whose start they are here. Facts stand as on the day before a window: time since joining,
    contacts, complaints and purchases of 90 days, contacts not resolved, the last CSAT and NPS of a year, whether
    there is an owner, and traits of the customer table as they stand today (``columns`` names others). Where silence
    makes a customer lost, purchases are no fact beside it. Differences of shares are average marginal effects of
    a logistic regression (Firth's, errors by customer, each window on its own level). The hazard ratio is of a
    cause-specific Cox regression in discrete time: in each window customers of one age, counted in windows (beyond 12
    of them, in steps), are compared, so that the days of the month on which they join and leave do not matter. Verdicts
    (more leave, fewer leave, cannot tell) are adjusted for all levels looked at by Benjamini and Hochberg. Trees learn
    from the first three quarters of the windows and are judged on the last. Below 20 leavers nothing is fitted. A fact
    that goes with leaving need not cause it.
    """
    with threadpool_limits(1):  # threads wait for each other on small matrices, and add up in another order each time
        return _drivers(care, period, columns, last, level)


def _drivers(care: Care, period: str | None, columns: Sequence[str] | None, last: int, level: float) -> Drivers:
    spans = window.windows(care, period, last)
    known = study(care, spans, columns)
    table = _counted(known)
    enough = known.left.sum() >= FEWEST_LEAVERS and len(known.coded.columns) > 0
    effects_table = (
        table.merge(_fitted(known, level, _length(spans)), on="column", how="left") if enough else _unfitted(table)
    )
    sure = effects_table["p_adjusted"] <= 1 - level
    leave_more = effects_table["value"] > 0
    effects_table["verdict"] = np.select([sure & leave_more, sure & ~leave_more], [MORE, FEWER], CANNOT_TELL).astype(
        object
    )
    judged, importance = _judged(known, level) if enough else ((), pd.DataFrame(columns=list(IMPORTANCE)))
    return Drivers(
        period=f"{spans[0][0]}..{spans[-1][1] - pd.Timedelta(days=1)}", every=window.unit(care, period),
        windows=len(spans), leaving=known.leaving,
        by_silence=not stock.has_contracts(care), customers=known.rows["customer_id"].nunique(), n=len(known.rows),
        left=int(known.left.sum()), effects=effects_table.drop(columns="column"), importance=importance, quality=judged,
    )  # fmt: skip


def _counted(known: Study) -> pd.DataFrame:
    """How many of each level were at risk and left, the reference of each fact with its own row of counts left out."""
    rows = []
    for column, (fact, name) in known.learnt.columns.items():
        has_level = known.coded[column].to_numpy(bool)
        against = known.learnt.against[fact]
        row = {"column": column, "fact": fact, "level": name, "against": against, "n": int(has_level.sum())}
        left = int(known.left[has_level].sum())
        usual = (known.told[fact] == against).to_numpy()
        share = left / has_level.sum() if has_level.any() else np.nan
        rows.append(row | {"left": left, "share": share, "share_against": float(known.left[usual].mean())})
    names = ["column", "fact", "level", "against", "n", "left", "share", "share_against"]
    return pd.DataFrame(rows, columns=names)


def _length(spans: Sequence[window.Window]) -> float:
    """The mean number of days of a window."""
    return sum((end - start).days for start, end in spans) / len(spans)


def _unfitted(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(**dict.fromkeys((*EFFECTS, *HAZARDS), np.nan))


def _fitted(known: Study, level: float, days: float) -> pd.DataFrame:
    share = effects(known, level)[["column", *EFFECTS]]
    columns = [name for name in known.coded.columns if not name.startswith("tenure=")]
    if not columns:
        return share.assign(**dict.fromkeys(HAZARDS, np.nan))
    age = _ages(known.rows["tenure"].to_numpy(float), days)
    lived = {"begun": age, "until": age + 1}
    rows = known.coded[columns].assign(**lived, gone=known.left, window=known.rows["window"])
    # A level of which nobody left has no finite hazard ratio: its share is told, by the regression that can.
    seen = [name for name in columns if known.left[rows[name].to_numpy(bool)].sum() > 0]
    fit = cox(rows, duration="until", event="gone", columns=seen, entry="begun", strata="window", level=level).effects
    fit = fit.rename(columns={"low": "hazard_low", "high": "hazard_high", "p": "hazard_p"})
    return share.merge(fit[["column", *HAZARDS]], on="column", how="left")


def _ages(tenure: Any, days: float) -> Any:
    """The age at the start of a window as a step: each of the first 12 windows, then each quarter and each 12 of them.

    Ages in days would compare customers by the day of the month on which they joined: where contracts end on set days,
    nobody who joined on another day is at risk of leaving then.
    """
    windows = np.floor(tenure / days)
    oldest = int(windows.max(initial=0))
    edges = [*range(1, FINE), *range(FINE, 3 * FINE, FINE // 4), *range(3 * FINE, max(oldest, 3 * FINE) + 1, FINE)]
    return np.searchsorted(edges, windows, side="right").astype(float)


def _judged(known: Study, level: float) -> tuple[tuple[Quality, ...], pd.DataFrame]:
    """Models that have learnt from the earlier windows, judged on the later ones."""
    later = known.later
    early, late = known.some(~later), known.some(later)
    nothing = pd.DataFrame(columns=list(IMPORTANCE))
    if min(early.left.sum(), late.left.sum()) < FEWEST_LEAVERS or late.left.all():
        return (), nothing
    numbers = facts.numbers(early.rows, known.facts), facts.numbers(late.rows, known.facts, like=early.rows)
    risk, importance = boosted(numbers[0], early.left, numbers[1], late.left)
    judged: list[Any] = [quality("trees", risk, late.left, level)]
    single = foretelling(early)
    if single.model is not None:
        judged.append(quality("single facts", single.risk(late.coded), late.left, level))
    return tuple(judged), importance
