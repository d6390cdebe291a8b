"""Responsibility: whether every customer and contact has exactly one person in charge, who still works here."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from carestudy import engine
from carestudy.care import Care
from carestudy.contract import CareError, Missing
from carestudy.measure import stock
from carestudy.measure.front import reads
from carestudy.measure.kpi import known_period
from carestudy.measure.rows import groups, in_periods, latest_spell, with_dimensions

SEVERAL = re.compile(r"\s*[;,/|&+\n]\s*")  # how one cell names several people
CUSTOMERS = ("without owner", "several owners", "owner has left", "owner unknown to staff")
CONTACTS = ("contact without agent", "agent unknown to staff")
OPEN = ("open contact of an agent who has left",)
TWICE = "customer rows excluded as duplicates"
CHECKS = (*CUSTOMERS, *CONTACTS, *OPEN, TWICE)
OURS = ("person", "holders", "open", "cases", "check", "n", "of", "share", "lacks", "load")


@reads()
def owners(care: Care, *, by: str | Sequence[str] | None = None, period: str | None = None) -> pd.DataFrame:
    """Customers and contacts without exactly one person in charge who is still there, a row for each check and group.

    Of customers active when the data end: those without an owner; with several (in one cell, such as "An; Bình", or in
    several open rows); whose owner has left (``staff.until`` before the data end) or is unknown to staff. Of
    contacts opened in the period (without one, the last whole month): those without an agent, or with one unknown to
    staff. Of all contacts still open, those whose agent has left. And rows of customers that the door set aside
    because the customer stood in another row already: who is in charge there is not known.

    Columns: check, the groups, n, of, share (0..1, a count of all and no sample: no interval), lacks (the table and
    column without which a check cannot be done; n is then missing). Never shows whose they are. ``Missing`` where no
    check can be done.
    """
    dimensions = _checked_dimensions(by)
    persons = _staff(care)
    frames, gaps = [], []
    for checks, checked in ((CUSTOMERS, _customers_checked), (CONTACTS, _contacts_checked), (OPEN, _open_checked)):
        try:
            frames.append(checked(care, dimensions, persons, period))
        except Missing as gap:
            gaps.append(gap)
            frames.append(_lacking(checks, dimensions, gap))
    if len(gaps) == len(frames):
        raise gaps[0].for_figure("owners")
    if not dimensions and not _doubles(care).empty:
        frames.append(_doubles(care))
    return pd.concat(frames, ignore_index=True)[["check", *dimensions, "n", "of", "share", "lacks"]]


@reads()
def caseloads(care: Care, *, by: str | Sequence[str] | None = None, period: str | None = None) -> pd.DataFrame:
    """What each person has to look after: active customers as their owner, contacts of the period as their agent.

    A row for each group and person in the order of the alphabet: person, customers, contacts, there (False where they
    left before the data end, None where staff does not know them). Who has neither is not listed. Without a period,
    contacts of the last whole month.
    """
    dimensions = _checked_dimensions(by)
    persons, columns, gaps = _staff(care), [], []
    for name, count_held in (("customers", _held_customers), ("contacts", _held_contacts)):
        try:
            rows = count_held(care, dimensions, period)
        except Missing as gap:
            gaps.append(gap)
            continue
        alone = (rows["holders"] == 1) & rows["person"].map(lambda written: len(_people(written, persons)) == 1)
        rows = rows[alone.astype(bool)]
        columns.append(rows.groupby([*dimensions, "person"], dropna=False)["cases"].sum().rename(name))
    if not columns:
        raise gaps[0].for_figure("caseloads")
    counts = (
        pd.concat(columns, axis=1).fillna(0).astype("int64").reindex(columns=["customers", "contacts"], fill_value=0)
    )
    loads = counts.sort_index().reset_index()
    known = persons if persons is not None else {}
    return loads.assign(there=pd.Series([known.get(person) for person in loads["person"]], dtype=object))


@reads()
def load(care: Care, *, by: str | Sequence[str] | None = None, period: str | None = None) -> pd.DataFrame:
    """Load per person: the median number of customers of an owner and of contacts of an agent, with the range.

    A row for each group and kind of load: load ("customers" or "contacts"), persons (who have at least one), n (how
    many all of them have), median, smallest, largest. Without a period, contacts of the last whole month.
    """
    dimensions, loads = _checked_dimensions(by), caseloads(care, by=by, period=period)
    long = loads.melt([*dimensions, "person"], ["customers", "contacts"], "load", "cases")
    grouped = long[long["cases"] > 0].groupby([*dimensions, "load"], dropna=False, sort=True)["cases"]
    stated = grouped.agg(persons="size", n="sum", median="median", smallest="min", largest="max")
    return stated.reset_index()


def _checked_dimensions(by: str | Sequence[str] | None) -> list[str]:
    dimensions = groups(by)
    for name in dimensions:
        if name in OURS:
            raise CareError(f"by='{name}' would stand beside the column '{name}' of the result: give it another name")
    return dimensions


def _staff(care: Care) -> dict[str, bool] | None:
    """Whether each person of the staff is still there when the data end; None without staff."""
    if not care.has("staff", "agent"):
        return None
    staff = care.table("staff")
    until = staff.until if "until" in staff.columns else engine.null("date")
    end = engine.literal(str(care.known_until.date())).cast("date")
    present = (until.isnull() | (until >= end)).ifelse(1, 0).max()
    rows = engine.fetch(staff.filter(staff.agent.notnull()).group_by("agent").aggregate(there=present), ("there",))
    return {str(agent): bool(present) for agent, present in zip(rows["agent"], rows["there"], strict=True)}


def left_staff(care: Care) -> list[str]:
    """The people of the staff who have left before the data end."""
    if not care.has("staff", "agent", "until"):
        return []
    staff = care.table("staff")
    jobs = staff.filter(staff.agent.notnull()).group_by("agent")
    found = engine.fetch(jobs.aggregate(open=lambda one: one.until.isnull().sum(), until=lambda one: one.until.max()))
    known = care.known_until.date()
    rows = zip(found["agent"], found["open"], found["until"], strict=True)
    return [str(agent) for agent, still, day in rows if not still and day is not None and day < known]


def _held_customers(care: Care, by: list[str], _: str | None = None) -> pd.DataFrame:
    """Active customers counted by group, owner, and how many different owners their rows name."""
    care.table("customers", "customer_id", "owner")
    end = engine.literal(str(care.known_until.date())).cast("date")
    stays = stock.spells(care, [])
    active = stays.filter((stays.joined_on < end) & (stays.left_on.isnull() | (stays.left_on >= end)))
    rows = care.table("customers")
    if "left_on" in rows.columns:
        rows = rows.filter(rows.left_on.isnull() | (rows.left_on >= end))
    identified = rows.filter(rows.customer_id.notnull()).group_by("customer_id")
    held = identified.aggregate(person=rows.owner.cast("string").max(), holders=rows.owner.nunique())
    listed = active.select("customer_id").distinct().left_join(held, "customer_id").drop("customer_id_right")
    if by:
        rich = with_dimensions(
            care.with_table("customers", latest_spell(care, care.table("customers"))), "customers", by
        )
        scopes = rich.select(scope_id=rich.customer_id, **{name: rich[name].cast("string") for name in by})
        listed = listed.left_join(scopes, [("customer_id", "scope_id")])
    counted = listed.group_by([*by, "person", "holders"]).aggregate(cases=lambda rows: rows.count())
    held_rows = engine.fetch(counted.order_by([*by, "person", "holders"]), ("cases",))
    return held_rows.assign(holders=held_rows["holders"].fillna(0).astype(int))


def _held_contacts(care: Care, by: list[str], period: str | None) -> pd.DataFrame:
    """Contacts of the period counted by group and agent."""
    care.table("contacts", "agent")
    table = with_dimensions(care, "contacts", by)
    return _held(in_periods(table, "contacts", [known_period(care, period or "last-month")]), by)


def _held(contacts: engine.Table, by: list[str]) -> pd.DataFrame:
    rows = contacts.select(*[contacts[name].cast("string").name(name) for name in by], person=contacts.agent)
    counted = rows.group_by([*by, "person"]).aggregate(cases=lambda grouped: grouped.count())
    cases = engine.fetch(counted.order_by([*by, "person"]), ("cases",))
    return cases.assign(holders=cases["person"].notna().astype(int))


def _customers_checked(care: Care, by: list[str], persons: dict[str, bool] | None, _: str | None) -> pd.DataFrame:
    held = _held_customers(care, by)
    people_named = held["person"].map(lambda name: _people(name, persons)).where(held["holders"] <= 1, None)
    several = (held["holders"] > 1) | people_named.map(lambda names: names is not None and len(names) > 1)
    alone = ~several & held["person"].notna()
    failing = {
        "without owner": held["holders"] == 0,
        "several owners": several,
        "owner has left": alone & _is(held["person"], persons, present=False),
        "owner unknown to staff": alone & ~_is(held["person"], persons),
    }
    return _counted(held, by, failing, persons)


def _contacts_checked(care: Care, by: list[str], persons: dict[str, bool] | None, period: str | None) -> pd.DataFrame:
    held = _held_contacts(care, by, period)
    has_agent = held["person"].notna()
    failing = {
        "contact without agent": ~has_agent,
        "agent unknown to staff": has_agent & ~_is(held["person"], persons),
    }
    return _counted(held, by, failing, persons)


def _open_checked(care: Care, by: list[str], persons: dict[str, bool] | None, _: str | None) -> pd.DataFrame:
    care.table("contacts", "agent", "resolved_at")
    table = with_dimensions(care, "contacts", by)
    held = _held(table.filter(table.resolved_at.isnull()), by)
    return _counted(held, by, {OPEN[0]: _is(held["person"], persons, present=False)}, persons)


def _people(written: Any, persons: dict[str, bool] | None) -> list[str]:
    """The people that an owner's cell names; a cell that equals a name of the staff is one person."""
    if not isinstance(written, str) or (persons and written in persons):
        return [written] if isinstance(written, str) else []
    names = [name for name in SEVERAL.split(written) if name]
    if persons:
        return names if sum(name in persons for name in names) > 1 else [written]
    return [name for name in re.split(r"\s*[;|&+\n]\s*", written) if name]  # without staff "Lan, CSKH" may be one


def _is(person: pd.Series[Any], persons: dict[str, bool] | None, *, present: bool | None = None) -> pd.Series[Any]:
    """Whether each person is one of the staff and, where ``present`` is given, present or not."""
    known = persons or {}
    flags = [name in known and present in (None, known[name]) for name in person]
    return pd.Series(flags, index=person.index, dtype=bool)


def _counted(
    held: pd.DataFrame, by: list[str], failing: dict[str, Any], persons: dict[str, bool] | None
) -> pd.DataFrame:
    """The checks of each group: how many fail of how many."""
    keys = by or ["whole"]
    table = held[by].assign(whole="all", of=held["cases"]).astype({"of": "int64"})
    table = table.assign(**{name: held["cases"].where(fails, 0).astype("int64") for name, fails in failing.items()})
    if table.empty and not by:
        table = pd.DataFrame({"whole": ["all"], "of": [0], **{name: [0] for name in failing}})
    summed = table.groupby(keys, dropna=False, sort=True)[["of", *failing]].sum().reset_index()
    long = summed.melt([*keys, "of"], list(failing), "check", "n")
    long[by] = long[by].astype(object).where(long[by].notna(), None)
    blind = long["check"].str.contains("staff|left") & (persons is None)
    share = (long["n"] / long["of"].where(long["of"] > 0)).astype(float).mask(blind)
    lacks = pd.Series(["staff.agent" if is_blind else None for is_blind in blind], index=long.index, dtype=object)
    return long.assign(n=long["n"].astype("Int64").mask(blind), of=long["of"].astype("Int64"), share=share, lacks=lacks)


def _lacking(checks: Sequence[str], by: list[str], gap: Missing) -> pd.DataFrame:
    """The checks that cannot be done, with what they lack."""
    lacks = gap.table if gap.column is None else f"{gap.table}.{gap.column}"
    frame = pd.DataFrame({"check": list(checks), **dict.fromkeys(by)})
    number = pd.array([pd.NA] * len(frame), dtype="Int64")
    return frame.assign(n=number, of=number, share=np.nan, lacks=lacks)


def _doubles(care: Care) -> pd.DataFrame:
    """Rows of customers that were excluded because an earlier row has the same customer."""
    aside = care.aside.get("customers")
    if aside is None:
        return pd.DataFrame()
    reason = aside.columns[-1]
    n = int(engine.answer(aside.filter(aside[reason].contains("an earlier row")).count()).as_py())
    read = next((count.read for count in care.counts if count.table == "customers"), n)
    if not n:
        return pd.DataFrame()
    row = {"check": TWICE, "n": n, "of": read, "share": n / read, "lacks": None}
    return pd.DataFrame([row]).astype({"n": "Int64", "of": "Int64"})
