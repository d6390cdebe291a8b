"""Which table an export is, and which of its columns are which of the contract's: the best assignment of all."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from scipy.optimize import linear_sum_assignment

from carestudy.contract import TABLES
from carestudy.load.plain_names import plain
from carestudy.recognise import deals, lines, listed_values, surveys, words
from carestudy.recognise.cells import GROUPS, agrees, clocked, speaks
from carestudy.recognise.column import Column
from carestudy.recognise.evidence import NEEDS, evidence
from carestudy.recognise.folder import Export
from carestudy.recognise.mapped import LEAST, LIKELY, SURE, Mapped, Match
from carestudy.recognise.surveys import Question

SECOND, LAST = 0.88, 0.6  # a customer may have several contracts
LEAST_TABLE = 0.6
MOST_NAMED = 6  # columns of a file that is left
NUMBERED = re.compile(r" \(\d+\)$")  # a column whose header repeats
TIE = 0.05  # what the contract has comes first
ELSEWHEN = {"order", "birth", "due_by", "update", "last", "join", "leave", "establish"}  # other days than the row's
OF_PEOPLE_OR_GROUPS = ("team", "department", "region", "channel", "topic", "kind", "owner", "agent")
RIVAL = 0.5  # an export is no table that it speaks for half as much as for another
SECONDS = re.compile(r"\bgiây\b|\bs\b|_s$|\bsecs?\b|_secs?\b|seconds?")


def matched(
    exports: Sequence[Export], known: Callable[[Export], Match | None] = lambda _: None
) -> tuple[dict[str, Match], list[tuple[Export, str]]]:
    """The exports as tables, at most one each, and those that are left, with the reason.

    An export that is ``known`` without a guess is the table it is known as, or none.
    """
    choices = [_choices(export, known(export)) for export in exports]
    scores = np.array([[max(one[table].score - LEAST_TABLE, 0) for table in TABLES] for one in choices])
    scores[scores < RIVAL * scores.max(axis=1, initial=0, keepdims=True)] = 0
    results = {}
    for place, number in zip(*linear_sum_assignment(scores, maximize=True), strict=True):
        if scores[place, number] > 0:
            table = list(TABLES)[number]
            results[table] = choices[place][table]
    taken = {id(match.export) for match in results.values()}
    left = []
    for export, choice in zip(exports, choices, strict=True):
        best = max(choice.values(), key=lambda match: match.score)
        if id(export) in taken:
            continue
        if best.score > LEAST_TABLE and best.table in results and _together(results[best.table], best):
            joined = results[best.table].export.joined(export)
            results[best.table] = _choices(joined, known(joined))[best.table]
        else:
            left.append((export, _why_left(best)))
    return results, left


def _choices(export: Export, known: Match | None) -> dict[str, Match]:
    """What an export is as each of the tables; as all but one nothing, where it is known which one it is."""
    if known is None:
        return {table: as_table(export, table) for table in TABLES}
    return {table: known if table == known.table else Match(export, table, {}) for table in TABLES}


def _together(match: Match, other: Match) -> bool:
    """Whether two exports are one table: what is mapped in either is called alike in both, and one adds nothing."""
    ours, theirs = _mapping(match), _mapping(other)
    few, many = sorted((ours, theirs), key=len)
    return len(few) > 1 and few.items() <= many.items() and match.export.joins(other.export)


def _mapping(match: Match) -> dict[str, str]:
    headers = {name: plain(mapped.column.name) for name, mapped in match.columns.items()}
    return headers | {f"? {mapped.name}": plain(mapped.column.name) for mapped in match.questions}


def _why_left(best: Match) -> str:
    if best.score > LEAST_TABLE:
        return f"looks like {best.table} too, but has other columns than the file chosen for them"
    column_names = ", ".join(f"'{column.name}'" for column in best.export.columns[:MOST_NAMED] if not column.exposed)
    remaining = f" and {len(best.export.columns) - MOST_NAMED} more" if len(best.export.columns) > MOST_NAMED else ""
    lacks = [" or ".join(names) for names, _ in NEEDS[best.table] if not set(names) & set(best.columns)]
    nearest = f"; the nearest is {best.table}, which needs {', '.join(lacks)}" if lacks and best.columns else ""
    return f"its columns tell of no table of the contract: {column_names}{remaining}{nearest}"


def as_table(export: Export, table: str) -> Match:
    """An export as one table, with how much speaks for it."""
    columns = _assigned(export, table)
    columns = _with_address(export, columns) if table == "customers" else columns
    questions: tuple[Question, ...] = ()
    if table == "responses" and "question" not in columns:
        taken = {mapped.column.name for name, mapped in columns.items() if name != "score"}
        free = [column for column in export.columns if column.name not in taken and not column.exposed]
        questions = surveys.questions(free, " ".join(export.files))
        columns = {name: mapped for name, mapped in columns.items() if name != "score" or not questions}
        columns = _with_comment(Match(export, table, columns, questions))
    columns = {name: _of_several(export, mapped) for name, mapped in columns.items()}
    match = deals.with_won(lines.with_items(Match(export, table, columns, questions)))
    return _with_two_signs(replace(match, score=evidence(match)))


def _with_two_signs(match: Match) -> Match:
    """A match in which no header alone makes a column of words sure: the table has to be sure, too."""
    if match.sure == "sure":
        return match
    kinds = TABLES[match.table].columns
    alone = {
        name: replace(mapped, fit=min(mapped.fit, SURE - 0.01))
        for name, mapped in match.columns.items()
        if kinds.get(name) == "text" and not name.endswith("_id") and mapped.sure == "sure"
    }
    return replace(match, columns={**match.columns, **alone})


def _with_address(export: Export, columns: dict[str, Mapped]) -> dict[str, Mapped]:
    """Customers whom only an address or phone number tells apart."""
    addresses = [
        candidate
        for candidate in export.columns
        if candidate.personal and candidate.unique > 0.98 and candidate.filled > 0.9 * export.rows
    ]
    is_customer_list = "customers" in words.table_named(" ".join(export.files)) or "joined_on" in columns
    free = [candidate for candidate in addresses if not candidate.exposed]
    if "customer_id" in columns or not free or not is_customer_list:
        return columns
    why = f"it holds {free[0].personal}, and there is no other id of customers"
    return {"customer_id": Mapped(free[0], 0.6, why, ask=True), **columns}


def _of_several(export: Export, mapped: Mapped) -> Mapped:
    """A column whose header other columns have too is asked for."""
    header = plain(mapped.column.name)
    if header not in export.repeated and NUMBERED.sub("", header) not in export.repeated:
        return mapped
    return replace(mapped, why="several columns are called so: is it this one?", ask=True)


def _assigned(export: Export, table: str) -> dict[str, Mapped]:
    names = list(TABLES[table].columns)
    fit = np.zeros((len(export.columns), len(names)))
    ids = [column for column in export.columns if words.fits(column.name).get((table, "customer_id"), 0) > LIKELY]
    for row, column in enumerate(export.columns):
        fits = words.fits(column.name)
        own_strength = max((strength for (where, _), strength in fits.items() if where == words.OWN), default=0.0)
        for position, name in enumerate(names):
            strength = max(fits.get((table, name), 0.0), _by_words(column, table, name))
            if name == "customer_id" and _of_contracts(column):
                strength *= SECOND if all(map(_of_contracts, ids)) else LAST
            if strength >= max(own_strength - TIE, LEAST) and not column.exposed and _may_be(column, name):
                fit[row, position] = strength * agrees(column, table, name)
    fit[fit < LEAST] = 0
    pairs = [
        (row, position)
        for row, position in zip(*linear_sum_assignment(fit, maximize=True), strict=True)
        if fit[row, position]
    ]
    mappings = {
        names[position]: _mapped(export.columns[row], table, names[position], float(fit[row, position]))
        for row, position in pairs
    }
    return _by_cells(export, table, mappings)


def _may_be(column: Column, name: str) -> bool:
    """Whether nothing in a header speaks against a column; an amount needs a word or a mark of money."""
    if name == "amount" and not (words.of_money(column.name) or column.numbers.marks):
        return False
    return not words.barred(column.name, name)


def _of_contracts(column: Column) -> bool:
    return "contract" in words.meaning(column.name).things


def _by_words(column: Column, table: str, name: str) -> float:
    """How well a column fits whose header is one of a type, and whose words tell of which: phone, e-mail, chat."""
    fits = words.fits(column.name)
    if name == "kind" and fits.get((table, "topic"), 0.0) >= LEAST and speaks(column, name) > 0.3:
        return (
            1.0 if any(listed_values.value_of(name, text) == "complaint" for text in column.values.to_pylist()) else 0.0
        )
    typed = any(fits.get((table, group_name), 0.0) >= LEAST for group_name in GROUPS)
    return 0.8 if name in GROUPS and typed and speaks(column, name) > 0.5 else 0.0


def _mapped(column: Column, table: str, name: str, fit: float) -> Mapped:
    strength = words.fits(column.name).get((table, name), 0.0)
    if strength < LEAST:
        return Mapped(column, fit, "its cells use the words for it")
    header = _header(strength)
    if not column.filled:
        return Mapped(column, fit, f"{header}, but it is empty")
    unit = words.unit(column.name) if TABLES[table].columns[name] == "money" else None
    if unit:
        return Mapped(column, fit, f"its amounts are in '{unit}': write them out in full in the file", ask=True)
    if name == "handling_seconds" and not clocked(column) and not SECONDS.search(column.name.lower()):
        return Mapped(column, fit, "in seconds? If in minutes, write `header` * 60", ask=True)
    doubt = _doubt(column, name, strength)
    if doubt:
        return Mapped(column, fit, doubt, ask=True)
    if name == TABLES[table].key and column.unique == 1:
        return Mapped(column, fit, f"{header}, and every cell differs")
    kind = {"date": "days", "time": "days", "money": "amounts", "number": "numbers"}.get(TABLES[table].columns[name])
    return Mapped(column, fit, f"{header}, and its cells are {kind}" if kind else header)


def _doubt(column: Column, name: str, strength: float) -> str:
    """What a header leaves open that seems to say what a column is."""
    if name in ("answered", "resolved") and strength < SURE:
        return f"{_header(strength)}: does it say whether a contact was {name}?"
    if name in ("joined_on", "left_on") and "hieu luc" in words.folded(column.name):
        return "it says when a contract holds: is that when the customer came or left?"
    meaning = words.meaning(column.name)
    if name in OF_PEOPLE_OR_GROUPS and strength < SURE and meaning.unknown and "id" in meaning.things:
        return f"{_header(strength)}, and it is an id of something else, perhaps"
    if name == "segment" and words.meaning(column.name).things <= words.ROLES:
        return "its header says only that it is a kind: of customers?"
    return ""


def _header(strength: float) -> str:
    """How far a header says what a column is."""
    if strength == words.EXACT:
        return "it is called so"
    return "its header says so" if strength >= SURE else "part of its header"


def _by_cells(export: Export, table: str, mappings: dict[str, Mapped]) -> dict[str, Mapped]:
    """The column of days, or of money, that no header tells but that is the only one of its kind: it is asked for."""
    taken = {mapped.column.name for mapped in mappings.values()}
    free = [c for c in export.columns if c.name not in taken and not _known(c) and not c.exposed]
    time = TABLES[table].time
    days = [column for column in free if column.dates.share > 0.9 and not words.meaning(column.name).things & ELSEWHEN]
    if time and time not in mappings and len(days) == 1 and mappings and not words.barred(days[0].name, time):
        mappings = {**mappings, time: Mapped(days[0], 0.76, "the only column of days", ask=True)}
    free = [c for c in export.columns if c.name not in taken and not c.exposed]
    sums = [column for column in free if column.numbers.share > 0.9 and _in_money(column)]
    if table == "transactions" and "amount" not in mappings and len(sums) == 1 and mappings:
        mappings = {**mappings, "amount": Mapped(sums[0], 0.6, "the only column of money", ask=True)}
    return {name: mappings[name] for name in TABLES[table].columns if name in mappings}


def _in_money(column: Column) -> bool:
    """Whether cells carry the mark of a currency, or a header names one and is no price of one thing."""
    has_currency = listed_values.named("currency", column.name) and "price" not in words.meaning(column.name).things
    return bool(column.numbers.marks or has_currency)


def _with_comment(match: Match) -> dict[str, Mapped]:
    """The columns of a survey with the free text: a question that is answered in sentences."""
    mapped = match.columns.get("comment")
    if mapped is not None and mapped.sure == "guess" and surveys.asks_freely(mapped.column):
        return {**match.columns, "comment": replace(mapped, fit=0.8, why="it asks for words of one's own")}
    free = [column for column in match.rest if not column.dates.share and not _known(column) and not column.exposed]
    candidates = [
        column
        for column in free
        if surveys.asks_freely(column)
        or (column.length > 15 and surveys.is_asked(column) and surveys.is_written(column))
    ]
    if "comment" in match.columns or not candidates:
        return dict(match.columns)
    longest = max(candidates, key=lambda column: column.length)
    return {**match.columns, "comment": Mapped(longest, 0.8, "a question that is answered in sentences")}


def _known(column: Column) -> bool:
    """Whether a header speaks of something that the contract does not have."""
    return any(where == words.OWN and strength >= LEAST for (where, _), strength in words.fits(column.name).items())
