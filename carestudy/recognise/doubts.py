"""Columns that a second column makes doubtful: the day of a booking by its stay, an owner by a day of leaving."""

from __future__ import annotations

import re
from dataclasses import replace

from carestudy.recognise import words
from carestudy.recognise.asks import days_of
from carestudy.recognise.column import Column
from carestudy.recognise.mapped import Match

STAY = re.compile(
    r"\bcheck ?-? ?(in|out)\b|\b(nhan|tra) phong\b|\bluu tru\b|\bkhoi hanh\b|"
    r"\b(stay|travel|flight|rental) (date|start|end)\b"
)
COMING_AND_GOING = re.compile(
    r"\b(arrival|departure|arrive[sd]?|depart(s|ed)?)\b|\bngay (den|di)\b"
)  # goods arrive too
MOST_DAYS = 0.9
PERCENT = re.compile(r"%|\bpercent|\bpct\b|phần trăm|phan tram", re.IGNORECASE)


def with_stay_asked(match: Match) -> Match:
    """Bookings that ask whether they count on the day of the booking or of the stay.

    Bookings of stays still to come are in few exports, so that by the day of the booking the last months seem to fall.
    """
    booked = match.columns.get("occurred_at")
    if match.table != "transactions" or booked is None or booked.entry is not None or _is_stay(booked.column):
        return match
    dated = [column for column in match.rest if days_of(column).share > MOST_DAYS]
    stays = [column for column in dated if _is_stay(column)]
    passing = [column for column in dated if COMING_AND_GOING.search(words.folded(column.name))]
    stays += passing if len(passing) > 1 else []
    if not stays:
        return match
    days = ", ".join(f"'{column.name}'" for column in stays)
    why = f"a booking can count on that day or on {days}: write the column of the day on which it counts"
    return replace(match, columns={**match.columns, "occurred_at": replace(booked, why=why, ask=True)})


def with_owner_asked(match: Match) -> Match:
    """Customers that ask of a person who is named for those who left only: that may be who handled the leaving."""
    owner, left = match.columns.get("owner"), match.columns.get("left_on")
    if match.table != "customers" or owner is None or left is None or owner.ask or not left.column.filled:
        return match
    listed = match.columns.get("customer_id")
    everybody = listed.column.filled if listed else left.column.rows
    if owner.column.filled > left.column.filled or left.column.filled >= everybody:
        return match
    why = f"it is filled in no more rows than '{left.column.name}': who is in charge, or who handled the leaving?"
    return replace(match, columns={**match.columns, "owner": replace(owner, why=why, ask=True)})


def with_percent_asked(match: Match) -> Match:
    """Goals whose header says percent and whose numbers are parts of 1: 0.85 may be 85% or 0.85%."""
    target = match.columns.get("target")
    if match.table != "goals" or target is None or target.entry is not None or not PERCENT.search(target.column.name):
        return match
    numbers = target.column.numbers
    if not 0 < numbers.low <= 1 or any("%" in text for text in target.column.values.to_pylist()):
        return match
    why = f"its header says percent, but {numbers.low:g} is at most 1: is that {numbers.low:.0%}? If it is "
    why += f'{numbers.low:g}%, write target = "`header` / 100"'
    return replace(match, columns={**match.columns, "target": replace(target, why=why, ask=True)})


def _is_stay(column: Column) -> bool:
    return bool(STAY.search(words.folded(column.name)))
