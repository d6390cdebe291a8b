"""A list of customers of one day says who had left by then: what it tells is told, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

import carestudy as cs
from carestudy import kpi
from carestudy.contract import Refused
from carestudy.exits import interviews, to_call
from carestudy.overview import left_by
from carestudy.periods import Period
from carestudy.report.late import refuse_if_nothing

DAY = "2026-10-31"


def people(n: int = 200) -> pd.DataFrame:
    """Every fourth of so many customers had left by the last of October, three of four of them for the price."""
    gone = [k % 4 == 0 for k in range(n)]
    joined = [f"{2022 + k % 4}-{k % 12 + 1:02d}-{k % 28 + 1:02d}" for k in range(n)]
    return pd.DataFrame(
        {
            "customer_id": [f"K{k}" for k in range(n)],
            "joined_on": joined,
            "left_on": [DAY if one else None for one in gone],
            "leave_reason": [
                ("Chuyển nhà" if k % 16 == 0 else "Giá cao") if one else None for k, one in enumerate(gone)
            ],
            "region": ["Bắc" if k % 2 else "Nam" for k in range(n)],
            "owner": ["Lan"] * n,
        }
    )


def listed(**more: pd.DataFrame) -> cs.Care:
    return cs.load({"customers": people(), **more}, as_of=DAY)


def test_the_reasons_of_all_who_had_left_are_told_with_a_note() -> None:
    frame = kpi.leaving_reasons(listed(), by="leave_reason", period="2026-10").set_index("leave_reason")
    assert frame.loc["Giá cao", ["numerator", "denominator"]].tolist() == [37, 50]
    assert str(frame.loc["Giá cao", "note"]).endswith("it says who had left by then, not when")
    reasons = cs.churn.reasons(listed(), period="2026-10")
    assert reasons["n"].iloc[0] == 50
    assert reasons["note"].notna().all()
    assert (reasons["before_n"] == 0).all()


@pytest.mark.parametrize("figure", [kpi.tenure_share, kpi.owned_rate])
def test_who_is_a_customer_is_known_on_the_day_of_the_list_and_not_before(figure: Any) -> None:
    frame = figure(listed(), every="month", last=2).set_index("period")
    assert frame.loc["2026-10", "n"] == 150
    assert not np.isnan(frame.loc["2026-10", "value"])
    assert np.isnan(frame.loc["2026-09", "value"])
    assert str(frame.loc["2026-09", "note"]).startswith("the data say who had left by 2026-10-31, not when")


def test_a_profile_counts_who_is_here_and_tells_no_retention() -> None:
    frame = cs.profile(listed(), by="region", period="2026-10").set_index("region")
    assert frame["customers"].to_dict() == {"Bắc": 100, "Nam": 50}
    assert frame["retention"].isna().all()


REFUSED: list[Callable[[cs.Care], Any]] = [
    lambda care: cs.profile(care, by="region", period="2026-09"),
    interviews,
    to_call,
    lambda care: cs.churn.reasons(care, period="2026-09"),
    lambda care: cs.churn.kinds(care, period="2026-06"),
    lambda care: cs.themes.themes(care, "leave_reasons", period="2026-10"),
    cs.churn.drivers,
    cs.cohorts,
    lambda care: kpi.retention_rate(care, period="2026-10"),
    lambda care: cs.why(kpi.retention_rate, care, period="2026-10", by="region"),
    lambda care: cs.people.compare(kpi.retention_rate, care, by="region", period="2026-10"),
]


@pytest.mark.parametrize("number", range(len(REFUSED)))
def test_what_needs_the_day_of_leaving_is_refused(number: int) -> None:
    with pytest.raises(Refused, match="who had left by"):
        REFUSED[number](listed())


def test_goals_of_customers_who_come_and_go_have_no_data() -> None:
    goals = pd.DataFrame({"kpi": ["customers", "lost_customers", "keep", "owned_rate"], "target": [100, 5, 0.9, 0.5]})
    frame = cs.people.goals(listed(goals=goals), period="2026-10").set_index("kpi")
    assert frame["statement"].to_dict() == {
        "customers": "no data", "lost_customers": "no data", "retention_rate": "no data", "owned_rate": "reached",
    }  # fmt: skip
    assert frame.loc["customers", "lacks"] == "customers.left_on"


@pytest.mark.parametrize(
    ("lang", "words"), [("en", "50 of 200 customers had left (25.0%"), ("vi", "50 trên 200 khách")]
)
def test_the_cover_says_how_many_had_left_and_that_nobody_knows_when(lang: str, words: str) -> None:
    show = cs.Show(listed(), period="2026-10", lang=lang)
    assert words in show.cover().text
    assert words not in show.cover("service").text
    found = left_by(listed())
    assert found is not None
    assert (found["n"], found["numerator"], found["value"]) == (200, 50, 0.25)


def test_the_section_of_reasons_says_nothing_of_this_time() -> None:
    text = cs.Show(listed(), period="2026-10", lang="en").churn.reasons().text
    assert "Share of all customers who had left, whenever that was" in text
    assert "in this time" not in text
    assert "time before" not in text
    assert "50 customers had left." in text


def test_customers_alone_have_a_report_for_the_month_of_the_list() -> None:
    refuse_if_nothing(listed(), Period.parse("2026-10"))


def test_days_of_leaving_say_when_and_nothing_is_marked() -> None:
    frame = people()
    frame["left_on"] = [
        f"2026-{k % 9 + 1:02d}-{k % 27 + 1:02d}" if isinstance(one, str) else None
        for k, one in enumerate(frame.left_on)
    ]
    care = cs.load({"customers": frame}, as_of=DAY)
    assert left_by(care) is None
    assert "had left" not in cs.Show(care, period="2026-10", lang="en").cover().text
    assert kpi.tenure_share(care, every="month", last=2)["value"].notna().all()
