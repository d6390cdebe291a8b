"""The funnel names only those who stand apart, and ranks nobody."""

from __future__ import annotations

import base64
import re
from typing import Any

import numpy as np
import pandas as pd
import pytest
from companies import demo
from frames import HOSTILE, figure

from carestudy import kpi
from carestudy.people import compare
from carestudy.show import Output
from carestudy.show.funnel import funnel
from carestudy.show.labels import card
from carestudy.show.words import Reader

EN = Reader("en")


def _units(**said: str) -> pd.DataFrame:
    """NPS by team, usual 40 between 30 and 50, with these statements."""
    values = {"worse than usual": 20.0, "better than usual": 60.0, "not compared": 0.0}
    rows = []
    for team, statement in said.items():
        row = {"team": team, **figure(values.get(statement, 40.0)), "usual": 40.0, "worth": 400.0}
        row |= {"far_low": 25.0, "usual_low": 30.0, "usual_high": 50.0, "far_high": 55.0, "phi": 1.0}
        row |= {"shrunken": 35.0, "shrunken_low": 30.0, "shrunken_high": 40.0, "p": 0.5, "p_adjusted": 0.5}
        rows.append(row | {"statement": statement})
    return pd.DataFrame(rows)


def _shown(frame: pd.DataFrame, reader: Reader = EN) -> Output:
    return funnel(reader, card("nps"), frame)


def _drawn_words(output: Output) -> list[str]:
    return [line.removeprefix("text: ") for line in output.text.splitlines() if line.startswith("text: ")]


def test_only_those_outside_are_named_in_the_picture() -> None:
    output = _shown(_units(A="as usual", B="worse than usual", C="better than usual", D="not compared"))
    assert sorted(_drawn_words(output)) == ["B", "C"]
    assert output.text.startswith("NPS by team. Clearly worse: B; clearly better: C")


def test_the_sentence_has_the_value_its_interval_n_the_verdict_and_the_caveat() -> None:
    text = _shown(_units(A="as usual", B="worse than usual", D="not compared")).text.replace("\xa0", " ")
    assert "Overall: 40.0. 2 of 3 units have enough cases to be compared." in text
    assert "B 20.0 (95% interval 12.0 to 28.0; n = 400; clearly worse)" in text
    assert "this is no ranking" in text


def test_where_nobody_stands_apart_that_is_said() -> None:
    text = _shown(_units(A="as usual", B="as usual")).text
    assert "None differs clearly" in text
    assert "None differs clearly, adjusted for the number of comparisons." in text


def test_where_nobody_is_compared_that_is_said() -> None:
    text = _shown(_units(A="not compared", B="not compared")).text
    assert "Too few cases to compare" in text
    assert "none is compared" in text


def test_the_usual_spread_is_told() -> None:
    frame = _units(A="as usual", B="as usual").assign(phi=4.0)
    assert "Units vary 2.0 times as much as chance alone" in _shown(frame).text
    assert "The limits account for chance only." in _shown(_units(A="as usual", B="as usual")).text


def test_the_table_keeps_the_order_of_names() -> None:
    lines = _shown(_units(C="as usual", A="worse than usual", B="not compared")).text.splitlines()
    assert [line.split("\t")[0] for line in lines if "\t" in line] == ["Team", "A", "B", "C"]


def test_names_from_the_data_are_no_html() -> None:
    output = _shown(_units(**{HOSTILE: "worse than usual", "B": "as usual"}))
    assert "<b id=live" not in str(output.html)


def test_the_figures_for_machines_have_the_units_as_groups() -> None:
    output = _shown(_units(A="as usual", B="as usual"))
    assert [one["by"] for one in output.figures] == [{"team": "A"}, {"team": "B"}]


def test_a_figure_without_an_interval_or_a_shrunken_one_is_a_dash() -> None:
    nothing = dict.fromkeys(("shrunken", "shrunken_low", "shrunken_high"), np.nan)
    assert "–" in _shown(_units(A="as usual", B="as usual").assign(**nothing)).text


def test_it_speaks_vietnamese() -> None:
    text = _shown(_units(A="as usual", B="worse than usual"), Reader("vi")).text
    assert text.startswith("NPS theo đội. Kém hơn rõ rệt: B")


@pytest.mark.parametrize(
    "asked", [(kpi.csat, "agent", "2026"), (kpi.csat, "channel", "2026"), (kpi.nps, "team", "2026-10")]
)
def test_the_picture_is_small_and_always_the_same(asked: tuple[Any, str, str]) -> None:
    figure_, by, period = asked
    frame = compare(figure_, demo(), by=by, period=period)
    shown = [
        str(funnel(Reader("vi"), card(figure_), one).html) for one in (frame, frame.sample(frac=1, random_state=1))
    ]
    (png,) = re.findall(r"base64,([^\"]*)\"", shown[0])
    assert len(base64.b64decode(png)) < 10_000
    assert shown[0] == shown[1]
