"""The rows of a file that ``where`` of a table lets in, those that it leaves out, and words that no cell holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from operator import and_
from typing import Any

from carestudy import engine
from carestudy.care import LeftOut, UnmetWords
from carestudy.contract import CareError, Contract, listed
from carestudy.load import vocabulary
from carestudy.load.mapping import FILE
from carestudy.load.plain_names import BROKEN, OWN, Headers, plain
from carestudy.load.raw import Mapped, Raw
from carestudy.load.source import Source
from carestudy.load.unmet import FEW, unmet_words


@dataclass(frozen=True)
class Excluded:
    """The rows of a file that a condition leaves out, the columns of the condition, and the count of both."""

    rows: Mapped
    columns: Mapping[str, tuple[str, ...]]
    count: LeftOut


@dataclass(frozen=True)
class Conditions:
    """What the conditions of a table have left out, and which of their words are in no cell."""

    excluded: tuple[Excluded, ...] = ()
    unmet: tuple[UnmetWords, ...] = ()
    left_out: tuple[LeftOut, ...] = ()  # the counts, with the words of the excluded rows


def wanted(raw: Raw, contract: Contract) -> tuple[Raw, Conditions]:
    """The rows that are rows of the table, and what was found of all conditions that care.toml states for it.

    A row that cannot be read stays, as nobody knows what it is. A table of which no row is left is refused.
    """
    unmet = [item for join in raw.joined for item in join.unmet]
    if not any(_conditions(item.source) for item in raw.tables):
        return raw, Conditions(unmet=tuple(unmet))
    filtered = [_of_file(replace(item, file=item.file or raw.source), contract) for item in raw.tables]
    tables, excluded, words = zip(*filtered, strict=True)
    unmet += [item for some in words for item in some]
    return replace(raw, tables=tables), Conditions(tuple(item for item in excluded if item), tuple(unmet))


def _of_file(mapped: Mapped, contract: Contract) -> tuple[Mapped, Excluded | None, list[UnmetWords]]:
    """The wanted rows of one file, those that are left out, and the words that none of its cells holds."""
    headers = Headers(_headers(mapped.table), f"{FILE} [{contract.name}] where")
    condition = {headers.named(name): words for name, words in mapped.source.where.items()}
    unmet = unmet_words(mapped.table, mapped.file, _conditions(mapped.source), headers)
    if not condition:
        return mapped, None, unmet
    fits = reduce(and_, (vocabulary.holds(mapped.table[column], words) for column, words in condition.items()))
    broken = mapped.table[BROKEN].notnull() if BROKEN in mapped.table.columns else engine.literal(False)  # noqa: FBT003
    table = mapped.table.filter(fits | broken)
    counts = {
        "of": mapped.table.count(),
        "fit": mapped.table.count(where=fits),
        "broken": mapped.table.count(where=broken),
    }
    (found,) = mapped.table.aggregate(**counts).to_pyarrow().to_pylist()
    shown = " and ".join(f"{name} is {_either(words)}" for name, words in mapped.source.where.items())
    if found["of"] and not found["fit"]:
        _refuse_none(mapped, shown, found["of"], unmet)
    count = LeftOut(mapped.file, shown, found["of"] - found["fit"] - found["broken"], found["of"])
    excluded_rows = replace(mapped, table=mapped.table.filter(~(fits | broken)))
    return replace(mapped, table=table), Excluded(excluded_rows, condition, count), unmet


def _refuse_none(mapped: Mapped, shown: str, rows: int, unmet: Sequence[UnmetWords]) -> None:
    present = [word for some in unmet for word in some.present]
    hint = f"; there are {listed(present)}" if present else ""
    raise CareError(f"{mapped.file}: in none of {rows:,} rows {shown}, as {FILE} wants with where{hint}")


def _either(words: Sequence[str]) -> str:
    """Words of which one is wanted; of many, the first and how many there are more."""
    remaining = [] if len(words) <= FEW else [f"one of {len(words) - FEW} more"]
    return " or ".join([*words[:FEW], *remaining])


def _headers(table: Any) -> dict[str, str]:
    return {plain(column): column for column in table.columns if column not in OWN}


def _conditions(source: Source) -> list[tuple[str, tuple[str, ...]]]:
    """Each header of a condition with its words: those of the table, and those of its columns."""
    entries = [*source.columns.values(), *source.questions.values()]
    several: Iterable[Mapping[str, tuple[str, ...]]] = (source.where, *(entry.conditions for entry in entries))
    return list(dict.fromkeys((name, words) for conditions in several for name, words in conditions.items()))
