"""Pictures say what they show: in a title, a sentence, and a text with every number that is drawn."""

from __future__ import annotations

import base64
import re
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from frames import HOSTILE, MONTHS, NOTHING, figure, show, steps, teams, trend

from carestudy.contract import CareError
from carestudy.show import charts, picture
from carestudy.show.numbers import Form
from carestudy.show.output import MIME, Output
from carestudy.show.words import Reader

STEADY = [31.0, 32, 30, 33, 31, 32, 34, 33, 32, 31, 33, 32, 33]


def _html(output: Output) -> str:
    return str(output._repr_mimebundle_()["text/html"])


def _sentence(output: Output) -> str:
    return re.findall(r"<p>(.*?)</p>", _html(output))[-1].replace("\xa0", " ")


def _title(output: Output) -> str:
    return re.findall(r"<strong>(.*?)</strong>", _html(output))[0].replace("\xa0", " ")


def _png(output: Output) -> bytes:
    return base64.b64decode(re.findall(r'src="data:image/png;base64,([^"]*)"', _html(output))[0])


def test_a_trend_that_may_be_chance_says_so() -> None:
    output = show("vi").trend(trend(STEADY))
    assert _title(output) == "NPS đạt 33,0, chưa có thay đổi rõ rệt"
    assert _sentence(output) == (
        "Tháng 10/2026: NPS 33,0 (khoảng tin cậy 95%: 25,0 đến 41,0; n = 400). So với tháng 9/2026: +1,0 điểm "
        "(−10,3 đến +12,3 điểm), chênh lệch chưa đủ lớn để kết luận."
    )


def test_a_clear_change_is_better_or_worse_by_the_direction_of_the_kpi() -> None:
    falling = trend([60, 20])
    assert _title(show("en").trend(falling)) == "NPS has fallen to 20.0: worse against September 2026"
    churn = trend([0.10, 0.02], kpi="gross_churn_rate")
    churn = churn.assign(low=churn["value"] - 0.01, high=churn["value"] + 0.01)
    fallen = "Churn rate has fallen to 2.0%: better against September 2026, taken to 31 days"
    assert _title(show("en").trend(churn)) == fallen
    fallen = "Tỷ lệ rời bỏ trong kỳ giảm còn 2,0%: tốt lên so với tháng 9/2026 (quy về 31 ngày)"
    assert _title(show("vi").trend(churn)) == fallen


@pytest.mark.parametrize(("last", "told"), [(133, True), (134, False), (9, False)])
def test_a_last_period_of_far_fewer_cases_than_usual_is_read_with_care(last: int, told: bool) -> None:  # noqa: FBT001
    rows = trend(STEADY)
    rows.loc[rows.index[-1], "n"] = last
    assert ("Far fewer cases than usual (n = 400)" in _sentence(show("en").trend(rows))) is told
    counted = rows.assign(kpi="active_customers")
    assert "Far fewer" not in _sentence(show("en").trend(counted))


def test_a_period_of_few_cases_is_neither_drawn_nor_compared() -> None:
    few = trend([40, 20], n=9)
    output = show("en").trend(few)
    assert _title(output) == "NPS: too few cases in October 2026"
    assert "20.0" not in output.text
    assert "Periods with n below 10 are not drawn" in output.text
    assert not re.search("^value: .", output.text, re.MULTILINE)


def test_ten_cases_are_enough_to_be_drawn() -> None:
    assert "20.0" in show("en").trend(trend([40, 20], n=10)).text


def test_a_first_figure_has_nothing_to_be_compared_with() -> None:
    assert _sentence(show("en").trend(trend([40]))).endswith("There is no earlier figure to compare with.")


def test_a_trend_without_any_rows_is_said_and_not_drawn() -> None:
    empty = trend([NOTHING, NOTHING], n=0)
    assert show("vi").trend(empty).text == "NPS: không có dữ liệu. Chưa đủ dữ liệu trong kỳ."


def test_a_gap_in_a_trend_is_a_gap() -> None:
    lines = show("vi").trend(trend([40, 41, NOTHING, 42])).text.splitlines()
    assert [line for line in lines if line.startswith("value")] == ["value: (0, 40) (1, 41)", "value: (3, 42)"]


def test_a_trend_by_group_draws_a_panel_for_each_and_says_who_changed() -> None:
    north = trend([40, 41]).assign(team="Đội Bắc")
    south = trend([60, 10]).assign(team="Đội Nam")
    nameless = trend([30, 31], n=5).assign(team=None)
    output = show("vi").trend(pd.concat([south, nameless, north]))
    assert _title(output) == "NPS theo đội. Đội Nam −50,0 điểm (xấu đi)"
    assert re.findall(r"\[(.*?)\]", output.text) == ["Đội Bắc", "Đội Nam", "(không rõ)"]
    assert "n dưới 10" in output.text


def test_several_groups_need_clearer_changes_than_one() -> None:
    one = trend([40, 54.5])
    many = pd.concat([one.assign(team=str(number)) for number in range(8)])
    assert "better" in _title(show("en").trend(one))
    assert _title(show("en").trend(many)) == "NPS by team. No group clearly changed"


def test_groups_stand_in_their_order_and_not_by_value() -> None:
    text = show("vi").bars(teams(Nam=70, Bắc=10, Đông=40)).text
    assert "y: Bắc, Đông, Nam" in text


def test_groups_apart_from_the_whole_are_named() -> None:
    output = show("en").bars(teams(A=10, B=40, C=70).rename(columns={"team": "region"}))
    assert _title(output) == "NPS by region. A worse than the overall level; C better than the overall level"
    assert _sentence(output).startswith("3 groups compared. A worse than the overall level")


@pytest.mark.parametrize("unit", ["team", "agent", "source"])
def test_nobody_is_called_worse_for_the_work_that_they_get(unit: str) -> None:
    output = show("en").bars(teams(A=10, B=40, C=70).rename(columns={"team": unit}))
    assert _title(output).endswith(". Not adjusted for the work that each gets")
    assert "worse" not in output.text
    assert _sentence(output).startswith("3 groups compared as they stand")


def test_for_a_kpi_that_should_be_low_above_is_worse() -> None:
    rows = teams(A=0.10, B=0.30)
    rows = rows.assign(kpi="gross_churn_rate", low=rows["value"] - 0.02, high=rows["value"] + 0.02)
    rows = rows.rename(columns={"team": "region"})
    assert (
        _title(show("en").bars(rows))
        == "Churn rate by region. B worse than the overall level; A better than the overall level"
    )


def test_small_groups_are_shown_in_grey_and_not_compared() -> None:
    rows = pd.concat([teams(A=40, B=41), teams(C=-90).assign(n=29, denominator=29, numerator=-26.1)])
    output = show("en").bars(rows)
    assert "Grey: n below 30, not compared" in output.text
    assert _sentence(output).startswith("None of the 2 groups compared differs")
    thirty = pd.concat([teams(A=40, B=41), teams(C=-90).assign(n=30, denominator=30, numerator=-27)])
    assert "Grey" not in show("en").bars(thirty).text


def test_a_missing_group_is_shown() -> None:
    rows = pd.concat([teams(A=40), teams(B=41).assign(team=None)])
    assert "y: A, (không rõ)" in show("vi").bars(rows).text


def test_groups_whose_whole_is_unknown_are_not_compared() -> None:
    medians = teams(A=10, B=90).assign(numerator=400)
    assert _sentence(show("en").bars(medians)).startswith("The overall figure is not known here")


def test_intervals_are_spoken_of_only_where_there_are_any() -> None:
    assert "with 95% intervals" in show("en").bars(teams(A=10, B=40)).text
    bare = teams(A=10, B=40).assign(kpi="customers_on_file", period="all").assign(low=[10, 40], high=[10, 40])
    assert "Customers on file by team, all data\n" in show("en").bars(bare).text
    assert "interval" not in show("en").trend(trend([40, 41], low=NOTHING, high=NOTHING)).text.partition("\nx:")[
        0
    ].replace("with no interval, so we no clear change", "")


def test_parts_of_a_sum_are_not_compared_with_it() -> None:
    parts = teams(A=4e8, B=6e8).assign(kpi="invoiced")
    assert _title(show("vi").bars(parts)) == "Doanh thu theo hóa đơn theo đội"


def test_shares_of_a_whole_name_the_largest() -> None:
    rows = teams(Giá=0.5, Khác=0.2, Xa=0.3).assign(kpi="leaving_reasons").rename(columns={"team": "leave_reason"})
    rows["numerator"] = [200, 80, 120]
    assert _title(show("vi").bars(rows)) == "Lý do rời bỏ. Giá 50,0%"
    assert "Giá 50,0%; Xa 30,0%; Khác 20,0%" in _sentence(show("vi").bars(rows))


def test_parts_of_a_whole_stand_by_size_and_the_unnamed_last() -> None:
    rows = teams(Giá=0.3, Khác=0.2, Xa=0.5).assign(kpi="leaving_reasons").rename(columns={"team": "leave_reason"})
    rows.loc[0, "leave_reason"], rows["numerator"] = None, [120, 80, 200]
    ticks = next(line for line in show("en").bars(rows).text.splitlines() if "Xa" in line and "Khác" in line)
    assert ticks.index("Xa") < ticks.index("Khác") < ticks.index("(not stated)")


def test_one_picture_shows_one_kpi() -> None:
    with pytest.raises(CareError, match="one picture shows one KPI, and this frame has nps, csat"):
        show().trend(pd.concat([trend([1, 2]), trend([0.1, 0.2], kpi="csat")]))


@pytest.mark.parametrize("kind", ["trend", "trends", "bars", "bridge"])
def test_every_picture_is_small_has_an_alt_text_and_the_same_bytes_each_time(kind: str) -> None:
    def drawn() -> Output:
        if kind == "bridge":
            return show().bridge(steps())
        if kind == "bars":
            return show().bars(teams(A=10, B=40, C=70, D=20, E=33, F=12, G=50, H=44))
        rows = trend(STEADY)
        return show().trend(rows if kind == "trend" else pd.concat([rows.assign(team=team) for team in "ABCDEF"]))

    first, second = drawn(), drawn()
    assert _png(first) == _png(second)
    assert first.text == second.text
    assert len(_png(first)) < 25_000
    assert re.search(r'alt="[^"]{40,}"', _html(first))
    assert b"Software" not in _png(first)
    assert b"tIME" not in _png(first)


def test_no_global_state_of_matplotlib_is_touched() -> None:
    before = dict(mpl.rcParams)
    show().trend(trend(STEADY))
    assert dict(mpl.rcParams) == before
    from matplotlib import pyplot as plt

    assert plt.get_fignums() == []


def test_settings_of_the_analyst_do_not_reach_the_picture() -> None:
    plain = _png(show().trend(trend(STEADY)))
    with mpl.rc_context({"font.size": 30, "axes.facecolor": "red", "lines.linewidth": 9}):
        assert _png(show().trend(trend(STEADY))) == plain


def _changed(frame: pd.DataFrame, change: str) -> pd.DataFrame:
    rows = frame.copy()
    if change == "a mean":
        rows.loc[4, "value"] += 0.1
    if change == "half the error bars":
        rows["low"], rows["high"] = (rows["low"] + rows["value"]) / 2, (rows["high"] + rows["value"]) / 2
    if change == "an n":
        rows.loc[len(rows) - 1, "n"] += 1
    if change == "another average":
        rows["value"] = rows["value"].rolling(5, min_periods=1).mean()
    if change == "a period left out":
        rows = rows.drop(index=3).reset_index(drop=True)
    return rows


@pytest.mark.parametrize("change", ["a mean", "half the error bars", "an n", "another average", "a period left out"])
def test_the_text_of_a_picture_tells_a_change_of_its_data(change: str) -> None:
    frame = trend(STEADY)
    assert show().trend(_changed(frame, change)).text != show().trend(frame).text


@pytest.mark.parametrize("change", ["half the error bars", "a period left out"])
def test_the_text_of_a_long_series_tells_it_too(change: str) -> None:
    values = np.sin(np.arange(90) / 9) * 10 + 40
    weeks = [f"2025-W{week:02}" for week in range(1, 53)] + [f"2026-W{week:02}" for week in range(1, 39)]
    frame = pd.DataFrame([figure(value, period=week) for value, week in zip(values, weeks, strict=True)])
    text = show().trend(frame, every="week").text
    assert "90 points, (0, 40)" in text
    assert show().trend(_changed(frame, change), every="week").text != text


def test_the_text_is_read_from_what_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    form, rows = Form(Reader("vi"), "points"), trend(STEADY)
    whole = picture.paint(charts.trend(rows, form), 2.7).drawn

    def halved(figure: Any) -> None:
        charts.trend(rows, form)(figure)
        for shape in figure.axes[0].collections[1:2]:
            shape.set_segments([segment * [1, 0.5] for segment in shape.get_segments()])

    assert picture.paint(halved, 2.7).drawn != whole


def test_axes_speak_the_readers_language() -> None:
    money = trend([1e9, 3e9], kpi="invoiced")
    assert re.search(r"^y: .*2 tỷ ₫", show("vi").trend(money).text.replace("\xa0", " "), re.MULTILINE)
    assert re.search(r"^y: .*₫2bn", show("en").trend(money).text, re.MULTILINE)
    assert "T9 2026, T10" in show("vi").trend(money).text


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_text_from_the_data_is_text_in_a_picture(lang: str) -> None:
    rows = teams(A=10, B=40).assign(team=[HOSTILE, "Z"])
    html = _html(show(lang).bars(rows))
    assert "<b id=live" not in html
    assert html.count("<img") == 1
    panels = pd.concat([trend([1, 2]).assign(team=HOSTILE), trend([1, 2]).assign(team="Z")])
    assert _html(show(lang).trend(panels)).count("<img") == 1


def test_signs_that_the_font_lacks_are_no_reason_to_fail() -> None:
    assert "会社 🙂" in show().bars(teams(A=1, B=2).assign(team=["会社 🙂", "Z"])).text


def test_the_figures_behind_a_picture_go_with_it() -> None:
    payload = show().bars(pd.concat([teams(A=10), teams(B=NOTHING).assign(team=None, n=0)]))._repr_mimebundle_()[MIME]
    assert payload["figures"][0] == {
        "kpi": "nps", "by": {"team": "A"}, "period": "2026-10", "value": 10.0, "low": 2.0, "high": 18.0,
        "numerator": 40.0, "denominator": 400.0, "n": 400.0, "unit": "points",
    }  # fmt: skip
    assert payload["figures"][1]["by"] == {"team": None}
    assert payload["figures"][1]["value"] is None


def test_there_is_a_tick_for_every_month_of_a_year() -> None:
    assert len(MONTHS) == 13
    assert "x: T10 2025, T11, T12, T1 2026, T2," in show("vi").trend(trend(STEADY)).text
