"""Gifts are transactions of donors, talk times are read as they are written, and things are no staff."""

from __future__ import annotations

from pathlib import Path

import pytest

import carestudy as cs
from carestudy.recognise import propose

GIFTS = [
    "Gift ID,Donor ID,Gift Date,Gift Amount",
    "Donation No,Donor Number,Donation Date,Donation Amount",
    "Mã quyên góp,Mã nhà hảo tâm,Ngày quyên góp,Số tiền quyên góp",
    "Mã ủng hộ,Mã người ủng hộ,Ngày ủng hộ,Số tiền ủng hộ",
]
ROWS = ["G1,D1,2026-01-03,50000", "G2,D2,2026-01-15,20000", "G3,D1,2026-02-05,35000", "G4,D3,2026-02-19,120000"]


def written(folder: Path, name: str, *lines: str) -> Path:
    (folder / name).write_text("\n".join([*lines, ""]), encoding="utf-8")
    (folder / "care.toml").write_text(propose(folder).toml(), encoding="utf-8")
    return folder


@pytest.mark.parametrize("name", ["gifts.csv", "export.csv"])
@pytest.mark.parametrize("headers", GIFTS)
def test_gifts_are_transactions_of_donors(tmp_path: Path, headers: str, name: str) -> None:
    care = cs.load(written(tmp_path, name, headers, *ROWS))
    found = care.table("transactions").order_by("transaction_id").to_pyarrow()
    assert found["customer_id"].to_pylist() == ["D1", "D2", "D1", "D3"]
    assert found["amount"].to_pylist() == [50_000, 20_000, 35_000, 120_000]
    assert "[staff" not in (tmp_path / "care.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize("headers", ["Widget ID,Widget Date,Team", "Project ID,Start Date,Department"])
def test_ids_of_things_are_no_staff(tmp_path: Path, headers: str) -> None:
    written(tmp_path, "export.csv", headers, "W1,2026-01-03,North", "W2,2026-01-15,South", "W3,2026-02-05,North")
    assert "[staff" not in (tmp_path / "care.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize("header", ["AvgTalkDuration", "Thời gian đàm thoại"])
@pytest.mark.parametrize(("one", "two"), [("00:02:23", "00:03:10"), ("2 phút 23 giây", "3m 10s")])
def test_talk_times_come_out_in_hours(tmp_path: Path, header: str, one: str, two: str) -> None:
    rows = (f"1,Ann,02/15/2021,09:00:00,{one}", f"2,Bob,02/16/2021,10:00:00,{two}")
    care = cs.load(written(tmp_path, "c.csv", f"Call Id,Agent,Date,Time,{header}", *rows))
    assert cs.kpi.mean_handling_time(care)["value"].iloc[0] * 3600 == pytest.approx(166.5)


def test_talk_times_of_two_numbers_are_not_taken_for_sure(tmp_path: Path) -> None:
    """02:23 may be minutes and seconds, or hours and minutes."""
    rows = ("1,02/15/2021 09:00:00,02:23", "2,02/16/2021 10:00:00,03:10")
    written(tmp_path, "c.csv", "Call Id,Call Date,Talk time", *rows)
    assert '\nhandling_seconds = "' not in (tmp_path / "care.toml").read_text(encoding="utf-8")
