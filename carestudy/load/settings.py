"""care.toml: who the company is, and which of its files and columns are which."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel.numbers import list_currencies

from carestudy.care import Settings
from carestudy.contract import CareError
from carestudy.hours import SUCH, Hours
from carestudy.load.effort_scale import SCALES
from carestudy.load.mapping import FILE, known, zone
from carestudy.load.section import source
from carestudy.load.source import Source

LANGUAGES = ("vi", "en")
LONGEST = 36_525  # days of silence, a hundred years
MATCHES = ("exact", "digits", "phone")
MEMORY = re.compile(r"[1-9]\d*(\.\d+)? ?[KMGT]i?B")
# Sections about no table: what each may say, and how.
MAIL = "mail"  # how reports are sent: read by who sends them
SECTIONS = {
    "churn": {"involuntary": 'involuntary = ["..."]'},
    "value": {"margin": "margin = 0.3"},
    "findings": {"due_days": "due_days = 14", "plays": 'plays = "plays.toml"'},
}


@dataclass(frozen=True)
class Said:
    """What care.toml says: of the company, of each table, and of the database the tables are in, if in one."""

    settings: Settings = field(default_factory=Settings)
    sources: Mapping[str, Source] = field(default_factory=dict)
    database: str | None = None


def read(folder: Path) -> Said:
    """What stands in a folder's care.toml; the defaults where there is none."""
    sections = written(folder)
    for name in ("spill_folder", "themes"):
        if isinstance(sections.get(name), str):
            sections[name] = str(folder / sections[name])
    findings = sections.get("findings")
    if isinstance(findings, dict) and isinstance(findings.get("plays"), str):
        sections["findings"] = {**findings, "plays": str(folder / findings["plays"])}
    return interpret(sections)


def written(folder: Path) -> dict[str, Any]:
    """The keys and sections of a folder's care.toml, not yet checked; none where there is no such file."""
    path = folder / FILE
    if not path.exists():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError:
        raise CareError(f"{FILE} is not written in UTF-8: save it as UTF-8") from None
    except OSError as problem:
        raise CareError(f"{FILE} cannot be read: {problem.strerror or type(problem).__name__}") from None
    except (RecursionError, tomllib.TOMLDecodeError) as problem:
        raise CareError(f"{FILE} cannot be read: {problem}") from None


def unanswered(folder: Path) -> list[int]:
    """The lines of care.toml that ask something and have not been answered."""
    path = folder / FILE
    lines = path.read_text(encoding="utf-8-sig", errors="replace").splitlines() if path.is_file() else []
    return [number for number, line in enumerate(lines, start=1) if line.lstrip().startswith("# ?")]


def interpret(written: Mapping[str, Any]) -> Said:
    """Settings and sources from what care.toml says; an unknown name is refused with the nearest known one."""
    sections = {name: value for name, value in written.items() if isinstance(value, Mapping) and name != "hours"}
    tables = {name: value for name, value in sections.items() if name not in SECTIONS and name != MAIL}
    plain = {name: value for name, value in written.items() if name not in sections}
    for name in SECTIONS:
        plain |= _section(name, written.get(name, {}))
    if isinstance(plain.get("as_of"), date):
        plain["as_of"] = plain["as_of"].isoformat()
    database = plain.pop("database", None)
    if database is not None and not (isinstance(database, str) and database):
        raise CareError(f'{FILE}: database must be an address in quotes, such as database = "$CARE_DATABASE"')
    sources = {table: source(table, section_of_table) for table, section_of_table in tables.items()}
    return Said(changed(Settings(), plain, FILE), sources, database)


def _section(name: str, section: Any) -> dict[str, Any]:
    """What a section that is about no table says."""
    keys = SECTIONS[name]
    if not isinstance(section, Mapping):
        raise CareError(f"{FILE}: {name} is a section: [{name}] {next(iter(keys.values()))}")
    for key in section:
        known(key, list(keys), f"{FILE} [{name}]")
    return dict(section)


def changed(settings: Settings, given: Mapping[str, Any], where: str) -> Settings:
    """The settings with those given in their place, where each makes sense."""
    for name in given:
        known(name, [setting.name for setting in fields(Settings)], where)
    settings = _themes(_leaving(_opening(replace(settings, **given), where), where), where)
    for name in ("company", "language", "timezone", "currency", "match_ids"):
        if not isinstance(getattr(settings, name), str):
            raise CareError(f'{where}: {name} must be text in quotes, such as {name} = "..."')
    if settings.language not in LANGUAGES:
        raise CareError(f"{where}: language '{settings.language}' is not known: choose {' or '.join(LANGUAGES)}")
    if settings.currency not in list_currencies():
        raise CareError(f"{where}: currency '{settings.currency}' is not known: write three letters such as VND")
    if settings.match_ids not in MATCHES:
        raise CareError(f"{where}: match_ids '{settings.match_ids}' is not known: choose {' or '.join(MATCHES)}")
    _counted(settings, where)
    _roomy(settings, where)
    _acting(settings, where)
    return replace(settings, timezone=zone(settings.timezone, where))


def _counted(settings: Settings, where: str) -> None:
    """Refuse a setting that is a number and makes no sense."""
    wait = settings.inactive_after
    if wait is not None and (isinstance(wait, bool) or not isinstance(wait, int) or not 1 <= wait <= LONGEST):
        raise CareError(f"{where}: inactive_after is a whole number of days, such as 90")
    if isinstance(settings.ces_scale, bool) or settings.ces_scale not in (None, *SCALES):
        raise CareError(f"{where}: ces_scale is where the scale of the question about effort ends: 5 or 7")
    least = settings.min_group
    if isinstance(least, bool) or not isinstance(least, int) or least < 1:
        raise CareError(f"{where}: min_group is a whole number of customers, such as 5")
    for name in ("max_excluded", "max_left_out"):
        most = getattr(settings, name)
        if isinstance(most, bool) or not isinstance(most, int | float) or not 0 <= most <= 1:
            raise CareError(f"{where}: {name} is a share of rows from 0 to 1, such as 0.2")
    margin = settings.margin
    if margin is not None and (isinstance(margin, bool) or not isinstance(margin, int | float) or not 0 < margin <= 1):
        raise CareError(f"{where}: margin is the share of revenue that remains, above 0 and up to 1, such as 0.3")


def _acting(settings: Settings, where: str) -> None:
    """Refuse a due day and plays that make no sense."""
    days = settings.due_days
    if days is not None and (isinstance(days, bool) or not isinstance(days, int) or not 1 <= days <= 366):
        raise CareError(f"{where} [findings]: due_days is a whole number of days after the period, such as 14")
    if settings.plays:
        from carestudy.findings.plays import own  # here, since few companies have some

        if not isinstance(settings.plays, str | Mapping):
            raise CareError(f'{where} [findings]: plays is the name of a file, such as plays = "plays.toml"')
        own(settings.plays)


def _roomy(settings: Settings, where: str) -> None:
    """Refuse what is said of memory and makes no sense."""
    if not isinstance(settings.in_memory, bool):
        raise CareError(f"{where}: in_memory is true or false")
    limit, folder = settings.memory_limit, settings.spill_folder
    if limit is not None and not (isinstance(limit, str) and MEMORY.fullmatch(limit)):
        raise CareError(f'{where}: memory_limit is what the engine may use, such as memory_limit = "2GB"')
    if folder is not None and not (isinstance(folder, str) and Path(folder).is_dir()):
        raise CareError(f'{where}: spill_folder is a folder that exists, such as spill_folder = "/var/tmp"')


def _leaving(settings: Settings, where: str) -> Settings:
    """The settings with the reasons for leaving that are not the company's to win back."""
    reasons = settings.involuntary
    if not isinstance(reasons, list | tuple) or not all(
        isinstance(reason, str) and reason.strip() for reason in reasons
    ):
        raise CareError(f'{where}: involuntary is a list of reasons, such as involuntary = ["Chuyển nơi ở"]')
    return replace(settings, involuntary=tuple(reasons))


def _opening(settings: Settings, where: str) -> Settings:
    """The settings with the hours and the days on which the company is open or not, where they can be read."""
    if not isinstance(settings.hours, Mapping):
        raise CareError(f"{where}: hours are by weekday, {SUCH}")
    days: dict[str, Any] = {}
    for name in ("holidays", "extra_days"):
        stated = getattr(settings, name)
        if not isinstance(stated, list | tuple):
            raise CareError(f'{where}: {name} is a list of days, such as {name} = ["2026-02-16..2026-02-22"]')
        days[name] = tuple(map(str, stated))
    if settings.hours:
        try:
            Hours.of(settings.hours, *days.values())
        except CareError as error:
            raise CareError(f"{where}: {error}") from None
    return replace(settings, hours={name: tuple(shifts) for name, shifts in settings.hours.items()}, **days)


def _themes(settings: Settings, where: str) -> Settings:
    """The settings with what the company's own codebook of themes says, where it can be used."""
    if not settings.themes:
        return settings
    from carestudy.themes.codebook import compiled, read  # here, since few companies have one

    if not isinstance(settings.themes, str | Mapping):
        raise CareError(f'{where}: themes is the name of a codebook, such as themes = "codebook.toml"')
    themes = read(Path(settings.themes)) if isinstance(settings.themes, str) else settings.themes
    compiled(themes)
    return replace(settings, themes=themes)


def moment(stated: object, zone: ZoneInfo) -> datetime:
    """The moment up to which data are known, by the clock of the zone: a date means the end of that day.

    >>> moment("2026-10-31", ZoneInfo("Asia/Ho_Chi_Minh")).isoformat()
    '2026-11-01T00:00:00+07:00'
    """
    text = stated.isoformat() if isinstance(stated, date) else stated
    try:
        return _end_of_day(text, zone) or _on_the_clock(text, zone)
    except (TypeError, ValueError, OverflowError):
        raise CareError(
            f"as_of is a day such as 2026-10-31 or a moment such as 2026-10-31T18:00, not {stated!r}"
        ) from None


def _end_of_day(text: Any, zone: ZoneInfo) -> datetime | None:
    try:
        day = date.fromisoformat(text.strip())
    except (AttributeError, ValueError):
        return None
    return datetime.combine(day + timedelta(days=1), time(), zone)


def _on_the_clock(text: Any, zone: ZoneInfo) -> datetime:
    stamp = datetime.fromisoformat(text)
    return stamp.astimezone(zone) if stamp.tzinfo else stamp.replace(tzinfo=zone)
