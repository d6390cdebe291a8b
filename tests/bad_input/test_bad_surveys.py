"""Answers off their scale, not given, to unknown questions, or by customers whom nobody knows."""

from __future__ import annotations

from pathlib import Path

import pytest
from exports import counts, faults, findings, refused, taken, used

from carestudy import kpi

HEAD = "response_id,customer_id,answered_at,question,score\n"


def _answers(question: str, scores: list[str]) -> str:
    return HEAD + "".join(f"{question}{n},A{n},2026-01-05,{question},{score}\n" for n, score in enumerate(scores))


def test_a_score_off_its_scale_is_set_aside(tmp_path: Path) -> None:
    care = taken(
        tmp_path / "data", {"responses": _answers("nps", ["0", "10", "11", "-1", "9.5", "9/10", "chín", "9", "99"])}
    )
    assert used(care, "responses", "score") == [0.0, 10.0, 9.0]
    assert sum(len(lines) for *_, lines in faults(care)) == 6
    (row,) = kpi.nps(care, period="2026-01").to_dict("records")
    assert (row["value"], row["n"]) == (pytest.approx(100 / 3), 3)


def test_a_rating_of_zero_or_ten_is_none_from_one_to_five(tmp_path: Path) -> None:
    care = taken(tmp_path / "data", {"responses": _answers("csat", ["1", "5", "0", "10", "4"])})
    assert used(care, "responses", "score") == [1.0, 4.0, 5.0]
    assert faults(care) == [("score", "lies outside 1 to 5, the scale of csat", (4, 5))]


def test_an_answer_that_was_not_given_is_no_zero(tmp_path: Path) -> None:
    care = taken(tmp_path / "data", {"responses": _answers("nps", ["10", "", "N/A", " ", "9"])})
    assert counts(care, "responses") == (5, 5, 0)
    assert kpi.nps(care, period="2026-01")[["value", "n"]].to_numpy().tolist() == [[100, 2]]


def test_a_question_nobody_knows_is_kept_and_in_no_figure(tmp_path: Path) -> None:
    text = _answers("nps", ["10", "9"]) + _answers("Giao hàng", ["77", "3"]).removeprefix(HEAD) + "X,A1,2026-01-05,,8\n"
    care = taken(tmp_path / "data", {"responses": text})
    assert counts(care, "responses") == (5, 5, 0)
    assert kpi.nps(care, period="2026-01")["n"].tolist() == [2]


def test_answers_of_customers_whom_nobody_knows_are_kept_and_warned_of(tmp_path: Path) -> None:
    customers = "customer_id,joined_on\n" + "".join(f"A{n},2026-01-01\n" for n in range(4))
    care = taken(tmp_path / "data", {"customers": customers, "responses": _answers("nps", ["9"] * 10)})
    assert counts(care, "responses") == (10, 10, 0)
    assert 6 in [rows for _, rows in findings(care, "responses", "customer_id")]


def test_a_survey_with_a_column_per_question_becomes_a_row_per_answer(tmp_path: Path) -> None:
    text = (
        "Khách,Ngày,Bạn có giới thiệu chúng tôi không? (0-10),Hài lòng (1-5)\n"
        "A1,2026-01-05,10,5\nA2,2026-01-05,,4\nA3,2026-01-05,12,\n"
    )
    toml = (
        '[responses]\ncolumns = { customer_id = "Khách", answered_at = "Ngày" }\n[responses.questions]\n'
        'nps = "Bạn có giới thiệu chúng tôi không? (0-10)"\ncsat = "Hài lòng (1-5)"\n'
    )
    care = taken(tmp_path / "data", {"responses": text, "care": toml})
    assert counts(care, "responses") == (6, 5, 1)
    assert used(care, "responses", "question", "customer_id", "score") == [
        ("csat", "A1", 5.0), ("csat", "A2", 4.0), ("csat", "A3", None), ("nps", "A1", 10.0), ("nps", "A2", None),
    ]  # fmt: skip
    assert [lines for *_, lines in faults(care)] == [(4,)]


def test_a_question_that_is_no_column_is_told_with_the_nearest(tmp_path: Path) -> None:
    toml = '[responses]\n[responses.questions]\nnps = "Giới thiệu"\n'
    said = refused(tmp_path / "data", {"responses": "answered_at,Gioi thieu\n2026-01-05,9\n", "care": toml})
    assert "care.toml [responses]" in said
    assert "did you mean 'gioi thieu'?" in said.lower()


def test_words_of_a_scale_are_read_where_care_toml_says_so(tmp_path: Path) -> None:
    toml = '[responses.values.score]\n"Rất hài lòng" = 5\n"hài lòng" = 4\n"Không hài lòng" = 1\n'
    care = taken(
        tmp_path / "data", {"responses": _answers("csat", ["RẤT HÀI LÒNG", " Hài  lòng", "Tệ", "2"]), "care": toml}
    )
    assert used(care, "responses", "score") == [2.0, 4.0, 5.0]
    assert counts(care, "responses") == (4, 3, 1)
