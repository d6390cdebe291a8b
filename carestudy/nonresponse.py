"""A survey figure weighted for who did not answer, beside the figure as it is.

Answers and invitations are those of one period and meet by the answer's id, so that the classes of both are of the
same customers and the same day. Every class counts by its part of those invited. Weights do not mend a class in which
only the angry answer, nor may a class be what the survey is about: its response rate stands beside each.

Source: Särndal, Swensson & Wretman 1992, Model Assisted Survey Sampling, chapter 15; Kish 1965, Survey Sampling, 11.7.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pandas as pd

from carestudy import stats
from carestudy.care import Care
from carestudy.contract import CareError, listed
from carestudy.kpi import response_rate
from carestudy.measure.counted_rows import COUNTS
from carestudy.measure.figure_rows import FigureRows
from carestudy.measure.front import of_figure
from carestudy.measure.kpi import Kpi
from carestudy.measure.options import Level
from carestudy.measure.rows import groups
from carestudy.stats.weighting import Weighted

FEWEST = 20  # answers of a class
ANSWER, QUESTION, CELL, NAMELESS = "response_id", "question", "class", "(none)"


@dataclass(frozen=True)
class WeightedFigure:
    """A survey figure of the invited customers who answered, as it is and weighted by class, in the figure's unit.

    ``classes`` has a row for each class: how many were invited and answered, the response rate, the weight of an
    answer (1 where the class answered as all did) and the value of the class. ``effect`` is Kish's effect of the
    weights on the variance, ``effective`` the answers that are left.
    """

    kpi: str
    period: str
    as_of: str
    value: float
    low: float
    high: float
    unweighted: float
    n: int
    effect: float
    effective: float
    classes: pd.DataFrame = field(repr=False)

    def __repr__(self) -> str:
        interval = f"{self.value:.3g} ({self.low:.3g} to {self.high:.3g}), unweighted {self.unweighted:.3g}"
        cost = f"n = {self.n:,}, worth {self.effective:,.0f} (effect {self.effect:.2f})"
        return f"{self.kpi}, {self.period}, weighted by class: {interval}; {cost}; known up to {self.as_of}"


@of_figure
def weighted(
    kpi: Kpi, care: Care, *, by: str | Sequence[str], period: str | None = None, level: Level = 0.95
) -> WeightedFigure:
    """A survey figure as if each class had answered as much as its part of all who were invited in the period.

    Counted are the invitations of the response rate, where they name one those to the figure's question, with the
    answers that were given to them. ``by`` are columns of the invitations or of their customers, such as "region" or
    ["channel", "segment"]; their combinations are the classes. The interval is that of post-stratification.

    ``CareError`` for a figure that is no share or score of answers, a class with fewer than 20 answers, and weights
    that triple the variance or leave fewer than 30 answers.
    """
    names = groups(by)
    question = [QUESTION] if care.has("invitations", QUESTION) else []
    invited = response_rate.rows(care, period=period, side="denominator", by=names, columns=question)
    below, above = (kpi.rows(care, side=side) for side in ("denominator", "numerator"))
    _refuse_other(kpi, below, invited)
    rows = _of_questions(invited.rows, below.rows)
    cells = rows[names].fillna(NAMELESS).astype(str).agg(" / ".join, axis=1)
    invitations = pd.DataFrame({ANSWER: rows[ANSWER], CELL: cells})
    counts = above.rows.set_index(ANSWER)[COUNTS]
    answers = invitations[invitations[ANSWER].isin(below.rows[ANSWER])].drop_duplicates(ANSWER)
    answers = answers.assign(y=answers[ANSWER].map(counts).fillna(0).astype(float) * kpi.scale(care))
    classes = _classes(invitations, answers)
    found = stats.poststratified_mean(answers["y"], answers[CELL], classes["invited"].to_dict(), level=level)
    _refuse_uneven(kpi, found)
    numbers = (found.value, found.low, found.high, found.unweighted, found.n, found.effect, found.effective)
    return WeightedFigure(kpi.id, invited.period, invited.as_of, *numbers, classes.reset_index())


def _of_questions(invitations: pd.DataFrame, answers: pd.DataFrame) -> pd.DataFrame:
    """The invitations to the questions that the figure counts, and those that name no question."""
    if QUESTION not in invitations or QUESTION not in answers:
        return invitations
    to_these = invitations[QUESTION].isin(answers[QUESTION].unique()) | invitations[QUESTION].isna()
    return invitations[to_these]


def _classes(invitations: pd.DataFrame, answers: pd.DataFrame) -> pd.DataFrame:
    """How each class has answered; refuses classes with too few answers."""
    invited = invitations.groupby(CELL).size()
    by_class = answers.groupby(CELL)["y"]
    answered = by_class.size().reindex(invited.index, fill_value=0)
    few = [f"{name} ({answered[name]:,})" for name in invited.index if answered[name] < FEWEST]
    if few:
        raise CareError(f"fewer than {FEWEST} answers in {listed(few)}: put classes together, or name fewer columns")
    rate = answered / invited
    weight = (len(answers) / len(invitations)) / rate
    columns = {"invited": invited, "answered": answered, "rate": rate, "weight": weight, "value": by_class.mean()}
    return pd.DataFrame(columns)


def _refuse_other(kpi: Kpi, below: FigureRows, invited: FigureRows) -> None:
    if below.of != "responses" or ANSWER not in below.rows or not (below.rows[COUNTS] == 1).all():
        raise CareError(
            f"{kpi.name} is no figure of which every answer is one case: weight a share or score of answers"
        )
    if not len(invited):
        raise CareError(f"{kpi.name}: nobody was invited in {invited.period}, so that nobody can be weighted for")


def _refuse_uneven(kpi: Kpi, found: Weighted) -> None:
    if not found.usable:
        raise CareError(
            f"{kpi.name}: the weights leave {found.effective:,.0f} of {found.n:,} answers (effect {found.effect:.1f}): "
            "the classes answered too differently to be weighted"
        )
