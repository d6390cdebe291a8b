"""Scores how well the cells of a column fit a column of the contract."""

from __future__ import annotations

import re

from carestudy.contract import TABLES, columns_that
from carestudy.load import lengths
from carestudy.recognise import listed_values, statuses, words
from carestudy.recognise.column import Column
from carestudy.recognise.scales import MOST_WORDS, holds_scores, scored

GROUPS = ("kind", "direction", "stage", "channel")
FLAGS = columns_that(lambda column: column.type == "flag")
LONGER = re.compile(r"phút|giờ|\bmin(s|utes?)?\b|\bhours?\b|\bhrs?\b")
PERSON = {"agent", "name", "user", "care"}  # of these the header of an agent speaks, or of nothing but an id
SENTENCES = ("comment",)
COUNTED = ("age", "period", "comment")  # texts that numbers may be, each its own
PLAIN_COUNT = re.compile(r"\d+(\.0+)?")
EMPTY = 0.8  # an empty column speaks neither for nor against


def agrees(column: Column, table: str, name: str) -> float:
    """How well the cells fit: 0 where they cannot be what the contract asks for, 1 where they can."""
    if not column.filled:
        return 0.0 if TABLES[table].columns[name] == "flag" else EMPTY
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
    return 0.0 if (table, name) == ("staff", "agent") and _of_things(column) else _text(column, table, name)


def clocked(column: Column) -> bool:
    """Whether nearly all cells are durations that can be read in one way only, such as 00:02:23; 02:23 may be hours."""
    texts = column.values.to_pylist() if column.kind == "text" else []
    cells = sum(int(n) for text, n in zip(texts, column.counts, strict=True) if _is_length(text))
    nothing = sum(int(n) for text, n in zip(texts, column.counts, strict=True) if text in column.nothing)
    return cells > 0.8 * (column.filled - nothing)


def _is_length(text: str) -> bool:
    """Whether text is a length with its units, or of three numbers with colons."""
    size = text.strip().lower()
    if ":" in size:
        return size.count(":") > 1 and bool(re.fullmatch(lengths.CLOCK, size))
    spoken = re.fullmatch(lengths.SPOKEN, size) or re.fullmatch(lengths.ISO, size)
    return bool(spoken) and any(letter.isdigit() for letter in size)


def _of_things(column: Column) -> bool:
    """Whether a header is an id of something other than a person, such as Gift ID."""
    meaning = words.meaning(column.name)
    return "id" in meaning.things and not meaning.things & PERSON and bool(meaning.unknown or meaning.things != {"id"})


def flagged(column: Column, name: str) -> dict[str, str]:
    """Which words of a column mean yes and which no, if all are known and are not read so anyway."""
    if column.flags or not statuses.few(column):
        return {}
    if name == "reopened" and column.numbers.share > 0.9 and column.numbers.whole and column.numbers.low == 0:
        texts = sorted(text for text in column.values.to_pylist() if text not in column.nothing)
        counts = column.numbers.high <= 100 and all(PLAIN_COUNT.fullmatch(text) for text in texts)
        return {text: "false" if float(text) == 0 else "true" for text in texts} if counts else {}
    known = statuses.understood(column, name)
    if name == "returned" and "true" in known.values():
        return known
    return known if known and set(column.values.to_pylist()) - set(known) <= set(column.nothing) else {}


def speaks(column: Column, group: str) -> float:
    """In how many of its cells a column uses words that are known for a group."""
    if not column.filled or len(column.values) > MOST_WORDS:
        return 0.0
    known = [listed_values.value_of(group, text) is not None for text in column.values.to_pylist()]
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
    if (table == "responses" and name not in SENTENCES and _rates(column)) or _counts(column, name):
        return 0.0
    if name == "kpi" and (column.numbers.share > 0.8 or column.flags):
        return 0.0
    if name == "comment":
        return 0.0 if column.numbers.share > 0.8 else 1.0 if column.length > 12 else 0.8
    if column.length > 60 or column.personal:
        return 0.2
    if column.unique > 0.9 and column.filled > 20 and not (table == "staff" and name == "agent"):
        return 0.4
    return _words(column, name)


def _rates(column: Column) -> bool:
    """Whether a column of a survey holds scores, which are nobody's name; numbers of people are called so."""
    return holds_scores(column) and "id" not in words.meaning(column.name).things


def _counts(column: Column, name: str) -> bool:
    """Whether a column holds numbers that hardly repeat, such as how many work there: no word for a role or a group."""
    return column.numbers.share > 0.9 and column.unique > 0.5 and column.filled > 20 and name not in COUNTED


def _id(column: Column, *, key: bool) -> float:
    if column.length > 60:
        return 0.0
    fit = 0.7 if column.personal else 0.75 if column.names else 1.0
    if key and column.filled < 0.9 * column.rows:
        fit *= 0.6  # a row without its own id has one of something else
    return fit * (1.0 if not key or column.unique > 0.98 else 0.95 if column.unique > 0.9 else 0.8)


def _words(column: Column, name: str) -> float:
    """Score known words, which distinguish kinds, directions and channels whatever the header is."""
    if name == "topic" and max(speaks(column, group) for group in ("channel", "direction")) > 0.5:
        return 0.4
    if name not in GROUPS:
        return 0.8 if name == "gender" and len(column.values) > 8 else 1.0
    own_share, other_share = speaks(column, name), max(speaks(column, group) for group in GROUPS if group != name)
    if name == "direction":
        return 1.05 if own_share > 0.5 else 0.0
    if own_share > 0.3:
        return 1.05
    if name == "stage" and column.filled:
        return 0.5
    if other_share > 0.5 or column.numbers.share > 0.8:
        return 0.5
    return 0.62 if name == "kind" else 1.0
