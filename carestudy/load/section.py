"""The section of care.toml about one table, checked: a slip is refused with what was meant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any
from unicodedata import normalize

from carestudy.contract import TABLES, CareError
from carestudy.load.entries import entry, words
from carestudy.load.entry import Entry
from carestudy.load.joined_files import joins
from carestudy.load.mapping import COUNTED, DATES, DAY, ENCODINGS, FILE, NUMBERS, SWAPPED, known, zone
from carestudy.load.plain_names import plain
from carestudy.load.source import ALL, Source

KEYS = [field.name for field in fields(Source) if field.name != "year"]


def source(table: str, written: Mapping[str, Any]) -> Source:
    """What care.toml says of one table; a slip is refused with what was meant."""
    known(table, list(TABLES), f"{FILE}: table")
    where = f"{FILE} [{table}]"
    for name in written:
        known(name, KEYS, where)
    if "sources" not in written:
        return _source(table, written, where)
    defaults = {name: value for name, value in written.items() if name != "sources"}
    sources = [
        _source(table, _over(defaults, section), f"{where} sources") for section in _several(written["sources"], where)
    ]
    columns = {column: entry for section in reversed(sources) for column, entry in section.columns.items()}
    return Source(columns=columns, sources=tuple(sources))


def _several(written: Any, where: str) -> list[Mapping[str, Any]]:
    complaint = f'{where}: sources are sections of their own: [[contacts.sources]] source = "calls.csv"'
    if not isinstance(written, list) or not written or not all(isinstance(section, Mapping) for section in written):
        raise CareError(complaint)
    for section in written:
        for name in section:
            known(name, [key for key in KEYS if key != "sources"], f"{where} sources")
    return list(written)


def _over(defaults: Mapping[str, Any], overrides: Mapping[str, Any]) -> dict[str, Any]:
    """What a source says, and where it says nothing, what its table says."""
    merged = {**defaults, **overrides}
    for name, default in defaults.items():
        if isinstance(default, Mapping) and isinstance(overrides.get(name), Mapping):
            merged[name] = _over(default, overrides[name])
    return merged


def _source(table: str, written: Mapping[str, Any], where: str) -> Source:
    for name in ("encoding", "timezone"):
        if not isinstance(written.get(name, ""), str):
            raise CareError(f'{where}: {name} must be text in quotes, such as {name} = "..."')
    if written.get("encoding", "utf-8") not in ENCODINGS:
        raise CareError(f"{where}: encoding is one of {', '.join(ENCODINGS)}")
    columns = _entries(written, "columns", where)
    dates = f'{where}: dates must be a form such as "%d/%m/%Y %H:%M"'
    numbers = f"{where}: numbers: choose one of {', '.join(NUMBERS)}"
    ours = list(TABLES[table].columns)
    operands = [name for entry_of_column in columns.values() for name in entry_of_column.names]
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
        joins(written.get("join", []), where, _texts, words),
        _sum_by(written, table, where),
        words(written["where"], where) if "where" in written else {},
        _left_out(written, where),
    )


def _left_out(written: Mapping[str, Any], where: str) -> dict[str, tuple[str, ...]]:
    """The words of columns of ``where`` whose rows are known to be none of the table."""
    if "left_out" not in written:
        return {}
    words_by_column = words(written["left_out"], where, "left_out")
    wanted = {plain(name): several for name, several in words(written.get("where", {"": ""}), where).items()}
    for name, several in words_by_column.items():
        if plain(name) not in wanted:
            raise CareError(f"{where}: left_out says which words where leaves out, and where names no '{name}'")
        if both := set(several) & set(wanted[plain(name)]):
            raise CareError(f"{where}: '{min(both)}' stands in where and in left_out: take it out of one")
    return words_by_column


def _sum_by(written: Mapping[str, Any], table: str, where: str) -> str | None:
    """The key of the documents whose items the rows are."""
    stated, key = written.get("sum_by"), TABLES[table].key
    if stated is not None and (table == "customers" or key is None):
        raise CareError(f"{where}: sum_by puts the items of orders together; {table} have none")
    if stated not in (None, key):
        raise CareError(f'{where}: sum_by is sum_by = "{key}", the column in which the items of one document agree')
    return key if stated else None


def _texts(written: Mapping[str, Any], name: str, where: str) -> tuple[str, ...]:
    value = written.get(name, ())
    texts = (value,) if isinstance(value, str) else value
    if not isinstance(texts, list | tuple) or not all(isinstance(text, str) and text for text in texts):
        raise CareError(f'{where}: {name} must be text in quotes, such as {name} = "...", or a list of such')
    return tuple(normalize("NFC", text) for text in texts)


def _entries(written: Mapping[str, Any], name: str, where: str) -> dict[str, Entry]:
    section = written.get(name, {})
    if not isinstance(section, Mapping):
        raise CareError(f'{where}: {name} must be like {{ customer_id = "Mã KH" }}')
    return {column: entry(value, f"{where} {name}: {column}") for column, value in section.items()}


def _by_column(stated: Any, names: list[str], complaint: str, fits: Any) -> dict[str, tuple[str, ...]]:
    """A form for all columns, or forms by column; each one form or a list of them."""
    forms = stated if isinstance(stated, Mapping) else {} if stated is None else {ALL: stated}
    forms_by_column = {}
    for column, one in forms.items():
        if column:
            known(column, names, complaint.partition(":")[0])
        several = (one,) if isinstance(one, str) else one
        if not isinstance(several, list | tuple) or not several or not all(fits(form) for form in several):
            raise CareError(f"{complaint}, or forms by column such as {{ {column or 'opened_at'} = ... }}")
        forms_by_column[column] = tuple(several)
    return forms_by_column


def _a_date(form: Any) -> bool:
    if not isinstance(form, str):
        return False
    complete = bool(DATES.fullmatch(form)) and all(any(token in form for token in variants) for variants in DAY)
    return complete or form in (*COUNTED, SWAPPED)


def _a_number(form: Any) -> bool:
    return isinstance(form, str) and form in NUMBERS


def _values(written: Mapping[str, Any], where: str) -> dict[str, dict[str, str]]:
    """Value maps by column: their words on the left, ours on the right."""
    section = written.get("values", {})
    if not isinstance(section, Mapping) or not all(isinstance(words, Mapping) for words in section.values()):
        raise CareError(f'{where}: values are by column, such as [contacts.values.kind] "Khiếu nại" = "complaint"')
    maps = {column: dict(mapping) for column, mapping in section.items()}
    for column, mapping in maps.items():
        if not all(isinstance(ours, str | bool | int | float) for ours in mapping.values()):
            raise CareError(f"{where} values.{column}: a word stands for one word, number, true or false")
    return {column: {theirs: _word(ours) for theirs, ours in mapping.items()} for column, mapping in maps.items()}


def _word(ours: str | float | bool) -> str:  # noqa: FBT001 - what TOML may say
    return str(ours).lower() if isinstance(ours, bool) else str(ours)


def _questions(written: Mapping[str, Any], table: str, where: str) -> dict[str, Entry]:
    entries = _entries(written, "questions", where)
    if entries and table != "responses":
        raise CareError(f"{where}: only responses have questions")
    both = {"question", "score"} & set(written.get("columns", {}))
    if entries and both:
        raise CareError(f"{where}: a survey with one column per question has no column of its own for {min(both)}")
    return entries
