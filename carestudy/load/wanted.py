"""The rows of a file that ``where`` of a table lets in, and the words of conditions that no cell holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from operator import and_
from typing import Any

import ibis

from carestudy.care import LeftOut, UnmetWords
from carestudy.contract import CareError, Contract, listed
from carestudy.load import vocabulary
from carestudy.load.mapping import FILE
from carestudy.load.names import BROKEN, OWN, Headers, plain
from carestudy.load.raw import Mapped, Raw
from carestudy.load.source import Source

FEW, LONGEST = 12, 40  # different words of a column, and letters of a word, up to which words may be listed
SHOWN = 6


@dataclass(frozen=True)
class Conditions:
    """What the conditions of a table have left out, and which of their words are in no cell."""

    left_out: tuple[LeftOut, ...] = ()
    unmet: tuple[UnmetWords, ...] = ()


def wanted(raw: Raw, contract: Contract) -> tuple[Raw, Conditions]:
    """The rows that are rows of the table, and what was found of all conditions that care.toml states for it.

    A row that cannot be read stays, as nobody knows what it is. A table of which no row is left is refused.
    """
    if not any(_conditions(one.source) for one in raw.tables):
        return raw, Conditions()
    found = [_of_file(replace(one, file=one.file or raw.source), contract) for one in raw.tables]
    tables, left_out, unmet = zip(*found, strict=True)
    conditions = Conditions(tuple(one for one in left_out if one), tuple(one for some in unmet for one in some))
    return replace(raw, tables=tables), conditions


def _of_file(one: Mapped, contract: Contract) -> tuple[Mapped, LeftOut | None, list[UnmetWords]]:
    """The wanted rows of one file, how many are left out, and the words that none of its cells holds."""
    headers = Headers(_headers(one.table), f"{FILE} [{contract.name}] where")
    condition = {headers.named(name): words for name, words in one.source.where.items()}
    unmet = _unmet(one, headers)
    if not condition:
        return one, None, unmet
    fits = reduce(and_, (vocabulary.holds(one.table[column], words) for column, words in condition.items()))
    broken = one.table[BROKEN].notnull() if BROKEN in one.table.columns else ibis.literal(False)  # noqa: FBT003
    table = one.table.filter(fits | broken)
    counts = {"of": one.table.count(), "fit": one.table.count(where=fits), "broken": one.table.count(where=broken)}
    (found,) = one.table.aggregate(**counts).to_pyarrow().to_pylist()
    shown = " and ".join(f"{name} is {_either(words)}" for name, words in one.source.where.items())
    if found["of"] and not found["fit"]:
        _refuse_none(one, shown, found["of"], unmet)
    rows = found["of"] - found["fit"] - found["broken"]
    return replace(one, table=table), LeftOut(one.file, shown, rows, found["of"]), unmet


def _refuse_none(one: Mapped, shown: str, rows: int, unmet: Sequence[UnmetWords]) -> None:
    there = [word for some in unmet for word in some.there]
    hint = f"; there are {listed(there)}" if there else ""
    raise CareError(f"{one.file}: in none of {rows:,} rows {shown}, as {FILE} wants with where{hint}")


def _either(words: Sequence[str]) -> str:
    """Words of which one is wanted; of many, the first and how many there are more."""
    more = [] if len(words) <= FEW else [f"one of {len(words) - FEW} more"]
    return " or ".join([*words[:FEW], *more])


def _headers(table: Any) -> dict[str, str]:
    return {plain(column): column for column in table.columns if column not in OWN}


def _conditions(source: Source) -> list[tuple[str, tuple[str, ...]]]:
    """Each header of a condition with its words: those of the table, and those of its columns."""
    entries = [*source.columns.values(), *source.questions.values()]
    several: Iterable[Mapping[str, tuple[str, ...]]] = (source.where, *(entry.conditions for entry in entries))
    return list(dict.fromkeys((name, words) for one in several for name, words in one.items()))


def _unmet(one: Mapped, headers: Headers) -> list[UnmetWords]:
    """The words in no cell, by column; all of them are counted in one query."""
    listed = [(name, words) for name, words in _conditions(one.source) if headers.has(name)]
    counts = {
        f"{place} {number}": one.table.count(where=vocabulary.holds(one.table[headers.named(name)], [word]))
        for place, (name, words) in enumerate(listed)
        for number, word in enumerate(words)
    }
    if not counts:
        return []
    (found,) = one.table.aggregate(**counts).to_pyarrow().to_pylist()
    unmet = []
    for place, (name, words) in enumerate(listed):
        missing = tuple(word for number, word in enumerate(words) if not found[f"{place} {number}"])
        if missing:
            unmet.append(UnmetWords(one.file, name, missing, len(words), _there(one.table, headers.named(name))))
    return unmet


def _there(table: Any, column: str) -> tuple[str, ...]:
    """The words that a column holds, the most frequent first; none where they are many or may tell of people."""
    words = table.select(word=vocabulary.undated(vocabulary.as_word(table[column]))).filter(
        lambda rows: rows.word != ""
    )
    groups = words.group_by("word").aggregate(rows=lambda some: some.count())
    found = groups.order_by([ibis.desc("rows"), "word"]).limit(FEW + 1).to_pyarrow().to_pylist()
    short = len(found) <= FEW and all(_names_a_kind(one["word"], one["rows"]) for one in found)
    return tuple(one["word"] for one in found[:SHOWN]) if short else ()


def _names_a_kind(word: str, rows: int) -> bool:
    """Whether a word may be shown: short, used more than once, and neither a number nor an address."""
    return rows > 1 and len(word) <= LONGEST and "@" not in word and sum(map(str.isdigit, word)) <= 3
