"""Cells that a spreadsheet changed: long ids, percent signs, phones, exchanged days and months."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from folders import counts, faults, folder, rows

import carestudy as cs
from carestudy.contract import CareError
from carestudy.load import load
from carestudy.targets import read_goals

IDS = [24680135791357900 + number for number in range(1, 21)]
SPOILT = "was spoilt by a spreadsheet: export it as text"


def _sheet(path: Path, ids: list[str]) -> Path:
    """A workbook of contacts whose ids of customers are number cells written so."""
    book = openpyxl.Workbook()
    book.active.append(["contact_id", "customer_id", "opened_at"])
    for number in range(len(ids)):
        book.active.append([number + 1, 1000 + number, "2026-10-01"])
    whole = io.BytesIO()
    book.save(whole)
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name.endswith("sheet1.xml"):
                for number, written in enumerate(ids):
                    content = content.replace(f"<v>{1000 + number}</v>".encode(), f"<v>{written}</v>".encode())
            new.writestr(name, content)
    return path


def test_long_ids_of_which_the_file_has_all_digits_are_read_in_full(tmp_path: Path) -> None:
    _sheet(tmp_path / "contacts.xlsx", list(map(str, IDS)))
    assert sorted(rows(load(tmp_path), "contacts", "customer_id")) == list(map(str, IDS))


@pytest.mark.parametrize(
    "written",
    [
        lambda one: f"{float(one):.15g}",  # as openpyxl and others write it
        lambda one: str(int(float(one))),  # digits of a number that was rounded before
        lambda one: f"{one // 1000}000",  # a spreadsheet keeps 15 digits
    ],
)
def test_long_ids_whose_last_digits_are_lost_are_excluded_and_never_joined(tmp_path: Path, written: Any) -> None:
    _sheet(tmp_path / "contacts.xlsx", [*map(written, IDS), "12345"])
    care = load(tmp_path)
    assert rows(care, "contacts", "customer_id") == ["12345"]
    assert [row[:3] for row in faults(care)] == [("customer_id", SPOILT, 20)]


@pytest.mark.parametrize(
    "cell", ["24680135791357901.0", "2.46801357913579e+16", "2.46801357913579E+16", "5.789123456789012E17"]
)
def test_a_csv_that_went_through_floating_point_numbers_has_lost_them_as_well(tmp_path: Path, cell: str) -> None:
    text = f"transaction_id,customer_id,occurred_at,amount\nT1,{cell},2026-10-01,5\nT2,123.0,2026-10-01,5\n"
    care = load(folder(tmp_path, transactions=text))
    assert rows(care, "transactions", "customer_id") == ["123"]
    assert faults(care) == [("customer_id", SPOILT, 1, (2,), True)]


def test_long_ids_of_frames_are_lost_as_floats_and_whole_as_integers_and_text() -> None:
    sold = pd.DataFrame({"transaction_id": ["a", "b"], "occurred_at": "2026-10-01", "customer_id": IDS[:2]})
    for kind in ("int64", "str"):
        care = load({"transactions": sold.astype({"customer_id": kind})})
        assert rows(care, "transactions", "customer_id") == list(map(str, IDS[:2]))
    with pytest.raises(CareError, match=SPOILT):
        load({"transactions": sold.astype({"customer_id": "float64"})})
    short = sold.assign(customer_id=[9007199254740991.0, 4111111111111111.0])
    assert rows(load({"transactions": short}), "transactions", "customer_id") == [
        "9007199254740991",
        "4111111111111111",
    ]


def test_long_ids_of_parquet_are_excluded_where_they_are_floats(tmp_path: Path) -> None:
    sold = pd.DataFrame({"transaction_id": ["a", "b"], "occurred_at": "2026-10-01", "customer_id": [2.5e17, 7.0]})
    sold.to_parquet(tmp_path / "transactions.parquet")
    assert counts(load(tmp_path), "transactions") == (2, 1, 1)


@pytest.mark.parametrize(
    ("cell", "value"),
    [("85%", 0.85), ("85 %", 0.85), ("0.5%", 0.005), ("100％", 1.0), ("-5%", -0.05), ("0.85", 0.85)],
)
def test_a_percent_sign_means_hundredths(tmp_path: Path, cell: str, value: float) -> None:
    care = load(folder(tmp_path, goals=f"kpi,period,target,weight\ncsat,2026-10,{cell},1\n"))
    assert rows(care, "goals", "target") == [value]


def test_a_percent_sign_follows_the_form_that_is_stated(tmp_path: Path) -> None:
    toml = '[goals]\nnumbers = "1.234,5"\n'
    care = load(folder(tmp_path, goals='kpi,period,target\ncsat,2026-10,"82,5%"\nces,2026-10,%\n', care=toml))
    assert rows(care, "goals", "target") == [0.825]


@pytest.mark.parametrize(
    ("kpi", "target", "meant", "restated"),
    [
        ("csat", "85%", 0.85, False), ("csat", "85", 0.85, True), ("retention_rate", "1", 1.0, False),
        ("gross_churn_rate", "2.5", 0.025, True), ("nps", "50%", 50, True), ("nps", "50", 50, False),
        ("nps", "-20%", -20, True), ("nps", "0", 0, False), ("customers", "85", 85, False),
        ("first_response_time", "4", 4, False), ("csat", "8500", 8500, False),
    ],
)  # fmt: skip
def test_a_target_is_in_the_unit_of_its_figure(kpi: str, target: str, meant: float, restated: bool) -> None:  # noqa: FBT001
    care = load({"goals": pd.DataFrame({"kpi": [kpi], "target": [target], "period": ["2026-10"]})})
    (goal,) = read_goals(care)
    assert (goal.target, goal.restated) == (pytest.approx(meant), restated)
    found = cs.quality(care).query("check == 'other unit'")
    assert found["level"].tolist() == ["notice" if restated else "fine"]


FORMS = ["0912345678", "912345678", "+84912345678", "84 912 345 678", "0912.345.678", "84-912-345-678", "(0)912345678",
         "0084912345678", "+84 (0)912 345 678"]  # fmt: skip


def _orders(ids: list[str]) -> pd.DataFrame:
    keys = [f"T{number}" for number in range(len(ids))]
    return pd.DataFrame({"transaction_id": keys, "customer_id": ids, "occurred_at": "2026-10-01", "amount": 1})


def test_one_phone_in_many_forms_is_one_customer_where_care_toml_says_so() -> None:
    others = ["0843456789", "843456789", "02438123456", "84 24 3812 3456", "+1 415 555 0123", "KH0912345678", "12345"]
    care = load({"transactions": _orders([*FORMS, *others])}, match_ids="phone")
    assert sorted(set(rows(care, "transactions", "customer_id"))) == [
        "+14155550123", "02438123456", "0843456789", "0912345678", "12345", "KH0912345678",
    ]  # fmt: skip
    assert "phones" not in set(cs.quality(care)["check"])


def test_phones_are_matched_to_the_customers_as_their_table_writes_them() -> None:
    people = pd.DataFrame({"customer_id": ["+84912345678", "0912345679"], "joined_on": "2026-01-01"})
    care = load({"customers": people, "transactions": _orders(FORMS)}, match_ids="phone")
    assert set(rows(care, "transactions", "customer_id")) == {"+84912345678"}
    twice = people.assign(customer_id=["+84912345678", "0912345678"])
    with pytest.raises(CareError, match="1 customers have the phone of another customer in another form"):
        load({"customers": twice}, match_ids="phone")


def test_phones_in_several_forms_are_a_warning_and_ids_that_are_none_are_not() -> None:
    found = cs.quality(load({"transactions": _orders(FORMS)})).query("check == 'phones'")
    assert found[["rows", "of", "level"]].to_numpy().tolist() == [[8, 9, "warning"]]
    for ids in (
        ["0912345678", "0912345679"],
        ["000123456789012", "123456789012"],
        ["KH1", "1"],
        ["1234567", "01234567"],
    ):
        found = cs.quality(load({"transactions": _orders(ids)})).query("check == 'phones'")
        assert found["level"].tolist() in ([], ["fine"]), ids


def _days(swapped: bool) -> list[str]:  # noqa: FBT001
    days = pd.date_range("2026-08-01", "2026-10-31", freq="2D")
    return [f"{one:%Y-%d-%m}" if swapped and one.day <= 12 else f"{one:%d/%m/%Y}" for one in days]


def _sales(days: list[str], forms: str) -> dict[str, str]:
    lines = [f"T{number},{day},5" for number, day in enumerate(days)]
    return {
        "transactions": "\n".join(["transaction_id,occurred_at,amount", *lines, ""]),
        "care": f"[transactions]\ndates = {forms}\n",
    }


def test_exchanged_days_and_months_are_a_warning_until_care_toml_exchanges_them_back(tmp_path: Path) -> None:
    care = load(folder(tmp_path / "a", **_sales(_days(swapped=True), '"%d/%m/%Y"')))
    (found,) = cs.quality(care).query("check == 'exchanged'").to_dict("records")
    assert (found["rows"], found["of"], found["level"]) == (18, 46, "warning")
    care = load(folder(tmp_path / "b", **_sales(_days(swapped=True), '["%d/%m/%Y", "swapped"]')))
    assert "exchanged" not in set(cs.quality(care)["check"])
    right = load(folder(tmp_path / "c", **_sales(_days(swapped=False), '"%d/%m/%Y"')))
    assert "exchanged" not in set(cs.quality(right)["check"])
    assert sorted(rows(care, "transactions", "occurred_at")) == sorted(rows(right, "transactions", "occurred_at"))


def test_typed_days_are_exchanged_back_where_they_can_be(tmp_path: Path) -> None:
    days = pd.to_datetime(["2026-05-11 08:30", "2026-05-13 09:00"])
    pd.DataFrame({"transaction_id": ["a", "b"], "occurred_at": days}).to_parquet(tmp_path / "transactions.parquet")
    (tmp_path / "care.toml").write_text('[transactions]\ndates = "swapped"\n')
    found = map(str, rows(load(tmp_path), "transactions", "occurred_at"))
    assert sorted(found) == ["2026-05-13 09:00:00", "2026-11-05 08:30:00"]


def test_a_workbook_with_typed_and_written_days_is_told(tmp_path: Path) -> None:
    sold = [(f"T{n}", day, 5) for n, day in enumerate(_days(swapped=True))]
    book = openpyxl.Workbook()
    book.active.append(["transaction_id", "occurred_at", "amount"])
    for key, day, amount in sold:
        book.active.append([key, pd.Timestamp(day).to_pydatetime() if day[4] == "-" else day, amount])
    book.save(tmp_path / "transactions.xlsx")
    (tmp_path / "care.toml").write_text('[transactions]\ndates = "%d/%m/%Y"\n')
    assert cs.quality(load(tmp_path)).query("check == 'exchanged'")["rows"].tolist() == [18]
    (tmp_path / "care.toml").write_text('[transactions]\ndates = ["%d/%m/%Y", "swapped"]\n')
    found = pd.Series(rows(load(tmp_path), "transactions", "occurred_at"))
    assert found.dt.month.value_counts().sort_index().to_dict() == {8: 16, 9: 15, 10: 15}
