"""Columns under their contract names, whatever the source calls them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

from carestudy.contract import CareError, Contract
from carestudy.load.mapping import FILE, Source

OURS = "carestudy_"
LINE, BROKEN, PART = f"{OURS}line", f"{OURS}broken", f"{OURS}part"
QUESTION = f"{OURS}question "
UNSEEN = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff"))


def plain(name: str) -> str:
    """A column's name as it is compared: small letters in one normal form, with single spaces.

    >>> plain("  Mã\\u00a0KH ")
    'mã kh'
    """
    return " ".join(unicodedata.normalize("NFC", name).translate(UNSEEN).lower().split())


def told_apart(names: Iterable[str], where: str) -> list[str]:
    """The plain names of columns, numbered where a column has none; two of one name are an error."""
    found: list[str] = []
    for number, name in enumerate(names, start=1):
        new = plain(name) or f"column {number}"
        if new in found:
            raise CareError(f"{where}: two columns are called '{new}'; names that differ in capitals only are the same")
        if new.startswith(OURS):
            raise CareError(f"{where}: names that start with '{OURS}', such as '{new}', are kept for carestudy itself")
        found.append(new)
    return found


def renamed(table: Any, contract: Contract, source: Source, where: str) -> Any:
    """The table under contract names: those that care.toml maps, and those that are called so already."""
    ours = [column for column in table.columns if column in (LINE, BROKEN, PART)]
    theirs = [column for column in table.columns if column not in ours]
    there = dict(zip(told_apart(theirs, where), theirs, strict=True))
    wanted: dict[str, str] = {}
    for column, written in source.columns.items():
        _refuse_slip(column, contract)
        wanted[column] = _there(there, written, f"{FILE} [{contract.name}] columns: {column}")
    for question, written in source.questions.items():
        wanted[QUESTION + question] = _there(there, written, f"{FILE} [{contract.name}] questions: {question}")
    taken = set(wanted.values())
    rest = {new: old for new, old in there.items() if old not in taken and new not in wanted}
    found = {**wanted, **rest}
    for column in source.values:
        if column not in found and not (source.questions and column in ("question", "score")):
            _there(dict.fromkeys(found), column, f"{FILE} [{contract.name}] values: {column}")
    return table.select(**{new: table[old] for new, old in found.items()}, **{c: table[c] for c in ours})


def _there(there: Mapping[str, str | None], written: str, where: str) -> str:
    """The column that is called so; none is an error that names the nearest."""
    if plain(written) not in there:
        near = get_close_matches(plain(written), there, n=1)
        hint = f"did you mean '{there[near[0]] or near[0]}'?" if near else f"they have {_listed(there)}"
        raise CareError(f'{where} = "{written}" is not in the data; {hint}')
    return there[plain(written)] or plain(written)


def _refuse_slip(column: str, contract: Contract) -> None:
    """A column of one's own may have any plain name, but not one that is nearly that of a contract column."""
    if column in contract.columns:
        return
    near = get_close_matches(plain(column), contract.columns, n=1, cutoff=0.85)
    if near:
        raise CareError(f"{FILE} [{contract.name}] columns: '{column}' is not known; did you mean '{near[0]}'?")
    if column != plain(column) or column.startswith(OURS):
        raise CareError(
            f"{FILE} [{contract.name}] columns: '{column}' is no name for a column: use small letters, such as 'branch'"
        )


def _listed(there: Mapping[str, str | None]) -> str:
    names = [name or plain_name for plain_name, name in there.items()]
    return ", ".join(names[:20]) + (f" and {len(names) - 20} more" if len(names) > 20 else "")
