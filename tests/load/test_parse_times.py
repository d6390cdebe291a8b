"""Days and moments as people and programs write them: read as what they say, or not at all."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from folders import UNREAD, folder, read, rows
from hypothesis import given, settings
from hypothesis import strategies as st

from carestudy.load import load


def test_iso_times_are_read_with_or_without_seconds_and_zone(tmp_path: Path) -> None:
    cells = {
        "2026-10-31": "2026-10-31T00:00:00",
        "2026-10-31 18:05": "2026-10-31T18:05:00",
        "2026-10-31T18:05:07": "2026-10-31T18:05:07",
        " 2026-10-31 18:05:07.123 ": "2026-10-31T18:05:07.123000",
        "2026-10-31T18:05:07.123456789": "2026-10-31T18:05:07.123456",
        "2026-10-31T18:05:00Z": "2026-11-01T01:05:00",
        "2026-10-31T18:05Z": "2026-11-01T01:05:00",
        "2026-10-31T18:05:00+07:00": "2026-10-31T18:05:00",
        "2026-10-31T18:05:00+0700": "2026-10-31T18:05:00",
        "2026-10-31 18:05:00 +0700": "2026-10-31T18:05:00",
        "2026-10-31 18:05 Z": "2026-11-01T01:05:00",
        "2026-10-31 18:05:00+07": "2026-10-31T18:05:00",
        "2026-10-31T18:05:00.5-03:30": "2026-11-01T04:35:00.500000",
    }
    found = read("contacts", "opened_at", list(cells), at=tmp_path)
    assert [one.isoformat() for one in found] == list(cells.values())


NO_TIMES = [
    "2026-02-30", "2026-13-01", "31/10/2026", "10/31/2026", "2026/10/31", "20261031", "2026-10-31 25:00",
    "2026-10-31 18", "2026-10-31T18:05:00+25:00", "1793491200", "46326", "2:30 CH", "yesterday", "now", "infinity",
    "epoch", "２０２６-10-31", "2026-10-31x", "-2026-10-31", "2026-W44-6", "2026-10-31 18:05:00 Asia/Tokyo",
]  # fmt: skip


def test_other_times_are_not_guessed(tmp_path: Path) -> None:
    assert read("contacts", "opened_at", [*NO_TIMES, "2026-10-31"], at=tmp_path)[:-1] == [UNREAD] * len(NO_TIMES)


def test_days_of_programs_that_do_not_know_are_set_aside(tmp_path: Path) -> None:
    cells = ["1900-01-01", "1899-12-30", "0001-01-01", "9999-12-31", "1901-01-01", "2199-12-31"]
    found = read("customers", "joined_on", cells, at=tmp_path)
    assert found == [*[UNREAD] * 4, date(1901, 1, 1), date(2199, 12, 31)]


@pytest.mark.parametrize(
    ("forms", "cells", "found"),
    [
        ('"%d/%m/%Y %H:%M"', ["03/04/2026 18:05", "3/4/2026 8:05"], ["2026-04-03T18:05", "2026-04-03T08:05"]),
        ('"%m/%d/%Y"', ["03/04/2026", "10/31/2026"], ["2026-03-04T00:00", "2026-10-31T00:00"]),
        (
            '["%d/%m/%Y", "%d/%m/%Y %H:%M"]',
            ["03/04/2026", "03/04/2026 18:05"],
            ["2026-04-03T00:00", "2026-04-03T18:05"],
        ),
        ('"%I:%M %p %d-%m-%y"', ["2:30 PM 03-04-26", "2:30 AM 03-04-26"], ["2026-04-03T14:30", "2026-04-03T02:30"]),
        ('"%d %b %Y"', ["3 Apr 2026", "31 Oct 2026"], ["2026-04-03T00:00", "2026-10-31T00:00"]),
    ],
)
def test_a_stated_form_is_read(tmp_path: Path, forms: str, cells: list[str], found: list[str]) -> None:
    read_as = read("contacts", "opened_at", cells, toml=f"dates = {forms}", at=tmp_path)
    assert [one.isoformat(timespec="minutes") for one in read_as] == found


def test_morning_and_afternoon_are_read_in_vietnamese_too(tmp_path: Path) -> None:
    cells = ["03/04/2026 2:30 CH", "03/04/2026 2:30 SA", "03/04/2026 12:05 ch", "03/04/2026 2:30 PM"]
    found = read("contacts", "opened_at", cells, toml='dates = "%d/%m/%Y %I:%M %p"', at=tmp_path)
    assert [one.isoformat(timespec="minutes") for one in found] == [
        "2026-04-03T14:30", "2026-04-03T02:30", "2026-04-03T12:05", "2026-04-03T14:30",
    ]  # fmt: skip


def test_an_offset_behind_a_stated_form_is_heeded(tmp_path: Path) -> None:
    cells = ["2026/03/14 8:05:06 SA GMT+7", "2026/03/14 8:05:06 CH GMT+5:30", "2026/03/14 8:05:06 AM UTC-03:00",
             "2026/03/14 8:05:06 AM", "2026/03/14 8:05:06 AM GMT"]  # fmt: skip
    found = read("contacts", "opened_at", cells, toml='dates = "%Y/%m/%d %I:%M:%S %p"', at=tmp_path)
    assert [one if one == UNREAD else one.isoformat() for one in found] == [
        "2026-03-14T08:05:06", "2026-03-14T21:35:06", "2026-03-14T18:05:06", "2026-03-14T08:05:06", UNREAD,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("form", "cells", "found"),
    [
        ("excel", ["46326", "46326.75", "46326.5", "x"], ["2026-10-31T00:00", "2026-10-31T18:00", "2026-10-31T12:00"]),
        ("excel-1904", ["44864", "44864.25"], ["2026-10-31T00:00", "2026-10-31T06:00"]),
        ("epoch", ["1793491200", "946684800"], ["2026-11-01T07:00", "2000-01-01T07:00"]),
        ("epoch-ms", ["1793491200000"], ["2026-11-01T07:00"]),
    ],
)
def test_days_that_are_counted_are_read_where_it_is_said(
    tmp_path: Path, form: str, cells: list[str], found: list[str]
) -> None:
    read_as = read("contacts", "opened_at", cells, toml=f'dates = "{form}"', at=tmp_path)
    assert [one if one == UNREAD else one.isoformat(timespec="minutes") for one in read_as] == [
        *found, *[UNREAD] * (len(cells) - len(found)),
    ]  # fmt: skip
    numbers = pd.DataFrame({"opened_at": [float(cell) for cell in cells if cell != "x"]})
    numbers.to_parquet(
        folder(tmp_path / "p", care=f'[contacts]\ndates = {{ opened_at = "{form}" }}') / "contacts.parquet"
    )
    stamps = rows(load(tmp_path / "p"), "contacts", "opened_at")
    assert [stamp.isoformat(timespec="minutes") for stamp in stamps] == found


def test_each_column_may_have_a_form_of_its_own(tmp_path: Path) -> None:
    text = "opened_at,resolved_at\n03/04/2026,04/03/2026 08:00\n"
    forms = 'dates = { opened_at = "%d/%m/%Y", resolved_at = ["%m/%d/%Y %H:%M"] }'
    care = load(folder(tmp_path, care=f"[contacts]\n{forms}", contacts=text))
    assert [str(one) for one in rows(care, "contacts", "opened_at", "resolved_at")[0]] == [
        "2026-04-03 00:00:00", "2026-04-03 08:00:00",
    ]  # fmt: skip


def test_beside_a_stated_form_only_iso_is_read(tmp_path: Path) -> None:
    cells = ["03/04/2026", "2026-04-03", "31/02/2026", "03/04/2026 18:05", "13/13/2026"]
    found = read("contacts", "opened_at", cells, toml='dates = "%d/%m/%Y"', at=tmp_path)
    assert found == [datetime(2026, 4, 3), datetime(2026, 4, 3), *[UNREAD] * 3]  # noqa: DTZ001


@pytest.mark.parametrize(
    ("moment", "clock"),
    [
        ("2026-03-08T06:59:59Z", "2026-03-08T01:59:59"),
        ("2026-03-08T07:00:00Z", "2026-03-08T03:00:00"),
        ("2026-11-01T05:59:59Z", "2026-11-01T01:59:59"),
        ("2026-11-01T06:00:00Z", "2026-11-01T01:00:00"),
    ],
)
def test_moments_are_told_by_the_clock_of_the_company_in_summer_and_winter(moment: str, clock: str) -> None:
    (found,) = read("contacts", "opened_at", [moment], timezone="America/New_York")
    assert found.isoformat() == clock


moments = st.datetimes(datetime(1990, 1, 1), datetime(2036, 1, 1)).map(  # noqa: DTZ001
    lambda one: one.replace(microsecond=0, tzinfo=UTC)
)


@settings(max_examples=10)
@given(
    st.lists(moments, min_size=20, max_size=60, unique=True),
    st.sampled_from(["America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu"]),
)
def test_every_moment_is_told_by_the_clock_of_the_company(written: list[datetime], zone: str) -> None:
    found = rows(load({"contacts": pd.DataFrame({"opened_at": written})}, timezone=zone), "contacts", "opened_at")
    assert found == [moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None) for moment in written]


def test_a_table_may_be_written_in_another_zone(tmp_path: Path) -> None:
    cells = ["2026-10-31 18:05", "2026-10-31T18:05:00+07:00", "2026-10-31"]
    found = read("contacts", "opened_at", cells, toml='timezone = "UTC"', at=tmp_path)
    # A day alone is the same day everywhere.
    assert [one.isoformat() for one in found] == ["2026-11-01T01:05:00", "2026-10-31T18:05:00", "2026-10-31T00:00:00"]
    stated = read(
        "contacts",
        "opened_at",
        ["31/10/2026 18:05"],
        toml='timezone = "America/New_York"\ndates = "%d/%m/%Y %H:%M"',
        at=tmp_path,
    )
    assert stated[0].isoformat() == "2026-11-01T05:05:00"


def test_times_of_frames_are_read_in_every_type() -> None:
    cells: list[Any] = [
        date(2026, 10, 31), datetime(2026, 10, 31, 18, 5),  # noqa: DTZ001
        datetime(2026, 10, 31, 18, 5, tzinfo=UTC), "2026-10-31 18:05", pd.Timestamp("2026-10-31 18:05"), pd.NaT, None,
    ]  # fmt: skip
    found = read("contacts", "first_reply_at", cells)
    assert [one and one.isoformat() for one in found] == [
        "2026-10-31T00:00:00", "2026-10-31T18:05:00", "2026-11-01T01:05:00", "2026-10-31T18:05:00",
        "2026-10-31T18:05:00", None, None,
    ]  # fmt: skip


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
@pytest.mark.parametrize("zone", [None, "UTC", "America/New_York"])
def test_parquet_times_are_read_in_every_unit_and_zone(tmp_path: Path, unit: str, zone: str | None) -> None:
    moment = datetime(2026, 10, 31, 18, 5, tzinfo=UTC)
    pq.write_table(pa.table({"opened_at": pa.array([moment], pa.timestamp(unit, zone))}), tmp_path / "contacts.parquet")
    assert rows(load(tmp_path), "contacts", "opened_at") == [
        moment.replace(tzinfo=None) + timedelta(hours=7 if zone else 0)
    ]


def test_dates_of_any_type_are_days() -> None:
    cells: list[Any] = [
        date(2026, 10, 31),
        "2026-10-31 23:59",
        "2026-10-31T18:05:00Z",
        datetime(2026, 10, 31, 23, tzinfo=UTC),
    ]
    assert read("customers", "joined_on", cells) == [date(2026, 10, 31)] * 2 + [date(2026, 11, 1)] * 2
