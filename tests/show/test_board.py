"""The board, tables and boxes: exceptions first, signs with words, and text that stays text."""

from __future__ import annotations

import re

import pandas as pd
import pytest
from companies import demo
from frames import HOSTILE, NOTHING, company, figure, score, scores, show

import carestudy as cs
from carestudy import kpi
from carestudy.contract import CareError, Missing
from carestudy.kpi import ALL
from carestudy.show import Show
from carestudy.show.appendix import definitions
from carestudy.show.labels import card
from carestudy.show.looks import LOOKS
from carestudy.show.output import MIME, Output
from carestudy.show.tiles import Tile
from carestudy.show.words import Reader


def _change(side: str, verdict: str, amount: float, spread: float = 1.0) -> dict[str, object]:
    names = (f"{side}change", f"{side}change_low", f"{side}change_high", f"{side}verdict")
    return dict(zip(names, (amount, amount - spread, amount + spread, verdict), strict=True))


WORSE = score("nps", 30, before=38.0, before_n=300, **_change("", "worse", -8.0))
BETTER = score("csat", 0.8, before=0.7, before_n=300, **_change("", "better", 0.1, 0.05))
UNSURE = score("response_rate", 0.2, before=0.19, before_n=300, **_change("", "cannot tell", 0.01, 0.05))
NEW = score("invoiced", 2.4e9)


def _html(output: Output) -> str:
    return str(output._repr_mimebundle_()["text/html"]).replace("\xa0", " ")


def _findings(output: Output) -> list[str]:
    items = re.findall(r"<li>(.*?)</li>", _html(output))
    return [re.sub(r"<[^>]+>", "", item) for item in items]


def test_exceptions_come_first_whatever_the_order_of_the_scorecard() -> None:
    said = _findings(show("vi").board(scores(NEW, UNSURE, BETTER, WORSE)))
    assert said == [
        "NPS: 30,0. ▼ xấu đi so với tháng trước: −8,0 điểm (−9,0 đến −7,0 điểm).",
        "CSAT: 80,0%. ▲ tốt lên so với tháng trước: +10,0 điểm % (+5,0 đến +15,0 điểm %).",
        "Chưa có thay đổi rõ rệt: tỷ lệ trả lời khảo sát.",
        "Chưa có số liệu trước để so sánh: doanh thu theo hóa đơn.",
    ]


def test_a_missed_target_and_a_worse_year_need_attention_too() -> None:
    missed = score("nps", 30, target=35.0, reached=False)
    year = score("csat", 0.7, year_ago=0.8, year_n=300, **_change("year_", "worse", -0.1, 0.05))
    said = _findings(show("en").board(scores(missed, year)))
    assert said[0] == "NPS: 30.0. ✕ target not reached (35.0)."
    assert said[1].startswith("CSAT: 70.0%. ▼ worse against a year ago: −10.0 pp")


def test_a_reached_target_is_told_in_the_tile() -> None:
    html = _html(show("en").board(scores(score("nps", 40, target=35.0, reached=True))))
    assert "✓ target reached" in html
    assert "not reached" not in html


@pytest.mark.parametrize("reached", [True, False])
def test_a_target_within_the_interval_is_neither_reached_nor_missed_as_in_the_list_of_goals(reached: bool) -> None:  # noqa: FBT001
    near = score("nps", 34.8 if not reached else 35.3, target=35.0, reached=reached) | {"low": 30.0, "high": 40.0}
    output = show("en").board(scores(near))
    assert "≈ target: too close to call" in _html(output)
    assert "reached" not in _html(output)
    assert not any("target" in line for line in _findings(output))


def test_an_arrow_tells_the_direction_and_a_word_whether_it_is_good() -> None:
    rising = score("gross_churn_rate", 0.05, before=0.03, before_n=300, **_change("", "worse", 0.02, 0.01))
    assert "▲ xấu đi" in _html(show("vi").board(scores(rising)))


def test_below_ten_cases_there_are_counts_and_no_arrow() -> None:
    few = score(
        "csat", 0.67, n=9, numerator=6, denominator=9, **_change("", "worse", -0.3, 0.1), before=0.97, before_n=40
    )
    html = _html(show("vi").board(scores(few | {"target": 0.8, "reached": False})))
    assert "6 trên 9" in html
    assert "67,0%" not in html
    assert not re.search("[▲▼✕]", html)
    ten = _html(show("vi").board(scores(few | {"n": 10})))
    assert "67,0%" in ten
    assert "▼" in ten


def test_a_tile_without_any_case_has_a_dash() -> None:
    empty = score("csat", NOTHING, n=0, numerator=0, denominator=0, low=NOTHING, high=NOTHING)
    assert '<p class="figure">–</p>' in _html(show().board(scores(empty)))


def test_a_tile_has_interval_n_previous_and_a_year_ago() -> None:
    text = show("en").board(scores(WORSE | {"low": 25.0, "high": 35.0, "year_ago": 31.0})).text.replace("\xa0", " ")
    assert "NPS: 30.0; 95% interval 25.0 to 35.0; n = 400; The month before 38.0 −8.0 points; A year ago 31.0;" in text


def test_an_empty_scorecard_is_said() -> None:
    assert show("en").board(scores()).text == "No data. Not enough data in this period."


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_no_reader_ever_sees_nan(lang: str) -> None:
    shown = show(lang)
    grouped = scores(*(row | {"channel": channel} for row in (WORSE, NEW) for channel in ("phone", None)))
    for output in (shown.board(scores(WORSE, BETTER, UNSURE, NEW)), shown.scorecards(grouped), shown.table(grouped)):
        assert not re.search(r"\b(nan|NaN|None|NaT|<NA>)\b", _html(output) + output.text)


def test_a_matrix_has_a_row_a_kpi_and_a_column_a_group() -> None:
    rows = [row | {"channel": channel} for row in (WORSE, BETTER) for channel in (None, "phone", "Zalo")]
    lines = show("vi").scorecards(scores(*rows)).text.splitlines()
    assert lines[0] == "Chỉ số\tĐiện thoại\tZalo\t(không rõ)"
    assert [line.split("\t")[0] for line in lines[1:]] == ["NPS", "CSAT"]
    assert "▼ xấu đi" in lines[1]


def _crossed(**given: object) -> pd.DataFrame:
    rows = [
        figure(30, **{"team": team, "channel": channel} | given) for team in ("B", None) for channel in ("web", "phone")
    ]
    return pd.DataFrame(rows)


def test_a_grid_crosses_two_dimensions_in_their_order() -> None:
    text = show("vi").grid(_crossed()).text.replace("\xa0", " ")
    assert text.splitlines() == [
        "NPS theo đội và kênh, tháng 10/2026",
        "Đội\tĐiện thoại\tWeb",
        "B\t30,0 n = 400\t30,0 n = 400",
        "(không rõ)\t30,0 n = 400\t30,0 n = 400",
        "Màu xám: n dưới 30, không so sánh",
    ]


@pytest.mark.parametrize(
    ("n", "shown", "grey"), [(0, False, False), (9, False, True), (10, True, True), (30, True, False)]
)
def test_a_grid_shows_small_groups_in_grey_or_by_their_count(n: int, shown: bool, grey: bool) -> None:  # noqa: FBT001
    html = _html(show("en").grid(_crossed(n=n)))
    body = html.partition("<tbody>")[2].partition("</tbody>")[0]
    assert ("30.0" in body, "muted" in body) == (shown, grey)


def test_a_grid_of_one_dimension_is_refused() -> None:
    with pytest.raises(CareError, match="a grid has two dimensions, and this one has team"):
        show().grid(_crossed().drop(columns="channel"))


def test_a_table_writes_each_column_in_its_own_way() -> None:
    frame = pd.DataFrame(
        {
            "region": ["Bắc", None], "customers": [1234, 5], "share": [0.25, NOTHING], "gini": [0.4567, 1.5],
            "joined_on": pd.to_datetime(["2026-10-01", None]), "consent": [True, False],
        }
    )  # fmt: skip
    assert show("vi").table(frame, "Vùng").text.splitlines() == [
        "Vùng",
        "Vùng\tKhách hàng\tTỷ trọng\tgini\tNgày tham gia\tĐồng ý nhận liên hệ",
        "Bắc\t1.234\t25,0%\t0,46\t01/10/2026\tcó",
        "(không rõ)\t5\t–\t1,50\t–\tkhông",
    ]


def test_a_figures_frame_is_written_in_the_units_of_its_kpis() -> None:
    frame = pd.DataFrame([WORSE, BETTER])[["period", "kpi", "value", "n"]]
    assert show("en").table(frame).text.splitlines()[1:] == [
        "October 2026\tNPS\t30.0\t400",
        "October 2026\tCSAT\t80.0%\t400",
    ]


def test_a_long_table_says_that_it_is_cut() -> None:
    text = show("en").table(pd.DataFrame({"rows": range(1500)})).text
    assert text.startswith("(the first 60 of 1,500 rows)")
    assert len(text.splitlines()) == 62


def test_the_title_of_a_wide_table_is_its_caption_and_does_not_scroll_with_it() -> None:
    html = _html(show().table(pd.DataFrame({"team": ["A"]}), "Các đội"))
    assert '<div class="care-scroll" role="region" tabindex="0" aria-label="Các đội">' in html
    assert '<table class="care-table"><caption class="care-title"><span>Các đội</span></caption>' in html
    assert "position:sticky;left:0" in LOOKS["table"]


def test_numbers_stand_on_the_right_and_headings_say_what_they_head() -> None:
    html = _html(show().table(pd.DataFrame({"team": ["A"], "n": [3]})))
    assert '<th scope="col" class="number">n</th>' in html
    assert '<th scope="row">A</th><td class="number">3</td>' in html


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_text_from_the_data_is_text_on_the_page(lang: str) -> None:
    shown = show(lang, name=HOSTILE)
    frame = pd.DataFrame({HOSTILE: [HOSTILE], "team": [HOSTILE]})
    grouped = scores(WORSE | {"channel": HOSTILE})
    gap = Missing("responses", HOSTILE, [HOSTILE])
    for output in (shown.cover(), shown.table(frame, HOSTILE), shown.scorecards(grouped), shown.missing(gap)):
        assert "<b id=live" not in _html(output)
        assert "\u202e" not in _html(output)


def test_the_cover_says_whose_which_and_up_to_when() -> None:
    assert show("vi").cover().text.splitlines() == [
        "Công ty Mẫu",
        "Báo cáo chăm sóc khách hàng Tháng 10/2026",
        "Số liệu tính đến hết ngày 31/10/2026.",
        "Khách hàng: 4.990 dòng, 10 dòng lỗi bị loại. Câu trả lời khảo sát: 1.200 dòng.",
    ]
    assert _html(show().cover()).count("<h1>") == 1


def test_a_report_of_ones_own_has_a_title_of_its_own() -> None:
    titles = {"vi": "Hoàn tiền <b>", "en": "Refunds"}
    assert "<h1>Hoàn tiền &lt;b&gt; <span>" in _html(show("vi").cover(title=titles))
    assert "<h1>Refunds <span>" in _html(show("en").cover(title=titles))
    assert "<h1>Refunds <span>" in _html(show("vi").cover(title="Refunds"))
    with pytest.raises(CareError, match="the title has no text in 'vi'"):
        show("vi").cover(title={"en": "Refunds"})
    with pytest.raises(CareError, match="title is text in quotes or a text for each language, not 5"):
        show("vi").cover(title=5)  # type: ignore[arg-type]


def test_the_cover_carries_what_the_report_is_about() -> None:
    about = show("en").cover()._repr_mimebundle_()[MIME]["about"]
    assert about["company"] == "Công ty Mẫu"
    assert about["as_of"] == "2026-11-01T00:00:00+07:00"
    assert (about["period"], about["language"]) == ("2026-10", "en")
    assert about["tables"][0] == {
        "table": "customers", "source": "khach_hang.xlsx", "read": 5000, "used": 4990, "set_aside": 10,
        "hash": "7b3e23a0c8f3e3e6",
    }  # fmt: skip


def test_a_period_that_is_not_over_is_said_at_the_top() -> None:
    text = Show(company(), "2026-11", "vi").cover().text
    assert "Kỳ báo cáo chưa kết thúc: số liệu còn là tạm tính." in text


def test_the_last_month_is_the_last_whole_one_before_the_data_end() -> None:
    assert Show(company(), "last-month").period == "2026-10"


@pytest.mark.parametrize(("given", "why"), [({"lang": "fr"}, "vi, en"), ({"period": "10/2026"}, "is no period")])
def test_a_report_nobody_can_write_is_refused_at_once(given: dict[str, str], why: str) -> None:
    with pytest.raises(CareError, match=why):
        Show(company(), **({"period": "2026-10"} | given))


def test_a_missing_column_is_named_with_how_to_mend_it() -> None:
    said = show("vi").trend(ALL["nps"]).text
    assert said.startswith("Không tính được NPS. Dữ liệu không có bảng responses (hiện có: chưa có bảng nào).")
    gap = Missing("responses", "score", ["response_id", "scores"])
    text = show("en").missing(gap.for_figure("nps")).text
    assert text.startswith(
        "nps cannot be computed. Table responses has no column score (response_id, scores are there)."
    )
    assert text.endswith('[responses] columns = { score = "scores" }')


def test_a_figure_that_only_cannot_be_told_by_groups_is_called_so() -> None:
    answers = pd.DataFrame({"answered_at": ["2026-10-05"] * 3, "question": "nps", "score": [9, 10, 3]})
    care = cs.load({"responses": answers}, as_of="2026-10-31")
    vi, en = (Show(care, "2026-10", lang).funnel(ALL["nps"], by="team").text for lang in ("vi", "en"))
    assert vi.startswith("Không tính được NPS theo đội.")
    assert en.startswith("NPS by team cannot be computed. Table responses has no column team")


def test_every_kpi_is_defined_with_the_direction_that_is_good() -> None:
    lines = definitions(Reader("vi"), map(card, ALL.values())).text.splitlines()
    assert len(lines) == len(ALL)
    assert "NPS: Điểm sẵn lòng giới thiệu: số người ủng hộ" in "\n".join(lines)
    assert lines[list(ALL).index("gross_churn_rate")].endswith("Càng thấp càng tốt.")


def test_only_figures_that_the_data_allow_are_defined() -> None:
    answers = pd.DataFrame({"answered_at": ["2026-10-05"] * 3, "question": "nps", "score": [9, 10, 3]})
    page = Show(cs.load({"responses": answers}, as_of="2026-10-31"), "2026-10", "en")
    text = page.definitions([kpi.nps, kpi.retention_rate, kpi.contact_count]).text
    assert text.startswith("NPS: ")
    assert len(text.splitlines()) == 1
    assert page.definitions([kpi.retention_rate]).looks == ("gap",)


def test_sources_name_tables_faults_and_versions() -> None:
    output = show("en").sources()
    assert "Customers\tkhach_hang.xlsx\t5,000\t4,990\t10\t7b3e23a0c8f3" in output.text
    assert "Customers\tjoined_on\tis empty\t10\texcluded" in output.text
    assert "time zone Asia/Ho_Chi_Minh" in output.text
    assert output.about is not None
    assert set(output.about["versions"]) >= {"Python", "pandas", "duckdb"}


def test_every_output_brings_its_own_style_and_its_figures() -> None:
    for output in (show().cover(), show().board(scores(WORSE)), show().sources()):
        bundle = output._repr_mimebundle_()
        assert bundle["text/html"].startswith('<style data-care="care">')
        assert isinstance(bundle[MIME]["figures"], list)
        assert bundle["text/plain"]


@pytest.mark.parametrize(("lang", "words"), [("en", "taken to 31 days"), ("vi", "(quy về 31 ngày)")])
def test_a_sum_of_a_shorter_month_is_shown_at_equal_days(lang: str, words: str) -> None:
    row = cs.scorecard(demo(), period="2026-10", kpis=[kpi.invoiced, kpi.nps])
    tile, other = (Tile(Reader(lang, "VND"), one) for one in row.to_dict("records"))
    (before, value, change), (year_ago, _, _) = tile.facts()[:2]
    # September's sum times 31 / 30, so that this month less that is the change that is shown.
    assert words in before
    assert words not in year_ago
    shown = row.iloc[0]
    assert value == tile.form.value(shown["before"] * 31 / 30)
    assert change == tile.form.change(shown["value"] - shown["before"] * 31 / 30)
    assert words not in other.facts()[0][0]
