"""A figure for any person, team, department or trait of a customer, wherever the data write it."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from companies import answers, by_group, people, table

import carestudy as cs
from carestudy import kpi

STAFF = "agent team department from until"
AN_MOVED = (
    ("An", "Bắc", "Care", "2026-01-01", "2026-10-14"),
    ("An", "Web", "Sales", "2026-10-15", None),
    ("Bình", "Bắc", "Care", None, None),
)


def asked(*moments: tuple[str | None, str], **columns: Any) -> pd.DataFrame:
    """An answer for each (agent, day)."""
    agents, days = zip(*moments, strict=True)
    return answers([10] * len(moments), "nps", agent=list(agents), answered_at=list(days), **columns)


def staffed(*jobs: tuple[Any, ...], columns: str = STAFF, **tables: Any) -> Any:
    return cs.load({"staff": table(columns, *jobs), **tables}, as_of="2026-12-31")


def test_an_answer_belongs_to_the_department_its_agent_worked_in_that_day() -> None:
    days = ["2026-10-14 23:59:59", "2026-10-15 00:00:00", "2025-12-31 10:00:00"]
    care = staffed(*AN_MOVED, responses=asked(*[("An", day) for day in days], ("Bình", days[0])))
    found = kpi.nps(care, by="department")
    assert by_group(found, "department", "n") == {"Care": 2, "Sales": 1, None: 1}


def test_until_is_the_last_day_somebody_worked() -> None:
    job = ("An", "Bắc", "Care", "2026-10-01", "2026-10-14")
    days = ["2026-09-30", "2026-10-01", "2026-10-14 18:00", "2026-10-15"]
    care = staffed(job, responses=asked(*[("An", day) for day in days]))
    assert by_group(kpi.nps(care, by="department"), "department", "n") == {"Care": 2, None: 2}


@pytest.mark.parametrize(
    "jobs",
    [
        (("An", "Bắc", "Care", "2026-01-01", None), ("An", "Web", "Sales", "2026-10-15", None)),
        (("An", "Bắc", "Care", "2026-01-01", "2026-10-15"), ("An", "Web", "Sales", "2026-10-15", None)),
        (("An", "Bắc", "Care", None, "2026-12-31"), ("An", "Web", "Sales", "2026-10-15", "2026-12-31")),
    ],
    ids=["never ended", "ends on the day the next begins", "two at a time"],
)
def test_one_person_has_one_job_a_day_the_last_begun(jobs: tuple[tuple[Any, ...], ...]) -> None:
    care = staffed(*jobs, responses=asked(("An", "2026-10-14"), ("An", "2026-10-15")))
    assert by_group(kpi.nps(care, by="department"), "department", "n") == {"Care": 1, "Sales": 1}


@pytest.mark.parametrize(
    ("columns", "jobs"),
    [
        ("agent department", [("An", "Care"), ("An", "Sales")]),
        (STAFF, [("An", "Bắc", "Care", "2026-01-01", None)] * 2),
    ],
    ids=["two departments and no dates", "written twice"],
)
def test_a_roster_that_names_somebody_twice_doubles_no_answer(columns: str, jobs: list[tuple[Any, ...]]) -> None:
    care = staffed(*jobs, columns=columns, responses=asked(("An", "2026-10-14")))
    found = kpi.nps(care, by="department")
    assert (found["n"].sum(), len(found)) == (1, 1)


def test_answers_of_strangers_and_of_nobody_have_no_department() -> None:
    care = staffed(*AN_MOVED, responses=asked(("Chi", "2026-10-14"), (None, "2026-10-14")))
    assert by_group(kpi.nps(care, by="department"), "department", "n") == {None: 2}


def test_the_team_written_in_the_row_goes_before_that_of_the_roster() -> None:
    care = staffed(*AN_MOVED, responses=asked(("An", "2026-10-01"), team=["Nam"]))
    assert by_group(kpi.nps(care, by="team"), "team", "n") == {"Nam": 1}


def test_a_customer_belongs_to_the_department_of_the_owners_latest_job() -> None:
    rows = [("A", "2026-01-05", None, "An"), ("B", "2026-01-05", None, "Bình"), ("C", "2026-01-05", None, None)]
    care = staffed(*AN_MOVED, customers=people(*rows, columns="owner"))
    found = cs.bridge(care, period="2026-10", by="department")
    assert by_group(found, "department", "end") == {"Care": 1, "Sales": 1, None: 1}


def test_the_customers_of_who_left_stay_in_their_department() -> None:
    gone = ("An", "Bắc", "Care", "2026-01-01", "2026-03-31")
    care = staffed(gone, customers=people(("A", "2026-01-05", None, "An"), columns="owner"))
    assert by_group(kpi.retention_rate(care, period="2026-10", by="team"), "team") == {"Bắc": 1.0}


def test_rows_that_know_only_a_team_take_its_department_where_its_people_agree() -> None:
    roster = [("An", "Bắc", "Care"), ("Bình", "Bắc", "Care"), ("Chi", "Web", "Care"), ("Dũng", "Web", "Sales")]
    rows = answers([10, 10, 10], "nps", team=["Bắc", "Web", None])
    care = staffed(*roster, columns="agent team department", responses=rows)
    assert by_group(kpi.nps(care, by="department"), "department", "n") == {"Care": 1, None: 2}


def test_traits_of_the_customer_reach_every_table() -> None:
    care = cs.load(
        {
            "customers": people(("A", "2026-01-05", None, "Bắc"), ("B", "2026-01-05", None, ""), columns="region"),
            "responses": answers([10, 9, 8, 0], "nps", customer_id=["A", "B", "stranger", None]),
        }
    )
    assert by_group(kpi.nps(care, by="region"), "region", "n") == {"Bắc": 1, None: 3}


def test_two_dimensions_give_each_pair_that_occurs() -> None:
    rows = answers([10, 0, 9, 7], "nps", team=["Bắc", "Bắc", None, None], channel=["web", None, "web", "web"])
    found = kpi.nps(rows, by=["team", "channel"])
    assert found[["team", "channel"]].to_numpy().tolist() == [["Bắc", "web"], ["Bắc", None], [None, "web"]]
    assert found["n"].tolist() == [1, 1, 2]


@pytest.mark.parametrize("name", ["period", "kpi", "value", "n", "units"])
def test_a_dimension_may_not_bear_the_name_of_a_column_of_figures(name: str) -> None:
    with pytest.raises(cs.CareError, match=f"by='{name}' would stand beside"):
        kpi.nps(answers([9], "nps").assign(**{name: "x"}), by=name)


@pytest.mark.parametrize("name", ["size", "rank", "customer_id", "amount"])
def test_any_other_column_may_be_a_dimension(name: str) -> None:
    rows = pd.DataFrame({"customer_id": "A", "amount": [1.0, 2.0, 2.0]})
    rows = rows if name in rows else rows.assign(**{name: ["x", "y", "y"]})
    assert kpi.typical_transaction(rows, by=name)["n"].sum() == 3
    assert kpi.invoiced(rows, by=name)["numerator"].sum() == 5


def test_an_answer_is_grouped_by_the_stage_of_the_contact_it_is_about() -> None:
    asked = table("contact_id opened_at stage", ("C1", "2026-10-01", "before"), ("C2", "2026-10-02", "after"))
    given = answers([5, 1, 4, 5], contact_id=["C1", "C2", "C2", None])
    care = cs.load({"contacts": asked, "responses": given})
    found = kpi.csat(care, by="stage")
    assert by_group(found, "stage") == {"after": 0.5, "before": 1.0, None: 1.0}
    assert found["n"].sum() == 4
    with pytest.raises(cs.CareError, match="needs column 'stage'"):
        kpi.csat(cs.load({"responses": given}), by="stage")
