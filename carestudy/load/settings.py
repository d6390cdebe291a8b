"""care.toml: who the company is, and which of its files and columns are which."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
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


@dataclass(frozen=True)
class Source:
    """Where a table comes from and what its columns are called there."""

    source: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    dates: str | None = None
    timezone: str | None = None
    numbers: str | None = None


def read(folder: Path) -> tuple[Settings, dict[str, Source]]:
    """The settings and the mapping that stand in a folder's care.toml; the defaults where there is none."""
    path = folder / FILE
    if not path.exists():
        return Settings(), {}
    try:
        return interpret(tomllib.loads(path.read_text(encoding="utf-8-sig")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise CareError(f"{FILE} cannot be read: {problem}") from None


def interpret(written: Mapping[str, Any]) -> tuple[Settings, dict[str, Source]]:
    """Settings and sources from what care.toml says; an unknown name is refused with the nearest known one."""
    names = [one.name for one in fields(Settings)]
    plain = {name: value for name, value in written.items() if not isinstance(value, Mapping)}
    for name in plain:
        _known(name, names, FILE)
    if isinstance(plain.get("as_of"), date):
        plain["as_of"] = plain["as_of"].isoformat()
    settings = checked(Settings(**plain))
    return settings, {table: _source(table, one) for table, one in written.items() if isinstance(one, Mapping)}


def checked(settings: Settings) -> Settings:
    """The same settings, where each makes sense."""
    for name in ("company", "language", "timezone", "currency"):
        if not isinstance(getattr(settings, name), str):
            raise CareError(f'{FILE}: {name} must be text in quotes, such as {name} = "..."')
    if settings.language not in LANGUAGES:
        raise CareError(f"{FILE}: language '{settings.language}' is not known: choose {' or '.join(LANGUAGES)}")
    try:
        ZoneInfo(settings.timezone)
    except (ZoneInfoNotFoundError, ValueError):
        raise CareError(f"{FILE}: timezone '{settings.timezone}' is not known; such as Asia/Ho_Chi_Minh") from None
    if settings.currency not in list_currencies():
        raise CareError(f"{FILE}: currency '{settings.currency}' is not known: write three letters such as VND")
    wait = settings.inactive_after
    if wait is not None and (not isinstance(wait, int) or wait < 1):
        raise CareError(f"{FILE}: inactive_after is a whole number of days, such as 90")
    return settings


def moment(text: str | date | datetime, zone: ZoneInfo) -> datetime:
    """The moment up to which data are known: a date means the end of that day, a time without a zone is local."""
    if isinstance(text, datetime):
        return text if text.tzinfo else text.replace(tzinfo=zone)
    try:
        if isinstance(text, date) or len(text) == len("2026-10-31"):
            day = text if isinstance(text, date) else date.fromisoformat(text)
            return datetime.combine(day + timedelta(days=1), time(), zone)
        known = datetime.fromisoformat(text)
    except (TypeError, ValueError, OverflowError):
        raise CareError(
            f"as_of is a day such as 2026-10-31 or a moment such as 2026-10-31T18:00, not {text!r}"
        ) from None
    return known if known.tzinfo else known.replace(tzinfo=zone)


def _source(table: str, written: Mapping[str, Any]) -> Source:
    _known(table, list(TABLES), f"{FILE}: table")
    for name in written:
        _known(name, [one.name for one in fields(Source)], f"{FILE} [{table}]")
    columns = written.get("columns", {})
    if not isinstance(columns, Mapping) or not all(isinstance(value, str) for value in columns.values()):
        raise CareError(f'{FILE} [{table}]: columns must be like {{ customer_id = "Mã KH" }}')
    return Source(**written)


def _known(name: str, names: list[str], where: str) -> None:
    if name not in names:
        near = get_close_matches(name, names, n=1)
        hint = f"did you mean '{near[0]}'?" if near else f"it has {', '.join(names)}"
        raise CareError(f"{where}: '{name}' is not known; {hint}")
