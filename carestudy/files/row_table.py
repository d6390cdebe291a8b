"""The rows of a file or a sheet as they stand there, before anything is read into them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

OTHER_WIDTH = "has another number of cells than the header"
HEADER_AGAIN = "repeats the header"
TOTAL = "is a total of other rows"
BELOW_TOTAL = "stands below the total, as a signature does"
ERROR_CELL = "holds an error of the spreadsheet such as #REF!"
NOT_COMPUTED = "holds a formula whose result is not in the file: open it, compute it and save it again"


def _no_lines() -> Any:
    return np.array([], dtype=np.int64)


@dataclass(frozen=True)
class Rows:
    """The columns of a file or sheet, and the line on which each row starts.

    ``cells`` is an Arrow table with a column for each name, called "0", "1", ...; text, or in workbooks a number, a
    moment or a flag where the whole column is one. ``broken`` are the lines of rows that cannot be used, and
    ``reasons`` say why; ``above`` are the lines over the header that hold a title, and ``head`` is the last line of the
    header. Lines are counted from 1, those of sheets are their rows. ``hidden`` are the rows of a sheet that the
    workbook does not show. ``split`` is a column whose cells were cut in two by a separator, and the lines on which
    they were put together.
    """

    columns: list[str]
    cells: Any
    lines: Any
    broken: Any = field(default_factory=_no_lines)
    reasons: tuple[str, ...] = ()
    above: Any = field(default_factory=_no_lines)
    head: int = 1
    hidden: bool = False
    split: tuple[str, tuple[int, ...]] = ("", ())
