"""Surveys with one column per question: which columns are questions, and what each asks."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from unicodedata import normalize

from carestudy.recognise import listed_values, scales, words
from carestudy.recognise.column import Column
from carestudy.recognise.headers import grid, slug
from carestudy.recognise.numbers import Numbers
from carestudy.recognise.scales import holds_scores

OVERALL = ("chung", "tổng thể", "nhìn chung", "tổng quan", "overall", "general", "all in all", "in general")
RATES = ("rate", "rating", "đánh giá", "chấm điểm", "đánh giá như thế nào", "mức độ")
SERVED = ("service", "dịch vụ", "experience", "trải nghiệm", "support", "phục vụ", "hỗ trợ", "chăm sóc")
FREELY = (
    "góp ý",
    "ý kiến",
    "feedback",
    "suggestion",
    "suggestions",
    "nhận xét",
    "chia sẻ thêm",
    "comments",
    "other comments",
)
EFFORT, EASE = ("effort", "nỗ lực", "công sức"), ("easy", "ease", "dễ", "dễ dàng", "thuận tiện", "ces")
MANY, FEW = 20, 20  # cells of a column, and choices of a list
SPEAKS = {"score", "nps", "csat", "ces", "rating"}


@dataclass(frozen=True)
class Question:
    """A question of a survey, the column of its answers, and why it is taken for this one.

    ``other`` is its name if a guess is wrong.
    """

    name: str
    column: Column
    sure: str
    why: str
    other: str = ""


def questions(columns: Sequence[Column], files: str) -> tuple[Question, ...]:
    """The questions among the columns of a survey, each under a name of its own."""
    stems = Counter(stem for column in columns if (stem := grid(column.name)[0]))
    sisters = frozenset(stem for stem, number in stems.items() if number > 1)
    asked = [column for column in columns if _asks(column, sisters)]
    known = _known(asked, files, sisters)
    results: list[Question] = []
    for column in asked:
        plain = _free(_own_name(column, sisters), [one.name for one in results] + [one.other for one in results])
        if column.name in known:
            word, sure, why = known[column.name]
            results.append(_doubted(Question(word, column, sure, why, plain)))
        else:
            results.append(_doubted(Question(plain, column, "likely", "a score; named after its header")))
    return tuple(results)


def is_asked(column: Column) -> bool:
    """Whether a header is a question, or speaks of what people are asked for."""
    things = words.meaning(column.name).things
    return bool(things & (SPEAKS | {"comment"})) or len(words.tokens(column.name)) > 5 or "?" in column.name


def asks_freely(column: Column) -> bool:
    """Whether a header asks for words of one's own, however few people found."""
    return _has(column.name, FREELY) and not holds_scores(column)


def is_written(column: Column) -> bool:
    """Whether its cells are written freely, and are not chosen from a list, or ticked in one.

    Ticked answers stand in a cell with a mark between them, and the same few come again and again.
    """
    if column.filled < MANY or _has(column.name, FREELY) or "comment" in words.meaning(column.name).things:
        return True
    ticked = Counter[str]()
    for text, cells in scales.counted(column):
        ticked.update({item.strip().lower(): cells for item in re.split(r"[;,|]", text) if item.strip()})
    few = sum(cells for _, cells in ticked.most_common(FEW)) > 0.8 * ticked.total()
    return column.unique > 0.2 and not few


def is_rating(column: Column) -> bool:
    """Whether a column beside other things holds what customers gave as a score."""
    return bool(words.meaning(column.name).things & SPEAKS) and holds_scores(column)


def ces_scale(asked: Sequence[Question]) -> int | None:
    """Where the scale of the question about effort ends, if its header or its words say so."""
    tops = [scales.known_top(one.column) for one in asked if one.name == "ces"]
    return tops[0] if tops and tops[0] in (5, 7) else None


def numbers(columns: Sequence[Column]) -> Numbers:
    """How the questions of a survey write their numbers, all of them together."""
    found = [column.numbers for column in columns if column.numbers.form or column.numbers.choices]
    forms = {one.form for one in found}
    if len(forms) > 1 and all(forms):
        return Numbers(1.0, choices=tuple(sorted(map(str, forms))), why="the questions of the survey differ in that")
    return found[0] if found else Numbers()


def _doubted(question: Question) -> Question:
    """A question whose numbers and words run against each other is never sure."""
    match scales.direction(question.column):
        case "down":
            why = f"{question.why}; its words say that the lowest number is best, so its numbers are turned round"
            return Question(
                question.name, question.column, "guess" if question.sure == "guess" else "likely", why, question.other
            )
        case "mixed":
            why = "some of its words say that a high number is good, and others that it is bad: which is it?"
            return Question(question.name, question.column, "guess", why, question.other)
    return question


def _own_name(column: Column, sisters: frozenset[str]) -> str:
    stem, row = grid(column.name)
    return slug(row if stem in sisters else column.name)


def _free(name: str, taken: Sequence[str]) -> str:
    same = sum(one == name or one.startswith(f"{name}__") for one in taken)
    return f"{name}__{same + 1}" if same else name


def _asks(column: Column, sisters: frozenset[str]) -> bool:
    """Whether a column's header is a question and its cells are scores."""
    stem, _ = grid(column.name)
    if stem in sisters:
        return holds_scores(column) and (len(words.tokens(stem)) > 3 or bool(words.meaning(stem).things & SPEAKS))
    said = words.fits(column.name)
    own = any(where == words.OWN and strength > 0.7 for (where, _), strength in said.items())
    stated = bool(scales.STATED.search(column.name.lower()))
    return (is_asked(column) or stated) and not own and holds_scores(column)


Known = dict[str, tuple[str, str, str]]


def _known(asked: Sequence[Column], files: str, sisters: frozenset[str]) -> Known:
    """The questions that the contract knows by name: at most one column each."""
    by_word: dict[str, list[Column]] = {}
    for column in asked:
        word = listed_values.named("questions", _subject(column, sisters))
        if word is not None and _on_scale(word, column):
            by_word.setdefault(word, []).append(column)
    found: Known = {}
    for word, columns in by_word.items():
        best = min(columns, key=lambda column: (not _overall(column), len(column.name)) if word == "csat" else (0, 0))
        found[best.name] = (word, *_certainty(word, best, columns, sisters))
    if "csat" not in by_word:
        found = _rated([column for column in asked if column.name not in found], sisters) | found
    if not found and len(asked) == 1:
        word = listed_values.named("questions", files) or ("nps" if scales.top(asked[0]) > 5 else "csat")
        named = listed_values.named("questions", asked[0].name)
        if named in (None, word) and _on_scale(word, asked[0], scales.first(asked[0])):
            found[asked[0].name] = (word, "guess", f"only its scale, up to {scales.top(asked[0]):g}, speaks for {word}")
    return found


def _subject(column: Column, sisters: frozenset[str]) -> str:
    """What a header asks for: of a row of a grid the whole header if the row is about the whole, else the row alone."""
    stem, row = grid(column.name)
    return column.name if stem not in sisters or _has(row, OVERALL) else row


def _certainty(word: str, best: Column, columns: Sequence[Column], sisters: frozenset[str]) -> tuple[str, str]:
    """How sure a known question is, and why; one of several is a guess, unless it alone asks for the whole."""
    why = f"its header and its scale are those of {word}"
    if grid(best.name)[0] in sisters:
        return "guess", f"one row of several under one question: does it ask for {word} as a whole?"
    if word == "ces" and _has(best.name, EFFORT) and not _has(best.name, EASE):
        return "guess", "does a high score mean that it was easy? If it means much effort, turn the scores round"
    if len(columns) == 1:
        part = word == "csat" and bool(grid(best.name)[0]) and not _overall(best)
        return ("guess" if part or (word == "nps" and scales.first(best) == 1) else "sure"), why
    return ("likely" if [column for column in columns if _overall(column)] == [best] else "guess"), why


def _rated(asked: Sequence[Column], sisters: frozenset[str]) -> Known:
    """The rating that stands for satisfaction where no header says so: that of the whole, else that of the service."""
    rates = [
        column
        for column in asked
        if grid(column.name)[0] not in sisters and _has(column.name, RATES) and _on_scale("csat", column)
    ]
    whole = [column for column in rates if _overall(column)]
    served = [column for column in rates if _has(column.name, SERVED)]
    if len(whole) == 1:
        return {whole[0].name: ("csat", "likely", "it asks to rate the whole, on the scale of csat")}
    if len(served) == 1 and not whole:
        return {served[0].name: ("csat", "guess", "it asks to rate the service: does that stand for satisfaction?")}
    return {}


def _on_scale(word: str, column: Column, first: float = 0) -> bool:
    """NPS runs from 0 to 10, CSAT from 1 to 5, and CES to 5 or 7."""
    most = scales.top(column)
    return most > 7 and not first if word == "nps" else most <= (5 if word == "csat" else 7)


def _overall(column: Column) -> bool:
    """Whether a header asks for the whole; "chúng tôi" is we, and not "chung"."""
    return _has(re.sub(r"chúng (tôi|ta)\b", "", normalize("NFC", column.name).lower()), OVERALL)


def _has(text: str, listed: Sequence[str]) -> bool:
    sentence = f" {words.folded(text)} "
    return any(f" {words.folded(word)} " in sentence for word in listed)
