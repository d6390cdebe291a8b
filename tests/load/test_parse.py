"""Cells as people and programs write them: read as what they say, or not at all; nothing is guessed."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from folders import counts, folder, rows
from hypothesis import given, settings
from hypothesis import strategies as st

from carestudy import kpi
from carestudy.contract import CareError
from carestudy.load import load

UNREAD = "not read"


def read(
    table: str, column: str, cells: Sequence[Any], *, toml: str = "", at: Path | None = None, **given: Any
) -> list[Any]:
    """What the cells of one column are read as; rows that were set aside are ``UNREAD``."""
    key = {"customers": "customer_id", "transactions": "transaction_id", "contacts": "contact_id"}.get(
        table, "response_id"
    )
    frame = pd.DataFrame(
        {key: [str(number) for number in range(len(cells))], column: pd.Series(list(cells), dtype=object)}
    )
    if at is None:
        care = load({table: frame}, **given)
    else:
        folder(at, care=f"[{table}]\n{toml}", **{table: frame.to_csv(index=False, na_rep="")})
        care = load(at, **given)
    found = dict(rows(care, table, key, column))
    return [found.get(str(number), UNREAD) for number in range(len(cells))]


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
    floats = pd.DataFrame({"response_id": [1.0, 2.0, 3.0], "customer_id": [12.0, None, 2.0**60]})
    assert rows(load({"responses": floats}), "responses", "response_id", "customer_id") == [
        ("1", "12"), ("2", None), ("3", str(2**60)),
    ]  # fmt: skip


def test_words_of_the_contract_are_known_in_capitals_too() -> None:
    assert read("responses", "question", ["NPS", " Csat", "ces", "Giao hàng"]) == ["nps", "csat", "ces", "Giao hàng"]
    assert read("contacts", "kind", ["Complaint", "REQUEST", "Khen"]) == ["complaint", "request", "Khen"]


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


def test_of_a_stated_form_nothing_else_is_read(tmp_path: Path) -> None:
    cells = ["03/04/2026", "2026-04-03", "31/02/2026", "03/04/2026 18:05", "13/13/2026"]
    found = read("contacts", "opened_at", cells, toml='dates = "%d/%m/%Y"', at=tmp_path)
    assert found == [datetime(2026, 4, 3), *[UNREAD] * 4]  # noqa: DTZ001


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


NO_AMOUNTS = [
    "950.000",
    "-1.250",
    "1,200",
    "1 200",
    "12,5",
    "1.2tr",
    "950000 đ",
    "1e5",
    "(500)",
    "--5",
    "inf",
    "0x1F",
    "１２",
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
