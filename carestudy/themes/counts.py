"""Counts what customers write about: the share of texts on each theme, and whether it has changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import special

from carestudy import engine
from carestudy.care import Care
from carestudy.contract import CareError
from carestudy.measure import figures, limits
from carestudy.measure.fractions import SUMS, Fraction
from carestudy.measure.front import reads
from carestudy.measure.intervals import z_value
from carestudy.measure.kinds.ratio import ratio
from carestudy.measure.kpi import Kpi, known_period
from carestudy.measure.options import Level
from carestudy.measure.rows import OURS, Rows, groups
from carestudy.periods import Period, months_later
from carestudy.stats.multiple_testing import adjusted
from carestudy.themes import leaving_reasons
from carestudy.themes.codebook import Codebook, codebook

WHAT = ("comments", "leave_reasons")
OF = ("all", "unhappy", "happy")
HAPPY = {"nps": 7, "csat": 4, "ces": 5}  # the lowest score of a customer who is not unhappy
AGAINST = ("complaint", "both", "mention")
MORE, LESS, CANNOT_TELL = "more often", "less often", "cannot tell"
SHOWN = ["period", "theme", "n", "count", "share", "low", "high"]
CHANGED = ["before", "before_n", "change", "change_low", "change_high", "verdict"]
MOOD = ["unhappy", "unhappy_low", "unhappy_high", "scored"]
NONE, TEXT = "none", f"{OURS}text"


@reads("responses")
def themes(
    care: Care,
    what: str = "comments",
    *,
    period: str | None = None,
    of: str = "all",
    by: str | Sequence[str] | None = None,
    level: Level = 0.95,
) -> pd.DataFrame:
    """Share of customers' texts that speak of each theme, a row for each group and theme of the codebook.

    ``what`` are the *comments* of surveys or the *leave_reasons* of customers lost in the period; ``of`` only
    comments beside an *unhappy* score (nps below 7, csat below 4, ces below 5) or a *happy* one. Of the unhappy and of
    those who left, praise is not counted. ``n`` is how many texts there are, ``count`` those on the theme, ``share``
    with Wilson's interval, texts of one customer counting as alike as they are; ``unhappy`` the share of unhappy scores
    beside the theme's comments, of which ``scored`` have one. A text may have several themes. The last row, theme None,
    is of texts without a theme: one less its share is the coverage of the codebook.

    ``verdict`` compares with the period before (of twelve months, the twelve before): *more often*, *less often* or
    *cannot tell*, the false discovery rate of all of them at 1 - level (Benjamini-Hochberg), from ten customers on.
    The codebook is that of care.toml, or else the shipped one.
    """
    for name, value, known in (("what", what, WHAT), ("of", of, OF)):
        if value not in known:
            raise CareError(f"{name}='{value}' is not known: choose one of {', '.join(known)}")
    if what == "leave_reasons" and of != "all":
        raise CareError("of= tells customers by the score beside a comment, and a reason for leaving has none")
    book, dimensions = codebook(care.settings.themes), groups(by)
    now = known_period(care, period) if period else Period.until(care.known_until)
    count = partial(_comments, _with_themes(care, book, of), book, of) if what == "comments" else partial(
        leaving_reasons.counted, care, book
    )  # fmt: skip
    rows = _beside(count, now, dimensions, level)
    frame = rows.assign(period=now.text).rename(columns={"kpi": "theme", "numerator": "count", "value": "share"})
    if what == "comments" and of == "all":
        frame = _with_mood(frame, count(now, dimensions, level, mood=True), dimensions)
    else:
        frame = frame.assign(**dict.fromkeys(MOOD, np.nan))
    frame["theme"] = frame["theme"].astype(object).where(frame["theme"] != NONE, None)
    return frame[[*dimensions, *SHOWN, *CHANGED, *MOOD]]


def _with_themes(care: Care, book: Codebook, of: str) -> Care:
    """Add a column for each theme to the responses: whether the comment of an answer speaks of it."""
    answers = care.table("responses", "comment", "answered_at")
    texts = answers.filter(engine.has_text(answers.comment)).select("comment").distinct().order_by("comment")
    rows, flags = [], _flags(book)
    for text in engine.fetch(texts)["comment"]:
        tones = book.found(text)
        counted = {theme for theme, tone in tones.items() if of != "unhappy" or tone in AGAINST}
        rows.append({TEXT: text, **dict(zip(flags, (theme in counted for theme in book.names), strict=True))})
    coded = pd.DataFrame(rows, columns=[TEXT, *flags]).astype({TEXT: "str", **dict.fromkeys(flags, bool)})
    joined = answers.left_join(engine.small_table(coded), [("comment", TEXT)])
    return care.with_table("responses", joined)


def _comments(
    care: Care, book: Codebook, of: str, period: Period, by: Sequence[str], level: float, *, mood: bool = False
) -> pd.DataFrame:
    """The sums of every theme in a period; of a mood, those of unhappy scores among the theme's comments."""
    kpis = [_kpi(theme, book, of, mood=mood) for theme in (*book.names, NONE)]
    return figures.sums(care, kpis, by=by, periods=[period], level=level)


def _kpi(theme: str, book: Codebook, of: str, *, mood: bool) -> Kpi:
    def define(responses: Rows) -> Fraction:
        written = responses.carestudy_text.notnull()
        if of != "all":
            unhappy, scored = _mood(responses)
            written = written & scored & (unhappy if of == "unhappy" else ~unhappy)
        flags = dict(zip(book.names, (engine.true(getattr(responses, name)) for name in _flags(book)), strict=True))
        on_theme = ~_any(list(flags.values())) if theme == NONE else flags[theme]
        if not mood:
            return Fraction(written & on_theme, written)
        unhappy, scored = _mood(responses)
        return Fraction(written & on_theme & scored & unhappy, written & on_theme & scored)

    define.__name__ = theme
    return ratio(label=theme, better=None)(define)


def _flags(book: Codebook) -> list[str]:
    """The names of the columns of the themes."""
    return [f"{OURS}theme_{number}" for number in range(len(book.names))]


def _any(flags: Sequence[engine.Value]) -> engine.Value:
    result = flags[0]
    for flag in flags[1:]:
        result = result | flag
    return result


def _mood(responses: Rows) -> tuple[engine.Value, engine.Value]:
    """Whether the score beside a comment is that of an unhappy customer, and whether there is a usable score."""
    below = engine.literal(False)  # noqa: FBT003
    for question, happy in HAPPY.items():
        below = below | ((responses.question == question) & (responses.score < happy))
    scored = responses.question.isin(list(HAPPY)) & responses.score.notnull()
    return engine.true(below), engine.true(scored)


def _beside(count: Callable[..., pd.DataFrame], now: Period, by: Sequence[str], level: float) -> pd.DataFrame:
    """The period with its change against the one before."""
    rows = count(now, by, level).reset_index(drop=True)
    keys = [*by, "kpi"]
    past = rows[keys].merge(count(_before(now), by, level), on=keys, how="left")
    past[list(SUMS)] = past[list(SUMS)].astype(object).where(past[list(SUMS)].notna(), 0)
    low, high = limits.OF_UNIT["share"].change(rows, past, level)
    rows = rows.assign(before=past["value"], before_n=past["n"].astype("int64"), change=rows["value"] - past["value"])
    few = np.minimum(rows["units"].to_numpy(int), past["units"].to_numpy(int)) < limits.FEWEST
    rows["change_low"], rows["change_high"] = low, high
    rows["verdict"] = _verdicts(rows, few, level)
    return rows


def _verdicts(rows: pd.DataFrame, few: NDArray[Any], level: float) -> NDArray[Any]:
    """The verdict on each change, corrected for testing as many changes as there are themes."""
    change = rows["change"].to_numpy(float)
    towards = np.where(change > 0, change - rows["change_low"], rows["change_high"] - change).astype(float)
    with np.errstate(divide="ignore", invalid="ignore"):
        p = 2 * special.ndtr(-np.abs(change) / towards * z_value(level))
    seen = (rows["value"].fillna(0) + rows["before"].fillna(0)).to_numpy(float) > 0
    comparable = np.isfinite(p) & ~few & seen & (rows["kpi"] != NONE).to_numpy()
    sure = adjusted(np.where(comparable, p, np.nan)) <= 1 - level
    return np.select([sure & (change > 0), sure & (change < 0)], [MORE, LESS], CANNOT_TELL).astype(object)


def _before(period: Period) -> Period:
    """The period before; of a span of whole months, as many months before it."""
    if period.unit:
        return period.before()
    months = (period.end.year - period.start.year) * 12 + period.end.month - period.start.month
    if months and months_later(period.start, months) == period.end:
        start = months_later(period.start, -months)
        return Period(f"{start}..", start, period.start)
    return Period("before", period.start - (period.end - period.start), period.start)


def _with_mood(frame: pd.DataFrame, moods: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    renamed = moods.rename(
        columns={"kpi": "theme", "value": "unhappy", "low": "unhappy_low", "high": "unhappy_high", "n": "scored"}
    )
    return frame.merge(renamed[[*by, "theme", *MOOD]], on=[*by, "theme"], how="left")
