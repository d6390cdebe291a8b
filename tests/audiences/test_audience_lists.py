"""A list has those who belong on it and may be contacted, and says why the others do not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from companies import DATA, demo, table
from lists import AS_OF, company, customers, steps

import carestudy as cs
from carestudy.audiences import KINDS
from carestudy.contract import CareError, Missing
from carestudy.show.audiences import worded
from carestudy.show.words import Reader

HERE = ("2024-01-05", None)
QUICK = {"at_risk": {"rule": "rfm"}}  # the other rule fits a regression


def _survey(**given: Any) -> Any:
    asked = {"response_rate": 1.0, "margin": 1.0}
    return cs.audience(company(**given), "survey", **asked)


@pytest.mark.parametrize("kind", KINDS)
def test_who_is_considered_is_on_the_list_or_left_out_for_one_reason(kind: str) -> None:
    found = cs.audience(demo(), kind, control=0.1, most=60, **QUICK.get(kind, {}))
    assert len(found.rows) + found.left_out["customers"].sum() == found.considered
    assert len(found.control) == steps(found)["control"] == 6
    everybody = [*found.rows["customer_id"], *found.control["customer_id"]]
    assert len(set(everybody)) == len(everybody) == 60


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_seed_gives_the_same_list_whatever_the_order_of_the_rows(kind: str) -> None:
    turned = demo()
    for name in ("customers", "transactions"):
        column = {"customers": "customer_id", "transactions": "transaction_id"}[name]
        turned = turned.with_table(name, turned.table(name).order_by(turned.table(name)[column].desc()))
    one, same = (
        cs.audience(care, kind, most=40, control=0.25, seed=3, **QUICK.get(kind, {})) for care in (demo(), turned)
    )
    assert one.rows.equals(same.rows)
    assert one.control.equals(same.control)


def test_another_seed_draws_others_and_one_draw_tells_nothing_of_another() -> None:
    lists = [cs.audience(company(200), "survey", most=50, seed=seed, response_rate=1.0) for seed in (1, 2)]
    one, two = (set(found.rows["customer_id"]) for found in lists)
    assert 5 <= len(one & two) <= 25  # by chance a quarter of 50


def test_who_has_left_is_no_longer_written_to() -> None:
    rows = (("A", *HERE), ("B", "2024-01-05", "2026-10-31"), ("C", "2024-01-05", "2026-11-01"))
    found = _survey(customers=customers(*rows))
    assert sorted(found.rows["customer_id"]) == ["A", "C"]
    assert steps(found) == {"gone": 1}


def test_consent_that_is_not_known_is_none() -> None:
    asked = customers(("A", *HERE), ("B", *HERE), ("C", *HERE), consent=pd.array([True, False, None], "boolean"))
    found = _survey(customers=asked)
    assert found.rows["customer_id"].tolist() == ["A"]
    assert steps(found) == {"consent": 2}
    assert "consent" not in found.unchecked


def test_without_a_column_of_consent_that_is_said() -> None:
    found = _survey(customers=customers(("A", *HERE)))
    assert found.rows["customer_id"].tolist() == ["A"]
    assert found.unchecked == ("consent", "complaint", "asked")


def test_an_open_complaint_keeps_gifts_and_surveys_away_and_a_solved_one_does_not() -> None:
    rows = (
        ("C00", "2026-10-01", "complaint", None),
        ("C01", "2026-10-01", "complaint", "2026-10-20"),
        ("C02", "2026-10-01", "question", None),
    )
    contacts = table("customer_id opened_at kind resolved_at", *rows)
    for kind, asked in (("survey", {"response_rate": 1.0, "margin": 1.0}), ("gifts", {"top": 1.0})):
        found = cs.audience(company(3, contacts=contacts), kind, **asked)
        assert sorted(found.rows["customer_id"]) == ["C01", "C02"]
        assert steps(found) == {"complaint": 1}
    assert len(cs.audience(company(3, contacts=contacts), "segment", groups="champions,loyal,cooling").rows) == 3


def test_who_was_asked_lately_is_left_in_peace() -> None:
    # 90 days before the end of 31 October begin with 2 August.
    invited = table("customer_id invited_at", ("C00", "2026-08-01T23:59"), ("C01", "2026-08-03T09:00"))
    answered = table("customer_id answered_at question score", ("C02", "2026-10-01", "nps", 9.0), score="float64")
    found = _survey(rows=4, invitations=invited, responses=answered)
    assert sorted(found.rows["customer_id"]) == ["C00", "C03"]
    assert steps(found) == {"asked": 2}
    longer = cs.audience(company(4, invitations=invited), "survey", response_rate=1.0, margin=1.0, cooldown=92)
    assert sorted(longer.rows["customer_id"]) == ["C02", "C03"]  # 92 days begin with 31 July


def test_who_has_two_reasons_is_counted_at_the_first() -> None:
    rows = customers(("A", *HERE), ("B", "2024-01-05", "2026-05-01"), consent=[True, False])
    assert steps(_survey(customers=rows)) == {"gone": 1}


def test_a_gift_goes_to_those_who_are_loyal_by_each_of_the_three_rules() -> None:
    joined = {"A": "2025-11-01", "B": "2025-11-02", "C": "2024-01-01", "D": "2024-01-01", "E": "2024-01-01"}
    days = {"A": 3, "B": 3, "C": 2, "D": 3, "E": 3}
    amounts = {"A": 100, "B": 100, "C": 100, "D": 10, "E": 100}
    sold = [(one, f"2026-0{k + 1}-05", amounts[one]) for one in days for k in range(days[one])]
    care = cs.load(
        {
            "customers": customers(*((one, day, None) for one, day in joined.items())),
            "transactions": table("customer_id occurred_at amount", *sold, amount="int64"),
        },
        as_of=AS_OF,
    )
    found = cs.audience(care, "gifts", top=0.6)
    assert sorted(found.rows["customer_id"]) == ["A", "E"]
    assert steps(found) == {"too_new": 1, "too_seldom": 1, "too_little": 1}
    assert found.rows.set_index("customer_id").loc["A", ["months", "purchase_days", "amount"]].tolist() == [12, 3, 300]


def test_equal_amounts_get_a_gift_together() -> None:
    sold = [(f"C{k:02}", f"2026-{month}-05", 50) for k in range(8) for month in ("03", "06", "09")]
    care = company(8, transactions=table("customer_id occurred_at amount", *sold, amount="int64"))
    assert len(cs.audience(care, "gifts", top=0.1).rows) == 8


def test_a_segment_is_a_group_of_rfm_with_the_best_first() -> None:
    found = cs.audience(demo(), "segment", groups="cannot_lose")
    assert set(found.rows["group"]) == {"cannot_lose"}
    assert found.rows["amount"].is_monotonic_decreasing
    assert found.considered == cs.rfm(demo()).set_index("group").loc["cannot_lose", "customers"]


def test_saved_segments_are_listed_by_code_or_number(tmp_path: Path) -> None:
    sold = [(f"C{k:02}", f"2026-{m:02}-05", 100 + 900 * (k % 2)) for k in range(40) for m in range(1, 3 + 4 * (k % 2))]
    care = company(40, transactions=table("customer_id occurred_at amount", *sold, amount="int64"))
    fitted = cs.segment(care, 2, features=["orders", "monetary"])
    path = tmp_path / "segments.json"
    path.write_text(fitted.to_json(), "utf-8")
    place = next(place for place, name in enumerate(fitted.names) if "high" in name)
    expected = [f"C{k:02}" for k in range(1, 40, 2)]
    asked = (
        {"saved": str(path), "groups": str(place + 1)},
        {"saved": str(path), "groups": fitted.names[place]},
        {"saved": fitted, "groups": fitted.names[place]},
    )
    for one in asked:
        assert sorted(cs.audience(care, "segment", **one).rows["customer_id"]) == expected
    assert len(cs.audience(care, "segment", saved=fitted).rows) == 40
    with pytest.raises(CareError, match="no segment '3': choose from 1 "):
        cs.audience(care, "segment", saved=fitted, groups="3")


def test_those_likely_to_leave_have_the_facts_that_go_with_leaving_as_their_reason() -> None:
    found = cs.audience(demo(), "at_risk")
    assert found.rows["risk"].is_monotonic_decreasing
    assert set(found.rows["why"]) == {"risk"}
    assert worded(Reader("en"), found.rows)["reason"].str.endswith("has no person in charge").all()
    owners = demo().table("customers").select("customer_id", "owner").to_pyarrow().to_pylist()
    without = {row["customer_id"] for row in owners if row["owner"] is None}
    assert set(found.rows["customer_id"]) <= without


def test_where_nobody_is_known_to_have_left_those_who_stopped_buying_are_at_risk() -> None:
    found = cs.audience(company(20), "at_risk")
    assert set(found.rows.get("why", [])) <= {"rfm"}


def test_who_is_to_be_interviewed_comes_in_the_order_of_the_call_list() -> None:
    listed = cs.exits.to_call(demo(), n=10**6)
    found = cs.audience(demo(), "interviews")
    assert set(found.rows["customer_id"]) <= set(listed["customer_id"])
    places = listed.set_index("customer_id")["order"].loc[found.rows["customer_id"]]
    assert places.is_monotonic_increasing


def test_printed_it_tells_how_many_and_not_who() -> None:
    found = cs.audience(demo(), "gifts")
    assert "KH0" not in repr(found)
    assert repr(found).startswith(f"gifts: {len(found.rows):,} of 5,000 customers")


def test_data_of_baskets_alone_give_lists_as_well() -> None:
    journey = cs.load(DATA / "journey")
    found = cs.audience(journey, "gifts", months=6)
    assert found.unchecked == ("consent", "complaint")
    assert len(found.rows) > 100


@pytest.mark.parametrize(
    ("kind", "asked", "said"),
    [
        ("vip", {}, "no audience 'vip': choose from segment, at_risk, gifts, interviews, unowned, survey"),
        ("gifts", {"margin": 5}, "audience gifts has no option 'margin'; it has months, days, top"),
        ("at_risk", {"top": 1}, "it has rule, months"),
        ("at_risk", {"rule": "luck"}, "no rule 'luck': choose risk or rfm"),
        ("segment", {"saved": "/nowhere/seg.json"}, "segments in seg.json cannot be read: No such file"),
        ("segment", {"groups": "vip"}, "no group 'vip'"),
        ("gifts", {"top": 0}, "top is a share above 0"),
        ("gifts", {"control": 1}, "no share to hold out"),
        ("gifts", {"most": 0}, "most is a whole number of 1 or more"),
        ("survey", {"margin": 0, "response_rate": 1.0}, "margin=0 is none"),
        ("survey", {"response_rate": 20.0}, "response rate of 20.0"),
        ("survey", {}, "give the response rate"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_a_line(kind: str, asked: dict[str, Any], said: str) -> None:
    with pytest.raises(CareError, match=said):
        cs.audience(company(4), kind, **asked)


def test_what_is_missing_is_named_with_the_list_that_needs_it() -> None:
    with pytest.raises(Missing, match="audience at_risk needs table 'transactions'"):
        cs.audience(cs.load({"customers": customers(("A", *HERE))}, as_of=AS_OF), "at_risk")
    with pytest.raises(Missing, match="needs column 'district'"):
        cs.audience(company(4), "survey", by="district", response_rate=1.0)
