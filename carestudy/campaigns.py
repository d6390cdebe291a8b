"""Did a campaign work? All customers who were drawn for it, against those who were held out by the same draw.

Compared are all who were assigned, whether the campaign reached them or not: whoever was reached differs from others
by more than the campaign. Source: Kohavi, Tang & Xu 2020, Trustworthy Online Controlled Experiments.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from carestudy import engine
from carestudy.care import Care
from carestudy.contract import CareError
from carestudy.kpi import invoiced
from carestudy.measure.front import reads
from carestudy.measure.intervals import newcombe
from carestudy.measure.options import Days, Level
from carestudy.rendering import Rendered
from carestudy.stats.experiments import Split, cuped, sample_ratio, welch
from carestudy.stats.multiple_testing import adjusted
from carestudy.stats.sample_sizes import smallest_difference

ID, TREATED, SPENT_BEFORE, SPENT = "customer_id", "treated", "spent_before", "spent"
FEWEST_EVENTS = 5  # in each arm, for a difference of shares
SHARES = ("bought", "complained", "left")
BETTER = {"bought": 1, SPENT: 1, "complained": -1, "left": -1}


@dataclass(frozen=True)
class Campaign(Rendered):
    """What a campaign changed; its printed form names no customer.

    ``effects`` has a row for each outcome: the share or mean of the treated and of the control group, their difference
    ``value`` with ``low`` and ``high``, ``p`` (Holm's, over all outcomes), the ``smallest`` difference of shares that
    groups of these sizes show four times in five, and the ``verdict``: "better", "worse", "cannot tell" or "too few".
    ``gain`` is the difference in money of all who were assigned, with its interval; the cost is not taken off.
    """

    began: str
    days: int
    as_of: str
    assigned: int
    held_out: int
    split: Split
    gain: float
    gain_low: float
    gain_high: float
    effects: pd.DataFrame = field(repr=False)

    def __repr__(self) -> str:
        head = f"{self.assigned:,} assigned, {self.held_out:,} held out, {self.days} days from {self.began}"
        lines = [
            f"  {row['outcome']}: {row['treated']:.4g} against {row['control']:.4g}, difference {row['value']:.3g} "
            f"({row['low']:.3g} to {row['high']:.3g}): {row['verdict']}"
            for row in self.effects.to_dict("records")
        ]
        return "\n".join([f"{head}; known up to {self.as_of}", *lines])


@reads()
def campaign(
    care: Care,
    drawn: str | Sequence[str],
    control: Sequence[str] | None = None,
    *,
    began: str,
    days: Days = 30,
    planned: float | None = None,
    level: Level = 0.95,
) -> Campaign:
    """What a campaign changed in so many days from the day it began, by its control group.

    ``drawn`` is the file that ``carestudy audience --control`` wrote, beside which the control group lies, or the ids
    of all who were assigned, with those of ``control``. Outcomes are whether a customer bought, complained and left in
    these days, as far as the data tell, and what was spent (all amounts, less what each spent in as many days before:
    CUPED). Differences of shares have Newcombe's interval, of money Welch's; p values are Holm's over the outcomes.
    ``planned`` is the share that was to be held out, where it is known: groups of other sizes than planned are refused.
    CareError without a control group, for a customer in both groups, for days that are not over, and where customers of
    the lists are not in the data.
    """
    start = _day(began)
    end = start + timedelta(days=days)
    if datetime.combine(end, time()) > care.known_until:
        raise CareError(
            f"the {days} days from {start} are not over: the data are known up to {care.known_until:%Y-%m-%d %H:%M}"
        )
    groups = _groups(care, drawn, control)
    treated = groups[TREATED].to_numpy() == 1
    split = _split(treated, planned)
    outcomes = _outcomes(care, groups, start, end)
    rows = [_of_share(name, outcomes[name].to_numpy(float), treated, level) for name in SHARES if name in outcomes]
    rows += [_of_money(outcomes, treated, level)] if SPENT in outcomes else []
    if not rows:
        raise CareError("the data tell neither what customers bought nor whether they complained or left")
    effects = _judged(pd.DataFrame(rows), level)
    money = effects.loc[effects["outcome"] == SPENT, ["value", "low", "high"]].to_numpy(float).ravel() * treated.sum()
    gain, gain_low, gain_high = map(float, money if len(money) else np.full(3, np.nan))
    return Campaign(
        began=str(start), days=days, as_of=str(care.as_of.astimezone(care.zone).date()),
        assigned=int(treated.sum()), held_out=int((~treated).sum()), split=split,
        gain=gain, gain_low=gain_low, gain_high=gain_high, effects=effects,
    )  # fmt: skip


def control_file(drawn: Path) -> Path:
    """The file of those who were held out, beside that of those who were drawn.

    >>> control_file(Path("gifts.csv")).name
    'gifts.control.csv'
    """
    return drawn.with_name(f"{drawn.stem}.control{drawn.suffix}")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CareError(f"began='{text}' is no day: write it as 2026-09-01") from None


def _groups(care: Care, drawn: str | Sequence[str], control: Sequence[str] | None) -> pd.DataFrame:
    """The customers of both groups, each once, with 1 for those who were assigned and 0 for those held out."""
    if isinstance(drawn, str):
        path = Path(drawn)
        drawn, control = _ids(path), _ids(control_file(path))
    if not len(drawn) or control is None or not len(control):
        raise CareError("a campaign is judged by customers who were held out: draw its list with --control 0.1")
    assigned, held_out = set(map(str, drawn)), set(map(str, control))
    if both := len(assigned & held_out):
        raise CareError(f"{both:,} customers are in both groups: these are not the lists that were drawn")
    ids = sorted(assigned) + sorted(held_out)
    groups = pd.DataFrame({ID: ids, TREATED: [1] * len(assigned) + [0] * len(held_out)})
    customers = care.table("customers", ID)
    there = engine.fetch(engine.small_table(groups[[ID]]).semi_join(customers, ID))[ID]
    if unknown := len(groups) - len(there):
        raise CareError(f"{unknown:,} of {len(groups):,} customers of the lists are not in the data")
    return groups


def _ids(path: Path) -> list[str]:
    if not path.is_file():
        raise CareError(f"there is no file {path.name}: give the list that carestudy audience --control wrote")
    as_text: dict[str, Any] = {"dtype": str, "keep_default_na": False}
    is_csv = path.suffix.lower() == ".csv"
    table = pd.read_csv(path, **as_text) if is_csv else pd.read_excel(path, engine="calamine", **as_text)
    if ID not in table:
        raise CareError(f"{path.name} has no column {ID}: it is no list that carestudy audience wrote")
    return [str(cell) for cell in table[ID]]


def _split(treated: NDArray[np.bool_], planned: float | None) -> Split:
    """The test of the sizes of both groups; ``CareError`` where they are not what was planned."""
    sizes = [int(treated.sum()), int((~treated).sum())]
    if planned is not None and not 0 < planned < 1:
        raise CareError(f"planned={planned!r} is the share that was to be held out, such as 0.1")
    share = sizes[1] / sum(sizes) if planned is None else planned
    split = sample_ratio(sizes, [1 - share, share])
    if not split.fair:
        raise CareError(
            f"{sizes[1]:,} of {sum(sizes):,} customers are held out where {share:.1%} was planned (p = {split.p:.1e}): "
            "something dropped customers from one group, so that the groups cannot be compared"
        )
    return split


def _outcomes(care: Care, groups: pd.DataFrame, start: date, end: date) -> pd.DataFrame:
    """What happened to each customer in the days of the campaign, as far as the data have the columns."""
    outcomes = groups.set_index(ID)
    if care.has("transactions", ID, "amount", "occurred_at"):
        sales = care.table("transactions", ID, "amount", "occurred_at")
        during = sales.filter(engine.within(sales.occurred_at, start, end))
        earlier = sales.filter(engine.within(sales.occurred_at, start - (end - start), start))
        scale = invoiced.scale(care)
        outcomes["bought"] = _of_each(during.filter(during.amount > 0), outcomes)["rows"] > 0
        outcomes[SPENT] = _of_each(during, outcomes)["amount"] * scale
        outcomes[SPENT_BEFORE] = _of_each(earlier, outcomes)["amount"] * scale
    if care.has("contacts", ID, "kind", "opened_at"):
        contacts = care.table("contacts", ID, "kind", "opened_at")
        complaints = contacts.filter((contacts.kind == "complaint") & engine.within(contacts.opened_at, start, end))
        outcomes["complained"] = _of_each(complaints, outcomes)["rows"] > 0
    if care.has("customers", ID, "left_on"):
        customers = care.table("customers", ID, "left_on")
        outcomes["left"] = (
            _of_each(customers.filter(engine.within(customers.left_on, start, end)), outcomes)["rows"] > 0
        )
    return outcomes


def _of_each(rows: engine.Table, outcomes: pd.DataFrame) -> pd.DataFrame:
    """How many rows each customer has, and the sum of their amounts where there are any; 0 for who has none."""
    ids = pd.DataFrame({ID: list(outcomes.index)})
    ours = rows.semi_join(engine.small_table(ids), ID)
    sums = {"rows": ours.count()} | ({"amount": ours.amount.sum()} if "amount" in ours.columns else {})
    counted = engine.fetch(ours.group_by(ID).aggregate(**sums).order_by(ID)).set_index(ID).astype(float)
    return counted.reindex(outcomes.index, fill_value=0.0).fillna(0.0)


def _of_share(name: str, happened: NDArray[np.float64], treated: NDArray[np.bool_], level: float) -> dict[str, object]:
    """The difference of the shares to whom something happened; without an interval where it happened to too few."""
    arms = happened[treated], happened[~treated]
    counts, sizes = [int(arm.sum()) for arm in arms], [len(arm) for arm in arms]
    shares = [count / size for count, size in zip(counts, sizes, strict=True)]
    row = {"outcome": name, "treated": shares[0], "control": shares[1], "value": shares[0] - shares[1]}
    if min(counts) < FEWEST_EVENTS:
        return {**row, "low": np.nan, "high": np.nan, "p": np.nan, "smallest": np.nan}
    low, high = newcombe(counts[0], sizes[0], counts[1], sizes[1], level)
    smallest = smallest_difference(sizes[0], sizes[1], shares[1])
    return {**row, "low": float(low), "high": float(high), "p": welch(*arms).p, "smallest": smallest}


def _of_money(outcomes: pd.DataFrame, treated: NDArray[np.bool_], level: float) -> dict[str, object]:
    """The difference of what was spent, adjusted for what each customer spent before."""
    spent, before = (outcomes[name].to_numpy(float) for name in (SPENT, SPENT_BEFORE))
    effect = cuped(spent, before, treated.astype(int), level=level)
    sides = {"treated": float(spent[treated].mean()), "control": float(spent[~treated].mean())}
    interval = {"value": effect.value, "low": effect.low, "high": effect.high, "p": effect.p, "smallest": np.nan}
    return {"outcome": SPENT, **sides, **interval}


def _judged(effects: pd.DataFrame, level: float) -> pd.DataFrame:
    """The effects with Holm's p values and their verdicts."""
    known = effects["p"].notna()
    effects.loc[known, "p"] = adjusted(effects.loc[known, "p"].to_numpy(float), method="holm")
    good = np.sign(effects["value"]) * effects["outcome"].map(BETTER)
    clear = np.where(effects["p"] < 1 - level, np.where(good > 0, "better", "worse"), "cannot tell")
    return effects.assign(verdict=np.where(known, clear, "too few"))
