"""What a section of care.toml and its lines on the terminal say of a match."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from carestudy.recognise import words
from carestudy.recognise.column import Column
from carestudy.recognise.joins import Lookup
from carestudy.recognise.mapped import Mapped, Match
from carestudy.recognise.surveys import Question
from carestudy.recognise.toml import asked, comment, entry, inline

# Things of the dictionary that tell of a person, and what they are called.
PERSONAL = {"name": "names", "receiver": "names", "address": "addresses", "phone": "phone numbers",
            "email": "e-mail addresses", "person_number": "numbers of people", "birth": "days of birth"}  # fmt: skip
OF_PEOPLE = {*PERSONAL, "customer", "contact", "user", "agent", "first", "last", "when", "id", "order", "respondent"}


def looks(match: Match) -> str:
    """Which tool seems to have written the file."""
    return f"; looks like {match.form.called}" if match.form else ""


def read_from(mapped_column: Mapped) -> str:
    """What a column is read from, for a line on the terminal."""
    return (
        mapped_column.column.name
        if mapped_column.entry is None
        else mapped_column.entry
        if isinstance(mapped_column.entry, str)
        else inline(mapped_column.entry)
    )


def lookup(joined_export: Lookup) -> dict[str, Any]:
    """A file that is joined, as care.toml says it."""
    sheet = joined_export.export.sheets[0]
    sheets = {"sheet": joined_export.export.sheet_names} if joined_export.export.sheet_names else {}
    encoding = {"encoding": sheet.encoding} if sheet.encoding else {}
    files = joined_export.export.files
    return {"source": files[0] if len(files) == 1 else files, "on": joined_export.on, **sheets, **encoding}


def rows_of(match: Match) -> list[str]:
    """Which rows of the file are rows of the table, and which of them are one."""
    lines = []
    if match.where:
        condition = entry("where", match.where.entry, f"{match.where.sure}: {match.where.why}")
        both = [condition, *([entry("left_out", match.where.rest)] if match.where.rest else [])]
        lines += asked(both) if match.where.ask else both
    if match.sum_by:
        lines.append(entry("sum_by", match.sum_by, "a row is an item: the rows of one id are one"))
    return lines


def waiting(question: str, lines: Sequence[str]) -> list[str]:
    """A section that waits for an answer as a whole."""
    plain_lines = [text_line for line in lines for text_line in line.split("\n") if text_line]
    return asked([comment(question), *(line.removeprefix("# ? ") for line in plain_lines)])


def personal_of(column: Column) -> str | None:
    """What of a person a column holds, as its cells or its header tell."""
    meaning = words.meaning(column.name)
    things = meaning.things if meaning.things <= OF_PEOPLE and not meaning.unknown else frozenset()
    kind = next((personal_kind for thing, personal_kind in PERSONAL.items() if thing in things), None)
    return column.personal or kind


def guesses(match: Match) -> set[str]:
    """The columns of ours that wait for an answer."""
    names = {name for name, guess in match.columns.items() if guess.sure == "guess"}
    return names | ({"score"} if match.questions and all(guess.sure == "guess" for guess in match.questions) else set())


def asked_for(question: Question) -> list[str]:
    """A question under our name; a guess also under the name that it has if the guess is wrong."""
    lines = [mapped(question.name, question)]
    if question.sure == "guess" and question.other and question.other != question.name:
        lines += asked([entry(question.other, question.column.name, f"if it is not {question.name}")])
    return lines


def mapped(name: str, source_column: Mapped | Question) -> str:
    """A column under our name; a guess waits for an answer."""
    written_entry = source_column.entry if isinstance(source_column, Mapped) else None
    line = entry(
        name,
        source_column.column.name if written_entry is None else written_entry,
        f"{source_column.sure}: {source_column.why}",
    )
    return asked([line])[0] if source_column.sure == "guess" else line
