"""Columns under their contract names, whatever the source calls them."""

from __future__ import annotations

from dataclasses import replace
from difflib import get_close_matches
from typing import Any

from carestudy import engine
from carestudy.contract import CareError, Contract
from carestudy.load.mapping import FILE
from carestudy.load.plain_names import OURS, OWN, QUESTION, Headers, plain, told_apart
from carestudy.load.source import Source


def resolved(table: Any, contract: Contract, source: Source, where: str) -> Source:
    """What care.toml says of a table, with every header that it names looked up among those of the data."""
    theirs = [column for column in table.columns if column not in OWN]
    headers = Headers(dict(zip(told_apart(theirs, where), theirs, strict=True)))
    columns, questions = {}, {}
    for column, entry in source.columns.items():
        _refuse_slip(column, contract)
        line = headers.at(f"{FILE} [{contract.name}] columns: {column}")
        columns[column] = entry.resolved(line, contract.columns.get(column))
    for question, entry in source.questions.items():
        questions[question] = entry.resolved(headers.at(f"{FILE} [{contract.name}] questions: {question}"), None)
    return replace(source, columns=columns, questions=questions)


def renamed(table: engine.Table, contract: Contract, source: Source, where: str) -> engine.Table:
    """The table under contract names: those that care.toml maps, ``resolved``, and those that are called so already."""
    ours = [column for column in table.columns if column in OWN]
    theirs = [column for column in table.columns if column not in ours]
    entries = {**source.columns, **{QUESTION + question: entry for question, entry in source.questions.items()}}
    taken = {header for entry in entries.values() for header in entry.takes}
    by_plain_name = dict(zip(told_apart(theirs, where), theirs, strict=True))
    unmapped = {new: table[old] for new, old in by_plain_name.items() if old not in taken and new not in entries}
    columns = {**{column: entry.cells(table) for column, entry in entries.items()}, **unmapped}
    for column in source.values:
        if column not in columns and not (source.questions and column in ("question", "score")):
            Headers({name: name for name in columns}, f"{FILE} [{contract.name}] values: {column}").named(column)
    return table.select(**columns, **{c: table[c] for c in ours})


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
