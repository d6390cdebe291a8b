"""From the files alone, with what is proposed unchanged or answered, the sums come out right."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest
from babel.numbers import get_currency_precision
from export_folders import day, phone, pick, save, table

import carestudy as cs
from carestudy.care import Care
from carestudy.load.settings import MATCHES
from carestudy.recognise import propose


def loaded(folder: Path, *answers: str) -> Care:
    """The data of a folder as proposed, with the lines answered that begin so."""
    lines = propose(folder).toml().splitlines()
    answered = [line[4:] if line.startswith(tuple(f"# ? {one}" for one in answers)) else line for line in lines]
    (folder / "care.toml").write_text("\n".join(answered), encoding="utf-8")
    return cs.load(folder)


def rows(care: Care, name: str) -> pd.DataFrame:
    """The rows of a table that are used."""
    return care.table(name).to_pyarrow().to_pandas()


def money(care: Care) -> float:
    """What all sales come to, in the currency's own unit."""
    return float(rows(care, "transactions")["amount"].sum()) / 10 ** get_currency_precision(care.settings.currency)


def iso(number: int) -> str:
    """A day."""
    return day(number, "%Y-%m-%d")


def copied(source: Path, folder: Path) -> Path:
    """The files of a folder, in a folder of the test's own."""
    if not source.is_dir():
        pytest.skip(f"{source.name} is not beside this checkout")
    for path in source.iterdir():
        if path.is_file() and path.suffix != ".md":
            shutil.copyfile(path, folder / path.name)
    return folder


def test_items_come_to_quantity_times_price_less_the_discount_by_order(tmp_path: Path) -> None:
    orders = table({"order_id": lambda n: f"O{n:04d}", "customer_id": lambda n: f"C{n % 9}", "order_date": iso})
    lines = table({
        "order_id": lambda n: f"O{n // 3:04d}", "quantity": lambda n: n % 4 + 1, "unit_price": lambda n: 1000 + n,
        "discount": lambda n: n % 2 / 10,
    }, 180)  # fmt: skip
    care = loaded(save(tmp_path, {"orders.csv": orders, "order_details.csv": lines}))
    right = sum((n % 4 + 1) * (1000 + n) * (1 - n % 2 / 10) for n in range(180))
    assert len(rows(care, "transactions")) == 60
    assert money(care) == pytest.approx(right, abs=len(lines))
    assert {(count.table, count.set_aside) for count in care.counts} == {("transactions", 0)}


def test_a_total_in_every_row_of_an_order_is_counted_once(tmp_path: Path) -> None:
    sold = table({
        "Mã hóa đơn": lambda n: f"HD{n // 3}", "Ngày bán": lambda n: day(n // 3), "Mã KH": lambda n: f"K{n // 3 % 9}",
        "Tên hàng": lambda n: f"Hàng {n}", "Tổng tiền": lambda n: 50_000 + n // 3 * 1000,
    })  # fmt: skip
    care = loaded(save(tmp_path, {"hoa_don.csv": sold}))
    assert money(care) == sum(50_000 + n * 1000 for n in range(20))


def test_calls_and_complaints_are_contacts_and_only_complaints_are_complaints(tmp_path: Path) -> None:
    calls = table({"call_id": lambda n: f"CALL{n:06d}", "customer_id": lambda n: f"C{n % 20:04d}", "call_start": iso,
                   "direction": lambda n: pick(n, "inbound", "outbound")})  # fmt: skip
    complaints = table({"Complaint ID": lambda n: f"KN{n:05d}", "Client ID": lambda n: f"C{n % 20:04d}",
                        "Date received": iso, "Issue": lambda n: pick(n, "Fee", "Card")}, 25)  # fmt: skip
    found = rows(loaded(save(tmp_path, {"calls.csv": calls, "complaints.csv": complaints})), "contacts")
    assert (len(found), int((found["kind"] == "complaint").sum())) == (85, 25)


def test_deals_that_were_won_are_the_sales(tmp_path: Path) -> None:
    deals = table({
        "opportunity_id": lambda n: f"O{n}X", "account": lambda n: f"Kim Long {n % 9}", "close_date": iso,
        "deal_stage": lambda n: pick(n, "Won", "Lost"), "close_value": lambda n: (n + 1) * 100 if n % 2 == 0 else 0,
    })  # fmt: skip
    care = loaded(save(tmp_path, {"sales_pipeline.csv": deals}))
    assert len(rows(care, "transactions")) == 30
    assert money(care) == sum((n + 1) * 100 for n in range(0, 60, 2))


def test_replies_after_minutes_are_moments(tmp_path: Path) -> None:
    chats = table({
        "Ticket ID": lambda n: f"T{n}", "Customer ID": "C1", "Created at": "2026-03-01 08:00:00",
        "First reply time (min)": 90, "Time to close": "1h 30m",
    })  # fmt: skip
    found = rows(loaded(save(tmp_path, {"tickets.csv": chats})), "contacts")
    assert set(found["first_reply_at"]) == set(found["resolved_at"]) == {pd.Timestamp("2026-03-01 09:30")}


@pytest.mark.skipif("phone" not in MATCHES, reason="the door does not match phone numbers yet")
def test_one_phone_number_is_one_customer(tmp_path: Path) -> None:
    def forms(number: int) -> str:
        bare = phone(number % 30)[1:]
        return [f"0{bare}", f"+84{bare}", f"84 {bare}", bare][number % 4]

    sold = table({"Mã đơn": lambda n: n, "Ngày": day, "SĐT": forms, "Tổng tiền": 1000})
    folder = save(tmp_path, {"don_hang.csv": sold})
    assert rows(loaded(folder, "customer_id"), "transactions")["customer_id"].nunique() == 30
