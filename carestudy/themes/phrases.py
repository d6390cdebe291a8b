"""Phrases of a codebook: how they are written, and how they are found in the words of a text.

``(a|b c)`` is a choice, ``(a)?`` may be there or not, ``{staff}`` stands for a list of the codebook's words, ``..`` for
up to three other words of the same clause, ``expens*`` for every word that begins so; ``!`` before a phrase means that
it needs its accents.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from carestudy.themes.word_forms import BREAK, stripped, words

GAP, REST, EXACT = "..", "*", "!"
WIDEST = 3  # words that a gap may hold
CHOICE = re.compile(r"\(([^()]*)\)(\??)")
TONES = ("complaint", "praise", "mention", "not")
Slot = list[list[str]]  # what may stand at a place of a phrase: words, or nothing


class Phrase(NamedTuple):
    """What a phrase speaks of, and in which tone."""

    theme: str
    tone: str


class Hit(NamedTuple):
    """A phrase found from a word on, up to before another."""

    phrase: Phrase
    start: int
    end: int

    def yields_to(self, rival: Hit) -> bool:
        """Whether another one on the same theme says it better: a longer one around it, or a complaint in its midst."""
        if not self.also(rival) or self.phrase.tone == rival.phrase.tone == "complaint":
            return False
        if rival.phrase.tone == "complaint":
            return self._around(rival) or rival._around(self)
        return self.phrase.tone != "complaint" and rival._around(self)

    def _around(self, rival: Hit) -> bool:
        longer = self.end - self.start > rival.end - rival.start
        return longer and self.start <= rival.start and rival.end <= self.end

    def caught_by(self, rival: Hit) -> bool:
        """Whether its first or its last word belongs to a phrase that means something else."""
        return self.also(rival) and any(rival.start <= word < rival.end for word in (self.start, self.end - 1))

    def also(self, rival: Hit) -> bool:
        """Whether both are on one theme."""
        return self.phrase.theme == rival.phrase.theme


@dataclass
class Node:
    """A place between the words of phrases: what may follow, and the phrases that end here."""

    steps: dict[str, list[Node]] = field(default_factory=dict)
    starts: dict[str, list[Node]] = field(default_factory=dict)
    gaps: list[Node] = field(default_factory=list)
    ends: list[Phrase] = field(default_factory=list)

    def add(self, slots: Sequence[Slot], phrase: Phrase) -> None:
        """Lead from here through the slots of a phrase to its end."""
        node = self
        for slot in slots:
            meeting = Node()
            for choice in slot:
                node._lead(choice, meeting)
            node = meeting
        node.ends.append(phrase)

    def hits(self, text: Sequence[str], barred: frozenset[str]) -> Iterator[Hit]:
        """Every phrase found in the words of a text; a gap holds no ``barred`` word."""
        for start in range(len(text)):
            waiting = [(self, start)]
            while waiting:
                node, at = waiting.pop()
                yield from (Hit(phrase, start, at) for phrase in node.ends)
                if at < len(text):
                    waiting.extend((after, at + 1) for after in node._after(text[at]))
                waiting.extend((after, gap_end) for after in node.gaps for gap_end in _room(text, at, barred))

    def _lead(self, choice: Sequence[str], meeting: Node) -> None:
        """Lead by the words of a choice to where all choices meet; by none, at once."""
        node = self
        for number, word in enumerate(choice, start=1):
            after = meeting if number == len(choice) else Node()
            if word == GAP:
                node.gaps.append(after)
            elif word.endswith(REST):
                node.starts.setdefault(word.removesuffix(REST), []).append(after)
            else:
                node.steps.setdefault(word, []).append(after)
            node = after

    def _after(self, word: str) -> Iterator[Node]:
        yield from self.steps.get(word, ())
        for begun, nodes in self.starts.items():
            if word.startswith(begun):
                yield from nodes


def _room(text: Sequence[str], at: int, barred: frozenset[str]) -> Iterator[int]:
    """Where a gap that begins at a word may end."""
    for number in range(at, min(at + WIDEST + 1, len(text))):
        yield number
        if text[number] == BREAK or text[number] in barred:
            return


def slots(written: str, lists: Mapping[str, Sequence[str]]) -> list[Slot]:
    """The places of a written phrase, with the words that may stand there.

    >>> slots("{staff} .. (thô lỗ|rude*)", {"staff": ["nhân viên", "nv"]})
    [[['nhân', 'viên'], ['nv']], [['..']], [['thô', 'lỗ'], ['rude*']]]
    """
    for name, choices in lists.items():
        listed, one_of = "{" + name + "}", "|".join(choices)
        # Within a choice the words of a list are further choices.
        written = re.sub(rf"(?<=[(|]){listed}|{listed}(?=[|)])", one_of, written).replace(listed, f"({one_of})")
    phrase_slots: list[Slot] = []
    end = 0
    for choice in [*CHOICE.finditer(written), None]:
        between = written[end : choice.start() if choice else None]
        if unknown := re.search(r"[{}()|?]", between):
            raise ValueError(unknown.group())
        phrase_slots.extend([[term]] for term in _word_list(between))
        if choice:
            phrase_slots.append(
                [_word_list(alternative) for alternative in choice[1].split("|")] + [[]] * bool(choice[2])
            )
            end = choice.end()
    return _without_holes(phrase_slots)


def bare(phrase_slots: Sequence[Slot], unsure: frozenset[str]) -> list[Slot]:
    """The same places without accents, and without the lone syllables that are then some other word."""
    plain = [[[stripped(word) for word in choice] for choice in slot] for slot in phrase_slots]
    if len(phrase_slots) == 1:  # one place and nothing else: no single syllable is sure
        return [[now for now, choice in zip(plain[0], phrase_slots[0], strict=True) if now == choice or len(now) > 1]]
    return [[now for now in slot if len(slot) == 1 or len(now) != 1 or now[0] not in unsure] for slot in plain]


def _word_list(written: str) -> list[str]:
    """The words and gaps of a piece of a phrase."""
    terms: list[str] = []
    for token in written.split():
        if token == GAP:
            terms.append(GAP)
        elif token.endswith(REST):
            terms.append((words(token) or [""])[0] + REST)
        else:
            terms.extend(words(token))
    return terms


def _without_holes(phrase_slots: Sequence[Slot]) -> list[Slot]:
    """The same phrases where a place that may be empty is joined to what comes after it, or before it at the end."""
    joined: list[Slot] = []
    hole: Slot | None = None
    for slot in phrase_slots:
        now = [[*before, *after] for before in hole for after in slot] if hole else slot
        hole = now if [] in now else None
        if not hole:
            joined.append(now)
    if hole and joined:
        joined[-1] = [[*before, *after] for before in joined[-1] for after in hole]
    return joined
