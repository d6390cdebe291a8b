"""Writes TOML that stays valid and safe whatever a header or a file is called."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from carestudy.recognise.column import PERSON
from carestudy.recognise.forms import Form, Forms


def quoted(plain: str) -> str:
    """A text as TOML writes it, on one line; what cannot be seen is written as its number.

    >>> print(quoted('Mã "KH"\\n[x]'))
    "Mã \\"KH\\"\\n[x]"
    """
    letters = [letter if letter.isprintable() else _escaped(letter) for letter in plain]
    return (
        '"'
        + "".join(
            json.dumps(letter_, ensure_ascii=False)[1:-1] if len(letter_) == 1 else letter_ for letter_ in letters
        )
        + '"'
    )


def text(plain: str) -> str:
    """A text on one line in which all can be seen, but no address and no phone number."""
    return PERSON.sub("…", "".join(letter if letter.isprintable() else " " for letter in plain))


def comment(plain: str) -> str:
    """A text that is safe behind a #."""
    return " ".join(text(plain).split())


def entry(name: str, value: Any, why: str = "") -> str:
    """A line of care.toml, with a comment.

    >>> print(entry("resolved_at", {"column": "Kết thúc", "where": {"Trạng thái": ["Thành công"]}}))
    resolved_at = { column = "Kết thúc", where = { "Trạng thái" = ["Thành công"] } }
    """
    return f"{_key(name)} = {inline(value)}" + (f"  # {comment(why)}" if why else "")


def inline(value: Any) -> str:
    """A text, a list or a table as TOML writes them on one line."""
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, Mapping):
        return f"{{ {', '.join(f'{_key(name)} = {inline(element)}' for name, element in value.items())} }}"
    return f"[{', '.join(map(inline, value))}]"


def written(table: str, table_forms: Forms, guessed: Collection[str]) -> list[str]:
    """How the columns of a table are written; what could be read in several ways stands there as a question.

    So do the words of a column that is only guessed: without the column they would be an error.
    """
    lines = []
    for kind, forms_of in (("dates", table_forms.dates), ("numbers", table_forms.numbers)):
        if forms_of:
            lines.append(f"\n[{table}.{kind}]")
            lines += [line for name, form in forms_of.items() for line in _form(name, form)]
    for column, words in table_forms.values.items():
        section = [f"[{table}.values.{_key(column)}]  # theirs = ours"]
        section += [f"{quoted(theirs)} = {quoted(ours)}" for theirs, ours in words.items()]
        lines += ["", *(asked(section) if column in guessed else section)]
        lines += [line for word in table_forms.unknown.get(column, ()) for line in _unknown(column, word)]
    return lines


def asked(lines: Sequence[str]) -> list[str]:
    """Lines that wait for an answer."""
    return [f"# ? {line}" for line in lines]


def _unknown(column: str, word: str) -> list[str]:
    """A word that is yes or no, and nobody knows which."""
    question = comment(f"is it {column}, or not? choose one:")
    return asked([question, *(f"{quoted(word)} = {quoted(ours)}" for ours in ("true", "false"))])


def _form(name: str, form: Form) -> list[str]:
    if not form.choices:
        return [entry(name, form.forms[0] if len(form.forms) == 1 else form.forms, form.why)]
    choices = [entry(name, choice[0] if len(choice) == 1 else choice) for choice in form.choices]
    return asked([f"{comment(form.why)}; choose one:", *choices])


def _escaped(letter: str) -> str:
    number = ord(letter)
    names = {"\b": r"\b", "\t": r"\t", "\n": r"\n", "\f": r"\f", "\r": r"\r"}
    return names.get(letter) or (f"\\u{number:04X}" if number < 0x10000 else f"\\U{number:08X}")


def _bare(name: str) -> bool:
    return bool(name) and name.isascii() and name.replace("_", "").replace("-", "").isalnum()


def _key(name: str) -> str:
    return name if _bare(name) else quoted(name)
