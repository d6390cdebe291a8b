"""A sample of texts for people to code, and what they made of it."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from hashlib import sha256
from io import StringIO
from pathlib import Path
from typing import Any

import pandas as pd

from carestudy.care import Care
from carestudy.measure.front import validated
from carestudy.measure.options import Count
from carestudy.themes.leftovers import all_texts, codebook_of
from carestudy.themes.masked import masked

SAMPLE = ["text", "written", "codebook", "themes"]
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@validated
def sample(
    data: Care | Iterable[Any], n: Count = 200, *, period: str | None = None, codebook: Any = None
) -> pd.DataFrame:
    """Texts for a person to code, drawn at random: the same ones whenever the same texts are asked for.

    ``written`` is the text with numbers, addresses and words in capitals masked, ``text`` its number in the sample,
    ``codebook`` the themes that the codebook finds, and ``themes`` an empty column for the person. A sheet for people
    to code hides ``codebook`` from them. Each different text comes once.
    """
    book = codebook_of(data, codebook)
    different = sorted(set(all_texts(data, period)), key=lambda text: (sha256(text.encode()).hexdigest(), text))[:n]
    rows = [(number, masked(text), ", ".join(book.found(text)), "") for number, text in enumerate(different, start=1)]
    return pd.DataFrame(rows, columns=SAMPLE)


@validated
def sheet(drawn: pd.DataFrame, path: str | Path | None = None, *, blind: bool = True) -> str:
    """A sample as CSV for a spreadsheet; ``blind`` leaves out what the codebook found. Also written to ``path``.

    A cell that a spreadsheet would take for a formula begins with an apostrophe.
    """
    shown = drawn.drop(columns="codebook") if blind else drawn
    page = StringIO()
    writer = csv.writer(page, lineterminator="\r\n")
    writer.writerow(shown.columns)
    writer.writerows([_plain(cell) for cell in row] for row in shown.itertuples(index=False))
    if path is not None:
        Path(path).write_text("\ufeff" + page.getvalue(), encoding="utf-8", newline="")
    return page.getvalue()


@validated
def codings(filled: pd.DataFrame, column: str = "themes") -> pd.DataFrame:
    """What stands in a column of a filled sheet as (text, theme), for ``agreement``; several themes by commas.

    >>> codings(pd.DataFrame({"text": [1, 2], "themes": ["price, staff", ""]}))
      text  theme
    0    1  price
    1    1  staff
    2    2   None
    """
    rows: list[tuple[Any, str | None]] = []
    for text, cell in zip(filled["text"], filled[column], strict=True):
        themes = (
            [theme_text.strip() for theme_text in cell.split(",") if theme_text.strip()]
            if isinstance(cell, str)
            else []
        )
        rows += [(text, theme) for theme in themes] or [(text, None)]
    return pd.DataFrame(rows, columns=["text", "theme"], dtype=object)


def _plain(cell: object) -> str:
    text = str(cell)
    return f"'{text}" if text.startswith(FORMULA) else text
