"""Customers as they were on one day: how long each had been one, and who had left, with no days of either."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from carestudy.recognise import words
from carestudy.recognise.column import Column
from carestudy.recognise.lengths import unit_of
from carestudy.recognise.mapped import Mapped, Match

TENURE = re.compile(r"\btenure\b|tham nien|so thang (su dung|gan bo)|thoi gian gan bo|months? (on book|as customer)")
LEFT = re.compile(r"churn|attrition|exited|da roi|roi bo|ngung|nghi viec|da huy")
GONE = {"churned", "churn", "left", "exited", "attrited customer", "inactive", "cancelled", "canceled", "da roi",
        "roi bo", "da roi bo", "da ngung", "ngung", "ngung su dung", "da huy", "yes", "co", "true", "1"}  # fmt: skip
STAYED = {"stayed", "joined", "active", "existing customer", "existing", "dang su dung", "hoat dong", "dang hoat dong",
          "con", "no", "khong", "false", "0"}  # fmt: skip
PLACEHOLDER = "YYYY-MM-DD"
LONGEST = 36_525  # days, which is a hundred years
ASKED = "write the day of the export in place of the day"


def with_snapshot(match: Match, last: date | None) -> Match:
    """Customers with their days told from a day on which all was so: the day of the export, which has to be said."""
    if match.table != "customers" or {"joined_on", "left_on"} & set(match.columns):
        return match
    day = last.isoformat() if last else PLACEHOLDER
    columns = dict(match.columns)
    tenure = next((column for column in match.rest if _is_tenure(column)), None)
    if tenure is not None:
        unit = unit_of(tenure.name) or _unit(tenure.name)
        entry = {"before": day, "column": tenure.name, "unit": unit}
        why = f"it is how many {unit} the customer had stayed: {ASKED}"
        columns["joined_on"] = Mapped(tenure, 0.6, why, ask=True, entry=entry)
    gone = next((pair for column in match.rest if (pair := _gone(column))), None)
    if gone is not None:
        column, gone_words = gone
        constant = {"value": day, "where": {column.name: gone_words}}
        columns["left_on"] = Mapped(column, 0.6, f"it is who had left by then: {ASKED}", ask=True, entry=constant)
    return replace(match, columns=columns)


def _unit(header: str) -> str:
    header_words = set(words.folded(header).split())
    if {"year", "years", "nam"} & header_words:
        return "years"
    return "days" if {"day", "days", "ngay"} & header_words else "months"


def _is_tenure(column: Column) -> bool:
    not_negative = column.numbers.share > 0.9 and column.numbers.low >= 0
    return not_negative and bool(TENURE.search(words.folded(column.name))) and column.numbers.high <= LONGEST


def _gone(column: Column) -> tuple[Column, list[str]] | None:
    """A column that says who has left, with its words for it."""
    things = words.meaning(column.name).things
    if not (LEFT.search(words.folded(column.name)) or "status" in things) or not 2 <= len(column.few) <= 6:
        return None
    gone = sorted(text for text in column.few if words.folded(text) in GONE)
    stayed = [text for text in column.few if words.folded(text) in STAYED]
    return (column, gone) if gone and len(gone) + len(stayed) == len(column.few) else None
