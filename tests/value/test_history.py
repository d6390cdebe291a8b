"""What each customer has bought again: counted by the day, refunds and returned purchases by rule."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import carestudy as cs
from carestudy.contract import CareError, Missing

SALES = pd.DataFrame(
    [
        ("A", "2026-01-05 09:00", 100, "no"), ("A", "2026-01-05 18:00", 50, "no"),  # one day
        ("A", "2026-01-19 09:00", 40, "no"), ("A", "2026-01-26 23:59", 0, "no"),  # a day that cost nothing
        ("A", "2026-02-20 09:00", 999, "yes"), ("A", "2026-03-02 09:00", 30, "no"),
        ("B", "2026-01-10 09:00", 200, "no"), ("B", "2026-01-12 09:00", -50, "no"),  # a refund and no purchase
        ("B", "2026-02-09 09:00", 200, "no"),
        ("C", "2026-03-20 09:00", 70, "no"), ("D", "2026-02-01 09:00", -10, "no"), (None, "2026-01-01 09:00", 5, "no"),
    ],
    columns=["customer_id", "occurred_at", "amount", "returned"],
)  # fmt: skip
PEOPLE = pd.DataFrame({"customer_id": ["A", "C"], "segment": ["old", "new"]})


@pytest.fixture(scope="module")
def shop() -> Any:
    return cs.load({"transactions": SALES, "customers": PEOPLE}, as_of="2026-03-31")


def rows(frame: pd.DataFrame) -> dict[str, dict[str, Any]]:
    return {row["customer_id"]: row for row in frame.to_dict("records")}


def test_days_with_a_purchase_after_the_first_are_counted(shop: Any) -> None:
    found = rows(cs.purchase_history(shop, unit="day"))
    assert list(found) == ["A", "B", "C"]
    assert {name: (row["x"], row["t_x"], row["T"]) for name, row in found.items()} == {
        "A": (3, 56, 85), "B": (1, 30, 80), "C": (0, 0, 11),
    }  # fmt: skip
    assert found["A"]["first"] == date(2026, 1, 5)


def test_the_mean_value_is_of_the_later_days_and_what_refunds_leave(shop: Any) -> None:
    found = rows(cs.purchase_history(shop))
    assert found["A"]["value"] == pytest.approx((40 + 0 + 30) / 3)
    assert found["B"]["value"] == pytest.approx(200 * (1 - 50 / 400))
    assert found["C"]["value"] == 0
    assert {name: row["brought"] for name, row in found.items()} == {"A": 220, "B": 350, "C": 70}


def test_what_came_after_a_day_is_told_apart(shop: Any) -> None:
    found = rows(cs.purchase_history(shop, until="2026-01-31", unit="day"))
    assert list(found) == ["A", "B"]
    names = ("x", "t_x", "T", "brought", "x_after", "brought_after", "T_after")
    assert {name: tuple(row[one] for one in names) for name, row in found.items()} == {
        "A": (2, 21, 26, 190, 1, 30, 59), "B": (0, 0, 21, 150, 1, 200, 59),
    }  # fmt: skip


def test_an_earlier_moment_knows_nothing_of_what_came_after(shop: Any) -> None:
    early = replace(shop, as_of=pd.Timestamp("2026-02-01", tz="Asia/Ho_Chi_Minh").to_pydatetime())
    told = rows(cs.purchase_history(early, unit="day"))
    before = rows(cs.purchase_history(shop, until="2026-01-31", unit="day"))
    assert {name: (row["x"], row["t_x"], row["T"]) for name, row in told.items()} == {
        name: (row["x"], row["t_x"], row["T"]) for name, row in before.items()
    }


def test_a_dimension_of_customers_stands_beside_and_strangers_are_a_group(shop: Any) -> None:
    found = rows(cs.purchase_history(shop, by="segment"))
    assert (found["A"]["segment"], found["C"]["segment"]) == ("old", "new")
    assert pd.isna(found["B"]["segment"])
    with pytest.raises(Missing, match="region"):
        cs.purchase_history(shop, by="region")


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"until": "31.1.2026"}, "is no day"),
        ({"until": "2026-04-01"}, "lies after 2026-03-31"),
        ({"unit": "month"}, "choose day or week"),
    ],
)
def test_what_makes_no_sense_is_refused(shop: Any, asked: Any, message: str) -> None:
    with pytest.raises(CareError, match=message):
        cs.purchase_history(shop, **asked)


@settings(max_examples=25)
@given(
    st.lists(
        st.tuples(st.sampled_from("AB"), st.integers(0, 40), st.integers(0, 9_000)), min_size=1, max_size=12
    )
)  # fmt: skip
def test_it_is_what_a_loop_over_the_receipts_counts(bought: list[tuple[str, int, int]]) -> None:
    sales = pd.DataFrame(
        {"customer_id": [name for name, _, _ in bought], "amount": [amount for _, _, amount in bought],
         "occurred_at": [str(date(2026, 1, 1) + pd.Timedelta(days=day)) for _, day, _ in bought]}
    )  # fmt: skip
    found = rows(cs.purchase_history(cs.load({"transactions": sales}, as_of="2026-03-01"), unit="day"))
    for name in {one for one, _, _ in bought}:
        by_day: dict[int, int] = {}
        for one, day, amount in bought:
            if one == name:
                by_day[day] = by_day.get(day, 0) + amount
        first, last = min(by_day), max(by_day)
        told = found[name]
        assert (told["x"], told["t_x"], told["T"]) == (len(by_day) - 1, last - first, 59 - first)
        later = sum(amount for day, amount in by_day.items() if day != first)
        assert told["value"] == pytest.approx(later / max(len(by_day) - 1, 1))
