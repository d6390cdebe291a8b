"""Whatever a header or a file is called, care.toml says just that, and nothing of it is read as TOML."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from export_folders import day, mapping, save, table
from hypothesis import given
from hypothesis import strategies as st

from carestudy.load import settings
from carestudy.recognise import propose
from carestudy.recognise.toml import comment, entry, quoted

HOSTILE = (
    'Mã KH" \n[customers]\ncompany = "x', 'Mã KH"""', "Mã KH'''", "Mã KH\\", "Mã KH # x", "Mã KH\tx\x1b[31m",
    "Mã KH\u202ex",
    'Mã KH"]\nsource = "x.csv"', "Mã KH\x7f", "Mã KH \U0001f600", "Mã KH\u2028x", "Mã KH = 1",
)  # fmt: skip


@given(st.text())
def test_any_text_comes_back_as_it_was(said: str) -> None:
    assert tomllib.loads(f"x = {quoted(said)}") == {"x": said}


@given(st.text(), st.text(), st.text(min_size=1))
def test_a_line_is_one_line_whatever_it_says(said: str, why: str, name: str) -> None:
    line = entry(name, said, why)
    assert len(line.splitlines()) == 1
    assert tomllib.loads(line) == {name: said}


@given(st.text())
def test_a_comment_cannot_end(said: str) -> None:
    assert comment(said).isprintable()
    assert tomllib.loads(f"# {comment(said)}\n") == {}


@pytest.mark.parametrize("header", HOSTILE)
def test_a_hostile_header_is_only_a_name(header: str, tmp_path: Path) -> None:
    columns = {header: lambda n: f"KH{n}", "Ngày đăng ký": day, header + " \n[left]\nx=1": "", "Khu vực": "Bắc"}
    proposal = propose(save(tmp_path, {"khach hang.csv": table(columns)}))
    written = tomllib.loads(proposal.toml())
    assert set(written) == {"company", "language", "timezone", "currency", "customers"}
    assert set(written["customers"]) <= {"source", "columns", "dates", "empty"}
    assert {"joined_on": "Ngày đăng ký", "region": "Khu vực"}.items() <= written["customers"]["columns"].items()
    settings.interpret(written)
    assert all(line.isprintable() for line in proposal.lines())


def test_a_hostile_name_of_a_file_is_only_a_name(tmp_path: Path) -> None:
    name = 'khach hang"] \n[contacts]\nsource = "x.csv'
    save(tmp_path, {name: table({"Mã KH": lambda n: n, "Ngày đăng ký": day, "Khu vực": "Bắc"}), 'x"\n[staff].md': "x"})
    written = tomllib.loads(propose(tmp_path).toml())
    assert written["customers"]["source"] == name
    assert {one for one in written if isinstance(written[one], dict)} == {"customers"}


def test_a_column_called_like_ours_that_is_something_else_keeps_out_of_the_way(tmp_path: Path) -> None:
    columns = {"Ticket ID": lambda n: n, "Created at": lambda n: day(n, "%Y-%m-%d"), "reopened": lambda n: f"note {n}"}
    proposal = propose(save(tmp_path, {"tickets.csv": table(columns)}))
    assert "reopened" not in mapping(proposal)["contacts"]
    assert tomllib.loads(proposal.toml())["contacts"]["columns"]["their_reopened"] == "reopened"


def test_a_question_stands_there_as_lines_of_which_each_is_an_answer(tmp_path: Path) -> None:
    columns = {"Mã KH": lambda n: n, "Ngày đăng ký": lambda n: f"{n % 12 + 1:02d}/05/2026", "Khu vực": "Bắc"}
    proposal = propose(save(tmp_path, {"khach hang.csv": table(columns)}))
    toml = proposal.toml()
    assert settings.interpret(tomllib.loads(toml)).sources["customers"].dates == {}
    for form in ("%d/%m/%Y", "%m/%d/%Y"):
        line = f'joined_on = "{form}"'
        answered = toml.replace(f"# ? {line}", line)
        assert settings.interpret(tomllib.loads(answered)).sources["customers"].dates == {"joined_on": (form,)}
    assert any("joined_on" in question for question in proposal.questions())
