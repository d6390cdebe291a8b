"""A goal is judged in its own scope, and one that names nothing known is said to."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from companies import answers, demo, people, table

import carestudy as cs
from carestudy.contract import Missing
from carestudy.people import attained, goals

COLUMNS = "kpi scope period target weight"


def _care(*rows: tuple[Any, ...], columns: str = COLUMNS, good: int = 90, of: int = 100, **tables: Any) -> Any:
    """A company with 90 of 100 satisfied answers of team Nam in October, and these goals."""
    when = {"answered_at": "2026-10-05T10:00:00", "team": "Nam"}
    given = {"responses": answers([5] * good + [1] * (of - good), **when)}
    kept = table(columns, *rows, target="float", weight="float")
    return cs.load({**given, "goals": kept, **tables}, as_of="2026-10-31")


def _said(care: Any, period: str = "2026-10") -> list[str]:
    return goals(care, period=period)["statement"].tolist()


@pytest.mark.parametrize(
    ("target", "said"), [(0.8, "reached"), (0.88, "cannot tell"), (0.97, "not reached"), (0.9, "cannot tell")]
)
def test_a_goal_is_reached_when_the_interval_says_so(target: float, said: str) -> None:
    care = _care(("csat", "company", "2026-10", target, 1), ("csat", "team=Nam", "2026-10", target, 1))
    assert _said(care) == [said, said]


def test_the_direction_is_that_of_the_figure_unless_the_goals_say_otherwise() -> None:
    care = _care(("csat", "company", "2026-10", 0.5, 1, "lower"), columns=f"{COLUMNS} better")
    found = goals(care, period="2026-10").iloc[0]
    assert (found["better"], found["statement"]) == ("lower", "not reached")
    assert found["attainment"] == pytest.approx(0.5 / 0.9)


def test_below_ten_cases_nobody_can_tell() -> None:
    assert _said(_care(("csat", "", "2026-10", 0.1, 1), good=9, of=9)) == ["cannot tell"]
    assert _said(_care(("csat", "", "2026-10", 0.1, 1), good=10, of=10)) == ["reached"]


def test_what_nobody_knows_is_said_and_never_dropped() -> None:
    care = _care(
        ("happiness", "company", "2026-10", 1, 1), ("csat", "team=Trung", "2026-10", 0.8, 1),
        ("csat", "branch=Nam", "2026-10", 0.8, 1), ("csat", "everyone", "2026-10", 0.8, 1),
        ("csat", "company", "October", 0.8, 1), ("complaint_rate", "company", "2026-10", 0.8, 1),
        ("retention_rate", "company", "2026-10", 0.8, 1), ("leaving_reasons", "company", "2026-10", 0.8, 1),
    )  # fmt: skip
    figure, scope = "unknown figure", "unknown scope"
    assert _said(care) == [figure, scope, scope, scope, "unknown period", figure, "no data", figure]
    assert goals(care, period="2026-10")["lacks"].dropna().tolist() == ["customers"]


def test_a_name_nobody_knows_is_told_with_the_closest_one() -> None:
    care = _care(
        ("csatt", "company", "2026-10", 0.8, 1), ("csat", "team=Na", "2026-10", 0.8, 1),
        ("csat", "teams=Nam", "2026-10", 0.8, 1), ("xyz", "company", "2026-10", 0.8, 1),
    )  # fmt: skip
    found = goals(care, period="2026-10")["near"]
    assert found.iloc[:3].tolist() == ["csat", "team=Nam", "team"]
    assert found.isna().iloc[3]


def test_nobody_is_named_for_a_person_who_is_misspelt() -> None:
    rows = answers([5] * 20, answered_at="2026-10-05T10:00:00", agent="Nguyễn An")
    found = goals(_care(("csat", "agent=Nguyễn Am", "2026-10", 0.8, 1), responses=rows), period="2026-10")
    assert found["statement"].tolist() == ["unknown scope"]
    assert found["near"].isna().all()


def test_a_person_a_team_a_department_and_a_country_have_goals_of_their_own() -> None:
    given = answers([5] * 90 + [1] * 10, answered_at="2026-10-05T10:00:00", agent="NV1", customer_id="K1")
    given["customer_id"] = [f"K{k}" for k in range(100)]
    given.loc[:59, "agent"] = "NV2"
    care = _care(
        *((f"{'csat' if k % 2 else 'CSAT'}", scope, "2026-10", 0.7, 1) for k, scope in enumerate(
            ["agent=NV1", "agent=NV2", "team=Nam", "department=Chăm sóc", "country=VN"])),
        responses=given,
        staff=table("agent team department", ("NV1", "Nam", "Chăm sóc"), ("NV2", "Bắc", "Bán hàng")),
        customers=people(*[(f"K{k}", "2026-01-01", None, "VN" if k < 95 else "KH") for k in range(100)],
                         columns="country"),
    )  # fmt: skip
    found = goals(care, period="2026-10").set_index("scope")
    # The first 60 answers are NV2's and all good; of NV1's 40 in team Nam ten are bad, five of them from Cambodia.
    assert found["value"].to_dict() == pytest.approx(
        {"agent=NV1": 0.75, "agent=NV2": 1.0, "team=Nam": 0.75, "department=Chăm sóc": 0.75, "country=VN": 90 / 95}
    )
    assert found["n"].tolist() == [40, 60, 40, 40, 95]


def test_goals_are_attained_by_their_owners_too() -> None:
    care = _care(("csat", "company", "2026-10", 0.8, 3, "Lan"), ("csat", "team=Nam", "2026-10", 1.0, 1, "Lan"),
                 ("nps", "company", "2026-10", 0.9, 9, "Lan"), ("csat", "team=Nam", None, 0.8, 1, None),
                 ("csat(positive=5)", "company", None, 0.8, 1, None), columns=f"{COLUMNS} owner")  # fmt: skip
    found = attained(goals(care, period="2026-10"), by="owner")
    assert found["owner"].tolist() == ["Lan", None]
    assert found[["goals", "weight"]].to_numpy().tolist() == [[2, 4], [1, 1]]
    assert found["attainment"].tolist() == pytest.approx([(3 * 1 + 0.9) / 4, 1])
    with pytest.raises(cs.CareError, match="by scope or by owner"):
        attained(found, by="team")


def test_an_option_that_says_what_holds_anyway_makes_no_other_figure() -> None:
    care = _care(("csat(positive=4)", "company", "2026-10", 0.8, 1), ("csat(positive=5)", "", "2026-10", 0.8, 1))
    assert goals(care, period="2026-10")["kpi"].tolist() == ["csat", "csat(positive=5)"]
    assert cs.scorecard(care, period="2026-10", kpis=[cs.kpi.csat])["target"].tolist() == [0.8]


def test_a_goal_holds_until_a_newer_one_and_says_from_when() -> None:
    care = _care(("csat", "company", "2026-07", 0.5, 1), ("csat", "company", "2026-09", 0.8, 1),
                 ("csat", "company", "2026-11", 0.99, 1), ("csat", "company", "2026", 0.99, 1))  # fmt: skip
    found = goals(care, period="2026-10")
    assert found["statement"].tolist() == ["other period", "reached", "other period", "other period"]
    assert found["from_period"].iloc[1] == "2026-09"


def test_a_goal_without_a_period_holds_where_there_is_no_other() -> None:
    care = _care(("csat", "company", None, 0.8, 1), ("csat", "team=Nam", None, 0.8, 1),
                 ("csat", "team=Nam", "2026-10", 0.97, 1))  # fmt: skip
    assert _said(care) == ["reached", "other period", "not reached"]
    assert _said(care, "2026-09") == ["no data", "no data", "other period"]


def test_two_targets_for_one_thing_are_a_contradiction_and_the_same_one_twice_counts_once() -> None:
    care = _care(("csat", "company", "2026-10", 0.8, 1), ("csat", "", "2026-10", 0.7, 1),
                 ("csat", "team=Nam", "2026-10", 0.8, 1), ("CSAT", "team = Nam", "2026-10", 0.8, 1))  # fmt: skip
    assert _said(care) == ["given several times", "given several times", "reached", "given several times"]


def test_a_scope_of_several_groups_is_read_in_any_order() -> None:
    rows = answers([5] * 90 + [1] * 10, answered_at="2026-10-05T10:00:00", team="Nam", channel="Zalo, Chat")
    care = _care(("csat", "channel=Zalo, Chat, team=Nam", "2026-10", 0.8, 1), responses=rows)
    assert _said(care) == ["reached"]


def _base(*goal: tuple[Any, ...], as_of: str = "2026-10-31") -> Any:
    rows = [(f"K{k}", "2026-01-05", "2026-10-20" if k < 5 else None, "Nam") for k in range(100)]
    new = [(f"N{k}", "2026-10-08", None, "Bắc") for k in range(20)]
    kept = table(COLUMNS, *goal, target="float", weight="float")
    return cs.load({"customers": people(*rows, *new, columns="region"), "goals": kept}, as_of=as_of)


def test_to_keep_and_to_win_customers_are_goals_too() -> None:
    care = _base(("keep", "company", "2026-10", 0.8, 1), ("win", "company", "2026-10", 20, 1),
                 ("customers", "region=Nam", "2026-10", 96, 1),
                 ("lost_customers", "company", "2026-10", 5, 1))  # fmt: skip
    found = goals(care, period="2026-10")
    assert found["statement"].tolist() == ["reached", "reached", "not reached", "reached"]
    assert found["kpi"].tolist() == ["retention_rate", "new_customers", "customers", "lost_customers"]
    assert found["value"].tolist() == [0.95, 20, 95, 5]


def test_a_period_that_is_not_over_cannot_tell_of_what_grows_with_it() -> None:
    care = _base(("win", "company", "2026-10", 15, 1), ("keep", "company", "2026-10", 0.5, 1), as_of="2026-10-25")
    assert _said(care) == ["cannot tell"] * 2


def test_a_figure_without_a_direction_needs_one() -> None:
    assert _said(_base(("customers_on_file", "company", "2026-10", 15, 1))) == ["no direction"]


def test_each_scope_attains_its_goals_by_weight() -> None:
    care = _care(("csat", "company", "2026-10", 0.8, 3), ("csat", "team=Nam", "2026-10", 1.0, 1),
                 ("nps", "company", "2026-10", 30, 9))  # fmt: skip
    found = attained(goals(care, period="2026-10")).set_index("scope")
    assert found.loc["company"].tolist() == [1, 3, 1, 0, 0, 1]
    assert found.loc["team=Nam", ["not_reached", "attainment"]].tolist() == [1, 0.9]


def test_what_a_scope_has_reached_missed_and_cannot_tell_adds_up() -> None:
    found = attained(goals(demo(), period="2026-10"))
    assert (found["reached"] + found["not_reached"] + found["cannot_tell"]).tolist() == pytest.approx(
        [1.0] * len(found)
    )
    assert found["scope"].iloc[0] == "company"


def test_every_row_of_the_goals_has_its_row() -> None:
    for period in ("2026-10", "2026", "2026-Q3"):
        assert len(goals(demo(), period=period)) == 16
    assert _said(demo(), "2026-Q3") == ["other period"] * 16


def test_the_figures_are_those_of_the_scorecard() -> None:
    found = goals(demo(), period="2026-10").query("statement != 'other period' and scope == 'company'")
    card = cs.scorecard(demo(), period="2026-10").set_index("kpi")
    for row in found.to_dict("records"):
        assert card.loc[row["kpi"], ["value", "low", "high", "target"]].tolist() == pytest.approx(
            [row["value"], row["low"], row["high"], row["target"]]
        )


def test_without_goals_that_is_said() -> None:
    with pytest.raises(Missing, match="needs table 'goals'"):
        goals(cs.load({"responses": answers([5])}, as_of="2026-10-31"), period="2026-10")


def test_no_goals_that_can_be_judged_attain_nothing() -> None:
    found = attained(goals(_care(("happiness", "company", "2026-10", 1, 1)), period="2026-10"))
    assert isinstance(found, pd.DataFrame)
    assert found.empty
