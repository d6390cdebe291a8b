"""Customers are scored by their values alone, and every triple of scores has its one group."""

from __future__ import annotations

from itertools import product
from typing import Any

import pandas as pd
import pytest
from companies import demo, table
from hypothesis import given, settings
from hypothesis import strategies as st

import carestudy as cs
from carestudy.contract import CareError, Missing
from carestudy.segments.rfm import GROUPS, RULES


def _bought(*rows: tuple[Any, ...], **more: Any) -> Any:
    """Purchases as (customer_id, day, amount)."""
    frame = table("customer_id occurred_at amount", *rows, amount="int64")
    return cs.load({"transactions": frame.assign(**more)}, as_of="2026-10-31")


def _scores(care: Any, **asked: Any) -> pd.DataFrame:
    return cs.rfm_scores(care, **asked).set_index("customer_id")


def test_every_triple_of_scores_belongs_to_exactly_one_group() -> None:
    triples = list(product(range(1, 6), repeat=3))
    assert len(triples) == 125
    assert [triple for triple in triples if sum(bool(rule(*triple)) for rule in RULES.values()) != 1] == []


def test_five_customers_who_differ_score_one_to_five() -> None:
    # From the oldest, rarest, smallest to the latest, most frequent, largest.
    rows = [(f"C{k}", f"2026-0{k}-{day:02}", 1000) for k in range(1, 6) for day in range(1, k + 1)]
    scored = _scores(_bought(*rows))
    assert scored[["r", "f", "m"]].to_numpy().tolist() == [[k, k, k] for k in range(1, 6)]
    assert scored["frequency"].tolist() == [1, 2, 3, 4, 5]
    assert scored["monetary"].tolist() == [1000, 2000, 3000, 4000, 5000]
    assert scored.loc["C5", "recency_days"] == 179  # 5 May to 31 October
    assert scored["group"].tolist() == ["silent", "hibernating", "loyal", "champions", "champions"]


def test_a_purchase_on_the_last_day_was_no_days_ago() -> None:
    assert _scores(_bought(("A", "2026-10-31", 1)))["recency_days"].tolist() == [0]


def test_equal_customers_score_equally_and_the_least_frequency_scores_one_however_common() -> None:
    rows = [(f"C{k}", "2026-03-01", 500) for k in range(9)] + [("D", "2026-03-01", 500), ("D", "2026-03-02", 500)]
    scored = _scores(_bought(*rows))
    assert scored.loc[[f"C{k}" for k in range(9)], ["r", "f", "m"]].drop_duplicates().to_numpy().tolist() == [[3, 1, 3]]
    assert scored.loc["D", ["r", "f", "m"]].tolist() == [5, 5, 5]


def test_when_all_are_alike_nobody_is_better_or_worse() -> None:
    scored = _scores(_bought(*((f"C{k}", "2026-03-01", 500) for k in range(7))))
    assert scored[["r", "f", "m", "group"]].drop_duplicates().to_numpy().tolist() == [[3, 1, 3, "cooling"]]


def test_several_purchases_on_one_day_are_one_purchase_day() -> None:
    care = _bought(("A", "2026-03-01T08:00", 100), ("A", "2026-03-01T20:00", 100), ("A", "2026-03-02T08:00", 100))
    assert _scores(care)["frequency"].tolist() == [2]


def test_what_came_back_was_bought_and_brought_nothing() -> None:
    care = _bought(("A", "2026-03-01", 100), ("A", "2026-03-05", 300), returned=[False, True])
    assert _scores(care)[["frequency", "monetary"]].to_numpy().tolist() == [[2, 100]]


def test_a_refund_is_no_purchase_and_is_taken_off() -> None:
    care = _bought(("A", "2026-03-01", 300), ("A", "2026-04-01", -100), ("B", "2026-04-01", -50))
    scored = _scores(care)
    assert scored.index.tolist() == ["A"]  # B bought nothing in what is known
    assert (scored.loc["A", "frequency"], scored.loc["A", "monetary"]) == (1, 200)
    assert scored.loc["A", "recency_days"] == 244


def test_a_period_and_a_day_look_at_what_was_known_then() -> None:
    care = _bought(("A", "2026-03-01", 100), ("A", "2026-09-30", 50), ("B", "2026-09-01", 70))
    early, month = _scores(care, as_of="2026-08-31"), _scores(care, period="2026-09")
    assert early[["recency_days", "monetary"]].to_numpy().tolist() == [[183, 100]]
    assert month["recency_days"].to_dict() == {"A": 0, "B": 29}
    assert month["monetary"].to_dict() == {"A": 50, "B": 70}


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"as_of": "2026-11-01"}, "lies after 2026-10-31"),
        ({"as_of": "31/10/2026"}, "is a day written as"),
        ({"as_of": "2026-10-31", "period": "2026"}, "not both"),
        ({"classes": 2}, "from 3 to 10"),
    ],
)
def test_what_cannot_be_asked_is_refused(asked: dict[str, Any], said: str) -> None:
    with pytest.raises(CareError, match=said):
        cs.rfm(_bought(("A", "2026-03-01", 100)), **asked)


def test_what_is_missing_is_named() -> None:
    with pytest.raises(Missing, match="transactions"):
        cs.rfm(cs.load({"customers": table("customer_id joined_on", ("A", "2026-01-01"))}))


purchases = st.lists(
    st.tuples(st.integers(0, 12), st.integers(1, 28), st.integers(-300, 900)), min_size=1, max_size=40
).filter(lambda rows: any(amount >= 0 for *_, amount in rows))


@settings(max_examples=10)
@given(purchases, st.randoms())
def test_scores_do_not_depend_on_the_order_of_rows_and_better_never_scores_lower(rows: list[Any], dice: Any) -> None:
    listed = [(f"C{who:02}", f"2026-03-{day:02}", amount) for who, day, amount in rows]
    scored = _scores(_bought(*listed))
    dice.shuffle(listed)
    assert scored.equals(_scores(_bought(*listed)))
    for value, score in (("last", "r"), ("frequency", "f"), ("monetary", "m")):
        ranked = scored.sort_values(value)
        assert ranked[score].is_monotonic_increasing
        assert ranked.groupby(value)[score].agg(["min", "max"]).T.duplicated().sum() == 1


def test_the_frame_has_all_groups_and_adds_up_to_all_who_bought_and_are_here() -> None:
    care = demo()
    stayed = care.table("customers").filter(care.table("customers").left_on.isnull()).customer_id
    bought = care.table("transactions").filter(care.table("transactions").customer_id.isin(stayed))
    found, all_of_them = cs.rfm(care), cs.pareto(care.with_table("transactions", bought)).iloc[0]
    assert found["group"].tolist() == list(GROUPS)
    assert found["customers"].sum() == 3537
    assert found["share"].sum() == pytest.approx(1)
    assert found["revenue"].sum() == pytest.approx(all_of_them["revenue"])
    assert found["low"].lt(found["share"]).all()
    assert found["high"].gt(found["share"]).all()


def test_a_group_with_nobody_stands_with_zero() -> None:
    found = cs.rfm(_bought(("A", "2026-03-01", 100))).set_index("group")
    assert found["customers"].to_dict() == {name: int(name == "cooling") for name in GROUPS}
    assert found.loc["cooling", ["share", "revenue", "revenue_share", "recency_days"]].tolist() == [1, 100, 1, 244]
    assert found.loc["silent", ["share", "revenue"]].tolist() == [0, 0]


def test_where_nothing_was_earned_no_group_has_a_share_of_it() -> None:
    assert cs.rfm(_bought(("A", "2026-03-01", 0)))["revenue_share"].isna().all()


@pytest.mark.parametrize("classes", [3, 4, 10])
def test_other_classes_keep_the_groups(classes: int) -> None:
    scored = _scores(demo(), classes=classes)
    assert (scored["r"].min(), scored["r"].max()) == (1, classes)
    assert set(scored["group"]) <= set(GROUPS)
    assert (scored.loc[scored["group"] == "champions", ["r", "f", "m"]] > classes / 2).all().all()


def _with_customers(*stays: tuple[Any, ...], columns: str = "customer_id joined_on left_on") -> Any:
    """Ten customers who bought often and much, until half of them stopped; with the stays of some of them."""
    rows = [
        (f"C{k}", f"{year}-{month:02}-15", 1000 + k)
        for k in range(10)
        for year in (2025, 2026)
        for month in range(1, 11 if k < 5 else 4)
    ]
    bought = table("customer_id occurred_at amount", *rows, amount="int64")
    return cs.load({"transactions": bought, "customers": table(columns, *stays)}, as_of="2026-10-31")


def test_who_is_known_to_have_left_is_in_no_group_and_scored_with_nobody() -> None:
    stays = [(f"C{k}", "2025-01-01", "2026-04-01" if k >= 7 else None) for k in range(10)]
    care = _with_customers(*stays)
    scored = _scores(care)
    assert scored.index.tolist() == [f"C{k}" for k in range(7)]
    groups = cs.rfm(care)
    assert groups["customers"].sum() == 7
    assert groups["share"].sum() == pytest.approx(1)
    # The scores of the others are those of a company that never had the leavers.
    stayed = care.table("transactions").filter(~care.table("transactions").customer_id.isin(["C7", "C8", "C9"]))
    again = _scores(care.with_table("transactions", stayed))
    pd.testing.assert_frame_equal(scored, again)


def test_leaving_counts_from_its_day_on_and_who_came_back_is_here() -> None:
    stays = [
        ("C0", "2025-01-01", "2026-10-31"), ("C1", "2025-01-01", "2026-11-01"), ("C2", "2025-01-01", "2025-06-01"),
        ("C2", "2026-01-01", None), ("C3", "2025-01-01", "2026-06-30"),
    ]  # fmt: skip
    care = _with_customers(*stays)
    # On the last day C0 has left, C1 has not, C2 is back, and of C4 to C9 nobody knows.
    assert _scores(care).index.tolist() == ["C1", "C2", *(f"C{k}" for k in range(4, 10))]
    # At the end of 2025 all but C2 are here.
    assert _scores(care, as_of="2025-12-31").index.tolist() == ["C0", "C1", *(f"C{k}" for k in range(3, 10))]


def test_of_the_demo_nobody_whom_they_cannot_lose_has_left() -> None:
    care = demo()
    customers = care["customers"]
    gone = customers.loc[customers["left_on"].notna(), "customer_id"]
    assert not set(gone) & set(cs.rfm_scores(care)["customer_id"])
    assert cs.rfm(care).set_index("group").loc["cannot_lose", "customers"] > 100
