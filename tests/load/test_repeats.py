"""What stands in several rows is counted once; who comes back, and who changes teams, is followed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from folders import counts, faults, folder, rows

from carestudy import kpi
from carestudy.load import load
from carestudy.quality import quality
from carestudy.quality.alarms import alarms
from carestudy.show import quality as show_quality
from carestudy.show.words import Reader

AGAIN, NOT_OVER = "stands in an earlier row", "stands in an earlier row whose stay is not over"
DIFFERS = "differs from an earlier row of its id"
AGREES = "is of a customer of an earlier row, and no mapped column differs: counted once"
SAME_START = "stands in an earlier row that starts on the same day"


def stays(*written: tuple[str, str | None, str | None]) -> Any:
    return load(
        {"customers": pd.DataFrame(written, columns=["customer_id", "joined_on", "left_on"])}, as_of="2026-10-31"
    )


def staff(*written: tuple[Any, ...], columns: str = "agent team from until") -> Any:
    return load({"staff": pd.DataFrame(written, columns=columns.split())})


def ends(care: Any) -> dict[str, str]:
    """The last day of the job in each team."""
    return {team: str(until) for team, until in rows(care, "staff", "team", "until")}


def test_of_rows_with_one_key_the_first_stays() -> None:
    answers = pd.DataFrame(
        {"response_id": ["R1", "R2", " R1", "R1", "r1"], "question": "nps", "score": [9, 8, 7, 6, 5]}
    )
    care = load({"responses": answers})
    assert rows(care, "responses", "score") == [9.0, 8.0, 5.0]
    assert faults(care) == [("score", DIFFERS, 2, (3, 4), True)]


def test_a_broken_row_does_not_stand_in_the_way_of_a_good_one() -> None:
    answers = pd.DataFrame({"response_id": ["R1", "R1", "R1"], "question": "nps", "score": [11, 9, 8]})
    care = load({"responses": answers})
    assert rows(care, "responses", "score") == [9.0]
    assert counts(care, "responses") == (3, 1, 2)


def test_rows_without_a_key_column_are_all_different() -> None:
    answers = pd.DataFrame({"question": "nps", "score": [9, 9, 9]})
    care = load({"responses": answers})
    assert rows(care, "responses", "response_id") == ["row 1", "row 2", "row 3"]
    assert kpi.nps(care)["denominator"].tolist() == [3]


def test_a_customer_may_come_back() -> None:
    care = stays(("A", "2026-01-01", "2026-03-01"), ("A", "2026-03-01", "2026-05-01"), ("A", "2026-08-01", None))
    assert (counts(care, "customers"), care.several_spells) == ((3, 3, 0), True)


def test_the_order_of_stays_in_the_file_does_not_matter() -> None:
    care = stays(("A", "2026-08-01", None), ("A", "2026-01-01", "2026-03-01"))
    assert counts(care, "customers") == (2, 2, 0)


def test_customers_of_one_stay_each_have_not_several() -> None:
    assert not stays(("A", "2026-01-01", "2026-03-01"), ("B", "2026-01-01", None)).several_spells


@pytest.mark.parametrize(
    ("written", "lines"),
    [
        ([("A", "2026-01-01", None), ("A", "2026-08-01", None)], (2,)),
        ([("A", "2026-01-01", "2026-05-01"), ("A", "2026-04-30", None)], (2,)),
        ([("A", "2026-01-01", "2026-05-01"), ("A", "2026-01-01", "2026-05-01")], (2,)),
        # A stay within another one must not hide it from the third.
        ([("A", "2026-01-01", "2026-12-01"), ("A", "2026-03-01", "2026-04-01"), ("A", "2026-06-01", None)], (2, 3)),
        ([("A", None, None), ("A", "2026-06-01", None)], (2,)),
        ([("A", "2026-06-01", "2026-07-01"), ("A", None, "2026-05-01")], ()),
    ],
)
def test_stays_that_overlap_are_set_aside(written: list[Any], lines: tuple[int, ...]) -> None:
    found = [fault[3] for fault in faults(stays(*written)) if fault[1] in (NOT_OVER, AGREES)]
    assert found == ([lines] if lines else [])


def test_without_a_last_day_a_customer_has_one_row() -> None:
    people = pd.DataFrame({"customer_id": ["A", "A", "B"], "joined_on": ["2026-01-01", "2026-02-01", None]})
    assert faults(load({"customers": people})) == [("joined_on", DIFFERS, 1, (2,), True)]


def test_an_agent_works_until_the_next_row_starts() -> None:
    care = staff(("Lan", "A", "2026-01-01", None), ("Lan", "B", "2026-05-01", None), ("Minh", "C", None, None))
    assert ends(care) == {"A": "2026-05-01", "B": "None", "C": "None"}
    assert faults(care) == []


def test_jobs_that_overlap_are_cut_and_counted() -> None:
    care = staff(
        ("Lan", "B", "2026-05-01", "2026-12-01"),
        ("Lan", "A", "2026-01-01", "2026-06-01"),
        ("Lan", "C", "2026-12-01", None),
    )
    assert ends(care) == {"A": "2026-05-01", "B": "2026-12-01", "C": "None"}
    assert faults(care) == [("until", "lies after the agent's next row starts: ended there", 1, (2,), False)]


def test_a_gap_between_jobs_stays_a_gap() -> None:
    care = staff(("Lan", "A", "2026-01-01", "2026-02-01"), ("Lan", "B", "2026-05-01", None))
    assert ends(care) == {"A": "2026-02-01", "B": "None"}


def test_two_jobs_that_start_on_one_day_are_one() -> None:
    care = staff(
        ("Lan", "A", "2026-01-01", None),
        ("Lan", "B", "2026-01-01", None),
        ("Lan", "C", None, None),
        ("Lan", "D", None, None),
    )
    assert faults(care) == [("agent", SAME_START, 2, (2, 4), True)]
    assert ends(care) == {"A": "None", "C": "2026-01-01"}


@pytest.mark.parametrize("columns", ["agent team", "agent team until"])
def test_without_a_first_day_an_agent_has_one_row(columns: str) -> None:
    written = [("Lan", "A", None), ("Lan", "B", "2026-05-01"), ("Minh", "A", None)]
    care = staff(*(row[: len(columns.split())] for row in written), columns=columns)
    assert counts(care, "staff") == (3, 2, 1)


def test_a_list_of_teams_may_do_without_agents() -> None:
    care = staff(("A", "Chăm sóc"), ("A", "Chăm sóc"), columns="team department")
    assert counts(care, "staff") == (2, 2, 0)


def test_work_is_never_counted_twice_for_an_agent_with_several_jobs() -> None:
    people = pd.DataFrame(
        [("Lan", "A", "2026-01-01", "2026-12-01"), ("Lan", "B", "2026-05-01", None), ("Lan", "C", "2026-05-01", None)],
        columns=["agent", "department", "from", "until"],
    )
    sold = pd.DataFrame(
        {"agent": "Lan", "amount": [1, 2, 4], "occurred_at": ["2026-04-30", "2026-05-01", "2026-12-02"]}
    )
    found = kpi.invoiced(load({"staff": people, "transactions": sold}), by="department")
    assert found[["department", "value"]].to_numpy().tolist() == [["A", 1], ["B", 6]]


ORDERS_OF_CUSTOMERS = """customer_id,customer_unique_id,customer_city,customer_state
o1,C1,hue,TT
o2,C2,hanoi,HN
o3,C1,hue,TT
o4,C1,hue,TT
o5,C3,saigon,SG
o6,C3,saigon,SG
"""
UNIQUE = """[customers]
columns = { customer_id = "customer_unique_id", region = "customer_state", city = "customer_city" }
"""


def several_rows(tmp_path: Path, text: str, toml: str = UNIQUE) -> Any:
    sold = "transaction_id,customer_id,occurred_at,amount\n1,C1,2026-01-05,7\n2,C3,2026-02-05,8\n"
    return load(folder(tmp_path, care=toml, customers=text, transactions=sold))


def checks_of(care: Any) -> dict[str, tuple[int, str]]:
    found = quality(care)
    mine = found[(found["table"] == "customers") & (found["rows"] > 0)]
    return {one["check"]: (one["rows"], one["level"]) for one in mine.to_dict("records") if one["check"] in DOOR}


DOOR = ("repeated", "differing", "unusable", "not data")


def test_a_customer_of_several_rows_that_agree_is_one_and_raises_no_alarm(tmp_path: Path) -> None:
    care = several_rows(tmp_path, ORDERS_OF_CUSTOMERS)
    assert counts(care, "customers") == (6, 3, 3)
    assert faults(care) == [("customer_id", AGREES, 3, (4, 5, 7), True)]
    assert not alarms(care)
    assert checks_of(care) == {"not data": (3, "fine")}


def test_rows_of_a_customer_that_differ_are_told_to_differ(tmp_path: Path) -> None:
    text = ORDERS_OF_CUSTOMERS.replace("o4,C1,hue,TT", "o4,C1,da nang,TT").replace("o5,C3,saigon,SG", "o5,C3,saigon,")
    care = several_rows(tmp_path, text)
    assert faults(care) == [
        ("city", DIFFERS, 1, (5,), True), ("customer_id", AGREES, 1, (4,), True), ("region", DIFFERS, 1, (7,), True)
    ]  # fmt: skip
    assert not alarms(care)
    assert checks_of(care) == {"differing": (2, "warning"), "not data": (1, "fine")}
    told = [said for _, said, _ in show_quality.told(Reader("en"), quality(care))]
    assert any("rows of one customer_id that differ, most often in" in said for said in told)


def test_rows_of_one_order_that_differ_are_not_called_the_same(tmp_path: Path) -> None:
    sold = (
        "transaction_id,occurred_at,amount,ghi chú\n1,2026-01-05,7,a\n1,2026-01-05,8,a\n1,2026-01-05,7,b\n"
        "1,2026-01-05,7,a\n2,2026-01-06,,a\n2,2026-01-06,5,a\n"
    )
    care = load(folder(tmp_path, transactions=sold))
    assert counts(care, "transactions") == (6, 2, 4)
    assert faults(care) == [
        ("", DIFFERS, 1, (4,), True), ("amount", DIFFERS, 2, (3, 7), True), ("transaction_id", AGAIN, 1, (5,), True)
    ]  # fmt: skip
    assert [one.check for one in alarms(care)] == ["excluded"]


def test_a_stay_that_stands_twice_is_said_to_agree() -> None:
    stay = ("A", "2026-01-01", None)
    assert faults(stays(stay, stay)) == [("customer_id", AGREES, 1, (2,), True)]
    other = ("A", "2026-02-01", None)
    assert faults(stays(stay, other)) == [("customer_id", NOT_OVER, 1, (2,), True)]
