"""Whether files are those of a company in Vietnam: their headers or cells are in Vietnamese."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

import numpy as np
import pyarrow.compute as pc

from carestudy.care import Settings
from carestudy.contract import TABLES
from carestudy.recognise import words, zones
from carestudy.recognise.column import Column
from carestudy.recognise.folder import Export
from carestudy.recognise.mapped import Match

LETTERS = "ăđơưĂĐƠƯ\u1ea0-\u1ef9"  # those of Vietnamese, of which no other language here has two
SPELT = re.compile(f"[{LETTERS}]")
CELLS = 3  # different cells in Vietnamese, of which chance and names of foreign places make no more
# Words of headers without marks; one alone may be English (MA, SO).
UNMARKED = {"ma", "ngay", "khach", "hang", "tien", "tong", "sdt", "hoa", "nhan", "vien", "luong", "kh", "nv", "dh",
            "ten", "gio", "don", "gia", "sl", "thanh"}  # fmt: skip
WHOLE, THOUSAND = 0.8, 1000


def vietnamese(exports: Iterable[Export]) -> bool:
    """Whether headers or cells of any file are in Vietnamese, with or without marks."""
    columns = [column for export in exports for column in export.columns]
    if any(SPELT.search(column.name) for column in columns):
        return True
    header_words = {word for column in columns for word in words.folded(column.name).split()}
    return len(header_words & UNMARKED) > 1 or any(map(_in_vietnamese, columns))


def time_zone(matches: Iterable[Match]) -> tuple[str, str] | None:
    """The time zone that headers of moments name, and one of these; None where they name none, several or UTC.

    Programs write UTC wherever a company is, and any other zone because it is the company's.
    """
    zone_by_header = {
        mapped.column.name: zone
        for match in matches
        for name, mapped in match.columns.items()
        if TABLES[match.table].columns.get(name) == "time"
        and (zone := zones.of_header(mapped.column.name)) not in (None, "UTC")
    }
    around = [date(2026, month, 1) for month in (1, 7)]
    stated = sorted(zone_by_header.items())
    if not stated or not all(zones.alike(stated[0][1], zone, around) for zone in zone_by_header.values()):
        return None
    home = Settings().timezone
    return (home if zones.alike(stated[0][1], home, around) else stated[0][1]), stated[0][0]


def in_thousands(column: Column) -> bool:
    """Whether amounts are whole thousands or halves of them, as prices in đồng are and those in dollars are not."""
    round_ = pc.match_substring_regex(column.values, r"(000|500)(\.0+)?(\D*)$")
    total = float(column.counts.sum())
    return column.numbers.high >= 10 * THOUSAND and float(column.counts[np.asarray(round_)].sum()) > WHOLE * total


def _in_vietnamese(column: Column) -> bool:
    if column.kind != "text" or not column.filled:
        return False
    spelt = pc.match_substring_regex(column.values, f"[{LETTERS}]")
    return int(pc.sum(spelt).as_py() or 0) >= min(CELLS, len(column.values))
