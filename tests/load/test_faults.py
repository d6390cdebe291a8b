"""What was set aside can be found again, and nothing of it can be read elsewhere."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from folders import faults, folder

from carestudy.load import load, set_aside

TEXT = """response_id,question,score,comment
R1,nps,9,
R2,nps,0912345678,"hai
dòng"
R1,nps,8,
,nps,9,Nguyễn Văn Bí Mật
R5,nps
R6,nps,12,
"""


def test_every_row_set_aside_is_listed_by_line_and_reason(tmp_path: Path) -> None:
    found = set_aside(load(folder(tmp_path, responses=TEXT, staff="agent,from\nLan,x\nMinh,2026-01-01\n")))
    off = "is no whole number from 0 to 10, the scale of nps"
    assert set(found["source"]) == {"responses.csv", "staff.csv"}
    assert found.drop(columns="source").to_numpy().tolist() == [
        ["responses", 3, "score", off],
        ["responses", 5, "score", "differs from an earlier row of its id"],
        ["responses", 6, "response_id", "is empty"],
        ["responses", 7, "", "has another number of cells than the header"],
        ["responses", 8, "score", off],
        ["staff", 2, "from", "is no date (write 2026-10-31, or state the form in care.toml: dates)"],
    ]


def test_nothing_set_aside_is_a_list_without_rows() -> None:
    care = load({"responses": pd.DataFrame({"score": [9]})})
    assert set_aside(care).empty
    assert list(set_aside(care).columns) == ["table", "source", "line", "column", "reason"]
    assert list(care.faults.columns) == ["table", "column", "reason", "rows", "examples", "set_aside"]


def test_no_fault_repeats_what_was_written(tmp_path: Path) -> None:
    care = load(folder(tmp_path, responses=TEXT))
    told = f"{care!r}{faults(care)}{set_aside(care).to_csv()}"
    assert not [secret for secret in ("0912345678", "Bí Mật", "dòng", "R2") if secret in told]


def test_a_thousand_faults_are_told_by_a_few_examples() -> None:
    scores = pd.DataFrame({"question": "nps", "score": [11] * 1000 + [9]})
    care = load({"responses": scores})
    assert [fault[2:4] for fault in faults(care)] == [(1000, (1, 2, 3, 4, 5))]
    assert len(set_aside(care)) == 1000


def test_faults_stand_in_one_order() -> None:
    table = pd.DataFrame(
        {"transaction_id": list("ABCDE"), "amount": ["x", "1", "1", "1", "1"], "returned": ["n", "x", "?", "n", "n"]}
    )
    for seed in range(3):
        care = load({"transactions": table.sample(frac=1, random_state=seed)})
        assert [fault[:3] for fault in faults(care)] == [
            ("amount", "is no amount (write 1234.5, or state the form in care.toml: numbers)", 1),
            ("returned", "is neither yes nor no", 1),
        ]


def test_the_company_prints_what_was_done() -> None:
    people = pd.DataFrame(
        {"customer_id": ["A", "A", "B"], "joined_on": "2026-01-01", "left_on": [None, None, "9999-12-31"]}
    )
    assert repr(load({"customers": people}, company="Công ty")) == (
        "Công ty: known up to 2026-01-02T00:00:00+07:00\n"
        "  customers: 2 of 3 rows used, 2026-01-01 to 2026-01-01\n"
        "    set aside 1: customer_id is of a customer of an earlier row, and no mapped column differs: counted once\n"
        "    mended 1: left_on lies after the year 2199: read as not over yet"
    )
