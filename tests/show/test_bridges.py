"""The bridge says how many customers came and went."""

from __future__ import annotations

import re

import pandas as pd
from frames import show, steps

from carestudy.show.output import MIME, Output


def _words(output: Output) -> tuple[str, str]:
    """The title and the sentence."""
    html = str(output._repr_mimebundle_()["text/html"]).replace("\xa0", " ")
    return re.findall(r"<strong>(.*?)</strong>", html)[0], re.findall(r"<p>(.*?)</p>", html)[-1]


def test_the_bridge_says_how_many_came_and_went() -> None:
    output = show("vi").bridge(steps())
    assert _words(output)[0] == "Tăng 85 khách hàng trong tháng 10/2026: 186 mới, 101 rời bỏ"
    assert _words(output)[1] == "Tháng 10/2026: đầu kỳ 3.452 khách hàng, 101 rời bỏ, 186 mới, cuối kỳ 3.537."
    assert {"3.452", "−101", "+186", "3.537"} <= {line.removeprefix("text: ") for line in output.text.splitlines()}


def test_the_bridge_has_steps_for_those_who_returned_and_words_for_the_undecided() -> None:
    output = show("en").bridge(steps(returned=4, end=3541, undecided=12))
    assert _words(output)[0] == "Customers grew by 89 in October 2026: 186 new, 4 returned, 101 lost"
    assert "4 returned" in _words(output)[1]
    assert _words(output)[1].endswith("not yet decided: 12.")
    assert "Returned" in output.text


def test_the_bridge_of_groups_is_that_of_all_of_them() -> None:
    both = pd.concat([steps().assign(region="Bắc"), steps().assign(region=None)])
    assert "6.904 khách hàng" in _words(show("vi").bridge(both))[1]


def test_a_bridge_without_the_period_is_said() -> None:
    assert "No data" not in show("en").bridge(steps(period="2026-09")).text
    assert "Customers: no data" in show("en").bridge(steps(period="2026-09")).text


def test_the_bridge_gives_its_counts_as_figures() -> None:
    payload = show().bridge(steps())._repr_mimebundle_()[MIME]
    assert {(row["kpi"], row["value"]) for row in payload["figures"]} >= {
        ("customers_lost", 101.0),
        ("customers_end", 3537.0),
    }
