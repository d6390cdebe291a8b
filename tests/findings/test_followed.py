"""Findings are followed from report to report, and what the company wrote about them is told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from carestudy.report.followed import ACTIONS, actions, followed
from carestudy.report.order import Order


def finding(key: str, *, better: bool = False) -> dict[str, Any]:
    return {
        "key": key,
        "better": better,
        "headline": {"vi": f"vi {key}", "en": f"en {key}"},
        "play": {"vi": "làm", "en": "act", "audience": ""},
        "owner": "An",
        "due": "2026-10-31",
    }


def write(out: Path, period: str, *findings: dict[str, Any]) -> Path:
    folder = out / period
    folder.mkdir(parents=True)
    report = {"notebook": "care_report", "parameters": {"period": period}, "figures": [], "findings": list(findings)}
    file = folder / "care_report.figures.json"
    file.write_text(json.dumps(report), encoding="utf-8")
    return file


def order(out: Path, period: str) -> Order:
    return Order(Path("care_report.ipynb"), "data", period, ("vi",), out, None)


def test_a_finding_that_stands_in_three_reports_is_told_as_the_third(tmp_path: Path) -> None:
    write(tmp_path, "2026-08", finding("loss"), finding("chat"))
    write(tmp_path, "2026-09", finding("loss"), finding("new"))
    rows = followed(order(tmp_path, "2026-10"), [finding("loss")])
    assert [(row["headline"]["en"], row["stands"], row["reports"]) for row in rows] == [
        ("en loss", True, 3),
        ("en new", False, 2),
    ]


def test_a_gap_between_reports_ends_the_count(tmp_path: Path) -> None:
    write(tmp_path, "2026-07", finding("loss"))
    assert followed(order(tmp_path, "2026-10"), [finding("loss")]) == []


def test_what_got_better_is_no_work_to_be_asked_after(tmp_path: Path) -> None:
    write(tmp_path, "2026-09", finding("reply", better=True))
    assert followed(order(tmp_path, "2026-10"), []) == []


@pytest.mark.parametrize("separator", [",", ";"])
def test_what_the_company_wrote_stays_and_is_told(tmp_path: Path, separator: str) -> None:
    file = write(tmp_path, "2026-09", finding("loss"))
    listed = actions(tmp_path, [file], "en")
    assert listed is not None
    head, row = listed.decode("utf-8-sig").splitlines()
    assert row == "2026-09,care_report,en loss,act,An,2026-10-31,loss,"
    text = f"{head}\n{row}called all of them\n".replace(",", separator)
    (tmp_path / ACTIONS).write_text(text, encoding="utf-8-sig")
    assert followed(order(tmp_path, "2026-10"), [])[0]["done"] == "called all of them"
    again = actions(tmp_path, [file], "en")
    assert again is not None
    assert "called all of them" in again.decode("utf-8-sig")


def test_a_cell_is_no_formula_of_a_spreadsheet(tmp_path: Path) -> None:
    file = write(tmp_path, "2026-09", finding("=1+1"))
    listed = actions(tmp_path, [file], "vi")
    assert listed is not None
    assert "'=1+1" in listed.decode("utf-8-sig")
