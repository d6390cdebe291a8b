"""The control chart says whether a share is changing, what the verdict rests on, and what to beware of."""

from __future__ import annotations

import base64
import re
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest
from companies import demo

from carestudy import kpi
from carestudy.show import trendline
from carestudy.show.labels import card
from carestudy.show.output import MIME, Output
from carestudy.show.words import Reader
from carestudy.trends import Trend, trend


@cache
def loyalty() -> Trend:
    """The retention of the demo company, which fell in March 2026."""
    return trend(kpi.retention_rate, demo())


def shown(found: Trend, lang: str = "en") -> Output:
    return trendline.trendline(Reader(lang), card(kpi.retention_rate), found)


def words(output: Output) -> tuple[str, str]:
    """The title and the sentence."""
    html = str(output._repr_mimebundle_()["text/html"]).replace("\xa0", " ")
    return re.findall(r"<strong>(.*?)</strong>", html)[0], re.findall(r"<p>(.*?)</p>", html)[0]


def changed(**given: Any) -> Trend:
    return replace(loyalty(), **given)


def test_the_chart_says_where_the_share_goes_how_surely_and_since_when() -> None:
    title, sentence = words(shown(loyalty()))
    assert title == "Customer retention rate (CRR) has been worse since March 2026: 97.1%, before 98.4%"
    assert sentence.startswith("November 2024 to October 2026, 24 periods, 59,036 cases in all: the trend of customer")
    assert "multiplied by 0.57 in a year (95% interval 0.49 to 0.67; p &lt; 0.001). Verdict: worse." in sentence
    assert "Since March 2026 the level is 97.1%; before, it was 98.4%." in sentence
    assert "8 periods lie outside the limits computed from November 2024 to October 2025, the last Octob" in sentence
    assert sentence.endswith("a series this short cannot rule that out.")


def test_the_vietnamese_reader_is_told_the_same() -> None:
    title, sentence = words(shown(loyalty(), "vi"))
    assert title == "Tỷ lệ giữ chân khách hàng (CRR) xấu đi từ tháng 3/2026: 97,1%, trước đó 98,4%"
    assert "odds nhân với 0,57 (khoảng tin cậy 95%: 0,49 đến 0,67; p &lt; 0,001). Kết luận: xấu đi." in sentence
    assert "Từ tháng 3/2026 mức là 97,1%; trước đó là 98,4%." in sentence


@pytest.mark.parametrize(
    ("verdict", "title"),
    [
        ("better", "is improving: from"),
        (None, "is changing: from"),
        ("cannot tell", ": no clear change"),
    ],
)
def test_the_title_is_the_verdict(verdict: Any, title: str) -> None:
    assert title in words(shown(changed(verdict=verdict, changes=())))[0]


def test_what_cannot_be_told_from_chance_is_said() -> None:
    sentence = words(shown(changed(verdict="cannot tell", p=0.3, caveats=("short", "unfinished"))))[1]
    assert "p = 0.300): too small to call." in sentence
    assert "fewer than 8 complete periods" in sentence
    assert sentence.endswith("it is shown, but excluded from the limits and tests.")


def test_a_series_without_a_test_says_so() -> None:
    sentence = words(shown(changed(verdict="cannot tell", p=np.nan, caveats=("constant",))))[1]
    assert sentence.startswith("There are not enough periods")


def test_a_few_odd_periods_are_named_and_none_is_said() -> None:
    frame = loyalty().frame
    few = frame.assign(outside=frame["period"].isin(["2026-03", "2026-05"]))
    assert "2025: March 2026, May 2026." in words(shown(changed(frame=few)))[1]
    none = frame.assign(outside=False)
    assert "No period lies outside the limits" in words(shown(changed(frame=none)))[1]
    assert "diamonds" not in shown(changed(frame=none)).text
    flat = none.assign(limit_low=np.nan, limit_high=np.nan)
    assert "no control limits" in words(shown(changed(frame=flat)))[1]


def test_the_picture_shows_the_limits_the_levels_and_what_was_not_used() -> None:
    text = shown(loyalty()).text
    assert re.search(r"^limits: \d+ points", text, re.MULTILINE)
    assert "level: (-0.4, 0.984041) (15.4, 0.984041)" in text
    assert re.search(r"^outside: \(16, 0.967979\)", text, re.MULTILINE)
    assert "hollow" not in text
    frame = loyalty().frame
    open_ended = frame.assign(used=frame["period"] != "2026-10", outside=False)
    text = shown(changed(frame=open_ended, changes=())).text
    assert "hollow: not over" in text
    assert re.search(r"^not used: \(23, 0.970742\)", text, re.MULTILINE)


def test_without_a_change_of_level_the_centre_is_drawn() -> None:
    text = shown(changed(frame=loyalty().frame.assign(level=np.nan), changes=())).text
    assert "centre: (0, 0.984548)" in text
    assert "level: (" not in text


def test_months_of_few_cases_are_not_drawn() -> None:
    frame = loyalty().frame.copy()
    frame.loc[3, "n"] = 9
    assert "(3, 0.98692)" not in shown(changed(frame=frame)).text
    assert "(3, 0.98692)" in shown(loyalty()).text


def test_the_evidence_stands_in_a_table() -> None:
    html = str(shown(loyalty())._repr_mimebundle_()["text/html"])
    assert "Dispersion (1 = chance alone)</th><td>1.62</td>" in html
    assert "with a yearly season" in html
    assert "New level from March 2026" in html


def test_the_picture_is_small_and_its_figures_go_with_it() -> None:
    bundle = shown(loyalty())._repr_mimebundle_()
    png = base64.b64decode(re.findall(r'base64,([^"]*)"', str(bundle["text/html"]))[0])
    assert len(png) < 10_000
    figures = bundle[MIME]["figures"]
    assert len(figures) == 24
    assert figures[-1]["value"] == pytest.approx(0.970742, abs=1e-6)
    assert shown(loyalty()).text == shown(loyalty()).text


def test_a_series_of_no_periods_is_shown_as_such() -> None:
    frame = loyalty().frame.iloc[:0]
    empty = changed(frame=frame, changes=(), baseline=("", ""), verdict="cannot tell", p=np.nan, caveats=("short",))
    assert "not enough periods" in words(shown(empty))[1]
