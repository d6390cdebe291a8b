"""What the values in cells mean, where words.toml lists them, and which of its lists a text speaks of."""

from __future__ import annotations

from functools import cache

from carestudy.recognise.words import dictionary, folded

SHORTEST = 3  # letters of a phrase that is looked for within a text


def value_of(group: str, text: str) -> str | None:
    """The word of ours that a value stands for, if it is one of those that words.toml lists."""
    return _folded("values").get(group, {}).get(folded(text))


def begins(lists: str, group: str, folded_text: str) -> tuple[str, str] | None:
    """What the longest known phrase of a group means with which a text begins, and that phrase; both folded."""
    phrases = _folded(lists).get(group, {})
    fitting = [phrase for phrase in phrases if f"{folded_text} ".startswith(f"{phrase} ")]
    longest = max(fitting, key=len, default=None)
    return None if longest is None else (phrases[longest], longest)


def tells_of(group: str, folded_text: str) -> bool:
    """Whether a folded text holds a phrase of a group, or says that something is not so."""
    phrases = [phrase for phrase in _folded("values").get(group, {}) if len(phrase) > SHORTEST]
    return any(f" {phrase} " in f" {folded_text} " for phrase in (*phrases, "khong", "chua", "not"))


def named(group: str, text: str) -> str | None:
    """The first of a group of lists that has a word standing in a text."""
    folded_text = f" {folded(text)} "
    for name, words in dictionary()[group].items():
        if any(f" {folded(word)} " in folded_text for word in words):
            return str(name)
    return None


@cache
def _folded(lists: str) -> dict[str, dict[str, str]]:
    return {
        group: {folded(phrase): ours for ours, phrases in listed.items() for phrase in phrases}
        for group, listed in dictionary()[lists].items()
    }
