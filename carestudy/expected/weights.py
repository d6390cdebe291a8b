"""What service customers expect: how much each attribute of it weighs in their satisfaction, and how it does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from carestudy import engine
from carestudy.care import Care
from carestudy.measure import drivers
from carestudy.measure.front import reads
from carestudy.measure.intervals import wilson
from carestudy.measure.kpi import known_period
from carestudy.measure.options import Level
from carestudy.measure.rows import in_periods

OVERALL = "csat"
NOT_ATTRIBUTES = ("nps", "csat", "ces")
SATISFIED = 4
FEWEST = 30  # surveys that rate everything, below which no weight is given
DRAWS, FEW_DRAWS, MANY = 1000, 200, 8
WEIGHTS = [
    "attribute",
    "importance",
    "low",
    "high",
    "first",
    "satisfied",
    "satisfied_low",
    "satisfied_high",
    "urgent",
    "n",
]


@reads("responses")
def expectations(care: Care, *, period: str, level: Level = 0.95) -> pd.DataFrame:
    """How much each rated attribute of the service accounts for in overall satisfaction, and how many are satisfied.

    Of the surveys of a period that rate csat and every attribute (questions of 1 to 5 other than nps, csat and ces).
    ``importance`` is the attribute's share of the explained variance (LMG up to 15 attributes, Johnson's relative
    weights above), less what an attribute of no importance explains by chance, with a bootstrap interval over surveys.
    It is never below nothing, and so one near nothing still comes out a little too large: of few surveys read the lower
    limit. ``first`` is how often it came first in the bootstrap; ``satisfied`` the share of 4 and 5 with Wilson's
    interval; ``urgent`` how often in the bootstrap it weighed more and did worse than attributes do on average. The
    weights go with satisfaction and claim no cause. Attributes are in the order of their importance; fewer than 30 such
    surveys give no row. Source: Groemping 2006; Johnson 2000.
    """
    surveys, attributes = _surveys(care, period)
    often = surveys["surveys"].to_numpy()
    n = int(often.sum())
    if n < FEWEST:
        return pd.DataFrame(columns=WEIGHTS)
    scores = surveys[[*attributes, OVERALL]].to_numpy(float)
    weights = _shares(drivers.correlations(scores, often), n)
    redrawn = _redrawn(often, len(attributes))
    drawn = _shares(drivers.correlations(scores, redrawn), n)
    tail = (1 - level) / 2
    low, high = np.quantile(drawn, [tail, 1 - tail], axis=0)
    # A weight near zero is larger in nearly every draw: the interval holds the weight itself all the same.
    low, high = np.minimum(low, weights), np.maximum(high, weights)
    happy = scores[:, :-1] >= SATISFIED
    satisfied = often @ happy
    limits = wilson(satisfied, np.full(len(attributes), n), level)
    first = np.bincount(drawn.argmax(axis=1), minlength=len(attributes)) / len(drawn)
    columns = (attributes, weights, low, high, first, satisfied / n, *limits, _urgent(drawn, redrawn @ happy), n)
    frame = pd.DataFrame(dict(zip(WEIGHTS, columns, strict=True)))
    return frame.sort_values(["importance", "attribute"], ascending=[False, True], ignore_index=True)


def _surveys(care: Care, period: str) -> tuple[pd.DataFrame, list[str]]:
    """The different sets of answers with how many surveys gave each, and the attributes they rate."""
    rows = care.table("responses", "question", "score", "answered_at")
    rows = in_periods(rows, "responses", [known_period(care, period)])
    rows = rows.filter(rows.score.between(1, 5), rows.question.notnull(), ~rows.question.isin(("nps", "ces")))
    # Kano's paired questions rate no service that was given.
    rows = rows.filter(~rows.question.startswith("kano"))
    questions = engine.fetch(rows.group_by("question").aggregate(n=rows.count()).order_by("question"), ("n",))
    attributes = [name for name in questions["question"] if name not in NOT_ATTRIBUTES] if len(questions) else []
    if not attributes or OVERALL not in set(questions["question"]):
        return pd.DataFrame({"surveys": []}, dtype="int64"), []
    survey = [rows[column] for column in _survey(rows)]
    score = {name: rows.score.max(where=rows.question == name) for name in [*attributes, OVERALL]}
    rated = rows.group_by(survey).aggregate(**score)
    rated = rated.filter(*(rated[name].notnull() for name in score))
    counted = rated.group_by(list(score)).aggregate(surveys=rated.count()).order_by(list(score))
    return engine.fetch(counted, ("surveys",)), attributes


def _survey(rows: engine.Table) -> Sequence[str]:
    """The columns that identify one survey among the answers."""
    keys = [column for column in ("customer_id", "contact_id") if column in rows.columns]
    return [*keys, "answered_at"]


def _redrawn(often: NDArray[Any], attributes: int) -> NDArray[Any]:
    """How often each set of answers is drawn in each bootstrap sample of as many surveys."""
    draws = DRAWS if attributes <= MANY else FEW_DRAWS
    return np.random.default_rng(0).multinomial(int(often.sum()), often / often.sum(), size=draws)


def _shares(tables: NDArray[Any], n: int) -> NDArray[Any]:
    """The attributes' shares of the explained variance, each less what an attribute explains by chance alone.

    Chance explains (1 - R squared) / (n - attributes - 1) for each, which an adjusted R squared subtracts for all.
    """
    attributes = tables.shape[-1] - 1
    weights = (drivers.lmg if attributes <= drivers.LARGEST else drivers.johnson)(tables)
    by_chance = (1 - weights.sum(axis=-1, keepdims=True)) / max(n - attributes - 1, 1)
    above_chance = np.maximum(weights - by_chance, 0)
    non_negative = np.where(
        above_chance.sum(axis=-1, keepdims=True) > 0, above_chance, weights
    )  # where all is chance, so are their shares
    result: NDArray[Any] = non_negative / non_negative.sum(axis=-1, keepdims=True)
    return result


def _urgent(weights: NDArray[Any], satisfied: NDArray[Any]) -> NDArray[Any]:
    """How often each attribute weighs more and does worse than the average one."""
    does_worse = satisfied < satisfied.mean(axis=1, keepdims=True)
    result: NDArray[Any] = ((weights > weights.mean(axis=1, keepdims=True)) & does_worse).mean(axis=0)
    return result
