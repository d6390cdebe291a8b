"""The command writes the rows behind a figure under the rules of lists of customers."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

import carestudy as cs
from carestudy.__main__ import main
from carestudy.exports.rows_command import figure_of, lists_of

ANSWERS = """response_id,customer_id,answered_at,question,score,team,comment
R1,A,2026-10-05,nps,10,Nam,=1+1
R2,B,2026-10-06,nps,3,Nam,bad
R3,C,2026-10-07,nps,9,Bắc,good
R4,D,2026-10-07,nps,8,Bắc,
"""
PEOPLE = """customer_id,joined_on,consent,phone
A,2024-01-05,yes,=0901
B,2024-01-05,no,0902
C,2024-01-05,yes,0903
"""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "responses.csv").write_text(ANSWERS, "utf-8")
    (folder / "customers.csv").write_text(PEOPLE, "utf-8")
    return folder


def run(data: Path, out: Path, *more: str) -> int:
    return main(["rows", "nps", "--data", str(data), "--period", "2026-10", "--out", str(out), *more])


def read(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text("utf-8-sig").splitlines()))


def test_the_file_has_ids_and_what_counts_and_the_screen_only_the_number(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "nps.csv"
    assert run(data, out) == 0
    rows = read(out)
    assert [(row["customer_id"], row["counts"]) for row in rows] == [("A", "1"), ("B", "-1"), ("C", "1")]
    assert "comment" not in rows[0]
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith("nps, numerator, 2026-10: 3 rows of responses that sum to 1; known up to")
    assert said[1:] == [str(out)]


def test_one_group_and_the_other_side(data: Path, tmp_path: Path) -> None:
    assert run(data, tmp_path / "a.csv", "--by", "team=Bắc", "--side", "denominator") == 0
    assert [row["customer_id"] for row in read(tmp_path / "a.csv")] == ["C", "D"]


def test_text_of_customers_computes_nothing(data: Path, tmp_path: Path) -> None:
    assert run(data, tmp_path / "a.csv", "--columns", "comment") == 0
    assert [row["comment"] for row in read(tmp_path / "a.csv")] == ["'=1+1", "bad", "good"]


def test_contact_columns_are_empty_without_consent(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(data, tmp_path / "a.csv", "--side", "denominator", "--contact-columns", "phone") == 0
    assert [row["phone"] for row in read(tmp_path / "a.csv")] == ["'=0901", "", "0903", ""]
    assert "no consent, contact columns left empty: 2" in capsys.readouterr().out


def test_a_file_is_replaced_only_when_asked(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "a.csv"
    out.write_text("mine", "utf-8")
    assert run(data, out) == 1
    assert out.read_text("utf-8") == "mine"
    assert "add --replace" in capsys.readouterr().err
    assert run(data, out, "--replace") == 0
    assert len(read(out)) == 3


def test_a_workbook_is_written_too(data: Path, tmp_path: Path) -> None:
    assert run(data, tmp_path / "a.xlsx") == 0
    assert (tmp_path / "a.xlsx").read_bytes()[:2] == b"PK"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--by", "team=nam"], "no row has team = 'nam'; there are"),
        (["--columns", "shoe"], "needs column 'shoe'"),
        (["--contact-columns", "shoe"], "needs column 'shoe'|has no|'shoe'"),
    ],
)
def test_a_fault_is_one_line(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str], says: str
) -> None:
    assert run(data, tmp_path / "a.csv", *words) == 1
    assert not (tmp_path / "a.csv").exists()
    (line,) = capsys.readouterr().err.splitlines()
    assert says.split("|")[-1] in line


@pytest.mark.parametrize(
    ("name", "id_"),
    [
        ("nps", "nps"),
        ("complaint_rate(per=customer)", "complaint_rate(per=customer)"),
        ("service_level(within=8)", "service_level(within=8)"),
        ("csat(positive=5)", "csat(positive=5)"),
    ],
)
def test_a_figure_is_named_with_its_options(name: str, id_: str) -> None:
    assert figure_of(name).id == id_


@pytest.mark.parametrize("name", ["npss", "complaint_rate", "csat(best=5)"])
def test_an_unknown_figure_is_refused(name: str) -> None:
    with pytest.raises(cs.CareError):
        figure_of(name)


def test_the_lists_of_a_report_sum_to_what_it_shows(data: Path, tmp_path: Path) -> None:
    care = cs.load(data)
    shown = '{"kpi": "%s", "period": "2026-10", "by": {}, "value": 1, "n": 4}'
    figures = ", ".join(shown % name for name in ("nps", "csat", "customers_start"))
    file = tmp_path / "care_report.figures.json"
    file.write_text(
        f'{{"notebook": "care_report", "parameters": {{"period": "2026-10"}}, "figures": [{figures}]}}', "utf-8"
    )
    (index_file,) = lists_of(care, [file], tmp_path / "lists")
    place = tmp_path / "lists" / "2026-10" / "care_report"
    assert index_file == place / "lists.csv"
    assert sorted(path.name for path in place.iterdir()) == ["lists.csv", "nps.denominator.csv", "nps.numerator.csv"]
    index = {(line["kpi"], line["side"]): line for line in read(place / "lists.csv")}
    assert index["nps", "numerator"]["sum"] == "1"
    assert index["nps", "denominator"]["rows"] == "4" == str(len(read(place / "nps.denominator.csv")))
    assert index["csat", "numerator"]["file"] == ""


@pytest.mark.parametrize(
    "more", [["--lists", "reports/lists"], ["--lists", "reports"], ["--each", "team", "--lists", "x"]]
)
def test_lists_are_not_laid_beside_a_page(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], more: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    command = ["report", "care_report", "--data", str(data), "--period", "2026-10", "--out", "reports", *more]
    assert main(command) == 1
    assert "--lists" in capsys.readouterr().err
    assert not (tmp_path / "reports").exists()
