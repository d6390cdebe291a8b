"""Several files of one table are one table; what overlapping files have in common counts once."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from folders import counts, faults, folder, rows

from carestudy.contract import CareError
from carestudy.load import load, set_aside


def write(path: Path, **files: str) -> Path:
    folder(path)
    for name, text in files.items():
        (path / name.replace("__", ".")).write_text(text)
    return path


def test_a_pattern_joins_files_2_before_10(tmp_path: Path) -> None:
    files = {f"gd_{n}__csv": f"transaction_id,amount\nT{n},{n}\n" for n in (1, 2, 10)}
    write(tmp_path, care__toml='[transactions]\nsource = "gd_*.csv"', other__csv="x\n1\n", **files)
    care = load(tmp_path)
    assert sorted(rows(care, "transactions", "amount")) == [1, 2, 10]
    assert care.counts[0].source == "gd_1.csv … gd_10.csv (3 files)"


def test_a_list_joins_files_of_different_kinds_and_columns(tmp_path: Path) -> None:
    write(
        tmp_path,
        care__toml='[responses]\nsource = ["a.csv", "b.parquet"]',
        a__csv="response_id,score,x\n1,9,u\n2,z,v\n",
    )
    pd.DataFrame({"response_id": [3.0, 4.0], "score": [8.5, 7.0]}).to_parquet(tmp_path / "b.parquet")
    care = load(tmp_path)
    assert sorted(rows(care, "responses", "response_id", "score", "x")) == [
        ("1", 9.0, "u"), ("3", 8.5, None), ("4", 7.0, None),
    ]  # fmt: skip
    assert faults(care)[0][2:4] == (1, ("a.csv: 3",))
    assert set_aside(care)[["source", "line"]].to_numpy().tolist() == [["a.csv", 3]]


def test_of_a_key_in_two_files_the_later_file_counts(tmp_path: Path) -> None:
    may = "contact_id,opened_at,resolved_at\n1,2026-05-30,\n2,2026-05-31,2026-05-31\n"
    june = "contact_id,opened_at,resolved_at\n1,2026-05-30,2026-06-02\n3,2026-06-03,\n"
    care = load(write(tmp_path, care__toml='[contacts]\nsource = "t*.csv"', t5__csv=may, t6__csv=june))
    found = {
        key: None if at is None else f"{at:%d.%m}" for key, at in rows(care, "contacts", "contact_id", "resolved_at")
    }
    assert found == {"1": "02.06", "2": "31.05", "3": None}
    assert counts(care, "contacts") == (4, 3, 1)
    assert faults(care)[0][:4] == ("contact_id", "stands in a later file as well", 1, ("t5.csv: 2",))
    assert set_aside(care)[["source", "line"]].to_numpy().tolist() == [["t5.csv", 2]]


@pytest.mark.parametrize(
    ("columns", "of_may", "of_june"),
    [(["contact_id", "topic"], {}, {}),
     (["topic", "contact_id"], {}, {}),
     (["contact_id", "topic"], {"shop": "A"}, {}),
     (["contact_id", "topic"], {"file_index": 7}, {"file_index": 7})],
    ids=["alike", "in another order", "one has more", "called as the engine calls its own"],
)  # fmt: skip
def test_rows_of_months_in_parquet_are_told_by_file_and_row(
    tmp_path: Path, columns: list[str], of_may: dict[str, object], of_june: dict[str, object]
) -> None:
    may = pd.DataFrame({"contact_id": ["1", "2", "3"], "topic": ["a", "b", "c"]}).assign(**of_may)
    june = pd.DataFrame({"contact_id": ["4", "3", "4"], "topic": ["d", "e", "f"]})
    may.to_parquet(tmp_path / "t's 5.parquet")
    june[columns].assign(**of_june).to_parquet(tmp_path / "t's 6.parquet")
    care = load(write(tmp_path, care__toml='[contacts]\nsource = "t*.parquet"'))
    assert sorted(rows(care, "contacts", "contact_id", "topic")) == [("1", "a"), ("2", "b"), ("3", "e"), ("4", "d")]
    assert set_aside(care)[["source", "line", "reason"]].to_numpy().tolist() == [
        ["t's 6.parquet", 3, "differs from an earlier row of its id"],
        ["t's 5.parquet", 3, "stands in a later file as well"],
    ]


def test_rows_without_a_key_that_overlapping_files_have_in_common_count_once(tmp_path: Path) -> None:
    # Two equal purchases of one file are two purchases, and stand in the next export again.
    first = "customer_id,occurred_at,amount\nA,2026-10-01,5\nA,2026-10-01,5\nB,2026-10-01,7\n"
    second = "customer_id,occurred_at,amount\nA,2026-10-01,5\nA,2026-10-01,5\nA,2026-10-01,5\nB,2026-10-02,7\n"
    care = load(write(tmp_path, care__toml='[transactions]\nsource = "d*.csv"', d1__csv=first, d2__csv=second))
    assert sorted(rows(care, "transactions", "customer_id", "amount")) == [("A", 5)] * 3 + [("B", 7)] * 2
    assert counts(care, "transactions") == (7, 5, 2)
    assert faults(care)[0][:2] == ("", "stands in a later file as well")


def test_one_file_may_hold_equal_rows_without_a_key(tmp_path: Path) -> None:
    care = load(folder(tmp_path, transactions="customer_id,amount\nA,5\nA,5\n"))
    assert counts(care, "transactions") == (2, 2, 0)


def test_a_customer_in_two_months_files_is_one_as_the_later_file_has_it(tmp_path: Path) -> None:
    may = "customer_id,joined_on,left_on\n1,2020-01-01,\n2,2021-01-01,\n"
    june = "customer_id,joined_on,left_on\n1,2020-01-01,2026-06-05\n2,2021-01-01,\n3,2026-06-01,\n"
    care = load(write(tmp_path, care__toml='[customers]\nsource = ["m5.csv", "m6.csv"]', m5__csv=may, m6__csv=june))
    found = dict(rows(care, "customers", "customer_id", "left_on"))
    assert {key: str(left) for key, left in found.items()} == {"1": "2026-06-05", "2": "None", "3": "None"}
    assert counts(care, "customers") == (5, 3, 2)


def test_sheets_of_a_workbook_are_parts(tmp_path: Path) -> None:
    with pd.ExcelWriter(tmp_path / "gd.xlsx") as book:
        pd.DataFrame({"Bìa": []}).to_excel(book, sheet_name="Bìa", index=False)
        for month, ids in (("T9", ["01", "02"]), ("T10", ["02", "03"])):
            pd.DataFrame({"transaction_id": ids, "amount": [5, 5.5]}).to_excel(book, sheet_name=month, index=False)
    with pytest.raises(
        CareError, match=r'gd.xlsx has sheets "T9", "T10": say which in .*\[transactions\] sheet = "T9"'
    ):
        load(folder(tmp_path, care='[transactions]\nsource = "gd.xlsx"'))
    care = load(folder(tmp_path, care='[transactions]\nsource = "gd.xlsx"\nsheet = ["T9", "T10"]'), currency="USD")
    assert sorted(rows(care, "transactions", "transaction_id", "amount")) == [("01", 500), ("02", 500), ("03", 550)]
    assert set_aside(care)[["source", "line"]].to_numpy().tolist() == [["gd.xlsx, sheet T9", 3]]
    with pytest.raises(CareError, match="sheet: 'T8' is not known; it has T9, T10"):
        load(folder(tmp_path, care='[transactions]\nsource = "gd.xlsx"\nsheet = "T8"'))


def test_the_only_sheet_and_the_one_named_like_the_table_need_no_name(tmp_path: Path) -> None:
    with pd.ExcelWriter(tmp_path / "all.xlsx") as book:
        pd.DataFrame({"agent": ["Lan"], "team": ["A"]}).to_excel(book, sheet_name="Staff", index=False)
        pd.DataFrame({"response_id": [1], "score": [9]}).to_excel(book, sheet_name="responses", index=False)
    both = '[staff]\nsource = "all.xlsx"\n[responses]\nsource = "all.xlsx"'
    care = load(folder(tmp_path, care=both))
    assert rows(care, "staff", "team") == ["A"]
    assert rows(care, "responses", "response_id", "score") == [("1", 9.0)]
    pd.DataFrame({"agent": ["Minh"], "team": ["B"]}).to_excel(tmp_path / "staff.xlsx", index=False)
    assert rows(load(folder(tmp_path, care="")), "staff", "agent") == ["Minh"]


def test_who_left_and_came_back_by_the_later_file_has_two_stays(tmp_path: Path) -> None:
    may = "customer_id,joined_on,left_on\n1,2020-01-01,\n"
    june = "customer_id,joined_on,left_on\n1,2020-01-01,2026-06-05\n1,2026-06-20,\n"
    care = load(write(tmp_path, care__toml='[customers]\nsource = ["m5.csv", "m6.csv"]', m5__csv=may, m6__csv=june))
    assert sorted(str(left) for left in rows(care, "customers", "left_on")) == ["2026-06-05", "None"]
    assert (counts(care, "customers"), care.several_spells) == ((3, 2, 1), True)
