"""Of the real data sets, at least nine of ten columns are mapped right from the raw files alone."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from export_folders import column_count, mapping, right
from large_data import shared_folder

import carestudy as cs
from carestudy.recognise import Proposal, propose

SHARED = shared_folder()

# What a careful analyst would map; every other column has no place in the contract and stays as it is.
EXPECTED: dict[str, dict[str, dict[str, str]]] = {
    # number_of_cds is how many items were bought: a column of their own.
    "cdnow": {"transactions": {"customer_id": "customer_id", "occurred_at": "date", "amount": "dollar_value"}},
    # A household is who buys, a basket what is bought at once; discounts, stores and items are their own. Of the
    # demographics only age and income are in the contract: homes, marriages and children are not.
    "complete_journey": {
        "customers": {"customer_id": "household_id", "age": "age", "income_band": "income"},
        "transactions": {
            "transaction_id": "basket_id", "customer_id": "household_id", "occurred_at": "transaction_timestamp",
            "amount": "sales_value",
        },
    },
    # As its README says: customer = caller_id, team = assignment_group, agent = resolved_by, channel = contact_type,
    # topic = category. A ticket is solved when it is resolved; it is closed by itself days later. More than no
    # reopening is a reopened ticket. Places, symptoms, priorities and codes are their own.
    "incident_uci": {
        "contacts": {
            "contact_id": "number", "customer_id": "caller_id", "opened_at": "opened_at", "resolved_at": "resolved_at",
            "reopened": "reopen_count", "channel": "contact_type", "topic": "category", "agent": "resolved_by",
            "team": "assignment_group",
        },
    },
    # Comments with a judgement of others: nobody gave a score, and topic and mood are not in the contract of answers.
    "vi_uts2017_bank": {"responses": {"response_id": "feedback_id", "comment": "text"}},
}  # fmt: skip
ROWS = {
    "cdnow": {"transactions": 69_659},
    "complete_journey": {"customers": 801, "transactions": 155_848},
    "incident_uci": {"contacts": 24_918},
    "vi_uts2017_bank": {"responses": 2_470},
}

every = pytest.mark.parametrize("name", EXPECTED)


@pytest.fixture(scope="module")
def proposals() -> dict[str, Proposal]:
    return {name: propose(SHARED / "data" / name) for name in EXPECTED}


@every
def test_nine_of_ten_columns_are_mapped_right(name: str, proposals: dict[str, Proposal]) -> None:
    found = mapping(proposals[name])
    assert right(found, EXPECTED[name], column_count(proposals[name])) >= 0.9, found


@every
def test_every_row_is_used_as_proposed(name: str, proposals: dict[str, Proposal], tmp_path: Path) -> None:
    for path in (SHARED / "data" / name).iterdir():
        shutil.copyfile(path, tmp_path / path.name)
    (tmp_path / "care.toml").write_text(proposals[name].toml(), encoding="utf-8")
    assert {count.table: count.used for count in cs.load(tmp_path).counts} == ROWS[name]


def test_a_header_of_dollars_tells_the_currency_and_cents_only_that_it_is_none_without(
    proposals: dict[str, Proposal],
) -> None:
    told = {name: (one.currency.code, one.currency.sure) for name, one in proposals.items()}
    assert told["cdnow"] == ("USD", "sure")
    assert told["complete_journey"] == ("USD", "guess")
    assert any("currency" in question for question in proposals["complete_journey"].questions())


def test_question_marks_of_tickets_mean_nothing_and_their_days_stand_first(proposals: dict[str, Proposal]) -> None:
    said = proposals["incident_uci"].forms["contacts"]
    assert said.empty == ("?",)
    assert {form.forms for form in said.dates.values()} == {("%d/%m/%Y %H:%M",)}
    assert said.values["reopened"]["0"] == "false"
    assert said.values["reopened"]["2"] == "true"
