"""A reply or solution before the opening is emptied: the contact stays, and only its times are left out."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from companies import table

import carestudy as cs
from carestudy import kpi
from carestudy.care import UNTIMED

OPENED = "2026-10-05 10:00"
GOOD = [(OPENED, "2026-10-05 11:00", "2026-10-05 12:00")] * 4
BEFORE = "lies before opened_at: left empty"


def load(*rows: tuple[Any, ...], columns: str = "", **given: Any) -> Any:
    frame = table(f"opened_at first_reply_at resolved_at {columns}", *rows)
    return cs.load({"contacts": frame.assign(topic="giao hàng", customer_id="A")}, as_of="2026-10-31", **given)


@pytest.mark.parametrize(("bad", "reason", "of"), [
    ("2026-10-05 09:59", BEFORE, 4),
    ("1900-01-01", "lies before the year 1901: left empty", 5),
    ("chưa có", "is no time: left empty", 5),
])  # fmt: skip
def test_a_reply_before_the_question_has_come_and_one_that_says_no_moment_may_not(
    bad: str, reason: str, of: int
) -> None:
    care = load(*GOOD, (OPENED, bad, "2026-10-05 14:00"))
    assert (care.counts[0].used, care.counts[0].set_aside) == (5, 0)
    assert care.faults[["column", "reason", "rows", "set_aside"]].to_numpy().tolist() == [
        ["first_reply_at", reason, 1, False]
    ]
    replied = kpi.first_response_time(care).iloc[0]
    assert (replied["value"], replied["numerator"], replied["denominator"]) == (1, 4, of)
    assert kpi.resolution_time(care)["denominator"].item() == 5
    level = kpi.service_level(care, within=4).iloc[0]
    assert (level["numerator"], level["denominator"]) == (4, of)


def test_a_bad_solution_is_a_solution_all_the_same() -> None:
    care = load(*GOOD, (OPENED, None, "2026-10-05 09:00"), (OPENED, None, None))
    solved = kpi.resolution_time(care).iloc[0]
    assert (solved["numerator"], solved["denominator"]) == (4, 5)
    assert kpi.backlog(care, period="2026-10", every="month")["value"].item() == 1


def test_good_times_leave_no_mark() -> None:
    columns = load(*GOOD).tables["contacts"].columns
    assert not [column for column in columns if column.startswith(UNTIMED)]
    marked = load(*GOOD, (OPENED, "2026-10-05 09:00", None)).tables["contacts"].columns
    assert [column for column in marked if column.startswith(UNTIMED)] == [f"{UNTIMED}first_reply_at"]


def test_a_negative_length_is_a_bad_time() -> None:
    frame = pd.DataFrame({"opened_at": [OPENED] * 3, "Chờ": [5.0, -3.0, 7.0]})
    import tempfile
    from pathlib import Path

    with tempfile.TemporaryDirectory() as name:
        frame.to_csv(Path(name, "t.csv"), index=False)
        entry = '{ after = "opened_at", column = "Chờ", unit = "minutes" }'
        Path(name, "care.toml").write_text(
            f'[contacts]\nsource = "t.csv"\ncolumns = {{ first_reply_at = {entry} }}\n', "utf-8"
        )
        care = cs.load(name, as_of="2026-10-31")
    assert care.faults["reason"].tolist() == [BEFORE]
    assert kpi.first_response_time(care)["n"].item() == 2
