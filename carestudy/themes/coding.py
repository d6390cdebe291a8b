"""Texts coded: which themes each speaks of, and in which tone."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from carestudy.themes.codebook import codebook as made

CODED = ["text", "theme", "tone"]


def coded(texts: Iterable[Any], codebook: Any = None) -> pd.DataFrame:
    """The themes of each text by a codebook of phrases: a row for each text and theme.

    ``text`` is the label of a Series, and of other texts their number from 0; a text without a theme has no row, and
    one may have several, in the order in which it comes to speak of them. ``tone`` is *complaint*, *praise*, *both*,
    or *mention* where the words do not tell; "not expensive" is no complaint about the price, and "not friendly" is one
    about staff. A text without accents is compared with the phrases without theirs. ``codebook`` is the file, or what
    it says, of a codebook of one's own; a fault in it is a CareError.

    >>> coded(["Giá cao, nhân viên không nhiệt tình", "giao hang cham qua", "It is not expensive"])
       text     theme       tone
    0     0     price  complaint
    1     0     staff  complaint
    2     1  delivery  complaint
    """
    series = texts if isinstance(texts, pd.Series) else pd.Series(list(texts), dtype=object)
    book = made(codebook)
    known: dict[str, dict[str, str]] = {}
    rows: list[tuple[Any, str, str]] = []
    for label, text in zip(series.index, series, strict=True):
        if isinstance(text, str):
            if text not in known:
                known[text] = book.found(text)
            rows.extend((label, theme, tone) for theme, tone in known[text].items())
    return pd.DataFrame(rows, columns=CODED).astype({"theme": object, "tone": object})
