"""Rows that break the contract are set aside with their reason; what a rule mends is counted as well."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from folders import counts, faults, folder, rows

import carestudy as cs
from carestudy import kpi
from carestudy.contract import CareError
from carestudy.load import load, set_aside
from carestudy.load.faults import left_empty
from carestudy.load.mending import CONTRADICTION

GOOD: dict[str, dict[str, Any]] = {
    "customers": {"customer_id": "C1", "joined_on": "2026-01-01", "left_on": "2026-10-01", "birth_year": "1980",
                  "consent": "yes"},
    "transactions": {"transaction_id": "T1", "occurred_at": "2026-10-01", "amount": "5", "returned": "no"},
    "contacts": {"contact_id": "K1", "opened_at": "2026-10-02 10:00", "first_reply_at": "2026-10-02 10:05",
                 "resolved_at": "2026-10-02 11:00", "reopened": "no"},
    "responses": {"response_id": "R1", "answered_at": "2026-10-01", "question": "nps", "score": "9"},
    "staff": {"agent": "Lan", "team": "A", "from": "2026-01-01", "until": "2026-10-01"},
    "goals": {"kpi": "nps", "period": "2026-10", "target": "30", "weight": "1"},
    "invitations": {"invitation_id": "I1", "invited_at": "2026-10-01", "response_id": "R1"},
}  # fmt: skip
NO_DATE = "is no date (write 2026-10-31, or state the form in care.toml: dates)"
NO_TIME = "is no time (write 2026-10-31 18:05, or state the form in care.toml: dates)"
NO_AMOUNT = "is no amount (write 1234.5, or state the form in care.toml: numbers)"
OUTSIDE = "lies outside the years 1901 to 2199"


@pytest.mark.parametrize(
    ("table", "column", "value", "reason"),
    [
        ("customers", "customer_id", "", "is empty"),
        ("customers", "joined_on", "31/01/2026", NO_DATE),
        ("customers", "left_on", "31/01/2026", NO_DATE),
        ("customers", "left_on", "1900-01-01", OUTSIDE),
        ("customers", "joined_on", "1900-01-01", OUTSIDE),
        ("customers", "joined_on", "9999-12-31", OUTSIDE),
        ("transactions", "transaction_id", "NULL", "is empty"),
        ("transactions", "occurred_at", "", "is empty"),
        ("transactions", "occurred_at", "2026-02-30", NO_TIME),
        ("transactions", "occurred_at", "2026-11-01", "lies after as_of"),
        ("transactions", "amount", "950.000", NO_AMOUNT),
        ("transactions", "returned", "perhaps", "is neither yes nor no"),
        ("contacts", "contact_id", " ", "is empty"),
        ("contacts", "opened_at", "", "is empty"),
        ("contacts", "reopened", "2", "is neither yes nor no"),
        ("responses", "response_id", "", "is empty"),
        ("responses", "answered_at", "", "is empty"),
        ("responses", "score", "chín", "is no number"),
        ("responses", "score", "11", "is no whole number from 0 to 10, the scale of nps"),
        ("responses", "score", "-1", "is no whole number from 0 to 10, the scale of nps"),
        ("responses", "score", "9.5", "is no whole number from 0 to 10, the scale of nps"),
        ("staff", "agent", "", "is empty"),
        ("staff", "until", "2025-12-31", "lies before from"),
        ("staff", "from", "x", NO_DATE),
        ("goals", "kpi", "", "is empty"),
        ("goals", "target", "", "is empty"),
        ("goals", "weight", "much", "is no number"),
        ("invitations", "invitation_id", "", "is empty"),
        ("invitations", "invited_at", "", "is empty"),
    ],
)
def test_a_row_that_breaks_the_contract_is_set_aside(
    tmp_path: Path, table: str, column: str, value: str, reason: str
) -> None:
    good = GOOD[table]
    key = next(iter(good))
    text = pd.DataFrame([good, {**good, key: "other", column: value}]).to_csv(index=False)
    care = load(folder(tmp_path, **{table: text}), as_of="2026-10-31")
    assert counts(care, table) == (2, 1, 1)
    assert faults(care) == [(column, reason, 1, (3,), True)]


@pytest.mark.parametrize("column", ["first_reply_at", "resolved_at"])
@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("2026-10-02 09:59", "lies before opened_at: left empty"),
        ("1900-01-01", "lies before the year 1901: left empty"),
        ("31/12/2026", "is no time: left empty"),
        ("chưa rõ", "is no time: left empty"),
    ],
)
@pytest.mark.parametrize("rest", [None, ""])
def test_a_bad_optional_time_empties_its_cell_and_the_contact_counts(
    tmp_path: Path, column: str, cell: str, reason: str, rest: str | None
) -> None:
    good = GOOD["contacts"]
    bad = {**good, "contact_id": "K2", column: cell} | ({} if rest is None else {"reopened": rest})
    care = load(folder(tmp_path, contacts=pd.DataFrame([good, bad]).to_csv(index=False)), as_of="2026-10-31")
    assert counts(care, "contacts") == (2, 2, 0)
    assert [value is None for value in rows(care, "contacts", column)] == [False, True]
    assert faults(care) == [(column, reason, 1, (3,), False)]
    assert left_empty(care).to_numpy().tolist() == [["contacts", "contacts.csv", 3, column, reason]]
    assert len(set_aside(care)) == 0
    found = cs.quality(care).query("check in ('emptied', 'impossible') and rows > 0").to_dict("records")
    assert [(one["rows"], one["of"], one["level"]) for one in found] == [(1, 2, "warning")]
    # A reply before the question has come, nobody knows when; what says no moment may say that there was none yet.
    known = 1 if (column, cell) == ("first_reply_at", "2026-10-02 09:59") else 2
    assert kpi.first_response_time(care, period="2026-10")["denominator"].tolist() == [known]


def test_two_bad_times_of_one_contact_are_both_left_empty_and_a_row_excluded_counts_none(tmp_path: Path) -> None:
    good = GOOD["contacts"]
    twice = {**good, "contact_id": "K2", "first_reply_at": "1900-01-01", "resolved_at": "2026-10-01"}
    gone = {**twice, "contact_id": ""}
    care = load(folder(tmp_path, contacts=pd.DataFrame([good, twice, gone]).to_csv(index=False)), as_of="2026-10-31")
    assert counts(care, "contacts") == (3, 2, 1)
    assert left_empty(care)["line"].tolist() == [3, 3]
    assert set_aside(care)["line"].tolist() == [4]


def test_ends_most_of_which_lie_before_their_beginning_are_another_column(tmp_path: Path) -> None:
    lines = [f"K{n},2026-10-02 10:00,2026-10-02 {9 if n < 12 else 11:02}:00" for n in range(20)]
    text = "\n".join(["contact_id,opened_at,first_reply_at", *lines, ""])
    with pytest.raises(
        CareError, match=r"first_reply_at lies before opened_at in 12 of 20 rows: the two are exchanged"
    ):
        load(folder(tmp_path, contacts=text))


def test_of_a_customer_who_left_before_joining_neither_day_is_believed(tmp_path: Path) -> None:
    people = [("A", "2026-01-01", ""), ("B", "2026-02-01", "2026-10-05"), ("C", "2026-05-01", "2026-03-01")]
    text = (
        pd.DataFrame(people, columns=["customer_id", "joined_on", "left_on"]).assign(region="Huế").to_csv(index=False)
    )
    care = load(folder(tmp_path, customers=text), as_of="2026-10-31")
    assert counts(care, "customers") == (3, 3, 0)
    assert rows(care, "customers", "joined_on", "left_on")[2] == (None, None)
    assert faults(care) == [("left_on", CONTRADICTION, 1, (4,), False)]
    assert kpi.retention_rate(care, period="2026-10")[["numerator", "denominator"]].to_numpy().tolist() == [[1, 2]]


@pytest.mark.parametrize("table", GOOD)
def test_a_row_that_keeps_the_contract_is_used(table: str) -> None:
    care = load({table: pd.DataFrame([GOOD[table]])}, as_of="2026-10-31")
    assert (counts(care, table), faults(care)) == ((1, 1, 0), [])


@pytest.mark.parametrize("table", GOOD)
def test_only_a_key_and_a_time_must_be_told(table: str) -> None:
    empty = dict.fromkeys(GOOD[table])
    must = {"customers": ["customer_id"], "staff": ["agent"], "goals": ["kpi", "target"]}.get(table, list(empty)[:2])
    care = load({table: pd.DataFrame([{**empty, **{name: GOOD[table][name] for name in must}}])})
    assert counts(care, table) == (1, 1, 0)


@pytest.mark.parametrize(
    ("question", "fine", "off"),
    [
        ("nps", [0, 5, 10], [-1, 11, 9.5, 100]),
        ("csat", [1, 3, 4.5, 5], [0, 6, 10, 0.5]),
        ("ces", [-3, 0, 7, 99.5], []),
        ("Giao hàng", [0, 100], []),
        (None, [11], []),
    ],
)
def test_a_score_outside_its_scale_is_set_aside(question: str | None, fine: list[float], off: list[float]) -> None:
    care = load(
        {"responses": pd.DataFrame({"question": question, "score": [*fine, *off]}).astype({"question": object})}
    )
    assert rows(care, "responses", "score") == fine
    assert counts(care, "responses") == (len(fine) + len(off), len(fine), len(off))


def test_an_answer_that_was_not_given_is_kept() -> None:
    care = load({"responses": pd.DataFrame({"question": ["nps", "nps"], "score": [9, None]})})
    assert counts(care, "responses") == (2, 2, 0)


@pytest.mark.parametrize("day", ["9999-12-31", "9999-01-01", "2999-12-31", "2200-01-01"])
def test_an_end_after_all_calendars_means_not_over_yet(day: str) -> None:
    people = pd.DataFrame({"customer_id": ["A", "B"], "joined_on": "2026-01-01", "left_on": [day, "2026-10-10"]})
    care = load({"customers": people})
    assert rows(care, "customers", "left_on")[0] is None
    assert faults(care) == [("left_on", "lies after the year 2199: read as not over yet", 1, (1,), False)]
    assert care.as_of.date().isoformat() == "2026-10-11"
    assert kpi.retention_rate(care, period="2026-10")[["numerator", "denominator"]].to_numpy().tolist() == [[1, 2]]


@pytest.mark.parametrize(
    ("table", "column"), [("staff", "until"), ("contacts", "resolved_at"), ("contacts", "first_reply_at")]
)
def test_other_ends_after_all_calendars_are_not_over_either(table: str, column: str) -> None:
    care = load({table: pd.DataFrame([{**GOOD[table], column: "9999-12-31"}])})
    assert rows(care, table, column) == [None]
    assert counts(care, table) == (1, 1, 0)


def test_a_birth_year_or_consent_that_cannot_be_read_is_emptied_and_counted() -> None:
    people = pd.DataFrame(
        {"customer_id": ["A", "B", "C"], "birth_year": ["1980", "old", "?"], "consent": ["yes", "no", "asked"]}
    )
    care = load({"customers": people})
    assert rows(care, "customers", "birth_year", "consent") == [(1980, True), (None, False), (None, None)]
    assert faults(care) == [
        ("birth_year", "is no whole number: left empty", 2, (2, 3), False),
        ("consent", "is neither yes nor no: left empty, which means no", 1, (3,), False),
    ]


def test_customers_without_a_first_day_are_told() -> None:
    people = pd.DataFrame(
        {"customer_id": ["A", "B"], "joined_on": ["2026-01-01", None], "left_on": [None, "2026-05-01"]}
    )
    care = load({"customers": people})
    assert counts(care, "customers") == (2, 2, 0)
    assert faults(care) == [("joined_on", "is empty: the customer counts in no customer base", 1, (2,), False)]


@pytest.mark.parametrize(
    ("table", "column", "value", "message"),
    [
        ("customers", "left_on", "31/12/2026", f"left_on {NO_DATE}: none of its 2 values can be read"),
        ("contacts", "resolved_at", "46326", f"resolved_at {NO_TIME}: none of its 2 values can be read"),
        ("transactions", "amount", "1.250", f"amount {NO_AMOUNT}: none of its 2 values can be read"),
        ("transactions", "returned", "R", "returned is neither yes nor no: none of its 2 values can be read"),
    ],
)
def test_a_column_that_cannot_be_read_at_all_is_one_clear_error(
    tmp_path: Path, table: str, column: str, value: str, message: str
) -> None:
    key = next(iter(GOOD[table]))
    written = [{**GOOD[table], key: str(number), column: value if number < 2 else ""} for number in range(5)]
    with pytest.raises(CareError) as problem:
        load(folder(tmp_path, **{table: pd.DataFrame(written).to_csv(index=False)}))
    assert str(problem.value) == f"{table}.csv: {message}"


def test_a_single_value_that_cannot_be_read_costs_only_its_row() -> None:
    people = pd.DataFrame({"customer_id": ["A", "B"], "joined_on": "2026-01-01", "left_on": [None, "?"]})
    assert counts(load({"customers": people}), "customers") == (2, 1, 1)


def test_a_table_of_which_nothing_can_be_used_is_an_error() -> None:
    with pytest.raises(CareError, match=r"pandas: none of 2 rows can be used; customer_id is empty \(rows 1, 2\)"):
        load({"customers": pd.DataFrame({"customer_id": ["", None]})})


def test_a_table_that_begins_after_as_of_is_empty() -> None:
    care = load({"contacts": pd.DataFrame({"opened_at": ["2026-10-02", "2026-10-03"]})}, as_of="2026-10-01")
    assert counts(care, "contacts") == (2, 0, 2)


def test_the_last_moment_before_as_of_is_known() -> None:
    times = ["2026-10-31 23:59:59.999999", "2026-11-01 00:00:00"]
    assert counts(load({"contacts": pd.DataFrame({"opened_at": times})}, as_of="2026-10-31"), "contacts") == (2, 1, 1)


def test_what_comes_back_holds_nothing_of_the_door() -> None:
    care = load({table: pd.DataFrame([row]) for table, row in GOOD.items()})
    names = {column for table in care.tables.values() for column in table.columns}
    assert not [name for name in names if name.startswith("carestudy")]
    assert {table: set(care.tables[table].columns) for table in GOOD} == {
        table: set(row) for table, row in GOOD.items()
    }
