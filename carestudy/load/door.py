"""Load, rename, parse, check; rows that break the contract are set aside and counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import ibis
import pandas as pd

from carestudy.care import Care, Settings, TableCount
from carestudy.contract import TABLES, CareError
from carestudy.load import checks, settings, sources
from carestudy.load.settings import Source
from carestudy.measure.stock import gap_percentile, has_contracts


def load(source: Any, *, as_of: str | date | datetime | None = None, **given: Any) -> Care:
    """Checked tables of a company from a folder, a database URL, an Ibis connection, or a dict of frames.

    ``as_of`` is up to when the data are known: a day means its end; without it care.toml says, or the latest event
    in the data. ``given`` are settings as in care.toml (company, timezone, currency, language, inactive_after).
    """
    connection, raw, said, mapping = _opened(source)
    said = settings.checked(replace(said, **given)) if given else said
    if not raw:
        raise CareError("there is no table to load")
    zone = ZoneInfo(said.timezone)
    known = as_of or said.as_of
    until = settings.moment(known, zone) if known else None
    local = until.astimezone(zone).replace(tzinfo=None) if until else None
    marked = {name: checks.mark(name, one, said, mapping.get(name, Source()), local) for name, one in raw.items()}
    if connection is not None:  # our own engine holds the parsed rows; in somebody's database nothing is written
        marked = {name: connection.create_table(f"care_{name}", one, temp=True) for name, one in marked.items()}
    checked = {name: checks.count(name, raw[name], one) for name, one in marked.items()}
    tables = {name: checks.used(one) for name, one in marked.items()}
    faults = pd.concat([one.faults for one in checked.values()], ignore_index=True)
    counts = tuple(
        TableCount(name, raw[name].source, one.read, one.read - one.aside, one.aside, raw[name].hash)
        for name, one in checked.items()
    )
    care = Care(tables, said, until or _end_of_data(tables, zone), counts, faults)
    return replace(care, inactive_after=_silence(care), several_spells=_several_spells(care))


def _opened(source: Any) -> tuple[Any, dict[str, sources.Raw], Settings, dict[str, Source]]:
    if isinstance(source, Mapping):
        return *sources.from_frames(source), Settings(), {}
    if isinstance(source, ibis.BaseBackend):
        return None, sources.from_connection(source, {}), Settings(), {}
    if not isinstance(source, str | Path):
        raise CareError(
            f"data come from a folder, a URL, an Ibis connection or a dict of frames, not {type(source).__name__}"
        )
    text = sources.named_by_environment(str(source))
    if "://" in text:
        return _from_url(text)
    said, mapping = settings.read(Path(text))
    return *sources.from_folder(Path(text), mapping), said, mapping


def _from_url(url: str) -> tuple[Any, dict[str, sources.Raw], Settings, dict[str, Source]]:
    kind = url.partition("://")[0]
    try:
        connection = ibis.connect(url)
    except Exception as problem:  # noqa: BLE001  the driver's own words may hold the password
        raise CareError(f"the database ({kind}) cannot be opened: {type(problem).__name__}") from None
    return None, sources.from_connection(connection, {}), Settings(), {}


def _end_of_data(tables: Mapping[str, Any], zone: ZoneInfo) -> datetime:
    """Midnight after the latest event: without other word, data are known to the end of their last day."""
    latest = []
    for name, table in tables.items():
        times = [TABLES[name].time] if TABLES[name].time else ["joined_on", "left_on"] if name == "customers" else []
        for column in times:
            if column in table.columns:
                found = table.aggregate(last=table[column].max().cast("date")).to_pyarrow().to_pylist()[0]["last"]
                latest.extend([found] if found else [])
    day = max(latest, default=date(1970, 1, 1))
    return datetime.combine(day + timedelta(days=1), time(), zone)


def _silence(care: Care) -> int | None:
    """After how many days without a purchase a customer is lost, where no contract says so."""
    if has_contracts(care) or not care.has("transactions", "customer_id", "occurred_at"):
        return care.settings.inactive_after
    return care.settings.inactive_after or gap_percentile(care)


def _several_spells(care: Care) -> bool:
    """Whether a customer left and came back; without contracts, always possible."""
    if not has_contracts(care):
        return False
    customers = care.table("customers")
    counted = customers.aggregate(rows=customers.count(), people=customers.customer_id.nunique())
    found = counted.to_pyarrow().to_pylist()[0]
    return bool(found["rows"] != found["people"])
