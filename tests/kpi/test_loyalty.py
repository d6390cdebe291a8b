"""How many customers stay, leave and come, where contracts tell when they joined and left."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from companies import by_group, fraction, people

import carestudy as cs
from carestudy import kpi

EDGES = {  # what October 2026 counts for a customer with these stays: at its start, lost, new, returned, at its end
    "joined the day before": ([("2026-09-30", None)], (1, 0, 0, 0, 1)),
    "joined on the first day": ([("2026-10-01", None)], (0, 0, 1, 0, 1)),
    "joined on the last day": ([("2026-10-31", None)], (0, 0, 1, 0, 1)),
    "joined the day after": ([("2026-11-01", None)], (0, 0, 0, 0, 0)),
    "left the day before": ([("2026-01-05", "2026-09-30")], (0, 0, 0, 0, 0)),
    "left on the first day": ([("2026-01-05", "2026-10-01")], (1, 1, 0, 0, 0)),
    "left on the last day": ([("2026-01-05", "2026-10-31")], (1, 1, 0, 0, 0)),
    "left the day after": ([("2026-01-05", "2026-11-01")], (1, 0, 0, 0, 1)),
    "stayed": ([("2026-01-05", None)], (1, 0, 0, 0, 1)),
    "joined and left": ([("2026-10-05", "2026-10-20")], (0, 0, 0, 0, 0)),
    "joined and left on one day": ([("2026-10-05", "2026-10-05")], (0, 0, 0, 0, 0)),
    "never joined": ([(None, None)], (0, 0, 0, 0, 0)),
}
RETURNERS = {
    "came back": ([("2026-01-05", "2026-09-10"), ("2026-10-05", None)], (0, 0, 0, 1, 1)),
    "came back and left": ([("2026-01-05", "2026-09-10"), ("2026-10-05", "2026-10-20")], (0, 0, 0, 0, 0)),
    "left and came back": ([("2026-01-05", "2026-10-05"), ("2026-10-20", None)], (1, 0, 0, 0, 1)),
    "left and came back later": ([("2026-01-05", "2026-10-05"), ("2026-11-05", None)], (1, 1, 0, 0, 0)),
    "joined, left and came back": ([("2026-10-02", "2026-10-05"), ("2026-10-09", None)], (0, 0, 1, 0, 1)),
    "came back on the day of leaving": ([("2026-01-05", "2026-10-05"), ("2026-10-05", None)], (1, 0, 0, 0, 1)),
}
PARTS = ["start", "lost", "new", "returned", "end"]


def company(stays: dict[str, Any]) -> Any:
    rows = [(name, *stay, name) for name, (spells, _) in stays.items() for stay in spells]
    return cs.load({"customers": people(*rows, columns="case")}, as_of="2026-12-31")


@pytest.mark.parametrize("stays", [EDGES, EDGES | RETURNERS], ids=["one stay each", "several stays"])
def test_each_day_counts_on_its_own_side_of_a_period(stays: dict[str, Any]) -> None:
    found = cs.bridge(company(stays), period="2026-10", by="case").set_index("case")[PARTS]
    assert {name: tuple(row) for name, row in found.iterrows()} == {name: told for name, (_, told) in stays.items()}


def test_the_rates_are_those_of_the_bridge() -> None:
    care = company(EDGES | RETURNERS)
    (row,) = cs.bridge(care, period="2026-10").to_dict("records")
    start, lost, end = row["start"], row["lost"], row["end"]
    assert start - lost + row["new"] + row["returned"] == end
    assert fraction(kpi.retention_rate(care, period="2026-10")) == (start - lost, start)
    assert fraction(kpi.gross_churn_rate(care, period="2026-10")) == (lost, start)
    assert fraction(kpi.net_growth_rate(care, period="2026-10")) == (end - start, start)


def test_those_who_come_back_push_the_count_formula_over_everybody() -> None:
    stays = [("A", "2026-01-05", None), ("B", "2026-01-05", "2026-05-05"), ("B", "2026-10-09", None)]
    care = cs.load({"customers": people(*stays)}, as_of="2026-12-31")
    (row,) = cs.bridge(care, period="2026-10").to_dict("records")
    assert (row["end"] - row["new"]) / row["start"] == 2.0
    assert kpi.retention_rate(care, period="2026-10")["value"].item() == 1.0


def test_net_growth_is_positive_where_more_come_than_go_and_negative_where_more_go() -> None:
    old, new = [("A", "2026-01-05", None), ("B", "2026-01-05", "2026-10-09")], ["C", "D"]
    rows = [*old, *((name, "2026-10-09", None) for name in new)]
    assert kpi.net_growth_rate(people(*rows), period="2026-10")["value"].item() == 0.5
    assert kpi.net_growth_rate(people(*rows[:2]), period="2026-10")["value"].item() == -0.5


def test_net_growth_is_no_proportion_and_may_leave_zero_to_one() -> None:
    rows = [(f"old {k}", "2026-01-05", None) for k in range(20)] + [(f"new {k}", "2026-10-09", None) for k in range(30)]
    found = kpi.net_growth_rate(people(*rows), period="2026-10").iloc[0]
    assert found["low"] < found["value"] == 1.5 < found["high"]


def test_nobody_coming_or_going_leaves_open_which_way_the_base_moves() -> None:
    rows = [(f"old {k}", "2026-01-05", None) for k in range(20)] + [("gone", "2026-01-05", "2026-09-09")]
    care = cs.load({"customers": people(*rows)}, as_of="2026-12-31")
    found, churn = (one(care, period="2026-10").iloc[0] for one in (kpi.net_growth_rate, kpi.gross_churn_rate))
    assert found[["value", "low", "high"]].tolist() == pytest.approx([0, -churn["high"], churn["high"]])


def test_nobody_at_the_start_gives_no_rate() -> None:
    found = kpi.retention_rate(people(("A", "2026-10-05", None)), period="2026-10").iloc[0]
    assert found[["value", "low", "high"]].isna().all()
    assert found[["n", "numerator", "denominator"]].tolist() == [0, 0, 0]


def test_customers_without_a_region_are_a_region_of_their_own() -> None:
    rows = [("A", "2026-01-05", None, "Bắc"), ("B", "2026-01-05", "2026-10-09", None), ("C", "2026-01-05", None, "")]
    found = kpi.retention_rate(people(*rows, columns="region"), period="2026-10", by="region")
    assert by_group(found, "region") == {"Bắc": 1.0, None: 0.5}


def test_who_came_back_counts_where_they_are_now() -> None:
    rows = [
        ("A", "2026-01-05", "2026-09-09", "Bắc"),
        ("A", "2026-10-09", None, "Nam"),
        ("B", "2026-01-05", None, "Bắc"),
    ]
    care = cs.load({"customers": people(*rows, columns="region")}, as_of="2026-12-31")
    end = cs.bridge(care, period="2026-10", by="region")
    assert by_group(end, "region", "returned") == {"Bắc": 0, "Nam": 1}
    assert by_group(kpi.customers_on_file(care, by="region"), "region") == {"Bắc": 1, "Nam": 1}


def test_annual_loss_looks_back_twelve_months_from_the_end_of_the_period() -> None:
    rows = [
        ("stays", "2025-01-05", None),
        ("left in it", "2025-10-31", "2026-10-31"),
        ("left before", "2025-01-05", "2025-10-31"),
        ("joined in it", "2025-11-01", "2026-05-05"),
        ("leaves after", "2025-01-05", "2026-11-01"),
    ]
    care = cs.load({"customers": people(*rows)}, as_of="2026-12-31")
    assert fraction(kpi.annual_loss(care, period="2026-10")) == (1, 3)
    assert fraction(kpi.annual_loss(care, period="2026")) == (3, 4)


def test_a_period_that_is_not_over_ends_where_the_data_end() -> None:
    rows = [("A", "2026-01-05", None), ("B", "2026-01-05", "2026-10-09"), ("C", "2026-10-12", None)]
    care = cs.load({"customers": people(*rows)}, as_of="2026-10-12")
    assert cs.bridge(care, period="2026-10")[PARTS].iloc[0].tolist() == [2, 1, 1, 0, 2]


def test_without_a_period_the_twelve_months_up_to_the_end_of_the_data_count() -> None:
    found = kpi.retention_rate(cs.load({"customers": people(("A", "2025-01-05", None))}, as_of="2026-10-15"))
    assert found["period"].item() == "2025-10-16..2026-10-15"


def test_reasons_are_shares_of_those_lost_and_silence_is_a_reason() -> None:
    left = {"A": ("2026-05-05", "price"), "B": ("2026-05-05", None), "C": ("2026-06-05", "price")}
    others = {"D": (None, None), "left too long ago": ("2025-06-05", "price")}
    rows = [(name, "2025-01-05", *end) for name, end in (left | others).items()]
    care = cs.load({"customers": people(*rows, columns="leave_reason")}, as_of="2026-12-31")
    found = kpi.leaving_reasons(care, period="2026-10")
    assert by_group(found, "leave_reason", "numerator") == {"price": 2, None: 1}
    assert found["denominator"].tolist() == [3, 3]


def test_owned_rate_tells_how_many_customers_have_nobody() -> None:
    rows = [("A", "2026-01-05", None, "An"), ("B", "2026-01-05", None, ""), ("C", "2026-01-05", "2026-05-05", "An")]
    care = cs.load({"customers": people(*rows, columns="owner")}, as_of="2026-12-31")
    assert fraction(kpi.owned_rate(care, period="2026-10")) == (1, 2)


def test_everyone_on_file_is_counted_once_whatever_the_period() -> None:
    rows = [("A", "2025-01-05", "2025-02-05"), ("A", "2026-01-05", None), ("B", "2026-01-05", None)]
    found = kpi.customers_on_file(people(*rows))
    assert found[["value", "low", "high"]].iloc[0].tolist() == [2.0, 2.0, 2.0]


def test_the_row_of_a_rate_is_the_same_asked_alone_or_in_a_run() -> None:
    care = company(EDGES | RETURNERS)
    run = kpi.retention_rate(care, period="2026-11", every="month", last=3)
    alone = [kpi.retention_rate(care, period=period) for period in run["period"]]
    pd.testing.assert_frame_equal(run, pd.concat(alone, ignore_index=True))
