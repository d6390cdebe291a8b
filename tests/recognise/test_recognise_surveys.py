"""Questions of a survey are named after what they ask, on the scale and in the direction that their words state."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from export_folders import Rows, mapping, moment, pick, save, table, text

import carestudy as cs
from carestudy import kpi
from carestudy.recognise import Proposal, propose

BASE = {"Mã KH": lambda n: f"C{n}", "Dấu thời gian": lambda n: moment(n, "%Y-%m-%d %H:%M:%S")}


def survey(folder: Path, columns: dict[str, Any]) -> Path:
    """A folder with a survey that has these questions."""
    return save(folder, {"khao_sat.csv": table({**BASE, **columns})})


def loaded(folder: Path, proposal: Proposal) -> Any:
    """The data as they are proposed, with no question answered."""
    (folder / "care.toml").write_text(proposal.toml(), "utf-8")
    return cs.load(folder)


def counts(figure: Any) -> tuple[int, int]:
    (row,) = figure.to_dict("records")
    return int(row["numerator"]), int(row["denominator"])


def answers(*texts: str) -> Callable[[int], str]:
    """Three of five rows answer the first, one each the next two."""
    return lambda n: texts[0] if n % 5 < 3 else texts[n % 5 - 2]


# What is best stands first in each: 3 of 5 give it, 1 of 5 the worst, 1 of 5 the middle.
TURNED = {
    "all in words": ("Mức độ hài lòng", ("1 - Rất hài lòng", "5 - Rất không hài lòng", "3 - Bình thường")),
    "ends in words": ("Mức độ hài lòng", ("1 - Rất hài lòng", "5 - Rất không hài lòng", "3")),
    "points": ("How satisfied are you?", ("1. Very satisfied", "5. Very dissatisfied", "3. Neutral")),
    "equals": ("Satisfaction", ("1 = Excellent", "5 = Terrible", "3")),
    "behind": ("Độ hài lòng", ("Rất tốt (1)", "Rất tệ (5)", "Trung bình (3)")),
    "in the header": ("Mức độ hài lòng (1: Rất hài lòng, 5: Rất không hài lòng)", ("1", "5", "3")),
}


@pytest.mark.parametrize("case", TURNED)
def test_where_words_say_that_the_lowest_number_is_best_it_counts_as_best(case: str, tmp_path: Path) -> None:
    header, scale = TURNED[case]
    proposal = propose(survey(tmp_path, {header: answers(*scale)}))
    (question,) = proposal.matches["responses"].questions
    assert (question.name, question.sure) == ("csat", "likely")
    assert counts(kpi.csat(loaded(tmp_path, proposal))) == (36, 60)


@pytest.mark.parametrize(
    "scale",
    [
        ("5 - Rất hài lòng", "1 - Rất không hài lòng", "3"),
        ("5 = Excellent", "1 = Terrible", "3 = Fair"),
        ("5", "1", "3"),
    ],
)
def test_a_scale_whose_highest_number_is_best_stays(scale: tuple[str, ...], tmp_path: Path) -> None:
    proposal = propose(survey(tmp_path, {"Mức độ hài lòng (1-5)": answers(*scale)}))
    assert proposal.matches["responses"].questions[0].sure == "sure"
    assert counts(kpi.csat(loaded(tmp_path, proposal))) == (36, 60)


def test_words_that_contradict_each_other_are_asked_for(tmp_path: Path) -> None:
    proposal = propose(survey(tmp_path, {"Mức độ hài lòng": answers("1 - Rất hài lòng", "5 - Tuyệt vời", "3")}))
    assert proposal.matches["responses"].questions[0].sure == "guess"
    assert any("which is it?" in one for one in proposal.questions())


def test_a_scale_of_seven_is_turned_by_its_ends(tmp_path: Path) -> None:
    scale = ("1 - Rất dễ", "7 - Rất khó", "3")  # 3 is 5 when turned
    proposal = propose(survey(tmp_path, {"Việc xử lý có dễ dàng không?": answers(*scale)}))
    assert "ces_scale = 7" in proposal.toml()
    assert counts(kpi.ces(loaded(tmp_path, proposal))) == (48, 60)


@pytest.mark.parametrize(
    ("header", "scale", "easy", "stated"),
    [
        ("Xử lý yêu cầu có dễ dàng không?", ("Dễ", "Rất khó", "Bình thường"), 36, 5),
        ("It was easy to have my issue resolved", ("Agree", "Strongly disagree", "Neutral"), 36, 5),
        ("How easy was it to get help? (1-5)", ("4", "1", "3"), 36, 5),
        ("How easy was it to get help?", ("4", "1", "3"), 36, None),
        ("How easy was it to get help? (1-7)", ("4", "1", "3"), 0, 7),
        ("How easy was it to get help?", ("6", "4", "3"), 36, None),
    ],
)  # fmt: skip
def test_effort_is_read_on_the_scale_on_which_it_was_asked(
    header: str, scale: tuple[str, ...], easy: int, stated: int | None, tmp_path: Path
) -> None:
    proposal = propose(survey(tmp_path, {header: answers(*scale)}))
    assert tomllib.loads(proposal.toml()).get("ces_scale") == stated
    assert counts(kpi.ces(loaded(tmp_path, proposal))) == (easy, 60)


@pytest.mark.parametrize("header", ["How much effort did it take? (1-7)", "Anh chị mất bao nhiêu công sức? (1-5)"])
def test_effort_whose_high_end_may_be_much_is_asked_for(header: str, tmp_path: Path) -> None:
    proposal = propose(survey(tmp_path, {header: lambda n: 1 + n % 5}))
    (question,) = proposal.matches["responses"].questions
    assert (question.name, question.sure) == ("ces", "guess")
    assert any("much effort" in one for one in proposal.questions())


GRIDS: dict[str, tuple[list[str], list[str]]] = {
    "google": (
        [f"Mức độ hài lòng của anh/chị về: [{row}]" for row in ("Thái độ nhân viên", "Thời gian chờ", "Giá cả")],
        ["thai_do_nhan_vien", "thoi_gian_cho", "gia_ca"],
    ),
    "google in english": (
        [f"Please rate your satisfaction with [{row}]" for row in ("Staff", "Delivery", "Price", "Team")],
        ["staff", "delivery", "price", "team"],
    ),
    "short": ([f"Hài lòng [{row}]" for row in ("Nhân viên", "Kênh")], ["nhan_vien", "kenh"]),
}  # fmt: skip


@pytest.mark.parametrize("case", GRIDS)
def test_the_rows_of_a_grid_are_questions_of_their_own_and_none_is_the_whole(case: str, tmp_path: Path) -> None:
    headers, names = GRIDS[case]
    proposal = propose(
        survey(tmp_path, {header: lambda n, at=at: 1 + (n + at) % 5 for at, header in enumerate(headers)})
    )
    found = mapping(proposal)["responses"]
    assert {name[2:]: header for name, header in found.items() if name.startswith("?")} == dict(
        zip(names, headers, strict=True)
    )
    assert not {"agent", "team", "channel"} & set(found)


def test_the_row_about_the_whole_is_asked_for_and_has_another_name_if_it_is_not(tmp_path: Path) -> None:
    grid = {f"Mức độ hài lòng về [{row}]": lambda n: 1 + n % 5 for row in ("Giá", "Chung")}
    proposal = propose(survey(tmp_path, grid))
    assert '# ? csat = "Mức độ hài lòng về [Chung]"' in proposal.toml()
    assert '# ? chung = "Mức độ hài lòng về [Chung]"' in proposal.toml()
    assert {"gia"} == set(tomllib.loads(proposal.toml())["responses"]["questions"])


@pytest.mark.parametrize("scale", [("Very satisfied", "Dissatisfied", "Neutral"), ("5", "2", "3")])
def test_a_matrix_in_two_rows_keeps_the_names_of_its_rows(scale: tuple[str, ...], tmp_path: Path) -> None:
    upper = ["Respondent ID", "End Date", "How satisfied are you with the following?", "", "", "Any other comments?"]
    lower = ["", "", "Speed", "Staff", "Price", "Open-Ended Response"]
    rows = [[100 + n, moment(n), *[answers(*scale)(n + at) for at in range(3)], pick(n, "ok", "")] for n in range(40)]
    proposal = propose(save(tmp_path, {"Sheet_1.csv": [upper, lower, *rows]}))
    match = proposal.matches["responses"]
    assert [one.name for one in match.questions] == ["speed", "staff", "price"]
    assert match.export.rows == 40
    assert "agent" not in match.columns


def test_a_column_of_scores_is_nobody_even_where_it_is_called_so(tmp_path: Path) -> None:
    proposal = propose(
        survey(tmp_path, {"Hài lòng chung (1-5)": lambda n: 1 + n % 5, "Nhân viên": lambda n: 1 + n % 5})
    )
    assert "agent" not in mapping(proposal)["responses"]


@pytest.mark.parametrize(
    ("header", "sure"),
    [
        ("Đánh giá chung của bạn (1-5)", "likely"),
        ("12. How would you rate us overall?", "sure"),
        ("17. How would you rate the service? (Promptness, friendliness, etc..)", "guess"),
        ("Bạn đánh giá dịch vụ của chúng tôi thế nào?", "guess"),
    ],
)
def test_a_rating_of_the_whole_is_satisfaction_and_one_of_the_service_perhaps(
    header: str, sure: str, tmp_path: Path
) -> None:
    columns = {header: lambda n: 1 + n % 5, "13. How would you rate the price range?": lambda n: 1 + n % 4}
    found = {
        one.column.name: (one.name, one.sure)
        for one in propose(survey(tmp_path, columns)).matches["responses"].questions
    }
    assert found == {header: ("csat", sure), "13. How would you rate the price range?": ("price_range", "likely")}


@pytest.mark.parametrize("mark", [";", ", "])
def test_answers_ticked_in_a_list_are_no_comment(mark: str, tmp_path: Path) -> None:
    def ticked(n: int) -> str:
        return mark.join(
            name for at, name in enumerate(("Website/Apps", "Social Media", "Emails", "In store")) if n >> at & 1
        )

    columns = {"Hài lòng chung (1-5)": lambda n: 1 + n % 5, "How do you come to hear of promotions? Check all": ticked}
    assert "comment" not in mapping(propose(survey(tmp_path, columns)))["responses"]


@pytest.mark.parametrize(
    ("cells", "right"), [(("4,5", "3,5", "5"), 4), (("4.5", "3.5", "5"), 4), (("4,0", "2,0", "3,5"), 3)]
)
def test_scores_with_a_decimal_comma_are_all_read(cells: tuple[str, ...], right: int, tmp_path: Path) -> None:
    rows = table({**BASE, "Điểm hài lòng (1-5)": answers(*cells)})
    proposal = propose(save(tmp_path, {"khao_sat.csv": text(rows, ";").encode()}))
    assert counts(kpi.csat(loaded(tmp_path, proposal))) == (right * 12, 60)


CODED = ["StartDate", "RecordedDate", "ResponseId", "ExternalReference", "Q1", "Q2", "Q3"]
WORDED = [
    "Start Date", "Recorded Date", "Response ID", "External Data Reference", "How likely are you to recommend us?",
    "How satisfied are you?", "Anything else?",
]  # fmt: skip
VIETNAMESE = [
    "Ngày bắt đầu", "Ngày ghi nhận", "Mã trả lời", "Mã khách hàng", "Khả năng giới thiệu\nchúng tôi?",
    "Mức độ hài lòng?", "Góp ý thêm",
]  # fmt: skip
IDS = [f'{{"ImportId":"{name}","timeZone":"Asia/Bangkok"}}' for name in "abcdefg"]
QUALTRICS: dict[str, Rows] = {
    "three rows": [CODED, WORDED, IDS],
    "two rows": [["V8", "V9", "V1", "V3", "Q1", "Q2", "Q3"], WORDED],
    "in vietnamese": [CODED, VIETNAMESE, IDS],
}


@pytest.mark.parametrize("case", QUALTRICS)
def test_codes_with_wordings_below_are_a_survey(case: str, tmp_path: Path) -> None:
    times = [moment(n, "%Y-%m-%d %H:%M:%S") for n in range(60)]
    rows = [
        [time, time, f"R_{n}", f"C{n}", n % 11, 1 + n % 5, pick(n, "", "giao chậm")] for n, time in enumerate(times)
    ]
    folder = save(tmp_path, {"khaosat.csv": [*QUALTRICS[case], *rows]})
    proposal = propose(folder)
    match = proposal.matches["responses"]
    assert match.export.rows == 60
    assert [one.name for one in match.questions] == ["nps", "csat"]
    assert {"customer_id", "response_id", "answered_at", "comment"} <= set(match.columns)
    assert loaded(tmp_path, proposal).counts[0].set_aside == 0


CHOICES = {
    "Timestamp": lambda n: moment(n, "%Y/%m/%d %H:%M:%S"),
    "1. Your Gender": lambda n: pick(n, "Female", "Male"),
    "5. How often do you visit us?": lambda n: pick(n, "Rarely", "Monthly", "Weekly"),
    "Câu 6: Bạn biết đến chúng tôi qua đâu?": lambda n: pick(n, "Bạn bè", "Mạng xã hội"),
    "Overall, how satisfied are you?": lambda n: 1 + n % 5,
}


def test_questions_with_a_few_answers_are_kept_under_short_names_to_group_by(tmp_path: Path) -> None:
    folder = save(tmp_path, {"form.csv": table(CHOICES)})
    care = loaded(folder, propose(folder))
    columns = care.tables["responses"].columns
    assert {"gender", "often_visit", "ban_biet_den_chung_toi_qua_dau"} <= set(columns)
    assert set(kpi.csat(care, by="gender")["gender"]) == {"Female", "Male"}


def test_a_survey_that_nobody_signs_is_no_question(tmp_path: Path) -> None:
    proposal = propose(save(tmp_path, {"form.csv": table(CHOICES)}))
    assert proposal.questions() == []
    assert any("no column says who answered" in line for line in proposal.lines())


def test_a_survey_with_an_address_of_each_is_asked_whose_it_is(tmp_path: Path) -> None:
    proposal = propose(save(tmp_path, {"form.csv": table({**CHOICES, "Custom Data 1": lambda n: f"X-{n}"})}))
    assert any("no column was found for customer_id" in one for one in proposal.questions())


def test_a_survey_of_one_day_without_a_date_is_asked_for_that_day(tmp_path: Path) -> None:
    undated = {name: cells for name, cells in CHOICES.items() if name != "Timestamp"}
    proposal = propose(save(tmp_path, {"form.csv": table(undated)}))
    assert '# ? answered_at = { value = "YYYY-MM-DD" }' in proposal.toml()
    toml = proposal.toml().replace(
        '# ? answered_at = { value = "YYYY-MM-DD" }', 'answered_at = { value = "2026-10-31" }'
    )
    (tmp_path / "care.toml").write_text(toml, "utf-8")
    assert len(kpi.csat(cs.load(tmp_path), period="2026-10")) == 1


@pytest.mark.parametrize(
    "header",
    ["Góp ý", "Góp ý của anh/chị", "Bạn có góp ý gì thêm cho chúng tôi không?", "Any suggestions?", "Ý kiến đóng góp"],
)
def test_free_words_are_a_comment_however_few_people_found(tmp_path: Path, header: str) -> None:
    words = ("", "Không", "Tốt", "Nhanh hơn")
    proposal = propose(survey(tmp_path, {"Hài lòng (1-5)": lambda n: n % 5 + 1, header: lambda n: pick(n, *words)}))
    assert proposal.matches["responses"].columns["comment"].column.name == header
    assert "answers to choose from" not in proposal.toml()
