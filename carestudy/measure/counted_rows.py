"""What a figure counts, row by row: the rows of its own expressions before they are summed.

A kind answers with ``Counted``: a table in which ``COUNTS`` says what a row adds to one side of the figure, so that
the sum of that column is the figure's numerator or denominator. Where the figure counts customers, a row is one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from carestudy import engine
from carestudy.care import Care
from carestudy.contract import TABLES
from carestudy.measure.fractions import Fraction, Shape, by_customer, marked, sides
from carestudy.measure.rows import BUCKET, CLUSTER, OURS
from carestudy.measure.stock import Presence, Window, customers_in
from carestudy.periods import Period

COUNTS = "counts"
CUSTOMERS = "customers"
Side = Literal["numerator", "denominator"]
LETTERS: dict[Side, str] = {"numerator": f"{OURS}a_0", "denominator": f"{OURS}b_0"}


@dataclass(frozen=True)
class Counted:
    """Rows with what each adds to one side of a figure; ``of`` is their table, ``shows`` the columns it goes by."""

    rows: engine.Table
    of: str
    shows: tuple[str, ...] = ()


def side_of(fraction: Fraction, side: Side) -> engine.Value:
    """What a row counts on one side of a fraction, as a whole number."""
    return engine.integer(fraction.above if side == "numerator" else fraction.below)


def of_fractions(
    care: Care,
    fractions: Mapping[str, Fraction],
    shape: Shape,
    by: Sequence[str],
    periods: Sequence[Period],
    side: Side,
) -> Counted:
    """The rows that fractions count on one side; of several tables, what all of these have in common."""
    adding = {name: fraction for name, fraction in fractions.items() if _adds(fraction, side)}
    tables = {name: marked(care, name, [fraction], by, periods) for name, fraction in adding.items()}
    shows = [column for fraction in adding.values() for column in columns_read(fraction.above, fraction.below)]
    return of_shape(tables, shape, by, side, shows)


def of_shape(
    tables: Mapping[str, engine.Table], shape: Shape, by: Sequence[str], side: Side, shows: Sequence[str]
) -> Counted:
    """Rows with their numerators and denominators, or their customers where customers are counted on this side."""
    if shape.per_customer or shape.distinct or (shape.once and side == "denominator"):
        customers = by_customer(_alike(list(tables.values()), by), by, [shape])
        above, below = sides(customers, 0, shape)
        counts = above if side == "numerator" else below
        return Counted(customers.mutate(customer_id=customers[CLUSTER], **{COUNTS: counts}), CUSTOMERS)
    name = next(iter(tables))
    if len(tables) == 1:
        return Counted(tables[name].mutate(**{COUNTS: tables[name][LETTERS[side]]}), name, tuple(shows))
    rows = _alike(list(tables.values()), by)
    return Counted(rows.mutate(customer_id=rows[CLUSTER], **{COUNTS: rows[LETTERS[side]]}), " and ".join(tables))


def of_base(
    care: Care,
    count: Callable[[Presence], engine.Value],
    by: Sequence[str],
    window: Window,
) -> Counted:
    """The customers of the base that count in a window."""
    customers, counts = customers_in(care, count, by, window)
    return Counted(customers.mutate(**{COUNTS: engine.integer(counts)}), CUSTOMERS)


def columns_read(*expressions: engine.Value | int) -> list[str]:
    """The columns of a table that the definition of a figure reads."""
    values = [expression for expression in expressions if isinstance(expression, engine.Value)]
    return list(dict.fromkeys(column for value in values for column in engine.columns_of(value)))


def identity_of(name: str) -> list[str]:
    """The columns that say which row of a table it is: key, customer and moment."""
    contract = TABLES.get(name)
    identity = [contract.key, "customer_id", contract.time] if contract else ["customer_id"]
    return list(dict.fromkeys(column for column in identity if column))


def _adds(fraction: Fraction, side: Side) -> bool:
    constant = fraction.above if side == "numerator" else fraction.below
    return fraction.per_customer is not None or not (isinstance(constant, int) and constant == 0)


def _alike(tables: Sequence[engine.Table], by: Sequence[str]) -> engine.Table:
    """Rows of several tables below each other: groups, period, customer, and what they count."""
    streams = [
        table.select(*[table[d].cast("string").name(d) for d in by], BUCKET, CLUSTER, *LETTERS.values())
        for table in tables
    ]
    return streams[0] if len(streams) == 1 else engine.union(*streams)
