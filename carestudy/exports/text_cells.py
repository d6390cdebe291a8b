"""Writes cells that a spreadsheet reads as text, whatever a customer typed into them."""

from __future__ import annotations

import csv
import math
import re
import unicodedata
from io import BytesIO, StringIO
from numbers import Real
from typing import Any

import pandas as pd

from carestudy.contract import CareError
from carestudy.show import labels

SIGNS = "=+-@"
MINUS = "\N{MINUS SIGN}"
# Where a formula may begin in a cell: at its start, and after a separator of another country's settings.
STARTS = re.compile(r"(?:^|(?<=[;,|\t]))([\s'\"]*)(\S)")
LONGEST, MOST_ROWS = 32_767, 1_048_575  # what a sheet holds


def inert(text: object) -> str:
    """Text from the data on one line, with an apostrophe before what a spreadsheet would compute.

    Signs of formulas count in every width and size that Unicode has of them.

    >>> inert("=1+1"), inert("\\uff0b84 912"), inert("A-1"), inert("x;@SUM(1)")
    ("'=1+1", "'＋84 912", 'A-1', "x;'@SUM(1)")
    """
    line = labels.clean("" if labels.is_nameless(text) else str(text))
    return STARTS.sub(lambda match: ("'" if computes(match[2]) else "") + match[0], line)


def computes(sign: str) -> bool:
    """Whether a sign begins a formula: = + - @ in any of their forms.

    >>> [computes(sign) for sign in "=＝＋－＠−1Đ"]
    [True, True, True, True, True, True, False, False]
    """
    return sign == MINUS or unicodedata.normalize("NFKC", sign)[:1] in tuple(SIGNS)


def as_csv(rows: pd.DataFrame) -> bytes:
    """A CSV file that Excel opens with its accents: UTF-8 with its mark, commas, every cell quoted."""
    text = StringIO()
    written = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    written.writerow([inert(name) for name in rows.columns])
    written.writerows([_cell(cell) for cell in line] for line in rows.itertuples(index=False, name=None))
    return text.getvalue().encode("utf-8-sig")


def _cell(cell: object) -> str:
    """A cell of a CSV file: a number as it is, since a negative one computes nothing; all else as inert text."""
    return str(cell) if isinstance(cell, Real) and math.isfinite(cell) else inert(cell)


def as_workbook(sheets: dict[str, pd.DataFrame]) -> bytes:
    """A workbook with every cell as text, so that phone numbers keep their zero and plus; same rows, same bytes."""
    from datetime import datetime  # here, as xlsxwriter: only workbooks need it

    from xlsxwriter import Workbook

    content = BytesIO()
    options = dict.fromkeys(("strings_to_formulas", "strings_to_urls", "strings_to_numbers"), False)
    with Workbook(content, {**options, "in_memory": True}) as book:
        # The same bytes for the same list: the creation time would differ each time.
        book.set_properties({"created": datetime(2000, 1, 1)})  # noqa: DTZ001
        bold = book.add_format({"bold": True})
        for name, rows in sheets.items():
            _sheet(book.add_worksheet(name), rows, bold)
    return content.getvalue()


def _sheet(sheet: Any, rows: pd.DataFrame, bold: Any) -> None:
    if len(rows) > MOST_ROWS:
        raise CareError(f"a sheet holds {MOST_ROWS:,} rows, and the list has {len(rows):,}: write a .csv")
    for column, name in enumerate(rows.columns):
        cells = ["" if labels.is_nameless(cell) else labels.clean(str(cell))[:LONGEST] for cell in rows[name]]
        sheet.write_string(0, column, labels.clean(str(name)), bold)
        for row, cell in enumerate(cells, start=1):
            sheet.write_string(row, column, cell)
        longest = max((len(cell) for cell in cells), default=0)
        sheet.set_column(column, column, min(max(12, len(str(name)), longest), 80))
    sheet.freeze_panes(1, 0)
