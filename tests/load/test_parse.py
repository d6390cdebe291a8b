"""Cells as people and programs write them: read as what they say, or not at all; nothing is guessed."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from pathlib import Path
from typing import Any

import ibis
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from folders import UNREAD, counts, faults, folder, read, rows
from hypothesis import given, settings
from hypothesis import strategies as st

from carestudy import kpi
from carestudy.contract import CareError
from carestudy.load import load, parse


def test_text_has_one_normal_form_so_that_groups_do_not_split() -> None:
    written = [
        "Hà Nội",
        unicodedata.normalize("NFD", "Hà Nội"),
        " Hà Nội\u00a0",
        "\u200bHà\u00a0Nội\ufeff",
        "Hà Nội\r\n",
        "\tHà\u202fNội",
    ]
    found = kpi.nps(pd.DataFrame({"question": "nps", "score": 9, "city": written}), by="city")
    assert found[["city", "n"]].to_numpy().tolist() == [["Hà Nội", 6]]


def test_what_programs_write_for_nothing_is_nothing() -> None:
    nothing = [
        "",
        " ",
        "\u00a0",
        "NULL",
        "null",
        "NaN",
        "nan",
        "N/A",
        "n/a",
        "#N/A",
        "NaT",
        "<NA>",
        r"\N",
        " NULL ",
        None,
    ]
    assert read("responses", "team", nothing) == [None] * len(nothing)
    assert read("responses", "my_team", nothing) == [None] * len(nothing)


def test_people_who_are_called_like_nothing_keep_their_names() -> None:
    names = ["Na", "Null", "Nan", "None", "No", "N", "na", "Không", "-", "0"]
    assert read("responses", "agent", names) == names


def test_ids_keep_their_zeros_and_lose_a_decimal_point() -> None:
    assert read("responses", "customer_id", ["0012", "12", 12, 12.0, Decimal("12"), "12.5", "C-1"]) == [
        "0012", "12", "12", "12", "12", "12.5", "C-1",
    ]  # fmt: skip
    assert read("responses", "customer_id", ["12.0", "0012.0", "12.5", "1.0.0"]) == ["12", "0012", "12.5", "1.0.0"]
    floats = pd.DataFrame({"response_id": [1.0, 2.0, 3.0], "customer_id": [12.0, None, 2.0**49]})
    assert rows(load({"responses": floats}), "responses", "response_id", "customer_id") == [
        ("1", "12"), ("2", None), ("3", str(2**49)),
    ]  # fmt: skip


def test_ids_that_a_spreadsheet_spoilt_are_set_aside() -> None:
    assert read("responses", "customer_id", ["1.23E+11", "#REF!", "1E5", "1E5X"]) == [*[UNREAD] * 2, "1E5", "1E5X"]


def test_words_of_the_contract_are_known_in_capitals_too() -> None:
    assert read("responses", "question", ["NPS", " Csat", "ces", "Giao hàng"]) == ["nps", "csat", "ces", "Giao hàng"]
    assert read("contacts", "kind", ["Complaint", "REQUEST", "Khen"]) == ["complaint", "request", "Khen"]


NO_AMOUNTS = [
    "950.000",
    "-1.250",
    "1,200",
    "12 34",
    "1 2000",
    "12,5",
    "1.2tr",
    "950000 $",
    "USD 5",
    "1E5",
    "1.23E+11",
    "(500",
    "(-500)",
    "--5",
    "inf",
    "0x1F",
    ".5",
    "5.",
]


def test_what_could_be_two_amounts_is_neither(tmp_path: Path) -> None:
    assert read("transactions", "amount", [*NO_AMOUNTS, "1"], at=tmp_path)[:-1] == [UNREAD] * len(NO_AMOUNTS)


def test_amounts_are_whole_numbers_of_the_smallest_unit(tmp_path: Path) -> None:
    dong = {"950000": 950_000, "-5": -5, "+5": 5, "007": 7, "950000.0": 950_000, "950000.00": 950_000, "": None,
            "950000.5": 950_001, "-0.5": -1, "0.125": 0, "1234.125": 1234, "12.3456": 12,
            str(2**53 + 1): 2**53 + 1, str(2**63 - 1): 2**63 - 1}  # fmt: skip
    assert read("transactions", "amount", list(dong), at=tmp_path / "vnd") == list(dong.values())
    dollars = {"29.49": 2949, "29.4": 2940, "29": 2900, "1234.565": 123_457, "29.490000000000002": 2949, "-0.005": -1,
               "90071992547409.93": 9_007_199_254_740_993}  # fmt: skip
    assert read("transactions", "amount", list(dollars), at=tmp_path / "usd", currency="USD") == list(dollars.values())


def test_amounts_may_carry_the_companys_currency_brackets_and_wide_digits(tmp_path: Path) -> None:
    dong = {"950000 đ": 950_000, "950000₫": 950_000, "VND 5": 5, "5 VNĐ": 5, "12 Đồng": 12, "(500)": -500,
            "(500 đ)": -500, "1 200 000 đ": 1_200_000, "１２": 12, "1.5e2": 150}  # fmt: skip
    assert read("transactions", "amount", list(dong), at=tmp_path / "vnd") == list(dong.values())
    dollars = {"$29.49": 2949, "29.49 USD": 2949, "US$5": 500, "($5)": -500, "5 €": UNREAD, "5 đ": UNREAD}
    assert read("transactions", "amount", list(dollars), at=tmp_path / "usd", currency="USD") == list(dollars.values())


def test_money_of_another_currency_is_never_added(tmp_path: Path) -> None:
    care = load(folder(tmp_path / "marks", transactions="amount\n5 đ\n5 $\n€ 5\n5 JPY\nx\n"))
    assert rows(care, "transactions", "amount") == [5]
    assert [fault[:3] for fault in faults(care)] == [
        ("amount", "is in another currency", 3),
        ("amount", "is no amount (write 1234.5, or state the form in care.toml: numbers)", 1),
    ]
    care = load(folder(tmp_path / "column", transactions="amount,currency\n1,VND\n2,đ\n3,\n4,usd\n"))
    assert rows(care, "transactions", "amount") == [1, 2, 3]
    assert [fault[:3] for fault in faults(care)] == [("currency", "is in another currency", 1)]


def test_amounts_that_no_whole_number_holds_are_set_aside(tmp_path: Path) -> None:
    assert read("transactions", "amount", [str(2**63), "9" * 60, "1"], at=tmp_path) == [UNREAD, UNREAD, 1]
    assert read("transactions", "amount", [1e300, 1e19, float("inf"), -float("inf"), 2.0]) == [*[UNREAD] * 4, 2]


@pytest.mark.parametrize(
    ("form", "cells", "found"),
    [
        (
            "1.234,5",
            ["950.000", "1.234.567,89", "-5,5", "12", "1.23", "1,200.5", "1.234.56"],
            [950_000, 1_234_568, -6, 12, *[UNREAD] * 3],
        ),
        ("1,234.5", ["950,000", "1,234,567.89", "12,34", "950.000"], [950_000, 1_234_568, UNREAD, 950]),
        ("1234,5", ["950000,4", "950.000"], [950_000, UNREAD]),
        ("1234.5", ["950.000", "950,000"], [950, UNREAD]),
    ],
)
def test_a_stated_form_of_numbers_is_read(tmp_path: Path, form: str, cells: list[str], found: list[Any]) -> None:
    assert read("transactions", "amount", cells, toml=f'numbers = "{form}"', at=tmp_path) == found


def test_amounts_of_frames_are_read_in_every_type() -> None:
    for cells in (
        [1.5, float("nan")],
        [Decimal("1.50"), None],
        ["1.5", None],
        [Decimal("1.499999999999"), float("nan")],
    ):
        assert read("transactions", "amount", cells, currency="USD") == [150, None]
    assert read("transactions", "amount", [2**60 + 1, 3]) == [2**60 + 1, 3]
    assert read("transactions", "amount", [0.1 + 0.2, 29.49], currency="USD") == [30, 2949]


@pytest.mark.parametrize(
    "kind", [pa.decimal128(38, 0), pa.decimal128(10, 2), pa.int8(), pa.uint64(), pa.float32(), pa.int64()]
)
def test_amounts_of_parquet_are_read_in_every_type(tmp_path: Path, kind: pa.DataType) -> None:
    pq.write_table(
        pa.table({"amount": pa.array([100, 0, None], pa.int16()).cast(kind)}), tmp_path / "transactions.parquet"
    )
    assert rows(load(tmp_path, currency="USD"), "transactions", "amount") == [10_000, 0, None]


def test_a_float_of_parquet_is_rounded_to_the_smallest_unit(tmp_path: Path) -> None:
    pq.write_table(pa.table({"amount": pa.array([29.49, 0.1 + 0.2, 1 / 3])}), tmp_path / "transactions.parquet")
    assert rows(load(tmp_path, currency="USD"), "transactions", "amount") == [2949, 30, 33]


def test_truth_is_no_amount() -> None:
    with pytest.raises(CareError, match="amount is no amount"):
        load({"transactions": pd.DataFrame({"amount": [True, False]})})


def test_scores_are_numbers(tmp_path: Path) -> None:
    cells = ["9", "9.5", "-1", "9,5", "9/10", "chín", "", "1.000", "inf", "NaN"]
    found = [9.0, 9.5, -1.0, UNREAD, UNREAD, UNREAD, None, UNREAD, UNREAD, None]
    assert read("responses", "score", cells, at=tmp_path) == found
    assert read("responses", "score", ["9,5", "9"], toml='numbers = "1.234,5"', at=tmp_path) == [9.5, 9.0]


def test_whole_numbers_may_have_been_through_a_spreadsheet(tmp_path: Path) -> None:
    assert read("customers", "birth_year", ["1980", "1980.0", " 1980 ", ""], at=tmp_path) == [1980, 1980, 1980, None]
    assert read("customers", "birth_year", [1980.0, None]) == [1980, None]


def test_yes_and_no_are_known_in_two_languages(tmp_path: Path) -> None:
    yes = ["true", "TRUE", "1", "1.0", "yes", "Y", "có", "CÓ", unicodedata.normalize("NFD", "có"), "x"]
    no = ["false", "0", "0.0", "no", "N", "không", "KHÔNG", " Khong "]
    found = read("transactions", "returned", [*yes, *no, "", "maybe", "2"], at=tmp_path)
    assert found == [True] * len(yes) + [False] * len(no) + [None, UNREAD, UNREAD]
    for truths in ([True, False, None], [1, 0, None], [1.0, 0.0, None]):
        assert read("transactions", "returned", truths) == [True, False, None]


@settings(max_examples=15)
@given(
    st.lists(
        st.text(max_size=8) | st.from_regex(r"[+-]?[0-9]{0,4}([.,][0-9]{0,4})?", fullmatch=True), min_size=1, max_size=8
    )
)
def test_an_amount_is_read_as_python_reads_it_or_not_at_all(cells: list[str]) -> None:
    try:
        care = load(
            {"transactions": pd.DataFrame({"transaction_id": [f"T{n}" for n in range(len(cells))], "amount": cells})}
        )
    except CareError:
        return
    read_, used, aside = counts(care, "transactions")
    assert read_ == len(cells) == used + aside
    for key, amount in rows(care, "transactions", "transaction_id", "amount"):
        if amount is not None:
            assert abs(Decimal(cells[int(key[1:])].strip()) - amount) <= Decimal("0.5")


def test_what_is_taken_off_the_ends_of_texts_is_written_for_spark_without_its_letters_v_and_f() -> None:
    text = ibis.table({"text": "string"}, name="words").text
    sql = ibis.to_sql(parse.trimmed(text), dialect="pyspark")
    # Between quotes, Spark reads \v and \f as the letters.
    assert not {r"\v", r"\f"} & set(re.findall(r"(?<!\\)\\.", sql))
    assert r"\\x0b\\x0c" in sql


def test_every_sign_of_space_is_taken_off_the_ends_and_no_letter() -> None:
    words = ["\x0bverify\x0c", "  x \t", "v", "f\n", "\u200bff v\r\n", "\u00a0vàng f\u202f", r"\x0b"]
    table = ibis.duckdb.connect().create_table("words", pa.table({"text": words}))
    assert parse.trimmed(table.text).to_pyarrow().to_pylist() == ["verify", "x", "v", "f", "ff v", "vàng f", r"\x0b"]
