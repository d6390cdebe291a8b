"""The seam between the figures and the engine that computes them: everything above states here what it needs.

Down go tables and expressions: the words of ``expressions`` (literal, cases, window, union ...), the idioms that every
engine computes alike (``idioms``), and the methods of tables and columns (filter, mutate, group_by, aggregate, join).
The counts and sums of figures are one query each, ``integer_sums``.
Up come integers, text, days and moments of a few groups, in pandas or Arrow (``queries``), or ``CareError`` in our own
words (``problems``): divisions, means and intervals are computed above, on that small frame.

Ibis stands behind this package, which is the only one that imports it beside the two modules of ``carestudy.load``
that open an engine.
"""

from carestudy.engine.expressions import (
    Backend,
    BooleanValue,
    Expression,
    Table,
    Value,
    any_of,
    array,
    builtin,
    cases,
    coalesce,
    cumulative_window,
    descending,
    greatest,
    interval,
    least,
    literal,
    null,
    rank,
    row_number,
    struct,
    union,
    window,
)
from carestudy.engine.idioms import (
    bounds_passed,
    days,
    different,
    has_text,
    integer,
    medians,
    next_in,
    product_sum,
    small_table,
    total,
    true,
    within,
)
from carestudy.engine.needed_columns import Reading, columns_of, reading, replaced, without_rows
from carestudy.engine.problems import OUT_OF_MEMORY, trouble
from carestudy.engine.queries import answer, fetch, frame, integer_sums, overheard, unheard
from carestudy.engine.row_sql import row_sql, table_without_rows

__all__ = [
    "OUT_OF_MEMORY",
    "Backend",
    "BooleanValue",
    "Expression",
    "Reading",
    "Table",
    "Value",
    "answer",
    "any_of",
    "array",
    "bounds_passed",
    "builtin",
    "cases",
    "coalesce",
    "columns_of",
    "cumulative_window",
    "days",
    "descending",
    "different",
    "fetch",
    "frame",
    "greatest",
    "has_text",
    "integer",
    "integer_sums",
    "interval",
    "least",
    "literal",
    "medians",
    "next_in",
    "null",
    "overheard",
    "product_sum",
    "rank",
    "reading",
    "replaced",
    "row_number",
    "row_sql",
    "small_table",
    "struct",
    "table_without_rows",
    "total",
    "trouble",
    "true",
    "unheard",
    "union",
    "window",
    "within",
    "without_rows",
]
