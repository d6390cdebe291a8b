"""People and teams are compared with what is usual, allowing for chance, and never ranked."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from companies import answers, by_group, demo, people, table

import carestudy as cs
from carestudy import kpi
from carestudy.contract import CareError, Missing
from carestudy.people import compare, two_sided


def _answers(**good_of_all: tuple[int, int]) -> Any:
    """Answers of teams: so many satisfied of so many, each of another customer."""
    scores, teams = [], []
    for team, (good, n) in good_of_all.items():
        scores += [5] * good + [1] * (n - good)
        teams += [team] * n
    return cs.load({"responses": answers(scores, team=teams)})


def test_a_team_far_from_the_others_is_said_to_be_worse_or_better() -> None:
    found = compare(kpi.csat, _answers(A=(36, 40), B=(20, 40), C=(28, 40)), by="team")
    said = {"A": "better than usual", "B": "worse than usual", "C": "as usual"}
    assert by_group(found, "team", "statement") == said
    assert found["usual"].unique().tolist() == [0.7]


def test_below_thirty_nobody_is_compared() -> None:
    found = compare(kpi.csat, _answers(A=(29, 29), B=(5, 30), C=(25, 30)), by="team")
    assert by_group(found, "team", "statement")["A"] == "not compared"
    assert "not compared" not in found["statement"].tolist()[1:]
    assert found["p"].isna().tolist() == [True, False, False]


def test_a_lone_team_is_not_compared_with_itself() -> None:
    found = compare(kpi.csat, _answers(A=(20, 40), B=(1, 3)), by="team")
    assert found["statement"].tolist() == ["not compared"] * 2


def test_the_order_is_that_of_names_and_not_of_figures() -> None:
    found = compare(kpi.csat, _answers(C=(40, 40), A=(30, 40), B=(35, 40)), by="team")
    assert found["team"].tolist() == ["A", "B", "C"]


def test_the_unit_without_a_name_counts_for_what_is_usual_and_is_not_compared() -> None:
    care = cs.load({"responses": answers([5] * 60 + [1] * 60, team=["A"] * 40 + ["B"] * 40 + [None] * 40)})
    found = compare(kpi.csat, care, by="team")
    assert found["statement"].tolist()[-1] == "not compared"
    assert found["usual"].iloc[0] == 0.5


def test_the_p_value_is_that_of_the_binomial_and_adjusted_for_the_number_of_teams() -> None:
    found = compare(kpi.csat, _answers(A=(36, 40), B=(20, 40), C=(28, 40)), by="team")
    assert found["p"].tolist() == pytest.approx(two_sided([36, 20, 28], [40, 40, 40], 0.7).tolist())
    assert (found["p_adjusted"] >= found["p"]).all()


def test_where_lower_is_better_more_is_worse() -> None:
    rows = [(f"{team}{k}", team, "complaint" if k < bad else "question", "2026-10-05")
            for team, bad in (("A", 30), ("B", 5)) for k in range(50)]  # fmt: skip
    care = cs.load({"contacts": table("contact_id team kind opened_at", *rows)})
    found = compare(kpi.complaint_rate.of(per="contact"), care, by="team")
    assert found["statement"].tolist() == ["worse than usual", "better than usual"]


def test_answers_of_one_customer_are_not_so_many_customers() -> None:
    alone = _answers(A=(30, 60), B=(48, 60))
    ids = [f"{team}{k // 6}" for team in "AB" for k in range(60)]
    scores = [5] * 30 + [1] * 30 + [5] * 48 + [1] * 12
    alike = cs.load({"responses": answers(scores, team=["A"] * 60 + ["B"] * 60, customer_id=ids)})
    one, many = compare(kpi.csat, alone, by="team"), compare(kpi.csat, alike, by="team")
    assert one["worth"].tolist() == [60, 60]
    assert (many["worth"] < 15).all()
    assert one["statement"].tolist() == ["worse than usual", "better than usual"]
    assert many["statement"].tolist() == ["as usual", "as usual"]


def test_fewer_than_ten_customers_are_not_compared_however_often_they_answer() -> None:
    ids = [f"{team}{k % 9}" for team in "AB" for k in range(60)]
    care = cs.load({"responses": answers([5] * 60 + [1] * 60, team=["A"] * 60 + ["B"] * 60, customer_id=ids)})
    assert compare(kpi.csat, care, by="team")["statement"].tolist() == ["not compared"] * 2


def test_nps_is_compared_on_its_own_scale() -> None:
    scores = ([10] * 30 + [0] * 30) + ([10] * 50 + [0] * 10) + ([10] * 40 + [0] * 20)
    care = cs.load({"responses": answers(scores, "nps", team=["A"] * 60 + ["B"] * 60 + ["C"] * 60)})
    found = compare(kpi.nps, care, by="team")
    assert found["statement"].tolist() == ["worse than usual", "better than usual", "as usual"]
    assert found["usual"].iloc[0] == pytest.approx(100 / 3)
    # Every answer is 100 or -100 points: the variance of one is 100² less the mean squared.
    half = 1.959964 * np.sqrt((1e4 - (100 / 3) ** 2) / 60)
    assert (found["usual_high"] - found["usual"]).tolist() == pytest.approx([half] * 3, rel=1e-5)
    assert found["shrunken"].between(found["value"].min(), found["value"].max()).all()


def test_means_are_compared_by_the_variance_of_a_purchase() -> None:
    rng = np.random.default_rng(1)
    amounts = np.concatenate([rng.normal(100, 10, 50), rng.normal(100, 10, 50), rng.normal(120, 10, 50)]).round()
    care = cs.load(
        {"transactions": pd.DataFrame({"amount": amounts, "team": ["A"] * 50 + ["B"] * 50 + ["C"] * 50})},
    )
    found = compare(kpi.mean_transaction, care, by="team")
    assert found["statement"].tolist() == ["worse than usual", "worse than usual", "better than usual"]
    assert (found["usual_high"] - found["usual"]).iloc[0] == pytest.approx(1.96 * 10 / np.sqrt(50), rel=0.15)


def test_with_ten_units_and_more_the_usual_spread_widens_the_funnel() -> None:
    rng = np.random.default_rng(2)
    teams = {f"T{k:02}": (int(rng.binomial(400, rng.beta(40, 10))), 400) for k in range(30)}
    found = compare(kpi.csat, _answers(**teams), by="team")
    assert found["phi"].iloc[0] > 4
    assert (found["statement"] == "as usual").mean() > 0.85


def test_units_that_are_alike_seldom_stand_apart() -> None:
    rng = np.random.default_rng(3)
    apart = 0
    for _ in range(20):
        found = compare(kpi.csat, _answers(**{f"T{k}": (int(rng.binomial(60, 0.8)), 60) for k in range(8)}), by="team")
        assert (found["phi"] == 1).all()
        apart += bool((found["statement"] != "as usual").any())
    assert apart <= 3


def test_customers_are_compared_by_owner() -> None:
    rows = [(f"{o}{k}", "2026-01-05", "2026-10-20" if k < lost else None, o)
            for o, lost in (("An", 20), ("Bình", 1)) for k in range(50)]  # fmt: skip
    care = cs.load({"customers": people(*rows, columns="owner")}, as_of="2026-10-31")
    found = compare(kpi.retention_rate, care, by="owner", period="2026-10")
    assert found["statement"].tolist() == ["worse than usual", "better than usual"]


def test_the_demo_has_the_bad_channel_as_worse_and_no_other() -> None:
    found = by_group(compare(kpi.csat, demo(), by="channel", period="2026"), "channel", "statement")
    assert [name for name, said in found.items() if said == "worse than usual"] == ["Chatbot"]


def test_every_unit_alike_to_the_last_answer_is_as_usual() -> None:
    found = compare(kpi.nps, cs.load({"responses": answers([10] * 80, "nps", team=["A"] * 40 + ["B"] * 40)}), by="team")
    assert found["statement"].tolist() == ["as usual"] * 2


def test_no_rows_give_no_units() -> None:
    rows = pd.DataFrame({"question": ["csat"], "score": [5.0], "team": ["A"], "answered_at": ["2026-10-05T10:00:00"]})
    care = cs.load({"responses": rows}, as_of="2026-10-31")
    for figure in (kpi.csat, kpi.nps):
        assert len(compare(figure, care, by="team", period="2026-09")) == 0


@pytest.mark.parametrize("figure", [kpi.invoiced, kpi.typical_transaction, kpi.leaving_reasons])
def test_what_has_no_rate_cannot_be_compared(figure: Any) -> None:
    with pytest.raises(CareError, match="no rate or mean"):
        compare(figure, demo(), by="team", period="2026-10")


def test_what_is_missing_is_named() -> None:
    with pytest.raises(Missing, match="csat needs column 'branch'"):
        compare(kpi.csat, demo(), by="branch", period="2026-10")
    with pytest.raises(CareError, match="needs the units"):
        compare(kpi.csat, demo(), by=[])
