"""care.toml: who the company is, and which of its files and columns are which."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime, time, timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel.numbers import list_currencies

from carestudy.care import Settings
from carestudy.contract import TABLES, CareError

FILE = "care.toml"
LANGUAGES = ("vi", "en")
NUMBERS = {"1,234.5": (",", "."), "1.234,5": (".", ","), "1234.5": ("", "."), "1234,5": ("", ",")}
DATES = re.compile(r"([^%]|%[aAbBdfHIjmMpSyY%])+")
DAY = (("%Y", "%y"), ("%m", "%b", "%B", "%j"), ("%d", "%j"))


@dataclass(frozen=True)
class Source:
    """Where a table comes from, what its columns are called there, and how dates and numbers are written in it."""

    source: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    dates: Sequence[str] = ()
    timezone: str | None = None
    numbers: str | None = None


def read(folder: Path) -> tuple[Settings, dict[str, Source]]:
    """The settings and the mapping that stand in a folder's care.toml; the defaults where there is none."""
    path = folder / FILE
    if not path.exists():
        return Settings(), {}
    try:
        written = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError:
        raise CareError(f"{FILE} is not written in UTF-8: save it as UTF-8") from None
    except (OSError, RecursionError, tomllib.TOMLDecodeError) as problem:
        raise CareError(f"{FILE} cannot be read: {problem}") from None
    return interpret(written)


def interpret(written: Mapping[str, Any]) -> tuple[Settings, dict[str, Source]]:
    """Settings and sources from what care.toml says; an unknown name is refused with the nearest known one."""
    plain = {name: value for name, value in written.items() if not isinstance(value, Mapping)}
    if isinstance(plain.get("as_of"), date):
        plain["as_of"] = plain["as_of"].isoformat()
    sources = {table: _source(table, one) for table, one in written.items() if isinstance(one, Mapping)}
    return changed(Settings(), plain, FILE), sources


def changed(settings: Settings, given: Mapping[str, Any], where: str) -> Settings:
    """The settings with those given in their place, where each makes sense."""
    for name in given:
        known(name, [one.name for one in fields(Settings)], where)
    settings = replace(settings, **given)
    for name in ("company", "language", "timezone", "currency"):
        if not isinstance(getattr(settings, name), str):
            raise CareError(f'{where}: {name} must be text in quotes, such as {name} = "..."')
    if settings.language not in LANGUAGES:
        raise CareError(f"{where}: language '{settings.language}' is not known: choose {' or '.join(LANGUAGES)}")
    if settings.currency not in list_currencies():
        raise CareError(f"{where}: currency '{settings.currency}' is not known: write three letters such as VND")
    wait = settings.inactive_after
    if wait is not None and (isinstance(wait, bool) or not isinstance(wait, int) or wait < 1):
        raise CareError(f"{where}: inactive_after is a whole number of days, such as 90")
    _zone(settings.timezone, where)
    return settings


def moment(said: object, zone: ZoneInfo) -> datetime:
    """The moment up to which data are known, by the clock of the zone: a date means the end of that day.

    >>> moment("2026-10-31", ZoneInfo("Asia/Ho_Chi_Minh")).isoformat()
    '2026-11-01T00:00:00+07:00'
    """
    text = said.isoformat() if isinstance(said, date) else said
    try:
        return _end_of_day(text, zone) or _on_the_clock(text, zone)
    except (TypeError, ValueError, OverflowError):
        raise CareError(
            f"as_of is a day such as 2026-10-31 or a moment such as 2026-10-31T18:00, not {said!r}"
        ) from None


def known(name: str, names: Sequence[str], where: str) -> None:
    """Refuse a name that is none of these, with the nearest of them."""
    if name not in names:
        near = get_close_matches(name, names, n=1)
        hint = f"did you mean '{near[0]}'?" if near else f"it has {', '.join(names)}"
        raise CareError(f"{where}: '{name}' is not known; {hint}")


def _end_of_day(text: Any, zone: ZoneInfo) -> datetime | None:
    try:
        day = date.fromisoformat(text.strip())
    except (AttributeError, ValueError):
        return None
    return datetime.combine(day + timedelta(days=1), time(), zone)


def _on_the_clock(text: Any, zone: ZoneInfo) -> datetime:
    stamp = datetime.fromisoformat(text)
    return stamp.astimezone(zone) if stamp.tzinfo else stamp.replace(tzinfo=zone)


def _zone(name: str, where: str) -> None:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise CareError(f"{where}: timezone '{name}' is not known; such as Asia/Ho_Chi_Minh") from None


def _source(table: str, written: Mapping[str, Any]) -> Source:
    known(table, list(TABLES), f"{FILE}: table")
    where = f"{FILE} [{table}]"
    for name in written:
        known(name, [one.name for one in fields(Source)], where)
    columns = written.get("columns", {})
    if not isinstance(columns, Mapping) or not all(isinstance(value, str) for value in columns.values()):
        raise CareError(f'{where}: columns must be like {{ customer_id = "Mã KH" }}')
    for name in ("source", "timezone", "numbers"):
        if not isinstance(written.get(name, ""), str):
            raise CareError(f'{where}: {name} must be text in quotes, such as {name} = "..."')
    if "timezone" in written:
        _zone(written["timezone"], where)
    if written.get("numbers", "1234.5") not in NUMBERS:
        raise CareError(f'{where}: numbers = "{written["numbers"]}" is not known: choose one of {", ".join(NUMBERS)}')
    return Source(**{**written, "dates": _dates(written.get("dates", ()), where)})


def _dates(written: Any, where: str) -> tuple[str, ...]:
    forms = (written,) if isinstance(written, str) else written
    whole = isinstance(forms, Sequence) and all(
        isinstance(form, str) and DATES.fullmatch(form) and all(any(part in form for part in parts) for parts in DAY)
        for form in forms
    )
    if not whole:
        raise CareError(f'{where}: dates must be a form such as "%d/%m/%Y %H:%M", or a list of forms')
    return tuple(forms)
