"""Words, surveys and ids of the company become those of the contract as care.toml says, and no other way."""

from __future__ import annotations

from pathlib import Path

import pytest
from folders import counts, faults, folder, rows

from carestudy import kpi
from carestudy.contract import CareError
from carestudy.load import load

WIDE = """Mã,Dấu thời gian,Giới thiệu?,Hài lòng?,Góp ý
A,2026-10-01,9,5,Tốt
B,2026-10-02,,4,
C,2026-10-03,11,Rất hài lòng,Nhanh
"""
SURVEY = """[responses]
columns = { customer_id = "Mã", answered_at = "Dấu thời gian", comment = "Góp ý" }
[responses.questions]
nps = "Giới thiệu?"
csat = "hài lòng?"
[responses.values.score]
"rất hài lòng" = 5
"""


def test_words_are_translated_whatever_their_case_spaces_and_normal_form(tmp_path: Path) -> None:
    toml = '[contacts.values.kind]\n"Khiếu  nại" = "complaint"\n"Hỏi" = "question"\n'
    text = "kind\nkhiếu nại\n KHIẾU\u00a0NẠI \nkhie\u0302\u0301u na\u0323i\nHỏi\nKhen\n\n,\n".replace("\n,", "\n")
    care = load(folder(tmp_path, care=toml, contacts=text))
    assert rows(care, "contacts", "kind") == ["complaint"] * 3 + ["question", "Khen"]


def test_a_count_or_a_word_becomes_a_flag(tmp_path: Path) -> None:
    toml = '[transactions.values.returned]\n"0" = false\n1 = true\n2 = true\n"Đã hủy" = true\n'
    care = load(folder(tmp_path, care=toml, transactions="amount,returned\n1,0\n2,1\n3,2\n4,đã hủy\n5,không\n6,?\n"))
    assert rows(care, "transactions", "returned") == [False, True, True, True, False]
    assert counts(care, "transactions") == (6, 5, 1)


def test_words_for_a_column_that_is_not_there_are_an_error(tmp_path: Path) -> None:
    with pytest.raises(CareError, match=r"\[contacts\] values: kindd = .* did you mean 'kind'"):
        load(folder(tmp_path, care='[contacts.values.kindd]\na = "b"', contacts="kind\na\n"))


def test_what_a_table_writes_for_nothing_is_nothing(tmp_path: Path) -> None:
    text = "resolved_at,team,amount\n?,?,\n2026-10-01,-,\n"
    care = load(folder(tmp_path / "said", care='[contacts]\nempty = ["?", "-"]', contacts=text))
    assert rows(care, "contacts", "team") == [None, None]
    assert counts(care, "contacts") == (2, 2, 0)
    unsaid = load(folder(tmp_path / "not", contacts=text))
    assert rows(unsaid, "contacts", "team") == ["?", "-"]
    assert [(one[0], one[2], one[4]) for one in faults(unsaid)] == [("resolved_at", 1, False)]


def test_a_survey_with_a_column_per_question_has_an_answer_a_row(tmp_path: Path) -> None:
    care = load(folder(tmp_path, care=SURVEY, responses=WIDE))
    assert sorted(rows(care, "responses", "customer_id", "question", "score", "comment")) == [
        ("A", "csat", 5.0, None), ("A", "nps", 9.0, "Tốt"), ("B", "csat", 4.0, None), ("B", "nps", None, None),
        ("C", "csat", 5.0, None),
    ]  # fmt: skip
    assert counts(care, "responses") == (6, 5, 1)
    assert faults(care)[0][:4] == ("score", "is no whole number from 0 to 10, the scale of nps", 1, (4,))
    assert kpi.nps(care)["denominator"].tolist() == [1]
    assert sorted(rows(care, "responses", "response_id"))[:2] == ["row 2 csat", "row 2 nps"]


def test_a_question_that_has_no_column_is_named(tmp_path: Path) -> None:
    with pytest.raises(CareError, match=r'questions: nps = "Giới thiêu\?" is not in the data; did you mean'):
        load(folder(tmp_path, care=SURVEY.replace("Giới thiệu", "Giới thiêu"), responses=WIDE))


PEOPLE = "customer_id,region\nC00001925,Bắc\nC00000007,Nam\n"
CONTACTS = "contact_id,customer_id\n1,1925\n2,KH-0007\n3,c1925\n4,1926\n5,\n6,khách lẻ\n"


def test_ids_match_as_they_stand_unless_a_rule_is_stated(tmp_path: Path) -> None:
    care = load(folder(tmp_path, customers=PEOPLE, contacts=CONTACTS))
    assert rows(care, "contacts", "customer_id") == ["1925", "KH-0007", "c1925", "1926", None, "khách lẻ"]
    care = load(folder(tmp_path, care='match_ids = "digits"'))
    assert dict(rows(care, "contacts", "contact_id", "customer_id")) == {
        "1": "C00001925", "2": "C00000007", "3": "C00001925", "4": "1926", "5": None, "6": "khách lẻ",
    }  # fmt: skip
    assert sorted(rows(care, "customers", "customer_id")) == ["C00000007", "C00001925"]


def test_ids_whose_digits_are_those_of_two_customers_are_not_matched(tmp_path: Path) -> None:
    people = "customer_id\nA1\nB1\nC2\n"
    with pytest.raises(CareError, match="1 customers have the digits of another customer in their id"):
        load(folder(tmp_path, care='match_ids = "digits"', customers=people, contacts="customer_id\n1\n"))


def test_ids_match_each_other_where_there_are_no_customers(tmp_path: Path) -> None:
    care = load(
        folder(tmp_path, contacts="customer_id\nC01\n", responses="customer_id\n1\nKH001\n"), match_ids="digits"
    )
    assert rows(care, "contacts", "customer_id") + rows(care, "responses", "customer_id") == ["1", "1", "1"]
