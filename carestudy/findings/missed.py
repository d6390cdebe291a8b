"""Candidates: goals of the whole company that are missed by more than chance."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from scipy import special

from carestudy.findings.candidate import Candidate, Change
from carestudy.findings.context import Context
from carestudy.people.goal_attainment import JUDGED, goals
from carestudy.targets import COMPANY

NORMAL = 1.959963984540054  # standard errors from a value to its limit of 95 %


def missed(asked: Context) -> Iterator[Candidate]:
    """Every goal of the whole company that can be judged, with the p value of its distance from the target.

    Goals of teams and people are left to the comparisons, which allow for what each was given.
    """
    if not asked.care.has("goals", "kpi", "target"):
        return
    found = goals(asked.care, period=asked.period.text)
    for row in found[found["statement"].isin(JUDGED)].to_dict("records"):
        if str(row["scope"]).casefold() in COMPANY and row["better"] and np.isfinite(row["low"] + row["high"]):
            yield _candidate(row)


def _candidate(row: dict[Any, Any]) -> Candidate:
    value, target = float(row["value"]), float(row["target"])
    # The side of the interval that faces the target.
    reach = abs(row["high"] - value) if value < target else abs(value - row["low"])
    z = abs(value - target) / reach * NORMAL if reach > 0 else (np.inf if value != target else 0.0)
    good = (value >= target) == (row["better"] == "higher")
    # A goal that is reached is compared as any other, and no news.
    return Candidate(
        "goals", "goal", str(row["kpi"]), float(2 * special.ndtr(-z)),
        Change(target, value, float(row["low"]) - target, float(row["high"]) - target),
        better=good, about={"small": good},
    )  # fmt: skip
