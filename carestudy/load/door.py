"""Load, rename, parse, check; rows that break the contract are set aside and counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from carestudy.care import Care, Settings, TableCount
from carestudy.contract import TABLES, CareError, listed
from carestudy.engine import Backend, Table
from carestudy.load import checks, databases, far_days, faults, matching, settings, sources
from carestudy.load.checked import Checked
from carestudy.load.checked import checked as checked_table
from carestudy.load.credit_notes import with_refunds
from carestudy.load.effort_scale import ces_scale
from carestudy.load.engine import Database, Engine, asked
from carestudy.load.mapping import FILE, known
from carestudy.load.only import restricted
from carestudy.load.plain_names import LINE
from carestudy.load.raw import Raw
from carestudy.load.settings import Said
from carestudy.load.source import Source
from carestudy.load.sources import Refused, raised
from carestudy.load.watched import Watched
from carestudy.measure.signatures import keyword, listing
from carestudy.measure.silence import Silence, chosen
from carestudy.measure.stock import has_contracts
from carestudy.memory import origin

_Loaded = tuple[Care, Engine | Database]
_REMEMBERED: dict[tuple[str, Any], _Loaded] = {}


@dataclass(frozen=True)
class Examined:
    """What can be loaded, the errors in the way of the rest, what is left open, and what care.toml says."""

    care: Care | None
    errors: tuple[str, ...]
    notes: tuple[str, ...] = ()
    sources: Mapping[str, Source] = field(default_factory=dict)


@listing(
    keyword(setting.name, setting.default, setting.type) for setting in fields(Settings) if setting.name != "as_of"
)
def load(source: Any, *, as_of: str | date | datetime | None = None, only: Any = None, **settings_given: Any) -> Care:
    """Checked tables of a company from a folder, a database URL, an Ibis connection, or a dict of frames or tables.

    ``as_of`` is up to when the data are known: a day means its end; without it care.toml says, or else it is midnight
    after the latest event. ``only`` is one group, such as {"team": "A"} or the text "team=A"; the rows of others are
    left out. ``given`` are settings as in care.toml (company, timezone, currency, inactive_after, ...).
    """
    remembered = _REMEMBERED.get((source, as_of)) if isinstance(source, str) and not settings_given else None
    care, engine = remembered or _loaded(source, as_of, settings_given, raised)
    engine.locked()
    loaded = restricted(care, engine, only) if only else care
    return loaded.came_from(None if settings_given else origin(source, as_of, only))


def remember(source: str, as_of: str | None = None) -> Care:
    """Load data for the copies of this process: in each of them ``load`` gives the data as they are now.

    Data that did not fit into memory are not kept for the copies: each of them loads its own.
    """
    Engine.copied = True
    try:
        care, engine = _loaded(source, as_of, {}, raised)
    finally:
        Engine.copied = False
    if not engine.has_spilled:
        _REMEMBERED[source, as_of] = care, engine
    return care


def examine(source: Any, *, as_of: str | date | datetime | None = None, **settings_given: Any) -> Examined:
    """Load like ``load``, but collect the errors of all tables, and load the tables without errors."""
    errors: list[str] = []

    def keep(error: CareError) -> None:
        errors.append(str(error))

    try:
        care: Care | None = _loaded(source, as_of, settings_given, keep)[0]
    except CareError as error:
        care, errors = None, errors or [str(error)]
    sources_said, notes = _left_open(source)
    return Examined(care, tuple(errors), notes, sources_said)


def _left_open(source: Any) -> tuple[Mapping[str, Source], tuple[str, ...]]:
    """The sources that care.toml names, its unanswered questions, and the files that no table is read from."""
    named_sources: Mapping[str, Source] = {}
    notes: list[str] = []
    try:
        folder = _folder(sources.named_by_environment(str(source)))
        if not isinstance(source, str | Path) or not folder.is_dir():
            return named_sources, ()
        lines = listed(map(str, settings.unanswered(folder)))
        if lines:
            notes.append(f"{FILE} asks what only you know, in lines {lines}: answer by taking off the '# ?'")
        written = settings.read(folder)
        named_sources = written.sources
        left = [] if written.database else sources.left_out(folder, named_sources)
        notes += [f"{name} is in the folder, and no table comes from it" for name in left]
    except (CareError, OSError):  # told as an error already
        pass
    return named_sources, tuple(notes)


def _loaded(source: Any, as_of: Any, settings_given: Mapping[str, Any], refused: Refused) -> _Loaded:
    configuration = _told(source)
    company = settings.changed(configuration.settings, settings_given, "load")
    engine, raw = _opened(source, replace(configuration, settings=company), refused)
    if not raw:
        raise CareError("there is no table to load")
    zone = ZoneInfo(company.timezone)
    known_until = company.as_of if as_of is None else as_of
    until = None if known_until is None else settings.moment(known_until, zone)
    local = until.replace(tzinfo=None) if until else None
    checked: dict[str, Checked] = {}
    frames = {name: checks.Frame(TABLES[name], company, Source(), local) for name in raw}
    for name, table in raw.items():
        try:
            checked[name] = asked(table.source, partial(checked_table, engine, table, frames[name]))
        except CareError as error:
            refused(error)
    if not checked:
        raise CareError("no table can be used")
    used = {name: table.used for name, table in checked.items()}
    for name, ends in asked("the data", partial(far_days.bounds, used, ends=until is None)).items():
        frame = replace(frames[name], bounds=ends)
        checked[name] = asked(raw[name].source, partial(checked_table, engine, raw[name], frame))
    return _cared(engine, checked, raw, company, until or _end_of_data(checked, zone)), engine


def _cared(
    engine: Engine | Database,
    checked: Mapping[str, Checked],
    raw: Mapping[str, Raw],
    company: Settings,
    until: datetime,
) -> Care:
    """Build the data of the company from the checked tables."""
    used = {name: engine.step(name, table.used) for name, table in checked.items()}
    if company.match_ids in matching.KEYS:
        used = matching.matched(engine, used, company.match_ids)
    if "transactions" in used:
        used["transactions"] = with_refunds(engine, used["transactions"])
    engine.close_doors()
    care = Care(
        used,
        company,
        until,
        tuple(_count(raw[name], name, table) for name, table in checked.items()),
        pd.concat([table.faults for table in checked.values()], ignore_index=True),
        aside={name: _aside(table.marked) for name, table in checked.items() if table.tally.aside},
        days_only=frozenset((name, column) for name, table in checked.items() for column in table.days),
        left_empty={
            name: faults.cells_left_empty(table.marked) for name, table in checked.items() if table.tally.left_empty
        },
        watched=tuple(_watched(raw[name], engine) for name, table in checked.items() if table.stays),
    )
    silence, several = _silence(care), _several_spells(care, checked)
    wait = silence.days if silence else company.inactive_after
    return replace(care, inactive_after=wait, silence=silence, several_spells=several, ces_scale=ces_scale(care))


def _watched(raw: Raw, engine: Engine | Database) -> Raw | Watched:
    return raw if isinstance(engine, Engine) else Watched.of(raw.source, raw.table)


def _told(source: Any) -> Said:
    """What care.toml says, where the source is a folder."""
    if not isinstance(source, str | Path):
        return Said()
    text = sources.named_by_environment(str(source))
    return Said() if "://" in text else settings.read(_folder(text))


def _opened(source: Any, configuration: Said, refused: Refused) -> tuple[Engine | Database, dict[str, Raw]]:
    if isinstance(source, Mapping):
        return _in_memory(source, configuration.settings)
    if isinstance(source, Backend):
        return databases.from_connection(source, {}, configuration.settings, refused)
    if not isinstance(source, str | Path):
        raise CareError(
            f"data come from a folder, a URL, an Ibis connection or a dict of frames, not {type(source).__name__}"
        )
    text = sources.named_by_environment(str(source))
    if "://" in text or configuration.database:
        return databases.from_url(
            databases.address(configuration.database or text), configuration.sources, configuration.settings, refused
        )
    return sources.from_folder(_folder(text), configuration.sources, refused, Engine(configuration.settings))


def _folder(text: str) -> Path:
    return Path(text).parent if Path(text).name == FILE else Path(text)


def _in_memory(tables: Mapping[str, Any], company: Settings) -> tuple[Engine | Database, dict[str, Raw]]:
    for name in tables:
        known(name, list(TABLES), "tables")
    expressions = [isinstance(table, Table) for table in tables.values()]
    if any(expressions) and not all(expressions):
        raise CareError("some tables are Ibis tables and others frames: give all of one kind")
    if any(expressions):
        return databases.from_tables(tables, {}, company)
    return sources.from_frames(tables, Engine(company))


def _count(raw: Raw, name: str, checked: Checked) -> TableCount:
    tally = checked.tally
    counted = (tally.read, tally.used, tally.aside, raw.hash, raw.places, checked.documents, checked.totals)
    return TableCount(name, raw.source, *counted, raw.joined, checked.conditions.left_out, checked.conditions.unmet)


def _aside(marked: Table) -> Table:
    return marked.filter(marked[checks.REASON].notnull()).select(LINE, checks.REASON)


def _end_of_data(checked: Mapping[str, Checked], zone: ZoneInfo) -> datetime:
    """Midnight after the latest event: without other word, data are known to the end of their last day.

    That a customer leaves may be known long before: it tells where the data end only if nothing else does, and not
    where it lies years after all other days.
    """
    days = {name: dict(checked_of_table.tally.last) for name, checked_of_table in checked.items()}
    customers = days.pop("customers", {})
    events = [day for table in days.values() for day in table.values()]
    left = customers.pop("left_on", None)
    if left and not events:
        customers["left_on"] = far_days.last_of_people(checked["customers"].used) or left
    day = max([*events, *customers.values()], default=date(1970, 1, 1))
    return datetime.combine(day + timedelta(days=1), time(), zone)


def _silence(care: Care) -> Silence | None:
    """After how many days without a purchase a customer is lost, where neither contract nor setting says so."""
    is_stated = has_contracts(care) or care.settings.inactive_after
    return None if is_stated or not care.has("transactions", "customer_id", "occurred_at") else chosen(care)


def _several_spells(care: Care, checked: Mapping[str, Checked]) -> bool:
    """Whether a customer left and came back; without contracts, always possible."""
    return has_contracts(care) and checked["customers"].tally.keys < checked["customers"].tally.used
