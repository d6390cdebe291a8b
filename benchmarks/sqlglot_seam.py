"""The seam by sqlglot alone, for ratios and totals: a measurement of what it would take to do without Ibis.

The words are those with which ``carestudy.kpi`` defines its figures, so that the definitions themselves are used as
they are; tables are named as in the engine, groups are columns of the table, and periods follow each other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from sqlglot import exp

from carestudy.contract import TABLES
from carestudy.measure.fractions import SUMS, Fraction, Shape
from carestudy.periods import Period

WIDE = "DECIMAL(19, 0)"


@dataclass(frozen=True, eq=False)
class Value:
    """A column or constant, and whether it is a condition."""

    node: exp.Expression
    condition: bool = False

    def type(self) -> Value:
        """What ``Shape`` asks for the type."""
        return self

    def is_boolean(self) -> bool:
        """Whether it is a condition."""
        return self.condition

    def _with(self, operation: type[exp.Binary], other: Any, *, condition: bool = False) -> Value:
        return Value(operation(this=_inner(self), expression=_inner(value(other))), condition)

    def __eq__(self, other: object) -> Value:  # type: ignore[override]
        return self._with(exp.EQ, other, condition=True)

    def __ne__(self, other: object) -> Value:  # type: ignore[override]
        return self._with(exp.NEQ, other, condition=True)

    def __ge__(self, other: object) -> Value:
        return self._with(exp.GTE, other, condition=True)

    def __le__(self, other: object) -> Value:
        return self._with(exp.LTE, other, condition=True)

    def __lt__(self, other: object) -> Value:
        return self._with(exp.LT, other, condition=True)

    def __and__(self, other: Any) -> Value:
        return self._with(exp.And, other, condition=True)

    def __or__(self, other: Any) -> Value:
        return self._with(exp.Or, other, condition=True)

    def __sub__(self, other: Any) -> Value:
        return self._with(exp.Sub, other)

    def __mul__(self, other: Any) -> Value:
        return self._with(exp.Mul, other)

    def isnull(self) -> Value:
        """Whether it is missing."""
        return Value(exp.Is(this=_inner(self), expression=exp.Null()), condition=True)

    def notnull(self) -> Value:
        """Whether it is there."""
        return Value(exp.Not(this=self.isnull().node), condition=True)

    def ifelse(self, yes: Any, no: Any) -> Value:
        """One value where the condition holds, the other where it does not or is not known."""
        return Value(exp.Case(ifs=[exp.If(this=self.node.copy(), true=value(yes).node)], default=value(no).node))

    def fill_null(self, replacement: Any) -> Value:
        """The value, or this one where it is missing."""
        return Value(exp.Coalesce(this=self.node.copy(), expressions=[value(replacement).node]), self.condition)

    def cast(self, kind: str) -> Value:
        """As another type."""
        return Value(exp.Cast(this=self.node.copy(), to=exp.DataType.build(kind)))

    def round(self) -> Value:
        """The nearest whole number."""
        return Value(exp.Round(this=self.node.copy())).cast("BIGINT")

    def sum(self) -> Value:
        """The sum over the rows of a group, 0 of none."""
        return Value(exp.Sum(this=self.node.copy())).fill_null(0).cast("DECIMAL(38, 0)")

    def max(self) -> Value:
        """The largest of a group."""
        return Value(exp.Max(this=self.node.copy()))


class Rows:
    """The columns of one table, as the author of a figure names them."""

    def __init__(self, columns: Sequence[str]) -> None:
        self._columns = columns

    def __getattr__(self, column: str) -> Value:
        if column not in self._columns:
            raise AttributeError(column)
        return Value(exp.column(column, quoted=True))

    @property
    def every(self) -> Value:
        """True in every row."""
        return value(True)  # noqa: FBT003

    @property
    def from_customers(self) -> Value:
        """All contacts but those that the company made."""
        return self.direction.isnull() | (self.direction != "outbound") if "direction" in self._columns else self.every


def value(plain: Any) -> Value:
    """A constant as a value; one of Ibis by what it holds."""
    if isinstance(plain, Value):
        return Value(plain.node.copy(), plain.condition)
    plain = plain.op().value if hasattr(plain, "op") else plain
    return Value(exp.convert(plain), isinstance(plain, bool))


def query(
    columns: Mapping[str, Sequence[str]],
    fractions: Mapping[str, Fraction],
    shape: Shape,
    by: Sequence[str],
    periods: Sequence[Period],
) -> exp.Select:
    """The sums of a figure as one query, a row for each group and period."""
    streams: list[exp.Query] = [_stream(columns[name], name, fractions[name], by, periods) for name in fractions]
    rows = reduce(lambda top, bottom: exp.union(top, bottom, distinct=False, copy=False), streams)
    a, b, whose = (Value(exp.column(name)) for name in ("a", "b", "cluster"))
    if not shape.distinct:  # rows that count nothing are nobody's
        whose = or_(a != 0, b != 0).ifelse(whose, nothing())
    inner = {"a": a.max() if shape.distinct else a.sum(), "b": b.max() if shape.once else b.sum()}
    if shape.squares:
        inner["s"] = (a * a).sum()
    if not (shape.once or shape.per_customer or shape.flags):
        inner["n"] = (b != 0).ifelse(1, 0).sum()
    keys = [*by, "period"]
    customers = _grouped(rows, keys, inner, whose)
    return _grouped(customers, keys, _outer(shape), None).order_by(*map(exp.column, keys), copy=False)


def nothing() -> Value:
    """No value."""
    return Value(exp.Null())


def _stream(
    columns: Sequence[str], name: str, fraction: Fraction, by: Sequence[str], periods: Sequence[Period]
) -> exp.Select:
    """The rows of a table in the periods: groups, first day of the period, whose row it is, what it counts."""
    rows, contract = Rows(columns), TABLES[name]
    time = getattr(rows, str(contract.time))
    first, after = (exp.cast(exp.Literal.string(str(day)), "TIMESTAMP") for day in (periods[0].start, periods[-1].end))
    alone = exp.Concat(expressions=[exp.Literal.string("#"), getattr(rows, str(contract.key)).node])
    bucket = exp.TimestampTrunc(this=time.node, unit=exp.var(str(periods[0].unit).upper()))
    return (
        exp.select(*[exp.cast(getattr(rows, group).node, "TEXT").as_(group) for group in by], copy=False)
        .select(exp.cast(bucket, "DATE").as_("period"), copy=False)
        .select(rows.customer_id.fill_null(Value(alone)).node.as_("cluster"), copy=False)
        .select(_integer(fraction.above).as_("a"), _integer(fraction.below).as_("b"), copy=False)
        .from_(exp.to_table(name), copy=False)
        .where((time >= Value(first)).node, (time < Value(after)).node, copy=False)
    )


def _grouped(rows: exp.Query, keys: Sequence[str], sums: Mapping[str, Value], whose: Value | None) -> exp.Select:
    grouping = [exp.column(key) for key in keys]
    selected = [*grouping, *([whose.node.as_("customer")] if whose else [])]
    columns = [*selected, *(total.node.as_(name) for name, total in sums.items())]
    groups = [exp.Literal.number(place + 1) for place in range(len(selected))]
    return exp.select(*columns, copy=False).from_(rows.subquery("inner_rows", copy=False), copy=False).group_by(*groups)


def _outer(shape: Shape) -> dict[str, Value]:
    a, b, n, s = (Value(exp.column(name)).cast("BIGINT") for name in "abns")
    if shape.per_customer:
        a, b = (Value(_integer(side)) for side in shape.per_customer(a, b))
    counted = (b != 0).ifelse(1, 0).sum()
    wide = [side.cast(WIDE) for side in (a, b)] if shape.wide else [a, b]
    cases = counted if shape.once or shape.per_customer else (b if shape.flags else n).sum()
    sums = [a.sum(), b.sum(), cases, counted, (s if shape.squares else a * 0).sum()]
    products = [(wide[0] * wide[0]).sum(), (wide[0] * wide[1]).sum(), (wide[1] * wide[1]).sum()]
    return dict(zip(SUMS, [*sums, *products], strict=True))


def _integer(counted: Any) -> exp.Expression:
    side = value(counted)
    return (side.ifelse(1, 0) if side.condition else side.fill_null(0)).cast("BIGINT").node


def _inner(side: Value) -> exp.Expression:
    node = side.node.copy()
    return exp.Paren(this=node) if isinstance(node, exp.Binary | exp.Not | exp.Is) else node
