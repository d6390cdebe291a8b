"""The reasons that leavers gave: one or several, and whether the company could have done something about them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

SEVERAL = ";"  # stands between the reasons of one leaver
VOLUNTARY, INVOLUNTARY, UNTOLD, UNKNOWN = "voluntary", "involuntary", "not told apart", "unknown"

Counts = tuple[str | None, int, int]  # a reason, how many gave it, and how many did before


def split(reason: str | None) -> list[str]:
    """The reasons that one leaver gave, each once.

    >>> split("Giá cao; Chuyển nơi ở;giá cao"), split(None)
    (['Giá cao', 'Chuyển nơi ở'], [])
    """
    named: dict[str, str] = {}
    for part in filter(None, map(str.strip, (reason or "").split(SEVERAL))):
        named.setdefault(plain(part), part)
    return list(named.values())


def first(reason: str | None) -> str | None:
    """The first of the reasons that one leaver gave."""
    return next(iter(split(reason)), None)


def plain(reason: str) -> str:
    """A reason as it is compared with others: without regard to capitals.

    >>> plain(" Giá Cao ")
    'giá cao'
    """
    return unicodedata.normalize("NFC", reason).strip().casefold()


def kind_of(reason: str | None, involuntary: Sequence[str]) -> str:
    """Whether leaving for this reason, or these, was voluntary, as far as the company has said.

    >>> kind_of("Chuyển nơi ở", ["chuyển nơi ở"]), kind_of("Giá cao; Chuyển nơi ở", ["chuyển nơi ở"])
    ('involuntary', 'voluntary')
    """
    named = split(reason)
    if not named:
        return UNKNOWN
    if not involuntary:
        return UNTOLD
    nobodys = {plain(one) for one in involuntary}
    return INVOLUNTARY if all(plain(one) in nobodys for one in named) else VOLUNTARY


def singly(counted: Iterable[Counts]) -> list[Counts]:
    """Leavers by each reason alone, the most frequent first; those who gave none come last.

    >>> singly([("a; b", 2, 0), ("B", 1, 1), (None, 4, 0)])
    [('B', 3, 1), ('a', 2, 0), (None, 4, 0)]
    """
    sums: dict[str | None, list[int]] = {}
    spelt: dict[str | None, str | None] = {None: None}
    for text, now, past in counted:
        named: list[str | None] = [*split(text)]
        for reason in named or [None]:
            key = None if reason is None else plain(reason)
            mine = sums.setdefault(key, [0, 0])
            mine[0], mine[1] = mine[0] + now, mine[1] + past
            # Of several spellings of a reason the first of the alphabet stands for all.
            spelt[key] = reason if reason is None else min(reason, spelt.get(key) or reason)
    order = sorted(sums, key=lambda key: (key is None, -sums[key][0], -sums[key][1], key or ""))
    return [(spelt[key], sums[key][0], sums[key][1]) for key in order]


def beside(counted: Iterable[Counts], shown: Iterable[str]) -> tuple[int, int]:
    """How many gave a reason, but none of those shown; and how many did before."""
    first = {plain(reason) for reason in shown}
    others = [one for one in counted if split(one[0]) and first.isdisjoint(map(plain, split(one[0])))]
    return sum(one[1] for one in others), sum(one[2] for one in others)
