"""What was known of a customer, as levels that a person can name and a regression can compare."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

NONE, SOME, OTHER = "none", "some", "other"
TENURES = ("under 3 months", "3 to 12 months", "1 to 2 years", "2 years or longer")
TENURE_DAYS = (91, 365, 730)
SATISFIED, UNSATISFIED = "satisfied", "not satisfied"
PROMOTER, PASSIVE, DETRACTOR = "promoter", "passive", "detractor"
# What the other levels are compared with; of all else it is the most frequent of those stated.
AGAINST = {
    "owner": SOME, "contacts": NONE, "complaints": NONE, "unresolved": NONE, "purchases": NONE, "csat": NONE,
    "nps": NONE,
}  # fmt: skip
FEWEST_CUSTOMERS = 30  # of a level; smaller ones are put together
MOST_LEVELS = 12


@dataclass(frozen=True)
class Levels:
    """Facts as columns of 0 and 1, one for each level but the one that it is compared with."""

    against: dict[str, str]
    columns: dict[str, tuple[str, str]]

    def coded(self, levels: pd.DataFrame) -> pd.DataFrame:
        """The columns of 0 and 1 for rows of levels; a level that was not there when learnt counts as the rest."""
        codes: dict[str, Any] = {}
        for name, usual in self.against.items():
            levels_of_fact = {column: level for column, (fact, level) in self.columns.items() if fact == name}
            known_levels = levels[name].where(levels[name].isin([*levels_of_fact.values(), usual]), OTHER)
            codes |= {column: (known_levels == level).astype(float) for column, level in levels_of_fact.items()}
        return pd.DataFrame(codes, index=levels.index)

    @property
    def alternatives(self) -> list[list[str]]:
        """The columns that exclude each other: the levels of each fact."""
        return [[column for column, (fact, _) in self.columns.items() if fact == name] for name in self.against]


def levels(rows: pd.DataFrame, facts: Sequence[str]) -> pd.DataFrame:
    """Each fact as text: whether there was any, how long, how content; a trait as it is, and None where not stated."""
    columns = {name: _level(rows[name], name) for name in facts}
    return pd.DataFrame(columns, index=rows.index, dtype=object)


def learnt(levels: pd.DataFrame, customers: pd.Series[Any]) -> Levels:
    """The levels that enough customers have, with the one that each is compared with; facts that vary are kept."""
    against: dict[str, str] = {}
    columns: dict[str, tuple[str, str]] = {}
    for name in levels.columns:
        people = customers.groupby(levels[name].to_numpy(object), sort=True).nunique()
        large = people[people >= FEWEST_CUSTOMERS].sort_values(ascending=False, kind="stable").index[:MOST_LEVELS]
        kept_levels = [str(level) for level in large]
        if len(people) > len(kept_levels) and people.drop(large).sum() >= FEWEST_CUSTOMERS and OTHER not in kept_levels:
            kept_levels.append(OTHER)
        if len(kept_levels) < 2:
            continue
        usual = AGAINST.get(str(name))
        stated = [level for level in kept_levels if level != NONE]
        against[str(name)] = usual if usual in kept_levels else stated[0]
        columns |= {f"{name}={level}": (str(name), level) for level in kept_levels if level != against[str(name)]}
    return Levels(against, columns)


def numbers(rows: pd.DataFrame, facts: Sequence[str], like: pd.DataFrame | None = None) -> pd.DataFrame:
    """Each fact as a number for a model of trees: counts and days as they are, traits by their place among ``like``."""
    columns = {}
    for name in facts:
        column = rows[name]
        if name == "owner":
            columns[name] = column.notna().astype(float)
        elif pd.api.types.is_numeric_dtype(column):
            columns[name] = column.astype(float)
        else:
            seen = (rows if like is None else like)[name].dropna()
            order = seen.value_counts(sort=False).sort_index().sort_values(ascending=False, kind="stable")
            rank_of = {level: float(rank) for rank, level in enumerate(order.index[:MOST_LEVELS])}
            columns[name] = column.map(rank_of).astype(float)
    return pd.DataFrame(columns, index=rows.index)


def _level(column: pd.Series[Any], name: str) -> Any:
    match name:
        case "owner":
            return np.where(column.notna(), SOME, NONE)
        case "tenure":
            return np.array(TENURES, object)[np.searchsorted(TENURE_DAYS, column.to_numpy(float), side="right")]
        case "csat":
            return np.select([column.isna(), column >= 4], [NONE, SATISFIED], UNSATISFIED)
        case "nps":
            return np.select([column.isna(), column >= 9, column >= 7], [NONE, PROMOTER, PASSIVE], DETRACTOR)
    if pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column):
        return np.where(column > 0, SOME, NONE)
    return column.astype(object).where(column.notna(), NONE).astype(str)
