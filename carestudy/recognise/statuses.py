"""Words of a status that is yes or no: known as a whole or by how they begin, and those that nobody knows yet."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

from carestudy.load import vocabulary
from carestudy.load.parse import NO, YES
from carestudy.recognise import listed_values, words
from carestudy.recognise.column import FEW, Column
from carestudy.recognise.scales import MOST_WORDS, counted

DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([T ,]+\d{1,2}[:h]\d{2}(:\d{2})?)?|\b\d{1,2}[:h]\d{2}(:\d{2})?\b")
WRITTEN_DAY = re.compile(vocabulary.WRITTEN_DAY, re.IGNORECASE)
LEADING = re.compile(r"[\s(,;:-]*(?:\b(?:vào|ngày|lúc|hôm|on|at|date)\s*:?\s*)*…(?:\s*…)*[\s)]*", re.IGNORECASE)
PRIVATE = re.compile(r"@|(\d[\s.-]?){7}")  # what may tell of a person is never repeated
LONG, LONGEST = 40, 200  # letters of a text that may be somebody's own words, unless it comes again; of any status
MOST_TEXTS = 2000
SHOWN = 4  # words of a text that is not shown whole


def undated(text: str) -> str:
    """A text with every date and time in it as a mark.

    >>> undated("Giao lúc 14/10/2026 08:30"), undated("Đã hủy")
    ('Giao lúc …', 'Đã hủy')
    """
    return DATE.sub("…", text)


def without_days(text: str) -> str:
    """A text without its dates and times, and without the small words that lead to them.

    >>> without_days("Hủy ngày 14/10/2026"), without_days("Cancelled (on 2026-10-14)"), without_days("Đã giao")
    ('Hủy', 'Cancelled', 'Đã giao')
    """
    return LEADING.sub(" ", undated(text)).strip()


def dated(text: str) -> str:
    """A text as care.toml lists it: with ``{date}`` in place of a day, unless another day or clock is left in it.

    >>> dated("Hủy ngày 14/10/2026 08:30"), dated("Giao 14/10"), dated("Đã hủy")
    ('Hủy ngày {date}', 'Giao 14/10', 'Đã hủy')
    """
    masked = WRITTEN_DAY.sub(vocabulary.DATE, text)
    return text if DATE.search(masked) else masked


def kinds(column: Column) -> dict[str, int]:
    """In how many cells each word stands, where words that differ by a day are one; none where they are many."""
    if len(column.values) > MOST_TEXTS:
        return {}
    counts = Counter[str]()
    for text, cells in counted(column):
        counts[dated(text)] += cells
    return dict(counts) if len(counts) <= FEW else {}


def few(column: Column) -> bool:
    """Whether a column holds a few words, each perhaps with dates of its own."""
    return len(column.values) <= MOST_TEXTS and len({undated(text) for text in column.values.to_pylist()}) <= MOST_WORDS


def understood(column: Column, name: str) -> dict[str, str]:
    """Which texts of a column mean yes and which no, as far as they are known."""
    return {text: word for text in column.values.to_pylist() if (word := _meaning(name, text))}


def unknown(column: Column, known: Mapping[str, str]) -> list[str]:
    """The texts that may be shown of which nobody knows yet whether they mean yes or no."""
    return [text for text, cells in _open(column, known) if _may_be_shown(text, cells)]


def withheld(column: Column, known: Mapping[str, str]) -> list[tuple[str, int]]:
    """How texts that are not shown, and not understood, begin, and in how many cells."""
    counts: Counter[str] = Counter()
    for text, cells in _open(column, known):
        if not _may_be_shown(text, cells):
            begin = [word for word in undated(text).split()[:SHOWN] if not re.search(r"[\d@]", word)]
            counts[" ".join(begin)] += cells
    return sorted(counts.items())


def shown(column: Column) -> bool:
    """Whether every text of a column may be listed: none is somebody's own words, an address or of one day only."""
    return all(_may_be_shown(text, cells) and undated(text) == text for text, cells in kinds(column).items())


def _open(column: Column, known: Mapping[str, str]) -> list[tuple[str, int]]:
    counts = counted(column) if known else []
    repeats = Counter[str]()
    for text, cells in counts:
        repeats[undated(text)] += cells
    return sorted({
        (dated(text), repeats[undated(text)]) for text, _ in counts if text not in known and text not in column.nothing
    })  # fmt: skip


def _may_be_shown(text: str, cells: int) -> bool:
    return not PRIVATE.search(undated(text)) and len(text) <= (LONGEST if cells > 1 else LONG)


def _meaning(name: str, text: str) -> str | None:
    """Yes or no: the whole text is known, or it begins so and what follows says nothing of the kind."""
    small = text.lower()
    whole = "true" if small in YES else "false" if small in NO else listed_values.value_of(name, without_days(text))
    said = words.folded(undated(text))
    settled = None if whole else listed_values.begins("beginnings", name, said)
    if settled:
        return settled[0]
    if whole or name != "returned":
        return whole
    found = listed_values.begins("values", name, said)
    if not found or " " not in found[1]:
        return None
    rest = said[len(found[1]) :]
    return None if listed_values.tells_of(name, rest) else found[0]
