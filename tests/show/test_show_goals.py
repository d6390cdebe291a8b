"""Goals are shown beside their figure, with what could not be judged and why."""

from __future__ import annotations

import base64
import re
from typing import Any

import numpy as np
import pandas as pd
from companies import demo
from frames import HOSTILE

from carestudy.people import attained, goals
from carestudy.people.goal_attainment import COLUMNS
from carestudy.show import Output
from carestudy.show import goals as shown
from carestudy.show.words import Reader

EN = Reader("en")


def _goal(**given: Any) -> dict[str, Any]:
    row = dict.fromkeys(COLUMNS) | {"scope": "company", "kpi": "nps", "period": "2026-10", "from_period": "2026-10"}
    row |= {"value": 40.0, "low": 32.0, "high": 48.0, "n": 400, "target": 30.0, "better": "higher", "weight": 1.0}
    return row | {"statement": "reached", "attainment": 1.0} | given


def _shown(*rows: dict[str, Any], reader: Reader = EN) -> Output:
    frame = pd.DataFrame(list(rows), columns=list(COLUMNS))
    return shown.goals(reader, frame, attained(frame))


def test_a_goal_shows_value_interval_target_direction_and_statement() -> None:
    text = _shown(_goal()).text.replace("\xa0", " ")
    assert "NPS\tCompany\t40.0 (32.0 to 48.0)\t≥ 30.0\t1\tOctober 2026\treached" in text


def test_how_many_are_reached_missed_and_not_to_be_told() -> None:
    output = _shown(_goal(), _goal(kpi="csat", statement="not reached", attainment=0.5), _goal(statement="cannot tell"))
    assert output.text.startswith("Goals: 1 of 3 are not reached")
    assert "3 goals judged: 1 reached, 1 not reached, 1 too close to call." in output.text


def test_without_a_missed_goal_none_is_said_to_be_missed() -> None:
    assert _shown(_goal()).text.startswith("Goals: none is clearly missed")


def test_what_cannot_be_judged_is_in_the_table_and_in_the_sentence() -> None:
    odd = _goal(kpi="happiness", statement="unknown figure", value=np.nan, low=np.nan, high=np.nan, n=None, better=None)
    output = _shown(_goal(), odd)
    assert "happiness\tCompany\t–\t" in output.text
    assert "1 goals could not be judged; the table says why." in output.text


def test_goals_of_an_earlier_period_and_of_every_period_say_so() -> None:
    text = _shown(_goal(from_period="2026-08"), _goal(kpi="csat", from_period=None)).text
    assert "1 of them were set for an earlier period and still hold." in text
    assert "August 2026" in text
    assert "every period" in text


def test_goals_of_other_periods_are_counted_and_not_listed() -> None:
    output = _shown(_goal(), _goal(kpi="csat", statement="other period"))
    assert "1 goals are for other periods." in output.text
    assert "CSAT" not in output.text
    assert _shown(_goal(statement="other period")).text == "No goal is set for this period."


def test_scopes_are_named_in_words_and_are_no_html() -> None:
    output = _shown(_goal(scope="channel=phone,team=Đội Nam"), _goal(scope=f"team={HOSTILE}"))
    assert "Phone · Đội Nam" in output.text
    assert "<b id=live" not in str(output.html)


def test_counts_of_customers_have_names() -> None:
    text = _shown(_goal(kpi="new_customers", value=20.0, low=np.nan, high=np.nan, target=15.0)).text
    assert "New customers\tCompany\t20\t" in text


def test_a_goal_that_nothing_can_be_judged_of_has_no_picture() -> None:
    assert "base64" not in str(_shown(_goal(statement="no data")).html)


def test_the_picture_is_small() -> None:
    frame = goals(demo(), period="2026-10")
    (png,) = re.findall(r"base64,([^\"]*)\"", str(shown.goals(EN, frame, attained(frame)).html))
    assert len(base64.b64decode(png)) < 10_000


def test_it_speaks_vietnamese() -> None:
    frame = goals(demo(), period="2026-10")
    text = shown.goals(Reader("vi"), frame, attained(frame)).text
    assert text.startswith("Mục tiêu: 5 trên 11 không đạt")
    assert "Toàn công ty 96,1%" in text.replace("\xa0", " ")


def test_a_name_that_nobody_knows_comes_with_the_closest_one() -> None:
    text = _shown(_goal(kpi="retention", statement="unknown figure", near="retention_rate")).text
    assert "unknown figure; did you mean “retention_rate”?" in text


def test_who_answers_for_a_goal_is_named_where_the_goals_say_so() -> None:
    text = _shown(_goal(owner="Lan"), _goal(kpi="csat")).text
    assert "Set for\tOwner\tAssessment" in text
    assert "October 2026\tLan\treached" in text
    assert "October 2026\t(not stated)\treached" in text
    assert "Owner" not in _shown(_goal()).text
