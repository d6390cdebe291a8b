"""What a report opens with: a box where data are amiss, service where there is nothing else, one line of gaps."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from companies import demo, table

import carestudy as cs

DAY = "2026-10-05 08:00"


def show(tables: dict[str, Any], lang: str = "en", **settings: Any) -> Any:
    return cs.Show(cs.load(tables, as_of="2026-10-31", **settings), period="2026-10", lang=lang)


def tickets(n: int = 40, **columns: Any) -> pd.DataFrame:
    rows = [(f"T{k}", f"K{k}", DAY, "bill" if k % 2 else "speed", "phone" if k % 3 else "chat") for k in range(n)]
    return table("contact_id customer_id opened_at topic channel", *rows).assign(**columns)


def people(n: int = 40) -> pd.DataFrame:
    return table("customer_id joined_on left_on", *[(f"K{k}", "2026-01-05", None) for k in range(n)])


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_a_company_with_tickets_only_opens_with_the_service_and_one_line_of_gaps(lang: str) -> None:
    page = show({"contacts": tickets()}, lang).opening()
    assert "care-gap" not in page.html
    assert page.html.startswith("<h2>" + ("How well we serve" if lang == "en" else "Chất lượng phục vụ"))
    assert ("so the report opens with service" if lang == "en" else "mở đầu bằng chất lượng phục vụ") in page.text
    assert page.text.splitlines()[2].startswith("Most often: bill" if lang == "en" else "Nhiều nhất: bill")
    questions = show({"contacts": tickets()}, lang).questions()
    assert "<li>" not in questions.html
    assert questions.text.splitlines()[-1].count("“") == 8


def test_the_line_of_gaps_groups_the_questions_by_what_they_lack() -> None:
    line = show({"contacts": tickets()}).questions().text.splitlines()[-1]
    assert line.startswith("The data answer none of the 8 questions. Not answered, for want of table ")
    assert "for want of table responses: “What service do customers expect?”;" in line


def test_the_summary_of_tickets_has_their_volume() -> None:
    page = show({"contacts": tickets()}).board()
    assert {one["kpi"]: one["value"] for one in page.figures}["contact_count"] == 40


def test_a_survey_alone_opens_with_its_scores_its_own_questions_too() -> None:
    rows = [(f"K{k}", DAY, question, k % 5 + 1, "phone") for k in range(40) for question in ("csat", "speed")]
    frame = table("customer_id answered_at question score channel", *rows, score="float64")
    page = show({"responses": frame}).opening()
    assert "the report opens with the scores" in page.text
    assert {"csat", "mean_score(question=speed)"} <= {one["kpi"] for one in page.figures}
    assert "mean_score(question=speed)" in {one["kpi"] for one in show({"responses": frame}).board().figures}


def test_a_company_with_customers_opens_with_the_eight_questions() -> None:
    page = cs.Show(demo(), period="2026-10", lang="en").questions()
    assert page.html.count("<li>") == 8
    assert cs.Show(demo(), period="2026-10", lang="en").opening().text == ""
    assert "These data allow" not in page.text


def test_what_a_board_cannot_have_is_said_and_no_error() -> None:
    goals = pd.DataFrame({"kpi": ["nps"], "target": [30.0]})
    assert "cannot be computed" in show({"goals": goals}).board().text


def test_data_that_are_well_have_no_box() -> None:
    assert "warning" not in cs.Show(demo(), period="2026-10", lang="en").cover().html
    assert "warning" not in show({"contacts": tickets(), "customers": people()}).cover().html


@pytest.mark.parametrize(("bad", "boxed"), [(8, False), (9, True)])
def test_more_than_a_fifth_of_excluded_rows_stand_in_a_box(bad: int, *, boxed: bool) -> None:
    frame = tickets()
    frame.loc[: bad - 1, "opened_at"] = "someday"
    page = show({"contacts": frame}).cover()
    assert ("warning" in page.html) == boxed
    if boxed:
        assert "Contacts: 9 of 40 rows (22.5%) are excluded, most often because opened_at is no time." in page.text


def test_rows_after_the_end_of_the_data_are_no_alarm() -> None:
    frame = tickets()
    frame.loc[:19, "opened_at"] = "2026-12-24 08:00"
    assert "warning" not in show({"contacts": frame}).cover().html


def test_the_box_is_in_vietnamese_too() -> None:
    frame = tickets()
    frame.loc[:19, "opened_at"] = "someday"
    assert "20 trong 40 dòng (50,0%) bị loại" in show({"contacts": frame}, "vi").cover().text


def test_a_table_without_rows_stands_in_a_box() -> None:
    page = show({"contacts": tickets(), "responses": table("customer_id answered_at question score")}).cover()
    assert "Survey answers" in page.text
    assert "has no rows" in page.text


def test_ids_that_match_nobody_stand_in_a_box() -> None:
    strange = people().assign(customer_id=[f"X{k}" for k in range(40)])
    page = show({"contacts": tickets(), "customers": strange}).cover()
    assert "Contacts: in 40 of 40 rows (100%) customer_id is not found in table Customers." in page.text
    one = strange.assign(customer_id=[*(f"K{k}" for k in range(4)), *strange["customer_id"][4:]])
    assert "warning" not in show({"contacts": tickets(), "customers": one}).cover().html


def test_a_needed_table_without_a_usable_row_stops_the_report() -> None:
    contacts = tickets(opened_at="2026-12-24 08:00")
    with pytest.raises(cs.CareError, match=r"^contacts: none of its 40 rows can be used, most often because opened_at"):
        show({"contacts": contacts, "customers": people()}).cover()


def test_a_question_that_was_never_asked_has_no_tile() -> None:
    rows = [(f"K{k}", DAY, "csat", k % 5 + 1, "phone") for k in range(40)]
    frame = table("customer_id answered_at question score channel", *rows, score="float64")
    page = show({"responses": frame})
    assert {one["kpi"] for one in page.board().figures} == {"csat"}
    assert "CES" not in page.questions().text
