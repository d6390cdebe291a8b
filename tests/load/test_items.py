"""Rows that are items become documents: amounts are added to the last unit, and every row is accounted for."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from folders import counts, faults, folder, rows

from carestudy.contract import CareError
from carestudy.load import load, set_aside
from carestudy.load.settings import interpret

TOML = """currency = "USD"
[transactions]
sum_by = "transaction_id"
[transactions.columns]
transaction_id = "Invoice"
customer_id = "Customer ID"
occurred_at = "Date"
amount = "Qty * Price"
returned = "Back"
channel = "Via"
"""
ITEMS = """Invoice,Customer ID,Date,Qty,Price,Back,Via
A1,7.0,2026-01-02,3,2.55,no,
A1,,,1,0.1,no,web
A2,8,2026-01-03,1,5,yes,
A2,8,2026-01-04,2,1.25,yes,shop
A3,8,2026-01-05,1,,yes,shop
A3,8,2026-01-05,1,,no,shop
,9,2026-01-06,1,1,no,
,9,2026-01-06,1,2,no,
A4,9,2026-01-07,1,two,no,
A4,9,2026-01-07,1,3,no,
"""


def test_items_of_one_id_are_one_document(tmp_path: Path) -> None:
    care = load(folder(tmp_path, care=TOML, transactions=ITEMS))
    columns = ("transaction_id", "customer_id", "amount", "returned", "channel")
    assert sorted(rows(care, "transactions", *columns)) == [
        ("A1", "7", 775, False, "web"), ("A2", "8", 750, True, "shop"), ("A3", "8", None, False, "shop"),
    ]  # fmt: skip


def test_every_item_is_used_or_excluded_by_its_own_line(tmp_path: Path) -> None:
    care = load(folder(tmp_path, care=TOML, transactions=ITEMS))
    assert counts(care, "transactions") == (10, 6, 4)
    assert care.counts[0].documents == 3
    assert "6 of 10 rows used, put together to 3" in repr(care)
    assert faults(care) == [
        ("amount", "is no amount (write 1234.5, or state the form in care.toml: numbers)", 2, (10, 11), True),
        ("transaction_id", "is empty", 2, (8, 9), True),
    ]
    assert set_aside(care)["line"].tolist() == [8, 9, 10, 11]


def test_a_total_in_the_first_row_is_not_multiplied(tmp_path: Path) -> None:
    toml = '[transactions]\nsum_by = "transaction_id"\ncolumns = { transaction_id = "Name", amount = "Total" }\n'
    text = "Name,Total,Lineitem\n#1,150000,a\n#1,,b\n#2,20000,c\n"
    assert rows(load(folder(tmp_path, care=toml, transactions=text)), "transactions", "amount") == [150000, 20000]


@pytest.mark.parametrize(
    ("items", "returned"),
    [
        ("#1,9,yes\n#1,,\n", True),  # what is said of the order stands in its first row only
        ("#1,,\n#1,9,yes\n", True),
        ("#1,9,\n#1,,yes\n", False),
        ("#1,9,yes\n#1,2,\n", False),  # an item of which nothing is said was kept
        ("#1,9,yes\n#1,2,yes\n", True),
        ("#1,,yes\n#1,,\n", False),
        ("#1,9,\n#1,2,\n", None),
    ],
)
def test_items_without_an_amount_do_not_say_whether_a_document_is_returned(
    items: str, returned: object, tmp_path: Path
) -> None:
    toml = '[transactions]\nsum_by = "transaction_id"\ncolumns = { transaction_id = "Name", amount = "Total" }\n'
    care = load(folder(tmp_path, care=toml, transactions=f"Name,Total,returned\n{items}#2,1,yes\n"))
    assert rows(care, "transactions", "transaction_id", "returned") == [("#1", returned), ("#2", True)]


def test_without_sum_by_the_first_row_stays(tmp_path: Path) -> None:
    text = "transaction_id,amount\n1,5\n1,6\n2,7\n"
    care = load(folder(tmp_path, transactions=text))
    assert (rows(care, "transactions", "amount"), care.counts[0].documents) == ([5, 7], None)


def test_of_two_files_that_have_a_document_the_later_counts_with_all_its_items(tmp_path: Path) -> None:
    toml = '[transactions]\nsum_by = "transaction_id"\nsource = ["b1.csv", "b2.csv"]\n'
    place = folder(
        tmp_path, care=toml, b1="transaction_id,amount\n1,5\n1,6\n2,7\n", b2="transaction_id,amount\n2,7\n2,1\n"
    )
    care = load(place)
    assert sorted(rows(care, "transactions", "transaction_id", "amount")) == [("1", 11), ("2", 8)]
    assert counts(care, "transactions") == (5, 4, 1)
    assert set_aside(care)[["source", "line"]].to_numpy().tolist() == [["b1.csv", 4]]


def test_an_item_in_other_money_takes_its_document_out(tmp_path: Path) -> None:
    toml = '[transactions]\nsum_by = "transaction_id"\n'
    text = "transaction_id,amount,currency\n1,500000,VND\n1,20,USD\n2,7000,VND\n"
    care = load(folder(tmp_path, care=toml, transactions=text))
    assert rows(care, "transactions", "amount") == [7000]
    assert faults(care) == [("currency", "is in another currency", 2, (2, 3), True)]


def test_items_may_come_as_a_workbook_or_parquet(tmp_path: Path) -> None:
    frame = pd.DataFrame({"số hđ": [101, 101, 102], "đơn giá": [15000.0, 2500.0, 99.0], "sl": [2, 1, 3]})
    toml = (
        '[transactions]\nsum_by = "transaction_id"\ncolumns = { transaction_id = "Số HĐ", amount = "SL * Đơn giá" }\n'
    )
    for kind, write in (("xlsx", frame.to_excel), ("parquet", frame.to_parquet)):
        place = folder(tmp_path / kind, care=toml)
        write(place / f"transactions.{kind}", index=False)
        found = rows(load(place), "transactions", "transaction_id", "amount")
        assert sorted(found) == [("101", 32500), ("102", 297)], kind


@pytest.mark.parametrize(
    ("table", "said", "message"),
    [
        ("transactions", "invoice", 'sum_by is sum_by = "transaction_id"'),
        ("customers", "customer_id", "sum_by puts the items of orders together; customers have none"),
        ("transactions", 5, 'sum_by is sum_by = "transaction_id"'),
    ],
)
def test_a_wrong_key_is_refused(table: str, said: object, message: str) -> None:
    with pytest.raises(CareError, match=message):
        interpret({table: {"sum_by": said}})


def test_a_key_that_is_not_mapped_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CareError, match="sum_by needs a column transaction_id: map it"):
        load(folder(tmp_path, care='[transactions]\nsum_by = "transaction_id"\n', transactions="invoice,amount\n1,2\n"))


@pytest.mark.parametrize(
    ("currency", "items", "cents"),
    [
        ("USD", [(1, 0.333), (1, 0.333), (1, 0.334)], 100),  # 33 + 33 + 33 cents would be 99
        ("USD", [(1, 0.004)] * 5, 2),
        ("USD", [(-1, 0.005), (-1, 0.005)], -1),
        ("USD", [(-1, 0.005)], -1),  # halves go away from zero
        ("USD", [(1, 0.005)], 1),
        ("VND", [(0.4, 1), (0.4, 1)], 1),
        ("USD", [(3, 2.55), (1, 0.1)], 775),
    ],
)
def test_items_are_added_before_their_sum_is_rounded(
    currency: str, items: list[tuple[float, float]], cents: int, tmp_path: Path
) -> None:
    toml = f"""currency = "{currency}"
[transactions]
sum_by = "transaction_id"
columns = {{ transaction_id = "Invoice", amount = "Qty * Price" }}
"""
    text = "Invoice,Qty,Price\n" + "".join(f"A,{qty},{price}\n" for qty, price in items)
    assert rows(load(folder(tmp_path, care=toml, transactions=text)), "transactions", "amount") == [cents]
