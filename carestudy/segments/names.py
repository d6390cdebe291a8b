"""What segments are called: by rule, from the features in which they differ most from the middle."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

EVERYBODY = "everybody"
CLEAR, STRONG = 0.25, 1.0  # interquartile ranges between a segment's median and that of all
MOST = 2
LEVELS = ("very_low", "low", "middle", "high", "very_high")


def named(features: Sequence[str], medians: Any) -> list[str]:
    """A code for each segment, such as "orders_per_month:high,typical_order:low", unique and always the same.

    ``medians`` are those of the scaled features, a row a segment. A name holds the two features farthest from the
    middle, each high or low where the median is at least a quarter of an interquartile range away, else middle; names
    that are alike get more features, then very high and very low, and at last numbers. Readers are told in words.

    >>> named(["orders", "amount"], [[1.5, 0.1], [-0.5, -0.4]])
    ['orders:high,amount:middle', 'orders:low,amount:low']
    """
    rows = np.asarray(medians, float).reshape(-1, len(features))
    if len(rows) == 1:
        return [EVERYBODY]
    codes = [_code(features, row, MOST, strong=False) for row in rows]
    for most, strong in ((len(features), False), (MOST, True), (len(features), True)):
        again = {code for code in codes if codes.count(code) > 1}
        codes = [
            _code(features, row, most, strong=strong) if code in again else code
            for code, row in zip(codes, rows, strict=True)
        ]
    return unique(codes)


def unique(codes: Sequence[str], taken: Sequence[str] = ()) -> list[str]:
    """The codes, those that are there already with a number."""
    chosen: list[str] = []
    for code in codes:
        name, number = code, 1
        while name in chosen or name in taken:
            number += 1
            name = f"{code},{number}"
        chosen.append(name)
    return chosen


def read(code: str) -> tuple[list[tuple[str, str]], int]:
    """The features of a code with their levels, and its number.

    >>> read("orders:high,amount:low,2")
    ([('orders', 'high'), ('amount', 'low')], 2)
    """
    fields_ = code.split(",")
    number = int(fields_.pop()) if fields_[-1].isdigit() else 1
    pairs = [field.partition(":") for field in fields_ if ":" in field]
    return [(feature, level) for feature, _, level in pairs], number


def _code(features: Sequence[str], row: Any, most: int, *, strong: bool) -> str:
    far = sorted(range(len(features)), key=lambda position: (-abs(row[position]), position))
    chosen = sorted(far[:most])  # in the order of the features, so that names are easily compared
    return ",".join(f"{features[position]}:{_level(row[position], strong=strong)}" for position in chosen)


def _level(value: float, *, strong: bool) -> str:
    if abs(value) < CLEAR:
        return "middle"
    side = "high" if value > 0 else "low"
    return f"very_{side}" if strong and abs(value) >= STRONG else side
