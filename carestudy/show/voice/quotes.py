"""Quotes, shown: escaped, masked, and with what that does not promise."""

from __future__ import annotations

from typing import Any

import pandas as pd
from markupsafe import Markup

from carestudy.show import gaps, labels
from carestudy.show.numbers import number
from carestudy.show.output import Output
from carestudy.show.words import Reader
from carestudy.themes.codebook import codebook

QUOTE = Markup("<li>“{}” <small>({})</small></li>")
BOX = Markup('<p class="care-title">{}</p><ul>{}</ul><p><small>{}</small></p>')


def quotes(reader: Reader, frame: pd.DataFrame, theme: str, care: Any) -> Output:
    """A few masked comments on a theme, each with the score beside it."""
    t = reader.t
    title = t("In the customers' words: {theme}", theme=codebook(care.settings.themes).name(theme, reader.lang))
    if frame.empty:
        return gaps.nothing(reader, title)
    note = t(
        "Numbers, addresses and words in capitals are masked. Names in small letters are not: read before passing on."
    )
    quoted = [(labels.clean(row["quote"]), _score(reader, row)) for row in frame.to_dict("records")]
    items = Markup("").join(QUOTE.format(*item) for item in quoted)
    lines = [title, *(f"“{quote}” ({score})" for quote, score in quoted), note]
    return Output(BOX.format(title, items, note), "\n".join(lines), looks=("table",))


def _score(reader: Reader, row: Any) -> str:
    return f"{labels.group(reader, 'question', row['question'])} {number(reader, row['score'])}"
