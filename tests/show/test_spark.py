"""The small line of a tile: where the figure came from, broken where there was none."""

from __future__ import annotations

import re

from companies import demo
from frames import NOTHING, company, score, scores

from carestudy import kpi
from carestudy.overview import history
from carestudy.show.spark import spark
from carestudy.show.tiles import board
from carestudy.show.words import Reader


def _points(html: str) -> list[list[tuple[int, int]]]:
    lines = re.findall(r'points="([^"]*)"', html)
    return [[(int(x), int(y)) for x, y in (pair.split(",") for pair in line.split())] for line in lines]


def test_a_line_goes_from_left_to_right_and_up_where_values_rise() -> None:
    ((first, middle, last),) = _points(spark([1.0, 2.0, 3.0]))
    assert first[0] < middle[0] < last[0]
    assert first[1] > middle[1] > last[1]


def test_a_line_is_broken_where_there_is_no_value() -> None:
    assert [len(part) for part in _points(spark([1.0, 2.0, NOTHING, 4.0, 3.0]))] == [2, 2]


def test_a_line_whose_last_value_is_missing_has_no_dot_at_its_end() -> None:
    assert "<circle" in spark([1.0, 2.0])
    assert "<circle" not in spark([1.0, 2.0, NOTHING])


def test_a_level_line_is_drawn_and_one_value_is_no_line() -> None:
    assert len({y for _, y in _points(spark([5.0, 5.0, 5.0]))[0]}) == 1
    assert spark([5.0, NOTHING]) == ""


def test_a_line_that_says_something_is_read_aloud_and_one_that_repeats_is_not() -> None:
    assert 'role="img" aria-label="Rising &lt;b&gt;"' in spark([1, 2], "Rising <b>")
    assert "aria-hidden" in spark([1, 2])


def test_a_tile_has_the_line_of_its_own_figure() -> None:
    rows = scores(score("nps", 30), score("csat", 0.8))
    past = scores(score("nps", 20, period="2026-09"), score("nps", 30))
    shown = board(Reader("en"), rows, past)
    assert str(shown.html).count("<svg") == 1
    assert "; 20 30" in shown.text.splitlines()[-2]


def test_the_history_of_a_figure_ends_with_the_period_and_leaves_out_what_the_data_lack() -> None:
    past = history(demo(), period="2026-10", kpis=[kpi.csat, kpi.customers_on_file], last=3)
    assert past["period"].tolist() == ["2026-08", "2026-09", "2026-10"]
    assert set(past["kpi"]) == {"csat"}
    assert history(company(), period="2026-10", kpis=[kpi.csat]).empty
