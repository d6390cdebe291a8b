"""Kano's model: which attributes of a service delight, which are taken for granted, and which nobody minds."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from carestudy import engine
from carestudy.care import Care
from carestudy.contract import CareError
from carestudy.measure.front import validated
from carestudy.measure.intervals import wilson
from carestudy.measure.kpi import known_period
from carestudy.measure.options import Level
from carestudy.measure.rows import in_periods

ANSWERS = ("like", "must", "neutral", "livewith", "dislike")  # 1 to 5
WITH, WITHOUT = "kano+:", "kano-:"  # questions: how is it with the attribute, and how without
TABLE = ("QAAAO", "RIIIM", "RIIIM", "RIIIM", "RRRRQ")  # a row for each answer to "with", a letter for each to "without"
CLASSES = {
    "M": "must-be", "O": "one-dimensional", "A": "attractive", "I": "indifferent", "R": "reverse", "Q": "questionable",
}  # fmt: skip
CANNOT_TELL = "cannot tell"
FONG = 1.65  # the published constant: a level of 90 %
FEWEST = 30
COLUMNS = [
    "attribute", "n", *CLASSES, "better", "better_low", "better_high", "worse", "worse_low", "worse_high", "category",
    "verdict",
]  # fmt: skip


@validated
def kano(data: Care | pd.DataFrame, *, period: str | None = None, level: Level = 0.95) -> pd.DataFrame:
    """The class of each attribute by Kano's table of paired questions, and how far it moves satisfaction either way.

    ``data`` is a company whose surveys ask "kano+:speed" (how would you feel with it?) and "kano-:speed" (without it?),
    1 to 5 for like, must be, neutral, can live with, dislike; or a frame with ``attribute``, ``functional`` and
    ``dysfunctional`` as such numbers or words (*like, must, neutral, livewith, dislike*). Only complete pairs count.

    A row for each attribute: ``n`` pairs, those of each class (*M* must-be, *O* one-dimensional, *A* attractive, *I*
    indifferent, *R* reverse, *Q* questionable); ``better`` = (A + O) / (A + O + M + I), from 0 to 1, and ``worse`` =
    -(O + M) / (A + O + M + I), from -1 to 0, with Wilson's intervals, R and Q being left out; ``category``, the
    commonest class (of equals the first of M, O, A, I, R, Q); ``verdict``, its name, or *cannot tell* below 30 pairs or
    where it is not clearly commoner than the next one (Fong's test). Sources: Kano et al. 1984; Berger et al. 1993,
    Center for Quality Management J 2(4):3-36; Fong 1996, ibid. 5(2).

    >>> pairs = pd.DataFrame({"attribute": "speed", "functional": ["like"] * 40, "dysfunctional": ["dislike"] * 40})
    >>> kano(pairs)[["attribute", "n", "O", "better", "worse", "verdict"]]
      attribute   n   O  better  worse          verdict
    0     speed  40  40     1.0   -1.0  one-dimensional
    """
    pairs = _of_surveys(data, period) if isinstance(data, Care) else _of_frame(data)
    rows = [_row(str(attribute), attribute_pairs, level) for attribute, attribute_pairs in pairs.groupby("attribute")]
    return pd.DataFrame(rows, columns=COLUMNS).astype(dict.fromkeys(("n", *CLASSES), "int64"))


def _of_surveys(care: Care, period: str | None) -> pd.DataFrame:
    """How many surveys gave each pair of answers."""
    rows = care.table("responses", "question", "score", "answered_at")
    rows = in_periods(rows, "responses", [known_period(care, period)] if period else [])
    is_paired = rows.question.startswith(WITH) | rows.question.startswith(WITHOUT)
    rows = rows.filter(is_paired & rows.score.isin([1, 2, 3, 4, 5]))
    survey = [column for column in ("customer_id", "contact_id", "answered_at") if column in rows.columns]
    attribute, liked = rows.question.substr(len(WITH)), rows.question.startswith(WITH)
    complete = rows.mutate(attribute=attribute).group_by([*survey, "attribute"]).aggregate(
        functional=rows.score.max(where=liked), dysfunctional=rows.score.max(where=~liked)
    )  # fmt: skip
    keys = ["attribute", "functional", "dysfunctional"]
    complete = complete.filter(complete.functional.notnull() & complete.dysfunctional.notnull())
    counted = engine.fetch(complete.group_by(keys).aggregate(pairs=complete.count()).order_by(keys), ("pairs",))
    positions = {name: counted[name].map(lambda score: int(score) - 1) for name in keys[1:]}
    return counted.assign(**positions).astype({"pairs": "int64"})


def _of_frame(frame: pd.DataFrame) -> pd.DataFrame:
    needed = ["attribute", "functional", "dysfunctional"]
    if missing := [name for name in needed if name not in frame]:
        raise CareError(f"kano needs column '{missing[0]}'; the frame has {', '.join(map(str, frame))}")
    complete = frame[needed].dropna()
    return complete.assign(**{name: complete[name].map(_position) for name in needed[1:]}, pairs=1)


def _position(answer: object) -> int:
    """The position of an answer on the scale from like (0) to dislike (4)."""
    if isinstance(answer, str) and answer in ANSWERS:
        return ANSWERS.index(answer)
    if not isinstance(answer, str) and answer in (1, 2, 3, 4, 5):
        return int(answer) - 1
    raise CareError(f"an answer of Kano's questions is 1 to 5 or one of {', '.join(ANSWERS)}")


def _row(attribute: str, pairs: pd.DataFrame, level: float) -> tuple[Any, ...]:
    often = dict.fromkeys(CLASSES, 0)
    for functional, dysfunctional, count in zip(
        pairs["functional"], pairs["dysfunctional"], pairs["pairs"], strict=True
    ):
        often[TABLE[functional][dysfunctional]] += int(count)
    n = sum(often.values())
    moved = sum(often[name] for name in "AOMI")
    better, better_low, better_high = _share(often["A"] + often["O"], moved, level)
    worse, worse_low, worse_high = (-bound for bound in _share(often["O"] + often["M"], moved, level))
    first = max(CLASSES, key=lambda name: (often[name], -list(CLASSES).index(name)))
    verdict = CLASSES[first] if n >= FEWEST and _clear(often, n) else CANNOT_TELL
    return (
        attribute,
        n,
        *often.values(),
        better,
        better_low,
        better_high,
        worse,
        worse_high,
        worse_low,
        first,
        verdict,
    )


def _share(count: int, n: int, level: float) -> tuple[float, float, float]:
    low, high = wilson(count, n, level)
    return (count / n if n else np.nan), float(low), float(high)


def _clear(often: dict[str, int], n: int) -> bool:
    """Whether the commonest class is more so than chance explains."""
    first, second = sorted(often.values())[:-3:-1]
    return bool(first - second >= FONG * np.sqrt((first + second) * (2 * n - first - second) / (2 * n)))
