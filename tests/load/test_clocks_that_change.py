"""Zones by offset, and clocks that change: no time between two moments is longer or shorter for it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pandas as pd
import pytest

import carestudy as cs
from carestudy import kpi
from carestudy.zones import IN_UTC

COLUMNS = ("opened_at", "first_reply_at", "resolved_at")
AUTUMN, SPRING = "2026-10-24T22:10Z", "2026-03-28T22:10Z"  # hours before the clocks of London change


def around(start: str, *, minutes: int = 30) -> pd.DataFrame:
    """A case every quarter of an hour for eight hours, replied to after 20 minutes and solved ten minutes later."""
    opened = pd.date_range(start, periods=32, freq="15min")
    ends = [opened, opened + pd.Timedelta(minutes=minutes - 10), opened + pd.Timedelta(minutes=minutes)]
    return pd.DataFrame(dict(zip(COLUMNS, ends, strict=True)))


def as_utc(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.apply(lambda cells: cells.map(lambda moment: moment.strftime("%Y-%m-%dT%H:%M:%SZ")))


def at_offset(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.apply(lambda cells: cells.dt.tz_convert("Europe/London").map(lambda moment: moment.isoformat()))


def load(frame: pd.DataFrame, zone: str = "Europe/London") -> Any:
    return cs.load({"contacts": frame.assign(customer_id="A")}, timezone=zone)


def moments(care: Any) -> list[datetime]:
    found: list[datetime] = care.tables["contacts"].opened_at.to_pyarrow().to_pylist()
    return found


@pytest.mark.parametrize("start", [AUTUMN, SPRING])
@pytest.mark.parametrize("written", [as_utc, at_offset, lambda frame: frame])
def test_a_change_of_the_clock_is_no_time_that_passes(start: str, written: Any) -> None:
    care = load(written(around(start)))
    assert (care.counts[0].used, care.counts[0].read) == (32, 32)
    for at in (0.01, "median", 0.99):
        assert kpi.resolution_time(care, at=at)["value"].item() == 0.5
        assert kpi.first_response_time(care, at=at)["value"].item() == pytest.approx(1 / 3)
    assert kpi.service_level(care, within=0.35)["value"].item() == 1
    assert kpi.service_level(care, within=0.3)["value"].item() == 0


def test_two_hours_over_the_change_are_two_hours() -> None:
    assert kpi.resolution_time(load(as_utc(around(AUTUMN, minutes=120))), at=0.99)["value"].item() == 2


def test_clocks_of_the_company_without_a_zone_skip_the_hour_that_is_missing() -> None:
    care = load(pd.DataFrame({"opened_at": ["2026-03-29 00:50"] * 3, "resolved_at": ["2026-03-29 02:10"] * 3}))
    assert kpi.resolution_time(care)["value"].item() == pytest.approx(1 / 3)


def test_days_are_those_of_the_companys_clock() -> None:
    care = load(as_utc(around(AUTUMN)))
    opened = moments(care)
    assert (str(min(opened)), str(max(opened))) == ("2026-10-24 23:10:00", "2026-10-25 05:55:00")


def test_a_case_that_is_still_open_has_waited_up_to_the_moment_of_the_data() -> None:
    frame = pd.DataFrame({"opened_at": ["2026-10-24T23:00:00Z"] * 2, "resolved_at": [None, "2026-10-25T00:30:00Z"]})
    care = cs.load({"contacts": frame}, timezone="Europe/London", as_of="2026-10-25T02:00:00+00:00")
    from carestudy.measure.lasting import tally

    assert tally(care, kpi.resolution_time, [], [])["duration"].tolist() == [90, 180]


@pytest.mark.parametrize(("zone", "start"), [
    ("Asia/Ho_Chi_Minh", AUTUMN), ("+07:00", AUTUMN), ("Europe/London", "2026-06-01T08:00Z"),
])  # fmt: skip
def test_where_no_clock_changes_there_is_no_further_column(zone: str, start: str) -> None:
    care = load(as_utc(around(start)), zone)
    assert not [column for column in care.tables["contacts"].columns if column.startswith(IN_UTC)]


def test_columns_in_utc_are_no_columns_of_the_company() -> None:
    care = load(as_utc(around(AUTUMN)))
    with pytest.raises(cs.CareError) as missing:
        care.table("contacts", "topic")
    assert IN_UTC not in str(missing.value)


@pytest.mark.parametrize(("zone", "hour"), [
    ("+07:00", 7), ("UTC+7", 7), ("GMT+07:00", 7), ("gmt+7", 7), ("-03:00", 21), ("+00:00", 0), ("+0530", 5),
])  # fmt: skip
def test_an_offset_is_a_zone(zone: str, hour: int) -> None:
    care = cs.load({"contacts": pd.DataFrame({"opened_at": ["2026-10-05T00:00:00Z"]})}, timezone=zone)
    assert moments(care)[0].hour == hour
    assert care.as_of.utcoffset() == pd.Timestamp("2026-10-05", tz=care.zone).utcoffset()


def test_the_offset_of_a_table_is_that_of_its_times(tmp_path: Any) -> None:
    (tmp_path / "contacts.csv").write_text("contact_id,opened_at\nP1,2026-10-05 08:00\n", "utf-8")
    (tmp_path / "care.toml").write_text('timezone = "+07:00"\n[contacts]\ntimezone = "+09:00"\n', "utf-8")
    assert str(moments(cs.load(tmp_path))[0]) == "2026-10-05 06:00:00"


@pytest.mark.parametrize("zone", ["+25:00", "+07:13", "GMT+15", "Hanoi", "7"])
def test_an_offset_that_nobody_has_is_refused(zone: str) -> None:
    with pytest.raises(cs.CareError, match=r"is not known; such as Asia/Ho_Chi_Minh or \+07:00"):
        cs.load({"contacts": pd.DataFrame({"opened_at": ["2026-10-05 08:00"]})}, timezone=zone)
