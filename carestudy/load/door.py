"""Load, rename, parse, check; rows that break the contract are set aside and counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import ibis
import pandas as pd

from carestudy.care import Care, Settings, TableCount
from carestudy.contract import TABLES, CareError, listed
from carestudy.load import checks, databases, far_days, faults, matching, settings, sources
from carestudy.load.answers import ces_scale
from carestudy.load.checked import Checked
from carestudy.load.checked import checked as checked_table
from carestudy.load.credit_notes import with_refunds
from carestudy.load.engine import Database, Engine, asked
from carestudy.load.mapping import FILE, known
from carestudy.load.names import LINE
from carestudy.load.only import restricted
from carestudy.load.raw import Raw
from carestudy.load.settings import Said
from carestudy.load.source import Source
from carestudy.load.sources import Refused, raised
from carestudy.load.watched import Watched
from carestudy.measure.signatures import keyword, listing
from carestudy.measure.silence import Silence, chosen
from carestudy.measure.stock import has_contracts

_Loaded = tuple[Care, Engine | Database]
_REMEMBERED: dict[tuple[str, Any], _Loaded] = {}


@dataclass(frozen=True)
class Examined:
    """What can be loaded, the errors in the way of the rest, what is left open, and what care.toml says."""

    care: Care | None
    errors: tuple[str, ...]
    notes: tuple[str, ...] = ()
    sources: Mapping[str, Source] = field(default_factory=dict)


@listing(keyword(one.name, one.default, one.type) for one in fields(Settings) if one.name != "as_of")
def load(source: Any, *, as_of: str | date | datetime | None = None, only: Any = None, **given: Any) -> Care:
    """Checked tables of a company from a folder, a database URL, an Ibis connection, or a dict of frames or tables.

    ``as_of`` is up to when the data are known: a day means its end; without it care.toml says, or else it is midnight
    after the latest event. ``only`` is one group, such as {"team": "A"} or the text "team=A"; the rows of others are
    left out. ``given`` are settings as in care.toml (company, timezone, currency, inactive_after, ...).
    """
    remembered = _REMEMBERED.get((source, as_of)) if isinstance(source, str) and not given else None
    care, engine = remembered or _loaded(source, as_of, given, raised)
    return restricted(care, engine, only) if only else care


def remember(source: str, as_of: str | None = None) -> Care:
    """Load data that this process will be asked for again: from now on ``load`` gives them as they are now."""
    _REMEMBERED[source, as_of] = _loaded(source, as_of, {}, raised)
    return _REMEMBERED[source, as_of][0]


def examine(source: Any, *, as_of: str | date | datetime | None = None, **given: Any) -> Examined:
    """The same, but an error of one table does not hide those of others: all are told, and the good tables loaded."""
    errors: list[str] = []

    def kept(error: CareError) -> None:
        errors.append(str(error))

    try:
        care: Care | None = _loaded(source, as_of, given, kept)[0]
    except CareError as error:
        care, errors = None, errors or [str(error)]
    said, notes = _left_open(source)
    return Examined(care, tuple(errors), notes, said)


def _left_open(source: Any) -> tuple[Mapping[str, Source], tuple[str, ...]]:
    """What care.toml calls things, and what nobody has answered in it; and the files that no table comes from."""
    said: Mapping[str, Source] = {}
    notes: list[str] = []
    try:
        folder = _folder(sources.named_by_environment(str(source)))
        if not isinstance(source, str | Path) or not folder.is_dir():
            return said, ()
        lines = listed(map(str, settings.unanswered(folder)))
        if lines:
            notes.append(f"{FILE} asks what only you know, in lines {lines}: answer by taking off the '# ?'")
        told = settings.read(folder)
        said = told.sources
        left = [] if told.database else sources.left_out(folder, said)
        notes += [f"{name} is in the folder, and no table comes from it" for name in left]
    except (CareError, OSError):  # told as an error already
        pass
    return said, tuple(notes)


def _loaded(source: Any, as_of: Any, given: Mapping[str, Any], refused: Refused) -> _Loaded:
    told = _told(source)
    said = settings.changed(told.settings, given, "load")
    engine, raw = _opened(source, replace(told, settings=said), refused)
    if not raw:
        raise CareError("there is no table to load")
    zone = ZoneInfo(said.timezone)
    known_until = said.as_of if as_of is None else as_of
    until = None if known_until is None else settings.moment(known_until, zone)
    local = until.replace(tzinfo=None) if until else None
    checked: dict[str, Checked] = {}
    frames = {name: checks.Frame(TABLES[name], said, Source(), local) for name in raw}
    for name, one in raw.items():
        try:
            checked[name] = asked(one.source, partial(checked_table, engine, one, frames[name]))
        except CareError as error:
            refused(error)
    if not checked:
        raise CareError("no table can be used")
    used = {name: one.used for name, one in checked.items()}
    for name, ends in asked("the data", partial(far_days.bounds, used, ends=until is None)).items():
        frame = replace(frames[name], bounds=ends)
        checked[name] = asked(raw[name].source, partial(checked_table, engine, raw[name], frame))
    return _cared(engine, checked, raw, said, until or _end_of_data(checked, zone)), engine


def _cared(
    engine: Engine | Database, checked: Mapping[str, Checked], raw: Mapping[str, Raw], said: Settings, until: datetime
) -> Care:
    """What the checked tables are together."""
    used = {name: engine.step(name, one.used) for name, one in checked.items()}
    if said.match_ids in matching.KEYS:
        used = matching.matched(engine, used, said.match_ids)
    if "transactions" in used:
        used["transactions"] = with_refunds(engine, used["transactions"])
    engine.close_doors()
    care = Care(
        used,
        said,
        until,
        tuple(_count(raw[name], name, one) for name, one in checked.items()),
        pd.concat([one.faults for one in checked.values()], ignore_index=True),
        aside={name: _aside(one.marked) for name, one in checked.items() if one.tally.aside},
        days_only=frozenset((name, column) for name, one in checked.items() for column in one.days),
        left_empty={name: faults.cells_left_empty(one.marked) for name, one in checked.items() if one.tally.left_empty},
        watched=tuple(_watched(raw[name], engine) for name, one in checked.items() if one.stays),
    )
    silence, several = _silence(care), _several_spells(care, checked)
    wait = silence.days if silence else said.inactive_after
    return replace(care, inactive_after=wait, silence=silence, several_spells=several, ces_scale=ces_scale(care))


def _watched(raw: Raw, engine: Engine | Database) -> Raw | Watched:
    return raw if isinstance(engine, Engine) else Watched.of(raw.source, raw.table)


def _told(source: Any) -> Said:
    """What care.toml says, where the source is a folder."""
    if not isinstance(source, str | Path):
        return Said()
    text = sources.named_by_environment(str(source))
    return Said() if "://" in text else settings.read(_folder(text))


def _opened(source: Any, told: Said, refused: Refused) -> tuple[Engine | Database, dict[str, Raw]]:
    if isinstance(source, Mapping):
        return _in_memory(source, told.settings)
    if isinstance(source, ibis.BaseBackend):
        return databases.from_connection(source, {}, told.settings, refused)
    if not isinstance(source, str | Path):
        raise CareError(
            f"data come from a folder, a URL, an Ibis connection or a dict of frames, not {type(source).__name__}"
        )
    text = sources.named_by_environment(str(source))
    if "://" in text or told.database:
        return databases.from_url(databases.address(told.database or text), told.sources, told.settings, refused)
    return sources.from_folder(_folder(text), told.sources, refused, Engine(told.settings))


def _folder(text: str) -> Path:
    return Path(text).parent if Path(text).name == FILE else Path(text)


def _in_memory(given: Mapping[str, Any], said: Settings) -> tuple[Engine | Database, dict[str, Raw]]:
    for name in given:
        known(name, list(TABLES), "tables")
    expressions = [isinstance(one, ibis.Table) for one in given.values()]
    if any(expressions) and not all(expressions):
        raise CareError("some tables are Ibis tables and others frames: give all of one kind")
    if any(expressions):
        return databases.from_tables(given, {}, said)
    return sources.from_frames(given, Engine(said))


def _count(raw: Raw, name: str, one: Checked) -> TableCount:
    tally = one.tally
    counted = (tally.read, tally.used, tally.aside, raw.hash, raw.places, one.documents, one.totals)
    return TableCount(name, raw.source, *counted, raw.joined, one.conditions.left_out, one.conditions.unmet)


def _aside(marked: Any) -> Any:
    return marked.filter(marked[checks.REASON].notnull()).select(LINE, checks.REASON)


def _end_of_data(checked: Mapping[str, Checked], zone: ZoneInfo) -> datetime:
    """Midnight after the latest event: without other word, data are known to the end of their last day.

    That a customer leaves may be known long before: it tells where the data end only if nothing else does, and not
    where it lies years after all other days.
    """
    days = {name: dict(one.tally.last) for name, one in checked.items()}
    customers = days.pop("customers", {})
    events = [day for table in days.values() for day in table.values()]
    left = customers.pop("left_on", None)
    if left and not events:
        customers["left_on"] = far_days.last_of_people(checked["customers"].used) or left
    day = max([*events, *customers.values()], default=date(1970, 1, 1))
    return datetime.combine(day + timedelta(days=1), time(), zone)


def _silence(care: Care) -> Silence | None:
    """After how many days without a purchase a customer is lost, where neither contract nor setting says so."""
    told = has_contracts(care) or care.settings.inactive_after
    return None if told or not care.has("transactions", "customer_id", "occurred_at") else chosen(care)


def _several_spells(care: Care, checked: Mapping[str, Checked]) -> bool:
    """Whether a customer left and came back; without contracts, always possible."""
    return has_contracts(care) and checked["customers"].tally.keys < checked["customers"].tally.used
