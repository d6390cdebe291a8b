"""How a whole column writes its numbers: decided by all of its values, or a question."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

MARK = (
    r"(?i)^[\s(+-]*(₫|đ|vnđ|vnd|đồng|us\$|\$|usd|€|eur|£|gbp|¥|jpy)|(₫|đ|vnđ|vnd|đồng|\$|usd|€|eur|£|gbp|¥|jpy)[\s)]*$"
)
TRIM = r"(?i)(₫|vnđ|vnd|đồng|đ|us\$|\$|usd|€|eur|£|gbp|¥|jpy|%|\s|\x{a0}|\x{202f}|^[+-]|^\(|\)$)"
SHAPES = {
    "whole": r"^\d+$",
    "groups.": r"^\d{1,3}(\.\d{3}){2,}$",
    "groups,": r"^\d{1,3}(,\d{3}){2,}$",
    "both,": r"^\d{1,3}(\.\d{3})+,\d+$",
    "both.": r"^\d{1,3}(,\d{3})+\.\d+$",
    "either.": r"^[1-9]\d{0,2}\.\d{3}$",
    "either,": r"^[1-9]\d{0,2},\d{3}$",
    "point.": r"^\d+\.\d+$",
    "point,": r"^\d+,\d+$",
}
# What a shape says: a point before decimals, or one between thousands.
COMMA = ("groups.", "both,", "point,")
POINT = ("groups,", "both.", "point.")
POINTED = ("both,", "both.", "point.", "point,")  # with a mark before decimals
DEFAULT = "1234.5"
# What parts thousands in each form, and what stands before decimals.
MARKS_OF = {"1,234.5": (",", "."), "1.234,5": (".", ","), DEFAULT: (",", "."), "1234,5": (".", ",")}


@dataclass(frozen=True)
class Numbers:
    """What the numbers of a column look like: how many cells are numbers, and in which form, or in which of several."""

    share: float = 0.0
    form: str | None = None
    choices: tuple[str, ...] = ()
    why: str = ""
    likely: bool = False  # decided by more than what stands there
    marks: frozenset[str] = frozenset()
    low: float = 0.0
    high: float = 0.0
    decimals: bool = False
    thousands: bool = False  # whether what could be read in two ways ends in 000 throughout

    @property
    def whole(self) -> bool:
        """Whether there is no number with decimals."""
        return self.share > 0 and not self.decimals


def typed(values: Any) -> Numbers:
    """The numbers of a column that holds numbers."""
    numbers = np.asarray(pc.drop_null(values.cast(pa.float64())))
    numbers = numbers[np.isfinite(numbers)]
    if not len(numbers):
        return Numbers()
    decimals = bool((numbers != np.floor(numbers)).any())
    return Numbers(1.0, low=float(numbers.min()), high=float(numbers.max()), decimals=decimals)


def written(values: Any, counts: Any) -> Numbers:
    """The numbers of a column of text, from its different values and how often each stands there."""
    bare = pc.replace_substring_regex(values, TRIM, "")
    taken = np.zeros(len(bare), dtype=bool)
    fits_by_shape: dict[str, Any] = {}
    for shape, pattern in SHAPES.items():
        fits = np.asarray(pc.match_substring_regex(bare, pattern)) & ~taken
        if fits.any():
            fits_by_shape[shape] = fits
            taken |= fits
    total = int(counts.sum())
    if not total or not fits_by_shape:
        return Numbers()
    marks = pc.extract_regex(values, MARK.replace("(₫", "(?P<a>₫", 1).replace("|(₫", "|(?P<b>₫"))
    share = int(counts[taken].sum()) / total
    form, choices, why = _form(fits_by_shape)
    nowhere = np.zeros(len(bare), dtype=bool)
    either = bare.filter(pa.array(fits_by_shape.get("either.", nowhere) | fits_by_shape.get("either,", nowhere)))
    low, high = _range(bare.filter(pa.array(taken)), form or (choices or (DEFAULT,))[0])
    return Numbers(
        share, form, choices, why, marks=_marks(marks), low=low, high=high,
        decimals=any(_fractions(bare, fits_by_shape[shape]) for shape in POINTED if shape in fits_by_shape),
        thousands=bool(pc.all(pc.ends_with(either, "000")).as_py()) if len(either) else False,
    )  # fmt: skip


def of_whole_money(numbers: Numbers, currency: str, *, sure: bool) -> Numbers:
    """Amounts of a currency without decimals: 950.000 can only be nine hundred and fifty thousand."""
    if not numbers.choices or not (sure or numbers.thousands) or numbers.why.startswith("some"):
        return numbers
    why = f"{currency} has no decimals, so a mark before three digits parts thousands"
    return replace(numbers, form=numbers.choices[0], choices=(), why=why, likely=True, decimals=False)


def _form(fits_by_shape: dict[str, Any]) -> tuple[str | None, tuple[str, ...], str]:
    """The form that all shapes allow; or those between which nothing decides."""
    comma, point = any(shape in fits_by_shape for shape in COMMA), any(shape in fits_by_shape for shape in POINT)
    if comma and point:
        return None, ("1.234,5", "1,234.5"), "some numbers have a decimal comma and others a decimal point"
    if comma:
        grouped = {"groups.", "both,", "either."} & set(fits_by_shape)
        return ("1.234,5", (), "points part thousands") if grouped else ("1234,5", (), "commas stand before decimals")
    if point:
        if {"groups,", "both.", "either,"} & set(fits_by_shape):
            return "1,234.5", (), "commas part thousands"
        return (DEFAULT if "either." in fits_by_shape else None), (), "points stand before decimals"
    return _open({"either.", "either,"} & set(fits_by_shape))


def _open(either: set[str]) -> tuple[None, tuple[str, ...], str]:
    """Between which forms nothing decides, where all that is there stands before three digits."""
    if len(either) == 2:
        return None, ("1.234,5", "1,234.5"), "some numbers have a point and others a comma before three digits"
    if "either." in either:
        return None, ("1.234,5", DEFAULT), "a point stands before three digits: of thousands or of decimals"
    if "either," in either:
        return None, ("1,234.5", "1234,5"), "a comma stands before three digits: of thousands or of decimals"
    return None, (), ""


def _fractions(bare: Any, fits: Any) -> bool:
    """Whether any of these numbers has decimals that are not zero: 12008.0 is a whole number that a program wrote."""
    return not pc.all(pc.match_substring_regex(bare.filter(pa.array(fits)), r"[.,]0+$")).as_py()


def _range(bare: Any, form: str) -> tuple[float, float]:
    group, point = MARKS_OF[form]
    plain = pc.replace_substring(pc.replace_substring(bare, group, ""), point, ".")
    readable = plain.filter(pc.match_substring_regex(plain, r"^\d{1,30}(\.\d+)?$"))
    numbers = np.asarray(readable.cast(pa.float64()))
    return (float(numbers.min()), float(numbers.max())) if len(numbers) else (0.0, 0.0)


def _marks(split: Any) -> frozenset[str]:
    texts = {text for name in ("a", "b") for text in pc.unique(pc.struct_field(split, name)).to_pylist()}
    return frozenset(text.lower() for text in texts if text)
