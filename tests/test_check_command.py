"""The check tells every fault at once, in the terminal and in files, and never what a customer's cell says."""

from __future__ import annotations

import csv
import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from carestudy.__main__ import main
from carestudy.check import check
from carestudy.check.text import fitted
from carestudy.kpi import ALL
from carestudy.report.check import problems

CUSTOMERS = "customer_id,joined_on,Sở thích\nA1,2026-01-05,hoa\nA2,2026-02-10,\nA3,2026-08-01,\n"
ANSWERS = "response_id,customer_id,answered_at,score,question\nR1,A1,2026-08-15,9,nps\nR2,A2,2026-09-30,3,nps\n"
PHONE = "0912345678"
FAULTY = (
    ANSWERS + f"R3,A3,2026-09-31,7,nps\nR4,A3,2026-09-01,{PHONE},nps\nR4,A1,2026-09-01,7,nps\nR2,A1,2026-09-02,7,nps\n"
)


def _folder(path: Path, **tables: str) -> Path:
    path.mkdir(exist_ok=True)
    for name, text in tables.items():
        (path / ("care.toml" if name == "care" else f"{name}.csv")).write_text(text, "utf-8")
    return path


@pytest.fixture
def good(tmp_path: Path) -> Path:
    return _folder(tmp_path / "data", customers=CUSTOMERS, responses=ANSWERS)


@pytest.fixture
def faulty(tmp_path: Path) -> Path:
    return _folder(tmp_path / "data", customers=CUSTOMERS, responses=FAULTY, care='company = "Công ty Mẫu"\n')


def _squeezed(lines: list[str]) -> list[str]:
    """Lines without the spaces that only align them."""
    return [" ".join(line.split()) for line in lines]


def _run(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "carestudy", "check", *words]
    known = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
    return subprocess.run(
        command, capture_output=True, text=True, encoding="utf-8", check=False, timeout=60, env=known | environment
    )


def test_good_data_are_0_and_say_what_they_allow(good: Path) -> None:
    lines, code = check(str(good))
    told = "\n".join(lines)
    assert code == 0
    assert lines[0] == "Known up to the end of 30 September 2026"
    assert "Customers 3 3 0 5 January 2026 to 1 August 2026 customers.csv" in _squeezed(lines)
    assert {"Customers text customer_id", "Customers kept as it is sở thích"} <= set(_squeezed(lines))
    assert f"2 of {len(ALL)} figures can be computed. Customers on file; NPS." in " ".join(told.split())
    assert 'CSAT responses question = "csat"' in _squeezed(lines)
    assert 'Ease of getting help (CES) responses question = "ces"' in _squeezed(lines)
    assert "Return rate, orders" in told
    assert lines[-1] == "A report can be made: all 5 rows are used."


def test_rows_set_aside_are_3_and_listed_by_reason_and_line(faulty: Path) -> None:
    lines, code = check(str(faulty))
    assert code == 3
    assert lines[0] == "Công ty Mẫu, known up to the end of 30 September 2026"
    place = lines.index("Excluded rows")
    assert [line.partition("(")[0].strip() for line in _squeezed(lines[place + 1 : lines.index("", place)])] == [
        "Table Rows Lines Column Reason",
        "Survey answers 1 4 answered_at is no time",
        "care.toml: dates)",
        "Survey answers 1 7 customer_id differs from an earlier row of its id",
        "Survey answers 1 5 score is no whole number from 0 to 10, the scale of nps",
    ]
    assert lines[-1] == "A report can be made: 3 of 9 rows are excluded."
    assert PHONE not in "\n".join(lines)


def test_what_stops_a_report_is_1_and_told_of_every_table_at_once(tmp_path: Path) -> None:
    data = _folder(
        tmp_path / "data", customers=CUSTOMERS, responses="response_id,answered_at\nR1,31/10/2026\nR2,30/10/2026\n"
    )
    (data / "contacts.csv").write_bytes(b"\x1f\x8bnot a table")
    (data / "transactions.csv").write_text("", "utf-8")
    lines, code = check(str(data))
    assert code == 1
    assert "What stops a report (3)" in lines
    stops = [line for line in lines if line.startswith("  - ")]
    assert [sum(name in line for line in stops) for name in ("responses", "contacts", "transactions")] == [1, 1, 1]
    assert any(line.startswith("  Customers") for line in lines)
    assert lines[-1] == "No report can be made: mend first what stops it (3)."


def test_a_mended_cell_is_told_and_no_reason_to_stop(tmp_path: Path) -> None:
    text = "customer_id,joined_on,left_on\nA1,2026-01-05,9999-12-31\nA2,2026-01-05,2026-03-01\n"
    lines, code = check(str(_folder(tmp_path / "data", customers=text)))
    assert code == 0
    assert "Corrected rows" in lines
    assert any("lies after the year 2199" in line for line in lines)


def test_columns_are_told_by_the_name_they_have_in_the_data(tmp_path: Path) -> None:
    care = '[customers]\ncolumns = { customer_id = "Mã KH", joined_on = "Ngày tạo" }\n'
    data = _folder(tmp_path / "data", customers="Mã KH,Ngày tạo\nA1,2026-01-05\n", care=care)
    lines, code = check(str(data))
    assert code == 0
    assert {'Customers text customer_id = "Mã KH"', 'Customers day joined_on = "Ngày tạo"'} <= set(_squeezed(lines))


def test_the_day_the_data_are_known_up_to_can_be_given(good: Path) -> None:
    lines, code = check(str(good), "2026-08-31")
    assert code == 3
    assert lines[0] == "Known up to the end of 31 August 2026"
    assert any("lies after as_of" in line for line in lines)
    assert any("as_of is a day such as" in line for line in check(str(good), "autumn")[0])


def test_the_command_prints_the_check_and_ends_with_its_code(faulty: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(faulty)]) == 3
    said = capsys.readouterr()
    assert said.out.splitlines()[-1] == "A report can be made: 3 of 9 rows are excluded."
    assert said.err == ""
    assert main(["check", str(faulty / "nowhere")]) == 1
    assert "nowhere" in capsys.readouterr().out


def test_a_command_without_data_is_a_fault_of_usage(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["check"])
    assert left.value.code == 2
    assert "usage: carestudy check" in capsys.readouterr().err


def test_data_can_be_named_by_their_care_toml(faulty: Path) -> None:
    assert check(str(faulty / "care.toml")) == check(str(faulty))


def test_data_can_be_named_by_the_environment(good: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CARE_DATA", str(good))
    assert check("$CARE_DATA")[1] == 0
    monkeypatch.delenv("CARE_DATA")
    lines, code = check("$CARE_DATA")
    assert code == 1
    assert any("environment variable CARE_DATA is not set" in line for line in lines)


def test_a_terminal_without_our_letters_gets_plain_ones_and_no_colours(faulty: Path) -> None:
    result = _run(str(faulty), PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert result.returncode == 3
    assert result.stderr == ""
    assert result.stdout.startswith("Cong ty Mau, known up to the end of 30 September 2026\n")
    assert result.stdout.isascii()
    assert "\x1b" not in _run(str(faulty), PYTHONUTF8="1").stdout


def test_letters_lose_their_marks_only_where_they_must() -> None:
    assert fitted("Đỗ Hữu Nghĩa – 5 ₫ …", "ascii") == "Do Huu Nghia - 5 VND ..."
    assert fitted("Đỗ Hữu", "utf-8") == "Đỗ Hữu"
    assert fitted("日本", "latin-1") == "??"
    assert fitted("é", None) == "e"


def test_the_files_are_written_together_and_replace_older_ones(faulty: Path, tmp_path: Path) -> None:
    out = tmp_path / "new" / "out"
    lines, code = check(str(faulty), out=out)
    assert code == 3
    assert sorted(path.name for path in out.iterdir()) == ["check.csv", "check.html", "set_aside.csv"]
    assert lines[-3:] == [str(out / name) for name in ("check.html", "check.csv", "set_aside.csv")]
    assert [path for path in out.iterdir() if path.stat().st_mode & 0o027] == []
    (faulty / "responses.csv").write_text(ANSWERS, "utf-8")
    assert check(str(faulty), out=out)[1] == 0
    assert (out / "set_aside.csv").read_text("utf-8-sig") == "table,source,line,column,reason\n"


def _rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"))))


def test_every_row_set_aside_is_in_the_file_once(faulty: Path, tmp_path: Path) -> None:
    check(str(faulty), out=tmp_path / "out")
    found = _rows(tmp_path / "out" / "set_aside.csv")
    assert [(row["table"], row["source"], row["line"], row["column"]) for row in found] == [
        ("responses", "responses.csv", "4", "answered_at"),
        ("responses", "responses.csv", "5", "score"),
        ("responses", "responses.csv", "7", "customer_id"),
    ]
    faults = _rows(tmp_path / "out" / "check.csv")
    assert sum(int(row["rows"]) for row in faults if row["done"] == "set aside") == len(found)
    assert PHONE not in "".join(path.read_text("utf-8") for path in (tmp_path / "out").iterdir())


def test_what_stops_a_report_is_in_the_files_too(tmp_path: Path) -> None:
    data = _folder(tmp_path / "data", customers=CUSTOMERS, transactions="")
    assert check(str(data), out=tmp_path / "out")[1] == 1
    (fault,) = _rows(tmp_path / "out" / "check.csv")
    assert fault["done"] == "stops a report"
    assert "transactions.csv is empty" in fault["reason"]
    assert "transactions.csv is empty" in (tmp_path / "out" / "check.html").read_text("utf-8")


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_page_is_in_the_company_s_language_and_as_clean_as_a_report(
    faulty: Path, tmp_path: Path, lang: str
) -> None:
    (faulty / "care.toml").write_text(f'company = "Hoa & Cây <Mẫu>"\nlanguage = "{lang}"\n', "utf-8")
    check(str(faulty), out=tmp_path / "out")
    page = (tmp_path / "out" / "check.html").read_text("utf-8")
    assert problems(page, lang, secrets=[str(tmp_path)]) == []
    assert "Hoa &amp; Cây &lt;Mẫu&gt;" in page
    assert ("Kiểm tra dữ liệu" if lang == "vi" else "Check of the data") in page
    assert PHONE not in page


def test_names_from_the_data_neither_run_nor_reach_a_spreadsheet_as_formulas(tmp_path: Path) -> None:
    payload = "<b id=live>"
    header = f'customer_id,joined_on,"{payload}","=1+1","\u202eevil\x1b[31m"\n'
    care = '[customers]\nsource = "=1+1 <b>.csv"\n'
    data = _folder(tmp_path / "data", care=care)
    (data / "=1+1 <b>.csv").write_text(f"{header}A1,2026-01-05,,,\nA2,2026-02-30,,,\n", "utf-8")
    lines, code = check(str(data), out=tmp_path / "out")
    assert code == 3
    assert {"\x1b", "\u202e"}.isdisjoint("".join(lines))
    page = (tmp_path / "out" / "check.html").read_text("utf-8")
    assert problems(page, "vi") == []
    assert "&lt;b id=live&gt;" in page
    (row,) = _rows(tmp_path / "out" / "set_aside.csv")
    assert row["source"] == "'=1+1 <b>.csv"


def test_an_output_that_cannot_be_written_is_one_line(good: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(good), "--out", str(good / "customers.csv")]) == 1
    said = capsys.readouterr().err
    assert said.startswith("carestudy: ")
    assert said.count("\n") == 1


def test_the_same_data_give_the_same_files(faulty: Path, tmp_path: Path) -> None:
    for name, zone in (("one", "UTC"), ("two", "America/New_York")):
        result = _run(str(faulty), "--out", str(tmp_path / name), TZ=zone, PYTHONHASHSEED="random", LC_ALL="C")
        assert result.returncode == 3, result.stderr
    files = [{path.name: path.read_bytes() for path in (tmp_path / name).iterdir()} for name in ("one", "two")]
    assert files[0] == files[1]


def test_what_is_to_be_noted_of_good_rows_is_told_with_the_figures_it_touches(tmp_path: Path) -> None:
    customers = "customer_id,joined_on,left_on\n" + "".join(f"A{n},2026-01-01,\n" for n in range(40))
    data = _folder(tmp_path / "data", customers=customers, responses=ANSWERS + "R3,B9,2026-09-30,8,nps\n")
    lines, code = check(str(data), out=tmp_path / "out")
    assert code == 3
    place = lines.index("Warnings and notices")
    told = " ".join(" ".join(lines[place + 1 : lines.index("", place)]).split())
    assert told.startswith("Level What was found Warning ")
    assert "None of 40 customers ever left." in told
    assert "Survey answers: customers missing from the customer table in 1 of 3 rows (33.3%)" in told
    assert "[Customer retention rate (CRR);" in told
    noted = [row["reason"] for row in _rows(tmp_path / "out" / "check.csv") if row["done"] == "warning"]
    assert len(noted) == 2
    assert "100% retention is no finding" in noted[0] + noted[1]


def test_a_table_that_is_most_likely_wrong_is_told_first(tmp_path: Path) -> None:
    orders = "transaction_id,customer_id,occurred_at,amount\n" + "".join(
        f"{n},X{n},2026-05-0{n},5\n" for n in range(1, 6)
    )
    data = _folder(tmp_path / "data", customers=CUSTOMERS, transactions=orders + "7,X1,bad,5\n8,X1,bad,5\n")
    lines, code = check(str(data))
    start = lines.index("What is most likely wrong (2)")
    told = " ".join(" ".join(lines[start : start + 6]).split())
    assert code == 3
    assert start < lines.index("Tables")
    assert "2 of 7 rows (28.5%) are excluded, most often because occurred_at is no time." in told
    assert "in 5 of 5 rows (100%) customer_id is not found in table Customers" in told
    (data / "care.toml").write_text("max_excluded = 0.3\n", "utf-8")
    assert "What is most likely wrong (1)" in check(str(data))[0]


def test_a_table_without_rows_is_told(tmp_path: Path) -> None:
    lines, code = check(str(_folder(tmp_path / "data", customers=CUSTOMERS, contacts="contact_id,opened_at\n")))
    assert code == 3
    assert any("has no rows: is it the right file or sheet?" in line for line in lines)


def test_items_and_joins_are_told(tmp_path: Path) -> None:
    care = """[transactions]
sum_by = "transaction_id"
join = [{ source = "who.csv", on = "account" }]
"""
    items = "transaction_id,account,occurred_at,amount\n1,A,2026-05-01,5\n1,A,2026-05-01,6\n2,B,2026-05-02,7\n"
    data = _folder(tmp_path / "data", care=care, transactions=items, who="account,customer_id\nA,A1\n")
    told = _squeezed(check(str(data))[0])
    assert "Transactions 3 rows used are items of 2 documents." in told
    assert "Transactions 2 of 3 rows of transactions.csv have one in who.csv by account." in told


def test_totals_that_stand_in_every_row_of_a_document_are_told(tmp_path: Path) -> None:
    care = '[transactions]\nsum_by = "transaction_id"\n'
    rows = "".join(f"{n},2026-05-01,{n % 4 + 5}\n" * 2 for n in range(12))
    data = _folder(tmp_path / "data", care=care, transactions=f"transaction_id,occurred_at,amount\n{rows}")
    told = " ".join(" ".join(check(str(data))[0]).split())
    assert "have one and the same amount in all 12 documents of several amounts" in told
    (data / "transactions.csv").write_text(f"transaction_id,occurred_at,amount\n{rows}0,2026-05-01,99\n", "utf-8")
    assert "one and the same amount" not in " ".join(" ".join(check(str(data))[0]).split())


@pytest.mark.parametrize("word", ["q7", "chất lượng"])
def test_where_no_figure_can_be_computed_the_check_says_so_and_what_is_missing(tmp_path: Path, word: str) -> None:
    answers = "response_id,customer_id,answered_at,question\n" + "".join(
        f"R{n},A{n},2026-09-0{n},{word}\n" for n in range(1, 6)
    )
    lines, code = check(str(_folder(tmp_path / "data", responses=answers)))
    assert code == 1
    assert any(line.strip().startswith("0 of ") for line in lines)
    assert lines[-1].startswith("No report can be made: no figure can be computed. Missing are responses.")


def test_a_survey_with_questions_of_its_own_can_be_reported(tmp_path: Path) -> None:
    answers = "response_id,customer_id,answered_at,question,score\n" + "".join(
        f"R{n},A{n},2026-09-0{n},taste,{n % 5 + 1}\n" for n in range(1, 9)
    )
    lines, code = check(str(_folder(tmp_path / "data", responses=answers)))
    assert code in (0, 3)
    assert "Mean scores can be computed of further questions: taste." in " ".join(" ".join(lines).split())
    assert lines[-1].startswith("A report can be made")


def test_a_table_without_a_usable_row_stops_a_report_in_the_check_too(tmp_path: Path) -> None:
    orders = "transaction_id,customer_id,occurred_at,amount\n" + "".join(
        f"{n},A{n},2027-01-0{n},5\n" for n in range(1, 6)
    )
    care = 'as_of = "2026-12-31"\n'
    lines, code = check(str(_folder(tmp_path / "data", care=care, customers=CUSTOMERS, transactions=orders)))
    assert code == 1
    assert "transactions: none of its 5 rows can be used" in " ".join(" ".join(lines).split())
