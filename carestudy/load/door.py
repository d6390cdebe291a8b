"""Load, rename, parse, check; rows that break the contract are set aside and counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import ibis
import pandas as pd

from carestudy.care import Care, Settings, TableCount
from carestudy.contract import TABLES, CareError
from carestudy.load import checks, faults, repeats, settings, sources
from carestudy.load.engine import Database, Engine, asked
from carestudy.load.names import LINE, renamed
from carestudy.load.settings import Source
from carestudy.load.sources import Raw
from carestudy.measure.stock import gap_percentile, has_contracts


@dataclass(frozen=True)
class _Checked:
    """A table whose rows say what is wrong with them, and the counts of it."""

    marked: Any
    tally: faults.Tally
    faults: pd.DataFrame


def load(source: Any, *, as_of: str | date | datetime | None = None, **given: Any) -> Care:
    """Checked tables of a company from a folder, a database URL, an Ibis connection, or a dict of frames or tables.

    ``as_of`` is up to when the data are known: a day means its end; without it care.toml says, or else it is midnight
    after the latest event. ``given`` are settings as in care.toml (company, timezone, currency, inactive_after, ...).
    """
    (engine, raw), said, mapping = _opened(source)
    if not raw:
        raise CareError("there is no table to load")
    said = settings.changed(said, given, "load")
    zone = ZoneInfo(said.timezone)
    known = said.as_of if as_of is None else as_of
    until = None if known is None else settings.moment(known, zone)
    local = until.replace(tzinfo=None) if until else None
    frames = {name: checks.Frame(TABLES[name], said, mapping.get(name, Source()), local) for name in raw}
    checked = {name: asked(one.source, partial(_checked, engine, one, frames[name])) for name, one in raw.items()}
    engine.close_doors()
    care = Care(
        {name: engine.step(name, checks.used(one.marked)) for name, one in checked.items()},
        said,
        until or _end_of_data(checked, zone),
        tuple(_count(raw[name], name, one.tally) for name, one in checked.items()),
        pd.concat([one.faults for one in checked.values()], ignore_index=True),
        aside={name: _aside(one.marked) for name, one in checked.items() if one.tally.aside},
    )
    return replace(care, inactive_after=_silence(care), several_spells=_several_spells(care, checked))


def _opened(source: Any) -> tuple[tuple[Engine | Database, dict[str, Raw]], Settings, dict[str, Source]]:
    if isinstance(source, Mapping):
        return _in_memory(source), Settings(), {}
    if isinstance(source, ibis.BaseBackend):
        return sources.from_connection(source), Settings(), {}
    if not isinstance(source, str | Path):
        raise CareError(
            f"data come from a folder, a URL, an Ibis connection or a dict of frames, not {type(source).__name__}"
        )
    text = sources.named_by_environment(str(source))
    if "://" in text:
        return sources.from_url(text), Settings(), {}
    said, mapping = settings.read(Path(text))
    return sources.from_folder(Path(text), mapping), said, mapping


def _in_memory(given: Mapping[str, Any]) -> tuple[Engine | Database, dict[str, Raw]]:
    for name in given:
        settings.known(name, list(TABLES), "tables")
    expressions = [isinstance(one, ibis.Table) for one in given.values()]
    if any(expressions) and not all(expressions):
        raise CareError("some tables are Ibis tables and others frames: give all of one kind")
    return sources.from_tables(given) if any(expressions) else sources.from_frames(given)


def _checked(engine: Engine | Database, raw: Raw, frame: checks.Frame) -> _Checked:
    name = frame.contract.name
    named = renamed(raw.table, frame.contract, frame.source, raw.source)
    rows = checks.parsed(named, frame)
    if checks.written(named, frame):
        rows = engine.step(f"parsed_{name}", rows)
    marked = engine.kept(f"care_{name}", checks.judged(rows, frame))
    raw.refuse_if_changed()
    counted = faults.tally(marked, frame.contract, raw.source)
    if counted.keys < counted.used:
        marked = engine.kept(f"single_{name}", repeats.one_of_a_kind(marked, name))
        counted = faults.tally(marked, frame.contract, raw.source)
    if name == "staff":
        marked = engine.kept("jobs", repeats.one_job_at_a_time(marked))
        counted = faults.tally(marked, frame.contract, raw.source)
    return _Checked(marked, counted, faults.told(name, marked, counted, raw.source))


def _count(raw: Raw, name: str, tally: faults.Tally) -> TableCount:
    return TableCount(name, raw.source, tally.read, tally.used, tally.aside, raw.hash)


def _aside(marked: Any) -> Any:
    return marked.filter(marked[checks.REASON].notnull()).select(LINE, checks.REASON)


def _end_of_data(checked: Mapping[str, _Checked], zone: ZoneInfo) -> datetime:
    """Midnight after the latest event: without other word, data are known to the end of their last day.

    That a customer leaves may be known long before: it tells where the data end only if nothing else does.
    """
    days = {name: dict(one.tally.last) for name, one in checked.items()}
    customers = days.pop("customers", {})
    events = [day for table in days.values() for day in table.values()]
    if events:
        customers.pop("left_on", None)
    day = max([*events, *customers.values()], default=date(1970, 1, 1))
    return datetime.combine(day + timedelta(days=1), time(), zone)


def _silence(care: Care) -> int | None:
    """After how many days without a purchase a customer is lost, where no contract says so."""
    if has_contracts(care) or not care.has("transactions", "customer_id", "occurred_at"):
        return care.settings.inactive_after
    return care.settings.inactive_after or gap_percentile(care)


def _several_spells(care: Care, checked: Mapping[str, _Checked]) -> bool:
    """Whether a customer left and came back; without contracts, always possible."""
    return has_contracts(care) and checked["customers"].tally.keys < checked["customers"].tally.used
