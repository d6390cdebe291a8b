"""The scale of a column of answers: which score each word stands for, where it ends, and which end of it is good."""

from __future__ import annotations

import re
from collections.abc import Iterator

from carestudy.recognise import listed_values, words
from carestudy.recognise.column import Column

MOST_WORDS = 60
PRIVATE = re.compile(r"@|(\d[\s.-]?){7}|.{41}")  # what may tell of a person is never repeated
STATED = re.compile(r"[(\[]\s*(thang điểm)?\s*(từ\s*)?(0|1)\s*(-|–|—|đến|to|~|\.\.)\s*(5|7|10)")
MOST_SCORES = 25
# A number with its words: "1 - Rất hài lòng", "1: very satisfied", "Very satisfied (5)", "1 (rất kém)".
FIRST = re.compile(r"(?<![\d.,])(\d{1,2})\s*(?:[-–—:=.)]|điểm|\()\s*([^\W\d_][^\d()\[\],;/]*)")
BEHIND = re.compile(r"([^\W\d_][^\d()\[\],;/]*?)\s*[(\[=:]\s*(\d{1,2})\s*[)\]]?\s*$")
MIDDLE = 3  # of the scores that words have


def scored(column: Column) -> dict[str, str]:
    """The score that each word of a column stands for, if nearly all of its words do: "5 sao", "Rất hài lòng"."""
    if len(column.values) > 2 * MOST_WORDS or column.numbers.share > 0.8:
        return {}
    texts = [text for text in column.values.to_pylist() if not PRIVATE.search(text)]
    turned = _turned(column)
    scores = {text: listed_values.value_of("score", text) or _number(text, turned) for text in texts}
    known = {text: score for text, score in scores.items() if score}
    cells = sum(count for text, count in counted(column) if text in known)
    nothing = sum(count for text, count in counted(column) if text in column.nothing)
    return known if known and cells > 0.8 * (column.filled - nothing) and len(known) > 1 else {}


def labelled(column: Column) -> dict[str, str]:
    """The score of each text of a column of scores, where a number alone does not say it: "10 - Có", a turned scale."""
    if len(column.values) > 2 * MOST_WORDS:
        return {}
    turned = _turned(column)
    if column.numbers.share <= 0.8:
        scores = scored(column)
        texts = column.values.to_pylist()
        return scores | {text: score for text in texts if turned and (score := _number(text, turned))} if scores else {}
    texts = [text for text in column.values.to_pylist() if turned or any(map(str.isalpha, text))]
    return {text: score for text in texts if not PRIVATE.search(text) and (score := _number(text, turned))}


def direction(column: Column) -> str:
    """Which end is good, as words beside numbers say: "up", "down" where 1 is best, "mixed", or "" where none do."""
    ends = {_end(column, number, score) for number, score in _pairs(column)} - {0}
    if not ends:
        return ""
    if len(ends) > 1 or (ends == {-1} and _turned(column) is None):
        return "mixed"
    return "up" if ends == {1} else "down"


def top(column: Column) -> float:
    """The highest score of a scale, as its header states it, or as far as answers go."""
    stated = STATED.search(column.name.lower())
    scores = scored(column)
    return float(stated[5]) if stated else max(map(float, scores.values())) if scores else column.numbers.high


def known_top(column: Column) -> int | None:
    """The highest score where the header or the words of the answers state it."""
    stated = STATED.search(column.name.lower())
    if stated:
        return int(stated[5])
    texts = column.values.to_pylist() if column.numbers.share <= 0.8 and scored(column) else []
    if texts and not any(sign.isdigit() for text in texts for sign in text):
        return 5
    tops = [number for number, score in _pairs(column) if score in (1, 5)]
    return max(tops) if len(tops) > 1 and max(tops) > MIDDLE else None


def first(column: Column) -> float:
    """Where a scale begins, as its header states it."""
    stated = STATED.search(column.name.lower())
    return float(stated[3]) if stated else 0.0


def holds_scores(column: Column) -> bool:
    """Whether the cells are answers on a scale."""
    numbers = column.numbers
    scale = numbers.share > 0.8 and numbers.low >= 0 and numbers.high <= 10 and len(column.values) <= MOST_SCORES
    return bool(column.filled) and (scale or bool(scored(column)))


def counted(column: Column) -> list[tuple[str, int]]:
    """The different texts of a column, and in how many cells each stands."""
    return [(text, int(count)) for text, count in zip(column.values.to_pylist(), column.counts, strict=True)]


def _pairs(column: Column) -> Iterator[tuple[int, int]]:
    """The numbers beside which header or answers have words for a score, and the score of those words, 1 to 5."""
    texts = column.values.to_pylist() if len(column.values) <= 2 * MOST_WORDS else []
    for text in (column.name, *(text for text in texts if not PRIVATE.search(text))):
        numbered_words = [(number, word) for number, word in FIRST.findall(text)]
        numbered_words += [(number, word) for word, number in BEHIND.findall(text)]
        for number, word in numbered_words:
            score = listed_values.value_of("score", word)
            if score and int(number) <= 10:
                yield int(number), int(score)


def _end(column: Column, number: int, score: int) -> int:
    """1 where a number and its words lie on one side of their scales, -1 where on two, 0 where in the middle."""
    last = max(5.0, first(column) + 4, *(float(number) for number, _ in _pairs(column)))
    middle = MIDDLE if last <= 5 else (last + (0 if last == 10 else 1)) / 2
    side = (number - middle) * (score - MIDDLE)
    return 1 if side > 0 else -1 if side < 0 else 0


def _turned(column: Column) -> int | None:
    """What number and score add up to on a scale whose first number is best; none where the first is worst."""
    pairs = set(_pairs(column))
    sides = {_end(column, number, score) for number, score in pairs} - {0}
    if sides != {-1}:
        return None
    if all(number + score == 2 * MIDDLE for number, score in pairs):
        return 2 * MIDDLE
    ends = [{number for number, score in pairs if score == end} for end in (5, 1)]
    if all(len(end) == 1 for end in ends):
        return sum(number for end in ends for number in end)
    stated = STATED.search(column.name.lower())
    return int(stated[3]) + int(stated[5]) if stated else None


def _number(text: str, turned: int | None) -> str | None:
    """The score with which a text begins, or which it counts: "5 sao", "9 - Rất có thể", "4/5"."""
    plain = words.folded(text).split()
    numbers = [word for word in plain if word.isdecimal()]
    if not numbers or int(numbers[0]) > 10 or len(text) >= 60:
        return None
    behind = BEHIND.search(text)
    if not text.strip()[0].isdecimal() and not (behind and listed_values.value_of("score", behind[1])):
        return None
    return str(turned - int(numbers[0])) if turned is not None else numbers[0]
