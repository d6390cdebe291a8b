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


def read_from(one: Mapped) -> str:
    """What a column is read from, for a line on the terminal."""
    return one.column.name if one.entry is None else one.entry if isinstance(one.entry, str) else inline(one.entry)


def lookup(one: Lookup) -> dict[str, Any]:
    """A file that is joined, as care.toml says it."""
    sheet = one.export.sheets[0]
    sheets = {"sheet": one.export.sheet_names} if one.export.sheet_names else {}
    encoding = {"encoding": sheet.encoding} if sheet.encoding else {}
    files = one.export.files
    return {"source": files[0] if len(files) == 1 else files, "on": one.on, **sheets, **encoding}


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
    plain_lines = [part for line in lines for part in line.split("\n") if part]
    return asked([comment(question), *(line.removeprefix("# ? ") for line in plain_lines)])


def personal_of(column: Column) -> str | None:
    """What of a person a column holds, as its cells or its header tell."""
    meaning = words.meaning(column.name)
    things = meaning.things if meaning.things <= OF_PEOPLE and not meaning.unknown else frozenset()
    said = next((what for thing, what in PERSONAL.items() if thing in things), None)
    return column.personal or said


def guesses(match: Match) -> set[str]:
    """The columns of ours that wait for an answer."""
    found = {name for name, one in match.columns.items() if one.sure == "guess"}
    return found | ({"score"} if match.questions and all(one.sure == "guess" for one in match.questions) else set())


def asked_for(one: Question) -> list[str]:
    """A question under our name; a guess also under the name that it has if the guess is wrong."""
    lines = [mapped(one.name, one)]
    if one.sure == "guess" and one.other and one.other != one.name:
        lines += asked([entry(one.other, one.column.name, f"if it is not {one.name}")])
    return lines


def mapped(name: str, one: Mapped | Question) -> str:
    """A column under our name; a guess waits for an answer."""
    more = one.entry if isinstance(one, Mapped) else None
    line = entry(name, one.column.name if more is None else more, f"{one.sure}: {one.why}")
    return asked([line])[0] if one.sure == "guess" else line
