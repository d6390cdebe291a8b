"""Data that do not reach where a figure looks: said before anything is computed, or warned of."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from exports import findings, put, taken
from tiny import showing, tiny_notebook

from carestudy import kpi
from carestudy.__main__ import main

HEAD = "contact_id,opened_at\n"
FIRST = date(2026, 1, 1)


def _contacts(days: list[int]) -> str:
    rows = [f"C{n}-{again},{FIRST + timedelta(days=n)}\n" for n in days for again in range(3)]
    return HEAD + "".join(rows)


@pytest.mark.parametrize(
    ("period", "code", "reason"),
    [
        ("2027-01", 4, "the data do not reach 2027-01"),
        ("2019-Q3", 6, "the data have no row in 2019-Q3"),
        ("tháng 1", 1, "is no period"),
    ],
)
def test_a_period_without_data_is_one_line_and_no_report(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], period: str, code: int, reason: str
) -> None:
    data = put(tmp_path / "data", {"contacts": _contacts(list(range(60)))})
    book = tiny_notebook(tmp_path / "care.ipynb", showing())
    assert main(["report", str(book), "--data", str(data), "--period", period, "--out", str(tmp_path / "out")]) == code
    said = capsys.readouterr().err
    assert reason in said
    assert said.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_a_figure_of_a_period_without_rows_is_none_and_not_zero(tmp_path: Path) -> None:
    text = "response_id,answered_at,question,score\nR1,2026-01-05,nps,9\nR2,2026-03-05,nps,9\n"
    frame = kpi.nps(taken(tmp_path / "data", {"responses": text}), period="2026-02")
    assert frame["n"].tolist() == [0]
    assert frame["value"].isna().tolist() == [True]


def test_days_without_any_event_are_warned_of(tmp_path: Path) -> None:
    care = taken(tmp_path / "data", {"contacts": _contacts([n for n in range(90) if not 40 <= n < 55])})
    assert findings(care, "contacts", "opened_at")


def test_a_table_that_stopped_long_before_the_others_is_warned_of(tmp_path: Path) -> None:
    sales = "transaction_id,occurred_at\n" + "".join(f"T{n},{FIRST + timedelta(days=n)}\n" for n in range(90))
    care = taken(tmp_path / "data", {"contacts": _contacts(list(range(40))), "transactions": sales})
    assert findings(care, "contacts", "opened_at")
    assert findings(care, "transactions", "occurred_at") == []


def test_data_that_come_every_day_are_not_warned_of(tmp_path: Path) -> None:
    care = taken(tmp_path / "data", {"contacts": _contacts(list(range(90)))})
    assert findings(care, "contacts", "opened_at") == []
