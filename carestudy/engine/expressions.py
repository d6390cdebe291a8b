"""The words in which tables and columns are described to an engine; nothing here runs a query.

A ``Table`` is rows that have not been computed, a ``Value`` a column of one or a constant. Both are Ibis' own today:
whoever replaces Ibis writes these names, and the methods of the two that are called above.
"""

from __future__ import annotations

import ibis
from ibis.expr.types import BooleanValue, Table, Value
from ibis.expr.types import Expr as Expression

__all__ = ["Backend", "BooleanValue", "Expression", "Table", "Value"]

Backend = ibis.BaseBackend  # an open connection to an engine

# Constants
literal = ibis.literal
null = ibis.null
interval = ibis.interval
array = ibis.array
struct = ibis.struct

# Choices within a row
cases = ibis.cases
coalesce = ibis.coalesce
greatest = ibis.greatest
least = ibis.least
any_of = ibis.or_

# Places in an order
window = ibis.window
cumulative_window = ibis.cumulative_window
row_number = ibis.row_number
rank = ibis.rank
descending = ibis.desc

# Tables below each other
union = ibis.union

# A function that an engine has and Ibis has no word for: a decorator of its signature
builtin = ibis.udf.scalar.builtin
