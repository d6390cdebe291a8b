"""Arithmetic over columns, as care.toml may say it: names, numbers, + - * / and brackets, and nothing else.

The grammar is closed and read here; no text of care.toml ever reaches the engine's own language.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import add, mul, sub
from typing import Any

from carestudy import engine
from carestudy.contract import CareError
from carestudy.load import parse

LONGEST = 500  # letters; brackets within brackets would be too deep before
SIGNS = str.maketrans({"−": "-", "–": "-", "×": "*", "÷": "/"})
TOKEN = re.compile(
    r"\s*(?:(?P<sign>[-+*/()])|(?P<number>\d+(?:\.\d+)?)(?![\w.])|`(?P<quoted>[^`]+)`|(?P<word>[^-+*/()`\s]+))"
)
EXACT = "%.14e"  # as many digits as a number of the engine surely holds


class NoFormula(CareError):
    """A text that does not follow the grammar."""


@dataclass(frozen=True)
class Formula:
    """A formula that was read: the columns in it, and how a number is computed from theirs."""

    names: tuple[str, ...]
    compute: Callable[[Mapping[str, Any]], Any]


def formula(written: str) -> Formula:
    """Read a formula.

    >>> formula("`Đơn giá` * Quantity * (1 − Discount)").names
    ('Đơn giá', 'Quantity', 'Discount')
    >>> formula("Price *")
    Traceback (most recent call last):
    carestudy.load.formulas.NoFormula: 'Price *' ends where a column or a number is needed
    """
    if len(written) > LONGEST:
        raise NoFormula(f"a formula has {LONGEST} letters at most")
    reader = _Reader(written, _tokens(written))
    compute = reader.sum()
    if reader.at() is not None:
        raise NoFormula(f"'{written}': an operator is missing before '{reader.at()}'")
    return Formula(tuple(dict.fromkeys(reader.names)), compute)


def is_formula(written: str) -> bool:
    """Whether a text has an operator and follows the grammar."""
    try:
        return bool(formula(written).names) and any(kind == "sign" for kind, _ in _tokens(written))
    except NoFormula:
        return False


def _tokens(written: str) -> list[tuple[str, str]]:
    """Names, numbers and signs; words that follow each other are one name."""
    tokens: list[tuple[str, str]] = []
    position, plain = 0, _outside_quotes(written).rstrip()
    while position < len(plain):
        match = TOKEN.match(plain, position)
        if match is None or match.lastgroup is None:
            raise NoFormula(f"'{written}': {plain[position:].strip()!r} is no column and no number")
        kind, symbol, position = match.lastgroup, match[match.lastgroup], match.end()
        if kind in ("word", "number") and tokens and tokens[-1][0] == "word":
            tokens[-1] = ("word", f"{tokens[-1][1]} {symbol}")
        else:
            tokens.append((kind, symbol))
    return tokens


def _outside_quotes(written: str) -> str:
    """The signs of print as those of programs, but for names in backticks."""
    quoted_pieces = written.split("`")
    return "`".join(segment if index % 2 else segment.translate(SIGNS) for index, segment in enumerate(quoted_pieces))


Compute = Callable[[Mapping[str, Any]], Any]


class _Reader:
    """One pass over the tokens: sums of products of factors."""

    def __init__(self, written: str, tokens: list[tuple[str, str]]) -> None:
        self._written, self._left = written, tokens
        self.names: list[str] = []

    def at(self, *signs: str) -> str | None:
        """What comes next, if it is one of these signs, or whatever it is."""
        if not self._left or (signs and (self._left[0][0] != "sign" or self._left[0][1] not in signs)):
            return None
        return self._left[0][1]

    def sum(self) -> Compute:
        """Products that are added and taken away."""
        compute = self._product()
        while self.at("+", "-"):
            compute = _of_two({"+": add, "-": sub}[self._next()[1]], compute, self._product())
        return compute

    def _product(self) -> Compute:
        compute = self._factor()
        while self.at("*", "/"):
            compute = _of_two({"*": mul, "/": _divided}[self._next()[1]], compute, self._factor())
        return compute

    def _factor(self) -> Compute:
        kind, symbol = self._next()
        if kind == "number":
            return lambda _: engine.literal(float(symbol))
        if kind != "sign":
            self.names.append(symbol)
            return lambda values: values[symbol]
        if symbol == "-":
            return _of_two(sub, lambda _: engine.literal(0.0), self._factor())
        if symbol != "(":
            raise NoFormula(f"'{self._written}': a column or a number is needed at '{symbol}'")
        compute = self.sum()
        if not self._left or self._next()[1] != ")":
            raise NoFormula(f"'{self._written}': a bracket is not closed")
        return compute

    def _next(self) -> tuple[str, str]:
        if not self._left:
            raise NoFormula(f"'{self._written}' ends where a column or a number is needed")
        return self._left.pop(0)


def _of_two(sign: Callable[[Any, Any], Any], left: Compute, right: Compute) -> Compute:
    return lambda values: _exact(sign(left(values), right(values)))


def _divided(left: Any, right: Any) -> engine.Value:
    return left / (right == 0).ifelse(engine.null("float64"), right)


def _exact(number: Any) -> Any:
    """The nearest number of 15 digits: 3 * 2.55 is 7.65, and what is computed from it as well."""
    return parse.printf(EXACT, number).try_cast("float64")
