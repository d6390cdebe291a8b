"""Columns of another file come by key, each row once; what would multiply or matches nothing is refused."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from folders import counts, folder, rows

from carestudy.contract import CareError
from carestudy.load import examine, load

ORDERS = "order_id,account_id,amount,city\n1,A01,5,Huế\n2,A02,6,\n3,,7,Vinh\n4,A99,8,\n5,a01 ,9,\n6,A01 ,1,\n"
LINKS = "disp_id,client_id,account_id,city\n1,C08,A01,Hà Nội\n2,C15,A02,Đà Nẵng\n3,C77,,x\n"
TOML = """[transactions]
source = "orders.csv"
join = [{ source = "links.csv", on = "account_id" }]
columns = { transaction_id = "order_id", customer_id = "client_id" }
"""


def test_the_columns_of_another_file_stand_beside_each_row_once(tmp_path: Path) -> None:
    care = load(folder(tmp_path, care=TOML, orders=ORDERS, links=LINKS))
    assert rows(care, "transactions", "transaction_id", "customer_id", "city", "links.city") == [
        ("1", "C08", "Huế", "Hà Nội"), ("2", "C15", None, "Đà Nẵng"), ("3", None, "Vinh", None),
        ("4", None, None, None), ("5", None, None, None), ("6", "C08", None, "Hà Nội"),
    ]  # fmt: skip
    (found,) = care.counts[0].joins
    assert (found.table, found.other, found.on, found.rows, found.matched) == (
        "orders.csv", "links.csv", "account_id", 6, 3,
    )  # fmt: skip


def test_rows_of_one_key_that_are_the_same_count_once(tmp_path: Path) -> None:
    care = load(folder(tmp_path, care=TOML, orders=ORDERS, links=LINKS + "1,C08,A01,Hà Nội\n"))
    assert counts(care, "transactions") == (6, 6, 0)


def test_a_key_that_repeats_is_refused_with_its_counts_and_a_condition_may_choose(tmp_path: Path) -> None:
    more = "account_id,client_id,type\nA01,C1,OWNER\nA01,C2,USER\nA02,C3,OWNER\n"
    with pytest.raises(
        CareError, match=r"links.csv has 3 rows for 2 different keys \(again in rows 3\), so rows would"
    ):
        load(folder(tmp_path, care=TOML, orders=ORDERS, links=more))
    chosen = TOML.replace('"account_id" }', '"account_id", where = { type = ["owner"] } }')
    care = load(folder(tmp_path, care=chosen, orders=ORDERS, links=more))
    assert rows(care, "transactions", "customer_id") == ["C1", "C3", None, None, None, "C1"]


def test_what_matches_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CareError, match=r"none of 6 rows of orders.csv has its account_id in links.csv"):
        load(folder(tmp_path, care=TOML, orders=ORDERS, links="account_id,client_id\nB1,C1\n,C2\n"))


def test_keys_may_have_other_names_and_be_numbers(tmp_path: Path) -> None:
    toml = """[customers]
source = "kh.xlsx"
join = [{ source = "tt.xlsx", sheet = "TT", on = { "Mã KH" = "Khách" } }, { source = "vung.csv", on = ["tỉnh"] }]
columns = { customer_id = "Mã KH", leave_reason = "Lý do", region = "vùng" }
"""
    place = folder(tmp_path, care=toml, vung="Tỉnh,Vùng\nHuế,Trung\nVinh,Trung\n")
    pd.DataFrame({"Mã KH": [12, 13, None], "Tỉnh": ["Huế", "Vinh", "Cà Mau"]}).to_excel(place / "kh.xlsx", index=False)
    with pd.ExcelWriter(place / "tt.xlsx") as book:
        pd.DataFrame({"x": [1]}).to_excel(book, sheet_name="Bìa", index=False)
        pd.DataFrame({"Khách": ["12", "14"], "Lý do": ["Giá", "Khác"]}).to_excel(book, sheet_name="TT", index=False)
    care = load(place)
    found = rows(care, "customers", "customer_id", "leave_reason", "region")
    assert found == [("12", "Giá", "Trung"), ("13", None, "Trung")]
    assert [one.matched for one in care.counts[0].joins] == [1, 2]


def test_a_file_that_is_joined_is_not_left_out_and_changes_the_fingerprint(tmp_path: Path) -> None:
    one = examine(folder(tmp_path / "a", care=TOML, orders=ORDERS, links=LINKS))
    other = examine(folder(tmp_path / "b", care=TOML, orders=ORDERS, links=LINKS.replace("C77", "C78")))
    assert one.notes == ()
    assert one.care is not None
    assert other.care is not None
    assert one.care.counts[0].hash != other.care.counts[0].hash


@pytest.mark.parametrize(
    ("join", "message"),
    [
        ('"links.csv"', "join must be like"),
        ('{ source = "links.csv" }', "a join says source and on"),
        ('{ source = "link.csv", on = "account_id" }', "'link.csv' is not known; did you mean 'links.csv'"),
        ('{ source = "links.csv", on = "acount_id" }', "in orders.csv = .acount_id. is not .* mean 'account_id'"),
        ('{ source = "links.csv", on = { account_id = "acc" } }', "in links.csv = \"acc\" is not in the data"),
        ('{ source = "links.csv", on = "account_id", shet = "x" }', "'shet' is not known; did you mean 'sheet'"),
        ('{ source = "links.csv", on = "account_id", where = { typ = "x" } }', "where, in links.csv = \"typ\" is not"),
        ('{ source = "links.csv", on = 5 }', "on is a header that both have"),
    ],
)  # fmt: skip
def test_a_slip_is_refused(tmp_path: Path, join: str, message: str) -> None:
    toml = f'[transactions]\nsource = "orders.csv"\njoin = [{join}]\n'
    with pytest.raises(CareError, match=message):
        load(folder(tmp_path, care=toml, orders=ORDERS, links=LINKS))
