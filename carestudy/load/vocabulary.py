"""Words of cells as they are compared with the words of care.toml: ``values`` and ``where`` compare alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from carestudy import engine
from carestudy.load import parse

# A day within a word, as care.toml writes it, and as cells do: in small letters, with the clock beside it.
DATE = "{date}"
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_CLOCK = r"\d{1,2}(?::|h|g)\d{2}(?::\d{2})?(?: ?[ap]m)?"
_DAYS = (
    r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}", r"\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d{2})",
    r"\d{1,2} (?:tháng|thg\.?) ?\d{1,2},?(?: năm)? \d{4}", rf"\d{{1,2}} {_MONTH},? \d{{4}}",
    rf"{_MONTH} \d{{1,2}},? \d{{4}}",
)  # fmt: skip
WRITTEN_DAY = rf"\b(?:{_CLOCK},? )?(?:{'|'.join(_DAYS)})(?:(?:,? |t){_CLOCK})?\b"


def translated(column: Any, words: Mapping[str, str]) -> engine.Value:
    """The column in the words of the contract, where care.toml says which stands for which; other words stay.

    A word with ``{date}`` is that word with any day in it; one without comes before it.
    """
    word = as_word(column)
    cases = [(word == theirs, ours) for theirs, ours in words.items() if DATE not in theirs]
    if any(DATE in theirs for theirs in words):
        bare = undated(word)
        cases += [(bare == theirs, ours) for theirs, ours in words.items() if DATE in theirs]
    return engine.cases(*cases, else_=parse.clean(parse.as_text(column)))


def as_word(column: Any) -> engine.Value:
    """The column as words are compared: small letters with single spaces; nothing is the empty word."""
    return parse.clean(parse.as_text(column)).lower().re_replace(r"\s+", " ").fill_null("")


def as_written(column: Any) -> engine.Value:
    """The column's text as it stands in its cells, with single spaces."""
    return parse.clean(parse.as_text(column)).re_replace(r"\s+", " ")


def holds(column: Any, words: Sequence[str]) -> Any:
    """Whether each cell is one of some words; ``{date}`` in a word stands for any day, with or without a clock."""
    word = as_word(column)
    dated = [word_ for word_ in words if DATE in word_]
    fits = word.isin([word_ for word_ in words if DATE not in word_]) if len(dated) < len(words) else None
    if not dated:
        return fits
    matches_dated = undated(word).isin(dated)
    return matches_dated if fits is None else fits | matches_dated


def undated(word: engine.Value) -> engine.Value:
    """A word with ``{date}`` in place of each day in it: words that differ only by a day are then one.

    Days are those of the calendar (12/10/2026, 2026-10-12, 12 Oct 2026, 12 tháng 10 2026), with a clock or without.
    """
    return word.re_replace(WRITTEN_DAY, DATE)
