"""The section of care.toml about one table, checked: a slip is refused with what was meant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any
from unicodedata import normalize

from carestudy.contract import TABLES, CareError
from carestudy.load.entries import entry
from carestudy.load.entry import Entry
from carestudy.load.mapping import COUNTED, DATES, DAY, ENCODINGS, FILE, NUMBERS, known, zone
from carestudy.load.source import ALL, Source


def source(table: str, written: Mapping[str, Any]) -> Source:
    """What care.toml says of one table; a slip is refused with what was meant."""
    known(table, list(TABLES), f"{FILE}: table")
    where = f"{FILE} [{table}]"
    for name in written:
        known(name, [one.name for one in fields(Source)], where)
    for name in ("encoding", "timezone"):
        if not isinstance(written.get(name, ""), str):
            raise CareError(f'{where}: {name} must be text in quotes, such as {name} = "..."')
    if written.get("encoding", "utf-8") not in ENCODINGS:
        raise CareError(f"{where}: encoding is one of {', '.join(ENCODINGS)}")
    columns = _entries(written, "columns", where)
    dates = f'{where}: dates must be a form such as "%d/%m/%Y %H:%M"'
    numbers = f"{where}: numbers: choose one of {', '.join(NUMBERS)}"
    ours = list(TABLES[table].columns)
    operands = [name for one in columns.values() for name in one.names]
    return Source(
        _texts(written, "source", where),
        _texts(written, "sheet", where),
        written.get("encoding"),
        columns,
        _by_column(written.get("dates"), ours, dates, _a_date),
        zone(written["timezone"], where) if "timezone" in written else None,
        _by_column(written.get("numbers"), ours + operands, numbers, _a_number),
        _texts(written, "empty", where),
        _values(written, where),
        _questions(written, table, where),
    )


def _texts(written: Mapping[str, Any], name: str, where: str) -> tuple[str, ...]:
    said = written.get(name, ())
    texts = (said,) if isinstance(said, str) else said
    if not isinstance(texts, list | tuple) or not all(isinstance(text, str) and text for text in texts):
        raise CareError(f'{where}: {name} must be text in quotes, such as {name} = "...", or a list of such')
    return tuple(normalize("NFC", text) for text in texts)


def _entries(written: Mapping[str, Any], name: str, where: str) -> dict[str, Entry]:
    said = written.get(name, {})
    if not isinstance(said, Mapping):
        raise CareError(f'{where}: {name} must be like {{ customer_id = "Mã KH" }}')
    return {column: entry(one, f"{where} {name}: {column}") for column, one in said.items()}


def _by_column(said: Any, names: list[str], complaint: str, fits: Any) -> dict[str, tuple[str, ...]]:
    """A form for all columns, or forms by column; each one form or a list of them."""
    forms = said if isinstance(said, Mapping) else {} if said is None else {ALL: said}
    found = {}
    for column, one in forms.items():
        if column:
            known(column, names, complaint.partition(":")[0])
        several = (one,) if isinstance(one, str) else one
        if not isinstance(several, list | tuple) or not several or not all(fits(form) for form in several):
            raise CareError(f"{complaint}, or forms by column such as {{ {column or 'opened_at'} = ... }}")
        found[column] = tuple(several)
    return found


def _a_date(form: Any) -> bool:
    if not isinstance(form, str):
        return False
    whole = bool(DATES.fullmatch(form)) and all(any(part in form for part in parts) for parts in DAY)
    return whole or form in COUNTED


def _a_number(form: Any) -> bool:
    return isinstance(form, str) and form in NUMBERS


def _values(written: Mapping[str, Any], where: str) -> dict[str, dict[str, str]]:
    """Value maps by column: their words on the left, ours on the right."""
    said = written.get("values", {})
    if not isinstance(said, Mapping) or not all(isinstance(words, Mapping) for words in said.values()):
        raise CareError(f'{where}: values are by column, such as [contacts.values.kind] "Khiếu nại" = "complaint"')
    maps = {column: dict(words) for column, words in said.items()}
    for column, words in maps.items():
        if not all(isinstance(ours, str | bool | int | float) for ours in words.values()):
            raise CareError(f"{where} values.{column}: a word stands for one word, number, true or false")
    return {column: {theirs: _word(ours) for theirs, ours in words.items()} for column, words in maps.items()}


def _word(ours: str | float | bool) -> str:  # noqa: FBT001 - what TOML may say
    return str(ours).lower() if isinstance(ours, bool) else str(ours)


def _questions(written: Mapping[str, Any], table: str, where: str) -> dict[str, Entry]:
    found = _entries(written, "questions", where)
    if found and table != "responses":
        raise CareError(f"{where}: only responses have questions")
    both = {"question", "score"} & set(written.get("columns", {}))
    if found and both:
        raise CareError(f"{where}: a survey with one column per question has no column of its own for {min(both)}")
    return found
