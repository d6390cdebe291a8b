"""Exit interviews: who counts as lost, who as reached, whether they are enough, and who is called next."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from companies import DATA, demo, people, table
from hypothesis import given, settings
from hypothesis import strategies as st

import carestudy as cs
from carestudy import exits

TALKS = "customer_id opened_at channel agent kind direction first_reply_at"
CALL = {
    "customer_id": "A", "opened_at": "2026-10-12 09:00", "channel": "phone", "agent": "NV01", "kind": "question",
    "direction": "outbound", "first_reply_at": "2026-10-12 09:01",
}  # fmt: skip


LEFT = [*((one, "2025-01-05", "2026-10-10") for one in "ABCDEFG"), ("H", "2025-01-05", None)]


def company(*talks: dict[str, Any], drop: str = "", stays: list[tuple[Any, ...]] = LEFT) -> Any:
    """Customers who left on 10 October, H who stayed, and talks that differ from a call to A two days later."""
    rows = [[{**CALL, **talk}[name] for name in TALKS.split()] for talk in talks]
    contacts = table(TALKS, *rows).drop(columns=drop.split())
    return cs.load({"customers": people(*stays), "contacts": contacts}, as_of="2026-10-31")


def told(care: Any, **asked: Any) -> dict[str, Any]:
    (row,) = exits.interviews(care, **asked).to_dict("records")
    return {str(name): value for name, value in row.items()}


def reached(**talk: Any) -> int:
    return int(told(company(talk))["reached"])


def test_a_person_on_the_phone_after_they_left_is_a_talk() -> None:
    assert reached() == 1
    assert reached(direction="inbound") == 1
    assert reached(direction=None) == 1


@pytest.mark.parametrize("channel", ["phone", "Điện thoại", "in_person", "Cửa hàng", "CHAT", "Zalo", "tổng  đài"])
def test_people_talk_on_the_phone_in_person_and_by_chat(channel: str) -> None:
    assert reached(channel=channel) == 1


@pytest.mark.parametrize("channel", ["chatbot", "Chatbot", "IVR", "newsletter", "broadcast"])
@pytest.mark.parametrize("kind", ["question", "exit_interview"])
def test_a_chatbot_or_a_broadcast_is_no_talk_however_it_is_marked(channel: str, kind: str) -> None:
    row = told(company({"channel": channel, "kind": kind}))
    assert (row["reached"], row["undecided"]) == (0, 0)


@pytest.mark.parametrize("kind", ["question", "exit_interview"])
def test_a_contact_without_an_agent_is_no_person(kind: str) -> None:
    assert reached(agent=None, kind=kind) == 0


def test_a_letter_is_a_talk_only_when_it_is_marked() -> None:
    assert reached(channel="email") == 0
    assert reached(channel="email", kind="exit_interview") == 1


def test_a_call_that_nobody_answered_reached_nobody() -> None:
    assert reached(first_reply_at=None) == 0


def test_data_that_do_not_tell_of_answers_are_believed() -> None:
    assert told(company({}, drop="first_reply_at"))["reached"] == 1


def test_talks_count_after_the_day_of_leaving_and_interviews_from_it() -> None:
    on_the_day = {"opened_at": "2026-10-10 09:00", "first_reply_at": "2026-10-10 09:01"}
    before = {"opened_at": "2026-10-09 09:00", "first_reply_at": "2026-10-09 09:01"}
    assert reached(**on_the_day) == 0
    assert reached(**on_the_day, kind="exit_interview") == 1
    assert reached(**before, kind="exit_interview") == 0


def test_who_is_still_here_gives_no_exit_interview() -> None:
    assert reached(customer_id="H", kind="exit_interview") == 0
    assert reached(customer_id="nobody", kind="exit_interview") == 0


def test_several_talks_with_one_customer_are_one_customer() -> None:
    later = {"opened_at": "2026-10-14 09:00", "first_reply_at": "2026-10-14 09:01", "kind": "exit_interview"}
    row = told(company({}, later))
    assert (row["reached"], row["interviews"]) == (1, 1)


def test_who_left_long_ago_and_is_reached_now_counts_as_reached_and_not_as_lost_now() -> None:
    stays = [("A", "2024-01-05", "2025-05-05"), ("B", "2024-01-05", "2026-10-10")]
    row = told(company({}, stays=stays))
    assert (row["lost"], row["lost_reached"], row["reached"]) == (1, 0, 1)


def test_who_has_come_back_is_not_lost() -> None:
    stays = [("A", "2024-01-05", "2026-10-10"), ("A", "2026-10-11", None), ("B", "2024-01-05", "2026-10-10")]
    care = company({}, stays=stays)
    row = told(care)
    assert (row["lost"], row["reached"]) == (1, 0)
    assert exits.to_call(care)["customer_id"].tolist() == ["B"]


@pytest.mark.parametrize(("talks", "enough"), [(4, "no"), (5, "yes"), (6, "yes")])
def test_five_are_enough(talks: int, enough: str) -> None:
    row = told(company(*[{"customer_id": one} for one in "ABCDEFG"[:talks]]))
    assert (row["reached"], row["enough"], row["missing"]) == (talks, enough, "")


def test_the_window_is_the_months_before_as_of() -> None:
    assert told(company({}))["period"] == "2026-08-01..2026-10-31"
    old = [(one, "2024-01-05", "2026-05-05") for one in "AB"]
    early = {"opened_at": "2026-07-31 23:59", "first_reply_at": "2026-07-31 23:59"}
    assert told(company(early, stays=old))["reached"] == 0
    assert told(company(early, stays=old), months=4)["reached"] == 1


def test_without_agents_nobody_can_tell_unless_even_all_would_be_too_few() -> None:
    five = company(*[{"customer_id": one} for one in "ABCDE"], drop="agent")
    row = told(five)
    assert (row["enough"], row["undecided"], row["missing"]) == ("cannot tell", 5, "contacts.agent")
    assert row["low"] == 0
    assert row["high"] > 5 / 7
    assert told(company({}, drop="agent"))["enough"] == "no"


def test_without_channels_only_marked_interviews_are_sure() -> None:
    marked = [{"customer_id": one, "kind": "exit_interview"} for one in "ABC"]
    plain = [{"customer_id": one} for one in "DE"]
    row = told(company(*marked, *plain, drop="channel"))
    assert (row["reached"], row["undecided"], row["enough"]) == (3, 2, "cannot tell")
    assert row["missing"] == "contacts.channel"


def test_a_company_may_name_its_own_channels() -> None:
    care = company(*[{"customer_id": one, "channel": "Bàn số 3"} for one in "ABCDE"])
    assert (told(care)["enough"], told(care)["missing"]) == ("cannot tell", "contacts.channel")
    assert told(care, channels=["bàn số 3"])["enough"] == "yes"


def test_without_contacts_or_customers_it_says_what_is_missing() -> None:
    for gone in ("contacts", "customers"):
        care = company({})
        row = told(replace(care, tables={name: one for name, one in care.tables.items() if name != gone}))
        assert (row["enough"], row["missing"]) == ("cannot tell", gone)


def test_without_contracts_silence_tells_who_is_lost() -> None:
    bought = table("customer_id occurred_at amount", ("A", "2026-01-05", 5), ("A", "2026-06-05", 5), amount="int64")
    calls = table(TALKS, [CALL[name] for name in TALKS.split()])
    care = cs.load({"transactions": bought, "contacts": calls}, as_of="2026-10-31", inactive_after=90)
    row = told(care)  # lost on 4 September, 91 days after the last purchase
    assert (row["lost"], row["reached"]) == (1, 1)


def test_where_silence_cannot_tell_who_is_lost_nobody_is_counted_as_lost() -> None:
    days = [(f"K{k}", f"{year}-{1 + k % 9:02}-15") for k in range(60) for year in (2024, 2025, 2026) if (k + year) % 3]
    bought = table("customer_id occurred_at amount", *((*one, 5) for one in days), amount="int64")
    calls = table(TALKS, [CALL[name] for name in TALKS.split()])
    with pytest.raises(cs.CareError, match="cannot tell after how many days"):
        exits.interviews(cs.load({"transactions": bought, "contacts": calls}, as_of="2026-10-31"))


def test_the_demo_has_the_interviews_that_were_planted() -> None:
    planted = json.loads((DATA / "demo" / "truths.json").read_text("utf-8"))["truths"]["exit_interviews_last_quarter"]
    row = told(demo())
    assert row["interviews"] == planted["value"]
    assert row["enough"] == "yes"
    assert row["low"] < row["value"] < row["high"]


def test_wanted_and_months_are_whole_numbers() -> None:
    for asked in ({"months": 0}, {"wanted": 0}):
        with pytest.raises(cs.CareError, match=r"is a whole number of .*1 or more"):
            exits.interviews(demo(), **asked)


def test_the_list_names_customers_with_reasons_and_nothing_else() -> None:
    found = exits.to_call(demo(), 12)
    assert found.columns.tolist() == ["order", "customer_id", "reasons"]
    assert len(found) == 12
    row = told(demo())
    assert len(exits.to_call(demo(), 10_000)) <= row["lost"] - row["lost_reached"]


def test_the_best_reasons_come_first() -> None:
    people_ = people(
        ("old", "2025-01-05", "2026-08-05", None), ("recent", "2025-01-05", "2026-10-20", None),
        ("unhappy", "2025-01-05", "2026-10-19", None), ("rich", "2025-01-05", "2026-10-18", "true"),
        ("refused", "2025-01-05", "2026-10-21", "false"), ("called", "2025-01-05", "2026-10-01", None),
        columns="consent",
    )  # fmt: skip
    bought = table(
        "customer_id occurred_at amount",
        *((one, "2026-01-05", 90 if one == "rich" else 10) for one in ("old", "recent", "unhappy", "rich", "called")),
        amount="int64",
    )
    said = table(
        "customer_id answered_at question score",
        ("unhappy", "2026-01-05", "nps", 9), ("unhappy", "2026-02-05", "csat", 2),
        ("recent", "2026-01-05", "nps", 0), ("recent", "2026-02-05", "csat", 3), score="float64",
    )  # fmt: skip
    calls = table(TALKS, [{**CALL, "customer_id": "called"}[name] for name in TALKS.split()])
    care = cs.load(
        {"customers": people_, "transactions": bought, "responses": said, "contacts": calls}, as_of="2026-10-31"
    )
    assert exits.to_call(care).to_dict("list") == {
        "order": [1, 2, 3, 4],
        "customer_id": ["unhappy", "rich", "recent", "old"],
        "reasons": [
            "recent, unhappy, not contacted", "recent, valuable, not contacted", "recent, not contacted",
            "not contacted",
        ],
    }  # fmt: skip


def test_equal_customers_have_an_equal_place() -> None:
    found = exits.to_call(company({"channel": "email"}))
    assert found["order"].tolist() == [1, 1, 1, 1, 1, 1, 7]  # A was written to
    assert found["customer_id"].tolist() == [*"BCDEFG", "A"]


def test_a_list_of_nobody_is_a_list() -> None:
    nobody = exits.to_call(company({}, stays=LEFT[-1:]))
    assert nobody.columns.tolist() == ["order", "customer_id", "reasons"]
    assert nobody.empty
    assert told(company({}, stays=LEFT[-1:]))["enough"] == "no"


@settings(max_examples=20)
@given(st.lists(st.sampled_from("ABCDEFGH"), max_size=12), st.integers(1, 9))
def test_the_verdict_follows_the_count(called: list[str], wanted: int) -> None:
    row = told(company(*[{"customer_id": one} for one in called], {"customer_id": "H"}), wanted=wanted)
    assert row["reached"] == len(set(called) - {"H"})
    assert row["enough"] == ("yes" if row["reached"] >= wanted else "no")
