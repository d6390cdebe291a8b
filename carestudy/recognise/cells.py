"""Whether the cells of a column are what a column of the contract holds."""

from __future__ import annotations

import re
from collections.abc import Mapping

from carestudy.contract import TABLES
from carestudy.load.parse import NO, YES
from carestudy.recognise import words
from carestudy.recognise.column import Column

MOST_WORDS = 60
TOLD = re.compile(r"@|(\d[\s.-]?){7}|.{41}")  # what may tell of a person is never repeated
GROUPS = ("kind", "direction", "stage", "channel")
FLAGS = tuple(name for table in TABLES.values() for name, kind in table.columns.items() if kind == "flag")
LONGER = re.compile(r"phút|giờ|\bmin(s|utes?)?\b|\bhours?\b|\bhrs?\b")
CLOCK = re.compile(r"\d{1,3}:[0-5]\d(:[0-5]\d)?")
EMPTY = 0.8  # an empty column speaks neither for nor against


def agrees(column: Column, table: str, name: str) -> float:
    """How well the cells fit: 0 where they cannot be what the contract asks for, 1 where they can."""
    if not column.filled:
        return EMPTY
    match TABLES[table].columns[name]:
        case "date" | "time":
            return 1.0 if column.dates.share > 0.6 else 0.85 if column.counted_dates.share else 0.0
        case "money":
            return 1.0 if column.numbers.share > 0.8 and not column.personal else 0.0
        case "number":
            if name == "handling_seconds":
                return float(not LONGER.search(column.name.lower()) and (column.numbers.share > 0.8 or clocked(column)))
            return 1.0 if column.numbers.share > 0.8 else 0.95 if scored(column) else 0.0
        case "integer":
            return float(column.numbers.share > 0.8 and column.numbers.low >= 1900 and column.numbers.high <= 2030)
        case "flag":
            return _flag(column, name)
    return _text(column, table, name)


def clocked(column: Column) -> bool:
    """Whether nearly all cells are durations such as 00:02:23."""
    texts = column.values.to_pylist() if column.kind == "text" else []
    cells = sum(int(n) for text, n in zip(texts, column.counts, strict=True) if CLOCK.fullmatch(text))
    return cells > 0.8 * (column.filled - _nothing(column))


def scored(column: Column) -> dict[str, str]:
    """The score that each word of a column stands for, if nearly all of its words do: "5 sao", "Rất hài lòng"."""
    if len(column.values) > 2 * MOST_WORDS or column.numbers.share > 0.8:
        return {}
    texts = column.values.to_pylist()
    found = {text: words.value_of("score", text) or _leading(text) for text in texts if not TOLD.search(text)}
    known = {text: score for text, score in found.items() if score}
    cells = sum(int(count) for text, count in zip(texts, column.counts, strict=True) if text in known)
    return known if known and cells > 0.8 * (column.filled - _nothing(column)) and len(known) > 1 else {}


def labelled(column: Column) -> dict[str, str]:
    """The score of each word of a column of scores, also where only the ends of the scale have words: "10 - Có"."""
    if len(column.values) > 2 * MOST_WORDS or column.numbers.share <= 0.8:
        return scored(column)
    worded = [text for text in column.values.to_pylist() if any(map(str.isalpha, text)) and not TOLD.search(text)]
    return {text: score for text in worded if (score := _leading(text))}


def flagged(column: Column, name: str) -> dict[str, str]:
    """Which words of a column mean yes and which no, if all are known and are not read so anyway."""
    if column.flags or len(column.values) > MOST_WORDS:
        return {}
    if name == "reopened" and column.numbers.share > 0.9 and column.numbers.whole and column.numbers.low == 0:
        numbers = sorted(text for text in column.values.to_pylist() if text not in column.nothing)
        return {text: "false" if float(text) == 0 else "true" for text in numbers} if column.numbers.high <= 100 else {}
    found = {text: _yes_or_no(text) or words.value_of(name, text) for text in column.values.to_pylist()}
    known = {text: word for text, word in found.items() if word}
    if name == "returned" and "true" in known.values():
        return known
    return known if known and set(found) - set(known) <= set(column.nothing) else {}


def unknown(column: Column, known: Mapping[str, str]) -> list[str]:
    """The words of a column of which nobody knows yet whether they mean yes or no, without those that tell of people.

    A column that says more than words, or each only once, has none that could be asked for.
    """
    texts = column.values.to_pylist() if known else []
    return sorted(text for text in texts if text not in (*known, *column.nothing) and not TOLD.search(text))


def speaks(column: Column, group: str) -> float:
    """In how many of its cells a column uses words that are known for a group."""
    if not column.filled or len(column.values) > MOST_WORDS:
        return 0.0
    known = [words.value_of(group, text) is not None for text in column.values.to_pylist()]
    return float(column.counts[known].sum()) / column.filled


def _flag(column: Column, name: str) -> float:
    if column.kind == "flag" or (column.flags and len(column.values) < 5):
        return 1.0
    return 0.95 if flagged(column, name) else 0.0


def _text(column: Column, table: str, name: str) -> float:
    if (column.dates.share > 0.8 and name != "period") or (column.numbers.decimals and name != "age"):
        return 0.0
    if name.endswith("_id"):
        return _id(column, key=name == TABLES[table].key)
    if name == "kpi" and column.numbers.share > 0.8:
        return 0.0
    if name == "comment":
        return 0.0 if column.numbers.share > 0.8 else 1.0 if column.length > 12 else 0.8
    if column.length > 60 or column.personal:
        return 0.2
    if column.unique > 0.9 and column.filled > 20 and not (table == "staff" and name == "agent"):
        return 0.4
    return _words(column, name)


def _id(column: Column, *, key: bool) -> float:
    if column.length > 60:
        return 0.0
    fit = 0.7 if column.personal else 0.75 if column.names else 1.0
    return fit * (1.0 if not key or column.unique > 0.98 else 0.95 if column.unique > 0.9 else 0.8)


def _words(column: Column, name: str) -> float:
    """Words that are known tell kinds, directions and channels apart, whatever the header says."""
    if name not in GROUPS:
        return 0.8 if name == "gender" and len(column.values) > 8 else 1.0
    own, others = speaks(column, name), max(speaks(column, group) for group in GROUPS if group != name)
    return 1.05 if own > 0.3 else 0.5 if others > 0.5 else 1.0


def _yes_or_no(text: str) -> str | None:
    small = text.lower()
    return "true" if small in YES else "false" if small in NO else None


def _leading(text: str) -> str | None:
    """The score with which a text begins, or which it counts: "5 sao", "9 - Rất có thể", "4/5"."""
    numbers = [word for word in words.folded(text).split() if word.isdecimal()]
    return numbers[0] if numbers and text.strip()[0].isdecimal() and int(numbers[0]) <= 10 and len(text) < 60 else None


def _nothing(column: Column) -> int:
    texts = column.values.to_pylist()
    return sum(int(count) for text, count in zip(texts, column.counts, strict=True) if text in column.nothing)
