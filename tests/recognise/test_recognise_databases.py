"""An SQLite database gives the same tables as files would, however loosely it keeps its types."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from babel.numbers import get_currency_precision

import carestudy as cs
from carestudy import kpi
from carestudy.care import Care
from carestudy.init import init
from carestudy.recognise import propose

ROWS = 60
START = datetime(2026, 1, 5, 9, tzinfo=UTC)


def moment(number: int) -> datetime:
    """A moment of 2026, later for greater numbers."""
    return START + timedelta(hours=31 * number)


def shop(path: Path, day: Callable[[int], Any], amount: Callable[[int], Any]) -> Path:
    """A shop's database whose days and amounts are kept in some way."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE customers (customer_id INTEGER PRIMARY KEY, full_name TEXT, city TEXT)")
        connection.execute("CREATE TABLE orders (order_id INTEGER, customer_id, order_date, total_amount)")
        people = [(n, f"Person {n}", ("Huế", "Vinh")[n % 2]) for n in range(1, 21)]
        connection.executemany("INSERT INTO customers VALUES (?, ?, ?)", people)
        sold = [(1000 + n, n % 20 + 1, day(n), amount(n)) for n in range(ROWS)]
        connection.executemany("INSERT INTO orders VALUES (?, ?, ?, ?)", sold)
        connection.commit()
    return path


def loaded(folder: Path) -> Care:
    """The data of a folder with what is proposed for it, unanswered."""
    (folder / "care.toml").write_text(propose(folder).toml(), encoding="utf-8")
    return cs.load(folder)


def total(care: Care) -> float:
    """What all sales come to."""
    amounts = care.table("transactions").to_pyarrow()["amount"].to_pylist()
    return float(sum(amounts) / 10 ** get_currency_precision(care.settings.currency))


DAYS: dict[str, Callable[[int], Any]] = {
    "text": lambda n: moment(n).strftime("%Y-%m-%d %H:%M:%S"),
    "text in Vietnamese order": lambda n: moment(n).strftime("%d/%m/%Y"),
    "seconds": lambda n: int(moment(n).timestamp()),
    "milliseconds": lambda n: int(moment(n).timestamp() * 1000),
    "some seconds as text": lambda n: str(int(moment(n).timestamp())) if n % 2 else int(moment(n).timestamp()),
}
AMOUNTS: dict[str, Callable[[int], Any]] = {
    "numbers": lambda n: 50_000 + 1000 * n,
    "numbers, some with decimals": lambda n: 50_000.0 + 1000 * n if n % 2 else 50_000 + 1000 * n,
    "some as text": lambda n: str(50_000 + 1000 * n) if n % 3 else 50_000 + 1000 * n,
    "text with thousands": lambda n: f"{50_000 + 1000 * n:,}".replace(",", ".") + " đ",
}


@pytest.mark.parametrize("amounts", AMOUNTS)
@pytest.mark.parametrize("days", DAYS)
def test_days_and_amounts_come_out_right_however_they_are_kept(tmp_path: Path, days: str, amounts: str) -> None:
    shop(tmp_path / "shop.db", DAYS[days], AMOUNTS[amounts])
    care = loaded(tmp_path)
    assert (len(care.table("transactions").to_pyarrow()), total(care)) == (
        ROWS,
        sum(50_000 + 1000 * n for n in range(ROWS)),
    )
    first = min(care.table("transactions").to_pyarrow()["occurred_at"].to_pylist())
    assert first.date() == START.date()
    assert kpi.customers_on_file(care, by="region")["value"].tolist() == [10, 10]


def test_one_database_is_enough_and_care_toml_is_written_beside_it(tmp_path: Path) -> None:
    shop(tmp_path / "shop.sqlite", DAYS["text"], AMOUNTS["numbers"])
    (tmp_path / "other.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    lines, _ = init(tmp_path / "shop.sqlite", replace=False, company="Shop", currency="VND", timezone=None)
    assert lines[-1].endswith(f"then run carestudy check {tmp_path}")
    assert not any("other.csv" in line for line in lines)
    assert total(cs.load(tmp_path)) == sum(50_000 + 1000 * n for n in range(ROWS))


def test_pictures_that_windows_keeps_are_no_question(tmp_path: Path) -> None:
    shop(tmp_path / "shop.db", DAYS["text"], AMOUNTS["numbers"])
    (tmp_path / "Thumbs.db").write_bytes(b"\xd0\xcf\x11\xe0pictures")
    proposal = propose(tmp_path)
    assert set(proposal.matches) == {"customers", "transactions"}
    assert not any("Thumbs" in question for question in proposal.questions())
    assert any("Thumbs.db: small pictures" in line for line in proposal.lines())
