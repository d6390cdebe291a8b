"""The words of conditions in care.toml that no cell holds, and which words of a file may be shown."""

from __future__ import annotations

from collections.abc import Sequence

from carestudy import engine
from carestudy.care import UnmetWords
from carestudy.load import vocabulary
from carestudy.load.plain_names import Headers

FEW, LONGEST = 12, 40  # different words of a column, and letters of a word, up to which words may be listed
SHOWN = 6
# Frequent Vietnamese surnames, with and without marks; those that begin other words as well only with theirs.
SURNAMES = {"nguyễn", "nguyen", "trần", "tran", "lê", "phạm", "pham", "hoàng", "huỳnh", "huynh", "phan", "vũ", "võ",
            "đặng", "dang", "bùi", "bui", "đỗ", "ngô", "ngo", "dương", "lý"}  # fmt: skip
MOST_NAMES = 4  # of a person


def unmet_words(
    table: engine.Table, file: str, listed: Sequence[tuple[str, tuple[str, ...]]], headers: Headers
) -> list[UnmetWords]:
    """The words listed for columns of a file that are in no cell, by column; all of them are counted in one query."""
    conditions = [(name, words) for name, words in listed if headers.has(name)]
    counts = {
        f"{position} {number}": table.count(where=vocabulary.holds(table[headers.named(name)], [word]))
        for position, (name, words) in enumerate(conditions)
        for number, word in enumerate(words)
    }
    if not counts:
        return []
    (found,) = table.aggregate(**counts).to_pyarrow().to_pylist()
    unmet = []
    for position, (name, words) in enumerate(conditions):
        missing = tuple(word for number, word in enumerate(words) if not found[f"{position} {number}"])
        if missing:
            unmet.append(UnmetWords(file, name, missing, len(words), _there(table, headers.named(name))))
    return unmet


def names_a_kind(word: str, rows: int) -> bool:
    """Whether a word may be shown: short, used more than once, and no number, address or name of a person.

    >>> names_a_kind("Đã hủy", 9), names_a_kind("Trần Thị Hoa", 9), names_a_kind("0912 345 678", 9)
    (True, False, False)
    """
    few_digits = sum(map(str.isdigit, word)) <= 3
    return rows > 1 and len(word) <= LONGEST and "@" not in word and few_digits and not _is_person(word)


def _is_person(word: str) -> bool:
    """Whether a surname stands before one to three further names, each with a capital."""
    names = word.split()
    capitals = all(name[0].isupper() for name in names)
    return 1 < len(names) <= MOST_NAMES and names[0].lower() in SURNAMES and capitals


def _there(table: engine.Table, column: str) -> tuple[str, ...]:
    """The words that a column holds, the most frequent first; none where they are many or may tell of people."""
    words = table.select(
        word=vocabulary.undated(vocabulary.as_word(table[column])), written=vocabulary.as_written(table[column])
    ).filter(lambda rows: rows.word != "")
    groups = words.group_by("word").aggregate(rows=lambda some: some.count(), written=lambda some: some.written.min())
    found = groups.order_by([engine.descending("rows"), "word"]).limit(FEW + 1).to_pyarrow().to_pylist()
    kinds = [names_a_kind(text, row["rows"]) for row in found for text in (row["word"], row["written"])]
    return tuple(row["word"] for row in found[:SHOWN]) if len(found) <= FEW and all(kinds) else ()
