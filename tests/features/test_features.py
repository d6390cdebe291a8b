"""What is known of each customer on a day, counted by hand, and nothing that happened later."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from companies import demo, people, table

import carestudy as cs
from carestudy import kpi
from carestudy.contract import CareError, Missing

SALES = [
    ("A", "2026-01-10T09:00:00", 100, False, "Shop"),
    ("A", "2026-10-01T09:00:00", 300, False, "Web"),
    ("A", "2026-10-01T18:00:00", 500, True, "Web"),
    ("A", "2026-10-02T09:00:00", -50, False, "Web"),
    ("B", "2025-09-01T09:00:00", 70, False, "Shop"),
    ("C", "2026-10-31T23:59:59", 40, False, None),
]
CONTACTS = [
    ("K1", "A", "2026-10-01T10:00:00", "2026-10-02T10:00:00", "complaint", "Bill", "inbound"),
    ("K2", "A", "2026-10-09T10:00:00", None, "question", "Bill", "inbound"),
    ("K3", "A", "2026-10-20T10:00:00", None, "question", "Bill", "outbound"),
    ("K4", "B", "2025-09-01T10:00:00", None, "complaint", "Bill", "inbound"),
]
ANSWERS = [
    ("R1", "A", "2026-09-01T10:00:00", "csat", 5.0),
    ("R2", "A", "2026-10-01T10:00:00", "csat", 2.0),
    ("R3", "B", "2026-10-01T10:00:00", "nps", 10.0),
    ("R4", "B", "2024-10-01T10:00:00", "nps", 0.0),
]


@pytest.fixture(scope="module")
def small() -> Any:
    customers = people(
        ("A", "2026-01-10", None, 1990, "Nam", "Dưới 10 triệu"),
        ("B", "2025-09-01", "2026-10-15", None, None, "Trên 40 triệu"),
        ("C", "2026-10-31", None, 2000, "Nữ", "(khác)"),
        columns="birth_year gender income_band",
    )
    sold = pd.DataFrame(SALES, columns=["customer_id", "occurred_at", "amount", "returned", "channel"])
    asked = table("contact_id customer_id opened_at resolved_at kind topic direction", *CONTACTS)
    said = table("response_id customer_id answered_at question score", *ANSWERS, score="float64")
    tables = {"customers": customers, "transactions": sold, "contacts": asked, "responses": said}
    return cs.load(tables, as_of="2026-10-31")


def _rows(care: Any, **asked: Any) -> pd.DataFrame:
    return cs.features(care, **asked).set_index("customer_id").sort_index()


def test_purchases_are_those_counted_by_hand(small: Any) -> None:
    a = _rows(small).loc["A"]
    assert (a["recency_days"], a["frequency"], a["orders"]) == (30, 2, 3)
    assert a["monetary"] == 100 + 300 - 50
    assert (a["mean_order"], a["typical_order"]) == (300.0, 300.0)
    assert a["return_share"] == pytest.approx(1 / 3)
    assert a["purchase_channels"] == 2
    assert a["orders_per_month"] == pytest.approx(3 * 30.4375 / 294)
    assert a["monetary_year"] == 350


def test_a_purchase_on_the_day_itself_has_recency_zero_and_membership_counts_as_a_month_at_least(small: Any) -> None:
    c = _rows(small).loc["C"]
    assert (c["recency_days"], c["tenure_days"], c["orders_per_month"]) == (0, 0, 1.0)


def test_money_of_the_year_leaves_out_what_is_older(small: Any) -> None:
    b = _rows(small).loc["B"]
    assert (b["monetary"], b["monetary_year"]) == (70, 0)


def test_who_is_here_and_for_how_long(small: Any) -> None:
    rows = _rows(small)
    assert rows["here"].to_dict() == {"A": True, "B": False, "C": True}
    assert rows["tenure_days"].to_dict() == {"A": 294, "B": 409, "C": 0}
    assert str(rows.loc["B", "left_on"]) == "2026-10-15"
    assert rows["age"].iloc[0] == 36
    assert np.isnan(rows["age"].iloc[1])
    assert rows["income_rank"].tolist()[:2] == [1, 2]
    assert np.isnan(rows["income_rank"].iloc[2])


def test_service_is_that_of_twelve_months_without_the_contacts_we_began(small: Any) -> None:
    rows = _rows(small)[["contacts", "complaints", "recontacts", "unresolved"]]
    # K2 came exactly seven days after K1 was closed.
    assert rows.to_numpy().tolist() == [[2, 1, 1, 1], [0, 0, 0, 0], [0, 0, 0, 0]]


def test_satisfaction_is_the_last_and_the_mean_answer_of_twelve_months(small: Any) -> None:
    rows = _rows(small)
    assert rows.loc["A", ["csat_last", "csat_mean", "csat_answers"]].tolist() == [2.0, 3.5, 2]
    assert rows.loc["B", ["nps_last", "nps_mean", "nps_answers"]].tolist() == [10.0, 10.0, 1]
    assert rows.loc["C", "csat_answers"] == 0
    assert np.isnan(rows.loc["C", "csat_last"])


def test_nothing_after_the_day_is_read(small: Any) -> None:
    rows = _rows(small, as_of="2026-09-30")
    assert rows.index.tolist() == ["A", "B"]
    assert rows["here"].tolist() == [True, True]
    assert rows.loc["A", ["recency_days", "orders", "contacts", "csat_last"]].tolist() == [263, 1, 0, 5.0]
    pd.testing.assert_frame_equal(rows, _rows(small, period="2026-09"))


def test_data_cut_at_the_day_give_the_same_features() -> None:
    whole, day = demo(), "2026-06-30"
    cut = whole
    for name, time in (("transactions", "occurred_at"), ("contacts", "opened_at"), ("responses", "answered_at")):
        rows = whole.table(name)
        cut = cut.with_table(name, rows.filter(rows[time] < pd.Timestamp("2026-07-01")))
    pd.testing.assert_frame_equal(_rows(whole, as_of=day), _rows(cut, as_of=day))


@pytest.mark.parametrize("period", ["2026-10", "2026-03"])
def test_as_many_are_here_as_the_bridge_says(period: str) -> None:
    assert _rows(demo(), period=period, columns=[])["here"].sum() == cs.bridge(demo(), period=period)["end"].iloc[0]


def test_without_contracts_the_silent_are_gone_and_membership_begins_with_the_first_purchase() -> None:
    sold = table("customer_id occurred_at", ("A", "2026-01-01"), ("A", "2026-10-01"), ("B", "2026-10-02"))
    care = cs.load({"transactions": sold.assign(amount=[1, 2, 3])}, as_of="2026-10-31", inactive_after=29)
    rows = _rows(care, columns=["orders"])
    assert rows["here"].to_dict() == {"A": False, "B": True}
    assert rows["tenure_days"].to_dict() == {"A": 303, "B": 29}
    assert int(rows["here"].sum()) == cs.bridge(care, period="2026-10")["end"].iloc[0]


def test_stays_add_up_and_a_customer_who_came_back_is_one_row() -> None:
    stays = people(("A", "2026-01-01", "2026-01-11"), ("A", "2026-10-01", None))
    rows = _rows(cs.load({"customers": stays}, as_of="2026-10-31"))
    assert rows[["here", "tenure_days"]].to_numpy().tolist() == [[True, 40]]


def test_sums_agree_with_the_figures() -> None:
    rows = _rows(demo())
    returned = demo().table("transactions")
    back = returned.filter(returned.returned).amount.sum().to_pyarrow().as_py()
    assert rows["monetary"].sum() == kpi.invoiced(demo())["numerator"].iloc[0] - back
    assert rows["orders"].sum() == kpi.mean_transaction(demo())["n"].iloc[0]


def test_recency_and_days_are_those_of_purchases() -> None:
    rows = _rows(demo(), columns=["recency_days", "frequency", "orders"])
    bought = cs.purchases(demo()).set_index("customer_id").sort_index()
    silent = (pd.Timestamp("2026-10-31") - pd.to_datetime(bought["last"])).dt.days
    assert (rows["recency_days"] == silent).all()
    assert (rows["frequency"] == bought["days"]).all()
    assert (rows["orders"] == bought["transactions"]).all()


def test_it_is_one_query_that_has_not_run_yet() -> None:
    assert type(cs.features_table(demo())).__name__ == "Table"


def test_what_is_missing_is_named_with_what_is_close(small: Any) -> None:
    with pytest.raises(CareError, match="there is no feature 'recency_day'; did you mean 'recency_days'"):
        cs.features(small, columns=["recency_day"])
    with pytest.raises(Missing, match="needs table 'transactions'"):
        cs.features(cs.load({"customers": people(("A", "2026-01-01", None))}), columns=["orders"])
    with pytest.raises(CareError, match="not both"):
        cs.features(small, period="2026-09", as_of="2026-09-30")
    with pytest.raises(CareError, match="lies after 2026-10-31"):
        cs.features(small, as_of="2026-11-01")
    with pytest.raises(CareError, match="is a day written as"):
        cs.features(small, as_of="31/10/2026")


def test_customers_alone_have_their_profile() -> None:
    rows = table("customer_id age gender", ("A", "45-54", "Nam"), ("B", "65+", None), ("C", "unknown", "Nữ"))
    found = _rows(cs.load({"customers": rows}, as_of="2026-10-31"))
    assert found["age"].tolist()[:2] == [49, 65]
    assert np.isnan(found["age"].iloc[2])
    assert found["here"].all()
