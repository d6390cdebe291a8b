"""A booking counts on the day that somebody names; who handled a leaving is nobody's owner unless somebody says so."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from export_folders import Rows, save, table
from test_recognise_right_values import loaded

import carestudy as cs
from carestudy import kpi
from carestudy.recognise import propose

BOOKED = date(2026, 1, 5)
STAYS = [
    ("Ngày đặt", "Ngày nhận phòng", "Ngày trả phòng"),
    ("Booking date", "Check-in", "Check-out"),
    ("Order date", "Checkin date", "Checkout date"),
    ("Ngày đặt", "Ngày khởi hành", "Ngày về"),
    ("Booking Date", "Arrival", "Departure"),
]


def bookings(booked: str, *stays: str) -> Rows:
    """Bookings of every day, each for a stay 31 days later."""
    later = {
        name: lambda n, more=more: (BOOKED + timedelta(n + 31 + more)).isoformat() for more, name in enumerate(stays)
    }
    return table({
        "Mã đơn hàng": lambda n: f"DP{n:04}", "Mã KH": lambda n: f"KH{n % 20}",
        booked: lambda n: (BOOKED + timedelta(n)).isoformat(), **later, "Tổng tiền": lambda n: (n + 1) * 100_000,
    })  # fmt: skip


@pytest.mark.parametrize("names", STAYS, ids=lambda names: names[1])
def test_a_booking_asks_for_the_day_on_which_it_counts(tmp_path: Path, names: tuple[str, ...]) -> None:
    folder = save(tmp_path / "data", {"dat_phong.csv": bookings(*names)})
    (question,) = [one for one in propose(folder).questions() if "occurred_at" in one]
    assert f"'{names[0]}'" in question
    assert f"'{names[1]}'" in question
    by_booking = loaded(folder, "occurred_at")
    assert kpi.invoiced(by_booking, period="2026-01")["value"].item() == sum(range(1, 28)) * 100_000
    text = (folder / "care.toml").read_text("utf-8")
    (folder / "care.toml").write_text(
        text.replace(f'occurred_at = "{names[0]}"', f'occurred_at = "{names[1]}"'), "utf-8"
    )
    by_stay = kpi.invoiced(cs.load(folder), period="2026-02")["value"].item()
    assert by_stay == sum(range(1, 25)) * 100_000  # the stays from 5 to 28 February


@pytest.mark.parametrize("other", ["Ngày giao hàng", "Estimated arrival", "Ngày thanh toán", "Updated at", "Ngày đến"])
def test_an_order_is_no_booking(tmp_path: Path, other: str) -> None:
    folder = save(tmp_path / "data", {"don_hang.csv": bookings("Ngày đặt", other)})
    assert not [one for one in propose(folder).questions() if "a booking can count" in one]


def leavers(header: str, gone: str) -> dict[str, Rows]:
    """Customers, and a list of every fourth who left."""
    day = (BOOKED + timedelta(60)).isoformat()
    listed = table({"Customer ID": lambda n: f"C{n * 4:04}", gone: day, "Reason": "Price", header: "Mai"}, 15)
    return {"customers.csv": customers(), "cancellations.csv": listed}


def customers(**more: object) -> Rows:
    """Customers who joined on days of 2025."""
    joined = date(2025, 1, 3)
    columns = {"Customer ID": lambda n: f"C{n:04}", "Signed up": lambda n: (joined + timedelta(n)).isoformat()}
    return table({**columns, "Country": "Vietnam", **more})


@pytest.mark.parametrize(
    ("header", "gone"), [("Handled By", "Cancelled On"), ("Owner", "Left on"), ("CSM", "Churn date")]
)
def test_who_handled_a_leaving_is_no_owner_in_silence(tmp_path: Path, header: str, gone: str) -> None:
    folder = save(tmp_path / "data", leavers(header, gone))
    proposal = propose(folder)
    assert "left_on" in proposal.matches["customers"].columns
    assert [one for one in proposal.questions() if f"'{header}' owner?" in one and f"than '{gone}'" in one]


def test_an_owner_of_more_customers_than_left_is_one(tmp_path: Path) -> None:
    files = leavers("Notes", "Cancelled On") | {"customers.csv": customers(**{"Account manager": "Mai"})}
    found = propose(save(tmp_path / "data", files)).matches["customers"].columns
    assert (found["owner"].column.name, found["owner"].sure) == ("Account manager", "sure")


def test_the_same_in_one_file_of_customers(tmp_path: Path) -> None:
    left = {
        "Left on": lambda n: "2026-03-01" if n % 4 == 0 else "", "Handled by": lambda n: "Mai" if n % 4 == 0 else ""
    }  # fmt: skip
    found = propose(save(tmp_path / "data", {"customers.csv": customers(**left)})).matches["customers"].columns
    assert found["owner"].ask
