"""Ratings that stand beside contacts in one file, as answers: a row of the file is a contact, and perhaps an answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from carestudy.contract import TABLES
from carestudy.recognise import cells_by_row, listed_values, surveys
from carestudy.recognise.column import Column
from carestudy.recognise.mapped import Mapped, Match
from carestudy.recognise.surveys import Question

SHARED = ("customer_id", "contact_id", "channel", "agent", "team")
FILLED = 0.98  # of the rated contacts, those with an end, from which on that is the day of the rating


def with_ratings(matches: Mapping[str, Match]) -> dict[str, Match]:
    """The matches with the answers that stand beside contacts: certain ones at once, others as a question."""
    updated = dict(matches)
    for name, match in matches.items():
        rated = _rated(match) if match.table == "contacts" else []
        if len(rated) == 1:
            updated[name] = replace(match, elsewhere=frozenset({rated[0].name}))
            response_tables = sum(other_match.table == "responses" for other_match in updated.values())
            updated[f"responses {response_tables + 1}" if response_tables else "responses"] = _answers(match, rated[0])
    return {name: updated[name] for table in TABLES for name in updated if updated[name].table == table}


def _rated(match: Match) -> list[Column]:
    ignored = match.form.ignored if match.form else ()
    return [column for column in match.rest if surveys.is_rating(column) and column.name not in ignored]


def _answers(match: Match, rating: Column) -> Match:
    """The ratings as answers of their own, with what the contact says of the customer and of who helped."""
    known = listed_values.named("questions", rating.name) is not None
    (question,) = surveys.questions([rating], " ".join(match.export.files)) or (_plain(rating),)
    why = "its header and its scale say so" if known else question.why
    question = replace(question, sure="likely", why=why, other="")
    columns = {name: match.columns[name] for name in SHARED if name in match.columns}
    day = _day(match, rating)
    columns |= {"answered_at": day} if day else {}
    columns = {name: _once(mapped) for name, mapped in columns.items()}
    doubt = "" if known else f"is '{rating.name}' what customers gave for the contact of the row as a score?"
    ordered = {name: columns[name] for name in TABLES["responses"].columns if name in columns}
    return Match(match.export, "responses", ordered, (question,), score=match.score, doubt=doubt)


def _once(mapped: Mapped) -> Mapped:
    """A column of a contact beside its rating: what is asked of it there is not asked again."""
    return replace(mapped, why="the answer is that of [contacts]", again=True) if mapped.sure == "guess" else mapped


def _plain(rating: Column) -> Question:
    return Question("csat", rating, "guess", "it rates contacts: does it stand for satisfaction?")


def _day(match: Match, rating: Column) -> Mapped | None:
    """The moment of a rating: when the contact ended, where nearly all rated ones have, else when it began."""
    ended, opened = match.columns.get("resolved_at"), match.columns.get("opened_at")
    if ended is not None and ended.holds_itself and _filled(match, rating, ended.column) >= FILLED:
        sure = replace(ended, fit=min(ended.fit, 0.8))
        return sure if ended.ask else replace(sure, why="no column says when it was given: when the contact ended")
    if opened is not None and opened.holds_itself:
        return replace(opened, fit=0.8, why="no column says when it was given: when the contact was opened")
    return None


def _filled(match: Match, rating: Column, ended: Column) -> float:
    """The share of the rated rows that have an end."""
    cells = [cells_by_row.texts(match.export, column.name) for column in (rating, ended)]
    if cells[0] is None or cells[1] is None:
        return 0.0
    rated, has = (np.asarray(cell.is_valid()) for cell in cells)
    return float(has[rated].mean()) if rated.any() else 0.0
