"""Where tables come from: folders, databases and frames give the same, and no address is ever repeated."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import Any

import duckdb
import ibis
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from folders import counts, folder, rows

from carestudy import kpi
from carestudy.contract import CareError
from carestudy.load import load

PLAIN = "response_id,question,score\nR1,nps,9\nR2,nps,3\nR3,nps,10\n"
FRAME = pd.DataFrame({"response_id": ["R1", "R2", "R3"], "question": "nps", "score": [9, 3, 10]})
ARROW = pa.Table.from_pandas(FRAME)
NAMES = ["a[1]", "a*b?", 'o\'brien "x"', "khách hàng", "{a,b}", "x[[y]", "a b%20c", "#1", "-x", "a\\b", "a;b"]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_a_file_may_have_any_name(tmp_path: Path, name: str, kind: str) -> None:
    file = f"{name}.{kind}"
    quoted = file.replace("\\", "\\\\").replace('"', '\\"')
    folder(tmp_path, care=f'[responses]\nsource = "{quoted}"')
    folder(tmp_path / "decoys", responses=PLAIN)
    for other in (file, "a1.csv", "axbx.csv", "a1.parquet", "axbx.parquet"):
        frame = FRAME if other == file else FRAME.assign(score=0)
        frame.to_csv(tmp_path / other, index=False) if kind == "csv" else frame.to_parquet(tmp_path / other)
    care = load(tmp_path)
    assert rows(care, "responses", "score") == [9.0, 3.0, 10.0]
    assert care.counts[0].source == file


def test_a_folder_may_have_any_name(tmp_path: Path) -> None:
    path = folder(tmp_path / "Dữ liệu [tháng 10] 'x'* ?", responses=PLAIN)
    FRAME.rename(columns={"response_id": "contact_id"}).to_parquet(path / "contacts.parquet")
    assert counts(load(path), "contacts") == (3, 3, 0)
    assert counts(load(str(path)), "responses") == (3, 3, 0)


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_file_is_found_whatever_form_its_name_has(tmp_path: Path, form: str) -> None:
    (tmp_path / unicodedata.normalize(form, "khảo sát.csv")).write_text(PLAIN)
    assert counts(load(folder(tmp_path, care='[responses]\nsource = "khảo sát.csv"')), "responses") == (3, 3, 0)


def test_two_names_that_only_look_alike_are_an_error(tmp_path: Path) -> None:
    for form in ("NFC", "NFD"):
        (tmp_path / unicodedata.normalize(form, "khảo sát.csv")).write_text(PLAIN)
    with pytest.raises(CareError, match=r"two files are called 'khảo sát\.csv'"):
        load(folder(tmp_path, care='[responses]\nsource = "khảo*.csv"'))


def test_a_pattern_takes_only_files_that_can_be_read(tmp_path: Path) -> None:
    (tmp_path / "notes.md").write_text("x")
    care = load(folder(tmp_path, care='[responses]\nsource = "*"', responses=PLAIN))
    assert care.counts[0].source == "responses.csv"


def test_names_of_files_in_capitals_are_found(tmp_path: Path) -> None:
    (tmp_path / "Responses.CSV").write_text(PLAIN)
    assert counts(load(tmp_path), "responses") == (3, 3, 0)


def test_csv_and_parquet_may_stand_side_by_side(tmp_path: Path) -> None:
    FRAME.to_parquet(folder(tmp_path, staff="agent,team\nLan,A\n") / "responses.parquet")
    assert set(load(tmp_path).tables) == {"responses", "staff"}


def test_two_files_of_one_table_are_an_error_until_one_is_named(tmp_path: Path) -> None:
    FRAME.to_parquet(folder(tmp_path, responses=PLAIN) / "responses.parquet")
    with pytest.raises(CareError, match=r"both responses.csv and responses.parquet are there: name one in care.toml"):
        load(tmp_path)
    folder(tmp_path, care='[responses]\nsource = "responses.csv"')
    assert load(tmp_path).counts[0].source == "responses.csv"


@pytest.mark.parametrize(
    ("toml", "message"),
    [
        ('source = "response.csv"', "source: 'response.csv' is not known; did you mean 'responses.csv'?"),
        ('source = "sub"', "source: 'sub' is not known"),
        ('source = "notes.doc"', "of no kind that can be read: .parquet, .csv"),
        ('source = "book.xlsx"', "book.xlsx is a text, or of another kind, and no workbook"),
    ],
)
def test_a_source_that_is_not_there_is_named(tmp_path: Path, toml: str, message: str) -> None:
    folder(tmp_path / "sub")
    for name in ("notes.doc", "book.xlsx"):
        (tmp_path / name).write_text("x")
    with pytest.raises(CareError) as problem:
        load(folder(tmp_path, care=f"[responses]\n{toml}", responses=PLAIN))
    assert message in str(problem.value)


def test_a_folder_that_is_none_is_an_error(tmp_path: Path) -> None:
    folder(tmp_path, responses=PLAIN)
    with pytest.raises(CareError, match="data folder 'nowhere' is no folder that exists"):
        load(tmp_path / "nowhere")
    with pytest.raises(CareError, match="give the folder it is in"):
        load(tmp_path / "responses.csv")
    with pytest.raises(CareError, match=r"holds no table: put customers.csv"):
        load(folder(tmp_path / "empty"))


def test_a_file_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "responses.csv").symlink_to("/proc/self/mem")
    with pytest.raises(CareError, match=r"responses\.csv cannot be opened: Input/output error"):
        load(tmp_path)


@pytest.mark.parametrize("cut", [0, 3, 100, -1, -300])
def test_parquet_that_is_cut_short_is_an_error(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "responses.parquet"
    pd.concat([FRAME] * 400).to_parquet(path)
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(CareError, match=r"responses.parquet is no Parquet that can be read: it is cut short"):
        load(tmp_path)


def test_parquet_with_damaged_pages_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "responses.parquet"
    pd.DataFrame({"response_id": [f"R{n}" for n in range(5000)]}).to_parquet(path, compression="snappy")
    content = bytearray(path.read_bytes())
    content[40:3000] = b"\xff" * 2960
    path.write_bytes(content)
    with pytest.raises(CareError, match=r"responses\.parquet"):
        load(tmp_path)


def test_rows_of_parquet_are_numbered_from_one(tmp_path: Path) -> None:
    FRAME.assign(score=[9, 11, 10]).to_parquet(tmp_path / "responses.parquet")
    assert load(tmp_path).faults["examples"].tolist() == [(2,)]


def database(path: Path) -> Path:
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE Responses (response_id TEXT, question TEXT, score DOUBLE)")
        connection.execute("INSERT INTO Responses VALUES ('R1', 'nps', 9), ('R2', 'NPS', 3), ('R3', 'nps', 'NaN')")
        connection.execute("CREATE TABLE unrelated (x INTEGER)")
    return path


def test_an_ibis_connection_is_read_and_nothing_is_written_into_it(tmp_path: Path) -> None:
    connection = ibis.duckdb.connect(database(tmp_path / "care.duckdb"), read_only=True)
    care = load(connection)
    assert kpi.nps(care)[["value", "denominator"]].to_numpy().tolist() == [[0, 2]]
    assert [(one.table, one.source, one.read) for one in care.counts] == [("responses", "duckdb/responses", 3)]
    left = connection.raw_sql(
        "SELECT table_name FROM duckdb_tables() UNION SELECT view_name FROM duckdb_views() WHERE NOT internal"
    )
    assert {name for (name,) in left.fetchall()} == {"Responses", "unrelated"}


def test_a_database_url_is_read(tmp_path: Path) -> None:
    care = load(f"duckdb://{database(tmp_path / 'care.duckdb')}", company="A")
    assert kpi.nps(care)["denominator"].tolist() == [2]


def test_a_database_file_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(CareError, match="there is no such file"):
        load(f"duckdb://{tmp_path}/typo.duckdb")
    assert list(tmp_path.iterdir()) == []


def test_a_database_without_tables_of_the_contract_is_an_error() -> None:
    with pytest.raises(CareError, match="the database holds no table of the contract: customers"):
        load(ibis.duckdb.connect())


@pytest.mark.parametrize(
    "url",
    [
        "postgres://anna:geheim@127.0.0.1:1/db", "mysql://anna:geheim@127.0.0.1:1/db", "nonsense://anna:geheim@host/x",
        "duckdb://anna:geheim@host/x", "://anna:geheim@host", "sqlite://anna:geheim@host/x",
    ],
)  # fmt: skip
def test_a_password_is_never_repeated(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CARESTUDY_DATA", url)
    for source in (url, "$CARESTUDY_DATA"):
        with pytest.raises(CareError) as problem:
            load(source)
        assert "geheim" not in str(problem.value)
        assert problem.value.__cause__ is None
        assert problem.value.__suppress_context__ or problem.value.__context__ is None


def test_the_address_of_a_database_is_not_shown(tmp_path: Path) -> None:
    care = load(f"duckdb://{database(tmp_path / 'care.duckdb')}")
    assert str(tmp_path) not in f"{care!r}{care}{care.counts}{care.faults}"


def test_an_environment_variable_names_the_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CARESTUDY_DATA", str(folder(tmp_path, responses=PLAIN)))
    assert counts(load("$CARESTUDY_DATA"), "responses") == (3, 3, 0)
    monkeypatch.delenv("CARESTUDY_DATA")
    with pytest.raises(CareError, match="environment variable CARESTUDY_DATA is not set"):
        load("$CARESTUDY_DATA")


def tables() -> list[Any]:
    connection = ibis.duckdb.connect()
    there = connection.create_table("anything", ARROW)
    return [
        FRAME,
        pl.from_pandas(FRAME),
        ibis.memtable(ARROW),
        there,
        there.mutate(score=there.score + 0),
        there.filter(there.score >= 0),
    ]


@pytest.mark.parametrize("number", range(6))
def test_a_figure_takes_a_frame_or_a_table_alike(number: int) -> None:
    assert kpi.nps(tables()[number])[["numerator", "denominator"]].to_numpy().tolist() == [[1, 3]]


def test_several_ibis_tables_make_one_company() -> None:
    connection = ibis.duckdb.connect()
    people = connection.create_table("p", pa.table({"customer_id": ["1", "2"], "region": ["Bắc", "Nam"]}))
    answers = connection.create_table("a", ARROW.append_column("customer_id", [["1", "1", "2"]]))
    care = load({"customers": people, "responses": answers})
    assert kpi.nps(care, by="region")["value"].tolist() == [0, 100]


def test_ibis_tables_and_frames_do_not_mix() -> None:
    with pytest.raises(CareError, match="give all of one kind"):
        load({"responses": FRAME, "customers": ibis.memtable(pa.table({"customer_id": ["1"]}))})


def test_rows_of_a_database_are_numbered_in_the_order_of_what_they_hold() -> None:
    shuffled = FRAME.assign(score=[9, 11, 10]).sample(frac=1, random_state=1)
    assert load({"responses": ibis.memtable(pa.Table.from_pandas(shuffled))}).faults["examples"].tolist() == [(2,)]


@pytest.mark.parametrize("given", [5, None, [FRAME], FRAME, b"data"])
def test_what_holds_no_data_is_refused(given: Any) -> None:
    with pytest.raises(CareError, match="data come from a folder, a URL, an Ibis connection or a dict"):
        load(given)


def test_no_table_at_all_is_refused() -> None:
    with pytest.raises(CareError, match="there is no table to load"):
        load({})


def test_an_unknown_table_is_named() -> None:
    with pytest.raises(CareError, match="'respones' is not known; did you mean 'responses'"):
        load({"respones": FRAME})


def test_once_the_data_are_in_our_engine_reads_no_file(tmp_path: Path) -> None:
    folder(tmp_path, responses=PLAIN)
    connection = load(tmp_path).tables["responses"].get_backend()
    for attack in (f"FROM '{tmp_path}/responses.csv'", "SET enable_external_access = true", "INSTALL httpfs"):
        with pytest.raises(duckdb.Error):
            connection.raw_sql(attack)
