"""Calls: who picks up, how long customers wait, how long people talk, and that the end of a call is no solution."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np

from carestudy.recognise import cells_by_row, listed_values, statuses, words
from carestudy.recognise.cells import clocked
from carestudy.recognise.column import Column
from carestudy.recognise.lengths import MOST, is_spoken, unit_of
from carestudy.recognise.mapped import Mapped, Match

CALLS = re.compile(r"\bcalls?\b|cuoc goi|\bcdr\b|tong dai|\bgoi\b")
CHATS = re.compile(r"\b(live ?)?chats?\b|hoi thoai")
WAIT = re.compile(
    r"\b(thoi (gian|luong) (cho|xep hang)|cho may|wait(ing)?( time| duration)?|(time in )?queued?( time| duration)?|"
    r"speed of answer|asa)\b"
)
RING = re.compile(r"\b(do chuong|ring(ing)?)\b")
OTHERS = re.compile(r"\b(hold|giu may|wrap|after call|sla|target|muc tieu|toi da|max|xu ly|phan hoi)\b")
TALK = re.compile(r"\b(dam thoai|thoi gian noi|talk(ing)?|billsec|bill sec|conversation time)\b")
LENGTH = re.compile(r"\b(thoi luong|duration|length|thoi gian goi|call time)\b")
SECONDS = {"minutes": 60, "hours": 3600}


def with_calls(match: Match) -> Match:
    """Contacts with what the columns of calls and chats tell of waiting and talking."""
    match = _with_ends(match)
    if "opened_at" not in match.columns or not _of(match, CHATS, CALLS):
        return match
    return _with_talk(_with_wait(match))


def _with_wait(match: Match) -> Match:
    """The first reply of a call or chat, which is when somebody picks up: so long after it began as it waited."""
    if "first_reply_at" in match.columns:
        return match
    waits = [one for one in match.rest if _is_length(one) and WAIT.search(_bare(one)) and not OTHERS.search(_bare(one))]
    waits = waits or [one for one in match.rest if _is_length(one) and RING.search(_bare(one))]
    if not waits:
        return match
    column, status = waits[0], _picked_up(match)
    entry: dict[str, object] = {"after": "opened_at", "column": column.name}
    if not is_spoken(column):
        entry["unit"] = unit_of(column.name) or "seconds"
    why, doubt = "it is how long the customer waited until somebody picked up", len(waits) > 1
    if not _is_clear(column):
        why, doubt = f"{why}: {_in_which(column)}", True
    if status is None:
        why, doubt = f"{why}; were all of them picked up?", True
    else:
        entry["where"] = {status[0].name: status[1]}
    ask = doubt or match.columns["opened_at"].sure == "guess"
    return replace(match, columns={**match.columns, "first_reply_at": Mapped(column, 0.9, why, ask=ask, entry=entry)})


def _with_talk(match: Match) -> Match:
    """The handling time of a call, which is how long it was talked."""
    if "handling_seconds" in match.columns:
        return match
    lengths = [candidate for candidate in match.rest if _is_length(candidate) and not OTHERS.search(_bare(candidate))]
    lengths = [
        candidate for candidate in lengths if not WAIT.search(_bare(candidate)) and not RING.search(_bare(candidate))
    ]
    talk = [candidate for candidate in lengths if TALK.search(_bare(candidate))]
    candidates = talk or [candidate for candidate in lengths if LENGTH.search(_bare(candidate))]
    if not candidates:
        return match
    column, unit = candidates[0], unit_of(candidates[0].name)
    why, ask = "it is how long the call was talked", len(candidates) > 1
    if not talk and not _is_nothing_of_missed(match, column):
        why, ask = "is it how long people worked on it, without the time that the customer waited?", True
    if not _is_clear(column):
        why, ask = f"{why}: {_in_which(column)}", True
    entry = f"`{column.name}` * {SECONDS[unit]}" if unit in SECONDS and not is_spoken(column) else None
    return replace(match, columns={**match.columns, "handling_seconds": Mapped(column, 0.9, why, ask=ask, entry=entry)})


def _is_nothing_of_missed(match: Match, column: Column) -> bool:
    """Whether calls that nobody picked up have no length: then it does not hold the time of waiting."""
    status = _picked_up(match)
    sizes = cells_by_row.texts(match.export, column.name)
    status_texts = cells_by_row.texts(match.export, status[0].name) if status else None
    if status is None or sizes is None or status_texts is None:
        return False
    length = np.asarray([bool(text) and any(sign in "123456789" for sign in text) for text in sizes.to_pylist()])
    missed = np.asarray([text is not None and text not in status[1] for text in status_texts.to_pylist()])
    return bool(missed.any()) and not bool(length[missed].any()) and bool(length[~missed].any())


def _is_clear(column: Column) -> bool:
    """Whether header or cells say the unit: 02:23 may be minutes and seconds, or hours and minutes."""
    return clocked(column) if is_spoken(column) else unit_of(column.name) is not None


def _in_which(column: Column) -> str:
    return "is 02:23 read as you mean it?" if is_spoken(column) else "in seconds?"


def _is_length(column: Column) -> bool:
    """Whether cells are lengths of time: numbers from 0 on, or written with their units."""
    if not column.filled or column.dates.share or column.exposed:
        return False
    return is_spoken(column) or (column.numbers.share > MOST and column.numbers.low >= 0)


def _bare(column: Column) -> str:
    return words.folded(column.name)


def _picked_up(match: Match) -> tuple[Column, list[str]] | None:
    """The column that tells calls that were picked up from others, and its words for it."""
    mapped = match.columns.get("answered")
    if mapped is not None and mapped.holds_itself and mapped.sure != "guess":
        known = statuses.understood(mapped.column, "answered")
        if {"true", "false"} <= set(known.values()):
            return mapped.column, sorted(text for text, ours in known.items() if ours == "true")
    return _status(match)


def _with_ends(match: Match) -> Match:
    """The end of a call is no solution, least of all of a call that was missed."""
    mapped = match.columns.get("resolved_at")
    if mapped is None or mapped.entry is not None or not _of(match, CALLS):
        return match
    things = words.meaning(mapped.column.name).things
    if "close" not in things or "resolve" in things:
        return match
    status = _status(match)
    if status is None:
        resolution = replace(mapped, why="it is when a call ended: does that solve what it was about?", ask=True)
    else:
        column, answered = status
        entry = {"column": mapped.column.name, "where": {column.name: answered}}
        why = "it is when a call ended: does an answered call solve what it was about?"
        resolution = replace(mapped, why=why, ask=True, entry=entry)
    return replace(match, columns={**match.columns, "resolved_at": resolution})


def _of(match: Match, *patterns: re.Pattern[str]) -> bool:
    """Whether a file is one of calls, or its name or headers speak of what a pattern says."""
    header_text = words.folded(" ".join([*match.export.files, *(column.name for column in match.export.columns)]))
    return "direction" in match.columns or any(pattern.search(header_text) for pattern in patterns)


def _status(match: Match) -> tuple[Column, list[str]] | None:
    """The column that tells answered calls from missed ones, and its words for answered."""
    for column in match.export.columns:
        if not column.few or column.flags:
            continue
        read = {text: listed_values.value_of("answered", text) for text in column.few}
        if {"true", "false"} <= set(read.values()):
            return column, sorted(text for text, ours in read.items() if ours == "true")
    return None
