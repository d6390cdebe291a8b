"""Every form of an entry of ``columns`` gives the right values, or says what is wrong with it."""

from __future__ import annotations

import random
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pandas as pd
import pytest
from folders import counts, faults, folder, rows

from carestudy.contract import CareError
from carestudy.load import load
from carestudy.load.settings import interpret

USD = 'currency = "USD"\n'


def amounts(tmp_path: Path, columns: str, text: str, more: str = "", currency: str = USD) -> list[int | None]:
    toml = f"{currency}[transactions]\ncolumns = {{ {columns} }}\n{more}"
    return list(rows(load(folder(tmp_path, care=toml, transactions=text)), "transactions", "amount"))


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("Qty * Price", [765, 101, None]),
        ("Qty × Price", [765, 101, None]),
        ("`Qty` * `Price` * (1 - Cut)", [689, 101, None]),
        ("Price * Qty − Price / 2", [638, 50, None]),
        ("-Price * -Qty", [765, 101, None]),
        ("Price ÷ Cut", [2550, None, None]),
        ("2 * Price + 0.005", [511, 202, 1]),
    ],
)
def test_an_amount_is_computed_to_the_smallest_unit(tmp_path: Path, formula: str, expected: list[int | None]) -> None:
    text = "Qty,Price,Cut\n3,2.55,0.1\n1,1.005,0\n,0,\n"
    assert amounts(tmp_path, f'amount = "{formula}"', text, 'numbers = "1234.5"') == expected


def test_names_with_spaces_and_a_header_that_looks_like_a_formula(tmp_path: Path) -> None:
    text = "Đơn giá;Số lượng;giá*2;Mã-số\n10.500;2;7;3\n"
    more = 'numbers = "1.234,5"'
    assert amounts(tmp_path / "a", 'amount = "Đơn giá * Số lượng"', text, more, "") == [21000]
    assert amounts(tmp_path / "b", 'amount = "`Đơn giá` * `Mã-số`"', text, more, "") == [31500]
    assert amounts(tmp_path / "c", 'amount = "Giá*2"', text, more, "") == [7]


def test_each_operand_has_its_own_form_and_the_mark_of_the_currency(tmp_path: Path) -> None:
    text = "SL;Đơn giá;Giảm\n1.5;25.000 đ;1.234,5\n2.0;1.000.000₫;0\n"
    more = 'numbers = { amount = "1.234,5", SL = "1234.5" }'
    assert amounts(tmp_path, 'amount = "SL * `Đơn giá` - Giảm"', text, more, "") == [36266, 2000000]


def test_an_operand_that_cannot_be_read_takes_the_row_out_and_says_so(tmp_path: Path) -> None:
    toml = '[transactions]\ncolumns = { amount = "SL * gia" }'
    care = load(folder(tmp_path, care=toml, transactions="SL,gia\n2,1000\nhai,1000\n3,12 USD\n1,950.000\n,5\n"))
    assert rows(care, "transactions", "amount") == [2000, None]
    assert counts(care, "transactions") == (5, 2, 3)
    assert [(one[0], one[2]) for one in faults(care)] == [("amount", 1), ("amount", 2)]
    assert "is in another currency" in {one[1] for one in faults(care)}


def test_typed_cells_are_computed_as_written_ones_are(tmp_path: Path) -> None:
    toml = USD + '[transactions]\ncolumns = { amount = "Quantity * UnitPrice" }'
    frame = pd.DataFrame({"Quantity": [3, 7, -1], "UnitPrice": [2.55, 1.15, None]})
    place = folder(tmp_path, care=toml)
    for name, write in (("transactions.xlsx", frame.to_excel), ("transactions.parquet", frame.to_parquet)):
        write(place / name, index=False)
        assert rows(load(place), "transactions", "amount") == [765, 805, None], name
        (place / name).unlink()


def test_amounts_are_those_of_exact_arithmetic(tmp_path: Path) -> None:
    draw = random.Random(7)  # noqa: S311
    lines = [
        (Decimal(draw.randint(-99999, 999999)) / 100, Decimal(draw.randint(0, 10**8)) / 1000, Decimal(cut) / 100)
        for cut in range(100) for _ in range(20)
    ]  # fmt: skip
    text = pd.DataFrame([[str(cell) for cell in line] for line in lines], columns=["q", "p", "d"]).to_csv(index=False)
    exact = [int((q * p * (1 - d) * 100).quantize(Decimal(1), ROUND_HALF_UP)) for q, p, d in lines]
    assert amounts(tmp_path, 'amount = "q * p * (1 - d)"', text, 'numbers = "1234.5"') == exact


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        (
            'amount = "Qty * Prise"',
            r"amount = \"Qty \* Prise\": 'Prise' is not in the data; did you mean 'price'",
        ),
        ('amount = "Qty * "', "'Qty \\* ' ends where a column or a number is needed"),
        ('amount = "(Qty * Price"', "a bracket is not closed"),
        ('amount = "Qty 2 (Price)"', "an operator is missing before"),
        ('channel = "Qty * Price"', "channel = .Qty \\* Price. is not in the data"),
        ('amount = "Anzahl"', "amount = .Anzahl. is not in the data; they have"),
        ('channel = { column = "Qty", wher = { Price = "1" } }', "'wher' is not known; did you mean 'where'"),
        ('channel = { valu = "web" }', "'valu' is not known; did you mean 'value'"),
        ("channel = 5", "columns: channel must be like"),
        ("channel = {}", "columns: channel must be like"),
        ('channel = { value = "" }', "value must be text in quotes"),
        ('channel = { value = "x", where = {} }', "where is like"),
        ('channel = { value = "x", where = { Qtty = "3" } }', "'Qtty' is not in the data; did you mean 'qty'"),
    ],
)
def test_a_slip_is_refused_with_what_was_meant(tmp_path: Path, columns: str, message: str) -> None:
    toml = f"[transactions]\ncolumns = {{ {columns} }}"
    with pytest.raises(CareError, match=message):
        load(folder(tmp_path, care=toml, transactions="Qty,Price\n1,2\n"))


def test_a_form_of_numbers_is_for_a_column_that_care_toml_names() -> None:
    with pytest.raises(CareError, match="'prise' is not known; did you mean 'Price'"):
        interpret({"transactions": {"columns": {"amount": "Qty * Price"}, "numbers": {"prise": "1.234,5"}}})


def test_a_value_stands_in_every_row(tmp_path: Path) -> None:
    toml = """[contacts.columns]
kind = { value = "Complaint" }
opened_at = { value = 2026-10-31 }
resolved_at = { column = "Xong", where = { "Trạng thái" = ["Thành công", "Đóng"], "kênh" = "web" } }
reopened = { value = true }
"""
    text = "Trạng thái,kênh,Xong\nthành  công,Web,2026-11-02\nĐang mở,web,2026-11-03\nĐÓNG,gọi,2026-11-04\n,,\n"
    care = load(folder(tmp_path, care=toml, contacts=text))
    assert set(rows(care, "contacts", "kind")) == {"complaint"}
    assert {str(one) for one in rows(care, "contacts", "opened_at")} == {"2026-10-31 00:00:00"}
    assert set(rows(care, "contacts", "reopened")) == {True}
    assert [str(one)[:10] for one in rows(care, "contacts", "resolved_at")] == ["2026-11-02", "None", "None"]


def test_a_value_or_a_formula_may_hold_in_some_rows_only(tmp_path: Path) -> None:
    toml = (
        USD
        + """[transactions]
[transactions.columns]
amount = { column = "q * p", where = { s = ["paid", 1] } }
channel = { value = "web", where = { s = "" } }
"""
    )
    care = load(folder(tmp_path, care=toml, transactions="s,q,p\npaid,2,1.5\n1,1,1\n,5,5\nopen,x,9\n"))
    assert rows(care, "transactions", "amount", "channel") == [(300, None), (100, None), (None, "web"), (None, None)]


def test_a_number_given_for_every_row_is_read_whatever_form_the_others_have(tmp_path: Path) -> None:
    toml = USD + '[transactions]\nnumbers = "1.234,5"\ncolumns = { amount = { value = 1.234 } }'
    assert rows(load(folder(tmp_path, care=toml, transactions="x\n1\n")), "transactions", "amount") == [123]
