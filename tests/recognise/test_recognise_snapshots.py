"""Customers as they were on one day, with no day of coming or leaving: what stands for these waits for that day."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from export_folders import Rows, day, mapping, pick, save, table

from carestudy.recognise import propose
from carestudy.recognise.mapped import Mapped

KEY: dict[str, Any] = {"Customer ID": lambda n: f"{1000 + n * 7}-XQ", "Gender": "Male"}


def customers(folder: Path, **more: Any) -> dict[str, Mapped]:
    """The columns of customers that are proposed."""
    rows: Rows = table({**KEY, **more})
    return dict(propose(save(folder, {"customers.csv": rows})).matches["customers"].columns)


@pytest.mark.parametrize(
    ("header", "unit"),
    [("Tenure in Months", "months"), ("tenure", "months"), ("Tenure (years)", "years"), ("Thâm niên (tháng)", "months"),
     ("Tenure days", "days")],
)  # fmt: skip
def test_a_tenure_tells_since_when_once_the_day_of_the_export_is_said(header: str, unit: str, tmp_path: Path) -> None:
    found = customers(tmp_path, **{header: lambda n: n % 70})["joined_on"]
    assert found.entry == {"before": "YYYY-MM-DD", "column": header, "unit": unit}
    assert found.sure == "guess"


@pytest.mark.parametrize(
    ("header", "gone", "stays"),
    [("Customer Status", "Churned", "Stayed"), ("Churn", "Yes", "No"), ("Churn Value", "1", "0"),
     ("Trạng thái", "Đã rời", "Đang sử dụng"), ("Attrition_Flag", "Attrited Customer", "Existing Customer")],
)  # fmt: skip
def test_who_had_left_is_asked_for_with_the_day(header: str, gone: str, stays: str, tmp_path: Path) -> None:
    found = customers(tmp_path, **{header: lambda n: pick(n, gone, stays, stays)})["left_on"]
    assert found.entry == {"value": "YYYY-MM-DD", "where": {header: [gone]}}
    assert found.sure == "guess"


def test_a_file_with_days_needs_no_snapshot(tmp_path: Path) -> None:
    found = customers(tmp_path, **{"Signup date": day, "Tenure": lambda n: n, "Churn": lambda n: pick(n, "Yes", "No")})
    assert (found["joined_on"].entry, "left_on" in found) == (None, False)


def test_words_that_nobody_knows_tell_of_no_leaving(tmp_path: Path) -> None:
    assert "left_on" not in customers(tmp_path, **{"Churn Category": lambda n: pick(n, "Price", "Yes", "Other")})


def test_the_last_day_of_other_files_is_proposed(tmp_path: Path) -> None:
    people = table({**KEY, "Tenure": lambda n: n % 70})
    sold = table({"Order ID": lambda n: n, "Order date": lambda n: day(n, "%Y-%m-%d"), "Total": 500,
                  "Customer ID": lambda n: f"{1000 + n * 7}-XQ"})  # fmt: skip
    proposal = propose(save(tmp_path, {"customers.csv": people, "orders.csv": sold}))
    assert mapping(proposal)["transactions"]["occurred_at"] == "Order date"
    assert proposal.last is not None
    assert proposal.matches["customers"].columns["joined_on"].entry["before"] == proposal.last.isoformat()
