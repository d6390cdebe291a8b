"""Numbers and amounts as people write them, read strictly: what could be two numbers is none."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from babel.numbers import get_currency_precision, get_currency_symbol, list_currencies

from carestudy import engine
from carestudy.load.mapping import NUMBERS

# "950.000" is nine hundred and fifty, or thousand: only who wrote it knows.
AMBIGUOUS = r"^[+-]?[1-9]\d{0,2}\.\d{3}$"
# As programs write a number that is not whole: no rule of ours takes its point for anything else.
EXACT = r"^[+-]?\d(\.\d+)?e[+-]?\d{1,3}$"
EXACT_TO = 1 << 53  # whole numbers beyond are not all told apart by floating point numbers
SPACED = r"^[+-]?\d{1,3}( \d{3})+([.,]\d+)?$"
PERCENT = r"\s*[%％﹪]$"
WIDE, NARROW = "０１２３４５６７８９．，－", "0123456789.,-"
FINE_DECIMALS = 6
FINE = 10**FINE_DECIMALS
OWN_MARKS = {"VND": ("đ", "₫", "vnđ", "đồng", "dong"), "USD": ("us$", "$"), "EUR": ("€",)}


@engine.builtin(name="translate")  # type: ignore[untyped-decorator]
def translate(text: str, letters: str, into: str) -> str:  # type: ignore[empty-body]
    """Text with each of some letters as another."""


def number(column: engine.Value, form: str | None) -> engine.Value:
    """A column of numbers, null where a cell is none; one with a percent sign is so many hundredths: 85% is 0.85."""
    kind = column.type()
    if kind.is_string():
        value = _digits(column.re_replace(PERCENT, ""), form).try_cast("float64")
        return column.re_search(PERCENT).ifelse(value / 100, value)
    if not kind.is_numeric() or kind.is_boolean():
        return engine.null("float64")
    value = column.cast("float64")
    return only_if(~(value.isnan() | value.isinf()), value)


def money(column: engine.Value, form: str | None, currency: str) -> Any:
    """Whole numbers of the currency's smallest unit, halves rounded away from zero; brackets mean less than nothing."""
    decimals = get_currency_precision(currency)
    kind = column.type()
    if not kind.is_string() and (not kind.is_numeric() or kind.is_boolean()):
        return engine.null("int64")
    if kind.is_integer() and not decimals:
        return column.try_cast("int64")
    amount = _digits(_unmarked(column, currency), form) if kind.is_string() else column
    return (amount.try_cast(f"decimal(30, {decimals})") * 10**decimals).try_cast("int64")


def remainder(amount: Any, units: Any, currency: str) -> engine.Value:
    """What rounding to the smallest unit took from amounts, in parts of ``FINE`` of that unit."""
    decimals = get_currency_precision(currency) + FINE_DECIMALS
    fine = (amount.try_cast(f"decimal(30, {decimals})") * 10**decimals).try_cast("int64")
    return (fine - units * FINE).fill_null(0)


def with_remainders(units: Any, remainders: Any) -> engine.Value:
    """Sums of whole units and of what rounding took from each, rounded once; halves go away from zero."""
    sign = (units < 0).ifelse(-1, 1)
    return (units + sign * ((sign * remainders + FINE // 2) / FINE).floor()).cast("int64")


def operand(column: engine.Value, form: str | None, currency: str) -> engine.Value:
    """A column of numbers of which some may carry the company's currency mark, as something is computed from them."""
    if not column.type().is_string():
        return number(column, form)
    return number(_unmarked(column, currency), form)


def rounded(column: engine.Value) -> Any | None:
    """Whether an id is a number of more digits than floating point numbers tell apart; None where no column holds such.

    Two ids that differ in their last digits are then one number: 24680135791357901 and ...902.
    """
    kind = column.type()
    if kind.is_floating():
        return (column.abs() >= float(EXACT_TO)).fill_null(False)  # noqa: FBT003
    if kind.is_string():  # as pandas writes such a column
        long = column.re_search(r"^\s*\d{16,}\.0+\s*$")
        return (long & (only_if(long, column).try_cast("float64") >= float(EXACT_TO))).fill_null(False)  # noqa: FBT003
    return None


def foreign(text: engine.Value, currency: str) -> engine.Value:
    """Whether an amount carries the mark of a currency that is not the company's."""
    foreign_marks = {mark for code in list_currencies() for mark in _marks(code)} - set(_marks(currency))
    return text.re_search(_at_an_end(tuple(sorted(foreign_marks))))


def is_own(text: Any, currency: str) -> engine.Value:
    """Whether a word names the company's currency."""
    return text.lower().isin(_marks(currency))


def _unmarked(text: engine.Value, currency: str) -> engine.Value:
    """An amount without the company's own currency mark, and -5 for (5)."""
    mark = _at_an_end(_marks(currency))
    return text.re_replace(mark, r"\1").re_replace(r"^\(([^()]*)\)$", r"-\1").re_replace(mark, r"\1")


@cache
def _marks(currency: str) -> tuple[str, ...]:
    symbols = {get_currency_symbol(currency, locale).lower() for locale in ("en", "vi")}
    marks = {*symbols, *OWN_MARKS.get(currency, ()), currency.lower()}
    # "$" is a mark of many; without more, it is the dollar's of the United States.
    return tuple(sorted(marks - ({"$"} if currency != "USD" else set()), key=lambda mark: (-len(mark), mark)))


def _at_an_end(marks: tuple[str, ...]) -> str:
    """A pattern for one of the marks before or after a number."""
    alternatives = "|".join(re.escape(mark) for mark in sorted(marks, key=lambda mark: (-len(mark), mark)))
    return rf"(?i)^([+-]?)\s*(?:{alternatives})\s*|\s*(?:{alternatives})\s*$"


def _digits(column: Any, form: str | None) -> engine.Value:
    """A written number with a plain decimal point, null where it has another form or could be read in two ways."""
    group, point = NUMBERS[form or "1234.5"]
    integer_part = rf"(\d+|\d{{1,3}}({re.escape(group)}\d{{3}})+)" if group else r"\d+"
    text = translate(column, WIDE, NARROW)
    text = text.re_search(SPACED).ifelse(text.replace(" ", ""), text)
    clear = text.re_search(rf"^[+-]?{integer_part}({re.escape(point)}\d+)?$")
    if form is None:
        clear = clear & ~text.re_search(AMBIGUOUS)
    plain = text.replace(group, "") if group else text
    plain = plain.replace(point, ".") if point != "." else plain
    return engine.cases((text.re_search(EXACT), text), (clear, plain), else_=engine.null("string"))


def only_if(condition: engine.Value, value: engine.Value) -> engine.Value:
    """A value where a condition holds, null elsewhere."""
    return condition.ifelse(value, engine.null(value.type()))
