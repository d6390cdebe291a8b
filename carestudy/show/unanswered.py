"""Which of the eight questions the data can answer, in one line, and what the others are missing."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import partial
from typing import Any

from markupsafe import Markup

from carestudy.contract import Missing, Reason, Refused
from carestudy.eight_questions import Answer
from carestudy.show import labels
from carestudy.show.refusals import why
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


def refused_alike(answers: Sequence[Answer]) -> dict[str, tuple[Reason, list[Answer]]]:
    """The questions that one and the same premise refuses, if it refuses several, by the premise."""
    alike: dict[str, tuple[Reason, list[Answer]]] = {}
    for answer in answers:
        if isinstance(answer.missing, Refused):
            alike.setdefault(str(answer.missing.why), (answer.missing.why, []))[1].append(answer)
    return {name: found for name, found in alike.items() if len(found[1]) > 1}


def line(reader: Reader, answers: Sequence[Answer], untold: Collection[str] = ()) -> str:
    """How many questions are answered here, and the others by what they lack; nothing where none lacks anything.

    ``untold`` are the questions that lack nothing and stand on the page without an answer.
    """
    lacking: dict[str, list[str]] = {}
    for answer in answers:
        if words := lack(reader, answer):
            lacking.setdefault(words, []).append(_quoted(reader, answer))
    alike = refused_alike(answers).values()
    if not lacking and not alike:
        return ""
    missed = sum(map(len, lacking.values())) + sum(len(refused) for _, refused in alike)
    answered = len(answers) - missed - len(untold)
    fields = {"n": answered, "all": len(answers)}
    groups = "; ".join(
        reader.t("for want of {lack}: {questions}", lack=words, questions=", ".join(names))
        for words, names in lacking.items()
    )
    known = reader.t("The data answer {n} of the {all} questions.", **fields)
    if not answered:
        known = reader.t("The data answer none of the {all} questions.", **fields)
    parts = [known, reader.t("Not answered, {groups}.", groups=groups)] if groups else [known]
    for reason, refused in alike:
        questions = ", ".join(_quoted(reader, one) for one in refused)
        parts.append(reader.t("No answer to {questions}: {reason}.", questions=questions, reason=why(reader, reason)))
    return " ".join(parts)


def _quoted(reader: Reader, answer: Answer) -> str:
    return f"“{reader.t(answer.question)}”"
