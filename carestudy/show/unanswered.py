"""Which of the eight questions the data can answer, in one line, and what the others are missing."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import partial
from typing import Any

from markupsafe import Markup

from carestudy.contract import Missing
from carestudy.eight_questions import Answer
from carestudy.show import labels
from carestudy.show.words import Reader

LINE = Markup("<p>{}</p>")


def lack(reader: Reader, answer: Answer) -> str | None:
    """The table or column without which a question cannot be answered; None where it can, or for another reason."""
    if type(answer.missing) is Missing:
        return _place(reader, ".".join(filter(None, (answer.missing.table, answer.missing.column))))
    return _of_interviews(reader, answer)


def _of_interviews(reader: Reader, answer: Answer) -> str | None:
    """What nobody can tell of exit interviews without; their frame says so itself."""
    frame: Any = answer.found.get("interviews")
    if frame is None or not isinstance(frame["missing"].iloc[0], str) or not frame["missing"].iloc[0]:
        return None
    return ", ".join(map(partial(_place, reader), frame["missing"].iloc[0].split(", ")))


def _place(reader: Reader, name: str) -> str:
    """A table, or a column of one as ``table.column``, in words."""
    table, _, column = labels.clean(name).partition(".")
    if not column:
        return reader.t("table {table}", table=table)
    return reader.t("column {column} of table {table}", table=table, column=column)


def line(reader: Reader, answers: Sequence[Answer], untold: Collection[str] = ()) -> str:
    """How many questions are answered here, and the others by what they lack; nothing where none lacks anything.

    ``untold`` are the questions that lack nothing and stand on the page without an answer.
    """
    lacking: dict[str, list[str]] = {}
    for one in answers:
        if words := lack(reader, one):
            lacking.setdefault(words, []).append(f"“{reader.t(one.question)}”")
    if not lacking:
        return ""
    missed = sum(map(len, lacking.values()))
    answered = len(answers) - missed - len(untold)
    said = {"n": answered, "all": len(answers)}
    groups = "; ".join(
        reader.t("for want of {lack}: {questions}", lack=words, questions=", ".join(names))
        for words, names in lacking.items()
    )
    known = reader.t("These data allow an answer to {n} of the {all} questions.", **said)
    if not answered:
        known = reader.t("These data allow an answer to none of the {all} questions.", **said)
    return f"{known} {reader.t('Not answered, {groups}.', groups=groups)}"
