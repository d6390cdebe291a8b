"""Surveys with one column per question, turned into one row per answer."""

from __future__ import annotations

from functools import reduce
from operator import and_, or_
from typing import Any

from carestudy import engine
from carestudy.load.parse import as_text
from carestudy.load.plain_names import LINE, QUESTION, UNREAD
from carestudy.load.source import Source

SAID = ("score", "comment", "answered_at")


def unpivoted(table: Any) -> Any:
    """A row for each question of each row; an empty cell is a question that was not answered.

    What the customer wrote goes with the first question, so that no comment counts twice.
    """
    questions = [column for column in table.columns if column.startswith(QUESTION)]
    if not questions:
        return table
    shared_cells = {column: table[column] for column in table.columns if column not in questions}
    return engine.union(*(_answers(table, shared_cells, column, first=column == questions[0]) for column in questions))


def without_unasked(rows: engine.Table, source: Source) -> engine.Table:
    """The parsed answers without those of which nothing is there, neither score nor comment nor day.

    They stand in files of other things, of which some were rated: tickets with a rating beside them.
    """
    answer_columns = [column for column in SAID if column in rows.columns]
    marks = [UNREAD + column for column in SAID if UNREAD + column in rows.columns]
    if not source.questions or "answered_at" not in answer_columns:
        return rows
    nothing = reduce(and_, [rows[column].isnull() for column in answer_columns])
    unread = reduce(or_, [rows[mark].fill_null(False) for mark in marks], engine.literal(False))  # noqa: FBT003
    return rows.filter(~nothing | unread)


def _answers(table: engine.Table, shared_cells: dict[str, Any], column: str, *, first: bool) -> engine.Table:
    question = column.removeprefix(QUESTION)
    key = (
        as_text(shared_cells["response_id"])
        if "response_id" in shared_cells
        else engine.literal("row ") + shared_cells[LINE].cast("string")
    )
    columns = {**shared_cells, "response_id": key + f" {question}", "question": engine.literal(question)}
    if "comment" in shared_cells and not first:
        columns["comment"] = engine.null(shared_cells["comment"].type())
    return table.select(**columns, score=as_text(table[column]))
