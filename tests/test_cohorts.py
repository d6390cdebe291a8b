"""Cohorts: counted by hand, and against a plain count in pandas."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from companies import demo, people, table

import carestudy as cs
from carestudy.cohorts import cohorts

BOUGHT = table(
    "customer_id occurred_at amount",
    ("A", "2026-01-05", "5"), ("A", "2026-01-20", "5"), ("A", "2026-03-07", "5"),
    ("B", "2026-01-31", "5"), ("C", "2026-02-10", "5"), ("C", "2026-04-01", "5"), (None, "2026-01-05", "5"),
)  # fmt: skip


def shares(frame: pd.DataFrame) -> dict[str, list[float | None]]:
    """The shares of each cohort by age, None where the cell is missing."""
    return {
        str(name): [None if value != value else value for value in rows["value"]]
        for name, rows in frame.groupby("cohort", sort=False)
    }


def shop(as_of: str = "2026-03-31") -> Any:
    return cs.load({"transactions": BOUGHT}, as_of=as_of, inactive_after=30)


def test_on_asks_who_bought_in_the_very_month() -> None:
    found = shares(cohorts(shop()))
    assert found["2026-01"] == [1, 0, 0.5]
    assert found["2026-02"] == [1, 0, None]


def test_on_or_after_asks_who_bought_then_or_later() -> None:
    assert shares(cohorts(shop(), mode="on or after"))["2026-01"] == [1, 0.5, 0.5]


def test_cells_that_are_not_complete_are_missing_and_never_zero() -> None:
    found = cohorts(shop("2026-03-30")).set_index(["cohort", "age"])
    assert np.isnan(found.loc[("2026-02", 1), "value"])
    assert found.index.get_level_values("age").max() == 1
    assert found.loc[("2026-01", 1), "retained"] == 0
    assert "2026-03" not in found.index.get_level_values("cohort")


def test_averages_are_weighted_and_of_complete_cells_only() -> None:
    early = pd.DataFrame([("Z", "2025-12-01", "5")], columns=["customer_id", "occurred_at", "amount"])
    care = cs.load({"transactions": pd.concat([early, BOUGHT])}, as_of="2026-03-31", inactive_after=30)
    average = cohorts(care).query("cohort == 'all'").set_index("age")[:3]
    assert average["n"].tolist() == [3, 3, 2]
    assert average["retained"].tolist() == [3, 0, 1]
    assert average["value"].tolist() == pytest.approx([1, 0, 0.5])


def test_cohorts_that_may_hold_old_customers_are_marked_and_in_no_average() -> None:
    rows = [(f"{month}-{k}", f"2025-{month:02d}-{k + 1:02d}", "5") for month in range(1, 7) for k in range(10)]
    frame = pd.DataFrame([(f"K{who}", day, amount) for who, day, amount in rows])
    frame.columns = ["customer_id", "occurred_at", "amount"]
    care = cs.load({"transactions": frame}, as_of="2025-07-31", inactive_after=40)
    found = cohorts(care)
    noted = found.loc[found["note"].notna(), "cohort"].unique().tolist()
    assert noted == ["2025-01", "2025-02"]
    assert str(found["note"].iloc[0]).startswith("the purchases begin on 2025-01-01: who first buys before 2025-02-10")
    assert found.query("cohort == 'all' and age == 0")["n"].item() == 40
    page = cs.Show(care, period="2025-07", lang="en").cohorts().text
    assert "\nJanuary 2025" not in page
    assert "who first buys before 10 February 2025 may have been a customer before" in page


def test_where_all_cohorts_may_hold_old_customers_all_of_them_are_marked() -> None:
    found = cohorts(cs.load({"transactions": BOUGHT}, as_of="2026-03-31", inactive_after=300))
    assert found["note"].notna().all()
    assert found.query("cohort == 'all' and age == 0")["n"].item() == 3


def test_with_contracts_customers_are_here_until_they_leave() -> None:
    rows = people(
        ("A", "2026-01-05", "2026-02-01"), ("B", "2026-01-31", "2026-02-02"), ("C", "2026-01-10", None),
        ("D", "2026-01-15", "2026-03-15"), ("D", "2026-03-20", None),
    )  # fmt: skip
    found = cohorts(cs.load({"customers": rows}, as_of="2026-04-30"))
    assert shares(found)["2026-01"] == [1, 0.75, 0.5, 0.5]


def test_a_customer_who_comes_back_is_missing_while_away() -> None:
    rows = people(("A", "2026-01-05", "2026-01-20"), ("A", "2026-03-05", None), ("B", "2026-01-05", None))
    care = cs.load({"customers": rows}, as_of="2026-03-31")
    assert shares(cohorts(care))["2026-01"] == [1, 0.5, 1]
    assert shares(cohorts(care, mode="on or after"))["2026-01"] == [1, 1, 1]


@pytest.mark.parametrize("mode", ["on", "on or after"])
@pytest.mark.parametrize("every", ["week", "month", "quarter", "year"])
def test_cohorts_of_the_demos_purchases_equal_a_plain_count(every: str, mode: str) -> None:
    bought = demo().table("transactions").select("customer_id", "occurred_at", "amount")
    care = cs.load({"transactions": bought.to_pyarrow().to_pandas()}, as_of="2026-10-31")
    found = cohorts(care, every=every, mode=mode).query("cohort != 'all'")
    rows = bought.to_pyarrow().to_pandas()
    number = rows["occurred_at"].dt.to_period({"week": "W", "month": "M", "quarter": "Q", "year": "Y"}[every])
    rows = pd.DataFrame({"who": rows["customer_id"], "at": number.map(lambda one: one.ordinal)}).drop_duplicates()
    rows["cohort"] = rows.groupby("who")["at"].transform("min")
    rows["age"] = rows["at"] - rows["cohort"]
    reached = rows.groupby(["cohort", "who"])["age"].max().reset_index()
    complete = found.dropna(subset="value")
    for place, (_, cells) in enumerate(complete.groupby("cohort", sort=False)):
        first = sorted(rows["cohort"].unique())[place]
        for age in {0, len(cells) // 2, len(cells) - 1}:
            on = ((rows["cohort"] == first) & (rows["age"] == age)).sum()
            after = ((reached["cohort"] == first) & (reached["age"] >= age)).sum()
            assert cells[cells["age"] == age]["retained"].item() == (on if mode == "on" else after)


def test_groups_have_tables_of_their_own_that_add_up() -> None:
    whole, parts = cohorts(demo(), every="quarter"), cohorts(demo(), every="quarter", by="region")
    together = parts.groupby(["cohort", "age"], sort=False)["retained"].sum(min_count=1)
    assert together.dropna().to_dict() == whole.set_index(["cohort", "age"])["retained"].dropna().to_dict()


def test_an_unknown_mode_or_period_is_refused() -> None:
    with pytest.raises(cs.CareError, match="mode='after' is not known"):
        cohorts(shop(), mode="after")
    with pytest.raises(cs.CareError, match="every='day' is not known"):
        cohorts(shop(), every="day")
