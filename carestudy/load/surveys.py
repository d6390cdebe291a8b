"""Surveys with one column per question, turned into one row per answer."""

from __future__ import annotations

from functools import reduce
from operator import and_, or_
from typing import Any

import ibis

from carestudy.load.names import LINE, QUESTION, UNREAD
from carestudy.load.parse import as_text
from carestudy.load.source import Source

SAID = ("score", "comment", "answered_at")


def unpivoted(table: Any) -> Any:
    """A row for each question of each row; an empty cell is a question that was not answered.

    What the customer wrote goes with the first question, so that no comment counts twice.
    """
    asked = [column for column in table.columns if column.startswith(QUESTION)]
    if not asked:
        return table
    rest = {column: table[column] for column in table.columns if column not in asked}
    return ibis.union(*(_answers(table, rest, column, first=column == asked[0]) for column in asked))


def without_unasked(rows: Any, source: Source) -> Any:
    """The parsed answers without those of which nothing is there, neither score nor comment nor day.

    They stand in files of other things, of which some were rated: tickets with a rating beside them.
    """
    told = [column for column in SAID if column in rows.columns]
    marks = [UNREAD + column for column in SAID if UNREAD + column in rows.columns]
    if not source.questions or "answered_at" not in told:
        return rows
    nothing = reduce(and_, [rows[column].isnull() for column in told])
    unread = reduce(or_, [rows[mark].fill_null(False) for mark in marks], ibis.literal(False))  # noqa: FBT003
    return rows.filter(~nothing | unread)


def _answers(table: Any, rest: dict[str, Any], column: str, *, first: bool) -> Any:
    question = column.removeprefix(QUESTION)
    key = as_text(rest["response_id"]) if "response_id" in rest else ibis.literal("row ") + rest[LINE].cast("string")
    told = {**rest, "response_id": key + f" {question}", "question": ibis.literal(question)}
    if "comment" in rest and not first:
        told["comment"] = ibis.null(rest["comment"].type())
    return table.select(**told, score=as_text(table[column]))
