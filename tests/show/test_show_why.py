"""Why a figure changed, in bars, a table and two languages."""

from __future__ import annotations

import base64
import re
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest
from companies import demo

from carestudy import kpi
from carestudy.show import why as pictures
from carestudy.show.labels import card
from carestudy.show.output import MIME, Output
from carestudy.show.words import Reader
from carestudy.whys import Why, why


@cache
def told(name: str = "nps", by: str = "channel", against: str | None = None) -> Why:
    """The change of a figure of the demo company in October 2026."""
    return why(kpi.ALL[name], demo(), period="2026-10", by=by, against=against)


def shown(found: Why, lang: str = "en") -> Output:
    return pictures.why(Reader(lang), card(found.kpi), found)


def words(output: Output) -> tuple[str, str]:
    """The title and the sentence."""
    html = str(output._repr_mimebundle_()["text/html"]).replace("\xa0", " ")
    return re.findall(r"<strong>(.*?)</strong>", html)[0], re.findall(r"<p>(.*?)</p>", html)[0]


def changed(**given: Any) -> Why:
    return replace(told(), **given)


def test_the_change_and_its_two_parts_are_told_with_intervals_and_verdicts() -> None:
    title, sentence = words(shown(told()))
    assert title == "NPS +8.0 points: the mix +2.0 points, the groups themselves +6.1 points"
    assert sentence.startswith(
        "September 2026 to October 2026: NPS 27.5 (n = 284), then 35.5 (n = 307): +8.0 points (95% interval −4.6 "
        "to +20.7 points; no clear change). Of this, +2.0 points (95% interval −2.9 to"
    )
    assert "because the shares of the groups by channel changed" in sentence
    assert sentence.endswith("where a change sits, not what caused it.")


def test_the_vietnamese_reader_is_told_the_same() -> None:
    title, sentence = words(shown(told("retention_rate", "region", "year_ago"), "vi"))
    assert title.replace("\xa0", " ").startswith("Tỷ lệ giữ chân khách hàng (CRR) −1,4")
    assert "do bản thân các nhóm −1,4" in title
    assert "do tỷ trọng các nhóm theo" in sentence
    assert "xấu đi" in sentence
    assert sentence.endswith("không cho biết nguyên nhân.")


def test_simpsons_paradox_is_in_the_title_and_in_the_sentence() -> None:
    title, sentence = words(shown(changed(simpson=True)))
    assert title == "NPS +8.0 points, though no group moved that way: the mix did it"
    assert "Simpson's paradox" in sentence.replace("&#39;", "'")
    assert "Simpson" not in words(shown(told()))[1]


def test_an_effect_without_an_interval_says_so() -> None:
    total = told().total.copy()
    total.loc[2, ["low", "high"]] = np.nan
    assert "+6.1 points (no interval)" in words(shown(changed(total=total)))[1]


def test_a_figure_without_a_direction_has_no_verdict() -> None:
    sentence = words(shown(changed(total=told().total.assign(verdict=None))))[1]
    assert "+8.0 points (95% interval −4.6 to +20.7 points)" in sentence


def test_every_segment_has_its_line_in_the_table_and_the_last_is_the_total() -> None:
    lines = [line.split("\t") for line in shown(told()).text.splitlines() if "\t" in line]
    assert lines[0][:3] == ["Channel", "Share before", "Share now"]
    assert [line[0] for line in lines[1:]] == [
        "Chatbot",
        "Cửa hàng",
        "Website",
        "Điện thoại",
        "(5 small groups)",
        "Total",
    ]
    assert [cell.replace("\xa0", " ") for cell in lines[-1]][1:] == [
        "100.0%", "100.0%", "27.5", "35.5", "+2.0 points", "+6.1 points", "284", "307",
    ]  # fmt: skip


def test_a_segment_of_a_handful_has_no_figure_of_its_own() -> None:
    for n, written in ((9, "–"), (10, "−29.3")):
        frame = told().frame.copy()
        frame.loc[0, "n_before"] = n
        line = next(line for line in shown(changed(frame=frame)).text.splitlines() if line.startswith("Chatbot\t"))
        assert line.split("\t")[3] == written


def test_effects_on_a_share_are_in_percentage_points_at_the_axis_too() -> None:
    text = shown(told("retention_rate", "region", "year_ago")).text.replace("\xa0", " ")
    assert re.search(r"^x: −1 pp, −0\.5 pp, 0 pp", text, re.MULTILINE)


def test_a_group_without_a_name_is_shown() -> None:
    text = shown(told("csat", "team")).text
    assert "\n(not stated)\t" in text


def test_of_many_groups_the_largest_effects_are_drawn_and_all_stand_in_the_table() -> None:
    frame = pd.concat([told().frame.assign(segment=[f"{part}{row}" for row in range(5)], segments=1) for part in "ABC"])
    output = shown(changed(frame=frame.reset_index(drop=True)))
    assert "the 12 largest effects of 15" in output.text
    assert sum(line.startswith("rectangle") for line in output.text.splitlines()) == 24
    assert sum(bool(re.match(r"[ABC]\d\t", line)) for line in output.text.splitlines()) == 15


@pytest.mark.parametrize("name", ["nps", "retention_rate", "mean_transaction"])
def test_the_picture_is_small_and_the_same_each_time(name: str) -> None:
    found = told(name, "region")
    html = str(shown(found)._repr_mimebundle_()["text/html"])
    assert len(base64.b64decode(re.findall(r'base64,([^"]*)"', html)[0])) < 10_000
    assert shown(found).text == shown(found).text


def test_the_effects_go_with_the_picture() -> None:
    figures = shown(told())._repr_mimebundle_()[MIME]["figures"]
    assert {row["kpi"] for row in figures} == {"nps:mix", "nps:rate", "nps:change"}
    (change,) = [row for row in figures if row["kpi"] == "nps:change"]
    assert change["value"] == pytest.approx(8.040097, abs=1e-5)
    assert change["by"] == {}
