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
    spelt: dict[str, str] = {}
    for reason_text in filter(None, map(str.strip, (reason or "").split(SEVERAL))):
        spelt.setdefault(plain(reason_text), reason_text)
    return list(spelt.values())


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
    """Whether leaving for these reasons was voluntary, by the setting ``involuntary`` of the company.

    >>> kind_of("Chuyển nơi ở", ["chuyển nơi ở"]), kind_of("Giá cao; Chuyển nơi ở", ["chuyển nơi ở"])
    ('involuntary', 'voluntary')
    """
    reasons_given = split(reason)
    if not reasons_given:
        return UNKNOWN
    if not involuntary:
        return UNTOLD
    nobodys = {plain(entry) for entry in involuntary}
    return INVOLUNTARY if all(plain(entry) in nobodys for entry in reasons_given) else VOLUNTARY


def singly(counted: Iterable[Counts]) -> list[Counts]:
    """Leavers by each reason alone, the most frequent first; those who gave none come last.

    >>> singly([("a; b", 2, 0), ("B", 1, 1), (None, 4, 0)])
    [('B', 3, 1), ('a', 2, 0), (None, 4, 0)]
    """
    sums: dict[str | None, list[int]] = {}
    spelt: dict[str | None, str | None] = {None: None}
    for text, now, past in counted:
        reasons_given: list[str | None] = [*split(text)]
        for reason in reasons_given or [None]:
            key = None if reason is None else plain(reason)
            counts_of = sums.setdefault(key, [0, 0])
            counts_of[0], counts_of[1] = counts_of[0] + now, counts_of[1] + past
            # Of several spellings of a reason the first of the alphabet stands for all.
            spelt[key] = reason if reason is None else min(reason, spelt.get(key) or reason)
    order = sorted(sums, key=lambda key: (key is None, -sums[key][0], -sums[key][1], key or ""))
    return [(spelt[key], sums[key][0], sums[key][1]) for key in order]


def beside(counted: Iterable[Counts], shown: Iterable[str]) -> tuple[int, int]:
    """How many leavers gave a reason but none of those shown, now and before."""
    first = {plain(reason) for reason in shown}
    not_shown = [counts for counts in counted if split(counts[0]) and first.isdisjoint(map(plain, split(counts[0])))]
    return sum(counts[1] for counts in not_shown), sum(counts[2] for counts in not_shown)
