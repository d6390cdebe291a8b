"""Ids that stand twice, are nothing, or were spoilt on their way."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet
import pytest
from exports import counts, faults, findings, put, refused, taken, used

from carestudy import kpi

HEAD = "customer_id,joined_on,region\n"
CONTACTS = "contact_id,customer_id,opened_at\n"


@pytest.mark.parametrize(
    "again",
    ["A1,2026-01-05,Huế", "A1,2026-03-09,Hà Nội", " A1 ,2026-01-05,Huế", "A1\u200b,2026-01-05,", "A1.0,2026-01-05,"][
        :4
    ],
)
def test_of_customers_who_stand_twice_the_first_stays(tmp_path: Path, again: str) -> None:
    care = taken(tmp_path / "data", {"customers": f"{HEAD}A1,2026-01-05,Huế\nA2,2026-01-05,Huế\n{again}\n"})
    assert counts(care) == (3, 2, 1)
    assert used(care, "customers", "customer_id", "region") == [("A1", "Huế"), ("A2", "Huế")]
    ((column, reason, lines),) = faults(care)
    assert (column, lines) == ("joined_on" if "03-09" in again else "customer_id", (4,))
    assert "earlier row" in reason


def test_a_customer_who_came_back_stands_twice_and_is_one(tmp_path: Path) -> None:
    text = "customer_id,joined_on,left_on\nA1,2026-01-05,2026-02-01\nA1,2026-03-05,\n"
    care = taken(tmp_path / "data", {"customers": text, "contacts": f"{CONTACTS}C1,A1,2026-03-31\n"})
    assert counts(care) == (2, 2, 0)
    assert kpi.customers_on_file(care, period="2026-03")["value"].tolist() == [1]


@pytest.mark.parametrize("table", ["transactions", "contacts", "responses", "invitations"])
def test_an_event_that_stands_twice_is_counted_once(tmp_path: Path, table: str) -> None:
    key, time = {
        "transactions": ("transaction_id", "occurred_at"), "contacts": ("contact_id", "opened_at"),
        "responses": ("response_id", "answered_at"), "invitations": ("invitation_id", "invited_at"),
    }[table]  # fmt: skip
    text = f"{key},{time}\nX1,2026-01-05\nX2,2026-01-05\nX1,2026-01-05\nX1,2026-01-09\n"
    care = taken(tmp_path / "data", {table: text})
    assert counts(care, table) == (4, 2, 2)
    assert sorted(faults(care), key=str) == sorted(
        [
            (time, "differs from an earlier row of its id", (5,)),
            (key, "stands in an earlier row", (4,)),
        ],
        key=str,
    )


def test_what_programs_write_for_nothing_is_no_id(tmp_path: Path) -> None:
    nothing = ["", " ", "\u00a0", "NULL", "null", "N/A", "nan", "NaN", "#N/A", "<NA>", "\\N"]
    rows = "".join(f"{one},2026-01-05,\n" for one in nothing)
    care = taken(tmp_path / "data", {"customers": f"{HEAD}A1,2026-01-05,\n{rows}"})
    assert counts(care) == (1 + len(nothing), 1, len(nothing))
    assert [(column, reason) for column, reason, _ in faults(care)] == [("customer_id", "is empty")]


def test_a_company_may_write_nothing_in_ways_of_its_own(tmp_path: Path) -> None:
    text = f"{HEAD}A1,2026-01-05,?\n-,2026-01-05,Huế\nA2,2026-01-05,Không rõ\n"
    care = taken(tmp_path / "data", {"customers": text, "care": '[customers]\nempty = ["?", "-", "Không rõ"]\n'})
    assert used(care, "customers", "customer_id", "region") == [("A1", None), ("A2", None)]
    assert counts(care) == (3, 2, 1)


def test_people_who_are_called_like_nothing_keep_their_names(tmp_path: Path) -> None:
    names = ["Na", "Nan", "Null", "None", "Không", "na"]
    rows = "".join(f"{name},2026-01-05,\n" for name in names)
    assert used(taken(tmp_path / "data", {"customers": f"{HEAD}{rows}"}), "customers", "customer_id") == sorted(names)


def test_leading_zeros_are_part_of_an_id(tmp_path: Path) -> None:
    care = taken(tmp_path / "data", {"customers": f"{HEAD}007,2026-01-05,\n7,2026-01-05,\n0912345678,2026-01-05,\n"})
    assert used(care, "customers", "customer_id") == ["007", "0912345678", "7"]


def test_an_id_that_went_through_a_spreadsheet_is_the_same_id(tmp_path: Path) -> None:
    files = {"customers": f"{HEAD}12,2026-01-05,\n", "contacts": f"{CONTACTS}C1,12.0,2026-02-01\nC2,12,2026-02-02\n"}
    assert used(taken(tmp_path / "csv", files), "contacts", "customer_id") == ["12", "12"]
    folder = put(tmp_path / "parquet", {"customers": f"{HEAD}12,2026-01-05,\n"})
    floats = pa.table({"contact_id": [1.0, 2.0], "customer_id": [12.0, None], "opened_at": ["2026-02-01"] * 2})
    pa.parquet.write_table(floats, folder / "contacts.parquet")
    assert used(taken(folder, {}), "contacts", "customer_id") == ["12", None]


def test_an_id_that_a_spreadsheet_made_a_power_of_ten_is_nobody(tmp_path: Path) -> None:
    text = f"{HEAD}A1,2026-01-05,\n1.23E+11,2026-01-05,\n1.23E+11,2026-01-06,\n#REF!,2026-01-07,\n"
    care = taken(tmp_path / "data", {"customers": text})
    assert counts(care) == (4, 1, 3)
    assert {column for column, *_ in faults(care)} == {"customer_id"}


def test_events_of_customers_whom_nobody_knows_are_kept_and_warned_of(tmp_path: Path) -> None:
    known = "".join(f"A{n},2026-01-05,\n" for n in range(5))
    events = "".join(f"C{n},{'A' if n < 4 else 'B'}{n % 5},2026-02-01\n" for n in range(10))
    care = taken(tmp_path / "data", {"customers": HEAD + known, "contacts": CONTACTS + events})
    assert counts(care, "contacts") == (10, 10, 0)
    assert 6 in [rows for _, rows in findings(care, "contacts", "customer_id")]


def test_ids_written_differently_are_matched_only_by_the_rule_that_is_stated(tmp_path: Path) -> None:
    files = {
        "customers": f"{HEAD}C00001925,2026-01-05,\n",
        "contacts": f"{CONTACTS}C1,1925,2026-02-01\nC2,KH-1925,2026-02-02\n",
    }
    assert set(used(taken(tmp_path / "exact", files), "contacts", "customer_id")) == {"1925", "KH-1925"}
    care = taken(tmp_path / "digits", files | {"care": 'match_ids = "digits"\n'})
    assert used(care, "contacts", "customer_id") == ["C00001925", "C00001925"]


def test_two_customers_with_the_same_digits_are_not_made_one(tmp_path: Path) -> None:
    files = {"customers": f"{HEAD}A-12,2026-01-05,\nB-012,2026-01-05,\n", "care": 'match_ids = "digits"\n'}
    assert "match_ids" in refused(tmp_path / "data", files)


def test_ids_that_differ_in_capitals_only_are_told(tmp_path: Path) -> None:
    rows = "".join(f"{'a' if n % 2 else 'A'}{n // 2},2026-01-05,\n" for n in range(10))
    care = taken(tmp_path / "data", {"customers": HEAD + rows})
    assert counts(care) == (10, 10, 0)
    assert findings(care, "customers", "customer_id")
