"""Surveys with one column per question, turned into one row per answer."""

from __future__ import annotations

from typing import Any

import ibis

from carestudy.load.names import LINE, QUESTION
from carestudy.load.parse import as_text


def unpivoted(table: Any) -> Any:
    """A row for each question of each row; an empty cell is a question that was not answered.

    What the customer wrote goes with the first question, so that no comment counts twice.
    """
    asked = [column for column in table.columns if column.startswith(QUESTION)]
    if not asked:
        return table
    rest = {column: table[column] for column in table.columns if column not in asked}
    return ibis.union(*(_answers(table, rest, column, first=column == asked[0]) for column in asked))


def _answers(table: Any, rest: dict[str, Any], column: str, *, first: bool) -> Any:
    question = column.removeprefix(QUESTION)
    key = as_text(rest["response_id"]) if "response_id" in rest else ibis.literal("row ") + rest[LINE].cast("string")
    told = {**rest, "response_id": key + f" {question}", "question": ibis.literal(question)}
    if "comment" in rest and not first:
        told["comment"] = ibis.null(rest["comment"].type())
    return table.select(**told, score=as_text(table[column]))
