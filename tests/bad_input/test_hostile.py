"""Text that is markup, a query or a formula elsewhere, in every place where text stands: it stays text."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from exports import Content, counts, put, refused, taken, used

import carestudy as cs
from carestudy import kpi
from carestudy.check import check
from carestudy.report.check import problems
from carestudy.show.layers import closed

MARKUP = [
    "<b id=live>", "<i id=live>", "</td></table><h1>x</h1>", "<!-- <b> -->",
    "{{1+1}}", "{% x %}", "${1+1}", "$x_{$", "a:b(1)", "&lt;b&gt;",
]  # fmt: skip
SQL = ["O'Brien; --", '"; SELECT 1; --', "x\\' --", "now()", '"quoted"']
FORMATS = ["{0}", "{reader}", "%s %n", "%(name)s", "\\N{DIGIT ONE}"]
MARKS = ["\x1b[31mred\x1b[0m", "\u202egnirts", "\u2066x\u2069", "\u200b", "a\tb"]
FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "=A1", "\t=1"]
EVERY = [*MARKUP, *SQL, *FORMATS, *MARKS, *FORMULAS]


def _quoted(*cells: str) -> str:
    return ",".join('"' + cell.replace('"', '""') + '"' for cell in cells)


@pytest.fixture
def company(tmp_path: Path) -> Path:
    """Customers with such text in a column of the contract, in one of their own, in its name and in the file's."""
    rows = "".join(f"A{n},2026-01-05,{_quoted(text, text)}\n" for n, text in enumerate(EVERY))
    bad = f"A99,2026-02-30,{_quoted(EVERY[0], EVERY[0])}\n"
    files: dict[str, Content] = {
        "=<b>'x.csv": f"customer_id,joined_on,region,{_quoted(MARKUP[1])}\n{rows}{bad}",
        "care": f'company = "{MARKUP[0]} {MARKUP[4]}"\n[customers]\nsource = "=<b>\'x.csv"\n',
    }
    return put(tmp_path / "data", files)


def test_values_stay_what_they_are_and_every_row_is_there(company: Path) -> None:
    care = taken(company, {})
    assert counts(care) == (len(EVERY) + 1, len(EVERY), 1)
    found = dict(used(care, "customers", "customer_id", "region"))
    assert [found[f"A{n}"] for n, text in enumerate(EVERY) if text in (*MARKUP, *SQL)] == [*MARKUP, *SQL]


def test_groups_with_such_names_are_counted_and_shown_as_text(company: Path) -> None:
    care = taken(company, {})
    frame = kpi.customers_on_file(care, by="region", period="2026-01")
    assert frame["value"].sum() == len(EVERY)
    for shown in (cs.Show(care, period="2026-01").table(frame), cs.Show(care, period="2026-01").sources()):
        assert problems(_page(closed(str(shown.html), "Chi tiết")), "vi") == []
        assert {"\x1b", "\u202e", "\u2066"}.isdisjoint(str(shown.html) + shown.text)


def _page(body: str) -> str:
    policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
    return (
        f'<!DOCTYPE html><html lang="vi"><head><meta http-equiv="Content-Security-Policy" content="{policy}">'
        f"<title>x</title></head><body><h1>x</h1>{body}</body></html>"
    )


def test_the_check_shows_such_names_as_text_in_every_form(company: Path, tmp_path: Path) -> None:
    lines, code = check(str(company), out=tmp_path / "out")
    assert code == 3
    assert {"\x1b", "\u202e", "\u2066"}.isdisjoint("".join(lines))
    page = (tmp_path / "out" / "check.html").read_text("utf-8")
    assert problems(page, "vi") == []
    assert "<b>'x.csv" not in page
    for name in ("check.csv", "set_aside.csv"):
        assert list(_formulas(tmp_path / "out" / name)) == []


def _formulas(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from (
            cell for row in csv.reader(file) for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))
        )


@pytest.mark.parametrize("name", [MARKUP[0], SQL[0], SQL[1], FORMATS[0], MARKS[0], FORMULAS[4]])
def test_a_name_of_a_column_reaches_no_query_and_can_be_split_by(tmp_path: Path, name: str) -> None:
    text = f"customer_id,joined_on,{_quoted(name)}\nA1,2026-01-05,x\nA2,2026-01-05,y\n"
    care = taken(tmp_path / "data", {"customers": text})
    column = next(one for one in care.tables["customers"].columns if one not in ("customer_id", "joined_on"))
    frame = kpi.customers_on_file(care, by=column, period="2026-01")
    assert frame["value"].tolist() == [1, 1]


def test_a_column_that_calls_itself_ours_is_refused(tmp_path: Path) -> None:
    for name in ("carestudy_line", "Carestudy_Reason"):
        said = refused(tmp_path / name, {"customers": f"customer_id,{name}\nA1,1\n"})
        assert "kept for carestudy itself" in said


@pytest.mark.parametrize(
    "source", ["../beyond.csv", "../*.csv", "{folder}/beyond.csv", "**/beyond.csv", "~/beyond.csv"]
)
def test_a_source_beyond_the_folder_is_read_in_no_message_and_written_nowhere(
    tmp_path: Path, source: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    put(tmp_path, {"beyond.csv": "customer_id,joined_on\n0912345678,x\n0912345678,x\n"})
    before = sorted(tmp_path.rglob("*"))
    said = refused(tmp_path / "data", {"care": f'[customers]\nsource = "{source.format(folder=tmp_path)}"\n'})
    assert "0912345678" not in said
    assert sorted(path for path in tmp_path.rglob("*") if path.name != "data" and path.parent.name != "data") == before


def test_a_message_about_such_a_file_is_one_clean_line(tmp_path: Path) -> None:
    name = "\x1b[31m\u202e<b>.csv"
    lines, code = check(
        str(put(tmp_path / "data", {name: "", "care": '[customers]\nsource = "\\u001b[31m\\u202e<b>.csv"\n'}))
    )
    assert code == 1
    said = next(line for line in lines if line.startswith("  - "))
    assert said.isprintable()
    assert "is empty" in said


@pytest.mark.parametrize(
    "toml",
    [
        "company = ", "[customers", "a = 1\na = 2\n", 'x = """', "\x00", "[customers]\ncolumns = 7\n",
        "[[customers]]\n", "customers = 5\n", '[transactions.columns]\n"<b>" = "x"\n',
        "[customers]\nquestions = { nps = 'x' }\n", "as_of = 07:30:00\n", "a" * 2_000, "[" * 5,
        "inactive_after = 9999999999999999999999\n", "currency = 'dong'\n", "timezone = '../UTC'\n",
        "database = 5\n", "database = 'no://where'\n", "match_ids = 'fuzzy'\n", "[customers]\nempty = [1]\n",
    ],
)  # fmt: skip
def test_a_care_toml_that_makes_no_sense_is_one_line(tmp_path: Path, toml: str) -> None:
    refused(tmp_path / "data", {"transactions": "customer_id,occurred_at\nA1,2026-01-05\n", "care": toml})


def test_an_address_that_is_wrong_is_never_repeated(tmp_path: Path) -> None:
    said = refused(tmp_path / "data", {"care": "database = 'postgresql://care:0912345678@127.0.0.1:1/care'\n"})
    assert "127.0.0.1" not in said
    os.environ.pop("CARE_NOWHERE", None)
    said = refused(tmp_path / "data", {"care": "database = 'postgresql://care:$CARE_NOWHERE@127.0.0.1:1/care'\n"})
    assert "CARE_NOWHERE is not set" in said
