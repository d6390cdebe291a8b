"""Classes of a profile: sizes, revenue, retention and NPS, and nobody to be recognised in a class of a few."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from companies import demo, people, table

import carestudy as cs
from carestudy import kpi
from carestudy.contract import CareError, Missing

YEAR = "2025-11..2026-10"


def _company(**sizes: int) -> Any:
    """Customers of regions, all here since 2024; the first of each bought for 100."""
    rows = [(f"{region}{k}", "2024-01-05", None, region) for region, size in sizes.items() for k in range(size)]
    sold = [(f"{region}0", "2026-10-05", 100) for region in sizes]
    return cs.load(
        {
            "customers": people(*rows, columns="region"),
            "transactions": table("customer_id occurred_at amount", *sold, amount="int64"),
        },
        as_of="2026-10-31",
    )


def test_each_class_has_the_figures_of_the_kpis_for_its_group() -> None:
    found = cs.profile(demo(), by="region", period=YEAR).set_index("region")
    for name, figure in (("retention", kpi.retention_rate), ("nps", kpi.nps), ("revenue", kpi.invoiced)):
        expected = figure(demo(), by="region", period=YEAR).set_index("region")
        assert found[name].to_dict() == pytest.approx(expected["value"].to_dict(), nan_ok=True), name
    nps = kpi.nps(demo(), by="region", period=YEAR).set_index("region")
    assert found["nps_low"].to_dict() == pytest.approx(nps["low"].to_dict())
    assert found["answers"].to_dict() == nps["n"].to_dict()


def test_classes_add_up_to_all_customers() -> None:
    found = cs.profile(demo(), by=["age_band", "gender"], period="2026-10")
    (whole,) = cs.bridge(demo(), period="2026-10").to_dict("records")
    assert (found["customers"].sum(), found["at_start"].sum()) == (whole["end"], whole["start"])
    assert found["share"].sum() == pytest.approx(1)
    assert found["revenue"].sum() == kpi.invoiced(demo(), period="2026-10")["value"].item()


def test_small_classes_are_put_together() -> None:
    found = cs.profile(_company(A=8, B=5, C=4, D=3), by="region", period="2026-10")
    assert found["region"].tolist() == ["A", "B", None]
    assert found["customers"].tolist() == [8, 5, 7]
    assert found["merged"].tolist() == [0, 0, 2]
    assert found["revenue"].tolist() == [100, 100, 200]


def test_a_lone_small_class_is_hidden_with_the_next_smallest() -> None:
    found = cs.profile(_company(A=8, B=6, C=4), by="region", period="2026-10")
    assert found["customers"].tolist() == [8, 10]
    assert found["merged"].tolist() == [0, 2]


def test_a_company_of_four_is_one_class() -> None:
    found = cs.profile(_company(A=2, B=2), by="region", period="2026-10")
    assert found[["customers", "merged", "share"]].to_numpy().tolist() == [[4, 2, 1]]


def test_a_class_that_is_not_stated_stands_last_and_is_no_merged_one() -> None:
    care = cs.load(
        {
            "customers": people(
                *((f"C{k}", "2024-01-05", None, "A" if k < 6 else None) for k in range(12)), columns="region"
            )
        },
        as_of="2026-10-31",
    )
    found = cs.profile(care, by="region", period="2026-10")
    assert found["region"].tolist() == ["A", None]
    assert found["merged"].tolist() == [0, 0]


def test_without_purchases_or_answers_the_columns_stay() -> None:
    care = cs.load(
        {"customers": people(*((f"C{k}", "2024-01-05", None) for k in range(6)), columns="")}, as_of="2026-10-31"
    )
    found = cs.profile(care, by="tenure_band", period="2026-10")
    assert found["tenure_band"].tolist() == ["2-5"]
    assert found[["revenue", "revenue_share", "nps"]].isna().all().all()
    assert found["answers"].tolist() == [0]


def test_buyers_who_are_not_on_file_are_a_class_of_their_own() -> None:
    sold = [(f"C{k}", f"2026-{month}-05", 10) for k in range(12) for month in ("09", "10")]
    care = cs.load(
        {
            "customers": table("customer_id region", *((f"C{k}", "A") for k in range(6))),
            "transactions": table("customer_id occurred_at amount", *sold, amount="int64"),
        },
        as_of="2026-10-31",
        inactive_after=90,
    )
    found = cs.profile(care, by="region", period="2026-10")
    assert found["region"].tolist() == ["A", None]
    assert found["customers"].tolist() == [6, 6]
    assert found["revenue"].tolist() == [60, 60]


def test_bands_of_age_and_tenure_change_on_the_day() -> None:
    born = [2001, 2002, 1961, None]
    joined = ["2025-10-31", "2025-11-01", "2021-10-31", "2024-11-01"]
    rows = [(f"{case}{k}", joined[case], None, born[case]) for case in range(4) for k in range(5)]
    frame = people(*rows, columns="birth_year").assign(birth_year=pd.array([row[3] for row in rows], "Int64"))
    care = cs.load({"customers": frame}, as_of="2026-10-31")
    bands = cs.profile(care, by=["age_band", "tenure_band"], period="2026-10")[["age_band", "tenure_band"]]
    # As of the end of 31 October 2026, and so at the start of 1 November: who joined on 1 November 2025 is here a year.
    assert {tuple(row) for row in bands.to_numpy()} == {("25-34", "1-2"), ("0-24", "1-2"), ("65+", "5+"), (None, "2-5")}


def test_what_is_missing_is_named() -> None:
    with pytest.raises(Missing, match="needs column 'shoe_size'"):
        cs.profile(demo(), by="shoe_size")
    with pytest.raises(Missing, match="needs column 'birth_year'"):
        cs.profile(_company(A=5), by="age_band")
    with pytest.raises(CareError, match="needs the columns"):
        cs.profile(demo(), by=[])
