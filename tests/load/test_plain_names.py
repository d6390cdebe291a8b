"""Columns are found under whatever name people give them, and never confused."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pandas as pd
import pytest
from folders import folder, rows

from carestudy import kpi
from carestudy.contract import CareError
from carestudy.load import load

MAP = '[responses]\ncolumns = { response_id = "Mã trả lời", question = "Câu hỏi", score = "Điểm" }\n'


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("in_toml", ["NFC", "NFD"])
@pytest.mark.parametrize(
    "header",
    ["Mã trả lời,Câu hỏi,Điểm", "\ufeffMÃ TRẢ LỜI ,\u00a0Câu\u00a0hỏi,Điểm\u200b", '"Mã  trả lời",câu hỏi,ĐIỂM'],
)
def test_vietnamese_headers_are_mapped(tmp_path: Path, form: str, in_toml: str, header: str) -> None:
    text = unicodedata.normalize(form, f"{header}\nR1,nps,9\n")
    care = load(folder(tmp_path, care=unicodedata.normalize(in_toml, MAP), responses=text))
    assert rows(care, "responses", "response_id", "question", "score") == [("R1", "nps", 9.0)]


def test_capitals_and_spaces_in_headers_do_not_matter(tmp_path: Path) -> None:
    care = load(folder(tmp_path, responses="Response_ID , QUESTION,\u00a0Score\nR1,nps,9\n"))
    assert rows(care, "responses", "response_id", "score") == [("R1", 9.0)]


def test_columns_beyond_the_contract_are_kept_as_dimensions(tmp_path: Path) -> None:
    text = "response_id,question,score,Chi Nhánh\nR1,nps,9,Huế\nR2,nps,3,Huế\nR3,nps,10,\n"
    care = load(folder(tmp_path, care='[responses]\ncolumns = { branch = "chi nhánh" }', responses=text))
    found = kpi.nps(care, by="branch").set_index("branch")["value"]
    assert (found["Huế"], found[found.index.isna()].item()) == (0, 100)


def test_a_mapped_column_stands_before_one_that_is_called_so(tmp_path: Path) -> None:
    text = "response_id,score,Điểm,question\nR1,1,9,nps\n"
    care = load(folder(tmp_path, care='[responses]\ncolumns = { score = "Điểm" }', responses=text))
    assert rows(care, "responses", "score") == [9.0]


@pytest.mark.parametrize(
    ("mapping", "message"),
    [
        ('scor = "Điểm"', "'scor' is not known; did you mean 'score'?"),
        ('Score = "Điểm"', "'Score' is not known; did you mean 'score'?"),
        ('score = "Điem"', "score = \"Điem\" is not in the data; did you mean 'điểm'?"),
        ('score = "Zzz"', 'score = "Zzz" is not in the data; they have response_id, điểm'),
        ('"My Branch" = "Điểm"', "'My Branch' is no name for a column"),
        ('carestudy_line = "Điểm"', "'carestudy_line' is no name for a column"),
    ],
)
def test_a_slip_in_a_mapping_is_named(tmp_path: Path, mapping: str, message: str) -> None:
    path = folder(tmp_path, care=f"[responses]\ncolumns = {{ {mapping} }}", responses="response_id,Điểm\nR1,9\n")
    with pytest.raises(CareError) as problem:
        load(path)
    assert message in str(problem.value)
    assert "carestudy_line" not in str(problem.value).replace(mapping.split(" ")[0], "")


def test_a_repeated_header_is_numbered_and_reported(tmp_path: Path) -> None:
    care = load(folder(tmp_path, responses="response_id,Score,Tag,score ,tag,Tag (2)\nR1,1,a,2,b,c\n"))
    assert rows(care, "responses", "score", "score (2)", "tag", "tag (3)", "tag (2)") == [(1.0, "2", "a", "b", "c")]
    faults = care.faults[["column", "rows", "examples", "set_aside"]]
    assert faults.to_dict("records") == [
        {"column": name, "rows": 1, "examples": (1,), "set_aside": False} for name in ("score", "tag")
    ]


def test_a_column_of_a_repeated_header_can_be_mapped(tmp_path: Path) -> None:
    care = '[responses]\ncolumns = { response_id = "Mã", score = "Điểm (2)", question = "Câu hỏi" }'
    found = load(folder(tmp_path, care=care, responses="Tuần 44,,,\nMã,Câu hỏi,Điểm,ĐIỂM\nR1,nps,1,9\n"))
    assert rows(found, "responses", "score", "điểm") == [(9.0, "1")]
    assert [2] in [list(one) for one in found.faults["examples"]]


def test_two_columns_of_one_name_in_a_frame_are_an_error() -> None:
    frame = pd.DataFrame([["R1", 9, 8]], columns=["response_id", "score", "score"])
    with pytest.raises(
        CareError, match=r"table 'responses': two columns are called 'score'.* give one of them another name"
    ):
        load({"responses": frame})


def test_columns_without_a_name_are_numbered(tmp_path: Path) -> None:
    care = load(folder(tmp_path, responses="response_id,,score,\nR1,a,9,b\n"))
    assert rows(care, "responses", "column 2", "column 4") == [("a", "b")]


def test_names_that_carestudy_keeps_for_itself_are_refused(tmp_path: Path) -> None:
    for name in ("carestudy_line", "Carestudy_x"):
        with pytest.raises(CareError, match="kept for carestudy itself"):
            load(folder(tmp_path, responses=f"response_id,{name}\nR1,1\n"))


@pytest.mark.parametrize(
    "name", ['a"b', "a'b", "a;b--", "select", "a{b}", "%s", "row", "x" * 300, "😀", "$1", "\\", "t0"]
)
def test_a_column_may_have_any_name(tmp_path: Path, name: str) -> None:
    header = '"' + name.replace('"', '""') + '"'
    care = load(folder(tmp_path, responses=f"response_id,question,score,{header}\nR1,nps,9,z\n"))
    assert kpi.nps(care, by=name)[name].tolist() == ["z"]
