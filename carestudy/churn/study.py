"""The study behind what goes with leaving: customers at risk, window after window, and a model of who left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import special

from carestudy.care import Care
from carestudy.churn import facts, window
from carestudy.churn.facts import Levels
from carestudy.churn.given import INVOLUNTARY, VOLUNTARY, kind_of
from carestudy.churn.logistic import Logistic, logistic, marginal_effects
from carestudy.stats.multiple_testing import adjusted

ALL = "all"
MOST_ROWS = 60_000  # customers times windows; of more, every so many customers are taken
FEWEST_LEAVERS = 20
HELD_OUT = 4  # one window of so many is kept for judging
ENOUGH_TO_FORETELL = 0.2  # of p_adjusted: to foretell, a fact may be less sure than to be told as a finding


@dataclass(frozen=True)
class Study:
    """Customers at the start of each window, with facts as levels and as columns of 0 and 1, and who left in it."""

    rows: pd.DataFrame
    facts: list[str]
    told: pd.DataFrame
    learnt: Levels
    coded: pd.DataFrame
    leaving: str

    @property
    def left(self) -> Any:
        """1 for each who left in the window, as far as leaving counts here."""
        return self.rows["gone"].to_numpy(int)

    @property
    def later(self) -> Any:
        """The rows of the last windows, by which a model is judged that has learnt from the others."""
        count = int(self.rows["window"].max()) + 1 if len(self.rows) else 0
        return (self.rows["window"] >= count - max(count // HELD_OUT, 1)).to_numpy(bool)

    def some(self, chosen: Any) -> Study:
        """The study of some of the rows."""
        return Study(self.rows[chosen], self.facts, self.told[chosen], self.learnt, self.coded[chosen], self.leaving)


@dataclass(frozen=True)
class Foretold:
    """A logistic regression on the few facts that hold; without any, all have the same chance."""

    columns: list[str]
    model: Logistic | None
    share: float

    def risk(self, coded: pd.DataFrame) -> NDArray[Any]:
        """The chance of leaving in the window for each row."""
        if self.model is None:
            return np.full(len(coded), self.share)
        return special.expit(self.model.linear(coded[self.columns]))


def study(care: Care, spans: Sequence[window.Window], columns: Sequence[str] | None) -> Study:
    """The customers at risk in these windows; where the company tells them apart, only voluntary leavers have left."""
    traits, events = window.usable(care, columns)
    rows = window.at_risk(care, spans, traits, events, most=MOST_ROWS)
    involuntary = care.settings.involuntary
    kinds = [kind_of(text if isinstance(text, str) else None, involuntary) for text in rows["leave_reason"]]
    rows["gone"] = rows["left"].astype(int) * (np.array(kinds, object) != INVOLUNTARY)
    names = [*(["tenure"] if columns is None or "tenure" in columns else []), *traits, *events]
    levels = facts.levels(rows, names)
    learnt = facts.learnt(levels, rows["customer_id"])
    leaving = VOLUNTARY if involuntary else ALL
    return Study(rows, names, levels, learnt, learnt.coded(levels), leaving)


def effects(known: Study, level: float = 0.95) -> pd.DataFrame:
    """The average marginal effect of each column, all others as they are and each window on its own level."""
    places = sorted(set(known.rows["window"]))[1:]
    seasons = pd.DataFrame({f"window {k}": (known.rows["window"] == k).astype(float) for k in places})
    rows = pd.concat([known.coded, seasons, known.rows[["gone", "customer_id"]]], axis=1)
    names = [*known.coded.columns, *seasons.columns]
    model = logistic(rows, outcome="gone", columns=names, cluster="customer_id", firth=True)
    marginal = marginal_effects(rows, model, alternatives=known.learnt.alternatives, level=level)
    marginal = marginal[marginal["column"].isin(list(known.coded.columns))].reset_index(drop=True)
    return marginal.assign(p_adjusted=adjusted(marginal["p"].to_numpy(float)))


def foretelling(known_study: Study) -> Foretold:
    """The model of the facts that hold in these rows; without any, everybody has the same chance."""
    share = float(known_study.left.mean()) if len(known_study.rows) else np.nan
    if known_study.left.sum() < FEWEST_LEAVERS or not len(known_study.coded.columns):
        return Foretold([], None, share)
    known = effects(known_study)
    columns = list(known.loc[known["p_adjusted"] <= ENOUGH_TO_FORETELL, "column"])
    if not columns:
        return Foretold([], None, share)
    rows = known_study.coded.assign(gone=known_study.left)
    return Foretold(columns, logistic(rows, outcome="gone", columns=columns, firth=True), share)
