"""Quotes a few comments on a theme in the customers' own words, masked, on request only."""

from __future__ import annotations

import pandas as pd

from carestudy import engine
from carestudy.care import Care
from carestudy.contract import CareError
from carestudy.measure.kpi import known_period
from carestudy.measure.rows import in_periods
from carestudy.themes.codebook import codebook
from carestudy.themes.counts import AGAINST, HAPPY, OF
from carestudy.themes.masked import masked

SHORTEST, LONGEST, MOST = 12, 200, 5


def quotes(care: Care, theme: str, *, period: str | None = None, of: str = "unhappy", n: int = 3) -> pd.DataFrame:
    """A few comments on a theme, masked: at most five, of different customers, neither very short nor long.

    Nothing is quoted of a theme on which fewer than min_group customers wrote, nor texts in capitals alone, where
    names cannot be told. Names in small letters stay: somebody has to read quotes before others do. Columns ``quote``
    and ``question``, ``score``. The same data give the same quotes: those that say most about the theme come first.
    """
    book = codebook(care.settings.themes)
    if theme not in book.names:
        raise CareError(f"theme='{theme}' is not known: choose one of {', '.join(book.names)}")
    if of not in OF or not 1 <= n <= MOST:
        raise CareError(f"of= is one of {', '.join(OF)}, and n= a number from 1 to {MOST}")
    answers = _comments(care, period)
    if of != "all":
        below = answers["score"].astype(float) < answers["question"].map(HAPPY).astype(float)
        answers = answers[
            answers["question"].isin(list(HAPPY)) & answers["score"].notna() & (below == (of == "unhappy"))
        ]
    tones = AGAINST if of == "unhappy" else ("complaint", "praise", "both", "mention")
    on_theme = answers[[book.found(str(text)).get(theme) in tones for text in answers["comment"]]]
    if on_theme["customer_id"].nunique() < care.settings.min_group:
        on_theme = on_theme.iloc[:0]
    on_theme = on_theme.assign(
        quote=pd.Series([masked(str(text)) for text in on_theme["comment"]], on_theme.index, dtype="str")
    )
    fit = on_theme["quote"].str.len().between(SHORTEST, LONGEST) & ~on_theme["comment"].astype("str").str.isupper()
    chosen = on_theme[fit].drop_duplicates("customer_id").drop_duplicates("quote").head(n)
    return chosen[["quote", "question", "score"]].reset_index(drop=True)


def _comments(care: Care, period: str | None) -> pd.DataFrame:
    answers = care.table("responses", "comment", "answered_at", "question", "score", "customer_id")
    answers = in_periods(answers, "responses", [known_period(care, period)] if period else [])
    written = answers.filter(engine.has_text(answers.comment), answers.customer_id.notnull())
    columns = ["customer_id", "question", "score", "comment"]
    # Ordered by their text, not by time or customer: the order must not reveal the writer.
    return engine.fetch(written.select(*columns).order_by([written.comment.length().desc(), "comment", "customer_id"]))
