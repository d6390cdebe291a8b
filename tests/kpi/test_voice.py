"""What customers answer: satisfaction, recommendation, and how many of those asked say anything."""

from __future__ import annotations

import pandas as pd
import pytest
from companies import answers, by_group, fraction, table

import carestudy as cs
from carestudy import kpi
from carestudy.contract import CareError

MONTHS = ["2026-09-30 23:59:59", "2026-10-01 00:00:00", "2026-10-31 23:59:59", "2026-11-01 00:00:00"]


def invited(*rows: tuple[str, str | None]) -> pd.DataFrame:
    return table("invited_at response_id", *rows)


def test_csat_is_positive_from_four_on() -> None:
    found = kpi.csat(answers([1, 3, 4, 5]), by="score")
    assert by_group(found, "score") == {"1.0": 0, "3.0": 0, "4.0": 1, "5.0": 1}


def test_csat_can_be_told_another_lowest_positive_rating() -> None:
    assert by_group(kpi.csat(answers([4, 5]), by="score", positive=5), "score") == {"4.0": 0, "5.0": 1}


def test_csat_leaves_out_the_unanswered_and_counts_the_neutral_as_given() -> None:
    assert fraction(kpi.csat(answers([5, 4, 3, 3, 1, None, None]))) == (2, 5)


def test_csat_reads_only_its_own_question() -> None:
    asked = pd.concat([answers([5, 1]), answers([9, 10], "nps"), answers([5], "speed")])
    assert fraction(kpi.csat(asked)) == (1, 2)


def test_csat_without_a_rating_has_no_value() -> None:
    found = kpi.csat(answers([None])).iloc[0]
    assert found[["value", "low", "high"]].isna().all()
    assert found[["n", "numerator", "denominator"]].tolist() == [0, 0, 0]


def test_ces_is_easy_from_five_on_and_leaves_out_the_unanswered() -> None:
    asked = pd.concat([answers([1, 4, 5, 7, None], "ces"), answers([5], "csat")])
    assert fraction(kpi.ces(asked)) == (2, 4)
    assert by_group(kpi.ces(answers([4, 5], "ces"), by="score"), "score") == {"4.0": 0, "5.0": 1}
    assert fraction(kpi.ces(answers([3, 4], "ces"), easy=4)) == (1, 2)


def test_ces_is_easy_from_four_on_where_no_answer_of_ten_is_above_five() -> None:
    assert fraction(kpi.ces(answers([1, 2, 3, 3, 4, 4, 4, 5, 5, 5], "ces"))) == (6, 10)
    assert fraction(kpi.ces(answers([1, 2, 3, 3, 4, 4, 4, 5, 5], "ces"))) == (2, 9)
    assert fraction(kpi.ces(answers([1, 2, 3, 3, 4, 4, 4, 5, 5, 6], "ces"))) == (3, 10)


def test_the_scale_of_ces_is_that_of_all_answers_in_every_group_and_period() -> None:
    answered = pd.concat([answers([3, 4, 5, 5], "ces", team="A"), answers([4, 5, 6, 7] * 3, "ces", team="B")])
    assert by_group(kpi.ces(answered, by="team"), "team") == {"A": 0.5, "B": 0.75}
    care = cs.load({"responses": pd.concat([answers([4] * 9, "ces", team="A"), answers([3, 5], "ces", team="B")])})
    assert by_group(kpi.ces(care, by="team"), "team") == {"A": 1, "B": 0.5}
    assert fraction(kpi.ces(cs.load({"responses": answers([4] * 20, "ces")}, ces_scale=7))) == (0, 20)
    assert fraction(kpi.ces(cs.load({"responses": answers([4, 3], "ces")}, ces_scale=5))) == (1, 2)


def test_a_group_of_its_own_keeps_the_scale_of_the_company() -> None:
    frame = pd.concat([answers([4] * 12, "ces", team="A"), answers([6, 7], "ces", team="B")])
    assert fraction(kpi.ces(cs.load({"responses": frame}, only={"team": "A"}))) == (0, 12)


@pytest.mark.parametrize("said", [6, True, "5", 5.5])
def test_other_scales_of_ces_are_refused(said: object) -> None:
    with pytest.raises(CareError, match="ces_scale is where the scale of the question about effort ends: 5 or 7"):
        cs.load({"responses": answers([4], "ces")}, ces_scale=said)


def test_nps_has_detractors_up_to_six_and_promoters_from_nine() -> None:
    found = kpi.nps(answers([0, 6, 7, 8, 9, 10], "nps"), by="score")
    told = {"0.0": -100, "6.0": -100, "7.0": 0, "8.0": 0, "9.0": 100, "10.0": 100}
    assert by_group(found, "score") == told


def test_nps_counts_passives_below_the_line() -> None:
    assert kpi.nps(answers([9, 7, 8, 10], "nps"))["value"].item() == 50.0


def test_nps_leaves_out_the_unanswered() -> None:
    assert fraction(kpi.nps(answers([10, None, 3, None, 9], "nps"))) == (1, 3)


def test_answers_without_a_team_are_a_team_of_their_own() -> None:
    asked = answers([10, 10, 0, 7, 9], "nps", team=["Bắc", "Bắc", "Nam", None, ""])
    found = kpi.nps(asked, by="team")
    assert by_group(found, "team", "numerator") == {"Bắc": 2, "Nam": -1, None: 1}
    assert found["team"].tolist() == ["Bắc", "Nam", None]


def test_an_answer_belongs_to_the_month_of_its_moment() -> None:
    asked = answers([9, 9, 9, 9], "nps", answered_at=MONTHS)
    found = kpi.nps(asked, period="2026-10", last=2)
    assert by_group(found, "period", "n") == {"2026-09": 1, "2026-10": 2}


def test_a_team_without_answers_in_a_month_has_a_row_without_a_value() -> None:
    asked = answers([9, 9, 9, 0], "nps", answered_at=MONTHS, team=["Bắc", "Bắc", "Nam", "Nam"])
    found = kpi.nps(asked, by="team", every="month", period="2026-10", last=2).set_index(["team", "period"])
    assert found["n"].tolist() == [1, 1, 0, 1]
    assert found["value"].isna().tolist() == [False, False, True, False]


def test_months_are_those_of_the_companys_clock_where_it_changes_in_summer() -> None:
    # In New York the first of April begins at four o'clock UTC, in winter a month begins at five.
    at = pd.to_datetime(["2026-04-01 03:59Z", "2026-04-01 04:00Z", "2026-02-01 04:59Z", "2026-02-01 05:00Z"])
    care = cs.load({"responses": answers([9, 9, 9, 9], "nps", answered_at=at)}, timezone="America/New_York")
    found = kpi.nps(care, period="2026-04", every="month", last=4)
    assert by_group(found, "period", "n") == {"2026-01": 1, "2026-02": 1, "2026-03": 1, "2026-04": 1}


def test_response_rate_is_answers_per_invitation() -> None:
    rows = invited(("2026-10-01", "A"), ("2026-10-02", None), ("2026-10-03", "B"), ("2026-10-03", None))
    assert fraction(kpi.response_rate(cs.load({"invitations": rows}, as_of="2026-10-31"))) == (2, 4)


def test_an_invitation_counts_once_its_seven_days_are_over() -> None:
    rows = invited(("2026-10-25 00:00:00", "in time"), ("2026-10-25 00:00:01", "a second late"))
    found = kpi.response_rate(cs.load({"invitations": rows}, as_of="2026-10-31"), by="response_id")
    assert by_group(found, "response_id", "denominator") == {"in time": 1, "a second late": 0}


def test_response_rate_can_wait_longer() -> None:
    care = cs.load({"invitations": invited(("2026-10-17", "A"), ("2026-10-19", "B"))}, as_of="2026-10-31")
    assert fraction(kpi.response_rate(care, wait=14)) == (1, 1)
    assert fraction(kpi.response_rate(care, wait=7)) == (2, 2)
