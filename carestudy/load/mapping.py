"""What care.toml says of one table: where it comes from, and how its columns, dates, numbers and words are written."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from typing import Any
from unicodedata import normalize
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from carestudy.contract import TABLES, CareError

FILE = "care.toml"
NUMBERS = {"1,234.5": (",", "."), "1.234,5": (".", ","), "1234.5": ("", "."), "1234,5": ("", ",")}
# Forms of days that are counted, not written.
COUNTED = ("excel", "excel-1904", "epoch", "epoch-ms")
ENCODINGS = ("cp1258", "cp1252", "utf-16-le", "utf-16-be", "utf-8")
DATES = re.compile(r"([^%]|%[aAbBdfHIjmMpSyY%])+")
DAY = (("%Y", "%y"), ("%m", "%b", "%B", "%j"), ("%d", "%j"))
ALL = ""  # every column that has no form of its own


@dataclass(frozen=True)
class Source:
    """Where a table comes from, what its columns are called there, and how it writes dates, numbers and words."""

    source: tuple[str, ...] = ()
    sheet: tuple[str, ...] = ()
    encoding: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    dates: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    timezone: str | None = None
    numbers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    empty: tuple[str, ...] = ()
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    questions: Mapping[str, str] = field(default_factory=dict)

    def dates_of(self, column: str) -> tuple[str, ...]:
        """The forms in which a column's days are written; none where they are ISO."""
        return self.dates.get(column, self.dates.get(ALL, ()))

    def numbers_of(self, column: str) -> str | None:
        """How a column's numbers are written, where it is said."""
        found = self.numbers.get(column, self.numbers.get(ALL))
        return found[0] if found else None


def source(table: str, written: Mapping[str, Any]) -> Source:
    """What care.toml says of one table; a slip is refused with what was meant."""
    known(table, list(TABLES), f"{FILE}: table")
    where = f"{FILE} [{table}]"
    for name in written:
        known(name, [one.name for one in fields(Source)], where)
    for name in ("encoding", "timezone"):
        if not isinstance(written.get(name, ""), str):
            raise CareError(f'{where}: {name} must be text in quotes, such as {name} = "..."')
    if "timezone" in written:
        zone(written["timezone"], where)
    if written.get("encoding", "utf-8") not in ENCODINGS:
        raise CareError(f"{where}: encoding is one of {', '.join(ENCODINGS)}")
    return Source(
        _texts(written, "source", where),
        _texts(written, "sheet", where),
        written.get("encoding"),
        _names(written, "columns", where),
        _by_column(written.get("dates"), table, f'{where}: dates must be a form such as "%d/%m/%Y %H:%M"', _a_date),
        written.get("timezone"),
        _by_column(written.get("numbers"), table, f"{where}: numbers: choose one of {', '.join(NUMBERS)}", _a_number),
        _texts(written, "empty", where),
        _values(written, where),
        _questions(written, table, where),
    )


def known(name: str, names: Sequence[str], where: str) -> None:
    """Refuse a name that is none of these, with the nearest of them."""
    if name not in names:
        near = get_close_matches(name, names, n=1)
        hint = f"did you mean '{near[0]}'?" if near else f"it has {', '.join(names)}"
        raise CareError(f"{where}: '{name}' is not known; {hint}")


def zone(name: str, where: str) -> None:
    """Refuse a time zone that nobody knows."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise CareError(f"{where}: timezone '{name}' is not known; such as Asia/Ho_Chi_Minh") from None


def _texts(written: Mapping[str, Any], name: str, where: str) -> tuple[str, ...]:
    said = written.get(name, ())
    texts = (said,) if isinstance(said, str) else said
    if not isinstance(texts, list | tuple) or not all(isinstance(text, str) and text for text in texts):
        raise CareError(f'{where}: {name} must be text in quotes, such as {name} = "...", or a list of such')
    return tuple(normalize("NFC", text) for text in texts)


def _names(written: Mapping[str, Any], name: str, where: str) -> dict[str, str]:
    said = written.get(name, {})
    if not isinstance(said, Mapping) or not all(isinstance(value, str) for value in said.values()):
        raise CareError(f'{where}: {name} must be like {{ customer_id = "Mã KH" }}')
    return dict(said)


def _by_column(said: Any, table: str, complaint: str, fits: Any) -> dict[str, tuple[str, ...]]:
    """A form for all columns, or forms by column; each one form or a list of them."""
    forms = said if isinstance(said, Mapping) else {} if said is None else {ALL: said}
    found = {}
    for column, one in forms.items():
        if column:
            known(column, list(TABLES[table].columns), complaint.partition(":")[0])
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


def _questions(written: Mapping[str, Any], table: str, where: str) -> dict[str, str]:
    found = _names(written, "questions", where)
    if found and table != "responses":
        raise CareError(f"{where}: only responses have questions")
    both = {"question", "score"} & set(written.get("columns", {}))
    if found and both:
        raise CareError(f"{where}: a survey with one column per question has no column of its own for {min(both)}")
    return found
