"""What customers have brought: counted from their first day, and of all of them."""

from __future__ import annotations

import pandas as pd
import pytest
from companies import DATA

import carestudy as cs
from carestudy.contract import CareError, Missing
from carestudy.value import value_to_date

PEOPLE = pd.DataFrame(
    {"customer_id": [f"C{n}" for n in range(12)], "joined_on": ["2025-01-10"] * 10 + ["2025-12-01", None]}
)
SALES = pd.DataFrame(
    {
        "customer_id": ["C0", "C0", "C0", "C1", "C1", "C2", "C10", None],
        "occurred_at": ["2025-01-10", "2026-01-09 23:59", "2026-01-10", "2025-06-01", "2025-01-09", "2025-02-01",
                        "2025-12-02", "2025-06-01"],
        "amount": [100, 20, 999, 50, 999, 30, 999, 999],
        "returned": [None, "no", "no", "no", "no", "yes", "no", "no"],
    }
)  # fmt: skip


def test_the_first_year_ends_before_the_same_day_of_the_next() -> None:
    care = cs.load({"customers": PEOPLE, "transactions": SALES}, as_of="2026-10-31")
    frame = value_to_date(care, months=[12, 24])
    assert frame["value"].tolist()[0] == pytest.approx(170 / 10)
    assert frame[["customers", "bought"]].to_numpy().tolist() == [[10, 2], [0, 0]]
    assert frame["low"][0] < 17 < frame["high"][0]
    assert frame[["value", "low", "high"]].iloc[1].isna().all()


def test_who_began_too_late_is_not_counted_yet() -> None:
    data = {"customers": PEOPLE, "transactions": SALES}
    counted = [
        value_to_date(cs.load(data, as_of=day), months=[12])["customers"].item() for day in ("2026-01-08", "2026-01-09")
    ]
    assert counted == [0, 10]


def test_without_joining_days_a_customer_begins_with_the_first_purchase() -> None:
    early = pd.DataFrame({"customer_id": [None], "occurred_at": ["2024-11-01"], "amount": [999], "returned": [None]})
    care = cs.load({"transactions": pd.concat([early, SALES])}, as_of="2026-10-31", inactive_after=60)
    frame = value_to_date(care, months=[1])
    assert frame[["customers", "bought", "left_out"]].to_numpy().tolist() == [[4, 3, 0]]
    assert frame["value"].item() == pytest.approx((100 + 999 + 0 + 999) / 4)
    assert frame[["low", "high"]].isna().all(axis=None)


def test_who_may_have_begun_before_the_data_is_left_out_and_counted() -> None:
    # The data begin on 9 January: a first purchase soon after it may follow one that they do not hold.
    care = cs.load({"transactions": SALES}, as_of="2026-10-31", inactive_after=24)
    frame = value_to_date(care, months=[1, 12])
    assert frame["left_out"].tolist() == [3, 3]  # C0 and C1, and C2 on 1 February
    assert frame["customers"].tolist() == [1, 0]
    later = cs.load({"transactions": SALES}, as_of="2026-10-31", inactive_after=23)
    assert value_to_date(later, months=[1])[["customers", "left_out"]].iloc[0].tolist() == [2, 2]
    assert value_to_date(cs.load({"customers": PEOPLE, "transactions": SALES}), months=[1])["left_out"].item() == 0


def _monthly(joined: list[str], first: str, months: int = 10) -> cs.Care:
    """Customers who each buy for 100 on the same day of every month, from the first day of the data or of their own."""
    people = pd.DataFrame({"customer_id": [f"K{n}" for n in range(len(joined))], "joined_on": joined})
    days = [pd.Timestamp(first) + pd.DateOffset(months=n) for n in range(months)]
    rows = [
        (one, day, 100)
        for one, start in people.itertuples(index=False)
        for day in days
        if day >= pd.Timestamp(start)
    ]  # fmt: skip
    sales = pd.DataFrame(rows, columns=["customer_id", "occurred_at", "amount"])
    return cs.load({"customers": people, "transactions": sales})


def _every(days: int, start: str, count: int) -> list[str]:
    return [str(day.date()) for day in pd.date_range(start, periods=count, freq=f"{days}D")]


def test_who_joined_before_the_sales_begin_is_left_out_and_not_counted_as_zero() -> None:
    care = _monthly(_every(3, "2024-01-05", 100), "2025-01-15")
    frame = value_to_date(care, months=[6, 12])  # 80 and 484 when the months before the data count as empty ones
    assert frame["value"].isna().all()
    assert frame[["customers", "left_out"]].to_numpy().tolist() == [[0, 100], [0, 100]]


def test_who_joined_since_the_sales_begin_has_the_right_value() -> None:
    care = _monthly(_every(3, "2024-01-05", 100) + _every(3, "2025-01-15", 20), "2025-01-15")
    frame = value_to_date(care, months=[1, 6])
    assert frame["value"].tolist() == [100.0, 600.0]
    assert frame[["customers", "left_out"]].to_numpy().tolist() == [[20, 100], [20, 100]]


@pytest.mark.parametrize(("joined", "customers", "left_out"), [("2024-12-15", 12, 0), ("2024-12-14", 0, 12)])
def test_first_customers_may_join_up_to_a_month_before_the_first_sale(
    joined: str, customers: int, left_out: int
) -> None:
    frame = value_to_date(_monthly([joined] * 12, "2025-01-15"), months=[6])
    assert frame[["customers", "left_out"]].iloc[0].tolist() == [customers, left_out]


def test_in_data_that_begin_late_nobody_who_joined_shortly_before_counts() -> None:
    # Others joined a year earlier: who joined ten days before the first sale may have bought in these ten days.
    frame = value_to_date(
        _monthly(["2024-01-05"] * 5 + ["2025-01-05"] * 5 + ["2025-01-15"] * 12, "2025-01-15"), months=[6]
    )
    assert frame[["value", "customers", "left_out"]].iloc[0].tolist() == [600.0, 12, 10]


def test_it_equals_a_count_by_hand_on_the_demo() -> None:
    frame = value_to_date(cs.load(DATA / "demo"), months=[12])
    people, sales = (pd.read_parquet(DATA / "demo" / f"{name}.parquet") for name in ("customers", "transactions"))
    people["begin"] = pd.to_datetime(people["joined_on"])
    people["end"] = people["begin"] + pd.DateOffset(months=12)
    old = people[people["end"] <= pd.Timestamp("2026-11-01")]
    both = sales[sales["returned"] != True].merge(old, on="customer_id")  # noqa: E712 - it may be missing
    early = both[(both["occurred_at"] >= both["begin"]) & (both["occurred_at"] < both["end"])]
    each = early.groupby("customer_id")["amount"].sum().reindex(old["customer_id"]).fillna(0)
    assert frame["value"].item() == pytest.approx(each.mean())
    assert frame["high"].item() - frame["value"].item() == pytest.approx(1.959964 * each.sem(), rel=1e-6)


@pytest.mark.parametrize("months", [[], [0], [1.5], [True]])
def test_months_are_whole_numbers(months: list[int]) -> None:
    with pytest.raises(CareError, match=r"^value_to_date: months is .* whole number of months"):
        value_to_date(cs.load({"transactions": SALES}), months=months)


def test_amounts_are_needed() -> None:
    with pytest.raises(Missing, match="amount"):
        value_to_date(cs.load({"transactions": SALES.drop(columns="amount")}))
