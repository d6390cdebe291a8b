"""Surveys with one column per question: which columns are questions, and what each asks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from carestudy.recognise import words
from carestudy.recognise.cells import scored
from carestudy.recognise.column import Column

SCALE = re.compile(r"[(\[]\s*(thang điểm)?\s*(từ\s*)?(0|1)\s*(-|–|—|đến|to|~|\.\.)\s*(5|7|10)")
OVERALL = ("chung", "tổng thể", "nhìn chung", "tổng quan", "overall", "general", "all in all")
SPEAKS = {"score", "nps", "csat", "ces", "rating"}
LONGEST_SLUG = 40


@dataclass(frozen=True)
class Question:
    """A question of a survey, the column of its answers, and why it is taken for this one."""

    name: str
    column: Column
    sure: str
    why: str


def questions(columns: Sequence[Column], files: str) -> tuple[Question, ...]:
    """The questions among the columns of a survey, each under a name of its own."""
    asked = [column for column in columns if _asks(column)]
    found: list[Question] = []
    special = _special(asked, files)
    for column in asked:
        name, sure, why = special.get(column.name) or (_slug(column.name), "likely", "a score; named after its header")
        same = sum(one.name == name or one.name.startswith(f"{name}__") for one in found)
        found.append(Question(f"{name}__{same + 1}" if same else name, column, sure, why))
    return tuple(found)


def is_asked(column: Column) -> bool:
    """Whether a header is a question, or speaks of what people are asked for."""
    things = words.meaning(column.name).things
    return bool(things & (SPEAKS | {"comment"})) or len(words.tokens(column.name)) > 5 or "?" in column.name


def is_rating(column: Column) -> bool:
    """Whether a column beside other things holds what customers gave as a score."""
    return bool(words.meaning(column.name).things & SPEAKS) and _scores(column)


def _asks(column: Column) -> bool:
    """Whether a column's header is a question and its cells are scores."""
    said = words.fits(column.name)
    own = any(where == words.OWN and strength > 0.7 for (where, _), strength in said.items())
    return (is_asked(column) or bool(SCALE.search(column.name.lower()))) and not own and _scores(column)


def _scores(column: Column) -> bool:
    numbers = column.numbers
    scale = numbers.share > 0.8 and numbers.low >= 0 and numbers.high <= 10 and len(column.values) <= 25
    return bool(column.filled) and (scale or bool(scored(column)))


def _special(asked: Sequence[Column], files: str) -> dict[str, tuple[str, str, str]]:
    """The questions that the contract knows by name: at most one column each."""
    by_word: dict[str, list[Column]] = {}
    for column in asked:
        word = words.named("questions", column.name)
        if word is not None and _on_scale(word, column):
            by_word.setdefault(word, []).append(column)
    found = {}
    for word, columns in by_word.items():
        best = min(columns, key=lambda column: (not _overall(column), len(column.name)) if word == "csat" else (0, 0))
        found[best.name] = (word, _certainty(word, best, columns), f"its header and its scale are those of {word}")
    if not found and len(asked) == 1:
        word = words.named("questions", files) or ("nps" if _top(asked[0]) > 5 else "csat")
        if words.named("questions", asked[0].name) in (None, word) and _on_scale(word, asked[0], _first(asked[0])):
            found[asked[0].name] = (word, "guess", f"only its scale, up to {_top(asked[0]):g}, speaks for {word}")
    return found


def _certainty(word: str, best: Column, columns: Sequence[Column]) -> str:
    """One of several is a guess, unless it alone asks for the whole."""
    if len(columns) == 1:
        return "guess" if word == "nps" and _first(best) == 1 else "sure"
    return "likely" if [one for one in columns if _overall(one)] == [best] else "guess"


def _first(column: Column) -> float:
    """Where its scale begins, as the header says it."""
    scale = SCALE.search(column.name.lower())
    return float(scale[3]) if scale else 0.0


def _on_scale(word: str, column: Column, first: float = 0) -> bool:
    """NPS runs from 0 to 10, and CSAT from 1 to 5."""
    scale = SCALE.search(column.name.lower())
    most = float(scale[5]) if scale else _top(column)
    return most > 7 and not first if word == "nps" else most <= 5 if word == "csat" else True


def _top(column: Column) -> float:
    words_ = scored(column)
    return max(map(float, words_.values())) if words_ else column.numbers.high


def _overall(column: Column) -> bool:
    said = f" {words.folded(column.name)} "
    return any(f" {words.folded(word)} " in said for word in OVERALL)


def _slug(header: str) -> str:
    """A short name made of a header's words.

    >>> _slug("Thái độ nhân viên (1-5)")
    'thai_do_nhan_vien'
    """
    text = "_".join(words.folded(words.BRACKETS.sub("", header) or header).split())
    return (
        text[:LONGEST_SLUG].rpartition("_")[0]
        if len(text) > LONGEST_SLUG and "_" in text[:LONGEST_SLUG]
        else (text[:LONGEST_SLUG] or "question")
    )
